//! What a person gave a version while nothing was proposed of it, and what is left of that later.

use crate::decisions::{name, new, source};
use crate::evidence::{Workspace, id};
use sufficit_evidence::*;
use sufficit_review::{Ledger, NewDecision, Standing, counted, unproposed};

fn add(level: u8) -> Action {
    let sufficiency = Sufficiency::new(level);
    Action::Add { sufficiency, passage: Span::new(0, 9), page: None }
}

fn give(level: u8) -> Action {
    Action::Override { sufficiency: Sufficiency::new(level) }
}

/// A step: on which version of the file, proposed with which sufficiency, and what is done.
type Step = (&'static str, Option<u8>, Action);

/// What the steps, one after the other on the file `a`, amount to for the version `seed`.
async fn after(steps: &[Step], seed: &str) -> Standing {
    let workspace = Workspace::new().await;
    for (number, (version, proposed, action)) in (0..).zip(steps) {
        let seen = Seen {
            document: Some(id(version)),
            sufficiency: proposed.map(Sufficiency::new),
            rationale: proposed.map(|level| format!("r{level}")),
            ..Seen::default()
        };
        let new = NewDecision { seen, ..new("ada", "a", action.clone(), number) };
        workspace.store.decide(&new).await.expect("it is taken down");
    }
    let decisions = workspace.store.decisions(0).await.expect("they are read");
    Ledger::new(decisions).of_match(&id(seed), &[source("a")], &name())
}

/// Status and proposal of the match that is left where nothing is proposed, and what it counts with.
fn left(standing: &Standing, seed: &str) -> Option<(MatchStatus, u8, Option<u8>)> {
    let found = unproposed(&id(seed), &name(), DocumentKind::Policy, standing)?;
    let counts = counted(found.clone(), standing).map(|one| one.sufficiency.level());
    Some((found.status, found.sufficiency.level(), counts))
}

#[tokio::test]
async fn what_was_rejected_counts_no_more_once_a_later_proposal_is_gone() {
    let steps = [("a", None, add(3)), ("a", None, Action::Reject), ("a", Some(4), Action::Accept)];
    let standing = after(&steps, "a").await;
    assert_eq!(left(&standing, "a"), Some((MatchStatus::ConfirmAgain, 0, None)));
    // Nor where it was the proposal that was rejected.
    let steps =
        [("a", None, add(3)), ("a", Some(2), Action::Reject), ("a", Some(4), Action::Accept)];
    assert_eq!(left(&after(&steps, "a").await, "a"), Some((MatchStatus::ConfirmAgain, 0, None)));
    assert_eq!(left(&after(&steps[..2], "a").await, "a"), None);
}

#[tokio::test]
async fn what_was_lowered_counts_as_the_lower_once_a_later_proposal_is_gone() {
    let steps = [("a", None, add(4)), ("a", None, give(1)), ("a", Some(5), Action::Accept)];
    let standing = after(&steps, "a").await;
    assert_eq!(left(&standing, "a"), Some((MatchStatus::ConfirmAgain, 1, Some(1))));
    let undone = [steps.as_slice(), &[("a", None, Action::Undo { number: 3 })]].concat();
    assert_eq!(left(&after(&undone, "a").await, "a"), Some((MatchStatus::Overridden, 1, Some(1))));
}

#[tokio::test]
async fn what_was_added_to_a_version_that_comes_back_is_asked_about() {
    let steps = [("b", None, add(3)), ("a", Some(2), Action::Reject)];
    let standing = after(&steps, "b").await;
    assert_eq!(left(&standing, "b"), Some((MatchStatus::ConfirmAgain, 3, None)));
    assert_eq!(left(&after(&steps, "a").await, "a"), None, "the rejected version has nothing");
    // Whoever rejects that version too has said it of both.
    let both = [steps.as_slice(), &[("b", None, Action::Reject)]].concat();
    assert_eq!(left(&after(&both, "b").await, "b"), None);
}
