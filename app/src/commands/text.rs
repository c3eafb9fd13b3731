use crate::Outcome;
use crate::cli::{Common, Format};
use crate::failure::Failure;
use crate::output::{self, line, out};
use crate::reading::Reader;
use crate::workspace::Workspace;
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;
use sufficit_evidence::{Document, Facts, FileOutcome, FileRecord, Page, PageStatus};

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
    /// How sure the recogniser was, 0 to 1, where the page was a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    recognised: Option<f32>,
    text: String,
}

/// Prints the text of files, and of everything in them, as the pipeline sees it. Exit status 1 where something could not be read.
pub(crate) fn run(common: &Common, files: &[PathBuf]) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let reader = Reader::new(&workspace.settings.ingest, common)?;
    let mut failed = false;
    let mut views = Vec::new();
    for path in files {
        let mut all = Vec::new();
        reader.read(path, &path.display().to_string(), &mut |read| all.push(read));
        // A mail before its attachments, though it is done after them.
        all.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let several = files.len() > 1 || all.len() > 1;
        for (record, document) in all {
            failed |= record.outcome == FileOutcome::Failed;
            match common.format {
                Format::Table | Format::Csv => plain(&record, document, several)?,
                Format::Jsonl => output::json_lines([view(record, document)])?,
                Format::Json => views.push(view(record, document)),
            }
        }
    }
    match (common.format, views.as_slice()) {
        (Format::Json, [one]) => output::json(one)?,
        (Format::Json, all) => output::json(&all)?,
        _ => {}
    }
    Ok(if failed { Outcome::SomeFailed } else { Outcome::Done })
}

fn plain(record: &FileRecord, document: Option<Document>, several: bool) -> Result<(), Failure> {
    match document {
        Some(document) => {
            let out = &mut out();
            if several {
                line(out, &format!("== {} ==", record.path))?;
            }
            if !record.reason.is_empty() {
                tracing::warn!("{}: {}", record.path, record.reason);
            }
            line(out, &document.text)?;
            Ok(out.flush()?)
        }
        None if record.outcome == FileOutcome::Read => Ok(()),
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
        return vec![PageView {
            page: None,
            status: PageStatus::Ok,
            recognised: None,
            text: document.text.clone(),
        }];
    }
    let view = |page: &Page| PageView {
        page: Some(page.page),
        status: page.status,
        recognised: page.recognised,
        text: page.span.of(&document.text).unwrap_or_default().to_owned(),
    };
    document.pages.iter().map(view).collect()
}
