use std::cmp::Ordering;
use sufficit_evidence::Candidate;

/// The best passages of a document for each probe, at most so many.
#[derive(Debug)]
pub(crate) struct BestPassages {
    most: usize,
    kept: Vec<Vec<Candidate>>,
    /// For each probe: the score above which a further passage is wanted.
    wanted: Vec<f32>,
}

impl BestPassages {
    /// Nothing yet, for `probes` probes and at most `most` passages for each.
    pub(crate) fn new(probes: usize, most: usize) -> Self {
        let above = if most == 0 { f32::INFINITY } else { f32::NEG_INFINITY };
        Self { most, kept: vec![Vec::new(); probes], wanted: vec![above; probes] }
    }

    /// The score above which a further passage is wanted for each probe.
    pub(crate) fn wanted(&self) -> &[f32] {
        &self.wanted
    }

    /// Takes a candidate, where it is among the best. Of two with one score the earlier passage stands first.
    pub(crate) fn offer(&mut self, candidate: Candidate) {
        let probe = candidate.probe as usize;
        let score = candidate.score;
        // Written so that a score that is no number is refused.
        if score.partial_cmp(&self.wanted[probe]) != Some(Ordering::Greater) {
            return;
        }
        let kept = &mut self.kept[probe];
        let place = kept.partition_point(|better| better.score >= score);
        kept.insert(place, candidate);
        kept.truncate(self.most);
        if let Some(last) = kept.get(self.most - 1) {
            self.wanted[probe] = last.score;
        }
    }

    /// Takes all of `later`, which holds passages behind these.
    pub(crate) fn join(mut self, later: Self) -> Self {
        for candidate in later.kept.into_iter().flatten() {
            self.offer(candidate);
        }
        self
    }

    /// Everything kept: by probe, best first.
    pub(crate) fn into_candidates(self) -> Vec<Candidate> {
        self.kept.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sufficit_evidence::Span;

    fn candidate(probe: u32, passage: u32, score: f32) -> Candidate {
        Candidate {
            probe,
            passage,
            lexical: 0.0,
            semantic: 0.0,
            score,
            field: None,
            focus: Span::default(),
            focus_score: 0.0,
            reading: None,
        }
    }

    proptest! {
        #[test]
        fn the_best_are_kept_wherever_the_passages_are_parted(
            scores in prop::collection::vec(0u8..6, 0..30), most in 0usize..4, part in 0usize..30,
        ) {
            let all: Vec<Candidate> =
                (0u32..).zip(&scores).map(|(i, &s)| candidate(i % 2, i, f32::from(s))).collect();
            let keep = |some: &[Candidate]| {
                let mut best = BestPassages::new(2, most);
                some.iter().for_each(|c| best.offer(*c));
                best
            };
            let (head, tail) = all.split_at(part.min(all.len()));
            let joined = keep(head).join(keep(tail)).into_candidates();
            let mut expected = Vec::new();
            for probe in 0..2 {
                let mut own: Vec<Candidate> =
                    all.iter().filter(|c| c.probe == probe).copied().collect();
                own.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
                own.truncate(most);
                expected.extend(own);
            }
            prop_assert_eq!(&joined, &expected);
            prop_assert_eq!(&keep(&all).into_candidates(), &expected);
        }
    }
}
