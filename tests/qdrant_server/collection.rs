//! One collection: what it was made with, and its points.

use super::fields::{self, Payload};
use super::id::Id;
use super::scoring::Frequencies;
use super::vectors::{self, Stored};
use super::{filter, refusal};
use qdrant_client::qdrant::points_selector::PointsSelectorOneOf;
use qdrant_client::qdrant::vectors_config::Config;
use qdrant_client::qdrant::{
    CreateCollection, Distance, Filter, Modifier, PayloadSchemaInfo, PointStruct, PointsSelector,
    SparseVectorParams, VectorParams,
};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use tonic::Status;

#[derive(Clone, Debug, Default)]
pub(crate) struct Point {
    pub(crate) payload: Payload,
    pub(crate) vectors: BTreeMap<String, Stored>,
}

#[derive(Clone, Debug)]
pub(crate) struct Collection {
    /// As it was asked for.
    pub(super) made: CreateCollection,
    pub(super) dense: BTreeMap<String, VectorParams>,
    pub(super) sparse: BTreeMap<String, SparseVectorParams>,
    pub(super) indexes: BTreeMap<String, PayloadSchemaInfo>,
    points: BTreeMap<Id, Point>,
    /// Counted when they are first asked for after a change.
    frequencies: OnceLock<BTreeMap<String, Frequencies>>,
    writes: u64,
}

impl Collection {
    /// An empty collection, as it is asked for.
    pub(super) fn make(made: CreateCollection) -> Result<Self, Status> {
        let config = made.vectors_config.as_ref().and_then(|config| config.config.clone());
        let dense: BTreeMap<String, VectorParams> = match config {
            None => BTreeMap::new(),
            Some(Config::Params(params)) => BTreeMap::from([(String::new(), params)]),
            Some(Config::ParamsMap(named)) => named.map.into_iter().collect(),
        };
        for params in dense.values() {
            check_dense(params)?;
        }
        let sparse = made.sparse_vectors_config.iter().flat_map(|config| config.map.clone());
        Ok(Collection {
            sparse: sparse.collect(),
            made,
            dense,
            indexes: BTreeMap::new(),
            points: BTreeMap::new(),
            frequencies: OnceLock::new(),
            writes: 0,
        })
    }

    /// All points in the order of their ids.
    pub(crate) fn points(&self) -> &BTreeMap<Id, Point> {
        &self.points
    }

    /// The same, to change them behind the back of every client.
    pub(crate) fn points_mut(&mut self) -> &mut BTreeMap<Id, Point> {
        self.frequencies.take();
        &mut self.points
    }

    /// Says from now on that every dense vector has so many dimensions, as if another model had made the collection.
    pub(crate) fn resize(&mut self, size: u64) {
        self.dense.values_mut().for_each(|params| params.size = size);
    }

    /// How frequent the dimensions of this sparse vector are, where a rare one counts for more.
    pub(super) fn frequencies(&self, name: &str) -> Option<&Frequencies> {
        let frequencies = self.frequencies.get_or_init(|| {
            let by_rarity =
                |params: &SparseVectorParams| params.modifier == Some(Modifier::Idf.into());
            let names = self.sparse.iter().filter(|(_, params)| by_rarity(params));
            names
                .map(|(name, _)| (name.clone(), Frequencies::count(name, self.points.values())))
                .collect()
        });
        frequencies.get(name)
    }

    /// The number of a write.
    pub(super) fn next_write(&mut self) -> u64 {
        self.writes += 1;
        self.writes - 1
    }

    /// Stores points in the place of those with the same id. Where one of them is wrong, none is stored. With `first`,
    /// the first so many alone.
    pub(super) fn upsert(
        &mut self,
        points: Vec<PointStruct>,
        first: Option<usize>,
    ) -> Result<(), Status> {
        let points: Result<Vec<(Id, Point)>, Status> =
            points.into_iter().map(|point| self.read(point)).collect();
        self.points_mut().extend(points?.into_iter().take(first.unwrap_or(usize::MAX)));
        Ok(())
    }

    fn read(&self, point: PointStruct) -> Result<(Id, Point), Status> {
        let id = Id::read(point.id.as_ref())?;
        let vectors: Result<_, Status> = vectors::read_all(point.vectors)?
            .into_iter()
            .map(|(name, vector)| {
                let vector = self.fit(&name, vector)?;
                Ok((name, vector))
            })
            .collect();
        Ok((id, Point { payload: point.payload, vectors: vectors? }))
    }

    /// A vector as this collection stores it and compares it, under this name.
    pub(super) fn fit(&self, name: &str, vector: Stored) -> Result<Stored, Status> {
        match (vector, self.dense.get(name), self.sparse.contains_key(name)) {
            (Stored::Dense(mut vector), Some(params), _) => {
                if vector.len() as u64 != params.size {
                    return Err(refusal::dimension(params.size, vector.len()));
                }
                if params.distance() == Distance::Cosine {
                    vectors::normalise(&mut vector);
                }
                Ok(Stored::Dense(vector))
            }
            (Stored::Sparse(vector), _, true) => Ok(Stored::Sparse(vector)),
            (_, None, false) => Err(refusal::no_vector(name)),
            _ => Err(refusal::wrong("Conversion between sparse and regular vectors failed")),
        }
    }

    /// The points that are selected. Ids that are not there are left out.
    pub(super) fn select(&self, selector: Option<&PointsSelector>) -> Result<Vec<Id>, Status> {
        match selector.and_then(|selector| selector.points_selector_one_of.as_ref()) {
            Some(PointsSelectorOneOf::Points(list)) if list.ids.is_empty() => {
                Err(refusal::wrong("Empty update request"))
            }
            Some(PointsSelectorOneOf::Points(list)) => {
                let mut ids = Id::read_all(&list.ids)?;
                ids.retain(|id| self.points.contains_key(id));
                Ok(ids)
            }
            Some(PointsSelectorOneOf::Filter(filter)) => {
                Ok(self.filtered(Some(filter))?.map(|(id, _)| id).collect())
            }
            None => Err(refusal::wrong("PointsSelector is missing")),
        }
    }

    /// The points that a filter lets through, in the order of their ids.
    pub(super) fn filtered<'a>(
        &'a self,
        filter: Option<&'a Filter>,
    ) -> Result<impl Iterator<Item = (Id, &'a Point)>, Status> {
        filter.map_or(Ok(()), filter::check)?;
        let points = self.points.iter().map(|(id, point)| (*id, point));
        Ok(points.filter(move |(id, point)| {
            filter.is_none_or(|filter| filter::holds(filter, *id, point))
        }))
    }

    pub(super) fn delete(&mut self, ids: &[Id]) {
        let points = self.points_mut();
        for id in ids {
            points.remove(id);
        }
    }

    /// Changes the payloads of points.
    pub(super) fn change(&mut self, ids: &[Id], change: impl Fn(&mut Payload)) {
        for id in ids {
            if let Some(point) = self.points.get_mut(id) {
                change(&mut point.payload);
            }
        }
    }

    /// How many points have a value in a field.
    pub(super) fn with_field(&self, field: &str) -> u64 {
        let has = |point: &&Point| {
            fields::values(&point.payload, field).into_iter().any(fields::says_something)
        };
        self.points.values().filter(has).count() as u64
    }
}

fn check_dense(params: &VectorParams) -> Result<(), Status> {
    refusal::unless_set(params.multivector_config, "multivectors")?;
    if params.size == 0 {
        return Err(Status::invalid_argument(
            "Validation error in body: [params.size: value 0 invalid, must be 1 or larger]",
        ));
    }
    match params.distance() {
        Distance::Cosine | Distance::Dot => Ok(()),
        Distance::UnknownDistance => Err(refusal::wrong("Malformed distance parameter")),
        distance => Err(refusal::unsupported(distance.as_str_name())),
    }
}
