use serde::Serialize;
use sufficit_evidence::Sufficiency;

/// The probability that an auditor would give a match 2 or more, and what it is made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Confidence {
    /// 0 to 1: a logistic curve over the sum.
    pub confidence: f32,
    /// What the parts add up to.
    pub sum: f32,
    /// The parts, in the order in which they are added.
    pub parts: Vec<ConfidencePart>,
}

/// One part of a confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ConfidencePart {
    /// What is counted.
    pub of: &'static str,
    /// How much of it there is.
    pub amount: f32,
    /// What each unit of it adds.
    pub weight: f32,
}

impl ConfidencePart {
    /// What the part adds to the sum.
    pub fn adds(&self) -> f32 {
        self.amount * self.weight
    }
}

/// The probability that an auditor would give this match 2 or more.
///
/// A logistic curve over relevance and grade. Its three numbers are what `bench/fit_confidence.py` prints for the
/// graded documents; docs/evaluation.md has the command and how well they hold on repositories left out.
pub(crate) fn confidence(relevance: f32, grade: Sufficiency) -> Confidence {
    let parts = vec![
        ConfidencePart { of: "base", amount: 1.0, weight: -3.86 },
        ConfidencePart { of: "relevance", amount: relevance, weight: 1.99 },
        ConfidencePart { of: "sufficiency", amount: f32::from(grade.level()), weight: 0.90 },
    ];
    let sum: f32 = parts.iter().map(ConfidencePart::adds).sum();
    Confidence { confidence: 1.0 / (1.0 + (-sum).exp()), sum, parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probability(relevance: f32, grade: Sufficiency) -> f32 {
        confidence(relevance, grade).confidence
    }

    #[test]
    fn more_relevance_and_a_higher_grade_mean_more_confidence() {
        assert!(probability(0.9, Sufficiency::PARTIAL) > probability(0.5, Sufficiency::PARTIAL));
        assert!(probability(0.5, Sufficiency::DEFINED) > probability(0.5, Sufficiency::PARTIAL));
        assert!(probability(0.0, Sufficiency::NONE) < 0.05);
    }
}
