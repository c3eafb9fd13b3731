//! What needs a person, and in which order: pure functions over proposals and what was decided of them.

use crate::{Assignment, Ledger, MatchHead, Standing, seen_of_assessment};
use std::sync::Arc;
use sufficit_evidence::{
    Action, Assessment, MatchStatus, RequirementRef, Seen, SourceRef, Sufficiency,
};

/// Why a person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Need {
    /// The version or the proposal changed since it was decided.
    ChangedSince,
    /// Documents in force contradict each other on the requirement.
    Contradiction,
    /// It is the best there is for a requirement that is not covered.
    BestOfUncovered,
    /// Nothing was found for the requirement.
    NothingFound,
    /// The confidence is near a half.
    Uncertain,
}

impl Need {
    /// What deciding it is worth beside the other needs. A changed proposal comes first: a decision stands on something that
    /// is no longer there. The order is a choice of ours; the sum only ranks.
    fn worth(self) -> f32 {
        match self {
            Self::ChangedSince => 2.0,
            Self::Contradiction => 1.0,
            Self::BestOfUncovered => 0.8,
            Self::NothingFound => 0.3,
            Self::Uncertain => 0.0,
        }
    }

    /// Why a person is asked, in a few words.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChangedSince => "changed since it was decided",
            Self::Contradiction => "documents contradict each other",
            Self::BestOfUncovered => "best there is for a requirement that is not covered",
            Self::NothingFound => "nothing was found",
            Self::Uncertain => "uncertain",
        }
    }
}

/// Further from certainty than this, 0 to 1, counts as uncertain.
const UNCERTAIN: f32 = 0.5;

/// A match with what was decided of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewedMatch {
    /// The match.
    pub head: Arc<MatchHead>,
    /// Where the document lies; the first is what decisions name.
    pub sources: Arc<[SourceRef]>,
    /// What was decided.
    pub review: Reviewed,
}

impl ReviewedMatch {
    /// Whether what was decided of it waits to be confirmed, and nothing is proposed beside it: the proposal is gone, or
    /// was of another version.
    pub fn has_outlived(&self) -> bool {
        self.head.seen.rationale.is_none() && self.review.status == MatchStatus::ConfirmAgain
    }
}

/// A requirement's assessment with what was decided of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewedRequirement {
    /// The requirement.
    pub requirement: RequirementRef,
    /// The sufficiency that is proposed for the whole body of evidence.
    pub proposed: Sufficiency,
    /// Probability that an auditor would give the whole 2 or more, 0 to 1.
    pub confidence: f32,
    /// The justification, where the settings or a reviewer declare the requirement not applicable.
    pub declared: Option<String>,
    /// What a decision on it would have seen.
    pub seen: Seen,
    /// What was decided.
    pub review: Reviewed,
}

/// What was decided of a proposal, and how much a decision on it is worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reviewed {
    /// Whether a person has yet to decide, or what they decided.
    pub status: MatchStatus,
    /// The sufficiency that a person gave; `None` where nobody did.
    pub decided: Option<Sufficiency>,
    /// The sufficiency that counts: what a person gave, what is proposed, or until a decision on something else is
    /// confirmed the lower of both.
    pub counts: Sufficiency,
    /// Who is to decide, and until when.
    pub assigned: Option<Assignment>,
    /// Number of the last decision; 0 for none.
    pub last: u64,
    /// Why a person is asked; empty where nobody is.
    pub needs: Vec<Need>,
    /// What a decision is worth; higher comes first. 0 where none is needed.
    pub worth: f32,
}

/// A match of a document that lies at `sources` with what was decided of it, which is `standing`; `assessment` is its
/// requirement's, as it counts what was decided of the requirement as a whole. For one that does not apply nobody is asked.
pub fn reviewed_match(
    head: &Arc<MatchHead>,
    sources: &Arc<[SourceRef]>,
    assessment: Option<&Assessment>,
    standing: &Standing,
) -> ReviewedMatch {
    let needs = match_needs(head, assessment);
    let mut review = reviewed(standing, &head.seen, needs, head.confidence);
    if assessment.is_some_and(|assessment| assessment.not_applicable.is_some()) {
        (review.needs, review.worth) = (Vec::new(), 0.0);
    }
    ReviewedMatch { head: Arc::clone(head), sources: Arc::clone(sources), review }
}

/// A requirement with what was decided of it.
pub fn reviewed_requirement(assessment: &Assessment, ledger: &Ledger) -> ReviewedRequirement {
    let requirement = assessment.name();
    let seen = seen_of_assessment(assessment);
    let standing = ledger.of_requirement(&requirement);
    let needs = requirement_needs(assessment);
    let mut review = reviewed(&standing, &seen, needs, assessment.confidence);
    let declared = match &standing.holding {
        Some(held) if held.action == Action::NotApplicable => Some(held.why.clone()),
        _ => assessment.not_applicable.clone(),
    };
    if declared.is_some() && review.status == MatchStatus::Proposed {
        (review.needs, review.worth) = (Vec::new(), 0.0);
    }
    ReviewedRequirement {
        requirement,
        proposed: assessment.sufficiency,
        confidence: assessment.confidence,
        declared,
        seen,
        review,
    }
}

fn match_needs(head: &MatchHead, assessment: Option<&Assessment>) -> Vec<Need> {
    let mut needs = Vec::new();
    let Some(assessment) = assessment.filter(|found| found.not_applicable.is_none()) else {
        return needs;
    };
    let sides = assessment.contradictions.iter().flat_map(|found| &found.sides);
    if sides.clone().any(|side| side.document == head.document) {
        needs.push(Need::Contradiction);
    }
    let best = assessment.evidence.first().is_some_and(|share| share.document == head.document);
    if best && assessment.sufficiency < Sufficiency::DEFINED {
        needs.push(Need::BestOfUncovered);
    }
    needs
}

fn requirement_needs(assessment: &Assessment) -> Vec<Need> {
    let mut needs = Vec::new();
    if !assessment.contradictions.is_empty() {
        needs.push(Need::Contradiction);
    }
    if assessment.evidence.is_empty() {
        needs.push(Need::NothingFound);
    }
    needs
}

fn reviewed(standing: &Standing, seen: &Seen, mut needs: Vec<Need>, confidence: f32) -> Reviewed {
    let status = standing.status(seen);
    let uncertainty = 1.0 - (2.0 * confidence - 1.0).abs();
    if status == MatchStatus::ConfirmAgain {
        needs.insert(0, Need::ChangedSince);
    }
    if uncertainty >= UNCERTAIN {
        needs.push(Need::Uncertain);
    }
    let worth = uncertainty + needs.iter().map(|need| need.worth()).sum::<f32>();
    let open = status.is_open();
    Reviewed {
        status,
        counts: standing.counting(seen).unwrap_or_default(),
        decided: standing.holding.as_ref().and_then(|held| held.sufficiency()),
        assigned: standing.assigned.clone(),
        last: standing.last(),
        needs: if open { needs } else { Vec::new() },
        worth: if open { worth } else { 0.0 },
    }
}
