mod collections;
mod faults;
mod real;
mod replay;
mod writes;

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
fn nothing_is_asked_that_has_no_answer() {
    let server = TestServer::start();
    let index = open(&server);
    index.upsert(&[document("a", &["bias"])]).expect("upsert");
    let asked = |ask: &dyn Fn() -> bool| {
        let before = server.traffic().calls(Call::Query);
        assert!(ask(), "nothing is found");
        server.traffic().calls(Call::Query) - before
    };
    let search =
        |query, limit| index.search(query, &Within::default(), limit).expect("search").is_empty();
    assert_eq!(
        asked(&|| search("onion", 5)),
        1,
        "not how near the passages are that were not found"
    );
    assert_eq!(asked(&|| search("bias", 0)), 0);
    assert_eq!(asked(&|| search("the of", 5)), 0);
    let candidates = |probes: &[&str], limit| {
        let near = index.candidates(&suite::probes(probes), &Within::default(), limit);
        let near = near.expect("candidates");
        assert_eq!(near.len(), probes.len());
        near.iter().all(|near| near.lexical.is_empty() && near.semantic.is_empty())
    };
    assert_eq!(asked(&|| candidates(&["bias", "soup"], 0)), 0);
    assert_eq!(asked(&|| candidates(&[], 5)), 0);
    assert_eq!(asked(&|| candidates(&["", "the of"], 5)), 0);
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
