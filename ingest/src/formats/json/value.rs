use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A value whose keys stand as in the file, also where one stands twice: `serde_json::Value` sorts keys and keeps the last.
#[derive(Debug, PartialEq)]
pub(super) enum Json {
    /// Text, number or truth value as text; nothing for `null`.
    Scalar(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(super) fn is_scalar(&self) -> bool {
        matches!(self, Self::Scalar(_))
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Scalar(String::new()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Scalar(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Scalar(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Scalar(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        // In digits as few as JSON writes: 1e300 is no row of three hundred noughts.
        let number = serde_json::Number::from_f64(value);
        Ok(Json::Scalar(number.map(|number| number.to_string()).unwrap_or_default()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Scalar(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Json, E> {
        Ok(Json::Scalar(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_as_in_the_file_and_values_are_text() {
        let text = r#"{"time": 5, "action": null, "done": [true, -0.25, 1e300], "time": "late"}"#;
        let scalar = |text: &str| Json::Scalar(text.to_owned());
        let done = Json::List(vec![scalar("true"), scalar("-0.25"), scalar("1e+300")]);
        let entries = [("time", scalar("5")), ("action", scalar("")), ("done", done)];
        let mut entries: Vec<(String, Json)> =
            entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        entries.push(("time".to_owned(), scalar("late")));
        assert_eq!(serde_json::from_str::<Json>(text).ok(), Some(Json::Object(entries)));
    }
}
