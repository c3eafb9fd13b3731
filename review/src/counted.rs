//! What counts once people have decided: proposals go in, and come out as an assessment is to take them.

use crate::{Ledger, Standing, match_head, seen_of_assessment, unproposed_head};
use sufficit_evidence::{
    Action, Assessment, DocumentId, DocumentKind, Match, MatchStatus, RequirementRef, Seen,
    Sufficiency,
};

/// How sure it is that an auditor sees a match as the reviewer did who decided on it: a choice of ours, not a measurement.
const REVIEWER: f32 = 0.95;

/// A proposal as it counts beside what was decided of it: with the sufficiency that holds, and marked as overridden where
/// that is not the one proposed. `None` where a person rejected it, or where nothing is proposed and what was decided waits
/// to be confirmed.
pub fn counted(proposal: Match, standing: &Standing) -> Option<Match> {
    let Some(held) = &standing.holding else { return Some(proposal) };
    let is_proposed = proposal.status == MatchStatus::Proposed;
    let head = if is_proposed { match_head(&proposal) } else { unproposed_head(&proposal) };
    let now = head.seen;
    let sufficiency = standing.counting(&now)?;
    if matches!(held.action, Action::Reject) && sufficiency == Sufficiency::NONE {
        return None;
    }
    let status = match proposal.status {
        MatchStatus::Proposed if sufficiency == proposal.sufficiency => MatchStatus::Accepted,
        MatchStatus::Proposed => MatchStatus::Overridden,
        _ => MatchStatus::Added,
    };
    let confidence = match standing.status(&now) {
        MatchStatus::ConfirmAgain => proposal.confidence,
        _ => confidence_in(sufficiency),
    };
    Some(Match { sufficiency, status, confidence, ..proposal })
}

/// The match of a document with a requirement that stands on a person's word alone, as no run proposes it: `kind` is the
/// document's, and `standing` what was decided of the two.
///
/// What was given to this version without a proposal is its sufficiency; a verdict on another version, or on a proposal that is
/// gone, has none of its own. `None` where no verdict holds, or the one that does agrees that there is nothing.
pub fn unproposed(
    document: &DocumentId,
    name: &RequirementRef,
    kind: DocumentKind,
    standing: &Standing,
) -> Option<Match> {
    let held = standing.holding.as_ref()?;
    let now = Seen { document: Some(document.clone()), ..Seen::default() };
    let status = standing.status(&now);
    let is_nothing = held.sufficiency().unwrap_or_default() == Sufficiency::NONE;
    if is_nothing && status != MatchStatus::ConfirmAgain {
        return None;
    }
    let counts = standing.counting(&now);
    Some(Match {
        document: document.clone(),
        kind,
        framework: name.framework.clone(),
        requirement: name.requirement.clone(),
        relevance: if counts.is_some() { 1.0 } else { 0.0 },
        sufficiency: standing.given_alone(document).unwrap_or_default(),
        confidence: confidence_in(counts.unwrap_or_default()),
        status,
        strengths: Vec::new(),
        concerns: Vec::new(),
        ask: String::new(),
        counterparts: Vec::new(),
        systems: Vec::new(),
        not_applicable: None,
        statements: Vec::new(),
        run: held.seen.run.clone().unwrap_or_else(|| "run-0".into()),
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
