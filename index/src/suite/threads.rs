//! Several threads at one index, and several indexes at one place.

use super::{Open, document, found, probes};
use crate::{IndexError, Within};
use std::sync::atomic::{AtomicU64, Ordering};
use sufficit_evidence::{Document, DocumentId};

const WRITERS: usize = 3;
const DOCUMENTS: usize = 8;

pub(super) fn write_and_search_at_once(open: Open<'_>) {
    let index = open();
    let marker = AtomicU64::new(0);
    let id = |writer: usize, number: usize| format!("{writer}-{number}");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (index, marker) = (&*index, &marker);
            scope.spawn(move || {
                for number in 0..DOCUMENTS {
                    let document = document(&id(writer, number), &["Bias review", "soup"]);
                    index.upsert(&[document]).expect("upsert");
                    if number % 2 == 1 {
                        index.remove(&DocumentId::new(id(writer, number))).expect("remove");
                    }
                    if number % 4 == 3 {
                        index.commit(marker.fetch_add(1, Ordering::Relaxed)).expect("commit");
                    }
                }
            });
        }
        for _ in 0..2 {
            let index = &*index;
            scope.spawn(move || {
                for _ in 0..DOCUMENTS {
                    let within = Within::default();
                    let hits = index.search("bias", &within, 50).expect("search");
                    assert!(hits.iter().all(|hit| hit.passage == 0), "{hits:?}");
                    let near = index.candidates(&probes(&["soup", "bias"]), &within, 50);
                    let near = near.expect("candidates");
                    assert!(near[0].lexical.iter().all(|near| near.passage == 1), "{near:?}");
                }
            });
        }
    });
    index.commit(99).expect("commit");
    drop(index);
    let index = open();
    assert_eq!(index.committed(), Some(99));
    let hits = index.search("bias", &Within::default(), 50).expect("search");
    let mut found: Vec<String> = hits.iter().map(|hit| hit.document.as_str().to_owned()).collect();
    found.sort();
    let mut expected: Vec<String> = (0..WRITERS)
        .flat_map(|writer| (0..DOCUMENTS).step_by(2).map(move |number| id(writer, number)))
        .collect();
    expected.sort();
    assert_eq!(found, expected);
}

/// Two that write to one place: the second is sent away, or both may write and the outcome is the same.
pub(super) fn second_writers_do_no_harm(open: Open<'_>) {
    let documents: Vec<Document> =
        (10..14).map(|id| document(&id.to_string(), &["bias", "soup"])).collect();
    let (first, second) = (open(), open());
    first.upsert(&documents[..3]).expect("upsert");
    match second.upsert(&documents[1..]) {
        Ok(()) => second.commit(1).expect("commit"),
        Err(fault) => assert!(matches!(fault, IndexError::Busy(_)), "{fault}"),
    }
    first.commit(2).expect("commit");
    drop((first, second));
    let index = open();
    index.upsert(&documents[3..]).expect("the first one is gone");
    index.commit(3).expect("commit");
    assert_eq!(index.committed(), Some(3));
    let expected: Vec<(String, u32)> = (10..14).map(|id| (id.to_string(), 0)).collect();
    assert_eq!(found(&*index, "bias"), expected);
}
