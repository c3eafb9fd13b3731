use crate::Candidate;
use serde::{Deserialize, Serialize};

/// The numbers behind relevance and sufficiency. Loaded from `config/rubric.toml`, where each says what it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// Raised with each change of a number.
    pub version: String,
    /// How lexical and semantic scores become one.
    pub fusion: Fusion,
    /// What a passage's scores weigh in a requirement's relevance.
    pub relevance: RelevanceWeights,
    /// How likely it is that a document bears on a requirement at all.
    pub real: RealWeights,
    /// How likely it is that a passage meets a check.
    pub met: MetWeights,
    /// The same where a model has read check and quote together; not used where this is `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<MetWeights>,
    /// Where one grade ends and the next begins.
    pub thresholds: Thresholds,
    /// The curves beside an ONNX model, whose similarities are spread otherwise; those above where this is `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onnx: Option<Curves>,
}

/// The two fitted curves of one kind of embedding model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curves {
    /// In place of the rubric's.
    pub real: RealWeights,
    /// In place of the rubric's.
    pub met: MetWeights,
    /// In place of the rubric's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<MetWeights>,
}

impl Rubric {
    /// The rubric that holds beside the embedding model: its curves are those of the model's kind.
    pub fn beside_onnx(self, onnx: bool) -> Self {
        match self.onnx {
            Some(Curves { real, met, read }) if onnx => {
                Self { real, met, read, onnx: None, ..self }
            }
            _ => Self { onnx: None, ..self },
        }
    }

    /// The probability, 0 to 1, that a candidate's passage meets its check, in a document that bears on the requirement with the
    /// probability `real`.
    pub fn meets(&self, candidate: &Candidate, real: f32) -> f32 {
        self.curve(candidate).probability(candidate.score, real, candidate.reading)
    }

    /// The score from which a passage that was read as this candidate was could meet the check: below what touches the check only where
    /// it would be met unread as well, and never below what has its quote looked for.
    pub fn met_from(&self, candidate: &Candidate, real: f32) -> f32 {
        let Thresholds { check_met, check_touched, .. } = self.thresholds;
        let reading = candidate.reading;
        let unread = self.met.score_for(check_met, real, None).min(check_touched);
        let read = self.curve(candidate).score_for(check_met, real, reading);
        read.max(unread).max(self.fusion.focus_from)
    }

    /// Whether reading a candidate's quote can settle its check: nothing is partial in a document that hardly bears on the requirement,
    /// and where the score says enough, no reading changes it. What scores too little to touch the check, and meets it only because its
    /// document so surely bears on the requirement, meets it no more where the reading is against it.
    pub fn wants_reading(&self, candidate: &Candidate, real: f32) -> bool {
        let Thresholds { check_met, check_touched, real_partial, .. } = self.thresholds;
        let is_open = |read: &MetWeights| {
            let unread = log_odds(read.probability(candidate.score, real, Some(0.0)));
            (unread - log_odds(check_met)).abs() <= read.reading * FIRMEST
        };
        real >= real_partial
            && (candidate.score >= check_touched
                || self.met.probability(candidate.score, real, None) >= check_met)
            && self.read.as_ref().is_some_and(is_open)
    }

    fn curve(&self, candidate: &Candidate) -> &MetWeights {
        self.read.as_ref().filter(|_| candidate.reading.is_some()).unwrap_or(&self.met)
    }
}

/// What a passage's scores weigh in a requirement's relevance; see the mapper's `relevance`.
///
/// Relevance orders requirements for one document, so nothing is taken off for the crowd: it is the same for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelevanceWeights {
    /// Weight of the lexical share; the semantic score counts as in [`Fusion`].
    pub lexical: f32,
    /// The score against the requirement as a whole.
    pub subject: f32,
    /// The score against the check that it is nearest to.
    pub best_check: f32,
    /// The score against the check that it is second nearest to.
    pub second_check: f32,
    /// What the three best passages weigh. On long documents three passages tell more than one (quality.md).
    pub passage_shares: [f32; 3],
}

/// The probability that a document bears on a requirement, a logistic curve:
/// `1 / (1 + exp(-(intercept + near * N + distinct * D + name * U)))`, with the evidence N of passages that score more than the crowd
/// takes off, the distinctness D of the best of them, and the share U of what the requirement's usual evidence is called that stands in one
/// sentence or the title. Fitted to graded documents; docs/evaluation.md says how.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RealWeights {
    /// Weight of the lexical share in the firm evidence; the semantic score counts as in [`Fusion`].
    pub words: f32,
    /// Its value where there is nothing.
    pub intercept: f32,
    /// Weight of the firm evidence.
    pub near: f32,
    /// Weight of what the best passage scores beyond what it scores for the crowd of other requirements.
    pub distinct: f32,
    /// Weight of the share of a usual name that stands in one sentence or the title.
    pub name: f32,
    /// Weight of a title that is that of a [document type](crate::DocumentType) which usually shows the requirement.
    #[serde(default)]
    pub document_type: f32,
}

/// What is known of a document and a requirement, for the probability that the one bears on the other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bearing {
    /// The evidence of passages that score more than the crowd takes off, 0 and up.
    pub near: f32,
    /// What the best passage scores beyond what it scores for the crowd, 0 and up.
    pub distinct: f32,
    /// The share of a usual name that stands in one sentence or the title, 0 to 1.
    pub named: f32,
    /// Whether the title is that of a document type which usually shows the requirement.
    pub typed: bool,
}

impl RealWeights {
    /// The probability, 0 to 1.
    pub fn probability(&self, of: Bearing) -> f32 {
        let typed = if of.typed { self.document_type } else { 0.0 };
        let z = self.intercept
            + self.near * of.near
            + self.distinct * of.distinct
            + self.name * of.named
            + typed;
        logistic(z)
    }
}

/// Log-odds beyond which a reading is taken for no firmer: nine in ten lie within on documents like those that it learned from, two in three
/// on others' (docs/decisions/0024).
const FIRMEST: f32 = 3.0;

/// The curve behind "meets the check with a probability of": how likely a passage lays down or shows what a check
/// asks for. Less has to be said where the document surely bears on the requirement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetWeights {
    /// Its value where nothing is scored and bearing is as likely as not.
    pub intercept: f32,
    /// Weight of the passage's score for the check.
    pub score: f32,
    /// Weight of the log-odds that the document bears on the requirement.
    pub bearing: f32,
    /// Weight of the log-odds with which a model that read check and quote together takes it to be met.
    #[serde(default)]
    pub reading: f32,
}

impl MetWeights {
    /// The probability, 0 to 1, from a passage's score, the probability that its document bears on the requirement and what the
    /// reading of its quote says.
    pub fn probability(&self, score: f32, real: f32, reading: Option<f32>) -> f32 {
        logistic(self.score * score + self.beside_score(real, reading))
    }

    /// The score at which the probability is this one.
    pub fn score_for(&self, probability: f32, real: f32, reading: Option<f32>) -> f32 {
        (log_odds(probability) - self.beside_score(real, reading)) / self.score
    }

    fn beside_score(&self, real: f32, reading: Option<f32>) -> f32 {
        let reading = reading.unwrap_or(0.0).clamp(-FIRMEST, FIRMEST);
        self.intercept + self.bearing * log_odds(real) + self.reading * reading
    }
}

/// The probability, 0 to 1, whose log-odds these are.
pub fn logistic(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The logarithm of the odds of a probability. Finite for certainties too: nothing is believed more firmly than 1 in 10,000.
pub fn log_odds(probability: f32) -> f32 {
    let p = probability.clamp(1e-4, 1.0 - 1e-4);
    (p / (1.0 - p)).ln()
}

/// How lexical and semantic scores become one, before the passage's crowd score is taken off:
/// `lexical_weight * lexical + semantic_weight * clamp((semantic - semantic_floor) / (semantic_ceiling - semantic_floor), 0, 1)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fusion {
    /// Weight of the lexical share.
    pub lexical_weight: f32,
    /// Weight of the semantic score.
    pub semantic_weight: f32,
    /// Standard deviations above the background at which the semantic score begins to count.
    pub semantic_floor: f32,
    /// Standard deviations above the background at which it counts in full.
    pub semantic_ceiling: f32,
    /// Share of a heading's words that count for the passages below it, 0 to 1.
    pub heading_weight: f32,
    /// Rarity that a probe of few words is measured as if it had: the few words of "a list says who holds which key"
    /// stand in texts on anything. Rarity is BM25's, about 4 for a word of a trade.
    pub least_rarity: f32,
    /// Passages kept for each probe of a document.
    pub passages_per_probe: usize,
    /// Score from which the nearest sentence of a passage is looked for; below it nothing is ever quoted.
    pub focus_from: f32,
    /// Share of a passage's crowd score that is taken off its scores: a passage that is near many probes of a
    /// framework says little for any one of them. 0 to 1.
    pub crowd_weight: f32,
    /// Probes of a framework whose best scores make up a passage's crowd score, by their mean.
    pub crowd_probes: usize,
}

/// Where one grade ends and the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Evidence at which relevance is one half.
    pub relevance_middle: f32,
    /// How steeply relevance rises there, per unit of evidence.
    pub relevance_slope: f32,
    /// Probability of bearing on the requirement under which nothing is proposed.
    pub real: f32,
    /// Candidate score at which a check counts as touched.
    pub check_touched: f32,
    /// Probability from which a passage is held to meet a check.
    pub check_met: f32,
    /// Probability of bearing on the requirement from which a match can be partial.
    pub real_partial: f32,
    /// The same from which it can be defined.
    pub real_defined: f32,
    /// The same from which it can be controlled and more.
    pub real_controlled: f32,
    /// Log-odds of speaking of a framework's field from which a passage does, whatever its words.
    pub field: f32,
    /// What a check's quote has to score by itself for the check to be met.
    pub quote_met: f32,
    /// Words of a quote for each check that it can show; a shorter one shows one.
    pub words_a_check: usize,
    /// Share of checks met from which a match is at least partial.
    pub partial_share: f32,
    /// Share of checks met from which a match is defined.
    pub defined_share: f32,
    /// Share of checks shown by dated records from which the control is seen at work.
    pub recorded_share: f32,
    /// Months after approval or issue when a document without a review date counts as old.
    pub old_after_months: i32,
    /// Months for which a dated record still shows today's practice.
    pub record_valid_months: i32,
}

impl Fusion {
    /// One score from both: 0 and up. `lexical` is a share (0 to 1), `semantic` counts standard deviations.
    pub fn score(&self, lexical: f32, semantic: f32) -> f32 {
        self.lexical_part(lexical) + self.semantic_part(semantic)
    }

    /// What the lexical share (0 to 1) adds to a score.
    pub fn lexical_part(&self, lexical: f32) -> f32 {
        self.lexical_weight * lexical
    }

    /// What a semantic score, in standard deviations, adds to a score: 0 to `semantic_weight`.
    pub fn semantic_part(&self, semantic: f32) -> f32 {
        let range = self.semantic_ceiling - self.semantic_floor;
        self.semantic_weight * ((semantic - self.semantic_floor) / range).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MET: MetWeights = MetWeights { intercept: -0.9, score: 6.0, bearing: 0.25, reading: 0.5 };

    #[test]
    fn the_score_for_a_probability_has_that_probability() {
        for real in [0.0, 0.1, 0.6, 1.0] {
            for wanted in [0.2, 0.55, 0.9] {
                for reading in [None, Some(-1.0), Some(2.0)] {
                    let score = MET.score_for(wanted, real, reading);
                    let given = MET.probability(score, real, reading);
                    assert!((given - wanted).abs() < 1e-4, "{wanted} at {real}, {reading:?}");
                }
            }
        }
    }

    #[test]
    fn a_quote_that_was_read_as_showing_it_needs_to_be_less_near() {
        assert!(MET.score_for(0.55, 0.6, Some(1.0)) < MET.score_for(0.55, 0.6, Some(-1.0)));
    }

    #[test]
    fn a_document_that_surely_bears_on_it_needs_to_say_less() {
        assert!(MET.score_for(0.55, 0.95, None) < MET.score_for(0.55, 0.3, None));
    }
}
