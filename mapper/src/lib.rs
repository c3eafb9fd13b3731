//! Candidates to matches to assessments, with a score and its rationale
