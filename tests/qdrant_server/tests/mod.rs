//! The server of the tests against Qdrant's own client, over the loopback.

mod collections;
mod faults;
mod filters;
mod points;
mod queries;

use crate::qdrant_server::Server;
use qdrant_client::qdrant::point_id::PointIdOptions;
use qdrant_client::qdrant::{
    CreateCollectionBuilder, Distance, Modifier, NamedVectors, PointId, PointStruct,
    SparseVectorParamsBuilder, SparseVectorsConfigBuilder, UpsertPointsBuilder, Value,
    VectorParamsBuilder, VectorsConfigBuilder,
};
use qdrant_client::{Payload, Qdrant, QdrantError};
use std::time::Duration;
use tonic::{Code, Status};

/// A client that waits for an answer for so long at most.
fn client_within(server: &Server, timeout: Duration) -> Qdrant {
    let config = Qdrant::from_url(&server.url()).skip_compatibility_check().timeout(timeout);
    config.build().expect("the address is one")
}

fn client(server: &Server) -> Qdrant {
    client_within(server, Duration::from_secs(20))
}

/// A collection with the vectors `dense` (dot) and `angle` (cosine), both of 2 dimensions, and `words` (sparse, IDF).
fn passages(name: &str) -> CreateCollectionBuilder {
    let mut dense = VectorsConfigBuilder::default();
    dense.add_named_vector_params("dense", VectorParamsBuilder::new(2, Distance::Dot));
    dense.add_named_vector_params("angle", VectorParamsBuilder::new(2, Distance::Cosine));
    let mut sparse = SparseVectorsConfigBuilder::default();
    let by_rarity = SparseVectorParamsBuilder::default().modifier(Modifier::Idf);
    sparse.add_named_vector_params("words", by_rarity);
    CreateCollectionBuilder::new(name).vectors_config(dense).sparse_vectors_config(sparse)
}

fn point<const N: usize>(
    id: u64,
    vectors: NamedVectors,
    payload: [(&str, Value); N],
) -> PointStruct {
    PointStruct::new(id, vectors, Payload::from(payload))
}

fn dense(values: [f32; 2]) -> NamedVectors {
    NamedVectors::default().add_vector("dense", values.to_vec())
}

fn words(pairs: &[(u32, f32)]) -> NamedVectors {
    NamedVectors::default().add_vector("words", pairs.to_vec())
}

/// A server with the collection `passages` and these points, and a client to it.
async fn with(points: Vec<PointStruct>) -> (Server, Qdrant) {
    let server = Server::start();
    let client = client(&server);
    client.create_collection(passages("passages")).await.expect("is made");
    if !points.is_empty() {
        store(&client, points).await.expect("is stored");
    }
    (server, client)
}

async fn store(client: &Qdrant, points: Vec<PointStruct>) -> Result<(), QdrantError> {
    client.upsert_points(UpsertPointsBuilder::new("passages", points).wait(true)).await.map(drop)
}

fn number(id: Option<&PointId>) -> u64 {
    match id.and_then(|id| id.point_id_options.as_ref()) {
        Some(PointIdOptions::Num(number)) => *number,
        other => panic!("{other:?} is no number"),
    }
}

/// The status that a call was refused with.
fn refused<T>(answer: Result<T, QdrantError>) -> Status {
    match answer {
        Err(QdrantError::ResponseError { status }) => status,
        Err(other) => panic!("{other} is no refusal"),
        Ok(_) => panic!("it was not refused"),
    }
}

fn code<T>(answer: Result<T, QdrantError>) -> Code {
    refused(answer).code()
}
