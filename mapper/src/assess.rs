use crate::confidence::confidence;
use crate::contradiction::contradictions;
use crate::copies::Copies;
use crate::grade::Tally;
use crate::map::Rules;
use crate::rationale;
use sufficit_evidence::{
    Assessment, Check, CheckId, CheckState, Citation, EvidenceShare, Finding, Match, Proof,
    Requirement, RequirementRef, RunId, ShownBy, Sufficiency,
};

/// Documents named in an assessment, best first and copies last; the rest are found through the matches.
const EVIDENCE_SHOWN: usize = 20;

/// Holds one requirement against the whole body of evidence; `None` where the catalogue has no such requirement.
///
/// `matches` are the requirement's, of all documents. The checks that different documents meet are joined (policy
/// here, minutes there). Only matches that stand on something definite take part: a draft, a blank form or a
/// superseded text lends nothing to the others, and neither does what `copies` knows for a copy or another version of a
/// document that counts.
///
/// While documents in force contradict each other something is left to ask, so the requirement is not demonstrated.
pub fn assess(
    rules: &Rules,
    run: &RunId,
    name: &RequirementRef,
    matches: &[Match],
    copies: &Copies,
) -> Option<Assessment> {
    let requirement = rules.catalogue().requirement(name)?;
    let mut found: Vec<&Match> = matches.iter().collect();
    let is_copy = |found: &Match| copies.of(&found.document).is_some();
    found.sort_by(|a, b| {
        is_copy(a)
            .cmp(&is_copy(b))
            .then(b.sufficiency.cmp(&a.sufficiency))
            .then(b.relevance.total_cmp(&a.relevance))
            .then(a.document.cmp(&b.document))
    });
    let own: Vec<&Match> = found.iter().copied().filter(|found| !is_copy(found)).collect();
    let sound: Vec<&Match> = own.iter().copied().filter(|found| is_sound(found)).collect();
    let checks: Vec<CheckState> =
        requirement.checks.iter().map(|check| check_state(check, &sound)).collect();
    let in_force = share_in_force(requirement, &sound) >= rules.rubric().thresholds.defined_share;
    let sufficiency = match sound.as_slice() {
        [] => own
            .iter()
            .map(|found| found.sufficiency.min(Sufficiency::MENTIONED))
            .max()
            .unwrap_or_default(),
        [only] => only.sufficiency,
        several => {
            let best = several.iter().map(|found| found.sufficiency).max().unwrap_or_default();
            joined_grade(rules, requirement, several, &checks, in_force).max(best)
        }
    };
    let contradictions = contradictions(&requirement.checks, &sound);
    let sufficiency = match contradictions.first() {
        Some(_) => sufficiency.min(Sufficiency::CONTROLLED),
        None => sufficiency,
    };
    let open: Vec<&Check> = requirement
        .checks
        .iter()
        .zip(&checks)
        .filter(|(_, state)| !state.met)
        .map(|(check, _)| check)
        .collect();
    let gap = match contradictions.first() {
        _ if own.is_empty() && !found.is_empty() => rationale::only_copies(),
        Some(first) if sufficiency >= Sufficiency::CONTROLLED => rationale::settle(&first.text),
        _ => rationale::gap(requirement, sufficiency, &open, in_force, own.first().copied()),
    };
    let best_relevance = own.iter().map(|found| found.relevance).fold(0.0, f32::max);
    Some(Assessment {
        framework: name.framework.clone(),
        requirement: requirement.id.clone(),
        sufficiency,
        confidence: if own.is_empty() { 0.0 } else { confidence(best_relevance, sufficiency) },
        evidence: found
            .iter()
            .take(EVIDENCE_SHOWN)
            .map(|found| EvidenceShare {
                document: found.document.clone(),
                sufficiency: found.sufficiency,
                relevance: found.relevance,
                copy_of: copies.of(&found.document).cloned(),
            })
            .collect(),
        checks,
        contradictions,
        gap,
        counterparts: rules.crosswalk().counterparts(name),
        run: run.clone(),
    })
}

/// Share of the checks that a document can meet on paper which documents in force meet: 0 to 1. An approved text
/// that meets one check lends no force to what stands elsewhere.
fn share_in_force(requirement: &Requirement, sound: &[&Match]) -> f32 {
    let in_force: Vec<&&Match> =
        sound.iter().filter(|found| has(found, |f| matches!(f, Finding::InForce))).collect();
    let paper = requirement.checks.iter().filter(|check| check.by == Proof::Paper);
    let (all, met) = paper.fold((0.0_f32, 0.0_f32), |(all, met), check| {
        let is_met = in_force.iter().any(|found| {
            let shown =
                |finding| proves(finding, &check.id, true) || proves(finding, &check.id, false);
            found.strengths.iter().any(|reason| shown(&reason.finding))
        });
        (all + 1.0, met + if is_met { 1.0 } else { 0.0 })
    });
    met / all.max(1.0)
}

fn has(found: &Match, wanted: fn(&Finding) -> bool) -> bool {
    found.strengths.iter().chain(&found.concerns).any(|reason| wanted(&reason.finding))
}

fn is_sound(found: &Match) -> bool {
    found.sufficiency >= Sufficiency::PARTIAL
        && !has(found, |f| {
            matches!(
                f,
                Finding::BlankTemplate
                    | Finding::Draft
                    | Finding::Superseded
                    | Finding::Promotional
            )
        })
}

/// The best proof of one check among `sound`, whose order settles equals: a dated record before a text in force before
/// any other text.
fn check_state(check: &Check, sound: &[&Match]) -> CheckState {
    let mut best: Option<(ShownBy, &Match, Option<&Citation>)> = None;
    for found in sound {
        for reason in &found.strengths {
            let shown_by = if proves(&reason.finding, &check.id, true) {
                ShownBy::Record
            } else if !proves(&reason.finding, &check.id, false) {
                continue;
            } else if has(found, |f| matches!(f, Finding::InForce)) {
                ShownBy::ApprovedText
            } else {
                ShownBy::Text
            };
            if best.is_none_or(|(known, ..)| known < shown_by) {
                best = Some((shown_by, found, reason.citation.as_ref()));
            }
        }
    }
    CheckState {
        check: check.id.clone(),
        met: best.is_some(),
        document: best.map(|(_, found, _)| found.document.clone()),
        citation: best.and_then(|(.., citation)| citation.cloned()),
        shown_by: best.map(|(shown_by, ..)| shown_by),
    }
}

fn proves(finding: &Finding, check: &CheckId, recorded: bool) -> bool {
    match finding {
        Finding::RecordShown { check: id } => recorded && id == check,
        Finding::CheckMet { check: id } => !recorded && id == check,
        _ => false,
    }
}

/// The grade of rubric.md over all sound documents: what is laid down anywhere, whether a document that lays it
/// down is in force, and what dated records show.
fn joined_grade(
    rules: &Rules,
    requirement: &Requirement,
    sound: &[&Match],
    checks: &[CheckState],
    in_force: bool,
) -> Sufficiency {
    let is_current = |found: &&&Match| !has(found, |f| matches!(f, Finding::PastReview { .. }));
    let current: Vec<&&Match> = sound.iter().filter(is_current).collect();
    let recorded = requirement
        .checks
        .iter()
        .filter(|check| {
            current
                .iter()
                .any(|m| m.strengths.iter().any(|reason| proves(&reason.finding, &check.id, true)))
        })
        .count();
    let is_paper = |check: &Check| check.by == Proof::Paper;
    let on_paper = requirement.checks.iter().zip(checks).filter(|(check, _)| is_paper(check));
    let tally = Tally {
        checks: requirement.checks.len(),
        met: checks.iter().filter(|state| state.met).count(),
        recorded,
        paper: requirement.checks.iter().filter(|check| is_paper(check)).count(),
        paper_met: on_paper.filter(|(_, state)| state.met).count(),
        ..Tally::default()
    };
    tally.level(in_force, &rules.rubric().thresholds)
}
