use crate::notice::outcome_text;
use crate::web::guard::{Role, Visitor};
use crate::web::jobs::{Job, JobState};
use crate::web::upload::limit;
use crate::web::{Fault, Shared, layout};
use axum::extract::State;
use maud::{Markup, html};
use sufficit_review::KnownFile;

/// Files that are listed at most; all of them are on the page of documents.
const LISTED: usize = 200;

/// Where files are brought in, with what came of those that were.
pub(crate) async fn page(visitor: Visitor, State(web): State<Shared>) -> Result<Markup, Fault> {
    let known = web.uploaded().await?;
    let allowed = visitor.role >= Role::Reviewer;
    let content = html! {
        header {
            h1 { "Upload evidence" }
            p { "Files stay in the workspace. They are read in the background; this page says what came of each." }
        }
        @if allowed { (form(limit(&web))) } @else {
            p.notice { "It takes a reviewer to upload files; ask an admin for that role." }
        }
        p #upload-said role="status" { (said(&web.jobs.list())) }
        section.sheet aria-labelledby="files-title" hidden {
            h2 #files-title { "Files of this upload" }
            div.wide tabindex="0" role="region" aria-label="Files of this upload, table" {
                table {
                    thead { tr {
                        th scope="col" { "File" }
                        th.number scope="col" { "Size" }
                        th scope="col" { "Progress" }
                        th scope="col" { "State" }
                    } }
                    tbody #files {}
                }
            }
        }
        @if !known.is_empty() { (before(&known)) }
    };
    Ok(layout::page(&visitor, "Upload", "/upload", content))
}

fn form(limit: u64) -> Markup {
    html! {
        form #upload.stack method="post" action="/upload" enctype="multipart/form-data" data-limit=(limit) {
            div.drop {
                p { "Drop files, folders or archives here, or choose them:" }
                p.row {
                    label.button for="files-input" { "Choose files" }
                    input #files-input.sr name="file" type="file" multiple;
                    label.button for="folder-input" { "Choose a folder" }
                    input #folder-input.sr type="file" webkitdirectory;
                }
                p.hint {
                    "PDF, Word, Excel, PowerPoint, mail, HTML, Markdown, CSV, JSON, text, ZIP. At most "
                    (limit >> 20) " MiB a file. A file that is already here is recognised and not stored again."
                }
            }
            noscript {
                p.notice { "Files are sent by the script of this page, which is turned off. " code { "sufficit ingest FOLDER" } " reads them without it." }
            }
        }
    }
}

/// What is being done now, in a sentence; empty where nothing is.
fn said(jobs: &[Job]) -> String {
    let open = |state| jobs.iter().find(|job| job.state == state);
    match (open(JobState::Working), open(JobState::Waiting), jobs.first()) {
        (Some(Job { stage: Some((stage, done, total)), .. }), _, _) if *total > 0 => {
            format!("Under way: {stage}, {done} of {total}.")
        }
        (Some(_), _, _) => "Files are being read.".to_owned(),
        (None, Some(_), _) => "Files wait to be read.".to_owned(),
        (None, None, Some(job)) if job.state == JobState::Failed => {
            format!("The work stopped: {}", job.failure)
        }
        _ => String::new(),
    }
}

fn before(known: &[KnownFile]) -> Markup {
    html! {
        section.sheet aria-labelledby="before" {
            h2 #before { "Uploaded before" }
            div.wide tabindex="0" role="region" aria-label="Uploaded before, table" {
                table {
                    @if known.len() > LISTED {
                        caption { (LISTED) " of " (known.len()) "; " a href="/documents" { "Documents" } " has all." }
                    }
                    thead { tr {
                        th scope="col" { "File" }
                        th scope="col" { "What came of it" }
                        th.number scope="col" { "Passages" }
                    } }
                    tbody {
                        @for KnownFile { record, .. } in known.iter().take(LISTED) {
                            tr {
                                th.path scope="row" {
                                    @match &record.document {
                                        Some(id) => a href={ "/documents/" (id) } { (record.path) },
                                        None => (record.path),
                                    }
                                }
                                td { (outcome_text(record)) }
                                td.number { (record.passages) }
                            }
                        }
                    }
                }
            }
        }
    }
}
