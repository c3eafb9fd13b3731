//! Scores of points for a query, every point held against it.

use super::collection::{Collection, Point};
use super::id::Id;
use super::refusal;
use super::vectors::Stored;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tonic::Status;

/// Points and their scores, the best first; of equals the one with the smaller id.
pub(super) type Ranked = Vec<(Id, f32)>;

/// The points nearest to a vector, of those given.
pub(super) fn nearest<'a>(
    collection: &'a Collection,
    name: &str,
    query: Stored,
    points: impl Iterator<Item = (Id, &'a Point)>,
) -> Result<Ranked, Status> {
    let ranked = match collection.fit(name, query)? {
        Stored::Dense(query) => points
            .filter_map(|(id, point)| match point.vectors.get(name) {
                Some(Stored::Dense(vector)) if vector.len() == query.len() => {
                    Some((id, vector.iter().zip(&query).map(|(one, other)| one * other).sum()))
                }
                _ => None,
            })
            .collect(),
        Stored::Sparse(mut query) => {
            if let Some(frequencies) = collection.frequencies(name) {
                frequencies.weigh(&mut query);
            }
            points
                .filter_map(|(id, point)| match point.vectors.get(name) {
                    Some(Stored::Sparse(vector)) => Some((id, overlap(&query, vector)?)),
                    _ => None,
                })
                .collect()
        }
    };
    Ok(sorted(ranked))
}

fn sorted(mut ranked: Ranked) -> Ranked {
    ranked.sort_by(|(one, score), (other, than)| than.total_cmp(score).then(one.cmp(other)));
    ranked
}

/// The product of two sparse vectors; none where they share no dimension.
fn overlap(query: &[(u32, f32)], vector: &[(u32, f32)]) -> Option<f32> {
    let shared = query.iter().filter_map(|(asked, weight)| {
        let at = vector.binary_search_by_key(asked, |(dimension, _)| *dimension).ok()?;
        vector.get(at).map(|(_, value)| weight * value)
    });
    shared.reduce(|sum, product| sum + product)
}

/// How many vectors there are under one name, and how many of them have each dimension.
#[derive(Clone, Debug, Default)]
pub(super) struct Frequencies {
    vectors: usize,
    having: HashMap<u32, usize>,
}

impl Frequencies {
    /// Of the sparse vectors under this name.
    pub(super) fn count<'a>(name: &str, points: impl Iterator<Item = &'a Point>) -> Self {
        let mut counted = Self::default();
        for point in points {
            let Some(Stored::Sparse(vector)) = point.vectors.get(name) else { continue };
            counted.vectors += 1;
            for (dimension, _) in vector {
                *counted.having.entry(*dimension).or_default() += 1;
            }
        }
        counted
    }

    /// Multiplies each dimension of a query by how rare it is.
    fn weigh(&self, query: &mut [(u32, f32)]) {
        for (dimension, weight) in query {
            let having = self.having.get(dimension).copied().unwrap_or_default();
            *weight *= idf(self.vectors, having);
        }
    }
}

/// The rarity of a dimension that so many of all vectors have.
fn idf(vectors: usize, having: usize) -> f32 {
    let (vectors, having) = (vectors as f32, having as f32);
    ((vectors - having + 0.5) / (having + 0.5)).ln_1p()
}

/// One list from several by reciprocal rank fusion: each adds 1 / (k + rank), with ranks from 0.
pub(super) fn fuse(lists: &[Ranked], k: u32) -> Ranked {
    let mut sums: BTreeMap<Id, f32> = BTreeMap::new();
    for list in lists {
        for (rank, (id, _)) in list.iter().enumerate() {
            *sums.entry(*id).or_default() += 1.0 / (rank as f32 + k as f32);
        }
    }
    sorted(sums.into_iter().collect())
}

/// The points that one of the lists has.
pub(super) fn union(lists: &[Ranked]) -> BTreeSet<Id> {
    lists.iter().flatten().map(|(id, _)| *id).collect()
}

/// What scores better than a threshold; what was fused may also just reach it, as in Qdrant.
pub(super) fn above(mut ranked: Ranked, threshold: Option<f32>, reached: bool) -> Ranked {
    if let Some(threshold) = threshold {
        ranked.retain(|(_, score)| *score > threshold || reached && *score == threshold);
    }
    ranked
}

/// Refuses a k by which the first of a list would be divided by nothing.
pub(super) fn check_k(k: u32) -> Result<u32, Status> {
    if k == 0 { Err(refusal::wrong("k must be 1 or larger")) } else { Ok(k) }
}
