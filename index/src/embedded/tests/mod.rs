mod editions;
mod nearest;

use super::*;
use crate::suite;

#[test]
fn it_is_a_passage_index() {
    let model = suite::model();
    suite::run(|folder| {
        Box::new(EmbeddedIndex::open(folder, Arc::clone(&model)).expect("an index"))
    });
}

#[test]
fn a_crash_between_the_two_commits_reports_the_older_marker() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = suite::model();
    let open = || EmbeddedIndex::open(folder.path(), Arc::clone(&model)).expect("an index");
    let index = open();
    index.upsert(&[suite::document("a", &["bias review"])]).expect("upsert");
    index.commit(3).expect("commit");
    index.upsert(&[suite::document("b", &["bias review"])]).expect("upsert");
    index.write(|writers| index.vectors.commit(&mut writers.vectors, 4)).expect("half a commit");
    drop(index);
    let index = open();
    assert_eq!(index.committed(), Some(3));
    index.upsert(&[suite::document("b", &["bias review"])]).expect("upsert");
    index.commit(4).expect("commit");
    assert_eq!(index.search("bias", &Within::default(), 9).expect("search").len(), 2);
    assert_eq!(open().committed(), Some(4));
}

#[test]
fn a_damaged_index_or_one_of_another_model_starts_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = suite::model();
    let open = || EmbeddedIndex::open(folder.path(), Arc::clone(&model)).expect("an index");
    let filled = || {
        let index = open();
        index.upsert(&[suite::document("a", &["bias review"])]).expect("upsert");
        index.commit(3).expect("commit");
    };
    filled();
    fs::write(folder.path().join("1/vectors"), "no vectors").expect("write");
    assert_eq!(open().committed(), None);
    filled();
    assert_eq!(open().committed(), Some(3));
    fs::write(folder.path().join("2/text/meta.json"), "{").expect("write");
    assert_eq!(open().committed(), None);
    filled();
    fs::write(folder.path().join("manifest.json"), r#"{"format":1,"model":"other"}"#)
        .expect("write");
    assert_eq!(open().committed(), None);
    assert!(open().search("bias", &Within::default(), 9).expect("search").is_empty());
}

#[test]
fn two_do_not_write_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = suite::model();
    let open = || EmbeddedIndex::open(folder.path(), Arc::clone(&model)).expect("an index");
    let (first, second) = (open(), open());
    let documents = [suite::document("a", &["bias review"])];
    first.upsert(&documents).expect("upsert");
    assert!(matches!(second.upsert(&documents), Err(IndexError::Busy(_))));
    drop(first);
    second.upsert(&documents).expect("upsert");
}

/// Stronger than what every index promises: nothing is seen, now or later, before it is committed.
#[test]
fn what_was_not_committed_is_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = suite::model();
    let open = || EmbeddedIndex::open(folder.path(), Arc::clone(&model)).expect("an index");
    let index = open();
    index.upsert(&[suite::document("a", &["bias"])]).expect("upsert");
    assert!(suite::found(&index, "bias").is_empty());
    index.commit(1).expect("commit");
    index.upsert(&[suite::document("b", &["bias"])]).expect("upsert");
    index.remove(&DocumentId::new("a")).expect("remove");
    assert_eq!(suite::found(&index, "bias"), [("a".into(), 0)]);
    drop(index);
    let index = open();
    assert_eq!(index.committed(), Some(1));
    assert_eq!(suite::found(&index, "bias"), [("a".into(), 0)], "as it was committed");
}

#[test]
fn many_small_commits_leave_few_segments() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = suite::model();
    let open = || EmbeddedIndex::open(folder.path(), Arc::clone(&model)).expect("an index");
    for round in 1..=40 {
        let index = open();
        index.upsert(&[suite::document(&round.to_string(), &["bias review"])]).expect("upsert");
        index.commit(round).expect("commit");
    }
    let segments = open().text.segments();
    assert!(segments < 16, "{segments} parts");
}
