use super::points::{ORGANISATION, days};
use crate::Within;
use jiff::civil::Date;
use qdrant_client::qdrant::r#match::MatchValue;
use qdrant_client::qdrant::{Condition, Filter, Range};
use sufficit_evidence::DocumentId;

/// All passages, and not the manifest.
pub(super) fn passages() -> Filter {
    Filter::must([keyword("organisation", ORGANISATION)])
}

/// The passages of a document from this ordinal on.
pub(super) fn of_document(document: &DocumentId, first: u32) -> Filter {
    let from = Range { gte: Some(f64::from(first)), ..Range::default() };
    let mut filter = passages();
    filter.must.push(keyword("document", document.as_str()));
    filter.must.push(Condition::range("passage", from));
    filter
}

/// The passages of the documents that are asked for.
pub(super) fn within(within: &Within) -> Filter {
    let Within { documents, kinds, languages, from, to } = within;
    let any = |field: &str, values: Vec<String>| {
        (!values.is_empty()).then(|| Condition::matches(field, values))
    };
    let ids = documents.iter().map(|id| id.as_str().to_owned()).collect();
    let kinds = kinds.iter().map(|kind| kind.name().to_owned()).collect();
    let dated = (from.is_some() || to.is_some()).then(|| {
        let day = |date: &Option<Date>| date.map(|date| days(date) as f64);
        Condition::range("dated", Range { gte: day(from), lte: day(to), ..Range::default() })
    });
    let mut filter = passages();
    filter.must.extend(any("document", ids));
    filter.must.extend(any("kind", kinds));
    filter.must.extend(any("language", languages.clone()));
    filter.must.extend(dated);
    filter
}

/// The client would take a text with a space in it for words to be looked for.
fn keyword(field: &str, value: &str) -> Condition {
    Condition::matches(field, MatchValue::Keyword(value.to_owned()))
}
