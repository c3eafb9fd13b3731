use maud::{Markup, html};
use sufficit_evidence::{FileOutcome, FileRecord};

/// Files that the overview lists with their reasons; the rest is a link away.
const LISTED: usize = 50;

/// The outcomes of files that were not read, as people call them.
const LEFT_OUT: [(FileOutcome, &str); 3] = [
    (FileOutcome::Skipped, "skipped"),
    (FileOutcome::Failed, "failed"),
    (FileOutcome::NeedsOcr, "need OCR"),
];

/// How many files were read, and how many were not.
pub(crate) fn tile(files: &[FileRecord]) -> Markup {
    let count = |outcome| files.iter().filter(|file| file.outcome == outcome).count();
    html! {
        div.tile {
            dt { "Files" }
            dd.figure { (count(FileOutcome::Read)) " read" }
            dd { @for (position, (outcome, words)) in LEFT_OUT.into_iter().enumerate() {
                @if position > 0 { ", " }
                a href={ "/documents?outcome=" (outcome.name()) } { (count(outcome)) " " (words) }
            } }
        }
    }
}

/// The files that were not read, each with its reason.
pub(crate) fn section(files: &[FileRecord]) -> Markup {
    let left_out: Vec<&FileRecord> =
        files.iter().filter(|file| file.outcome != FileOutcome::Read).collect();
    if left_out.is_empty() {
        return html! {};
    }
    html! {
        section.sheet aria-labelledby="left-out" {
            h2 #left-out { "Files that were not read" }
            details {
                summary { (left_out.len()) " files with the reasons" }
                div.wide tabindex="0" role="region" aria-label="Files that were not read, table" {
                    table {
                        thead { tr { th scope="col" { "File" } th scope="col" { "Outcome" } th scope="col" { "Reason" } } }
                        tbody { @for file in left_out.iter().take(LISTED) {
                            tr {
                                th.path scope="row" { (file.path) }
                                td.nowrap { (file.outcome.name()) }
                                td { (file.reason) }
                            }
                        } }
                    }
                }
                @if left_out.len() > LISTED { p { a href="/documents?outcome=left-out" { "All " (left_out.len()) } } }
            }
        }
    }
}
