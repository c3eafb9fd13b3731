//! Points, as they are answered: with as much of them as was asked for.

use super::collection::{Collection, Point};
use super::fields::Payload;
use super::id::Id;
use super::{refusal, vectors};
use qdrant_client::qdrant::vectors_output::VectorsOptions;
use qdrant_client::qdrant::with_payload_selector::SelectorOptions as PayloadOptions;
use qdrant_client::qdrant::with_vectors_selector::SelectorOptions as VectorOptions;
use qdrant_client::qdrant::{
    NamedVectorsOutput, RetrievedPoint, ScoredPoint, VectorsOutput, WithPayloadSelector,
    WithVectorsSelector,
};
use tonic::Status;

/// Which part of a point is asked for.
pub(super) struct Wanted {
    payload: Part,
    vectors: Part,
}

enum Part {
    All,
    Nothing,
    Named(Vec<String>),
    AllBut(Vec<String>),
}

impl Part {
    fn holds(&self, name: &str) -> bool {
        let lists = |names: &[String]| names.iter().any(|one| one == name);
        match self {
            Part::All => true,
            Part::Nothing => false,
            Part::Named(names) => lists(names),
            Part::AllBut(names) => !lists(names),
        }
    }

    fn enabled(enabled: bool) -> Self {
        if enabled { Part::All } else { Part::Nothing }
    }
}

impl Wanted {
    /// What is asked for; `payload` says whether payloads are given where nothing is said of them.
    pub(super) fn read(
        payload_asked: Option<&WithPayloadSelector>,
        vectors_asked: Option<&WithVectorsSelector>,
        payload: bool,
    ) -> Result<Self, Status> {
        let payload = match payload_asked.map(|asked| asked.selector_options.as_ref()) {
            None => Part::enabled(payload),
            Some(None) => return Err(refusal::wrong("No PayloadSelector")),
            Some(Some(PayloadOptions::Enable(enabled))) => Part::enabled(*enabled),
            Some(Some(PayloadOptions::Include(names))) => Part::Named(names.fields.clone()),
            Some(Some(PayloadOptions::Exclude(names))) => Part::AllBut(names.fields.clone()),
        };
        if let Part::Named(names) | Part::AllBut(names) = &payload
            && names.iter().any(|name| name.contains(['.', '[']))
        {
            return Err(refusal::unsupported("parts of payloads by path"));
        }
        let vectors = match vectors_asked.map(|asked| asked.selector_options.as_ref()) {
            None => Part::Nothing,
            Some(None) => return Err(refusal::wrong("No vectors selector provided")),
            Some(Some(VectorOptions::Enable(enabled))) => Part::enabled(*enabled),
            Some(Some(VectorOptions::Include(names))) => Part::Named(names.names.clone()),
        };
        Ok(Wanted { payload, vectors })
    }

    fn payload(&self, point: &Point) -> Payload {
        let wanted = point.payload.iter().filter(|(name, _)| self.payload.holds(name));
        wanted.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn vectors(&self, point: &Point) -> Option<VectorsOutput> {
        if matches!(self.vectors, Part::Nothing) {
            return None;
        }
        let wanted = point.vectors.iter().filter(|(name, _)| self.vectors.holds(name));
        let mut named: Vec<_> =
            wanted.map(|(name, vector)| (name.clone(), vectors::write(vector))).collect();
        let options = match named.pop_if(|(name, _)| name.is_empty()) {
            Some((_, vector)) if named.is_empty() => VectorsOptions::Vector(vector),
            unnamed => {
                let vectors = named.into_iter().chain(unnamed).collect();
                VectorsOptions::Vectors(NamedVectorsOutput { vectors })
            }
        };
        Some(VectorsOutput { vectors_options: Some(options) })
    }
}

pub(super) fn retrieved(id: Id, point: &Point, wanted: &Wanted) -> RetrievedPoint {
    RetrievedPoint {
        id: Some(id.write()),
        payload: wanted.payload(point),
        vectors: wanted.vectors(point),
        shard_key: None,
        order_value: None,
    }
}

/// A point that was found; none where it is not there.
pub(super) fn scored(
    collection: &Collection,
    id: Id,
    score: f32,
    wanted: &Wanted,
) -> Option<ScoredPoint> {
    let point = collection.points().get(&id)?;
    Some(ScoredPoint {
        id: Some(id.write()),
        payload: wanted.payload(point),
        score,
        version: 0,
        vectors: wanted.vectors(point),
        shard_key: None,
        order_value: None,
    })
}
