use serde::Serialize;
use sufficit_evidence::{Calibration, Sufficiency, log_odds, logistic};

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

/// What each grade adds to the log-odds.
const A_GRADE: f32 = 0.75;

/// The probability that an auditor would give this match 2 or more, from the probability that its document bears on the requirement and
/// its grade.
///
/// A logistic curve. Its three numbers are what `bench/fit_curves.py` prints for the graded documents; docs/evaluation.md has
/// the command and how well they hold on repositories left out. Where reviewers' decisions calibrate it, they stretch the sum
/// and add to it.
pub(crate) fn confidence(
    real: f32,
    grade: Sufficiency,
    calibration: Option<Calibration>,
) -> Confidence {
    let thousandths = |number: i32| number as f32 / 1000.0;
    let stretch = calibration.map_or(1.0, |known| thousandths(known.slope));
    let grade = f32::from(grade.level());
    let mut parts = vec![
        ConfidencePart { of: "base", amount: 1.0, weight: -2.11 * stretch },
        ConfidencePart {
            of: "log-odds of bearing on it",
            amount: log_odds(real),
            weight: 0.67 * stretch,
        },
        ConfidencePart { of: "sufficiency", amount: grade, weight: A_GRADE * stretch },
    ];
    parts.extend(calibration.map(|known| ConfidencePart {
        of: "reviewers' decisions",
        amount: 1.0,
        weight: thousandths(known.intercept),
    }));
    Confidence::of(parts)
}

/// The same for several documents together: that of the surest of them, and what the grade of all adds to the best that one makes alone.
pub(crate) fn joined_confidence(surest: f32, alone: Sufficiency, grade: Sufficiency) -> Confidence {
    let beyond = f32::from(grade.level()) - f32::from(alone.level());
    Confidence::of(vec![
        ConfidencePart {
            of: "log-odds of the surest match",
            amount: log_odds(surest),
            weight: 1.0,
        },
        ConfidencePart { of: "sufficiency beyond the best alone", amount: beyond, weight: A_GRADE },
    ])
}

impl Confidence {
    fn of(parts: Vec<ConfidencePart>) -> Self {
        let sum: f32 = parts.iter().map(ConfidencePart::adds).sum();
        Self { confidence: logistic(sum), sum, parts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probability(real: f32, grade: Sufficiency) -> f32 {
        confidence(real, grade, None).confidence
    }

    #[test]
    fn surer_bearing_and_a_higher_grade_mean_more_confidence() {
        assert!(probability(0.9, Sufficiency::PARTIAL) > probability(0.5, Sufficiency::PARTIAL));
        assert!(probability(0.5, Sufficiency::DEFINED) > probability(0.5, Sufficiency::PARTIAL));
        assert!(probability(0.0, Sufficiency::NONE) < 0.05);
    }

    #[test]
    fn decisions_stretch_and_shift_it() {
        let with = |slope, intercept| {
            let calibration = Some(Calibration { slope, intercept });
            confidence(0.9, Sufficiency::CONTROLLED, calibration).confidence
        };
        let without = probability(0.9, Sufficiency::CONTROLLED);
        assert!((with(1000, 0) - without).abs() < 1e-6);
        assert!(with(1000, -500) < without && with(500, 0) < without && with(500, 0) > 0.5);
    }

    #[test]
    fn one_document_is_as_sure_alone_as_joined() {
        let alone = probability(0.7, Sufficiency::DEFINED);
        let joined = |grade| joined_confidence(alone, Sufficiency::DEFINED, grade).confidence;
        assert!((joined(Sufficiency::DEFINED) - alone).abs() < 1e-5);
        assert!(joined(Sufficiency::DEMONSTRATED) > alone);
    }
}
