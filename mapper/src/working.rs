//! How a document came to its grade for one requirement: every number in it, named, with the passages behind them.
//!
//! The numbers are those that the grade was made of, taken from the values that made it; nothing is worked out twice.

use crate::confidence::Confidence;
use crate::finding::{CheckReading, Met, cite};
use crate::grade::{Grade, Tally};
use crate::ground::Ground;
use crate::map::Weighed;
use crate::relevance::{PassageSum, RelevanceSum, Scored};
use crate::rules::Rules;
use crate::standing::Standing;
use crate::voice::{Voice, voice};
use serde::Serialize;
use sufficit_evidence::{
    Candidate, CheckId, Citation, DateValue, Document, DocumentKind, DocumentStatus, Fact,
    FrameworkId, Proof, RequirementId, RequirementRef, Rubric,
};

/// Blanks that are pointed to.
const BLANKS_SHOWN: usize = 10;

/// How a document came to its grade for one requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Working {
    /// The requirement's framework.
    pub framework: FrameworkId,
    /// The requirement.
    pub requirement: RequirementId,
    /// Why there is no match; `None` where there is one. What follows then says what the document lacked.
    pub barred: Option<Barred>,
    /// How surely the document is about the requirement.
    pub relevance: RelevanceWorking,
    /// The probability that it bears on the requirement at all.
    pub real: RealWorking,
    /// Each check, in catalogue order.
    pub checks: Vec<CheckWorking>,
    /// What the checks add up to.
    pub tally: TallyWorking,
    /// The voice of the passages retrieved, taken as one text.
    pub tone: Voice,
    /// What the document's own facts say of its force.
    pub standing: StandingWorking,
    /// The grade and what limits it.
    pub grade: Grade,
    /// The probability that an auditor would give 2 or more.
    pub confidence: Confidence,
}

/// Why a document has no match for a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Barred {
    /// It is too improbable that it bears on the requirement.
    Improbable,
    /// Neither the document nor a passage retrieved is about the framework's field, the document names nothing of the theme's subject, or it is
    /// a report that leaves the framework's management system out.
    OtherField,
    /// None of its passages touches a check.
    NothingShown,
}

/// How relevance came about: `relevance = 1 / (1 + exp(-slope * (evidence - middle)))`, and 0 without evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RelevanceWorking {
    /// 0 to 1.
    pub relevance: f32,
    /// What the passages add up to, 0 and up.
    pub evidence: f32,
    /// Evidence at which relevance is one half.
    pub middle: f32,
    /// How steeply it rises there.
    pub slope: f32,
    /// The strongest passages, strongest first.
    pub passages: Vec<PassageWorking>,
}

/// How the probability that a document bears on a requirement came about:
/// `real = 1 / (1 + exp(-(intercept + near * firm + distinct * distinctness + name * named + document_type_weight)))`, the last only where
/// there is a document type.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RealWorking {
    /// 0 to 1.
    pub real: f32,
    /// The least that makes a match.
    pub needed: f32,
    /// The least for a grade of 2 and more.
    pub partial_from: f32,
    /// The least for a grade of 3 and more.
    pub defined_from: f32,
    /// The least for a grade of 4 and more.
    pub controlled_from: f32,
    /// Where nothing is near.
    pub intercept: f32,
    /// Weight of the firm evidence.
    pub near: f32,
    /// The evidence behind relevance, of passages alone that score more than the crowd takes off.
    pub firm: f32,
    /// Weight of the distinctness.
    pub distinct: f32,
    /// What the most distinct passage scores beyond what it scores for many requirements alike, 0 and up.
    pub distinctness: f32,
    /// That passage.
    pub passage: Option<PassageWorking>,
    /// Weight of a usual name.
    pub name: f32,
    /// How much of what the requirement's usual evidence is called stands in one sentence or the title, 0 to 1.
    pub named: f32,
    /// That name.
    pub usual_name: Option<String>,
    /// What a title adds that is that of a document which usually shows the requirement.
    pub document_type_weight: f32,
    /// What sort of document that is, as in `an incident report`; `None` where the title tells none that usually shows it.
    pub document_type: Option<String>,
    /// The probability without the title: what checks are read beside, for a title shows none.
    pub by_passages: f32,
}

/// What one passage adds: `adds = share * evidence`, where `evidence` is the sum over `probes` of `weight * score`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PassageWorking {
    /// Its ordinal in the document.
    pub passage: u32,
    /// What it adds to the evidence.
    pub adds: f32,
    /// The share of it that counts, 0 to 1; less for the second and third strongest.
    pub share: f32,
    /// What it amounts to by itself.
    pub evidence: f32,
    /// What it was near to.
    pub probes: Vec<ProbeWorking>,
    /// Where it stands, and what of it is nearest.
    pub citation: Citation,
}

/// What a passage scored against one text of the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProbeWorking {
    /// The part that it plays in the passage's evidence.
    pub role: ProbeRole,
    /// The check; `None` for the requirement as a whole.
    pub check: Option<CheckId>,
    /// What its score weighs.
    pub weight: f32,
    /// The score and its parts.
    pub score: ScoreWorking,
}

/// The part that a score plays in a passage's evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProbeRole {
    /// Against the requirement as a whole.
    Subject,
    /// Against the check that the passage is nearest to.
    BestCheck,
    /// Against the check that it is second nearest to.
    SecondCheck,
}

/// A candidate's score and what it is made of: `score = lexical + semantic - taken_off`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ScoreWorking {
    /// What counts.
    pub score: f32,
    /// What the words shared add.
    pub lexical: f32,
    /// Share of the probe's words that the passage has, by rarity: 0 to 1.
    pub lexical_share: f32,
    /// What nearness in meaning adds.
    pub semantic: f32,
    /// Nearness in meaning, in standard deviations above unrelated text.
    pub deviations: f32,
    /// What is taken off: what the passage has in common with many texts of the catalogue, and whatever a second reading
    /// does not grant.
    pub taken_off: f32,
    /// What the quote scores by itself; 0 where none was looked for.
    pub quote: f32,
}

/// How one check was read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckWorking {
    /// Which check.
    pub check: CheckId,
    /// What is verified.
    pub text: String,
    /// What sort of evidence meets it.
    pub by: Proof,
    /// How far it is met.
    pub met: Met,
    /// Why it was judged so.
    pub ground: Ground,
    /// The score from which a passage touches it.
    pub touched_from: f32,
    /// The score from which the passage below could meet it.
    pub met_from: Option<f32>,
    /// The probability of meeting it from which a passage can meet it, 0 to 1.
    pub meets_from: f32,
    /// The probability that the passage below meets the check, as far as its score and the reading of its quote tell.
    pub meets: Option<f32>,
    /// How surely its quote shows the check, by the log-odds of the model that read both together; `None` where none did.
    pub reading: Option<f32>,
    /// What the quote has to score by itself.
    pub quote_from: f32,
    /// Scores of the passage that settled it, or else of the nearest; `None` where none was retrieved.
    pub best: Option<ScoreWorking>,
    /// How that passage's quote speaks.
    pub voice: Option<Voice>,
    /// The quote. Where the check is missing it is the nearest text, and no evidence.
    pub citation: Option<Citation>,
}

/// What the checks add up to, against the shares that grades want.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TallyWorking {
    /// The counts.
    #[serde(flatten)]
    pub counts: Tally,
    /// Share of the checks met: 0 to 1.
    pub share: f32,
    /// The share from which a grade of 2 is given.
    pub partial_from: f32,
    /// The share from which a grade of 3 is given.
    pub defined_from: f32,
    /// Share of the checks shown by dated records: 0 to 1.
    pub recorded_share: f32,
    /// The share from which the control is seen at work.
    pub recorded_from: f32,
}

/// What the document says of itself, and what that makes of its force.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StandingWorking {
    /// Whether it is owned, approved, versioned, current and complete.
    pub in_force: bool,
    /// What sort of evidence it is.
    pub kind: DocumentKind,
    /// What was concluded from the facts.
    #[serde(flatten)]
    pub standing: Standing,
    /// Who answers for it, and where it says so.
    pub owner: Option<Fact<String>>,
    /// Who approved it.
    pub approver: Option<Fact<String>>,
    /// Its version.
    pub version: Option<Fact<String>>,
    /// Its status.
    pub status: Option<Fact<DocumentStatus>>,
    /// When it was issued.
    pub issued: Option<Fact<DateValue>>,
    /// When it was approved.
    pub approved_on: Option<Fact<DateValue>>,
    /// When it was last reviewed.
    pub reviewed: Option<Fact<DateValue>>,
    /// When its next review is due.
    pub next_review: Option<Fact<DateValue>>,
    /// Where blanks are left: the first ten.
    pub blanks: Vec<Citation>,
}

impl Working {
    pub(crate) fn new(
        rules: &Rules,
        document: &Document,
        name: &RequirementRef,
        relevance: &RelevanceSum<'_>,
        weighed: Weighed<'_>,
        standing: Standing,
        barred: Option<Barred>,
    ) -> Self {
        let rubric = rules.rubric();
        let checks = weighed.readings.iter();
        Self {
            framework: name.framework.clone(),
            requirement: name.requirement.clone(),
            barred,
            relevance: relevance_working(rules, document, relevance),
            real: real_working(rules, document, relevance),
            checks: checks
                .map(|reading| check_working(rubric, document, relevance.by_passages, reading))
                .collect(),
            tally: TallyWorking::new(rubric, weighed.tally),
            tone: weighed.tone,
            standing: standing_working(document, standing),
            grade: weighed.grade,
            confidence: weighed.confidence,
        }
    }

    /// Whether it is about this requirement.
    pub fn is_of(&self, name: &RequirementRef) -> bool {
        self.framework == name.framework && self.requirement == name.requirement
    }

    /// The strongest passage, where any was retrieved.
    pub fn nearest(&self) -> Option<&PassageWorking> {
        self.relevance.passages.first()
    }

    /// The check that the document comes nearest to by score, where any passage was retrieved for one.
    pub fn nearest_check(&self) -> Option<(&CheckWorking, &ScoreWorking)> {
        let scored = self.checks.iter().filter_map(|check| Some((check, check.best.as_ref()?)));
        scored.max_by(|(_, a), (_, b)| a.score.total_cmp(&b.score))
    }

    /// Whether there is no match because what comes near is about another field than the framework's.
    pub fn is_of_other_field(&self) -> bool {
        let nearest = || self.nearest_check().map(|(check, _)| check.ground);
        match self.barred {
            Some(Barred::OtherField) => true,
            Some(Barred::NothingShown) => nearest() == Some(Ground::OtherField),
            _ => false,
        }
    }
}

fn relevance_working(
    rules: &Rules,
    document: &Document,
    sum: &RelevanceSum<'_>,
) -> RelevanceWorking {
    let thresholds = &rules.rubric().thresholds;
    let weight = rules.rubric().relevance.lexical;
    let passages = sum.passages.iter();
    RelevanceWorking {
        relevance: sum.relevance,
        evidence: sum.evidence,
        middle: thresholds.relevance_middle,
        slope: thresholds.relevance_slope,
        passages: passages
            .filter_map(|part| passage_working(rules, document, part, weight))
            .collect(),
    }
}

fn real_working(rules: &Rules, document: &Document, sum: &RelevanceSum<'_>) -> RealWorking {
    let Rubric { real, thresholds, fusion, .. } = rules.rubric();
    let distinct = sum.distinct.as_ref();
    RealWorking {
        real: sum.real,
        needed: thresholds.real,
        partial_from: thresholds.real_partial,
        defined_from: thresholds.real_defined,
        controlled_from: thresholds.real_controlled,
        intercept: real.intercept,
        near: real.near,
        distinct: real.distinct,
        firm: sum.firm,
        distinctness: distinct.map_or(0.0, |passage| passage.evidence),
        passage: distinct
            .and_then(|part| passage_working(rules, document, part, fusion.lexical_weight)),
        name: real.name,
        named: sum.titled.named.map_or(0.0, |named| named.share),
        usual_name: sum.titled.named.map(|named| named.name.to_owned()),
        document_type_weight: real.document_type,
        document_type: sum.titled.document_type.map(str::to_owned),
        by_passages: sum.by_passages,
    }
}

fn passage_working(
    rules: &Rules,
    document: &Document,
    part: &PassageSum<'_>,
    lexical_weight: f32,
) -> Option<PassageWorking> {
    let weights = &rules.rubric().relevance;
    let passage = document.passages.get(part.passage as usize)?;
    let parts = [
        (ProbeRole::BestCheck, weights.best_check, part.best_check),
        (ProbeRole::SecondCheck, weights.second_check, part.second_check),
        (ProbeRole::Subject, weights.subject, part.subject),
    ];
    let nearest = parts.iter().find_map(|(.., scored)| *scored)?.candidate;
    let probe = |(role, weight, scored): (ProbeRole, f32, Option<Scored<'_>>)| {
        let Scored { candidate, score } = scored?;
        Some(ProbeWorking {
            role,
            check: rules.catalogue().check_of(candidate.probe),
            weight,
            score: score_working(rules.rubric(), lexical_weight, candidate, score),
        })
    };
    Some(PassageWorking {
        passage: part.passage,
        adds: part.share * part.evidence,
        share: part.share,
        evidence: part.evidence,
        probes: parts.into_iter().filter_map(probe).collect(),
        citation: cite(passage, nearest),
    })
}

fn score_working(
    rubric: &Rubric,
    lexical_weight: f32,
    candidate: &Candidate,
    score: f32,
) -> ScoreWorking {
    let lexical = lexical_weight * candidate.lexical;
    let semantic = rubric.fusion.semantic_part(candidate.semantic);
    ScoreWorking {
        score,
        lexical,
        lexical_share: candidate.lexical,
        semantic,
        deviations: candidate.semantic,
        taken_off: (lexical + semantic - score).max(0.0),
        quote: candidate.focus_score,
    }
}

fn check_working(
    rubric: &Rubric,
    document: &Document,
    real: f32,
    reading: &CheckReading<'_>,
) -> CheckWorking {
    let candidate = reading.candidate.as_ref();
    let citation = candidate.and_then(|candidate| {
        Some(cite(document.passages.get(candidate.passage as usize)?, candidate))
    });
    CheckWorking {
        check: reading.check.id.clone(),
        text: reading.check.text.clone(),
        by: reading.check.by,
        met: reading.met,
        ground: reading.ground,
        touched_from: rubric.thresholds.check_touched,
        met_from: candidate.map(|candidate| rubric.met_from(candidate, real)),
        meets_from: rubric.thresholds.check_met,
        meets: candidate.map(|candidate| rubric.meets(candidate, real)),
        reading: candidate.and_then(|candidate| candidate.reading),
        quote_from: rubric.thresholds.quote_met,
        best: candidate.map(|candidate| {
            score_working(rubric, rubric.fusion.lexical_weight, candidate, candidate.score)
        }),
        voice: citation.as_ref().map(|citation| voice(&citation.quote)),
        citation,
    }
}

impl TallyWorking {
    pub(crate) fn new(rubric: &Rubric, counts: Tally) -> Self {
        let thresholds = &rubric.thresholds;
        Self {
            counts,
            share: counts.share(),
            partial_from: thresholds.partial_share,
            defined_from: thresholds.defined_share,
            recorded_share: counts.recorded_share(),
            recorded_from: thresholds.recorded_share,
        }
    }
}

fn standing_working(document: &Document, standing: Standing) -> StandingWorking {
    let facts = &document.facts;
    StandingWorking {
        in_force: standing.in_force(),
        kind: facts.kind(),
        standing,
        owner: facts.owner.clone(),
        approver: facts.approver.clone(),
        version: facts.version.clone(),
        status: facts.status.clone(),
        issued: facts.issued.clone(),
        approved_on: facts.approved.clone(),
        reviewed: facts.reviewed.clone(),
        next_review: facts.next_review.clone(),
        blanks: facts.placeholders.iter().take(BLANKS_SHOWN).cloned().collect(),
    }
}
