use super::{MATCHES_SHOWN, Shown, match_text, title_room};
use crate::cli::Format;
use crate::commands::body::relation;
use crate::commands::export;
use crate::commands::unknown::{given_path, unknown};
use crate::commands::why::add_why;
use crate::failure::Failure;
use crate::held::Decided;
use crate::judge::Judge;
use crate::output::{self, MatchView, fit, line, match_views, out, unproposed_views};
use serde::Serialize;
use std::io::Write;
use sufficit_evidence::{Catalogue, Citation, CopyOf, Document, Facts, Language, Origin};
use sufficit_review::{CurrentDocument, MatchFilter, Store};

#[derive(Serialize)]
struct DocumentView<'a> {
    document: &'a str,
    paths: &'a [String],
    sha256: &'a str,
    media_type: &'a str,
    bytes: u64,
    language: &'a sufficit_evidence::Language,
    pages: &'a [sufficit_evidence::Page],
    facts: &'a Facts,
    /// The document that counts in its place, where it lends nothing itself.
    copy_of: Option<CopyOf>,
    matches: Vec<MatchView>,
}

/// The document that lies at `path`, in the record or from here, or has it for its SHA-256, and its path in the record.
pub(super) async fn entry_at<'a>(
    store: &Store,
    current: &'a [CurrentDocument],
    path: &str,
) -> Result<(&'a CurrentDocument, String), Failure> {
    let named = |entry: &&CurrentDocument| {
        entry.id.as_str() == path || entry.paths.iter().any(|known| known == path)
    };
    let mut found: Vec<&CurrentDocument> = current.iter().filter(named).collect();
    let given = if found.is_empty() { given_path(store, path).await? } else { None };
    let path = given.as_ref().map_or(path, |(recorded, _)| recorded.as_str());
    if let Some((_, document)) = &given {
        found.extend(current.iter().filter(|entry| entry.id == *document));
    }
    match found.as_slice() {
        [entry] => Ok((*entry, path.to_owned())),
        [] => Err(unknown(store, path).await?),
        [first, ..] => {
            let what = format!(
                "{} documents lie at {path}, in folders that were ingested one by one",
                found.len()
            );
            let help = format!("Say which by its SHA-256, such as {}.", first.id);
            Err(Failure::usage(what, help))
        }
    }
}

/// Shows everything known of one document.
pub(super) async fn document(
    shown: &Shown<'_>,
    path: &str,
    judge: Option<&Judge>,
) -> Result<(), Failure> {
    let Shown { common, store, catalogue, min, .. } = *shown;
    let current = store.current_documents().await?;
    let (entry, path) = entry_at(store, &current, path).await?;
    let path = path.as_str();
    let Some(document) = store.document(&entry.id).await? else {
        return Err(Failure::internal(format!("{path} has no content in the record")));
    };
    let filter = MatchFilter { document: Some(entry.id.clone()), ..MatchFilter::default() };
    let decided = Decided::so_far(store).await?;
    let document = decided.set_right(document);
    let mut matches = match_views(store.matches(&filter).await?, min, &decided);
    let unproposed = decided.unproposed_by_run(store, None, None).await?;
    let extra = unproposed.values().flat_map(|found| found.iter());
    let extra = extra.filter(|extra| extra.document == entry.id && extra.sufficiency >= min);
    matches.extend(unproposed_views(extra, &decided));
    matches.retain(|view| catalogue.framework(&view.proposal.framework).is_some());
    matches.sort_by(|a, b| {
        let (a, b) = (&a.proposal, &b.proposal);
        b.sufficiency.cmp(&a.sufficiency).then(b.relevance.total_cmp(&a.relevance))
    });
    if let Some(judge) = judge {
        add_why(store, judge, &mut matches).await?;
    }
    let copy_of = shown.copy_of(&entry.id).await?;
    match common.format {
        Format::Jsonl => output::json_lines(&matches),
        Format::Csv => export::csv(&matches),
        Format::Json => output::json(&DocumentView {
            document: path,
            paths: &entry.paths,
            sha256: document.id.as_str(),
            media_type: &document.media_type,
            bytes: document.bytes,
            language: &document.language,
            pages: &document.pages,
            facts: &document.facts,
            copy_of,
            matches,
        }),
        Format::Table => {
            let counted = copy_of.as_ref().map(|copy| counted_text(copy, &current));
            document_text(catalogue, path, &document, counted.as_deref(), &matches)
        }
    }
}

/// Which document counts in place of a copy, and how the copy stands to it.
pub(super) fn counted_text(copy: &CopyOf, current: &[CurrentDocument]) -> String {
    let counts = current.iter().find(|entry| entry.id == copy.document);
    let path = counts.and_then(|entry| entry.paths.first());
    let path = path.map_or(copy.document.as_str(), String::as_str);
    format!("{} {path}", relation(copy.how))
}

fn document_text(
    catalogue: &Catalogue,
    path: &str,
    document: &Document,
    counted: Option<&str>,
    matches: &[MatchView],
) -> Result<(), Failure> {
    let out = &mut out();
    line(out, &console::style(path).bold().to_string())?;
    line(out, &format!("  sha256      {}", document.id))?;
    if let Some(counted) = counted {
        line(out, &format!("  not counted {counted}"))?;
    }
    for (name, value, origin) in facts_listed(&document.facts) {
        line(out, &format!("  {name:11} {value}{}", origin_text(origin)))?;
    }
    if !document.facts.placeholders.is_empty() {
        line(out, &format!("  blanks      {} never filled in", document.facts.placeholders.len()))?;
    }
    match &document.language {
        Language::Unsupported(code) => {
            let text = format!(
                "Language not supported ({code}): it was not mapped; no gap follows from it."
            );
            line(out, &format!("\n{text}"))?;
        }
        _ if matches.is_empty() => line(out, "\nNothing in it bears on a requirement.")?,
        _ => {}
    }
    for view in matches.iter().take(MATCHES_SHOWN) {
        line(out, "")?;
        let found = &view.proposal;
        let name = found.name();
        let title =
            catalogue.requirement(&name).map_or("", |requirement| requirement.title.as_str());
        let title = fit(&format!("{name} {title}"), title_room());
        match_text(out, view, title.trim_end(), &[])?;
    }
    if matches.len() > MATCHES_SHOWN {
        let more = matches.len() - MATCHES_SHOWN;
        line(out, &format!("\n{more} weaker matches more: add --format jsonl to see them all"))?;
    }
    Ok(out.flush()?)
}

/// The facts that are known, with where each was read.
fn facts_listed(facts: &Facts) -> Vec<(&'static str, String, &Origin)> {
    let mut listed = Vec::new();
    let strings = [
        ("title", &facts.title),
        ("owner", &facts.owner),
        ("approver", &facts.approver),
        ("version", &facts.version),
    ];
    for (name, fact) in strings {
        listed.extend(fact.as_ref().map(|fact| (name, fact.value.clone(), &fact.origin)));
    }
    listed.extend(facts.systems.iter().map(|fact| ("AI system", fact.value.clone(), &fact.origin)));
    listed.extend(facts.kind.as_ref().map(|fact| ("kind", fact.value.to_string(), &fact.origin)));
    listed.extend(
        facts
            .status
            .as_ref()
            .map(|fact| ("status", format!("{:?}", fact.value).to_lowercase(), &fact.origin)),
    );
    let dates = [
        ("issued", &facts.issued),
        ("approved", &facts.approved),
        ("reviewed", &facts.reviewed),
        ("next review", &facts.next_review),
    ];
    for (name, fact) in dates {
        listed.extend(fact.as_ref().map(|fact| (name, fact.value.to_string(), &fact.origin)));
    }
    listed
}

fn origin_text(origin: &Origin) -> String {
    let text = match origin {
        Origin::Citation(Citation { page: Some(page), .. }) => format!("  (page {page})"),
        Origin::Citation(_) => "  (in the text)".to_owned(),
        Origin::Property(name) => format!("  (property {name})"),
        Origin::Inferred(why) => format!("  ({why})"),
    };
    console::style(text).dim().to_string()
}
