use crate::Outcome;
use crate::cli::{Common, Format};
use crate::failure::Failure;
use crate::output::{self, line, out};
use crate::reading;
use crate::workspace::Workspace;
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use sufficit_evidence::{Document, Facts, FileOutcome, FileRecord, Page, PageStatus};
use sufficit_ingest::{Limits, extract};

#[derive(Serialize)]
struct TextView {
    path: String,
    #[serde(rename = "status")]
    outcome: FileOutcome,
    reason: String,
    media_type: String,
    pages: Vec<PageView>,
    facts: Option<Facts>,
}

#[derive(Serialize)]
struct PageView {
    /// From 1; `None` where the format has no pages.
    page: Option<u32>,
    status: PageStatus,
    text: String,
}

/// Prints the text of files as the pipeline sees it. Exit status 1 where one could not be read.
pub(crate) fn run(common: &Common, files: &[PathBuf]) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let limits = reading::limits(&workspace.settings.ingest);
    let mut failed = false;
    let mut views = Vec::new();
    for path in files {
        let (record, document) = read(path, &limits);
        failed |= record.outcome == FileOutcome::Failed;
        match common.format {
            Format::Table | Format::Csv => plain(&record, document)?,
            Format::Jsonl => output::json_lines([view(record, document)])?,
            Format::Json => views.push(view(record, document)),
        }
    }
    match (common.format, views.as_slice()) {
        (Format::Json, [one]) => output::json(one)?,
        (Format::Json, all) => output::json(&all)?,
        _ => {}
    }
    Ok(if failed { Outcome::SomeFailed } else { Outcome::Done })
}

fn read(path: &Path, limits: &Limits) -> (FileRecord, Option<Document>) {
    let name = path.display().to_string();
    match reading::read_bounded(path, limits) {
        Ok(bytes) => reading::record(&name, extract(&bytes, &name, limits)),
        Err(reason) => {
            (reading::empty_record(&name, FileOutcome::Failed, reason, String::new()), None)
        }
    }
}

fn plain(record: &FileRecord, document: Option<Document>) -> Result<(), Failure> {
    match document {
        Some(document) => {
            let out = &mut out();
            line(out, &document.text)?;
            Ok(out.flush()?)
        }
        None => {
            tracing::error!("{}: {}", record.path, record.reason);
            Ok(())
        }
    }
}

fn view(record: FileRecord, document: Option<Document>) -> TextView {
    let pages = document.as_ref().map(page_views).unwrap_or_default();
    TextView {
        path: record.path,
        outcome: record.outcome,
        reason: record.reason,
        media_type: record.media_type,
        pages,
        facts: document.map(|document| document.facts),
    }
}

fn page_views(document: &Document) -> Vec<PageView> {
    if document.pages.is_empty() {
        return vec![PageView { page: None, status: PageStatus::Ok, text: document.text.clone() }];
    }
    let view = |page: &Page| PageView {
        page: Some(page.page),
        status: page.status,
        text: page.span.of(&document.text).unwrap_or_default().to_owned(),
    };
    document.pages.iter().map(view).collect()
}
