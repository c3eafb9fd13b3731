use super::*;
use crate::cli::Cli;
use crate::judge;
use crate::workspace::Workspace;
use clap::Parser;
use std::path::Path;
use std::time::Instant;
use sufficit_config::Settings;
use sufficit_evidence::{
    Action, DocumentKind, FileOutcome, Language, Likeness, MatchStatus, Passage, PassageShape,
    RunVersions, Seen, Span, Subject, Sufficiency,
};
use sufficit_evidence::{Document, Facts, Page, PageStatus};
use sufficit_mapper::assess;
use sufficit_review::{Mapping, NewDecision, NewFile};

fn rules() -> Rules {
    let cli = Cli::parse_from(["sufficit", "--as-of", "2026-11-20", "map"]);
    let settings = Settings::load(None).expect("is built in");
    let workspace = Workspace { folder: "nowhere".into(), settings, settings_file: None };
    judge::rules(&workspace, &cli.common).expect("everything is built in")
}

fn document(at: usize) -> Document {
    let text = format!("Document {at} says what is done.");
    let span = Span::new(0, text.len());
    Document {
        id: DocumentId::new(format!("{at:064x}")),
        media_type: "text/plain".to_owned(),
        bytes: text.len() as u64,
        pages: vec![Page { page: 1, status: PageStatus::Ok, recognised: None, span }],
        language: Language::Unknown,
        facts: Facts::default(),
        passages: vec![Passage {
            ordinal: 0,
            span,
            page: Some(1),
            heading: Vec::new(),
            context: None,
            shape: PassageShape::Prose,
            text: text.clone(),
        }],
        text,
    }
}

fn file(at: usize) -> NewFile {
    let content = document(at);
    NewFile {
        record: FileRecord {
            path: format!("document-{at:05}.txt"),
            outcome: FileOutcome::Read,
            reason: String::new(),
            document: Some(content.id.clone()),
            media_type: content.media_type.clone(),
            pages: Some(1),
            passages: 1,
        },
        size: content.bytes,
        modified: 0,
        extractor: "e1".to_owned(),
        content: Some(content),
    }
}

fn likeness(at: usize) -> Likeness {
    Likeness {
        document: document(at).id,
        words: at as u64,
        runs: 1,
        least: vec![u32::try_from(at).expect("few documents")],
        dates: 0,
        title: None,
        version: Vec::new(),
        since: None,
        kind: DocumentKind::Policy,
        status: None,
        blank: false,
        in_force: false,
    }
}

fn proposal(at: usize, name: &RequirementRef, run: &RunId, level: u8) -> Match {
    Match {
        document: document(at).id,
        kind: DocumentKind::Policy,
        framework: name.framework.clone(),
        requirement: name.requirement.clone(),
        relevance: 0.9,
        sufficiency: Sufficiency::new(level),
        confidence: 0.6,
        status: MatchStatus::Proposed,
        strengths: Vec::new(),
        concerns: Vec::new(),
        ask: "Add a record.".to_owned(),
        counterparts: Vec::new(),
        systems: Vec::new(),
        not_applicable: None,
        statements: Vec::new(),
        run: run.clone(),
    }
}

/// A record of so many documents, each with four matches.
async fn filled(folder: &Path, rules: &Rules, documents: usize) -> Store {
    let store = Store::open(&folder.join("record.sqlite")).await.expect("it opens");
    let names: Vec<RequirementRef> = rules
        .catalogue()
        .requirements()
        .map(|(framework, requirement)| framework.reference(requirement))
        .collect();
    let run = store.begin_run("f1").await.expect("it begins");
    let mut of: HashMap<RequirementRef, Vec<Match>> = HashMap::new();
    let all: Vec<usize> = (0..documents).collect();
    for some in all.chunks(250) {
        let files: Vec<NewFile> = some.iter().map(|at| file(*at)).collect();
        store.record_files("/made/up", &files).await.expect("they are recorded");
        let mapping = |at: &usize| {
            let matches: Vec<Match> = (0..4)
                .map(|n| {
                    let name = &names[(at * 7 + n * 11) % names.len()];
                    proposal(*at, name, &run, ((at + n) % 6) as u8)
                })
                .collect();
            Mapping { likeness: likeness(*at), matches, corrected: 0 }
        };
        let mappings: Vec<Mapping> = some.iter().map(mapping).collect();
        for found in mappings.iter().flat_map(|mapping| &mapping.matches) {
            of.entry(found.name()).or_default().push(found.clone());
        }
        store.record_matches("f1", &mappings).await.expect("they are recorded");
    }
    let assessed = |name: &RequirementRef| {
        let matches = of.get(name).map(Vec::as_slice).unwrap_or_default();
        assess(rules, &run, name, matches, &Copies::default())
    };
    let assessments: Vec<Assessment> = names.iter().filter_map(assessed).collect();
    let finished = Run {
        id: run.clone(),
        finished: "2026-11-20T12:00:00Z".to_owned(),
        as_of: rules.as_of(),
        versions: RunVersions::default(),
        documents: documents as u64,
        change: store.latest_change().await.expect("it is read"),
        decisions: 0,
    };
    store.finish_run(&finished, &assessments).await.expect("it is finished");
    store
}

/// What a reviewer does with the match at that place of the view.
fn decision(view: &View, at: usize, action: Action) -> NewDecision {
    let found = &view.matches[at % view.matches.len()];
    NewDecision {
        by: "ada".to_owned(),
        subject: Subject::Match {
            source: found.sources[0].clone(),
            requirement: found.head.requirement.clone(),
        },
        seen: found.head.seen.clone(),
        action,
        why: "So.".to_owned(),
        expected: found.review.last,
    }
}

/// Everything that pages are made of.
fn shown(view: &View) -> (&[ReviewedMatch], &[ReviewedRequirement], Vec<&Assessment>) {
    let names = view.requirements.iter().map(|found| &found.requirement);
    let assessments = names.map(|name| view.assessment(name).expect("is assessed")).collect();
    (&view.matches, &view.requirements, assessments)
}

#[tokio::test]
async fn a_view_brought_level_is_the_one_made_anew() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rules = rules();
    let store = filled(folder.path(), &rules, 60).await;
    let views = Views::new(rules);
    let held = |level| Action::Override { sufficiency: Sufficiency::new(level) };
    for step in 0..30_usize {
        let view = views.now(&store).await.expect("it is made");
        let found = &view.matches[(step * 5) % view.matches.len()];
        let undo = view
            .ledger
            .of_match(&found.head.document, &found.sources, &found.head.requirement)
            .holding
            .map(|held| Action::Undo { number: held.number });
        let mut new = match (step % 5, undo) {
            (_, Some(undo)) => decision(&view, step * 5, undo),
            (0, None) => decision(&view, step * 5, Action::Accept),
            (1, None) => decision(&view, step * 5, Action::Reject),
            (2, None) => decision(&view, step * 5, held((step % 6) as u8)),
            (_, None) => decision(&view, step * 5, Action::Comment),
        };
        if step % 5 == 3 {
            let requirement = view.requirements[step].requirement.clone();
            let action = if step % 2 == 0 { held(4) } else { Action::NotApplicable };
            let seen = view.requirements[step].seen.clone();
            let expected = view.requirements[step].review.last;
            new = NewDecision {
                subject: Subject::Requirement { requirement },
                seen,
                action,
                expected,
                ..new
            };
        }
        if step % 5 == 4 {
            // A match that no run proposed, on the requirement of another document.
            let other = view.matches[(step * 17 + 3) % view.matches.len()].head.requirement.clone();
            if let (Subject::Match { source, .. }, None) =
                (&new.subject, view.matched(&found.head.document, &other))
            {
                let subject = Subject::Match { source: source.clone(), requirement: other };
                let action = Action::Add {
                    sufficiency: Sufficiency::DEFINED,
                    passage: Span::new(0, 8),
                    page: Some(1),
                };
                let seen = Seen { document: Some(found.head.document.clone()), ..Seen::default() };
                new = NewDecision { subject, seen, action, expected: 0, ..new };
            }
        }
        store.decide(&new).await.expect("it is taken down");
        let level = views.now(&store).await.expect("it is made");
        let anew = Views::new(super::tests::rules()).now(&store).await.expect("it is made");
        assert_eq!(shown(&level), shown(&anew), "after step {step}: {new:?}");
        assert!(level.matches.iter().all(|found| {
            level.matched(&found.head.document, &found.head.requirement) == Some(found)
        }));
    }
}

#[tokio::test]
async fn a_verdict_is_missed_only_where_the_run_has_looked_at_the_new_version() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = filled(folder.path(), &rules(), 6).await;
    let view = Views::new(rules()).now(&store).await.expect("it is made");
    store.decide(&decision(&view, 2, Action::Accept)).await.expect("it is taken down");
    let (old, name) = (&view.matches[2].head.document, view.matches[2].head.requirement.clone());
    let at = (0..6).find(|at| document(*at).id == *old).expect("is one of them");
    let newer = NewFile {
        record: FileRecord { document: Some(document(90).id), ..file(at).record },
        content: Some(document(90)),
        ..file(90)
    };
    store.record_files("/made/up", &[newer]).await.expect("it is recorded");

    let view = Views::new(rules()).now(&store).await.expect("it is made");
    assert!(view.matches_of(&name).iter().all(|found| found.head.document != document(90).id));
    let nothing = Mapping { likeness: likeness(90), matches: Vec::new(), corrected: 0 };
    store.record_matches("f1", &[nothing]).await.expect("it is recorded");
    let view = Views::new(rules()).now(&store).await.expect("it is made");
    let found = view.matched(&document(90).id, &name).expect("it waits to be confirmed");
    assert!(found.has_outlived() && found.review.counts == Sufficiency::NONE, "{found:?}");
}

#[tokio::test]
async fn a_decision_costs_little_among_many_matches() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rules = rules();
    let store = filled(folder.path(), &rules, 5000).await;
    let views = Views::new(rules);
    let began = Instant::now();
    let view = views.now(&store).await.expect("it is made");
    let first = began.elapsed();
    assert_eq!(view.matches.len(), 20_000);
    let mut costs = Vec::new();
    for step in 0..40 {
        let view = views.now(&store).await.expect("it is made");
        let new = decision(&view, step * 397, Action::Accept);
        store.decide(&new).await.expect("it is taken down");
        let began = Instant::now();
        views.now(&store).await.expect("it is made");
        costs.push(began.elapsed());
    }
    costs.sort();
    assert!(costs[20] * 10 < first, "{first:?}, then {costs:?}");
}
