use crate::within::{dated, language};
use jiff::civil::Date;
use std::ops::Bound;
use sufficit_evidence::{Document, DocumentId, Passage};
use tantivy::query::{BooleanQuery, Query, RangeQuery, TermSetQuery};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use crate::Within;

/// The analyser's name in the index.
pub(super) const ENGLISH: &str = "english";
/// The names of the columns that are read for each passage found.
pub(super) const DOCUMENT: &str = "document";
pub(super) const PASSAGE: &str = "passage";
/// A word in a heading or title counts this much of one in the body.
const HEADING_BOOST: f32 = 0.5;

/// What is kept of a passage.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    document: Field,
    passage: Field,
    kind: Field,
    language: Field,
    dated: Field,
    title: Field,
    headings: Field,
    body: Field,
}

impl Fields {
    /// Puts the fields into a schema.
    pub(super) fn new() -> (Self, Schema) {
        let words = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(ENGLISH)
                .set_index_option(IndexRecordOption::WithFreqs),
        );
        let mut schema = Schema::builder();
        let fields = Self {
            document: schema.add_text_field(DOCUMENT, STRING | FAST),
            passage: schema.add_u64_field(PASSAGE, FAST),
            kind: schema.add_text_field("kind", STRING),
            language: schema.add_text_field("language", STRING),
            dated: schema.add_i64_field("dated", FAST),
            title: schema.add_text_field("title", words.clone()),
            headings: schema.add_text_field("headings", words.clone()),
            body: schema.add_text_field("body", words),
        };
        (fields, schema.build())
    }

    /// The fields whose words count, each with how much they do.
    pub(super) fn words(&self) -> [(Field, f32); 3] {
        [(self.body, 1.0), (self.headings, HEADING_BOOST), (self.title, HEADING_BOOST)]
    }

    /// What names a document.
    pub(super) fn name(&self, document: &DocumentId) -> Term {
        Term::from_field_text(self.document, document.as_str())
    }

    /// What is kept of a passage of this document.
    pub(super) fn entry(&self, document: &Document, passage: &Passage) -> TantivyDocument {
        let title = document.facts.title_text();
        let mut entry = TantivyDocument::new();
        entry.add_text(self.document, document.id.as_str());
        entry.add_u64(self.passage, u64::from(passage.ordinal));
        entry.add_text(self.kind, document.facts.kind().name());
        entry.add_text(self.language, language(document));
        if let Some(date) = dated(document) {
            entry.add_i64(self.dated, day(date));
        }
        entry.add_text(self.title, title);
        for heading in passage.heading.iter().chain(&passage.context) {
            entry.add_text(self.headings, heading);
        }
        entry.add_text(self.body, &passage.text);
        entry
    }

    /// What passages have to fulfil to be of the documents asked for; `None` where all are.
    pub(super) fn filter(&self, within: &Within) -> Option<BooleanQuery> {
        let one_of = |field: Field, values: Vec<&str>| -> Option<Box<dyn Query>> {
            let terms = values.iter().map(|value| Term::from_field_text(field, value));
            (!values.is_empty()).then(|| Box::new(TermSetQuery::new(terms)) as Box<dyn Query>)
        };
        let bound = |date: Option<Date>| {
            date.map_or(Bound::Unbounded, |date| {
                Bound::Included(Term::from_field_i64(self.dated, day(date)))
            })
        };
        let dated = (within.from.is_some() || within.to.is_some()).then(|| {
            Box::new(RangeQuery::new(bound(within.from), bound(within.to))) as Box<dyn Query>
        });
        let clauses: Vec<Box<dyn Query>> = [
            one_of(self.document, within.documents.iter().map(DocumentId::as_str).collect()),
            one_of(self.kind, within.kinds.iter().map(|kind| kind.name()).collect()),
            one_of(self.language, within.languages.iter().map(String::as_str).collect()),
            dated,
        ]
        .into_iter()
        .flatten()
        .collect();
        (!clauses.is_empty()).then(|| BooleanQuery::intersection(clauses))
    }
}

/// Days since the first of the year 0.
fn day(date: Date) -> i64 {
    date.duration_since(Date::ZERO).as_hours() / 24
}
