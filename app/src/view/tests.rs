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

/// The number by which the tests call a document.
fn number_of(id: &DocumentId) -> usize {
    usize::from_str_radix(id.as_str(), 16).expect("is one of ours")
}

/// Puts other versions in the place of documents: pairs of what lay there and what lies there now.
async fn replace(store: &Store, pairs: &[(usize, usize)]) {
    let newer = |(at, newer): &(usize, usize)| {
        let content = file(*newer);
        NewFile { record: FileRecord { path: file(*at).record.path, ..content.record }, ..content }
    };
    let files: Vec<NewFile> = pairs.iter().map(newer).collect();
    store.record_files("/made/up", &files).await.expect("they are recorded");
}

/// The run looks at documents and proposes nothing of them.
async fn look_at(store: &Store, documents: impl IntoIterator<Item = usize>) {
    let nothing = |at: usize| Mapping { likeness: likeness(at), matches: Vec::new(), corrected: 0 };
    let mappings: Vec<Mapping> = documents.into_iter().map(nothing).collect();
    store.record_matches("f1", &mappings).await.expect("they are recorded");
}

/// Decides so many matches in one of four ways, and changes the documents that they are of. What waits to be confirmed.
async fn outlive(store: &Store, views: &Views, decisions: usize) -> usize {
    let view = views.now(store).await.expect("it is made");
    let given = |level| Action::Override { sufficiency: Sufficiency::new(level) };
    let mut pairs = BTreeMap::new();
    for step in 0..decisions {
        let action = [Action::Accept, Action::Reject, given(0), given(4)][step % 4].clone();
        store.decide(&decision(&view, step * 13, action)).await.expect("it is taken down");
        let at = number_of(&view.matches[step * 13 % view.matches.len()].head.document);
        pairs.insert(at, 9_999 - at);
    }
    let pairs: Vec<(usize, usize)> = pairs.into_iter().collect();
    replace(store, &pairs).await;
    look_at(store, pairs.iter().map(|(_, newer)| *newer)).await;
    let view = views.now(store).await.expect("it is made");
    view.matches.iter().filter(|found| found.has_outlived()).count()
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
    assert!(outlive(&store, &views, 16).await > 4);
    for step in 0..30_usize {
        let view = views.now(&store).await.expect("it is made");
        let alone = view.matches.iter().position(|found| found.has_outlived());
        let alone = alone.filter(|_| step % 3 == 0);
        let at = alone.unwrap_or((step * 5) % view.matches.len());
        let found = &view.matches[at];
        let undo = view
            .ledger
            .of_match(&found.head.document, &*found.sources, &found.head.requirement)
            .holding
            .map(|held| Action::Undo { number: held.number });
        let mut new = match (step % 5, undo) {
            (0, _) if alone.is_some() => decision(&view, at, held((step % 6) as u8)),
            (1 | 2, _) if alone.is_some() => decision(&view, at, Action::Reject),
            (_, Some(undo)) => decision(&view, at, undo),
            (0, None) => decision(&view, at, Action::Accept),
            (1, None) => decision(&view, at, Action::Reject),
            (2, None) => decision(&view, at, held((step % 6) as u8)),
            (_, None) => decision(&view, at, Action::Comment),
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
    let at = number_of(old);
    replace(&store, &[(at, 90)]).await;

    let view = Views::new(rules()).now(&store).await.expect("it is made");
    assert!(view.matches_of(&name).iter().all(|found| found.head.document != document(90).id));
    look_at(&store, [90]).await;
    let view = Views::new(rules()).now(&store).await.expect("it is made");
    let found = view.matched(&document(90).id, &name).expect("it waits to be confirmed");
    assert!(found.has_outlived() && found.review.counts == Sufficiency::NONE, "{found:?}");
}

#[tokio::test]
async fn a_document_that_is_mapped_while_people_decide_counts_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rules = rules();
    let store = filled(folder.path(), &rules, 6).await;
    let views = Views::new(rules);
    let view = views.now(&store).await.expect("it is made");
    let id = document(3).id;
    let is_free = |found: &&ReviewedRequirement| view.matched(&id, &found.requirement).is_none();
    let name = view.requirements.iter().find(is_free).expect("there is one").requirement.clone();
    let source = view.proposed.sources[&id][0].clone();
    let seen = Seen { document: Some(id.clone()), ..Seen::default() };
    let sufficiency = Sufficiency::DEFINED;
    let mut new = NewDecision {
        by: "ada".to_owned(),
        subject: Subject::Match { source, requirement: name.clone() },
        seen,
        action: Action::Add { sufficiency, passage: Span::new(0, 8), page: None },
        why: "So.".to_owned(),
        expected: 0,
    };
    store.decide(&new).await.expect("it is taken down");
    assert!(views.now(&store).await.expect("it is made").matched(&id, &name).is_some());

    let run = view.run.clone().expect("there was one").id;
    let matches = vec![proposal(3, &name, &run, 2)];
    let mapping = Mapping { likeness: likeness(3), matches, corrected: 0 };
    store.record_matches("f1", &[mapping]).await.expect("it is recorded");
    (new.action, new.expected) = (Action::Override { sufficiency }, 1);
    store.decide(&new).await.expect("it is taken down");
    let view = views.now(&store).await.expect("it is made");
    let evidence = &view.assessment(&name).expect("is assessed").evidence;
    assert_eq!(evidence.iter().filter(|share| share.document == id).count(), 1, "{evidence:?}");
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
    assert!(outlive(&store, &views, 400).await > 150);
    let mut costs = Vec::new();
    for step in 0..40 {
        let view = views.now(&store).await.expect("it is made");
        let alone = view.matches.iter().position(|found| found.has_outlived());
        let new = match alone.filter(|_| step % 2 == 0) {
            Some(at) => decision(&view, at, Action::Reject),
            None => {
                let is_proposed = |at: &usize| view.matches[*at].head.seen.rationale.is_some();
                let at = (step * 397..).find(is_proposed).expect("most are");
                decision(&view, at, Action::Accept)
            }
        };
        store.decide(&new).await.expect("it is taken down");
        let began = Instant::now();
        views.now(&store).await.expect("it is made");
        costs.push(began.elapsed());
    }
    costs.sort();
    assert!(costs[20] * 10 < first, "{first:?}, then {costs:?}");
}
