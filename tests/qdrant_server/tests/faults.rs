//! The server when it fails, as a test plans it.

use super::{client, client_within, code, dense, point, store, with};
use crate::qdrant_server::{Call, Calls, Server};
use qdrant_client::QdrantError;
use qdrant_client::qdrant::{
    DeletePointsBuilder, Filter, PointStruct, QueryPointsBuilder, UpdateStatus, UpsertPointsBuilder,
};
use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::Duration;
use tokio::net::TcpSocket;
use tonic::Code;

fn points(ids: std::ops::RangeInclusive<u64>) -> Vec<PointStruct> {
    ids.map(|id| point(id, dense([1.0, 0.0]), [])).collect()
}

fn stored(server: &Server) -> usize {
    server.engine().collection("passages").expect("is there").points().len()
}

#[tokio::test]
async fn it_is_unavailable_for_so_many_calls() {
    let (server, client) = with(Vec::new()).await;
    server.faults().unavailable(Calls::Of(Call::Upsert), 3);
    assert_eq!(code(store(&client, points(1..=1)).await), Code::Unavailable);
    let query = || QueryPointsBuilder::new("passages").query(vec![1.0, 0.0]).using("dense");
    client.query(query()).await.expect("queries are not meant");
    assert_eq!((server.faults().met(), server.traffic().calls(Call::Upsert)), (2, 2));
    store(&client, points(1..=1)).await.expect("the client asks again by itself");
    assert_eq!((server.faults().met(), server.traffic().calls(Call::Upsert)), (3, 4));
    server.faults().unavailable(Calls::Of(Call::Delete), 2);
    let delete = || DeletePointsBuilder::new("passages").points(Filter::default());
    assert_eq!(code(client.delete_points(delete()).await), Code::Unavailable);
    assert_eq!(stored(&server), 1);
    client.delete_points(delete()).await.expect("is available again");
    assert_eq!(stored(&server), 0);
    server.faults().unavailable(Calls::Any, 5);
    assert_eq!(code(client.query(query()).await), Code::Unavailable);
    assert_eq!(code(client.list_collections().await), Code::Unavailable);
    assert_eq!(code(client.health_check().await), Code::Unavailable);
    client.query(query()).await.expect("is available again");
    server.faults().unavailable(Calls::Any, 9);
    server.faults().clear();
    client.query(query()).await.expect("is available again");
}

#[tokio::test]
async fn it_says_when_to_come_back() {
    let (server, client) = with(Vec::new()).await;
    server.faults().rate_limited(Calls::Of(Call::Upsert), 1, 7);
    match store(&client, points(1..=1)).await {
        Err(QdrantError::ResourceExhaustedError { retry_after_seconds, .. }) => {
            assert_eq!(retry_after_seconds, 7);
        }
        other => panic!("{other:?} is no limit"),
    }
    store(&client, points(1..=1)).await.expect("is let in again");
}

#[tokio::test]
async fn a_write_may_be_answered_as_unfinished() {
    let (server, client) = with(Vec::new()).await;
    let upsert = || UpsertPointsBuilder::new("passages", points(1..=2)).wait(true);
    let status = async || {
        let answer = client.upsert_points(upsert()).await.expect("is answered");
        answer.result.expect("a result").status()
    };
    server.faults().unfinished(Calls::Of(Call::Upsert), 1);
    assert_eq!((status().await, stored(&server)), (UpdateStatus::WaitTimeout, 2));
    assert_eq!((status().await, stored(&server)), (UpdateStatus::Completed, 2));
}

#[tokio::test]
async fn it_holds_calls_until_the_gate_opens() {
    let (server, client) = with(Vec::new()).await;
    let gate = server.faults().hold(Calls::Of(Call::Upsert));
    let waiting = tokio::spawn(async move {
        tokio::try_join!(store(&client, points(1..=2)), store(&client, points(3..=5)))
    });
    let server = tokio::task::spawn_blocking(move || {
        server.wait_until(|traffic| traffic.upserts_in_flight == 2);
        server
    });
    let server = server.await.expect("both come");
    assert_eq!(stored(&server), 0);
    gate.open();
    waiting.await.expect("ends").expect("are stored");
    assert_eq!(stored(&server), 5);
    let traffic = server.traffic();
    assert_eq!((traffic.calls(Call::Upsert), traffic.most_upserts_in_flight), (2, 2));
    let mut counts = traffic.points_per_upsert.clone();
    counts.sort_unstable();
    assert_eq!(counts, [2, 3]);
    assert_eq!((traffic.upserts_in_flight, traffic.bytes_in_flight), (0, 0));
    // Each of the five points has two numbers of 4 bytes and the name of its vector.
    assert!(traffic.most_bytes_in_flight > 5 * (2 * 4 + "dense".len()), "{traffic:?}");
}

#[tokio::test]
async fn a_call_may_never_be_answered() {
    let (server, _) = with(Vec::new()).await;
    let hasty = client_within(&server, Duration::from_millis(50));
    server.faults().never_answer(Calls::Of(Call::Upsert), 2);
    let answer = code(store(&hasty, points(1..=1)).await);
    assert!(matches!(answer, Code::Cancelled | Code::DeadlineExceeded), "{answer:?}");
    let server = tokio::task::spawn_blocking(move || {
        server.wait_until(|traffic| traffic.upserts_in_flight == 0);
        server
    });
    let server = server.await.expect("it is given up");
    store(&client(&server), points(1..=1)).await.expect("the next one is answered");
}

#[tokio::test]
async fn a_batch_may_be_cut_off_within() {
    let (server, client) = with(Vec::new()).await;
    server.faults().cut_upsert(1);
    server.faults().cut_upsert(3);
    assert_eq!(code(store(&client, points(1..=5)).await), Code::Unavailable);
    assert_eq!(stored(&server), 3);
    store(&client, points(1..=5)).await.expect("is stored");
    server.faults().cut_upsert(usize::MAX);
    server.faults().cut_upsert(0);
    assert_eq!(code(store(&client, points(6..=7)).await), Code::Unavailable);
    assert_eq!(stored(&server), 7);
}

#[tokio::test]
async fn it_dies_and_comes_back_with_what_it_had() {
    let (server, client) = with(points(1..=2)).await;
    server.faults().die_in_upsert(1);
    store(&client, points(3..=5)).await.expect_err("the server died");
    store(&client, points(3..=5)).await.expect_err("and is dead");
    let url = server.url();
    let state = server.stop();
    let server = Server::start_with(state);
    assert_eq!((server.url(), stored(&server)), (url, 3));
    store(&client, points(3..=5)).await.expect("the same client finds it again");
    assert_eq!(stored(&server), 5);
    let emptied = Server::start_with(server.stop().emptied());
    assert_eq!(client.list_collections().await.expect("is answered").collections, []);
    drop(emptied);
    assert!(client.list_collections().await.is_err());
}

#[test]
fn its_port_is_nobody_elses_while_it_is_down() {
    let server = Server::start();
    let (url, address) = (server.url(), server.address());
    let down = server.stop();
    let refused = TcpStream::connect(address).expect_err("nobody listens");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    let other = TcpSocket::new_v4().expect("a socket is made");
    assert_eq!(other.bind(address).expect_err("it is held").kind(), ErrorKind::AddrInUse);
    assert_eq!(Server::start_with(down).url(), url);
}

#[test]
fn stopping_cuts_calls_that_wait() {
    let runtime = tokio::runtime::Runtime::new().expect("starts");
    let (server, client) = runtime.block_on(with(Vec::new()));
    let _gate = server.faults().hold(Calls::Any);
    let waiting = runtime.spawn(async move { store(&client, points(1..=1)).await });
    server.wait_until(|traffic| traffic.upserts_in_flight == 1);
    let state = server.stop();
    runtime.block_on(waiting).expect("ends").expect_err("it was cut");
    let server = Server::start_with(state);
    assert_eq!(stored(&server), 0);
}
