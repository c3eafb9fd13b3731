//! What filters let through.

use super::{dense, number, point, refused, with, words};
use qdrant_client::Qdrant;
use qdrant_client::qdrant::r#match::MatchValue;
use qdrant_client::qdrant::value::Kind;
use qdrant_client::qdrant::{
    Condition, CountPointsBuilder, DatetimeRange, Filter, Range, RepeatedIntegers, RepeatedStrings,
    ScrollPointsBuilder, Timestamp, Value,
};
use tonic::Code;

async fn server() -> (super::Server, Qdrant) {
    let null = Value { kind: Some(Kind::NullValue(0)) };
    let inner = |kind: &str, page: i64| {
        Value::from(vec![("kind", Value::from(kind)), ("page", page.into())])
    };
    with(vec![
        point(
            1,
            dense([1.0, 0.0]),
            [
                ("kind", "policy".into()),
                ("page", 1.into()),
                ("date", "2024-05-31T23:30:00-01:00".into()),
                ("parts", vec![inner("a", 1), inner("b", 2)].into()),
            ],
        ),
        point(
            2,
            words(&[(1, 1.0)]),
            [
                ("kind", "record".into()),
                ("page", 2.into()),
                ("date", "2024-06-01".into()),
                ("parts", vec![inner("a", 2)].into()),
            ],
        ),
        point(
            3,
            words(&[]),
            [
                ("kind", vec!["policy", "record"].into()),
                ("page", null),
                ("date", "soon".into()),
                ("of", inner("a", 9)),
            ],
        ),
        point(4, dense([1.0, 0.0]), [("page", 3.5.into()), ("kind", Vec::<Value>::new().into())]),
    ])
    .await
}

async fn through(client: &Qdrant, filter: Filter) -> Vec<u64> {
    let scroll = ScrollPointsBuilder::new("passages").filter(filter.clone());
    let points = client.scroll(scroll).await.expect("is answered").result;
    let ids: Vec<u64> = points.iter().map(|point| number(point.id.as_ref())).collect();
    let count = client.count(CountPointsBuilder::new("passages").filter(filter)).await;
    assert_eq!(count.expect("is answered").result.expect("a count").count, ids.len() as u64);
    ids
}

fn kind(kind: &str) -> Condition {
    Condition::matches("kind", kind.to_owned())
}

fn page(range: Range) -> Condition {
    Condition::range("page", range)
}

#[tokio::test]
async fn conditions_are_joined() {
    let (_server, client) = server().await;
    assert_eq!(through(&client, Filter::default()).await, [1, 2, 3, 4]);
    assert_eq!(through(&client, Filter::must([kind("policy")])).await, [1, 3]);
    assert_eq!(through(&client, Filter::must([kind("policy"), kind("record")])).await, [3]);
    assert_eq!(through(&client, Filter::should([kind("policy"), kind("record")])).await, [1, 2, 3]);
    assert_eq!(through(&client, Filter::must_not([kind("policy")])).await, [2, 4]);
    let two_of_three = [kind("policy"), kind("record"), Condition::has_id([2])];
    assert_eq!(through(&client, Filter::min_should(2, two_of_three)).await, [2, 3]);
    let within: Condition = Filter::should([Condition::has_id([1]), Condition::has_id([4])]).into();
    assert_eq!(through(&client, Filter::must([within, kind("policy")])).await, [1]);
}

#[tokio::test]
async fn values_are_compared_as_what_they_are() {
    let (_server, client) = server().await;
    let must = |condition| Filter::must([condition]);
    assert_eq!(through(&client, must(Condition::matches("page", 2))).await, [2]);
    assert_eq!(through(&client, must(Condition::matches("page", vec![1, 2, 3]))).await, [1, 2]);
    let kinds = vec!["record".to_owned(), "plan".to_owned()];
    assert_eq!(through(&client, must(Condition::matches("kind", kinds))).await, [2, 3]);
    let strings = RepeatedStrings { strings: vec!["policy".to_owned()] };
    let except = Condition::matches("kind", MatchValue::ExceptKeywords(strings));
    // A list is let through for each element that is another one, a point without any value is not.
    assert_eq!(through(&client, must(except)).await, [2, 3]);
    let except = RepeatedIntegers { integers: vec![1] };
    let except = Condition::matches("page", MatchValue::ExceptIntegers(except));
    assert_eq!(through(&client, must(except)).await, [2, 4]);
    let from_two = Range { gte: Some(2.0), ..Range::default() };
    assert_eq!(through(&client, must(page(from_two))).await, [2, 4]);
    let between = Range { gt: Some(1.0), lt: Some(3.5), ..Range::default() };
    assert_eq!(through(&client, must(page(between))).await, [2]);
    let up_to = Range { lte: Some(1.0), ..Range::default() };
    assert_eq!(through(&client, must(page(up_to))).await, [1]);
}

#[tokio::test]
async fn moments_are_compared_whatever_their_offset() {
    let (_server, client) = server().await;
    // 2024-06-01 00:00 in UTC; the first point is from half an hour later, the text of the third is no moment.
    let midnight = Timestamp { seconds: 1_717_200_000, nanos: 0 };
    let date = |range| Filter::must([Condition::datetime_range("date", range)]);
    let from = DatetimeRange { gte: Some(midnight), ..DatetimeRange::default() };
    assert_eq!(through(&client, date(from)).await, [1, 2]);
    let after = DatetimeRange { gt: Some(midnight), ..DatetimeRange::default() };
    assert_eq!(through(&client, date(after)).await, [1]);
    let until = DatetimeRange { lte: Some(midnight), ..DatetimeRange::default() };
    assert_eq!(through(&client, date(until)).await, [2]);
    let before = DatetimeRange { lt: Some(midnight), ..DatetimeRange::default() };
    assert_eq!(through(&client, date(before)).await, Vec::<u64>::new());
}

#[tokio::test]
async fn what_is_missing_is_seen() {
    let (_server, client) = server().await;
    let must = |condition| Filter::must([condition]);
    assert_eq!(through(&client, must(Condition::is_empty("kind"))).await, [4]);
    assert_eq!(through(&client, must(Condition::is_empty("page"))).await, [3]);
    assert_eq!(through(&client, must(Condition::is_null("page"))).await, [3]);
    assert_eq!(through(&client, must(Condition::is_null("nowhere"))).await, Vec::<u64>::new());
    assert_eq!(through(&client, must(Condition::has_vector("dense"))).await, [1, 4]);
    assert_eq!(through(&client, must(Condition::has_vector("words"))).await, [2, 3]);
}

#[tokio::test]
async fn paths_lead_into_objects() {
    let (_server, client) = server().await;
    let of = Condition::matches("of.kind", "a".to_owned());
    assert_eq!(through(&client, Filter::must([of])).await, [3]);
    let any = Condition::matches("parts[].page", 2);
    assert_eq!(through(&client, Filter::must([any])).await, [1, 2]);
    let both = [Condition::matches("kind", "a".to_owned()), Condition::matches("page", 2)];
    let same = Condition::nested("parts", Filter::must(both));
    assert_eq!(through(&client, Filter::must([same])).await, [2]);
}

#[tokio::test]
async fn unknown_conditions_are_refused_whatever_is_stored() {
    let (_server, client) = with(Vec::new()).await;
    let text = Filter::must([Condition::matches_text("kind", "policy")]);
    let within: Condition = text.into();
    let scroll = ScrollPointsBuilder::new("passages").filter(Filter::must_not([within]));
    let status = refused(client.scroll(scroll).await);
    assert_eq!(status.code(), Code::Unimplemented);
    assert!(status.message().contains("matches within text"), "{}", status.message());
}
