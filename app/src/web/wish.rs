//! What a person asks to be taken down, made into a decision from what the record proposes now. Shared by the forms and the
//! API.

use crate::view::View;
use crate::web::item::Item;
use sufficit_evidence::{
    Action, Decision, DocumentId, Page, RunId, Seen, SourceRef, Span, Subject, decision_fault,
};
use sufficit_review::{NewDecision, Standing, Store, StoreError, standing};

/// What a person asks to be taken down.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    /// What it is about.
    pub(crate) item: Item,
    /// What is to be done.
    pub(crate) deed: Deed,
    /// Why; may be empty.
    pub(crate) why: String,
    /// Number of the last decision on the item that the person had before them; 0 for none.
    pub(crate) expect: u64,
    /// The proposal that they had before them.
    pub(crate) proposal: Beheld,
}

/// What proposal a person had before them, as far as they say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Beheld {
    /// They do not say.
    Unsaid,
    /// Nothing was proposed.
    Nothing,
    /// That of this run.
    Of(RunId),
    /// The one with this digest ([`Seen::rationale`]).
    Rationale(String),
}

/// What stands in the place of a digest where nothing was proposed.
pub(crate) const NO_RATIONALE: &str = "none";

impl Beheld {
    /// What is said with a digest, or [`NO_RATIONALE`], and a run. The digest goes before the run: mapping the same again
    /// changes nothing that a person saw.
    pub(crate) fn said(rationale: Option<String>, run: Option<String>) -> Self {
        match (rationale, run) {
            (Some(none), _) if none == NO_RATIONALE => Self::Nothing,
            (Some(rationale), _) => Self::Rationale(rationale),
            (None, Some(run)) => Self::Of(RunId::new(run)),
            (None, None) => Self::Unsaid,
        }
    }

    /// Whether it is what is proposed now.
    fn is(&self, now: &Seen) -> bool {
        match self {
            Self::Unsaid => true,
            Self::Nothing => now.rationale.is_none(),
            Self::Of(run) => now.run.as_ref() == Some(run),
            Self::Rationale(rationale) => now.rationale.as_ref() == Some(rationale),
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// This.
    Act(Action),
    /// What held when the person looked no longer holds.
    TakeBack,
}

/// Why nothing was taken down. What is wrong is a sentence for people.
#[derive(Debug)]
pub(crate) enum Undecided {
    /// The item is not there (any more).
    Gone(String),
    /// Another proposal stands now than the one that the person had before them.
    Changed,
    /// Somebody decided since the person looked.
    Meanwhile(Box<Decision>),
    /// It cannot be taken down as it is.
    Refused(String),
    /// The record could not be read or written.
    Store(StoreError),
}

impl From<StoreError> for Undecided {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DecidedMeanwhile(other) => Self::Meanwhile(other),
            StoreError::Refused(why) => Self::Refused(why),
            other => Self::Store(other),
        }
    }
}

/// Takes a wish of the person `by` down. The same wish sent twice gives the first decision both times.
pub(crate) async fn take_down(
    store: &Store,
    view: &View,
    wish: &Wish,
    by: &str,
) -> Result<Decision, Undecided> {
    Ok(store.decide(&new_decision(view, wish, by)?).await?)
}

/// The passage that shows a match that is added, and its page. It has to lie in one passage of the document.
pub(crate) async fn picked(
    store: &Store,
    item: &Item,
    span: Span,
) -> Result<(Span, Option<u32>), Undecided> {
    let pick = || Undecided::Refused("Pick the passage that shows it.".to_owned());
    let Item::Match { document, .. } = item else { return Err(pick()) };
    let text = store.document(document).await?.ok_or_else(pick)?;
    let holds = |own: Span| own.start <= span.start && span.end <= own.end;
    let passage = text.passages.iter().find(|passage| holds(passage.span)).ok_or_else(pick)?;
    let within = |page: &&Page| holds(page.span);
    let page = text.pages.iter().find(within).map(|page| page.page).or(passage.page);
    if span.is_empty() { Err(pick()) } else { Ok((span, page)) }
}

/// Everything that was decided of an item, and what holds.
pub(crate) fn standing_of(view: &View, item: &Item) -> Standing {
    let sources = |document| view.proposed.sources.get(document).map_or(&[][..], Vec::as_slice);
    match item {
        Item::Match { document, requirement } => view.decided().standing(document, requirement),
        Item::Requirement(requirement) => view.ledger.of_requirement(requirement),
        Item::Document(document) => view.ledger.of_document(document, sources(document)),
    }
}

/// The decision that a wish of the person `by` comes to: what was proposed is taken from `view`, never from the wish.
pub(crate) fn new_decision(view: &View, wish: &Wish, by: &str) -> Result<NewDecision, Undecided> {
    let (subject, seen) = about(view, wish)?;
    let action = match &wish.deed {
        Deed::Act(action) => action.clone(),
        Deed::TakeBack => {
            let held = held_at(&standing_of(view, &wish.item), wish.expect);
            let held = held.ok_or_else(|| {
                Undecided::Refused("There is no decision here that could be taken back.".to_owned())
            })?;
            Action::Undo { number: held.number }
        }
    };
    if let Some(fault) = decision_fault(&subject, &action, &wish.why) {
        return Err(Undecided::Refused(fault.to_owned()));
    }
    Ok(NewDecision {
        by: by.to_owned(),
        subject,
        seen,
        action,
        why: wish.why.trim().to_owned(),
        expected: wish.expect,
    })
}

/// The subject of a wish and what the record proposes of it now.
fn about(view: &View, wish: &Wish) -> Result<(Subject, Seen), Undecided> {
    match &wish.item {
        Item::Match { document, requirement } => {
            let source = source(view, &wish.item)?;
            if view.requirement(requirement).is_none() {
                let what = format!("The latest run did not assess {requirement}.");
                return Err(Undecided::Gone(what));
            }
            let matched = view.matched(document, requirement);
            let seen = matched
                .map(|found| found.head.seen.clone())
                .filter(|seen| seen.rationale.is_some())
                .unwrap_or_else(|| unproposed(view, document));
            refuse_changed(wish, &seen)?;
            refuse_unproposed(wish, &seen, matched.is_some())?;
            let subject = Subject::Match { source, requirement: requirement.clone() };
            Ok((subject, seen))
        }
        Item::Requirement(requirement) => {
            let found = view.requirement(requirement).ok_or_else(|| {
                Undecided::Gone(format!("The latest run did not assess {requirement}."))
            })?;
            refuse_changed(wish, &found.seen)?;
            Ok((Subject::Requirement { requirement: requirement.clone() }, found.seen.clone()))
        }
        Item::Document(document) => {
            let source = source(view, &wish.item)?;
            let seen = Seen { document: Some(document.clone()), ..Seen::default() };
            Ok((Subject::Document { source }, seen))
        }
    }
}

/// What is seen where no run proposed anything: the version, and the run that did not.
fn unproposed(view: &View, document: &DocumentId) -> Seen {
    Seen {
        document: Some(document.clone()),
        run: view.run.as_ref().map(|run| run.id.clone()),
        ..Seen::default()
    }
}

fn source(view: &View, item: &Item) -> Result<SourceRef, Undecided> {
    let (Item::Match { document, .. } | Item::Document(document)) = item else {
        return Err(Undecided::Gone("A requirement lies in no file.".to_owned()));
    };
    let found = view.proposed.sources.get(document).and_then(|sources| sources.first());
    found.cloned().ok_or_else(|| {
        Undecided::Gone("No file holds this version of the document any more.".to_owned())
    })
}

/// A verdict on another proposal than the one that stands would be on something that its author has not read.
fn refuse_changed(wish: &Wish, now: &Seen) -> Result<(), Undecided> {
    let judges = match &wish.deed {
        Deed::Act(Action::Add { .. }) => false,
        Deed::Act(action) => action.is_verdict(),
        Deed::TakeBack => false,
    };
    if judges && !wish.proposal.is(now) { Err(Undecided::Changed) } else { Ok(()) }
}

fn refuse_unproposed(wish: &Wish, now: &Seen, listed: bool) -> Result<(), Undecided> {
    let refused = |why: &str| Err(Undecided::Refused(why.to_owned()));
    match &wish.deed {
        Deed::Act(Action::Add { .. }) if now.rationale.is_some() => refused(
            "This document is proposed for the requirement already; give it another sufficiency instead.",
        ),
        Deed::Act(Action::Accept) if now.rationale.is_none() => {
            refused("Nothing is proposed here that could be accepted; give a sufficiency and why.")
        }
        Deed::Act(Action::Override { .. } | Action::Reject) if !listed => {
            refused("Nothing is proposed here; add the match with the passage that shows it.")
        }
        _ => Ok(()),
    }
}

/// The verdict that held when decision `expect` was the last on the subject.
fn held_at(now: &Standing, expect: u64) -> Option<Decision> {
    let known: Vec<Decision> =
        now.history.iter().filter(|decision| decision.number <= expect).cloned().collect();
    standing(&known).holding
}

#[cfg(test)]
mod tests;
