//! What becomes of an index whose server fails.

use super::*;
use crate::qdrant_server::State;
use std::io::{Read, Write};
use std::time::Instant;

fn three() -> Vec<Document> {
    let texts =
        ["Bias review.", "Review is soup", "Soup is a review of bias and onion soup", "fair"];
    (1..4).map(|id| document(&id.to_string(), &texts[..id + 1])).collect()
}

/// What it answers to some queries.
fn answers(index: &dyn PassageIndex) -> Vec<Vec<Hit>> {
    let queries = ["bias", "fair soup", "review of soup", "onion"];
    let answer = |query: &&str| index.search(query, &Within::default(), 10).expect("search");
    queries.iter().map(answer).collect()
}

/// What one answers that met no fault.
fn straight() -> Vec<Vec<Hit>> {
    let server = TestServer::start();
    let index = open(&server);
    index.upsert(&three()).expect("upsert");
    index.commit(1).expect("commit");
    answers(&index)
}

#[test]
fn a_request_that_fails_in_passing_is_made_again() {
    let server = TestServer::start();
    let index = open(&server);
    server.faults().unavailable(Calls::Any, 3);
    index.upsert(&three()).expect("upsert");
    server.faults().rate_limited(Calls::Of(Call::Delete), 2, 0);
    index.remove(&DocumentId::new("never seen")).expect("remove");
    server.faults().unsettled(Calls::Any, 6);
    index.commit(1).expect("commit");
    server.faults().rate_limited(Calls::Of(Call::Query), 2, 0);
    assert_eq!(answers(&index), straight());
    assert!(server.faults().met() >= 10);
    server.faults().unavailable(Calls::Of(Call::Collection), 3);
    assert_eq!(open(&server).committed(), Some(1));
}

#[test]
fn a_server_that_asks_for_a_pause_gets_it() {
    let server = TestServer::start();
    let index = open(&server);
    server.faults().rate_limited(Calls::Of(Call::Upsert), 1, 1);
    let before = Instant::now();
    index.commit(1).expect("commit");
    assert!(before.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_server_that_stays_away_is_given_up() {
    let server = TestServer::start();
    let options = QdrantOptions { attempts: 3, ..options(&server) };
    let index = opened(&options).expect("an index");
    server.faults().unavailable(Calls::Any, 1000);
    let url = server.url();
    let fault = index.upsert(&three()).expect_err("unavailable").to_string();
    assert!(fault.starts_with(&format!("{url}: the Qdrant server is not available: ")), "{fault}");
    assert!(fault.ends_with("(tried 3 times)"), "{fault}");
    assert_eq!(server.faults().met(), 6, "the client sends each once more by itself");
    server.faults().clear();
    server.faults().unsettled(Calls::Any, 1000);
    let fault = index.commit(1).expect_err("at odds").to_string();
    assert!(fault.contains("the nodes of the Qdrant cluster do not agree yet"), "{fault}");
    server.faults().clear();
    server.faults().rate_limited(Calls::Any, 1000, 0);
    let fault = index.commit(1).expect_err("too busy").to_string();
    assert!(fault.contains("the Qdrant server has more to do than it can"), "{fault}");
    assert_eq!(index.committed(), None);
    let _down = server.stop();
    let expected = |tried: u32| {
        format!(
            "{url}: the Qdrant server cannot be reached: Connection refused (tried {tried} times)"
        )
    };
    assert_eq!(index.commit(1).expect_err("away").to_string(), expected(3));
    assert_eq!(refusal(&options), expected(2), "one that is first spoken to is given up sooner");
}

#[test]
fn a_server_that_hangs_does_not_hold_up_who_opens_an_index_there() {
    let server = TestServer::start();
    server.faults().never_answer(Calls::Any, 1000);
    let options = QdrantOptions { timeout: Duration::from_millis(300), ..options(&server) };
    let before = Instant::now();
    let refused = refusal(&options);
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
    assert!(
        refused.ends_with("the Qdrant server did not answer in time (tried 2 times)"),
        "{refused}"
    );
    assert!(ServerState::of(&options, "trial", &suite::model()).is_err());
}

#[test]
fn a_server_that_does_not_answer_is_asked_again_and_given_up() {
    let server = TestServer::start();
    let options =
        QdrantOptions { attempts: 3, timeout: Duration::from_millis(300), ..options(&server) };
    let index = opened(&options).expect("an index");
    server.faults().never_answer(Calls::Of(Call::Upsert), 1);
    index.upsert(&three()).expect("upsert");
    index.commit(1).expect("commit");
    assert_eq!(answers(&index), straight());
    server.faults().never_answer(Calls::Of(Call::Query), 1000);
    let fault = index.search("bias", &Within::default(), 10).expect_err("slow").to_string();
    assert!(
        fault.ends_with(": the Qdrant server did not answer in time (tried 3 times)"),
        "{fault}"
    );
}

#[test]
fn a_write_that_is_cut_off_is_made_again() {
    for points in 0..4 {
        let server = TestServer::start();
        let index = open(&server);
        server.faults().cut_upsert(points);
        index.upsert(&three()).expect("upsert");
        index.commit(1).expect("commit");
        assert_eq!(answers(&index), straight());
    }
}

#[test]
fn a_server_killed_in_a_write_loses_nothing_that_was_committed() {
    let server = TestServer::start();
    let options = QdrantOptions { batch_points: 2, attempts: 2, ..options(&server) };
    let index = opened(&options).expect("an index");
    index.upsert(&three()[..1]).expect("upsert");
    index.commit(1).expect("commit");
    server.faults().die_in_upsert(1);
    let fault = index.upsert(&three()).expect_err("killed").to_string();
    assert!(fault.contains("the Qdrant server cannot be reached"), "{fault}");
    let server = TestServer::start_with(server.stop());
    assert_eq!(index.committed(), Some(1));
    let reopened = opened(&options).expect("an index");
    assert_eq!(reopened.committed(), Some(1));
    let hits = reopened.search("bias", &Within::default(), 10).expect("search");
    assert!(hits.iter().any(|hit| hit.document.as_str() == "1"), "what was committed is there");
    // The one that was open all along finds the server again, as does the one that was opened since.
    for index in [index, reopened] {
        index.upsert(&three()).expect("upsert");
        index.commit(2).expect("commit");
        assert_eq!(answers(&index), straight());
    }
    assert_eq!(server.engine().collections().len(), 1);
}

#[test]
fn a_server_that_lost_everything_is_filled_anew() {
    let server = TestServer::start();
    let index = open(&server);
    index.upsert(&three()).expect("upsert");
    index.commit(1).expect("commit");
    let server = TestServer::start_with(server.stop().emptied());
    let fault = index.upsert(&three()).expect_err("the collection is gone").to_string();
    assert!(fault.contains("no longer has what is asked for"), "{fault}");
    let index = open(&server);
    assert_eq!(index.committed(), None);
    index.upsert(&three()).expect("upsert");
    index.commit(1).expect("commit");
    assert_eq!(answers(&index), straight());
}

#[test]
fn what_the_server_refuses_is_not_asked_again() {
    let server = TestServer::start();
    let index = open(&server);
    server.alter(|engine| {
        engine.collection_mut(&index.way.collection).expect("the collection").resize(5);
    });
    let before = server.traffic().calls(Call::Upsert);
    let fault = index.upsert(&three()).expect_err("another size").to_string();
    assert!(fault.contains("the Qdrant server refuses: ") && fault.contains('5'), "{fault}");
    assert_eq!(server.traffic().calls(Call::Upsert), before + 1);
}

#[test]
fn a_wrong_key_is_named_and_not_shown() {
    let server = TestServer::start_with(State::default().api_key("opensesame"));
    let with =
        |key: Option<&str>| QdrantOptions { api_key: key.map(str::to_owned), ..options(&server) };
    for key in [None, Some("swordfish")] {
        let refused = refusal(&with(key));
        assert!(refused.contains("refuses the API key"), "{refused}");
        assert!(!refused.contains("swordfish") && !refused.contains("tried"), "{refused}");
    }
    opened(&with(Some("opensesame"))).expect("the right key");
}

#[test]
fn an_old_server_is_refused() {
    let server = TestServer::start_with(State::default().version("1.15.4"));
    let refused = refusal(&options(&server));
    assert!(refused.contains("is version 1.15.4; sufficit needs 1.16 or later"), "{refused}");
    assert!(server.engine().collections().is_empty());
}

#[test]
fn a_port_where_something_else_answers_is_told_apart() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let options = QdrantOptions {
        url: format!("http://{address}"),
        attempts: 1,
        first_pause: Duration::from_millis(1),
        ..QdrantOptions::default()
    };
    // As Qdrant's own port for HTTP answers. It is asked twice: the client tries again by itself.
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut asked = [0; 64];
            let _ = stream.read(&mut asked);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let refused = refusal(&options);
    assert!(refused.contains("port is not that of gRPC"), "{refused}");
}

#[test]
fn a_server_that_speaks_no_tls_is_not_spoken_to_in_the_clear() {
    let server = TestServer::start();
    let url = server.url().replace("http://", "https://");
    let refused = refusal(&QdrantOptions { url, attempts: 1, ..options(&server) });
    assert!(refused.contains("the Qdrant server cannot be reached: TLS failed: "), "{refused}");
    assert!(server.engine().collections().is_empty());
}
