use crate::Outcome;
use crate::cli::{Common, Format};
use crate::failure::Failure;
use crate::model;
use crate::output::{self, Progress, csv_rows, fit_path, line, out, width, wrapped};
use crate::pipeline;
use crate::workspace::Workspace;
use serde::Serialize;
use std::collections::HashMap;
use std::io::Write;
use sufficit_evidence::Citation;
use sufficit_index::Within;

#[derive(Serialize)]
struct HitView {
    document: String,
    paths: Vec<String>,
    sha256: String,
    score: f32,
    lexical: f32,
    semantic: f32,
    citation: Citation,
}

/// Searches the passages by words and by meaning.
pub(crate) async fn run(common: &Common, query: &str, limit: usize) -> Result<Outcome, Failure> {
    if query.trim().is_empty() {
        return Err(Failure::usage("the query is empty", "Give a word or a sentence."));
    }
    let workspace = Workspace::find(common)?;
    let store = workspace.store().await?;
    let index = pipeline::level_index(
        &workspace,
        &store,
        model::embedder(&workspace, common)?,
        &Progress::new(common),
    )
    .await?;
    let paths: HashMap<_, _> =
        store.current_documents().await?.into_iter().map(|entry| (entry.id, entry.paths)).collect();
    let mut hits = Vec::new();
    for hit in index.search(query, &Within::default(), limit)? {
        let Some(paths) = paths.get(&hit.document) else { continue };
        let Some(passage) = store.passage(&hit.document, hit.passage).await? else { continue };
        hits.push(HitView {
            document: paths.first().cloned().unwrap_or_default(),
            paths: paths.clone(),
            sha256: hit.document.to_string(),
            score: hit.score,
            lexical: hit.lexical,
            semantic: hit.semantic,
            citation: Citation {
                page: passage.page,
                heading: passage.heading,
                span: passage.span,
                quote: passage.text,
            },
        });
    }
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

fn table(hits: &[HitView]) -> Result<(), Failure> {
    let out = &mut out();
    if hits.is_empty() {
        line(out, "Nothing found.")?;
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
