//! Searching within some documents only.

use super::{Open, approved, document, found, found_within, of_kind, probes, written_in};
use crate::{PassageIndex, Within};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use sufficit_evidence::{Document, DocumentId, DocumentKind, Language};

/// Four documents that say the same and differ in all that can be asked for.
fn four() -> Vec<Document> {
    use DocumentKind::{Minutes, Policy};
    let same = |id| document(id, &["Bias review", "Onion soup"]);
    vec![
        approved(written_in(of_kind(same("a"), Policy), "fra"), date(2024, 3, 31)),
        approved(of_kind(same("b"), Minutes), date(2024, 4, 1)),
        approved(of_kind(written_in(same("c"), "deu"), Policy), date(2025, 1, 15)),
        Document { language: Language::Supported("eng".into()), ..same("d") },
    ]
}

fn filled(open: Open<'_>) -> Box<dyn PassageIndex> {
    let index = open();
    index.upsert(&four()).expect("upsert");
    index.commit(1).expect("commit");
    index
}

/// That search and candidates find these documents and no others, each by words and by meaning.
fn assert_finds(index: &dyn PassageIndex, within: &Within, expected: &[&str]) {
    let expected: BTreeSet<&str> = expected.iter().copied().collect();
    let hits = index.search("bias", within, 10).expect("search");
    let found: BTreeSet<&str> = hits.iter().map(|hit| hit.document.as_str()).collect();
    assert_eq!(found, expected, "search within {within:?}");
    assert!(hits.iter().all(|hit| hit.lexical > 0.0 && hit.semantic > 0.0), "{hits:?}");
    for near in index.candidates(&probes(&["bias", "soup"]), within, 10).expect("candidates") {
        for list in [&near.lexical, &near.semantic] {
            let found: BTreeSet<&str> = list.iter().map(|near| near.document.as_str()).collect();
            assert_eq!(found, expected, "candidates within {within:?}");
        }
    }
}

pub(super) fn keeps_to_what_is_asked_for(open: Open<'_>) {
    use DocumentKind::{Log, Minutes, Other, Policy};
    let index = filled(open);
    let documents = |ids: &[&str]| Within {
        documents: ids.iter().map(|id| DocumentId::new(*id)).collect(),
        ..Within::default()
    };
    let kinds = |kinds: &[DocumentKind]| Within { kinds: kinds.to_vec(), ..Within::default() };
    let languages = |codes: &[&str]| Within {
        languages: codes.iter().map(|code| (*code).to_owned()).collect(),
        ..Within::default()
    };
    let dates = |from: Option<Date>, to: Option<Date>| Within { from, to, ..Within::default() };
    let trials: Vec<(Within, &[&str])> = vec![
        (documents(&["b"]), &["b"]),
        (documents(&["d", "a", "unknown"]), &["a", "d"]),
        (documents(&["unknown"]), &[]),
        (kinds(&[Policy]), &["a", "c"]),
        (kinds(&[Minutes, Other]), &["b", "d"]),
        (kinds(&[Log]), &[]),
        (languages(&["deu"]), &["c"]),
        (languages(&["eng", "fra"]), &["a", "d"]),
        (languages(&["nld"]), &[]),
        (dates(Some(date(2024, 4, 1)), None), &["b", "c"]),
        (dates(None, Some(date(2024, 3, 31))), &["a"]),
        (dates(Some(date(2024, 3, 31)), Some(date(2024, 4, 1))), &["a", "b"]),
        (dates(Some(date(2025, 1, 16)), None), &[]),
        (dates(Some(date(2025, 1, 1)), Some(date(2024, 1, 1))), &[]),
        (dates(Some(Date::MIN), Some(Date::MAX)), &["a", "b", "c"]),
        (Within { kinds: vec![Policy], from: Some(date(2024, 4, 1)), ..Within::default() }, &["c"]),
        (Within { languages: vec!["fra".into()], ..documents(&["a", "c"]) }, &["a"]),
        (Within { kinds: vec![Minutes], ..documents(&["a", "c"]) }, &[]),
    ];
    for (within, expected) in &trials {
        assert_finds(&*index, within, expected);
    }
    // What a document is may change without its text.
    let moved = approved(of_kind(document("a", &["Bias review"]), Minutes), date(2026, 1, 1));
    index.upsert(&[moved]).expect("upsert");
    index.commit(2).expect("commit");
    drop(index);
    let index = open();
    let within = Within { kinds: vec![Minutes], ..Within::default() };
    assert_eq!(found_within(&*index, "bias", &within).len(), 2, "a is of minutes now");
    let within = Within { languages: vec!["fra".into()], ..Within::default() };
    assert!(found_within(&*index, "bias", &within).is_empty(), "and not in French any more");
    let within = Within { from: Some(date(2026, 1, 1)), ..Within::default() };
    assert_eq!(found_within(&*index, "bias", &within), [("a".into(), 0)]);
}

/// What is left out takes no place in the lists.
pub(super) fn finds_the_nearest_of_those_within(open: Open<'_>) {
    let index = open();
    let mut documents: Vec<Document> =
        (100..400).map(|id| document(&id.to_string(), &["bias", "bias"])).collect();
    documents.push(of_kind(document("x", &["bias is soup"]), DocumentKind::Minutes));
    index.upsert(&documents).expect("upsert");
    index.commit(1).expect("commit");
    let within = Within { kinds: vec![DocumentKind::Minutes], ..Within::default() };
    assert_eq!(found_within(&*index, "bias", &within), [("x".into(), 0)]);
    let near = index.candidates(&probes(&["bias"]), &within, 1).expect("candidates");
    assert_eq!(near[0].lexical[0].document.as_str(), "x");
    assert_eq!(near[0].semantic[0].document.as_str(), "x");
}

pub(super) fn leaves_nothing_out_by_default(open: Open<'_>) {
    let index = filled(open);
    assert_finds(&*index, &Within::default(), &["a", "b", "c", "d"]);
    assert_eq!(found(&*index, "bias").len(), 4);
}
