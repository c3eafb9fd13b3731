use serde::Serialize;
use sufficit_evidence::{Match, Sufficiency};
use sufficit_mapper::Working;
use sufficit_review::StoredMatch;

/// A match as interface.md writes it: with the paths of its document.
#[derive(Debug, Serialize)]
pub(crate) struct MatchView {
    /// The first of the paths.
    pub(crate) document: String,
    pub(crate) paths: Vec<String>,
    #[serde(flatten)]
    pub(crate) proposal: Match,
    /// How the grade came about, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<Working>,
}

/// Views of the matches that are at least `min` sufficient, in the order given.
pub(crate) fn match_views(matches: Vec<StoredMatch>, min: Sufficiency) -> Vec<MatchView> {
    matches
        .into_iter()
        .filter(|stored| stored.proposal.sufficiency >= min)
        .map(|stored| MatchView {
            document: stored.paths.first().cloned().unwrap_or_default(),
            paths: stored.paths,
            proposal: stored.proposal,
            why: None,
        })
        .collect()
}
