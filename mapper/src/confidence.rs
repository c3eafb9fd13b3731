use sufficit_evidence::Sufficiency;

/// The probability that an auditor would give this match 2 or more, 0 to 1.
///
/// A logistic curve over relevance and grade. Its three numbers are what `bench/fit_confidence.py` prints for the
/// graded documents; docs/evaluation.md has the command and how well they hold on repositories left out.
pub(crate) fn confidence(relevance: f32, grade: Sufficiency) -> f32 {
    let z = -3.86 + 1.99 * relevance + 0.90 * f32::from(grade.level());
    1.0 / (1.0 + (-z).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_relevance_and_a_higher_grade_mean_more_confidence() {
        assert!(confidence(0.9, Sufficiency::PARTIAL) > confidence(0.5, Sufficiency::PARTIAL));
        assert!(confidence(0.5, Sufficiency::DEFINED) > confidence(0.5, Sufficiency::PARTIAL));
        assert!(confidence(0.0, Sufficiency::NONE) < 0.05);
    }
}
