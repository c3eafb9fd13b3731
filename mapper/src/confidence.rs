use sufficit_evidence::Sufficiency;

/// The probability that an auditor would give this match 2 or more.
///
/// A logistic curve over relevance and grade; its four numbers were fitted by maximum likelihood to the graded
/// documents (docs/decisions/0005-confidence.md has the command and what it reached under cross-validation).
pub(crate) fn confidence(relevance: f32, grade: Sufficiency) -> f32 {
    let level = f32::from(grade.level());
    let z = -3.0 + 2.5 * relevance + 0.8 * level;
    1.0 / (1.0 + (-z).exp())
}
