//! What is written, committed, and there again after opening.

use super::{Open, assert_alike, document, found};
use crate::{PassageIndex, Within};
use std::collections::BTreeSet;
use sufficit_evidence::{Document, DocumentId};

pub(super) fn commits(open: Open<'_>) {
    let index = open();
    assert_eq!(index.committed(), None);
    index.upsert(&[document("a", &["bias"])]).expect("upsert");
    assert_eq!(index.committed(), None, "nothing is committed yet");
    index.commit(7).expect("commit");
    assert_eq!(index.committed(), Some(7));
    assert_eq!(found(&*index, "bias").len(), 1);
    drop(index);
    let index = open();
    assert_eq!(index.committed(), Some(7));
    assert_eq!(found(&*index, "bias").len(), 1);
    index.commit(8).expect("commit of nothing");
    drop(index);
    assert_eq!(open().committed(), Some(8));
}

/// Whatever of the uncommitted writes is there after opening: the marker is no newer, and a replay makes it level.
pub(super) fn is_level_again_after_a_replay(open: Open<'_>) {
    let changes = |index: &dyn PassageIndex| {
        index
            .upsert(&[document("b", &["bias", "soup"]), document("c", &["bias"])])
            .expect("upsert");
        index.remove(&DocumentId::new("a")).expect("remove");
        index.upsert(&[document("c", &["review"])]).expect("upsert");
    };
    let index = open();
    index.upsert(&[document("a", &["bias"])]).expect("upsert");
    index.commit(1).expect("commit");
    changes(&*index);
    drop(index);
    let index = open();
    assert_eq!(index.committed(), Some(1), "what was not committed moves no marker");
    changes(&*index);
    index.commit(2).expect("commit");
    drop(index);
    let index = open();
    assert_eq!(index.committed(), Some(2));
    assert_eq!(found(&*index, "bias"), [("b".into(), 0)]);
    assert_eq!(found(&*index, "review"), [("c".into(), 0)]);
}

pub(super) fn replaces(open: Open<'_>) {
    let index = open();
    index.upsert(&[document("a", &["bias", "review"]), document("b", &["bias"])]).expect("upsert");
    index.upsert(&[document("a", &["soup"])]).expect("upsert");
    index.commit(1).expect("commit");
    assert_eq!(found(&*index, "bias"), [("b".into(), 0)]);
    assert_eq!(found(&*index, "soup"), [("a".into(), 0)]);
    assert!(found(&*index, "review").is_empty(), "a second passage that is no more");
    index.remove(&DocumentId::new("a")).expect("remove");
    index.remove(&DocumentId::new("never seen")).expect("remove");
    index.commit(2).expect("commit");
    drop(index);
    let index = open();
    assert!(found(&*index, "soup").is_empty());
    assert_eq!(found(&*index, "bias"), [("b".into(), 0)]);
    index.upsert(&[document("b", &[])]).expect("upsert");
    index.commit(3).expect("commit");
    assert!(found(&*index, "bias").is_empty(), "the document is there without a passage");
}

pub(super) fn takes_the_same_twice(open: Open<'_>) {
    let index = open();
    let same = document("a", &["soup", "bias review"]);
    index.upsert(&[same.clone(), same.clone()]).expect("upsert");
    index.commit(1).expect("commit");
    let once = index.search("soup", &Within::default(), 10).expect("search");
    assert_eq!(once.len(), 1, "the same in one batch");
    index.upsert(&[same]).expect("upsert");
    index.commit(2).expect("commit");
    let again = index.search("soup", &Within::default(), 10).expect("search");
    assert_alike(&once, &again, "the same again changes nothing");
}

/// What an index is asked that came about in many steps.
const QUERIES: [&str; 5] = ["bias", "fair soup", "review of soup", "onion", "incident"];

/// An index that came about in many steps answers as one that was made in one, to the last digit.
pub(super) fn answers_as_if_new(straight: &dyn PassageIndex, winding: &dyn PassageIndex) {
    finds_as_if_new(straight, winding);
    for query in QUERIES {
        let [new, old] = [straight, winding]
            .map(|index| index.search(query, &Within::default(), 7).expect("search"));
        assert_alike(&new, &old, query);
    }
}

/// It finds the same documents.
pub(super) fn finds_as_if_new(straight: &dyn PassageIndex, winding: &dyn PassageIndex) {
    let texts = ["Bias review.", "Review is soup", "Soup is a review of bias and onion soup"];
    let mut documents: Vec<Document> =
        ["a", "b", "c", "d", "e"].iter().map(|id| document(id, &texts)).collect();
    // More equals than any list is long.
    documents.extend((10..80).map(|id| document(&id.to_string(), &["incident", "incident", "."])));
    straight.upsert(&documents).expect("upsert");
    straight.commit(1).expect("commit");
    let mut marker = 0;
    let mut commit = || {
        marker += 1;
        winding.commit(marker).expect("commit");
    };
    for id in ["e", "b", "f", "c"] {
        winding.upsert(&[document(id, &["Bias, bias and fairness: soup"])]).expect("upsert");
        commit();
    }
    for document in documents.iter().rev() {
        winding.upsert(std::slice::from_ref(document)).expect("upsert");
        commit();
    }
    winding.remove(&DocumentId::new("f")).expect("remove");
    commit();
    for query in QUERIES {
        // So many that none is left out for the order of equals.
        let [new, old] = [straight, winding].map(|index| -> BTreeSet<DocumentId> {
            let hits = index.search(query, &Within::default(), 1000).expect("search");
            hits.into_iter().map(|hit| hit.document).collect()
        });
        assert!(!new.is_empty(), "{query}");
        assert_eq!(new, old, "{query}");
    }
}
