use super::reranker::Reranker;
use crate::IndexError;
use std::collections::HashMap;
use sufficit_evidence::{Candidate, Passage, Probe};

/// How a matcher has the best passages of each probe read again.
#[derive(Debug)]
pub struct Rereading {
    reranker: Reranker,
    /// The probes' texts, by position.
    queries: Vec<String>,
    passages: usize,
    weight: f32,
}

impl Rereading {
    /// The `passages` best of each of `probes` are read again; a passage keeps `1 - weight` of its scores, and of the
    /// rest as much as the reranker gives it. `weight` lies between 0 and 1.
    pub fn new(reranker: Reranker, probes: &[Probe], passages: usize, weight: f32) -> Self {
        let queries = probes.iter().map(|probe| probe.text.clone()).collect();
        Self { reranker, queries, passages, weight }
    }

    /// Names the reranker and how it is used: equal where the same candidates get the same scores.
    pub fn version(&self) -> String {
        format!("{}*{}/{}", self.reranker.version(), self.weight, self.passages)
    }

    /// Lowers the scores of the best candidates of each probe, of those that score `from` or more. Candidates stand by
    /// probe, best first, and do so afterwards.
    pub(crate) fn reread(
        &self,
        candidates: &mut [Candidate],
        passages: &HashMap<u32, &Passage>,
        from: f32,
    ) -> Result<(), IndexError> {
        for group in candidates.chunk_by_mut(|a, b| a.probe == b.probe) {
            let most = group.iter().take_while(|candidate| candidate.score >= from).count();
            let best = &mut group[..most.min(self.passages)];
            let query = best.first().and_then(|first| self.queries.get(first.probe as usize));
            let Some(query) = query else { continue };
            let texts: Vec<String> = best
                .iter()
                .map(|candidate| passages.get(&candidate.passage).map(whole).unwrap_or_default())
                .collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            for (candidate, answer) in best.iter_mut().zip(self.reranker.answers(query, &texts)?) {
                for score in [&mut candidate.lexical, &mut candidate.semantic, &mut candidate.score]
                {
                    *score = lowered(*score, answer, self.weight);
                }
            }
            group.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
        }
        Ok(())
    }
}

/// The passage with its nearest heading and its table's header row.
fn whole(passage: &&Passage) -> String {
    let above = passage.heading.last().into_iter().chain(&passage.context);
    let lines: Vec<&str> = above.map(String::as_str).chain([passage.text.as_str()]).collect();
    lines.join("\n")
}

/// `score` without the part of it that the reranker has a say in and does not grant.
fn lowered(score: f32, answer: f32, weight: f32) -> f32 {
    score.min(score * (1.0 - weight * (1.0 - answer)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_score_is_never_raised_and_never_falls_below_what_is_kept(
            score in -4f32..4.0, answer in 0f32..=1.0, more in 0f32..=1.0, weight in 0f32..=1.0,
        ) {
            let given = lowered(score, answer, weight);
            prop_assert!(given <= score && given >= score.min(score * (1.0 - weight)) - 1e-5);
            prop_assert!(lowered(score, answer.max(more), weight) >= given);
            prop_assert_eq!(lowered(score, answer, 0.0), score);
        }
    }
}
