use crate::usual_name::Named;
use std::collections::BTreeMap;
use sufficit_evidence::{
    Bearing, Candidate, Catalogue, ProbeKind, RequirementRef, Rubric, logistic,
};

/// How surely a text is about a requirement.
#[derive(Clone, Debug, PartialEq)]
pub struct Relevance {
    /// The requirement.
    pub name: RequirementRef,
    /// 0 to 1.
    pub relevance: f32,
}

/// A requirement's candidates, as ranges of the probes that belong to it.
#[derive(Clone, Copy, Debug)]
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

/// How a requirement's relevance came about, and the probability that the document bears on it.
#[derive(Debug)]
pub(crate) struct RelevanceSum<'a> {
    /// After the curve, 0 to 1.
    pub(crate) relevance: f32,
    /// Before it: what the strongest passages add, 0 and up.
    pub(crate) evidence: f32,
    /// These passages, strongest first.
    pub(crate) passages: Vec<PassageSum<'a>>,
    /// The passage that scores most beyond what it scores for the crowd of other requirements.
    pub(crate) distinct: Option<PassageSum<'a>>,
    /// The evidence before the curve, of candidates alone that score more than the crowd takes off.
    pub(crate) firm: f32,
    /// What the document is called, beside what such evidence is.
    pub(crate) titled: Titled<'a>,
    /// The probability that the document bears on the requirement, 0 to 1.
    pub(crate) real: f32,
    /// The same by its passages alone: a title shows no check.
    pub(crate) by_passages: f32,
}

/// What a document is called, beside what evidence for the requirement usually is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Titled<'a> {
    /// How much of what the requirement's usual evidence is called stands in one sentence or the title; `None` where nothing does.
    pub(crate) named: Option<Named<'a>>,
    /// The sort of document that the title tells, where such documents usually show the requirement.
    pub(crate) document_type: Option<&'a str>,
}

/// What one passage is worth to a requirement.
#[derive(Debug)]
pub(crate) struct PassageSum<'a> {
    /// Its ordinal.
    pub(crate) passage: u32,
    /// For the requirement as a whole.
    pub(crate) subject: Option<Scored<'a>>,
    /// For the check that it is nearest to, and for the second nearest.
    pub(crate) best_check: Option<Scored<'a>>,
    pub(crate) second_check: Option<Scored<'a>>,
    /// The three, weighted.
    pub(crate) evidence: f32,
    /// The share of it that counts, 0 to 1.
    pub(crate) share: f32,
}

/// A candidate and what it scores here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scored<'a> {
    pub(crate) candidate: &'a Candidate,
    pub(crate) score: f32,
}

impl PassageSum<'_> {
    fn of(passage: u32) -> Self {
        let (evidence, share) = (0.0, 1.0);
        Self { passage, subject: None, best_check: None, second_check: None, evidence, share }
    }
}

/// Every requirement with candidates, most relevant first; ties in catalogue order. `candidates` stand by probe.
pub fn rank(catalogue: &Catalogue, rubric: &Rubric, candidates: &[Candidate]) -> Vec<Relevance> {
    let mut ranking: Vec<Relevance> = pools(catalogue, candidates)
        .map(|(name, pool)| Relevance {
            name,
            relevance: relevance(rubric, pool, Titled::default(), |_| true).relevance,
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

/// The candidates of one requirement, which may be none; `None` where the catalogue has no such requirement.
pub(crate) fn pool<'a>(
    catalogue: &Catalogue,
    candidates: &'a [Candidate],
    name: &RequirementRef,
) -> Option<Pool<'a>> {
    let first_probe = catalogue.first_probe(name)?;
    let behind = first_probe + 1 + catalogue.requirement(name)?.checks.len();
    let start = candidates.partition_point(|c| (c.probe as usize) < first_probe);
    let end = candidates.partition_point(|c| (c.probe as usize) < behind);
    Some(Pool { first_probe, candidates: candidates.get(start..end).unwrap_or_default() })
}

/// Weighs a requirement's candidates: what they make of relevance, and of the probability that the document bears on the
/// requirement at all, where it is called so and by the passages that say something. Relevance does not hang on either.
pub(crate) fn relevance<'a>(
    rubric: &Rubric,
    pool: Pool<'a>,
    titled: Titled<'a>,
    says: impl Fn(u32) -> bool,
) -> RelevanceSum<'a> {
    let Rubric { fusion, relevance: weights, thresholds, .. } = rubric;
    let near = |words: f32, candidate: &Candidate| {
        words * candidate.lexical + fusion.semantic_part(candidate.semantic)
    };
    let mut passages = strongest(rubric, pool, |candidate| near(weights.lexical, candidate));
    passages.truncate(weights.passage_shares.len());
    for (passage, share) in passages.iter_mut().zip(weights.passage_shares) {
        passage.share = share;
    }
    let evidence: f32 = passages.iter().map(|passage| passage.evidence * passage.share).sum();
    let relevance = if evidence <= 0.0 {
        0.0
    } else {
        let z = (evidence - thresholds.relevance_middle) * thresholds.relevance_slope;
        logistic(z)
    };
    let said = |candidate: &Candidate, score: f32| match says(candidate.passage) {
        true => score,
        false => 0.0,
    };
    let distinct = strongest(rubric, pool, |candidate| said(candidate, candidate.score));
    let distinct = distinct.into_iter().next();
    let distinctness = distinct.as_ref().map_or(0.0, |passage| passage.evidence);
    let firm = strongest(rubric, pool, |candidate| match candidate.score > 0.0 {
        true => said(candidate, near(rubric.real.words, candidate)),
        false => 0.0,
    });
    let firm = firm.iter().zip(weights.passage_shares).map(|(p, share)| p.evidence * share).sum();
    let named = titled.named.map_or(0.0, |named| named.share);
    let bearing = Bearing { near: firm, distinct: distinctness, named, typed: false };
    let by_passages = rubric.real.probability(bearing);
    let typed = titled.document_type.is_some();
    let real = rubric.real.probability(Bearing { typed, ..bearing });
    RelevanceSum { relevance, evidence, passages, distinct, firm, titled, real, by_passages }
}

/// What each passage is worth to the requirement by this score of its candidates, those above 0, best first; each counts in full.
fn strongest<'a>(
    rubric: &Rubric,
    pool: Pool<'a>,
    score: impl Fn(&Candidate) -> f32,
) -> Vec<PassageSum<'a>> {
    let subject_probe = pool.first_probe as u32;
    let mut passages: BTreeMap<u32, PassageSum<'a>> = BTreeMap::new();
    for candidate in pool.candidates {
        let scored = Scored { candidate, score: score(candidate) };
        if scored.score <= 0.0 {
            continue;
        }
        let passage =
            passages.entry(candidate.passage).or_insert_with(|| PassageSum::of(candidate.passage));
        if candidate.probe == subject_probe {
            passage.subject = Some(scored);
        } else if scored.score > points(passage.best_check) {
            passage.second_check = passage.best_check.replace(scored);
        } else if scored.score > points(passage.second_check) {
            passage.second_check = Some(scored);
        }
    }
    let weights = &rubric.relevance;
    let mut strongest: Vec<PassageSum<'a>> = passages.into_values().collect();
    for passage in &mut strongest {
        passage.evidence = weights.subject * points(passage.subject)
            + weights.best_check * points(passage.best_check)
            + weights.second_check * points(passage.second_check);
    }
    strongest.sort_by(|a, b| b.evidence.total_cmp(&a.evidence));
    strongest
}

/// What a candidate scores; 0 where there is none.
fn points(scored: Option<Scored<'_>>) -> f32 {
    scored.map_or(0.0, |scored| scored.score)
}
