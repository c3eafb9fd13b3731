//! Vectors, as they are stored and as they go over the wire.

use super::refusal;
use qdrant_client::qdrant::vector::Vector as Given;
use qdrant_client::qdrant::vector_input::Variant;
use qdrant_client::qdrant::vectors::VectorsOptions;
use qdrant_client::qdrant::{
    SparseIndices, SparseVector, Vector, VectorInput, VectorOutput, Vectors,
};
use std::collections::BTreeMap;
use tonic::Status;

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Stored {
    Dense(Vec<f32>),
    /// Dimension and value, each dimension once, in their order.
    Sparse(Vec<(u32, f32)>),
}

/// The vectors of a point by name; a vector without a name is named by the empty text.
pub(super) fn read_all(vectors: Option<Vectors>) -> Result<BTreeMap<String, Stored>, Status> {
    match vectors.and_then(|vectors| vectors.vectors_options) {
        None => Ok(BTreeMap::new()),
        Some(VectorsOptions::Vector(vector)) => {
            Ok(BTreeMap::from([(String::new(), read(vector)?)]))
        }
        Some(VectorsOptions::Vectors(named)) => {
            named.vectors.into_iter().map(|(name, vector)| Ok((name, read(vector)?))).collect()
        }
    }
}

/// Older clients give numbers beside the variants that came later: the numbers alone are a dense vector.
#[allow(deprecated, reason = "older clients still send it so")]
fn read(vector: Vector) -> Result<Stored, Status> {
    match vector.vector {
        Some(Given::Dense(dense)) => Ok(Stored::Dense(dense.data)),
        Some(Given::Sparse(sparse)) => read_sparse(sparse),
        Some(Given::MultiDense(_)) => Err(refusal::unsupported("multivectors")),
        Some(Given::Document(_) | Given::Image(_) | Given::Object(_)) => {
            Err(refusal::unsupported("inference"))
        }
        None if vector.vectors_count.is_some() => Err(refusal::unsupported("multivectors")),
        None => match vector.indices {
            Some(indices) => {
                read_sparse(SparseVector { values: vector.data, indices: indices.data })
            }
            None => Ok(Stored::Dense(vector.data)),
        },
    }
}

fn read_sparse(sparse: SparseVector) -> Result<Stored, Status> {
    if sparse.indices.len() != sparse.values.len() {
        return Err(refusal::wrong("must be the same length as indices"));
    }
    let mut pairs: Vec<(u32, f32)> = sparse.indices.into_iter().zip(sparse.values).collect();
    pairs.sort_by_key(|(dimension, _)| *dimension);
    if pairs.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(refusal::wrong("must be unique"));
    }
    Ok(Stored::Sparse(pairs))
}

/// The vector of a query.
pub(super) fn read_query(query: &VectorInput) -> Result<Stored, Status> {
    match &query.variant {
        Some(Variant::Dense(dense)) => Ok(Stored::Dense(dense.data.clone())),
        Some(Variant::Sparse(sparse)) => read_sparse(sparse.clone()),
        Some(Variant::Id(_)) => Err(refusal::unsupported("queries by the id of a point")),
        Some(Variant::MultiDense(_)) => Err(refusal::unsupported("multivectors")),
        Some(Variant::Document(_) | Variant::Image(_) | Variant::Object(_)) => {
            Err(refusal::unsupported("inference"))
        }
        None => Err(refusal::wrong("No variant of VectorInput provided")),
    }
}

/// As servers of 1.16 answer: the numbers beside the variants that came later, which a client has to understand too.
#[allow(deprecated, reason = "servers still answer so")]
pub(super) fn write(vector: &Stored) -> VectorOutput {
    let (indices, data) = match vector {
        Stored::Dense(data) => (None, data.clone()),
        Stored::Sparse(pairs) => {
            let (indices, values) = pairs.iter().copied().unzip();
            (Some(SparseIndices { data: indices }), values)
        }
    };
    VectorOutput { data, indices, ..VectorOutput::default() }
}

/// To length one; a vector of zeros stays.
pub(super) fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > f32::EPSILON {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}
