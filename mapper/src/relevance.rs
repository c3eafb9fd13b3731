use std::collections::BTreeMap;
use sufficit_evidence::{Candidate, Catalogue, ProbeKind, RequirementRef, Rubric};

/// How surely a text is about a requirement.
#[derive(Clone, Debug, PartialEq)]
pub struct Relevance {
    /// The requirement.
    pub name: RequirementRef,
    /// 0 to 1.
    pub relevance: f32,
}

/// A requirement's candidates, as ranges of the probes that belong to it.
#[derive(Debug)]
pub(crate) struct Pool<'a> {
    /// The position of its subject probe; those of its checks follow.
    pub(crate) first_probe: usize,
    /// All of its candidates, by probe and then best first.
    pub(crate) candidates: &'a [Candidate],
}

impl<'a> Pool<'a> {
    /// The candidates of the check at this position among the requirement's, best first.
    pub(crate) fn of_check(&self, position: usize) -> &'a [Candidate] {
        let probe = (self.first_probe + 1 + position) as u32;
        let start = self.candidates.partition_point(|candidate| candidate.probe < probe);
        let end = self.candidates.partition_point(|candidate| candidate.probe <= probe);
        self.candidates.get(start..end).unwrap_or_default()
    }
}

/// Every requirement with candidates, most relevant first; ties in catalogue order. `candidates` stand by probe.
pub fn rank(catalogue: &Catalogue, rubric: &Rubric, candidates: &[Candidate]) -> Vec<Relevance> {
    let mut ranking: Vec<Relevance> = pools(catalogue, candidates)
        .map(|(name, pool)| Relevance {
            name,
            relevance: Evidence::of(rubric, &pool).relevance(rubric),
        })
        .filter(|entry| entry.relevance > 0.0)
        .collect();
    ranking.sort_by(|a, b| b.relevance.total_cmp(&a.relevance));
    ranking
}

/// The candidates of each requirement that has any, in catalogue order.
pub(crate) fn pools<'a>(
    catalogue: &'a Catalogue,
    candidates: &'a [Candidate],
) -> impl Iterator<Item = (RequirementRef, Pool<'a>)> {
    let mut rest = candidates;
    let mut first_probe = 0;
    catalogue.requirements().filter_map(move |(framework, requirement)| {
        let probe = first_probe;
        first_probe += 1 + requirement.checks.len();
        debug_assert!(matches!(catalogue.probes()[probe].kind, ProbeKind::Subject));
        let split = rest.partition_point(|candidate| (candidate.probe as usize) < first_probe);
        let (own, others) = rest.split_at(split);
        rest = others;
        (!own.is_empty()).then(|| {
            (framework.reference(requirement), Pool { first_probe: probe, candidates: own })
        })
    })
}

/// What the passages retrieved for a requirement amount to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Evidence {
    /// The three best passages, each with the best that its checks and its subject make of it. 0 and up.
    pub(crate) near: f32,
    /// What the best passage scores beyond what it scores for the crowd of other requirements.
    pub(crate) distinct: f32,
}

impl Evidence {
    /// Weighs a requirement's candidates.
    pub(crate) fn of(rubric: &Rubric, pool: &Pool<'_>) -> Self {
        let Rubric { fusion, relevance: weights, .. } = rubric;
        let near = by_passage(rubric, pool, |candidate| {
            weights.lexical * candidate.lexical + fusion.semantic_part(candidate.semantic)
        });
        let distinct = by_passage(rubric, pool, |candidate| candidate.score);
        let shares = weights.passage_shares;
        Self {
            near: near.iter().zip(shares).map(|(evidence, share)| evidence * share).sum(),
            distinct: distinct.first().copied().unwrap_or_default(),
        }
    }

    /// Relevance, 0 to 1: a logistic curve (middle and slope in the rubric).
    pub(crate) fn relevance(&self, rubric: &Rubric) -> f32 {
        let thresholds = &rubric.thresholds;
        if self.near <= 0.0 {
            return 0.0;
        }
        let z = (self.near - thresholds.relevance_middle) * thresholds.relevance_slope;
        1.0 / (1.0 + (-z).exp())
    }

    /// The probability that the document bears on the requirement, 0 to 1.
    pub(crate) fn real(&self, rubric: &Rubric) -> f32 {
        rubric.real.probability(self.near, self.distinct)
    }
}

/// What each passage is worth to the requirement by this score of its candidates, best first.
fn by_passage(rubric: &Rubric, pool: &Pool<'_>, score: impl Fn(&Candidate) -> f32) -> Vec<f32> {
    let subject_probe = pool.first_probe as u32;
    let mut passages: BTreeMap<u32, (f32, f32, f32)> = BTreeMap::new();
    for candidate in pool.candidates {
        let (subject, best, second) = passages.entry(candidate.passage).or_default();
        let score = score(candidate);
        if candidate.probe == subject_probe {
            *subject = subject.max(score);
        } else if score > *best {
            (*best, *second) = (score, *best);
        } else {
            *second = second.max(score);
        }
    }
    let weights = &rubric.relevance;
    let mut strongest: Vec<f32> = passages
        .values()
        .map(|(subject, best, second)| {
            weights.subject * subject + weights.best_check * best + weights.second_check * second
        })
        .collect();
    strongest.sort_by(|a, b| b.total_cmp(a));
    strongest
}
