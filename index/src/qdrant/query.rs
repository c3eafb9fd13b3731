use super::filter;
use super::points::{MEANING, WORDS, integer, text};
use super::sparse::Words;
use crate::NearPassage;
use crate::background::Background;
use crate::near::NEAR;
use qdrant_client::qdrant::with_payload_selector::SelectorOptions;
use qdrant_client::qdrant::{
    Condition, Filter, PayloadIncludeSelector, PointId, PrefetchQuery, PrefetchQueryBuilder,
    QuantizationSearchParamsBuilder, Query, QueryPoints, QueryPointsBuilder, RrfBuilder,
    ScoredPoint, SearchParams, SearchParamsBuilder, VectorInput,
};
use sufficit_evidence::DocumentId;

/// The server counts ranks from 0 and we from 1, with 60 before both.
const RRF_OFFSET: u32 = 61;
/// How many more are looked at by their coarse vectors than are ordered by the originals.
const OVERSAMPLING: f64 = 2.0;

/// What is looked for, by each measure as far as there is anything to go by.
#[derive(Clone)]
pub(super) struct Look {
    words: Option<Words>,
    meaning: Option<Meaning>,
}

/// What is looked for by meaning.
#[derive(Clone)]
struct Meaning {
    vector: Vec<f32>,
    /// Similarity of unrelated text: mean and standard deviation, which is above 0.
    mean: f32,
    deviation: f32,
}

impl Look {
    /// For a text's words and its vector.
    pub(super) fn new(words: Words, vector: Vec<f32>, background: &Background) -> Self {
        let (mean, deviation) = background.similarity(&vector);
        let is_known = vector.iter().any(|&number| number != 0.0) && deviation > 0.0;
        Self {
            words: (!words.is_empty()).then_some(words),
            meaning: is_known.then_some(Meaning { vector, mean, deviation }),
        }
    }

    /// Whether there is nothing to go by.
    pub(super) fn is_blind(&self) -> bool {
        self.words.is_none() && self.meaning.is_none()
    }

    /// The passages nearest by words and those nearest by meaning, in this order: a query for each measure that there is.
    pub(super) fn lists(
        &self,
        collection: &str,
        filter: &Filter,
        limit: usize,
    ) -> Vec<QueryPoints> {
        let alone = |list: PrefetchQuery| QueryPoints {
            query: list.query,
            using: list.using,
            filter: list.filter,
            params: list.params,
            score_threshold: list.score_threshold,
            limit: list.limit,
            ..found(collection).build()
        };
        self.nearest(filter, limit).into_iter().map(alone).collect()
    }

    /// Both lists in one by reciprocal rank fusion, of which the first `limit` come back; each list is `length` long.
    pub(super) fn fused(
        &self,
        collection: &str,
        filter: &Filter,
        length: usize,
        limit: usize,
    ) -> QueryPoints {
        let fusion = Query::new_rrf(RrfBuilder::with_k(RRF_OFFSET).build());
        let lists = self.nearest(filter, length);
        found(collection).prefetch(lists).query(fusion).limit(limit as u64).build()
    }

    /// What both ask for: a list by words and one by meaning, as far as there is anything to go by.
    fn nearest(&self, filter: &Filter, limit: usize) -> Vec<PrefetchQuery> {
        let list = || PrefetchQueryBuilder::default().filter(filter.clone()).limit(limit as u64);
        let words = self.words.iter().map(|words| list().query(nearest_words(words)).using(WORDS));
        let meaning = self.meaning.iter().map(|meaning| {
            list()
                .query(nearest_meaning(meaning))
                .using(MEANING)
                .params(rescored())
                .score_threshold(meaning.floor())
        });
        words.chain(meaning).map(PrefetchQueryBuilder::build).collect()
    }

    /// What each of `points` scores by words and by meaning, in this order: as [`lists`](Self::lists), of these only.
    pub(super) fn scores(&self, collection: &str, points: Vec<PointId>) -> Vec<QueryPoints> {
        let limit = points.len();
        let mut filter = filter::passages();
        filter.must.push(Condition::has_id(points));
        self.lists(collection, &filter, limit)
    }

    /// What came back for [`lists`](Self::lists), told apart and measured as passages are: by words and by meaning.
    pub(super) fn told(
        &self,
        results: impl IntoIterator<Item = Vec<ScoredPoint>>,
    ) -> (Vec<NearPassage>, Vec<NearPassage>) {
        let mut results = results.into_iter();
        let mut next = || results.next().unwrap_or_default();
        let words = self.words.as_ref().map(|_| passages(next(), |score| score));
        let meaning = self.meaning.as_ref().map(|meaning| {
            passages(next(), |similarity| (similarity - meaning.mean) / meaning.deviation)
        });
        (words.unwrap_or_default(), meaning.unwrap_or_default())
    }

    /// How many queries [`lists`](Self::lists) has.
    pub(super) fn queries(&self) -> usize {
        usize::from(self.words.is_some()) + usize::from(self.meaning.is_some())
    }
}

impl Meaning {
    /// The similarity from which a passage is near.
    fn floor(&self) -> f32 {
        self.mean + NEAR * self.deviation
    }
}

/// The passages in `points`, best first and equals by document and passage, with `measure` of their scores.
pub(super) fn passages(points: Vec<ScoredPoint>, measure: impl Fn(f32) -> f32) -> Vec<NearPassage> {
    let passage = |point: ScoredPoint| {
        Some(NearPassage {
            document: DocumentId::new(text(&point.payload, "document")?),
            passage: u32::try_from(integer(&point.payload, "passage")?).ok()?,
            score: measure(point.score),
        })
    };
    let mut passages: Vec<NearPassage> = points.into_iter().filter_map(passage).collect();
    passages.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| (&a.document, a.passage).cmp(&(&b.document, b.passage)))
    });
    passages
}

fn found(collection: &str) -> QueryPointsBuilder {
    let fields = ["document", "passage"].map(str::to_owned).into();
    QueryPointsBuilder::new(collection)
        .with_payload(SelectorOptions::Include(PayloadIncludeSelector { fields }))
}

fn nearest_words(words: &Words) -> Query {
    let (dimensions, weights): (Vec<u32>, Vec<f32>) = words.iter().copied().unzip();
    Query::new_nearest(VectorInput::new_sparse(dimensions, weights))
}

fn nearest_meaning(meaning: &Meaning) -> Query {
    Query::new_nearest(VectorInput::new_dense(meaning.vector.clone()))
}

/// What was found by coarse vectors is ordered by the originals.
fn rescored() -> SearchParams {
    let coarse =
        QuantizationSearchParamsBuilder::default().rescore(true).oversampling(OVERSAMPLING);
    SearchParamsBuilder::default().quantization(coarse).build()
}
