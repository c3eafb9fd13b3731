//! Whether a file and all that is in it are accounted for: read, or listed with a reason.

use std::collections::HashSet;
use sufficit_evidence::{Document, Passage};
use sufficit_ingest::{Answer, Extracted, Extraction, Limits, Reading, Request, Step, extract_all};

/// The file and all that is in it.
pub(crate) fn read(bytes: &[u8], name: &str) -> Vec<Extracted> {
    let mut nobody = |_: Request| Answer::Missing("Nobody is there to ask.".into());
    let mut reading = Reading {
        limits: &Limits::default(),
        passwords: &[],
        skip: &HashSet::new(),
        undrawn: &HashSet::new(),
        ask: &mut nobody,
    };
    let mut outcomes = Vec::new();
    extract_all(bytes, name, &mut reading, &mut |step| {
        if let Step::Done(extracted) = step {
            outcomes.push(*extracted);
        }
    });
    outcomes
}

/// What is wrong with the list of a file and its members.
pub(crate) fn unlisted(outcomes: &[Extracted], name: &str) -> Option<String> {
    let paths: HashSet<&str> = outcomes.iter().map(|one| one.path.as_str()).collect();
    if paths.len() < outcomes.len() {
        return Some(format!("a path stands twice: {outcomes:?}"));
    }
    if !paths.contains(name) {
        return Some("it is not listed".into());
    }
    outcomes.iter().find_map(|one| unaccounted(&one.extraction))
}

fn unaccounted(outcome: &Extraction) -> Option<String> {
    match outcome {
        Extraction::Read(document) => unsound(document),
        Extraction::Opened { members, .. } => {
            (*members == 0).then(|| "it is opened, and nothing in it is listed".into())
        }
        Extraction::Skipped { reason, .. }
        | Extraction::Failed { reason, .. }
        | Extraction::NeedsOcr { reason, .. } => {
            if reason.contains("did not foresee") {
                Some("the reader panicked".into())
            } else {
                reason.trim().is_empty().then(|| "no reason is given".into())
            }
        }
    }
}

fn unsound(document: &Document) -> Option<String> {
    if document.text.trim().is_empty() {
        return Some("it is read, and empty".into());
    }
    let torn = |passage: &&Passage| passage.span.of(&document.text) != Some(passage.text.as_str());
    document.passages.iter().find(torn).map(|passage| format!("a span does not fit: {passage:?}"))
}
