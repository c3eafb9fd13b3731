use crate::evidence::{ROOT, Workspace, file, id};
use std::collections::HashSet;
use sufficit_evidence::*;
use sufficit_review::{Ledger, NewDecision, Standing, Store, StoreError, counted, unproposed};

pub(crate) fn source(path: &str) -> SourceRef {
    SourceRef { root: ROOT.to_owned(), path: path.to_owned() }
}

pub(crate) fn name() -> RequirementRef {
    RequirementRef { framework: "iso42001".into(), requirement: "A.2.2".into() }
}

/// What `by` decides on the document `seed` at the path of that name, having seen it proposed as defined and the decision
/// `expected`.
pub(crate) fn new(by: &str, seed: &str, action: Action, expected: u64) -> NewDecision {
    NewDecision {
        by: by.to_owned(),
        subject: Subject::Match { source: source(seed), requirement: name() },
        seen: Seen {
            document: Some(id(seed)),
            run: Some("run-1".into()),
            sufficiency: Some(Sufficiency::DEFINED),
            rationale: Some("r1".to_owned()),
        },
        action,
        why: " So says the register. ".to_owned(),
        expected,
    }
}

fn override_with(level: u8) -> Action {
    Action::Override { sufficiency: Sufficiency::new(level) }
}

async fn decide(store: &Store, new: &NewDecision) -> Decision {
    store.decide(new).await.expect("it is taken down")
}

async fn refusal(store: &Store, new: &NewDecision) -> String {
    match store.decide(new).await {
        Err(StoreError::Refused(why)) => why,
        other => panic!("not refused: {other:?}"),
    }
}

async fn ledger(store: &Store) -> Ledger {
    Ledger::new(store.decisions(0).await.expect("they are read"))
}

async fn standing_of(store: &Store, seed: &str) -> Standing {
    ledger(store).await.of_match(&id(seed), &[source(seed)], &name())
}

#[tokio::test]
async fn decisions_are_numbered_and_come_back_as_they_went_in() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    assert_eq!(store.last_decision().await.expect("it is read"), 0);
    let first = decide(store, &new("ada", "a", Action::Accept, 0)).await;
    let second = decide(store, &new("ben", "b", Action::Reject, 0)).await;
    assert_eq!((first.number, second.number), (1, 2));
    assert_eq!(second.why, "So says the register.");
    assert!(first.at.ends_with('Z') && first.at <= second.at);
    let reopened = Store::open(&workspace.path()).await.expect("it opens again");
    assert_eq!(reopened.decisions(0).await.expect("they are read"), [first, second.clone()]);
    assert_eq!(reopened.decisions(1).await.expect("they are read"), [second]);
    assert_eq!(reopened.last_decision().await.expect("it is read"), 2);
}

#[tokio::test]
async fn the_second_of_two_reviewers_learns_who_decided_before() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    let first = decide(store, &new("ada", "a", Action::Accept, 0)).await;
    let late = new("ben", "a", override_with(1), 0);
    match store.decide(&late).await {
        Err(StoreError::DecidedMeanwhile(other)) => assert_eq!(*other, first),
        other => panic!("no conflict: {other:?}"),
    }
    assert_eq!(decide(store, &NewDecision { expected: 1, ..late }).await.number, 2);
    // The same bytes at another path are the same match.
    let elsewhere = Subject::Match { source: source("copy"), requirement: name() };
    let copy = NewDecision { subject: elsewhere, ..new("cy", "a", Action::Reject, 1) };
    match store.decide(&copy).await {
        Err(StoreError::DecidedMeanwhile(other)) => assert_eq!(other.number, 2),
        other => panic!("no conflict: {other:?}"),
    }
}

#[tokio::test]
async fn remarks_and_assignments_stand_in_nobodys_way() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    decide(store, &new("ada", "a", Action::Comment, 0)).await;
    let assign = Action::Assign { to: Some("ben".to_owned()), due: None };
    decide(store, &new("ada", "a", assign, 0)).await;
    decide(store, &new("ben", "a", Action::Accept, 0)).await;
    let comment = NewDecision { why: "Late.".to_owned(), ..new("cy", "a", Action::Comment, 0) };
    assert_eq!(decide(store, &comment).await.number, 4);
    let standing = standing_of(store, "a").await;
    assert_eq!(standing.last(), 4);
    assert_eq!(standing.assigned.map(|assigned| assigned.to).as_deref(), Some("ben"));
    assert_eq!(standing.holding.map(|held| held.number), Some(3));
}

#[tokio::test]
async fn what_is_sent_twice_is_taken_down_once() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    for (number, action) in
        (1..).zip([override_with(2), Action::Comment, Action::Undo { number: 1 }])
    {
        let sent = new("ada", "a", action, number - 1);
        let first = decide(store, &sent).await;
        let again =
            NewDecision { seen: Seen { run: Some("run-2".into()), ..sent.seen.clone() }, ..sent };
        assert_eq!(decide(store, &again).await, first);
        assert_eq!(store.last_decision().await.expect("it is read"), number);
    }
    // Once another has decided on it, sending it again is no repetition.
    let sent = new("ada", "b", Action::Accept, 3);
    let first = decide(store, &sent).await;
    decide(store, &new("ben", "b", Action::Reject, first.number)).await;
    assert!(matches!(store.decide(&sent).await, Err(StoreError::DecidedMeanwhile(_))));
}

#[tokio::test]
async fn an_undo_brings_back_what_held_before() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    decide(store, &new("ada", "a", Action::Accept, 0)).await;
    decide(store, &new("ada", "a", override_with(1), 1)).await;
    decide(store, &new("ada", "a", Action::Undo { number: 2 }, 2)).await;
    assert_eq!(standing_of(store, "a").await.holding.map(|held| held.number), Some(1));
    let why = refusal(store, &new("ada", "a", Action::Undo { number: 2 }, 3)).await;
    assert!(why.contains("Decision 2 is not the one that holds"), "{why}");
    decide(store, &new("ada", "a", Action::Undo { number: 1 }, 3)).await;
    let standing = standing_of(store, "a").await;
    assert_eq!((standing.holding.clone(), standing.history.len()), (None, 4));
    assert_eq!(standing.status(&new("", "a", Action::Accept, 0).seen), MatchStatus::Proposed);
}

#[tokio::test]
async fn an_undo_names_a_verdict_on_the_same_match() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    decide(store, &new("ada", "a", Action::Accept, 0)).await;
    decide(store, &new("ada", "a", Action::Comment, 1)).await;
    let of_requirement = NewDecision {
        subject: Subject::Requirement { requirement: name() },
        ..new("ada", "a", Action::Undo { number: 1 }, 2)
    };
    refusal(store, &of_requirement).await;
    for number in [0, 2, 9, u64::MAX] {
        refusal(store, &new("ada", "a", Action::Undo { number }, 2)).await;
    }
    assert_eq!(store.last_decision().await.expect("it is read"), 2);
}

#[tokio::test]
async fn a_decision_is_taken_back_after_the_file_has_moved() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    decide(store, &new("ada", "a", Action::Reject, 0)).await;
    let moved = Subject::Match { source: source("moved"), requirement: name() };
    let undo = NewDecision { subject: moved, ..new("ada", "a", Action::Undo { number: 1 }, 1) };
    let taken_back = decide(store, &undo).await;
    assert_eq!(taken_back.subject.source(), Some(&source("a")));
    for path in ["a", "moved"] {
        let standing = ledger(store).await.of_match(&id("a"), &[source(path)], &name());
        assert_eq!((standing.holding, standing.history.len()), (None, 2), "{path}");
    }
    let newer = ledger(store).await.of_match(&id("newer"), &[source("a")], &name());
    assert_eq!(newer.holding, None);
}

#[tokio::test]
async fn what_needs_a_reason_is_refused_without_one() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    let silent = NewDecision { why: "  ".to_owned(), ..new("ada", "a", Action::Reject, 0) };
    assert!(refusal(store, &silent).await.contains("why"));
    assert_eq!(store.decisions(0).await.expect("they are read"), []);
}

#[tokio::test]
async fn a_decision_follows_the_document_and_asks_to_be_confirmed() {
    let workspace = Workspace::new().await;
    workspace.record(&[file("a", "a")]).await;
    let store = &workspace.store;
    let accepted = new("ada", "a", Action::Accept, 0);
    decide(store, &accepted).await;
    let ledger = ledger(store).await;
    let status = |version: &str, path: &str, seen: &Seen| {
        ledger.of_match(&id(version), &[source(path)], &name()).status(seen)
    };
    let seen = &accepted.seen;
    assert_eq!(status("a", "a", seen), MatchStatus::Accepted);
    let another_run = Seen { run: Some("run-7".into()), ..seen.clone() };
    assert_eq!(status("a", "elsewhere", &another_run), MatchStatus::Accepted);
    let proposed_anew = Seen { rationale: Some("r2".to_owned()), ..seen.clone() };
    assert_eq!(status("a", "a", &proposed_anew), MatchStatus::ConfirmAgain);
    let newer = Seen { document: Some(id("b")), ..seen.clone() };
    assert_eq!(status("b", "a", &newer), MatchStatus::ConfirmAgain);
    assert_eq!(status("b", "elsewhere", &newer), MatchStatus::Proposed);
}

#[tokio::test]
async fn no_more_than_is_proposed_counts_until_a_changed_proposal_is_confirmed() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    decide(store, &new("ada", "a", override_with(4), 0)).await;
    let standing = standing_of(store, "a").await;
    let seen = new("", "a", Action::Accept, 0).seen;
    let counts = |level: u8, rationale: &str| {
        let proposed = Some(Sufficiency::new(level));
        let rationale = Some(rationale.to_owned());
        let now = Seen { sufficiency: proposed, rationale, ..seen.clone() };
        standing.counting(&now).map(Sufficiency::level)
    };
    assert_eq!(counts(3, "r1"), Some(4), "as it was decided");
    assert_eq!(counts(2, "r2"), Some(2), "the same bytes, and another rationale");
    assert_eq!(counts(5, "r2"), Some(4), "never more than a person gave");
}

#[tokio::test]
async fn a_match_that_was_added_outlives_a_later_verdict_on_it() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    let add =
        Action::Add { sufficiency: Sufficiency::PARTIAL, passage: Span::new(0, 9), page: None };
    let seen = Seen { document: Some(id("a")), ..Seen::default() };
    let of_added = |action: Action, expected: u64| {
        let new = new("ada", "a", action, expected);
        NewDecision { seen: seen.clone(), ..new }
    };
    decide(store, &of_added(add, 0)).await;
    decide(store, &of_added(override_with(4), 1)).await;
    let standing = standing_of(store, "a").await;
    let extra = of_nobody(&standing, "a").expect("it is a match");
    assert_eq!((extra.sufficiency.level(), extra.status), (4, MatchStatus::Overridden));
    let counts = counted(extra, &standing).expect("it counts");
    assert_eq!((counts.sufficiency.level(), counts.status), (4, MatchStatus::Added));

    // A verdict on what a run proposed meanwhile, and proposes no more.
    let proposed = new("ada", "a", override_with(5), 2);
    decide(store, &proposed).await;
    let standing = standing_of(store, "a").await;
    let extra = of_nobody(&standing, "a").expect("it was added all the same");
    assert_eq!(extra.status, MatchStatus::ConfirmAgain);
    let counts = counted(extra, &standing).expect("it counts as it was given before");
    assert_eq!((counts.sufficiency.level(), counts.status), (4, MatchStatus::Added));

    decide(store, &of_added(Action::Undo { number: 3 }, 3)).await;
    decide(store, &of_added(Action::Undo { number: 2 }, 4)).await;
    assert_eq!(
        of_nobody(&standing_of(store, "a").await, "a").map(|one| one.status),
        Some(MatchStatus::Added)
    );
    decide(store, &of_added(Action::Reject, 5)).await;
    assert_eq!(of_nobody(&standing_of(store, "a").await, "a"), None);
}

/// The match that `standing` amounts to where no run proposes one of the version `seed`.
fn of_nobody(standing: &Standing, seed: &str) -> Option<Match> {
    unproposed(&id(seed), &name(), DocumentKind::Policy, standing)
}

#[tokio::test]
async fn a_verdict_whose_proposal_is_gone_counts_for_nothing_until_it_is_confirmed() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    decide(store, &new("ada", "a", Action::Accept, 0)).await;
    let ledger = ledger(store).await;
    // The same version, of which the latest run proposes nothing, and another one at the same place.
    for version in ["a", "b"] {
        let standing = ledger.of_match(&id(version), &[source("a")], &name());
        let left = of_nobody(&standing, version).expect("a person said that there is something");
        assert_eq!((left.sufficiency, left.status), (Sufficiency::NONE, MatchStatus::ConfirmAgain));
        assert_eq!(counted(left, &standing), None, "{version}");
    }

    let nothing = Seen { document: Some(id("b")), ..Seen::default() };
    let elsewhere = Subject::Match { source: source("a"), requirement: name() };
    let confirm =
        NewDecision { subject: elsewhere, seen: nothing, ..new("ben", "b", override_with(3), 1) };
    decide(store, &confirm).await;
    let standing = self::ledger(store).await.of_match(&id("b"), &[source("a")], &name());
    let left = of_nobody(&standing, "b").expect("it was confirmed");
    assert_eq!(left.status, MatchStatus::Overridden);
    let counts = counted(left, &standing).expect("it counts");
    assert_eq!((counts.sufficiency.level(), counts.status), (3, MatchStatus::Added));
}

#[tokio::test]
async fn a_verdict_of_nothing_agrees_with_no_proposal() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    for (seed, action, status) in [
        ("a", Action::Reject, MatchStatus::Rejected),
        ("b", override_with(0), MatchStatus::Overridden),
    ] {
        decide(store, &new("ada", seed, action, 0)).await;
        for version in [seed, "newer"] {
            let nothing = Seen { document: Some(id(version)), ..Seen::default() };
            let standing = ledger(store).await.of_match(&id(version), &[source(seed)], &name());
            assert_eq!(standing.status(&nothing), status, "{seed} {version}");
            assert_eq!(of_nobody(&standing, version), None, "{seed} {version}");
        }
        let proposed =
            Seen { document: Some(id("newer")), ..new("", seed, Action::Accept, 0).seen };
        let standing = ledger(store).await.of_match(&id("newer"), &[source(seed)], &name());
        assert_eq!(standing.status(&proposed), MatchStatus::ConfirmAgain, "{seed}");
    }
}

#[tokio::test]
async fn what_was_assigned_away_can_be_assigned_back() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    let to = |name: &str| Action::Assign { to: Some(name.to_owned()), due: None };
    for (number, person) in (1..).zip(["ben", "cy", "ben"]) {
        // The page that they have before them is the first one.
        assert_eq!(decide(store, &new("ada", "a", to(person), 0)).await.number, number);
    }
    let assigned = standing_of(store, "a").await.assigned.map(|assigned| assigned.to);
    assert_eq!(assigned.as_deref(), Some("ben"));
    assert_eq!(decide(store, &new("ada", "a", to("ben"), 0)).await.number, 3, "sent twice");
}

#[tokio::test]
async fn what_was_added_stays_so_when_a_run_proposes_it() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    let add =
        Action::Add { sufficiency: Sufficiency::PARTIAL, passage: Span::new(0, 9), page: None };
    let seen = Seen { document: Some(id("a")), ..Seen::default() };
    decide(store, &NewDecision { seen, ..new("ada", "a", add, 0) }).await;
    let standing = standing_of(store, "a").await;
    assert_eq!(standing.status(&new("", "a", Action::Accept, 0).seen), MatchStatus::Added);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_decide_at_once_leave_no_gap_and_one_verdict() {
    let workspace = Workspace::new().await;
    let elsewhere = Store::open(&workspace.path()).await.expect("a second one opens");
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..40 {
        let store = if n % 2 == 0 { workspace.store.clone() } else { elsewhere.clone() };
        // Ten documents, each decided by four people who see nothing of each other.
        let decision = new(&format!("reviewer {n}"), &format!("d{}", n % 10), Action::Reject, 0);
        tasks.spawn(async move { store.decide(&decision).await });
    }
    let answers = tasks.join_all().await;
    let taken: HashSet<u64> =
        answers.iter().filter_map(|answer| Some(answer.as_ref().ok()?.number)).collect();
    assert_eq!(taken, (1..=10).collect());
    let late = |answer: &Result<Decision, StoreError>| {
        matches!(answer, Err(StoreError::DecidedMeanwhile(_)))
    };
    assert_eq!(answers.iter().filter(|answer| late(answer)).count(), 30);
    let audit = workspace.store.audit(None).await.expect("it is read");
    assert_eq!((audit.decisions, audit.faults), (10, Vec::new()));
}
