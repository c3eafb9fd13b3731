use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The best passages met so far, at most so many: of two with one score, the one whose document and passage come first.
pub(super) struct Ranking {
    limit: usize,
    kept: BinaryHeap<Ranked>,
}

/// A passage and its score; the greater the worse, so that a heap gives the worst first.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Ranked {
    pub(super) score: f32,
    /// Its document's place in an order that the one who ranks knows.
    pub(super) document: u32,
    pub(super) passage: u32,
}

impl Ranking {
    /// Nothing yet.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, kept: BinaryHeap::new() }
    }

    /// Takes a passage where it is among the best.
    pub(super) fn offer(&mut self, passage: Ranked) {
        if self.kept.len() < self.limit {
            self.kept.push(passage);
        } else if let Some(mut worst) = self.kept.peek_mut()
            && passage < *worst
        {
            *worst = passage;
        }
    }

    /// The score below which no further passage is taken; `None` as long as there is room.
    pub(super) fn least(&self) -> Option<f32> {
        let worst = self.kept.peek().filter(|_| self.kept.len() >= self.limit);
        worst.map(|worst| worst.score).or((self.limit == 0).then_some(f32::INFINITY))
    }

    /// Takes all that `other` kept.
    pub(super) fn join(mut self, other: Self) -> Self {
        other.kept.into_iter().for_each(|passage| self.offer(passage));
        self
    }

    /// What was kept, best first.
    pub(super) fn into_sorted(self) -> Vec<Ranked> {
        self.kept.into_sorted_vec()
    }
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let places = (self.document, self.passage).cmp(&(other.document, other.passage));
        other.score.total_cmp(&self.score).then(places)
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_best_are_kept_wherever_they_are_parted(
            scores in prop::collection::vec(0u8..6, 0..30), limit in 0usize..5, part in 0usize..30,
        ) {
            let all: Vec<Ranked> = (0u32..)
                .zip(&scores)
                .map(|(at, &score)| Ranked {
                    score: f32::from(score), document: at * 7 % 5, passage: at,
                })
                .collect();
            let keep = |some: &[Ranked]| {
                let mut ranking = Ranking::new(limit);
                for passage in some {
                    let refused = ranking.least().is_some_and(|least| passage.score < least);
                    let before: Vec<u32> = ranking.kept.iter().map(|kept| kept.passage).collect();
                    ranking.offer(*passage);
                    let after: Vec<u32> = ranking.kept.iter().map(|kept| kept.passage).collect();
                    assert!(!refused || before == after);
                }
                ranking
            };
            let (head, tail) = all.split_at(part.min(all.len()));
            let places = |ranking: Ranking| -> Vec<u32> {
                ranking.into_sorted().iter().map(|ranked| ranked.passage).collect()
            };
            let mut expected = all.clone();
            expected.sort_by(|a, b| {
                b.score.total_cmp(&a.score)
                    .then((a.document, a.passage).cmp(&(b.document, b.passage)))
            });
            let expected: Vec<u32> =
                expected.iter().take(limit).map(|ranked| ranked.passage).collect();
            prop_assert_eq!(&places(keep(head).join(keep(tail))), &expected);
            prop_assert_eq!(&places(keep(&all)), &expected);
        }
    }
}
