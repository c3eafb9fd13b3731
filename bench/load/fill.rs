//! Fills a workspace as a large company's would be, so that the web application can be put under load. docs/bench.md tells
//! how it is called.
//!
//! usage: fill WORKSPACE [DOCUMENTS [PASSAGES_EACH [MATCHES_EACH]]]      [default: 5000 200 4]

#![allow(clippy::print_stdout, reason = "what it filled is its result")]

#[expect(dead_code, reason = "queries are for the bench of the index")]
#[path = "../index/texts.rs"]
mod texts;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use sufficit_config::{load_catalogue, load_crosswalk, load_rubric};
use sufficit_evidence::{
    Citation, Date, Document, FileOutcome, FileRecord, Finding, Likeness, Match, MatchStatus,
    Reason, RequirementRef, Run, RunId, RunVersions, Sufficiency,
};
use sufficit_mapper::{Copies, Rules, assess};
use sufficit_review::{Mapping, NewFile, Store};
use texts::{Dice, Texts};

/// Documents that are recorded at a time.
const BATCH: usize = 50;
/// What the one run is known by.
const FINGERPRINT: &str = "load";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: fill WORKSPACE [DOCUMENTS ...]")?);
    let numbers: Vec<usize> = arguments.map(|number| number.parse()).collect::<Result<_, _>>()?;
    let number = |at: usize, default| numbers.get(at).copied().unwrap_or(default);
    let size = (number(0, 5000), number(1, 200), number(2, 4));
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(fill(&folder, size))
}

async fn fill(
    folder: &Path,
    (documents, passages, matches): (usize, usize, usize),
) -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let texts = Texts::read(&root.join("models/training"))?;
    let catalogue = load_catalogue(&[], &[])?;
    let crosswalk = load_crosswalk(&[], &catalogue)?;
    let day: Date = "2026-11-20".parse()?;
    let rules = Rules::new(catalogue, crosswalk, load_rubric(None)?, day);
    let names: Vec<RequirementRef> = rules
        .catalogue()
        .requirements()
        .map(|(of, requirement)| of.reference(requirement))
        .collect();

    let store = Store::open(&folder.join("record.sqlite")).await?;
    let run = store.begin_run(FINGERPRINT).await?;
    let mut of: BTreeMap<RequirementRef, Vec<Match>> = BTreeMap::new();
    for begin in (0..documents).step_by(BATCH) {
        let mut files = Vec::with_capacity(BATCH);
        let mut mappings = Vec::with_capacity(BATCH);
        for at in begin..documents.min(begin + BATCH) {
            let document = whole(texts.document(at, (passages, passages)));
            let found = proposals(&rules, &run, &document, &names, (at, matches));
            for proposal in &found {
                of.entry(proposal.name()).or_default().push(proposal.clone());
            }
            mappings.push(Mapping { likeness: likeness(&document), matches: found, corrected: 0 });
            files.push(file(at, document));
        }
        store.record_files("/made/up", &files).await?;
        store.record_matches(FINGERPRINT, &mappings).await?;
    }
    let mut assessments = Vec::new();
    for name in &names {
        let proposals = of.remove(name).unwrap_or_default();
        assessments.extend(assess(&rules, &run, name, &proposals, &Copies::default()));
    }
    let finished = Run {
        id: run,
        finished: "2026-11-20T12:00:00Z".to_owned(),
        as_of: day,
        versions: RunVersions::default(),
        documents: documents as u64,
        change: store.latest_change().await?,
        decisions: 0,
    };
    store.finish_run(&finished, &assessments).await?;
    store.close().await;
    println!(
        "{documents} documents, {} passages, {} matches in {}",
        documents * passages,
        documents * matches,
        folder.display()
    );
    Ok(())
}

/// The document with its passages as its text.
fn whole(document: Document) -> Document {
    let lines: Vec<&str> = document.passages.iter().map(|passage| passage.text.as_str()).collect();
    let text = lines.join("\n");
    Document { bytes: text.len() as u64, text, ..document }
}

fn file(at: usize, document: Document) -> NewFile {
    NewFile {
        record: FileRecord {
            path: format!("area-{:02}/document-{at:05}.txt", at % 40),
            outcome: FileOutcome::Read,
            reason: String::new(),
            document: Some(document.id.clone()),
            media_type: document.media_type.clone(),
            pages: None,
            passages: document.passages.len() as u32,
        },
        size: document.bytes,
        modified: 0,
        extractor: "load".to_owned(),
        content: Some(document),
    }
}

fn likeness(document: &Document) -> Likeness {
    Likeness {
        document: document.id.clone(),
        words: 0,
        runs: 0,
        least: Vec::new(),
        dates: 0,
        title: None,
        version: Vec::new(),
        since: None,
        kind: document.facts.kind(),
        status: None,
        blank: false,
        in_force: false,
    }
}

/// Matches with requirements drawn by lot, each with as much rationale as a real one.
fn proposals(
    rules: &Rules,
    run: &RunId,
    document: &Document,
    names: &[RequirementRef],
    (at, count): (usize, usize),
) -> Vec<Match> {
    let mut dice = Dice::new(at as u64 ^ 0xA5A5);
    let mut drawn: Vec<&RequirementRef> = Vec::new();
    while drawn.len() < count.min(names.len()) {
        if let Some(name) = names.get(dice.below(names.len())).filter(|name| !drawn.contains(name))
        {
            drawn.push(name);
        }
    }
    let mut proposal = |name: &RequirementRef| {
        let checks = rules.catalogue().requirement(name).map(|known| &known.checks[..]);
        let grade = Sufficiency::new(1 + dice.below(4) as u8);
        let mut reason = |check: &sufficit_evidence::Check, met: bool| {
            let citation = document.passages.get(dice.below(document.passages.len()));
            let citation = citation.filter(|_| met).map(|passage| Citation {
                page: None,
                heading: passage.heading.clone(),
                span: passage.span,
                quote: passage.text.clone(),
            });
            let check = check.id.clone();
            let finding =
                if met { Finding::CheckMet { check } } else { Finding::CheckMissing { check } };
            Reason {
                finding,
                text: "A sentence on the check, as long as one is.".to_owned(),
                citation,
            }
        };
        let (met, open) = checks.unwrap_or_default().split_at(checks.map_or(0, <[_]>::len) / 2);
        let strengths = met.iter().map(|check| reason(check, true)).collect();
        let concerns = open.iter().map(|check| reason(check, false)).collect();
        Match {
            document: document.id.clone(),
            kind: document.facts.kind(),
            framework: name.framework.clone(),
            requirement: name.requirement.clone(),
            relevance: 0.5,
            sufficiency: grade,
            confidence: f32::from(grade.level()) / 5.0,
            status: MatchStatus::Proposed,
            strengths,
            concerns,
            ask: "Add what is missing, and say who does it.".to_owned(),
            counterparts: Vec::new(),
            systems: Vec::new(),
            not_applicable: None,
            statements: Vec::new(),
            run: run.clone(),
        }
    };
    drawn.into_iter().map(&mut proposal).collect()
}
