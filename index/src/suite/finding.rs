//! Free search.

use super::{Open, document, found};
use crate::Within;
use sufficit_evidence::Document;

pub(super) fn finds(open: Open<'_>) {
    let index = open();
    let texts = ["Onion soup is soup.", "Bias is reviewed. Bias review."];
    index.upsert(&[document("a", &texts), document("b", &["Fairness review"])]).expect("upsert");
    index.commit(1).expect("commit");
    let hits = index.search("bias", &Within::default(), 10).expect("search");
    assert_eq!(hits[0].document.as_str(), "a");
    assert_eq!(hits[0].passage, 1);
    assert!(hits[0].lexical > 0.0 && hits[0].semantic > 2.0);
    assert_eq!(hits[1].lexical, 0.0, "b does not have the word");
    assert_eq!(found(&*index, "bias"), [("a".into(), 1), ("b".into(), 0)], "b by meaning");
    assert_eq!(found(&*index, "onions"), [("a".into(), 0)], "by its stem and its meaning");
    assert_eq!(index.search("bias", &Within::default(), 1).expect("search").len(), 1);
}

pub(super) fn answers_anything(open: Open<'_>) {
    let index = open();
    assert!(found(&*index, "bias").is_empty(), "an index that was never written to");
    index.upsert(&[document("a", &["bias"]), document("empty", &[])]).expect("upsert");
    index.upsert(&[]).expect("upsert of nothing");
    index.commit(1).expect("commit");
    for query in ["", " ", "the", "qqqq", "title:(\"", "a AND NOT", "\u{0}é\u{1F600}"] {
        assert!(found(&*index, query).is_empty(), "{query:?}");
    }
    assert!(index.search("bias", &Within::default(), 0).expect("search").is_empty());
}

/// Of more equals than are asked for, the first by document and passage are given, however they came in.
pub(super) fn orders_equals_by_document_and_passage(open: Open<'_>) {
    let index = open();
    let documents: Vec<Document> =
        (10..40).map(|id| document(&id.to_string(), &["incident", "incident"])).collect();
    for (marker, part) in (1..).zip(documents.rchunks(7)) {
        index.upsert(part).expect("upsert");
        index.commit(marker).expect("commit");
    }
    let expected: Vec<(String, u32)> =
        (10..15).flat_map(|id| [(id.to_string(), 0), (id.to_string(), 1)]).collect();
    assert_eq!(found(&*index, "incident"), expected);
}
