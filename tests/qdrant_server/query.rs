//! Queries, with all that is fetched before them.

use super::answer::{Wanted, scored};
use super::collection::Collection;
use super::filter;
use super::scoring::{self, Ranked};
use super::{refusal, vectors};
use qdrant_client::qdrant::query::Variant;
use qdrant_client::qdrant::{
    Filter, Fusion, LookupLocation, PrefetchQuery, Query, QueryPoints, ScoredPoint, SearchParams,
};
use tonic::Status;

/// How many points are given where a query does not say it.
const LIMIT: u64 = 10;

/// The k of reciprocal rank fusion where a query does not say it.
const K: u32 = 2;

/// A query, or what is fetched before one.
struct Stage<'a> {
    before: &'a [PrefetchQuery],
    query: Option<&'a Variant>,
    using: &'a str,
    /// Its own and those of the stages that come after it: all must let a point through.
    filters: Vec<&'a Filter>,
    threshold: Option<f32>,
    limit: usize,
}

pub(super) fn query(
    collection: &Collection,
    asked: &QueryPoints,
) -> Result<Vec<ScoredPoint>, Status> {
    refusal::unless_set(asked.shard_key_selector.as_ref(), "shard keys")?;
    let wanted = Wanted::read(asked.with_payload.as_ref(), asked.with_vectors.as_ref(), false)?;
    let limit = limit(asked.limit)?;
    let offset = usize::try_from(asked.offset.unwrap_or_default()).unwrap_or(usize::MAX);
    let stage = Stage {
        before: &asked.prefetch,
        query: variant(asked.query.as_ref())?,
        using: asked.using.as_deref().unwrap_or_default(),
        filters: asked.filter.iter().collect(),
        threshold: asked.score_threshold,
        limit: limit.saturating_add(offset),
    };
    check(asked.params.as_ref(), asked.lookup_from.as_ref())?;
    let ranked = rank(collection, &stage)?;
    let page = ranked.into_iter().skip(offset);
    Ok(page.filter_map(|(id, score)| scored(collection, id, score, &wanted)).collect())
}

fn check(params: Option<&SearchParams>, lookup: Option<&LookupLocation>) -> Result<(), Status> {
    refusal::unless_set(lookup, "lookups in other collections")?;
    refusal::unless_set(params.and_then(|params| params.idf.as_ref()), "rarity within a filter")
}

fn variant(query: Option<&Query>) -> Result<Option<&Variant>, Status> {
    query
        .map(|query| {
            query.variant.as_ref().ok_or_else(|| refusal::wrong("No variant of Query provided"))
        })
        .transpose()
}

fn limit(asked: Option<u64>) -> Result<usize, Status> {
    match asked.unwrap_or(LIMIT) {
        0 => Err(Status::invalid_argument(
            "Validation error in body: [limit: value 0 invalid, must be 1 or larger]",
        )),
        limit => Ok(usize::try_from(limit).unwrap_or(usize::MAX)),
    }
}

fn rank(collection: &Collection, stage: &Stage<'_>) -> Result<Ranked, Status> {
    stage.filters.iter().try_for_each(|filter| filter::check(filter))?;
    let before: Result<Vec<Ranked>, Status> =
        stage.before.iter().map(|fetched| rank_before(collection, stage, fetched)).collect();
    let before = before?;
    let among = (!before.is_empty()).then(|| scoring::union(&before));
    let points =
        collection.points().iter().map(|(id, point)| (*id, point)).filter(|(id, point)| {
            among.as_ref().is_none_or(|among| among.contains(id))
                && stage.filters.iter().all(|filter| filter::holds(filter, *id, point))
        });
    let fusion = matches!(stage.query, Some(Variant::Fusion(_) | Variant::Rrf(_)));
    let ranked = match stage.query {
        None if before.is_empty() => points.map(|(id, _)| (id, 0.0)).collect(),
        None => return Err(refusal::wrong("A query is needed to merge the prefetches")),
        Some(Variant::Nearest(vector)) => {
            scoring::nearest(collection, stage.using, vectors::read_query(vector)?, points)?
        }
        Some(Variant::Fusion(_) | Variant::Rrf(_)) if before.is_empty() => {
            return Err(refusal::wrong("cannot merge without prefetches"));
        }
        Some(Variant::Fusion(kind)) if *kind == i32::from(Fusion::Rrf) => scoring::fuse(&before, K),
        Some(Variant::Rrf(rrf)) if rrf.weights.is_empty() => {
            scoring::fuse(&before, scoring::check_k(rrf.k.unwrap_or(K))?)
        }
        Some(other) => return Err(refusal::unsupported(name(other))),
    };
    // Without a query every score is the same, and no threshold looks at it.
    let threshold = stage.threshold.filter(|_| stage.query.is_some());
    let mut ranked = scoring::above(ranked, threshold, fusion);
    ranked.truncate(stage.limit);
    Ok(ranked)
}

fn rank_before(
    collection: &Collection,
    after: &Stage<'_>,
    fetched: &PrefetchQuery,
) -> Result<Ranked, Status> {
    check(fetched.params.as_ref(), fetched.lookup_from.as_ref())?;
    let stage = Stage {
        before: &fetched.prefetch,
        query: variant(fetched.query.as_ref())?,
        using: fetched.using.as_deref().unwrap_or_default(),
        filters: after.filters.iter().copied().chain(&fetched.filter).collect(),
        threshold: fetched.score_threshold,
        limit: limit(fetched.limit)?,
    };
    rank(collection, &stage)
}

/// What this server does not know, as the protocol calls it.
fn name(query: &Variant) -> &'static str {
    match query {
        Variant::Nearest(_) => "nearest",
        Variant::Recommend(_) => "recommend",
        Variant::Discover(_) => "discover",
        Variant::Context(_) => "context",
        Variant::OrderBy(_) => "order_by",
        Variant::Fusion(_) => "fusion other than RRF",
        Variant::Sample(_) => "sample",
        Variant::Formula(_) => "formula",
        Variant::NearestWithMmr(_) => "nearest_with_mmr",
        Variant::Rrf(_) => "RRF with weights",
        Variant::RelevanceFeedback(_) => "relevance_feedback",
        Variant::Text(_) => "text",
    }
}
