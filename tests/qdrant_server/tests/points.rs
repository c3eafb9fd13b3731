//! Points stored, read, changed and deleted.

use super::{client, code, dense, number, passages, point, refused, store, with, words};
use crate::qdrant_server::{Call, Server, State};
use qdrant_client::qdrant::point_id::PointIdOptions;
use qdrant_client::qdrant::vector_output::Vector;
use qdrant_client::qdrant::{
    Condition, CountPointsBuilder, DeletePointsBuilder, Filter, GetPoints, GetPointsBuilder,
    NamedVectors, PointId, PointStruct, PointsIdsList, ScrollPoints, ScrollPointsBuilder,
    SetPayloadPointsBuilder, UpdateStatus, UpsertPointsBuilder,
};
use qdrant_client::{Payload, Qdrant};
use tonic::Code;

async fn stored(client: &Qdrant) -> Vec<u64> {
    let points = client.scroll(ScrollPointsBuilder::new("passages").limit(100)).await;
    let points = points.expect("is answered").result;
    points.iter().map(|point| number(point.id.as_ref())).collect()
}

fn ids(ids: &[u64]) -> PointsIdsList {
    PointsIdsList { ids: ids.iter().map(|id| PointId::from(*id)).collect() }
}

#[tokio::test]
async fn a_point_takes_the_place_of_the_one_with_its_id() {
    let (server, client) =
        with(vec![point(1, dense([1.0, 2.0]), [("kind", "policy".into())])]).await;
    store(&client, vec![point(1, words(&[(5, 1.0), (2, 3.0)]), [])]).await.expect("is stored");
    let get =
        GetPointsBuilder::new("passages", ids(&[1]).ids).with_payload(true).with_vectors(true);
    let read = client.get_points(get).await.expect("is answered").result;
    assert_eq!(read[0].payload, [].into());
    let vectors = read[0].vectors.as_ref().expect("come with it");
    assert_eq!(vectors.get_vector_by_name("dense"), None);
    match vectors.get_vector_by_name("words") {
        Some(Vector::Sparse(words)) => {
            assert_eq!((words.indices, words.values), (vec![2, 5], vec![3.0, 1.0]));
        }
        other => panic!("{other:?} are no words"),
    }
    assert_eq!(server.engine().collection("passages").expect("is there").points().len(), 1);
}

#[tokio::test]
async fn a_batch_with_a_wrong_point_is_refused_whole() {
    let (_server, client) = with(Vec::new()).await;
    let wrong_size = NamedVectors::default().add_vector("dense", vec![1.0; 3]);
    let status = refused(
        store(&client, vec![point(1, dense([1.0, 0.0]), []), point(2, wrong_size, [])]).await,
    );
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.message(), "Wrong input: Vector dimension error: expected dim: 2, got 3");
    let unknown = NamedVectors::default().add_vector("other", vec![1.0]);
    let status = refused(store(&client, vec![point(2, unknown, [])]).await);
    assert_eq!(status.message(), "Wrong input: Not existing vector name error: other");
    let twice = words(&[(1, 1.0), (1, 2.0)]);
    assert_eq!(code(store(&client, vec![point(2, twice, [])]).await), Code::InvalidArgument);
    assert_eq!(code(store(&client, Vec::new()).await), Code::InvalidArgument);
    assert_eq!(stored(&client).await, Vec::<u64>::new());
}

#[tokio::test]
async fn uuids_are_ids_however_they_are_written() {
    let (_server, client) = with(Vec::new()).await;
    let hyphened = "936da01f-9abd-4d9d-80c7-02af85c822a8";
    let at = |id: &str| PointStruct::new(id.to_owned(), dense([1.0, 0.0]), Payload::new());
    let points =
        vec![at(hyphened), at("936DA01F9ABD4D9D80C702AF85C822A8"), point(7, dense([1.0, 0.0]), [])];
    store(&client, points).await.expect("is stored");
    let read =
        client.scroll(ScrollPointsBuilder::new("passages")).await.expect("is answered").result;
    let read: Vec<_> = read.into_iter().filter_map(|point| point.id?.point_id_options).collect();
    assert_eq!(read, [PointIdOptions::Num(7), PointIdOptions::Uuid(hyphened.to_owned())]);
    let status = refused(store(&client, vec![at("no-id")]).await);
    assert_eq!(status.message(), "Unable to parse UUID: no-id");
}

#[tokio::test]
async fn a_scroll_goes_page_by_page() {
    let (_server, client) =
        with((1..=5).map(|id| point(id, dense([1.0, 0.0]), [])).collect()).await;
    let mut seen = Vec::new();
    let mut offset = None;
    loop {
        let scroll = ScrollPoints {
            collection_name: "passages".to_owned(),
            limit: Some(2),
            offset,
            ..ScrollPoints::default()
        };
        let page = client.scroll(scroll).await.expect("is answered");
        seen.push(page.result.iter().map(|one| number(one.id.as_ref())).collect::<Vec<_>>());
        offset = page.next_page_offset;
        if offset.is_none() {
            break;
        }
    }
    assert_eq!(seen, [vec![1, 2], vec![3, 4], vec![5]]);
}

#[tokio::test]
async fn points_are_deleted_by_id_and_by_filter() {
    let of = |id, document: &str| point(id, dense([1.0, 0.0]), [("document", document.into())]);
    let (_server, client) = with(vec![of(1, "a"), of(2, "b"), of(3, "a"), of(4, "b")]).await;
    let filter = Filter::must([Condition::matches("document", "a".to_owned())]);
    let delete = DeletePointsBuilder::new("passages").points(filter).wait(true);
    let answer = client.delete_points(delete).await.expect("is answered").result;
    assert_eq!(answer.expect("a result").status(), UpdateStatus::Completed);
    assert_eq!(stored(&client).await, [2, 4]);
    let delete = DeletePointsBuilder::new("passages").points(ids(&[4, 99]));
    let answer = client.delete_points(delete).await.expect("is answered").result;
    assert_eq!(answer.expect("a result").status(), UpdateStatus::Acknowledged);
    assert_eq!(stored(&client).await, [2]);
    let count = client.count(CountPointsBuilder::new("passages").exact(true)).await;
    assert_eq!(count.expect("is answered").result.expect("a count").count, 1);
}

#[tokio::test]
async fn payloads_are_set_and_overwritten() {
    let (_server, client) =
        with(vec![point(1, dense([1.0, 0.0]), [("kind", "policy".into()), ("page", 1.into())])])
            .await;
    let set = |page: i64, id| {
        let payload = Payload::from([("page", page.into())]);
        SetPayloadPointsBuilder::new("passages", payload).points_selector(ids(&[id])).wait(true)
    };
    let payload = async || {
        let get = GetPointsBuilder::new("passages", ids(&[1]).ids).with_payload(true);
        client.get_points(get).await.expect("is answered").result.remove(0).payload
    };
    client.set_payload(set(2, 1)).await.expect("is set");
    assert_eq!(
        payload().await,
        [("kind".to_owned(), "policy".into()), ("page".to_owned(), 2.into())].into()
    );
    client.overwrite_payload(set(3, 1)).await.expect("is set");
    assert_eq!(payload().await, [("page".to_owned(), 3.into())].into());
    assert_eq!(code(client.set_payload(set(4, 99)).await), Code::NotFound);
}

#[tokio::test]
async fn those_without_the_key_are_refused() {
    let server = Server::start_with(State::default().api_key("open sesame").version("1.15.0"));
    let with_key = |key: &str| {
        let config = Qdrant::from_url(&server.url()).skip_compatibility_check().api_key(key);
        config.build().expect("the address is one")
    };
    for stranger in [client(&server), with_key("wrong")] {
        assert_eq!(code(stranger.list_collections().await), Code::Unauthenticated);
        let health = stranger.health_check().await.expect("needs no key");
        assert!(health.title.starts_with("qdrant"));
        assert_eq!(health.version, "1.15.0");
    }
    let known = with_key("open sesame");
    known.create_collection(passages("passages")).await.expect("is made");
    assert_eq!(server.traffic().calls(Call::Collection), 2);
    let get = GetPoints { collection_name: "passages".to_owned(), ..GetPoints::default() };
    assert_eq!(known.get_points(get).await.expect("is answered").result, []);
    let upsert = UpsertPointsBuilder::new("elsewhere", vec![point(1, dense([1.0, 0.0]), [])]);
    assert_eq!(code(known.upsert_points(upsert).await), Code::NotFound);
}
