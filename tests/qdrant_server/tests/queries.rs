//! What is nearest.

use super::{code, dense, number, point, refused, with, words};
use qdrant_client::Qdrant;
use qdrant_client::qdrant::{
    Condition, DeletePointsBuilder, Filter, Fusion, NamedVectors, PrefetchQueryBuilder, Query,
    QueryBatchPointsBuilder, QueryPoints, QueryPointsBuilder, Rrf, Sample,
};
use tonic::Code;

fn asked(vector: [f32; 2]) -> QueryPointsBuilder {
    QueryPointsBuilder::new("passages").query(vector.to_vec()).using("dense")
}

fn asked_words(pairs: &[(u32, f32)]) -> QueryPointsBuilder {
    QueryPointsBuilder::new("passages").query(pairs.to_vec()).using("words")
}

async fn found(client: &Qdrant, query: impl Into<QueryPoints>) -> Vec<(u64, f32)> {
    let found = client.query(query).await.expect("is answered").result;
    found.iter().map(|point| (number(point.id.as_ref()), point.score)).collect()
}

fn close(found: &[(u64, f32)], expected: &[(u64, f32)]) {
    let near =
        |one: &(u64, f32), other: &(u64, f32)| one.0 == other.0 && (one.1 - other.1).abs() < 1e-5;
    let same = found.len() == expected.len()
        && found.iter().zip(expected).all(|(one, other)| near(one, other));
    assert!(same, "{found:?} and not {expected:?}");
}

#[tokio::test]
async fn the_nearest_come_first_and_of_equals_the_smaller_id() {
    let (_server, client) = with(vec![
        point(4, dense([1.0, 0.0]), []),
        point(3, dense([0.0, 2.0]), []),
        point(2, dense([1.0, 0.0]), []),
        point(1, dense([0.5, 0.0]), []),
        point(9, words(&[(1, 1.0)]), []),
    ])
    .await;
    let all = found(&client, asked([1.0, 0.25])).await;
    assert_eq!(all, [(2, 1.0), (4, 1.0), (1, 0.5), (3, 0.5)]);
    assert_eq!(found(&client, asked([1.0, 0.25]).offset(1).limit(2)).await, all[1..3]);
    assert_eq!(found(&client, asked([1.0, 0.25]).score_threshold(0.5)).await, all[..2]);
    let without_query = QueryPointsBuilder::new("passages").limit(2);
    assert_eq!(found(&client, without_query).await, [(1, 0.0), (2, 0.0)]);
}

#[tokio::test]
async fn cosine_looks_at_directions_alone() {
    let angle = |values: [f32; 2]| NamedVectors::default().add_vector("angle", values.to_vec());
    let (_server, client) = with(vec![
        point(1, angle([3.0, 4.0]), []),
        point(2, angle([10.0, 0.0]), []),
        point(3, angle([0.0, 0.0]), []),
    ])
    .await;
    let query = QueryPointsBuilder::new("passages").query(vec![7.0, 0.0]).using("angle");
    close(&found(&client, query).await, &[(2, 1.0), (1, 0.6), (3, 0.0)]);
}

#[tokio::test]
async fn a_rare_word_counts_for_more() {
    let (_server, client) = with(vec![
        point(1, words(&[(7, 1.0), (8, 2.0)]), []),
        point(2, words(&[(7, 0.5)]), []),
        point(3, words(&[(7, 1.0)]), []),
        point(4, words(&[(9, 1.0)]), []),
        // Has no words and so is none of those among which a word is rare.
        point(5, dense([1.0, 0.0]), []),
    ])
    .await;
    // 4 points have words, 3 of them the word 7: ln(1.5 / 3.5 + 1). One has the word 8: ln(3.5 / 1.5 + 1).
    let (common, rare) = (0.356_675_f32, 1.203_973_f32);
    let answer = found(&client, asked_words(&[(7, 2.0), (8, 1.0), (1000, 50.0)])).await;
    let expected = [(1, 2.0 * common + 2.0 * rare), (3, 2.0 * common), (2, common)];
    close(&answer, &expected);
    // What a filter lets through does not change how rare a word is.
    let filter = Filter::must([Condition::has_id([2])]);
    close(&found(&client, asked_words(&[(7, 2.0)]).filter(filter)).await, &[(2, common)]);
    assert_eq!(found(&client, asked_words(&[(1000, 1.0)])).await, []);
    let above = asked_words(&[(7, 2.0), (8, 1.0)]).score_threshold(common + 0.01);
    assert_eq!(found(&client, above).await.len(), 2);
    // With the one gone that has both, 2 of 3 have the word 7: ln(1.5 / 2.5 + 1).
    let first = Filter::must([Condition::has_id([1])]);
    client
        .delete_points(DeletePointsBuilder::new("passages").points(first))
        .await
        .expect("is gone");
    close(&found(&client, asked_words(&[(7, 1.0)])).await, &[(3, 0.470_004), (2, 0.235_002)]);
}

/// 1, 2, 3 by `dense`; 3, 1, 4 by `words`.
async fn two_orders() -> (super::Server, Qdrant) {
    let both = |first: f32, word: f32| dense([first, 0.0]).add_vector("words", vec![(1, word)]);
    with(vec![
        point(1, both(3.0, 2.0), [("kind", "policy".into())]),
        point(2, dense([2.0, 0.0]), [("kind", "policy".into())]),
        point(3, both(1.0, 3.0), [("kind", "record".into())]),
        point(4, words(&[(1, 1.0)]), [("kind", "record".into())]),
    ])
    .await
}

fn fused(query: Query) -> QueryPointsBuilder {
    let by_dense = PrefetchQueryBuilder::default().query(vec![1.0, 0.0]).using("dense");
    let by_words = PrefetchQueryBuilder::default().query(vec![(1_u32, 1.0_f32)]).using("words");
    QueryPointsBuilder::new("passages")
        .prefetch(vec![by_dense.build(), by_words.build()])
        .query(query)
}

#[tokio::test]
async fn lists_are_fused_by_rank() {
    let (_server, client) = two_orders().await;
    // k is 2 and ranks begin at 0: 1 is 1/2 + 1/3, 3 is 1/4 + 1/2, 2 is 1/3, 4 is 1/4.
    let two = [(1, 5.0 / 6.0), (3, 0.75), (2, 1.0 / 3.0), (4, 0.25)];
    close(&found(&client, fused(Query::new_fusion(Fusion::Rrf))).await, &two);
    close(&found(&client, fused(Query::new_rrf(Rrf::default()))).await, &two);
    let sixty = Query::new_rrf(Rrf { k: Some(60), weights: Vec::new() });
    let expected = [
        (1, 1.0 / 60.0 + 1.0 / 61.0),
        (3, 1.0 / 62.0 + 1.0 / 60.0),
        (2, 1.0 / 61.0),
        (4, 1.0 / 62.0),
    ];
    close(&found(&client, fused(sixty)).await, &expected);
    let page = fused(Query::new_fusion(Fusion::Rrf)).limit(2).offset(1);
    close(&found(&client, page).await, &two[1..3]);
    let reached = fused(Query::new_fusion(Fusion::Rrf)).score_threshold(0.75);
    close(&found(&client, reached).await, &two[..2]);
}

#[tokio::test]
async fn a_filter_reaches_what_is_fetched_before() {
    let (_server, client) = two_orders().await;
    let records = Filter::must([Condition::matches("kind", "record".to_owned())]);
    let query = fused(Query::new_fusion(Fusion::Rrf)).filter(records);
    // Among the records, 3 is the first of both lists and 4 the second of one.
    close(&found(&client, query).await, &[(3, 1.0), (4, 1.0 / 3.0)]);
}

#[tokio::test]
async fn each_list_has_its_own_limit_filter_and_threshold() {
    let (_server, client) = two_orders().await;
    let not_one = Filter::must_not([Condition::has_id([1])]);
    let by_dense = PrefetchQueryBuilder::default()
        .query(vec![1.0, 0.0])
        .using("dense")
        .filter(not_one)
        .limit(1_u64);
    let by_words = PrefetchQueryBuilder::default()
        .query(vec![(1_u32, 1.0_f32)])
        .using("words")
        .score_threshold(0.3);
    let query = QueryPointsBuilder::new("passages")
        .prefetch(vec![by_dense.build(), by_words.build()])
        .query(Fusion::Rrf);
    // All 3 that have words have the one: its weight is ln(0.5 / 3.5 + 1) = 0.1335, so 3 alone is above 0.3.
    close(&found(&client, query).await, &[(2, 0.5), (3, 0.5)]);
    let among = PrefetchQueryBuilder::default().query(vec![(1_u32, 1.0_f32)]).using("words");
    let rescored = asked([-1.0, 0.0]).prefetch(vec![among.build()]);
    assert_eq!(found(&client, rescored).await, [(3, -1.0), (1, -3.0)]);
}

#[tokio::test]
async fn a_batch_is_answered_in_its_order() {
    let (_server, client) = two_orders().await;
    let queries = vec![asked([1.0, 0.0]).limit(1).build(), asked([-1.0, 0.0]).limit(1).build()];
    let batch = QueryBatchPointsBuilder::new("passages", queries);
    let answer = client.query_batch(batch).await.expect("is answered").result;
    let first: Vec<u64> = answer.iter().map(|one| number(one.result[0].id.as_ref())).collect();
    assert_eq!(first, [1, 3]);
    assert_eq!(answer[0].result[0].payload, [].into());
}

#[tokio::test]
async fn points_come_with_what_is_asked_for() {
    let (_server, client) = two_orders().await;
    let query = asked([1.0, 0.0]).limit(1).with_payload(true).with_vectors(true);
    let answer = client.query(query).await.expect("is answered").result;
    assert_eq!(answer[0].payload["kind"], "policy".into());
    let vectors = answer[0].vectors.as_ref().expect("come with it");
    assert!(vectors.get_vector_by_name("dense").is_some());
    assert!(vectors.get_vector_by_name("words").is_some());
    assert!(vectors.get_vector_by_name("angle").is_none());
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused() {
    let (_server, client) = two_orders().await;
    let wrong = refused(client.query(asked([1.0, 0.0]).query(vec![1.0; 3])).await);
    assert_eq!(wrong.code(), Code::InvalidArgument);
    assert_eq!(wrong.message(), "Wrong input: Vector dimension error: expected dim: 2, got 3");
    let unknown = refused(client.query(asked([1.0, 0.0]).using("other")).await);
    assert_eq!(unknown.message(), "Wrong input: Not existing vector name error: other");
    assert_eq!(code(client.query(asked([1.0, 0.0]).using("words")).await), Code::InvalidArgument);
    assert_eq!(code(client.query(asked([1.0, 0.0]).limit(0)).await), Code::InvalidArgument);
    let sampled =
        refused(client.query(asked([1.0, 0.0]).query(Query::new_sample(Sample::Random))).await);
    assert_eq!(sampled.code(), Code::Unimplemented);
    assert!(sampled.message().ends_with("sample"), "{}", sampled.message());
    let weighed = Rrf { k: None, weights: vec![1.0, 2.0] };
    assert_eq!(code(client.query(fused(Query::new_rrf(weighed))).await), Code::Unimplemented);
    let elsewhere = QueryPointsBuilder::new("elsewhere").query(vec![1.0, 0.0]);
    let missing = refused(client.query(elsewhere).await);
    assert_eq!(missing.code(), Code::NotFound);
    assert_eq!(missing.message(), "Not found: Collection `elsewhere` doesn't exist!");
}
