//! Making an index anew beside the one that answers.

use super::{Open, document, found};
use crate::PassageIndex;
use sufficit_evidence::DocumentId;

fn filled(open: Open<'_>) -> Box<dyn PassageIndex> {
    let index = open();
    index.upsert(&[document("a", &["bias"]), document("b", &["soup"])]).expect("upsert");
    index.commit(5).expect("commit");
    index
}

pub(super) fn answers_while_it_is_made_anew(open: Open<'_>) {
    let index = filled(open);
    let fresh = index.anew().expect("a fresh one");
    assert_eq!(fresh.committed(), None);
    assert!(found(&*fresh, "bias").is_empty(), "it starts empty");
    fresh.upsert(&[document("c", &["bias review"])]).expect("upsert");
    assert_eq!(found(&*index, "bias"), [("a".into(), 0)]);
    fresh.commit(6).expect("commit");
    assert_eq!(found(&*fresh, "bias"), [("c".into(), 0)]);
    assert_eq!(found(&*index, "bias"), [("a".into(), 0)]);
    assert_eq!((index.committed(), fresh.committed()), (Some(5), Some(6)));
    assert_eq!(found(&*open(), "bias"), [("a".into(), 0)], "who opens it gets the old one still");
}

pub(super) fn takes_over(open: Open<'_>) {
    for round in 0..3 {
        let index = if round == 0 { filled(open) } else { open() };
        let fresh = index.anew().expect("a fresh one");
        drop(index);
        fresh.upsert(&[document("c", &["soup"]), document("d", &["review"])]).expect("upsert");
        fresh.remove(&DocumentId::new("d")).expect("remove");
        fresh.commit(9 + round).expect("commit");
        fresh.take_over().expect("takes over");
        let index = open();
        assert_eq!(index.committed(), Some(9 + round));
        assert_eq!(found(&*index, "soup"), [("c".into(), 0)]);
        assert!(found(&*index, "bias").is_empty(), "what the old one held is gone");
        assert!(found(&*index, "review").is_empty());
        index.upsert(&[document("e", &["bias"])]).expect("it is written to like any other");
        index.commit(20 + round).expect("commit");
        drop(index);
        let index = open();
        assert_eq!(index.committed(), Some(20 + round));
        assert_eq!(found(&*index, "bias"), [("e".into(), 0)]);
    }
}

pub(super) fn is_abandoned_without_a_trace(open: Open<'_>) {
    let index = filled(open);
    let abandoned = index.anew().expect("a fresh one");
    abandoned.upsert(&[document("x", &["incident"])]).expect("upsert");
    abandoned.commit(6).expect("commit");
    drop((abandoned, index));
    let index = open();
    assert_eq!(index.committed(), Some(5));
    assert!(found(&*index, "incident").is_empty());
    assert_eq!(found(&*index, "bias"), [("a".into(), 0)]);
    let fresh = index.anew().expect("another fresh one");
    assert_eq!(fresh.committed(), None);
    assert!(found(&*fresh, "incident").is_empty(), "what an earlier one left is gone");
    drop(index);
    fresh.upsert(&[document("y", &["bias"])]).expect("upsert");
    fresh.commit(1).expect("commit");
    fresh.upsert(&[document("z", &["bias"])]).expect("upsert that is never committed");
    fresh.take_over().expect("takes over");
    let index = open();
    assert_eq!(index.committed(), Some(1), "as far as it was committed");
    assert!(found(&*index, "incident").is_empty());
    assert!(found(&*index, "bias").contains(&("y".into(), 0)));
}

pub(super) fn takes_over_empty(open: Open<'_>) {
    let index = filled(open);
    let fresh = index.anew().expect("a fresh one");
    drop(index);
    fresh.take_over().expect("takes over");
    let index = open();
    assert_eq!(index.committed(), None);
    assert!(found(&*index, "bias").is_empty());
    index.upsert(&[document("a", &["bias"])]).expect("upsert");
    index.commit(2).expect("commit");
    drop(index);
    assert_eq!(found(&*open(), "bias"), [("a".into(), 0)]);
}
