use crate::api::forms;
use serde::Serialize;
use sufficit_evidence::{Action, Decision, MatchStatus};
use sufficit_review::{Need, Reviewed, Standing};
use utoipa::ToSchema;

/// What a person said of a match or requirement, and whether one is still asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Review {
    #[schema(value_type = forms::ReviewStatus)]
    pub(crate) status: MatchStatus,
    /// The verdict that holds; null where there is none.
    pub(crate) decided: Option<Held>,
    /// Who is to decide, and until when; null where nobody in particular.
    pub(crate) assigned: Option<Assigned>,
    /// Number of the last decision on it, 0 for none: `expect` of the next.
    pub(crate) last: u64,
    /// Why a person is asked; empty where nobody is.
    pub(crate) needs: Vec<&'static str>,
    /// What a decision is worth; higher comes first.
    pub(crate) worth: f32,
}

/// A verdict.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Held {
    /// The sufficiency that it gives; null where it gives none.
    #[schema(minimum = 0, maximum = 5)]
    pub(crate) sufficiency: Option<u8>,
    /// Whether it says that the requirement does not apply.
    pub(crate) not_applicable: bool,
    pub(crate) by: String,
    /// RFC 3339 in UTC.
    pub(crate) at: String,
    pub(crate) why: String,
    pub(crate) number: u64,
    /// The version of the document that was seen; null for a requirement as a whole.
    pub(crate) sha256: Option<String>,
}

/// Who is to decide.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Assigned {
    pub(crate) to: String,
    /// Until when, YYYY-MM-DD.
    pub(crate) due: Option<String>,
}

impl Review {
    /// What stands of a subject that was reviewed so.
    pub(crate) fn new(reviewed: &Reviewed, standing: &Standing) -> Self {
        Self {
            status: reviewed.status,
            decided: standing.holding.as_ref().map(Held::from),
            assigned: reviewed.assigned.as_ref().map(|assigned| Assigned {
                to: assigned.to.clone(),
                due: assigned.due.map(|due| due.to_string()),
            }),
            last: reviewed.last,
            needs: reviewed.needs.iter().map(|need| Need::name(*need)).collect(),
            worth: reviewed.worth,
        }
    }
}

impl From<&Decision> for Held {
    fn from(decision: &Decision) -> Self {
        Self {
            sufficiency: decision.sufficiency().map(|sufficiency| sufficiency.level()),
            not_applicable: decision.action == Action::NotApplicable,
            by: decision.by.clone(),
            at: decision.at.clone(),
            why: decision.why.clone(),
            number: decision.number,
            sha256: decision.seen.document.as_ref().map(ToString::to_string),
        }
    }
}
