use crate::held::Decided;
use serde::Serialize;
use std::collections::HashSet;
use sufficit_evidence::{DocumentId, Match, RequirementRef, Sufficiency};
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
    })
}

/// Views of the matches that people added and that no run proposed: none of `proposed` names the same document and
/// requirement.
pub(crate) fn added_views(
    added: Vec<Match>,
    proposed: &[MatchView],
    decided: &Decided,
) -> Vec<MatchView> {
    let key = |found: &Match| (found.document.clone(), found.name());
    let known: HashSet<(DocumentId, RequirementRef)> =
        proposed.iter().map(|view| key(&view.proposal)).collect();
    added
        .into_iter()
        .filter(|found| !known.contains(&key(found)))
        .map(|found| {
            let sources = decided.sources.get(&found.document);
            let mut paths: Vec<String> =
                sources.into_iter().flatten().map(|source| source.path.clone()).collect();
            paths.dedup();
            let standing = decided.standing(&found.document, &found.name());
            MatchView {
                document: paths.first().cloned().unwrap_or_default(),
                paths,
                proposal: found,
                decided: decided_view(&standing),
                why: None,
            }
        })
        .collect()
}
