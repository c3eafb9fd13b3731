mod collections;
mod faults;
mod real;
mod replay;

use super::*;
use crate::qdrant_server::{Call, Calls, Server as TestServer};
use crate::suite::{self, document};
use std::path::Path;
use std::time::Duration;

/// With pauses that no test has to wait for.
fn options(server: &TestServer) -> QdrantOptions {
    QdrantOptions {
        url: server.url(),
        first_pause: Duration::from_millis(1),
        ..QdrantOptions::default()
    }
}

/// The index of one workspace, with which most tests make do.
fn open(server: &TestServer) -> QdrantIndex {
    opened(&options(server)).expect("an index")
}

fn opened(options: &QdrantOptions) -> Result<QdrantIndex, IndexError> {
    QdrantIndex::open(options, "trial", suite::model())
}

/// Why it is not opened.
fn refusal(options: &QdrantOptions) -> String {
    opened(options).err().map(|fault| fault.to_string()).unwrap_or_default()
}

/// The name of the workspace that belongs to a path of the suite.
fn workspace(path: &Path) -> String {
    let names = path.iter().rev().take(2).map(|name| name.to_string_lossy());
    let name: Vec<_> = names.collect();
    name.join("-").replace('.', "")
}

#[test]
fn it_is_a_passage_index() {
    let server = TestServer::start();
    let (options, model) = (options(&server), suite::model());
    suite::run(|path| {
        let index = QdrantIndex::open(&options, &workspace(path), Arc::clone(&model));
        Box::new(index.expect("an index"))
    });
}

#[test]
fn it_may_be_used_from_within_a_runtime() {
    let server = TestServer::start();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let index = open(&server);
        index.upsert(&[document("a", &["bias"])]).expect("upsert");
        assert_eq!(suite::found(&index, "bias").len(), 1);
    });
}

#[test]
fn writes_are_few_at_a_time_and_small() {
    let server = TestServer::start();
    let options = QdrantOptions { batch_points: 32, ..options(&server) };
    let index = opened(&options).expect("an index");
    let words = |passage: usize| -> String {
        (0..200).map(|word| format!("w{} ", passage * 200 + word)).collect()
    };
    let texts: Vec<String> = (0..256).map(words).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let gate = server.faults().hold(Calls::Of(Call::Upsert));
    std::thread::scope(|scope| {
        for (id, texts) in (0..).zip(texts.chunks(64)) {
            let (index, document) = (&index, document(&format!("{id}"), texts));
            scope.spawn(move || index.upsert(&[document]).expect("upsert"));
        }
        server.wait_until(|traffic| traffic.upserts_in_flight == 2);
        gate.open();
    });
    let traffic = server.traffic();
    assert_eq!(traffic.points_per_upsert.iter().sum::<usize>(), 257, "and the manifest");
    assert_eq!(traffic.most_upserts_in_flight, 2, "{traffic:?}");
    assert!(traffic.most_bytes_in_flight <= 64 << 20, "{traffic:?}");
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

#[test]
fn the_key_is_shown_nowhere() {
    let options = QdrantOptions { api_key: Some("opensesame".into()), ..QdrantOptions::default() };
    assert!(!format!("{options:?}").contains("sesame"));
    for key in ["open\nsesame", "open sesame", ""] {
        let refused = refusal(&QdrantOptions { api_key: Some(key.into()), ..options.clone() });
        assert!(refused.contains("API key") && !refused.contains("sesame"), "{refused}");
    }
}

/// Every passage that shares a word or is near, by both indexes: the same passages, with the same nearness by meaning as far
/// as whole numbers of one byte tell it.
#[test]
fn it_finds_what_the_index_in_a_folder_finds() {
    let vocabulary = ["bias", "fairness", "review", "soup", "onion", "is", "incident", "."];
    let text = |number: usize| -> String {
        let words = (0..3 + number % 5).map(|at| vocabulary[(number * 7 + at * at * 3) % 8]);
        words.collect::<Vec<_>>().join(" ")
    };
    let documents: Vec<Document> = (0..40)
        .map(|id| {
            let texts: Vec<String> = (0..5).map(|passage| text(id * 5 + passage)).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            document(&id.to_string(), &texts)
        })
        .collect();
    let server = TestServer::start();
    let folder = tempfile::tempdir().expect("a folder");
    let here = crate::EmbeddedIndex::open(folder.path(), suite::model()).expect("an index");
    let there = open(&server);
    let asked = suite::probes(&["bias", "fair review of soup", "onions", "an incident is biased"]);
    let [here, there] = [&here as &dyn PassageIndex, &there].map(|index| {
        index.upsert(&documents).expect("upsert");
        index.commit(1).expect("commit");
        index.candidates(&asked, &Within::default(), 1000).expect("candidates")
    });
    assert!(here.iter().filter(|near| !near.semantic.is_empty()).count() > 1);
    for (here, there) in here.iter().zip(&there) {
        let [words, other] = [by_passage(&here.lexical), by_passage(&there.lexical)];
        assert!(!words.is_empty() && words.keys().all(|key| other.contains_key(key)));
        assert_eq!(words.len(), other.len());
        let [meaning, other] = [by_passage(&here.semantic), by_passage(&there.semantic)];
        for (list, other) in [(&meaning, &other), (&other, &meaning)] {
            for (passage, nearness) in list {
                let other = other.get(passage).copied().unwrap_or(crate::near::NEAR);
                assert!((nearness - other).abs() < 0.1, "{passage:?}: {nearness} and {other}");
            }
        }
    }
}
