use crate::deed::outlived;
use crate::held::Decided;
use crate::view::MatchPlace;
use serde::Serialize;
use sufficit_evidence::{DocumentId, Match, MatchStatus, Sufficiency};
use sufficit_mapper::Working;
use sufficit_review::{Standing, StoredMatch, match_head};

/// A match as interface.md writes it: with the paths of its document, and what was decided of it.
#[derive(Debug, Serialize)]
pub(crate) struct MatchView {
    /// The first of the paths.
    pub(crate) document: String,
    pub(crate) paths: Vec<String>,
    /// As it was proposed, but for its status.
    #[serde(flatten)]
    pub(crate) proposal: Match,
    /// The verdict that holds, where a person gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decided: Option<DecidedView>,
    /// What there is to confirm, in words, where the verdict has outlived its proposal.
    #[serde(skip)]
    pub(crate) outlived: Option<String>,
    /// How the grade came about, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<Working>,
}

/// A verdict beside what it is about.
#[derive(Debug, Serialize)]
pub(crate) struct DecidedView {
    /// What the person gave; none where it does not apply.
    pub(crate) sufficiency: Option<Sufficiency>,
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) why: String,
    pub(crate) number: u64,
    /// The version of the document that the person had before them.
    pub(crate) sha256: Option<DocumentId>,
}

/// Views of the matches that were proposed as at least `min` sufficient, in the order given, with what was decided of them.
pub(crate) fn match_views(
    matches: Vec<StoredMatch>,
    min: Sufficiency,
    decided: &Decided,
) -> Vec<MatchView> {
    matches
        .into_iter()
        .filter(|stored| stored.proposal.sufficiency >= min)
        .map(|stored| match_view(stored, decided))
        .collect()
}

fn match_view(StoredMatch { mut proposal, paths }: StoredMatch, decided: &Decided) -> MatchView {
    let standing = decided.standing(&proposal.document, &proposal.name());
    if standing.holding.is_some() {
        proposal.status = standing.status(&match_head(&proposal).seen);
    }
    MatchView {
        document: paths.first().cloned().unwrap_or_default(),
        paths,
        proposal,
        decided: decided_view(&standing),
        outlived: None,
        why: None,
    }
}

/// The verdict that holds.
pub(crate) fn decided_view(standing: &Standing) -> Option<DecidedView> {
    let held = standing.holding.as_ref()?;
    Some(DecidedView {
        sufficiency: held.sufficiency(),
        by: held.by.clone(),
        at: held.at.clone(),
        why: held.why.clone(),
        number: held.number,
        sha256: held.seen.document.clone(),
    })
}

/// Views of matches that no run proposes.
pub(crate) fn unproposed_views<'a>(
    unproposed: impl IntoIterator<Item = &'a Match>,
    decided: &Decided,
) -> Vec<MatchView> {
    let view = |found: &Match| {
        let sources = decided.sources.get(&found.document);
        let mut paths: Vec<String> =
            sources.into_iter().flatten().map(|source| source.path.clone()).collect();
        paths.dedup();
        let standing = decided.standing(&found.document, &found.name());
        let held = standing.holding.as_ref();
        let held = held.filter(|_| found.status == MatchStatus::ConfirmAgain);
        MatchView {
            outlived: held.map(|held| outlived(held, &found.document)),
            document: paths.first().cloned().unwrap_or_default(),
            paths,
            proposal: found.clone(),
            decided: decided_view(&standing),
            why: None,
        }
    };
    unproposed.into_iter().map(view).collect()
}

/// Sorts by framework and requirement, best first.
pub(crate) fn best_first(views: &mut [MatchView]) {
    views.sort_by(|a, b| {
        MatchPlace::of_match(&a.proposal).order(&MatchPlace::of_match(&b.proposal))
    });
}
