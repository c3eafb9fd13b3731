//! Which points a filter lets through.

use super::collection::Point;
use super::fields::{self, Payload};
use super::id::Id;
use super::{moment, refusal};
use qdrant_client::qdrant::condition::ConditionOneOf;
use qdrant_client::qdrant::r#match::MatchValue;
use qdrant_client::qdrant::value::Kind;
use qdrant_client::qdrant::{
    Condition, DatetimeRange, FieldCondition, Filter, Range, Timestamp, Value,
};
use std::cmp::Ordering;
use tonic::Status;

/// Refuses a filter that says what this server does not know.
pub(super) fn check(filter: &Filter) -> Result<(), Status> {
    all(filter).try_for_each(|condition| match &condition.condition_one_of {
        Some(ConditionOneOf::Field(field)) => check_field(field),
        Some(ConditionOneOf::Filter(filter)) => check(filter),
        Some(ConditionOneOf::Nested(nested)) => nested.filter.as_ref().map_or(Ok(()), check),
        Some(ConditionOneOf::HasId(ids)) => Id::read_all(&ids.has_id).map(drop),
        Some(ConditionOneOf::Slice(_)) => Err(refusal::unsupported("slices")),
        Some(
            ConditionOneOf::IsEmpty(_) | ConditionOneOf::IsNull(_) | ConditionOneOf::HasVector(_),
        ) => Ok(()),
        None => Err(refusal::wrong("Malformed Condition type")),
    })
}

fn all(filter: &Filter) -> impl Iterator<Item = &Condition> {
    let Filter { should, must, must_not, min_should } = filter;
    let at_least = min_should.iter().flat_map(|one| &one.conditions);
    should.iter().chain(must).chain(must_not).chain(at_least)
}

fn check_field(field: &FieldCondition) -> Result<(), Status> {
    let geo = field.geo_bounding_box.is_some()
        || field.geo_radius.is_some()
        || field.geo_polygon.is_some();
    if geo {
        return Err(refusal::unsupported("places"));
    }
    refusal::unless_set(field.values_count.as_ref(), "counts of values")?;
    match field.r#match.as_ref().and_then(|one| one.match_value.as_ref()) {
        Some(
            MatchValue::Text(_)
            | MatchValue::TextAny(_)
            | MatchValue::Phrase(_)
            | MatchValue::Prefix(_)
            | MatchValue::Substring(_),
        ) => Err(refusal::unsupported("matches within text")),
        _ => Ok(()),
    }
}

/// Whether a point is let through; the filter is one that [`check`] let through.
pub(super) fn holds(filter: &Filter, id: Id, point: &Point) -> bool {
    of(filter, id, point, &point.payload)
}

/// The payload is that of the point, or an object within it.
fn of(filter: &Filter, id: Id, point: &Point, payload: &Payload) -> bool {
    let holds = |condition: &Condition| one(condition, id, point, payload);
    let enough = filter.min_should.as_ref().is_none_or(|least| {
        let held = least.conditions.iter().filter(|condition| holds(condition)).count();
        held as u64 >= least.min_count
    });
    enough
        && filter.must.iter().all(holds)
        && !filter.must_not.iter().any(holds)
        && (filter.should.is_empty() || filter.should.iter().any(holds))
}

fn one(condition: &Condition, id: Id, point: &Point, payload: &Payload) -> bool {
    match &condition.condition_one_of {
        Some(ConditionOneOf::Field(condition)) => field(condition, payload),
        Some(ConditionOneOf::Filter(filter)) => of(filter, id, point, payload),
        Some(ConditionOneOf::HasId(ids)) => {
            ids.has_id.iter().any(|one| Id::read(Some(one)).is_ok_and(|one| one == id))
        }
        Some(ConditionOneOf::IsEmpty(empty)) => is_empty(payload, &empty.key),
        Some(ConditionOneOf::IsNull(null)) => is_null(payload, &null.key),
        Some(ConditionOneOf::HasVector(vector)) => point.vectors.contains_key(&vector.has_vector),
        Some(ConditionOneOf::Nested(nested)) => {
            let Some(filter) = &nested.filter else { return true };
            let values = fields::values(payload, nested.key.trim_end_matches("[]"));
            let mut objects =
                values.into_iter().flat_map(fields::elements).filter_map(fields::object);
            objects.any(|object| of(filter, id, point, object))
        }
        Some(ConditionOneOf::Slice(_)) | None => false,
    }
}

/// There is no value, or none but null and empty lists.
fn is_empty(payload: &Payload, key: &str) -> bool {
    !fields::values(payload, key).into_iter().any(fields::says_something)
}

/// There is a value, and it is null.
fn is_null(payload: &Payload, key: &str) -> bool {
    fields::values(payload, key).into_iter().flat_map(fields::elements).any(fields::is_null)
}

fn field(condition: &FieldCondition, payload: &Payload) -> bool {
    let values = fields::values(payload, &condition.key);
    let any = |holds: &dyn Fn(&Value) -> bool| {
        values.iter().copied().flat_map(fields::elements).any(holds)
    };
    let wanted = condition.r#match.as_ref().and_then(|one| one.match_value.as_ref());
    wanted.is_some_and(|wanted| any(&|value| matches(wanted, value)))
        || condition.range.as_ref().is_some_and(|range| any(&|value| within(range, value)))
        || condition
            .datetime_range
            .as_ref()
            .is_some_and(|range| any(&|value| between(range, value)))
        || condition.is_empty.is_some_and(|empty| empty == is_empty(payload, &condition.key))
        || condition.is_null.is_some_and(|null| null == is_null(payload, &condition.key))
}

fn matches(wanted: &MatchValue, value: &Value) -> bool {
    match (wanted, &value.kind) {
        (_, None | Some(Kind::NullValue(_))) => false,
        (MatchValue::Keyword(wanted), Some(Kind::StringValue(text))) => wanted == text,
        (MatchValue::Keywords(wanted), Some(Kind::StringValue(text))) => {
            wanted.strings.contains(text)
        }
        (MatchValue::Integer(wanted), Some(Kind::IntegerValue(number))) => wanted == number,
        (MatchValue::Integers(wanted), Some(Kind::IntegerValue(number))) => {
            wanted.integers.contains(number)
        }
        (MatchValue::Boolean(wanted), Some(Kind::BoolValue(value))) => wanted == value,
        (MatchValue::ExceptKeywords(unwanted), Some(Kind::StringValue(text))) => {
            !unwanted.strings.contains(text)
        }
        (MatchValue::ExceptIntegers(unwanted), Some(Kind::IntegerValue(number))) => {
            !unwanted.integers.contains(number)
        }
        // A value of another type is none of those that are unwanted.
        (MatchValue::ExceptKeywords(_) | MatchValue::ExceptIntegers(_), Some(_)) => true,
        _ => false,
    }
}

fn within(range: &Range, value: &Value) -> bool {
    fields::number(value).is_some_and(|number| {
        range.lt.is_none_or(|bound| number < bound)
            && range.gt.is_none_or(|bound| number > bound)
            && range.lte.is_none_or(|bound| number <= bound)
            && range.gte.is_none_or(|bound| number >= bound)
    })
}

fn between(range: &DatetimeRange, value: &Value) -> bool {
    let Some(moment) = fields::text(value).and_then(moment::parse) else { return false };
    let against = |bound: &Timestamp| moment.cmp(&(bound.seconds, bound.nanos));
    range.lt.as_ref().is_none_or(|bound| against(bound) == Ordering::Less)
        && range.gt.as_ref().is_none_or(|bound| against(bound) == Ordering::Greater)
        && range.lte.as_ref().is_none_or(|bound| against(bound) != Ordering::Greater)
        && range.gte.as_ref().is_none_or(|bound| against(bound) != Ordering::Less)
}
