//! How much is written at a time, and in which order.

use super::*;
use crate::StaticModel;
use crate::qdrant::writes::LARGEST_WRITE;
use safetensors::{Dtype, tensor::TensorView};

/// A model of the suite's ten tokens and so many dimensions.
fn wide_model(dimensions: usize) -> Arc<Embedder> {
    let numbers: Vec<u8> = (0..10 * dimensions).map(|at| (at * 31 % 127) as u8).collect();
    let embeddings = TensorView::new(Dtype::I8, vec![10, dimensions], &numbers).expect("a tensor");
    let tensors = safetensors::serialize([("embeddings", embeddings)], None).expect("tensors");
    let tokenizer = suite::tokenizer();
    let model = StaticModel::from_bytes(&tensors, tokenizer.as_bytes(), br#"{"name": "wide"}"#);
    Arc::new(Embedder::Static(model.expect("a model")))
}

/// Vectors so large that a write is full by its bytes, and settings that would let far more into one.
#[test]
fn writes_are_few_at_a_time_and_small() {
    const DIMENSIONS: usize = 2048;
    const PASSAGES: usize = 2000;
    let server = TestServer::start();
    let options = QdrantOptions { batch_points: 10_000, ..options(&server) };
    let index = QdrantIndex::open(&options, "wide", wide_model(DIMENSIONS)).expect("an index");
    let before = server.traffic().points_per_upsert.len();
    let gate = server.faults().hold(Calls::Of(Call::Upsert));
    std::thread::scope(|scope| {
        let (index, document) = (&index, document("a", &["bias review"; PASSAGES]));
        scope.spawn(move || index.upsert(&[document]).expect("upsert"));
        server.wait_until(|traffic| traffic.upserts_in_flight == 2);
        gate.open();
    });
    let traffic = server.traffic();
    assert_eq!(traffic.points_per_upsert[before..].iter().sum::<usize>(), PASSAGES);
    // They come in any order; what was left at the end is the smallest.
    let mut bytes = traffic.bytes_per_upsert[before..].to_vec();
    bytes.sort_unstable();
    let (rest, full) = bytes.split_first().expect("writes");
    assert!(*rest <= LARGEST_WRITE && full.len() > 2, "{bytes:?}");
    assert!(full.iter().all(|bytes| (LARGEST_WRITE * 9 / 10..=LARGEST_WRITE).contains(bytes)));
    assert_eq!(traffic.most_upserts_in_flight, 2);
    // Each is held four times, and beside them one is gathered and a piece made.
    let piece = MADE_AT_ONCE * 4 * DIMENSIONS;
    let held = 4 * traffic.most_bytes_in_flight + LARGEST_WRITE + piece;
    assert!(traffic.most_bytes_in_flight > LARGEST_WRITE * 9 / 5, "{traffic:?}");
    assert!(held <= 64 << 20, "{held}");
}

#[test]
fn a_write_is_gathered_from_more_passages_than_are_made_at_once() {
    let server = TestServer::start();
    let options = QdrantOptions { batch_points: 600, ..options(&server) };
    let index = opened(&options).expect("an index");
    let before = server.traffic().points_per_upsert.len();
    let documents = ["a", "b", "c"].map(|id| document(id, &["bias"; 500]));
    index.upsert(&documents).expect("upsert");
    let mut points = server.traffic().points_per_upsert.split_off(before);
    points.sort_unstable();
    assert_eq!(points, [300, 600, 600]);
    let near = index.candidates(&suite::probes(&["bias"]), &Within::default(), 2000);
    assert_eq!(near.expect("candidates")[0].lexical.len(), 1500);
}

#[test]
fn a_large_document_comes_in_many_writes() {
    let server = TestServer::start();
    let options = QdrantOptions { batch_points: 16, ..options(&server) };
    let index = opened(&options).expect("an index");
    let texts: Vec<String> = (0..100).map(|number| format!("bias number {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    index.upsert(&[document("a", &texts), document("b", &["soup"])]).expect("upsert");
    let writes = server.traffic().points_per_upsert;
    assert!(writes.iter().all(|&points| points <= 16) && writes.len() == 8, "{writes:?}");
    let hits = index.search("number 77", &Within::default(), 1).expect("search");
    assert_eq!(hits[0].passage, 77);
    index.upsert(&[document("a", &texts[..50])]).expect("upsert");
    let near = index.candidates(&suite::probes(&["bias"]), &Within::default(), 1000);
    assert_eq!(near.expect("candidates")[0].lexical.len(), 50, "the others are gone");
}

#[test]
fn a_commit_comes_after_the_writes_that_are_under_way() {
    let server = TestServer::start();
    let index = open(&server);
    let before = server.traffic().points_per_upsert.len();
    let gate = server.faults().hold(Calls::Of(Call::Upsert));
    std::thread::scope(|scope| {
        scope.spawn(|| index.upsert(&[document("a", &["bias", "soup"])]).expect("upsert"));
        server.wait_until(|traffic| traffic.upserts_in_flight == 1);
        scope.spawn(|| index.commit(1).expect("commit"));
        gate.open();
    });
    let traffic = server.traffic();
    assert_eq!(traffic.points_per_upsert[before..], [2, 1]);
    assert_eq!(traffic.most_upserts_in_flight, 1);
}
