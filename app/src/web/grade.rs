//! What holds of a requirement: what was decided, or else declared, or else proposed; and until a decision on something else
//! is confirmed, no more than is proposed.

use crate::web::marks;
use maud::{Markup, html};
use sufficit_evidence::Sufficiency;
use sufficit_review::ReviewedRequirement;

/// What holds of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// It applies, and this is how far the evidence suffices.
    Grade(Sufficiency),
    /// It does not apply.
    NotApplicable,
}

impl Held {
    /// What holds of `found`.
    pub(crate) fn of(found: &ReviewedRequirement) -> Self {
        if found.declared.is_some() && found.review.decided.is_none() {
            Self::NotApplicable
        } else {
            Self::Grade(found.review.counts)
        }
    }

    /// Whether the requirement applies and is defined at least.
    pub(crate) fn is_covered(self) -> bool {
        matches!(self, Self::Grade(sufficiency) if sufficiency >= Sufficiency::DEFINED)
    }

    /// The sufficiency, where the requirement applies.
    pub(crate) fn sufficiency(self) -> Option<Sufficiency> {
        match self {
            Self::Grade(sufficiency) => Some(sufficiency),
            Self::NotApplicable => None,
        }
    }

    /// As dots with the figure.
    pub(crate) fn shown(self) -> Markup {
        match self {
            Self::Grade(sufficiency) => html! { (marks::dots(sufficiency)) " " (sufficiency) },
            Self::NotApplicable => html! { span.soft { "not applicable" } },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::{MatchStatus, RequirementRef, Seen};
    use sufficit_review::Reviewed;

    #[test]
    fn a_verdict_on_evidence_that_is_gone_covers_nothing() {
        let requirement =
            RequirementRef { framework: "iso42001".into(), requirement: "A.2.2".into() };
        let review = Reviewed {
            status: MatchStatus::ConfirmAgain,
            decided: Some(Sufficiency::CONTROLLED),
            counts: Sufficiency::NONE,
            ..Reviewed::default()
        };
        let found = ReviewedRequirement {
            requirement,
            proposed: Sufficiency::NONE,
            confidence: 0.1,
            declared: None,
            seen: Seen::default(),
            review,
        };
        assert_eq!(Held::of(&found), Held::Grade(Sufficiency::NONE));
        assert!(!Held::of(&found).is_covered());
        let declared = Some("No such systems.".to_owned());
        let without = Reviewed { decided: None, ..found.review.clone() };
        let found = ReviewedRequirement { declared, review: without, ..found };
        assert_eq!(Held::of(&found), Held::NotApplicable);
    }
}
