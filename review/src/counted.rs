//! What counts once people have decided: proposals go in, and come out as an assessment is to take them.

use crate::{Ledger, Standing, added_head, match_head, seen_of_assessment};
use sufficit_evidence::{
    Action, Assessment, Decision, DocumentKind, Match, MatchStatus, Sufficiency,
};

/// How sure it is that an auditor sees a match as the reviewer did who decided on it: a choice of ours, not a measurement.
const REVIEWER: f32 = 0.95;

/// A proposal as it counts beside what was decided of it: with the sufficiency that holds, and marked as overridden where
/// that is not the one proposed. `None` where a person rejected it.
pub fn counted(proposal: Match, standing: &Standing) -> Option<Match> {
    let Some(held) = &standing.holding else { return Some(proposal) };
    let is_added = proposal.status == MatchStatus::Added;
    let now = if is_added { added_head(&proposal).seen } else { match_head(&proposal).seen };
    let sufficiency = standing.counting(&now).or(is_added.then_some(proposal.sufficiency))?;
    if matches!(held.action, Action::Reject) && sufficiency == Sufficiency::NONE {
        return None;
    }
    let status = match proposal.status {
        MatchStatus::Added => MatchStatus::Added,
        _ if sufficiency == proposal.sufficiency => MatchStatus::Accepted,
        _ => MatchStatus::Overridden,
    };
    let confidence = match standing.status(&now) {
        MatchStatus::ConfirmAgain => proposal.confidence,
        _ => confidence_in(sufficiency),
    };
    Some(Match { sufficiency, status, confidence, ..proposal })
}

/// A match that a person added, as it counts: `kind` is its document's. `None` where the decision adds none, or names no
/// version.
pub fn added(decision: &Decision, kind: DocumentKind) -> Option<Match> {
    let Action::Add { sufficiency, .. } = decision.action else { return None };
    let name = decision.subject.requirement()?;
    Some(Match {
        document: decision.seen.document.clone()?,
        kind,
        framework: name.framework.clone(),
        requirement: name.requirement.clone(),
        relevance: 1.0,
        sufficiency,
        confidence: confidence_in(sufficiency),
        status: MatchStatus::Added,
        strengths: Vec::new(),
        concerns: Vec::new(),
        ask: String::new(),
        counterparts: Vec::new(),
        systems: Vec::new(),
        not_applicable: None,
        statements: Vec::new(),
        run: decision.seen.run.clone().unwrap_or_else(|| "run-0".into()),
    })
}

fn confidence_in(given: Sufficiency) -> f32 {
    if given >= Sufficiency::PARTIAL { REVIEWER } else { 1.0 - REVIEWER }
}

/// An assessment as it counts beside what was decided of its requirement as a whole.
pub fn held(assessment: Assessment, ledger: &Ledger) -> Assessment {
    let standing = ledger.of_requirement(&assessment.name());
    let Some(decision) = &standing.holding else { return assessment };
    if decision.action == Action::NotApplicable {
        let not_applicable = Some(decision.why.clone());
        return Assessment { not_applicable, gap: String::new(), ..assessment };
    }
    let sufficiency = standing.counting(&seen_of_assessment(&assessment));
    Assessment { sufficiency: sufficiency.unwrap_or(assessment.sufficiency), ..assessment }
}
