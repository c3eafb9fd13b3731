use crate::confidence::{Confidence, joined_confidence};
use crate::contradiction::contradictions;
use crate::copies::Copies;
use crate::grade::Tally;
use crate::rationale;
use crate::rules::Rules;
use crate::system::{system_shares, systems_without};
use crate::working::TallyWorking;
use serde::Serialize;
use sufficit_evidence::{
    Assessment, Check, CheckId, CheckState, Citation, Contradiction, EvidenceShare, Finding, Match,
    MatchStatus, Proof, Requirement, RequirementRef, RunId, ShownBy, Sufficiency,
};

/// Documents named in an assessment, best first and copies last; the rest are found through the matches.
const EVIDENCE_SHOWN: usize = 20;

/// How a requirement came to its grade over the whole body of evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AssessmentWorking {
    /// Documents that bear on it.
    pub documents: usize,
    /// Of these, copies and other versions of one that counts.
    pub copies: usize,
    /// Those that count: graded 2 or more, and no draft, blank form, superseded or promotional text.
    pub counted: usize,
    /// The best grade that one makes alone; 1 at most where none counts.
    pub alone: Sufficiency,
    /// The grade that those which count make together; `None` where there are not several.
    pub together: Option<Sufficiency>,
    /// What their checks add up to: a check counts as met where any of them meets it.
    pub tally: TallyWorking,
    /// Share of the checks that paper can meet which documents in force meet: 0 to 1.
    pub share_in_force: f32,
    /// The share from which the whole counts as in force.
    pub in_force_from: f32,
    /// Whether it does.
    pub in_force: bool,
    /// Things of which documents in force say different things; while there is one, 4 is the highest grade.
    pub contradictions: usize,
    /// Documents that state a nonconformity against it that is open; while there is one, 2 is the highest grade.
    pub nonconformities: usize,
    /// The higher of `alone` and `together`, as far as contradictions leave it.
    pub sufficiency: Sufficiency,
    /// The probability that an auditor would give the whole 2 or more.
    pub confidence: Confidence,
}

/// Holds one requirement against the whole body of evidence; `None` where the catalogue has no such requirement.
///
/// `matches` are the requirement's, of all documents. The checks that different documents meet are joined (policy
/// here, minutes there). Only matches that stand on something definite take part: a draft, a blank form or a
/// superseded text lends nothing to the others, and neither does what `copies` knows for a copy or another version of a
/// document that counts.
///
/// While documents in force contradict each other something is left to ask, so the requirement is not demonstrated; while an audit states a
/// nonconformity against it, it is not covered.
///
/// A match whose status says that a person gave its sufficiency counts with that, whatever its concerns. Which of its checks
/// they had in mind is not known, so it adds nothing to what the others make together.
pub fn assess(
    rules: &Rules,
    run: &RunId,
    name: &RequirementRef,
    matches: &[Match],
    copies: &Copies,
) -> Option<Assessment> {
    let requirement = rules.catalogue().requirement(name)?;
    let Body { found, own, sound, checks, contradictions, nonconforming, joined } =
        Body::of(rules, requirement, matches, copies);
    let Joined { sufficiency, in_force, .. } = joined;
    let open: Vec<&Check> = requirement
        .checks
        .iter()
        .zip(&checks)
        .filter(|(_, state)| !state.met)
        .map(|(check, _)| check)
        .collect();
    let not_applicable = rules.scope().exclusion(name).map(str::to_owned);
    let gap = match contradictions.first() {
        _ if not_applicable.is_some() => String::new(),
        _ if own.is_empty() && !found.is_empty() => rationale::only_copies(),
        _ if nonconforming > 0 => rationale::close(),
        Some(first) if sufficiency >= Sufficiency::CONTROLLED => rationale::settle(&first.text),
        _ => {
            let shows = [in_force, at_work(&checks)];
            rationale::gap(requirement, sufficiency, &open, shows, own.first().copied())
        }
    };
    Some(Assessment {
        framework: name.framework.clone(),
        requirement: requirement.id.clone(),
        sufficiency,
        confidence: joined.confidence.map_or(0.0, |confidence| confidence.confidence),
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
        systems: system_shares(&own),
        systems_without_evidence: systems_without(rules, requirement, &sound),
        not_applicable,
        checks,
        contradictions,
        gap,
        counterparts: rules.crosswalk().counterparts(name),
        run: run.clone(),
    })
}

/// How [`assess`] comes to the grade of one requirement over the whole body of evidence: every number, named. `None`
/// where the catalogue has no such requirement, or nothing bears on it.
pub fn assess_working(
    rules: &Rules,
    name: &RequirementRef,
    matches: &[Match],
    copies: &Copies,
) -> Option<AssessmentWorking> {
    let requirement = rules.catalogue().requirement(name)?;
    let Body { found, own, sound, contradictions, nonconforming, joined, .. } =
        Body::of(rules, requirement, matches, copies);
    Some(AssessmentWorking {
        documents: found.len(),
        copies: found.len() - own.len(),
        counted: sound.len(),
        alone: joined.alone,
        together: joined.together,
        tally: TallyWorking::new(rules.rubric(), joined.tally),
        share_in_force: joined.share_in_force,
        in_force_from: rules.rubric().thresholds.defined_share,
        in_force: joined.in_force,
        contradictions: contradictions.len(),
        nonconformities: nonconforming,
        sufficiency: joined.sufficiency,
        confidence: joined.confidence?,
    })
}

/// A requirement's matches, best first, and what they make together.
struct Body<'m> {
    found: Vec<&'m Match>,
    /// Without copies and other versions of documents that count.
    own: Vec<&'m Match>,
    /// Of these, those that lend something to the others.
    sound: Vec<&'m Match>,
    checks: Vec<CheckState>,
    contradictions: Vec<Contradiction>,
    /// How many documents state a nonconformity against it.
    nonconforming: usize,
    joined: Joined,
}

impl<'m> Body<'m> {
    fn of(rules: &Rules, requirement: &Requirement, matches: &'m [Match], copies: &Copies) -> Self {
        let found = best_first(matches, copies);
        let is_own = |found: &&Match| copies.of(&found.document).is_none();
        let own: Vec<&Match> = found.iter().copied().filter(is_own).collect();
        let sound: Vec<&Match> = own.iter().copied().filter(|found| is_sound(found)).collect();
        let checks: Vec<CheckState> =
            requirement.checks.iter().map(|check| check_state(check, &sound)).collect();
        let contradictions = contradictions(&requirement.checks, &sound);
        let states = |found: &&&Match| has(found, |f| matches!(f, Finding::Nonconformity));
        let nonconforming = own.iter().filter(states).count();
        let limit = if nonconforming > 0 {
            Sufficiency::PARTIAL
        } else if contradictions.is_empty() {
            Sufficiency::DEMONSTRATED
        } else {
            Sufficiency::CONTROLLED
        };
        let joined = join(rules, requirement, [&own, &sound], limit);
        Self { found, own, sound, checks, contradictions, nonconforming, joined }
    }
}

/// Whether dated records show most of the checks.
fn at_work(checks: &[CheckState]) -> bool {
    let recorded = checks.iter().filter(|state| state.shown_by == Some(ShownBy::Record));
    2 * recorded.count() > checks.len()
}

/// Best first, and copies last.
fn best_first<'m>(matches: &'m [Match], copies: &Copies) -> Vec<&'m Match> {
    let mut found: Vec<&Match> = matches.iter().collect();
    let is_copy = |found: &Match| copies.of(&found.document).is_some();
    found.sort_by(|a, b| {
        is_copy(a)
            .cmp(&is_copy(b))
            .then(b.sufficiency.cmp(&a.sufficiency))
            .then(b.relevance.total_cmp(&a.relevance))
            .then(a.document.cmp(&b.document))
    });
    found
}

/// What all documents make of a requirement.
struct Joined {
    /// The best that one of them makes alone.
    alone: Sufficiency,
    /// What several that count make together.
    together: Option<Sufficiency>,
    tally: Tally,
    share_in_force: f32,
    in_force: bool,
    sufficiency: Sufficiency,
    /// `None` where there is no document.
    confidence: Option<Confidence>,
}

/// Joins a requirement's `own` documents, of which those that are `sound` count; `limit` is the highest grade left.
fn join(
    rules: &Rules,
    requirement: &Requirement,
    [own, sound]: [&[&Match]; 2],
    limit: Sufficiency,
) -> Joined {
    let thresholds = &rules.rubric().thresholds;
    let adding: Vec<&Match> = sound.iter().copied().filter(|found| adds(found)).collect();
    let share_in_force = share_in_force(requirement, &adding);
    let in_force = share_in_force >= thresholds.defined_share;
    let best = |matches: &[&Match]| {
        matches.iter().map(|found| found.sufficiency).max().unwrap_or_default()
    };
    let alone = if sound.is_empty() { best(own).min(Sufficiency::MENTIONED) } else { best(sound) };
    let tally = joined_tally(requirement, &adding);
    let together = (adding.len() > 1).then(|| tally.level(in_force, thresholds));
    let sufficiency = together.map_or(alone, |together| together.max(alone)).min(limit);
    let surest = own.iter().max_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let confidence = surest.map(|found| joined_confidence(found.confidence, alone, sufficiency));
    Joined { alone, together, tally, share_in_force, in_force, sufficiency, confidence }
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

fn is_graded_by_person(found: &Match) -> bool {
    matches!(found.status, MatchStatus::Overridden | MatchStatus::Added)
}

/// Whether its checks count beside those of others: those of a document that may be about something else do not.
fn adds(found: &Match) -> bool {
    let is_sure = !has(found, |f| matches!(f, Finding::Doubtful));
    !is_graded_by_person(found) && (is_sure || found.sufficiency > Sufficiency::PARTIAL)
}

fn is_sound(found: &Match) -> bool {
    if is_graded_by_person(found) {
        return found.sufficiency >= Sufficiency::PARTIAL;
    }
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

/// The checks of all sound documents together: what is laid down anywhere, and what dated records show.
fn joined_tally(requirement: &Requirement, sound: &[&Match]) -> Tally {
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
    let met: Vec<&Check> =
        requirement.checks.iter().filter(|check| check_state(check, sound).met).collect();
    Tally {
        checks: requirement.checks.len(),
        met: met.len(),
        recorded,
        paper: requirement.checks.iter().filter(|check| is_paper(check)).count(),
        paper_met: met.iter().filter(|check| is_paper(check)).count(),
        ..Tally::default()
    }
}
