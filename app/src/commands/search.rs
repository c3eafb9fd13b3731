use crate::Outcome;
use crate::cli::{Common, Format, SearchArgs};
use crate::commands::show::named_requirement;
use crate::failure::Failure;
use crate::judge;
use crate::model;
use crate::output::{self, Progress, csv_rows, fit_path, line, out, width, wrapped};
use crate::passage_search::{self, HitBody, Wanted};
use crate::search_index;
use crate::workspace::Workspace;
use std::collections::HashMap;
use std::io::Write;
use sufficit_evidence::DocumentId;
use sufficit_index::Within;
use sufficit_review::CurrentDocument;

/// Searches the passages by words and by meaning.
pub(crate) async fn run(common: &Common, args: &SearchArgs) -> Result<Outcome, Failure> {
    if args.query.as_ref().is_some_and(|query| query.trim().is_empty()) {
        return Err(Failure::usage("the query is empty", "Give a word or a sentence."));
    }
    let workspace = Workspace::find(common)?;
    let wanted = wanted(&workspace, common, args)?;
    let store = workspace.store().await?;
    let embedder = model::embedder(&workspace, common)?;
    let index =
        search_index::open_level(&workspace, &store, embedder, &Progress::new(common)).await?;
    let current = store.current_documents().await?;
    let within = within(args, &current)?;
    let paths: HashMap<_, _> = current.into_iter().map(|entry| (entry.id, entry.paths)).collect();
    let found = passage_search::hits(&*index, &wanted, &within, args.limit)?;
    let paths = |document: &DocumentId| paths.get(document).cloned().unwrap_or_default();
    let hits = passage_search::bodies(&store, found, paths).await?;
    match common.format {
        Format::Json => output::json(&hits)?,
        Format::Jsonl => output::json_lines(&hits)?,
        Format::Csv => csv_rows(
            &["document", "page", "heading", "score", "quote"],
            hits.iter().map(|hit| {
                vec![
                    hit.document.clone(),
                    hit.citation.page.map(|page| page.to_string()).unwrap_or_default(),
                    hit.citation.heading.join(" > "),
                    format!("{:.4}", hit.score),
                    hit.citation.quote.clone(),
                ]
            }),
        )?,
        Format::Table => table(&hits)?,
    }
    Ok(Outcome::Done)
}

fn wanted(workspace: &Workspace, common: &Common, args: &SearchArgs) -> Result<Wanted, Failure> {
    let Some(requirement) = &args.requirement else {
        return Ok(Wanted::Words(args.query.clone().unwrap_or_default()));
    };
    let catalogue = judge::catalogue(workspace, common)?;
    let name = named_requirement(&catalogue, requirement)?;
    Ok(Wanted::Checks(catalogue.probes_of(&name).cloned().collect()))
}

/// The documents that are searched: those that the paths name, or that lie in the folders that they name.
fn within(args: &SearchArgs, current: &[CurrentDocument]) -> Result<Within, Failure> {
    let mut documents: Vec<DocumentId> = Vec::new();
    for named in &args.document {
        let plain = named.strip_prefix("./").unwrap_or(named).trim_end_matches('/');
        let folder = format!("{plain}/");
        let is_meant = |path: &String| path == plain || path.starts_with(&folder);
        let before = documents.len();
        let entries = current.iter().filter(|entry| entry.paths.iter().any(is_meant));
        documents.extend(entries.map(|entry| entry.id.clone()));
        if documents.len() == before {
            return Err(Failure::usage(
                format!("no document that was read has the path {named}, and none lies in it"),
                "`sufficit status` lists the paths as they have to be given, and which files could not be read.",
            ));
        }
    }
    if let (Some(from), Some(to)) = (args.from, args.to)
        && from > to
    {
        return Err(Failure::usage(
            format!("no day is on or after {from} and on or before {to}"),
            "Give the earlier day with --from.",
        ));
    }
    Ok(Within {
        documents,
        kinds: args.kind.clone(),
        languages: args.language.clone(),
        from: args.from,
        to: args.to,
    })
}

fn table(hits: &[HitBody]) -> Result<(), Failure> {
    let out = &mut out();
    if hits.is_empty() {
        line(out, "Nothing found.")?;
    } else if hits.iter().all(|hit| hit.lexical == 0.0) {
        line(out, "No passage has these words. The nearest in meaning:")?;
    }
    for (position, hit) in hits.iter().enumerate() {
        let mut place: Vec<String> =
            hit.citation.page.map(|page| format!("page {page}")).into_iter().collect();
        place.extend((!hit.citation.heading.is_empty()).then(|| hit.citation.heading.join(" > ")));
        let path = console::style(fit_path(&hit.document, width() - 4)).bold();
        line(out, &format!("{:>2}. {path}", position + 1))?;
        if !place.is_empty() {
            line(out, &console::style(wrapped(&place.join(", "), 4)).dim().to_string())?;
        }
        line(out, &wrapped(&hit.citation.quote, 4))?;
    }
    Ok(out.flush()?)
}
