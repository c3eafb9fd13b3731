use std::cmp::Ordering;
use sufficit_evidence::{DocumentId, FrameworkId, Match, RequirementId, Sufficiency};
use sufficit_review::MatchHead;

/// Where a match stands in a list: by framework and requirement, best first. What is decided of a proposal does not move it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MatchPlace<'a> {
    pub(crate) framework: &'a FrameworkId,
    pub(crate) requirement: &'a RequirementId,
    /// As it was proposed, or where nothing is, as a person gave it.
    pub(crate) sufficiency: Sufficiency,
    /// From 0 to 1.
    pub(crate) relevance: f32,
    pub(crate) document: &'a DocumentId,
}

impl<'a> MatchPlace<'a> {
    /// The place of the match with that head.
    pub(crate) fn of(head: &'a MatchHead) -> Self {
        Self {
            framework: &head.requirement.framework,
            requirement: &head.requirement.requirement,
            sufficiency: head.sufficiency,
            relevance: head.relevance,
            document: &head.document,
        }
    }

    /// The place of a match.
    pub(crate) fn of_match(found: &'a Match) -> Self {
        Self {
            framework: &found.framework,
            requirement: &found.requirement,
            sufficiency: found.sufficiency,
            relevance: found.relevance,
            document: &found.document,
        }
    }

    /// Which of two stands first.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        (self.framework, self.requirement)
            .cmp(&(other.framework, other.requirement))
            .then(other.sufficiency.cmp(&self.sufficiency))
            .then(other.relevance.total_cmp(&self.relevance))
            .then(self.document.cmp(other.document))
    }
}
