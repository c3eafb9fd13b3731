//! An index made anew beside another, and what a crash leaves of it.

use super::super::{EmbeddedIndex, PassageIndex};
use crate::{IndexError, suite};
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn open(folder: &Path) -> Box<EmbeddedIndex> {
    Box::new(EmbeddedIndex::open(folder, suite::model()).expect("an index"))
}

fn write(index: &dyn PassageIndex, id: &str, marker: u64) {
    index.upsert(&[suite::document(id, &["bias review"])]).expect("upsert");
    index.commit(marker).expect("commit");
}

fn ids(index: &dyn PassageIndex) -> Vec<String> {
    suite::found(index, "bias").into_iter().map(|(id, _)| id).collect()
}

/// What lies in the folder beside the manifest and locks.
fn editions(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> = names
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}

#[test]
fn a_crash_at_any_step_leaves_an_index_that_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let index = open(folder);
    write(&*index, "old", 1);
    let fresh = index.anew().expect("a fresh one");
    write(&*fresh, "new", 2);
    // Before it took over.
    drop((fresh, index));
    let index = open(folder);
    assert_eq!((ids(&*index), index.committed()), (vec!["old".to_owned()], Some(1)));
    let fresh = index.anew().expect("a fresh one");
    drop(index);
    write(&*fresh, "new", 3);
    // After it took over, and before the old one was removed.
    copy(&folder.join("1"), &folder.join("kept"));
    fresh.take_over().expect("takes over");
    assert_eq!(editions(folder), ["2", "kept"], "the old one is removed");
    fs::rename(folder.join("kept"), folder.join("1")).expect("put back");
    let index = open(folder);
    assert_eq!((ids(&*index), index.committed()), (vec!["new".to_owned()], Some(3)));
    assert_eq!(editions(folder), ["2"], "what was left of the old one is removed");
    drop(index);
    // A manifest that was torn off.
    fs::write(folder.join("manifest.json"), "").expect("write");
    assert_eq!(open(folder).committed(), None);
    write(&*open(folder), "again", 4);
    assert_eq!(ids(&*open(folder)), ["again"]);
}

#[test]
fn who_has_it_open_goes_on_with_what_is_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = open(folder.path());
    write(&*index, "old", 1);
    let reader = open(folder.path());
    let fresh = index.anew().expect("a fresh one");
    write(&*fresh, "new", 2);
    drop(index);
    fresh.take_over().expect("takes over while it is read");
    assert_eq!(ids(&*reader), ["old"]);
    assert_eq!(reader.committed(), Some(1));
    let refused = reader.upsert(&[suite::document("late", &["bias"])]).expect_err("no place");
    assert!(refused.to_string().contains("open it again"), "{refused}");
    assert_eq!(ids(&*open(folder.path())), ["new"]);
}

#[test]
fn one_that_is_written_to_keeps_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = open(folder.path());
    write(&*index, "old", 1);
    let fresh = index.anew().expect("a fresh one");
    assert!(matches!(index.anew(), Err(IndexError::Busy(_))), "it is being filled");
    write(&*fresh, "new", 2);
    assert!(matches!(fresh.take_over(), Err(IndexError::Busy(_))));
    write(&*index, "older", 3);
    assert_eq!(ids(&*index), ["old", "older"]);
    drop(index);
    assert_eq!(ids(&*open(folder.path())), ["old", "older"]);
}

#[test]
fn only_one_made_anew_takes_over() {
    let folder = tempfile::tempdir().expect("a folder");
    write(&*open(folder.path()), "old", 1);
    open(folder.path()).take_over().expect("it stands there already");
    assert_eq!(ids(&*open(folder.path())), ["old"]);
    let fresh = open(folder.path()).anew().expect("a fresh one");
    // Meanwhile the folder is given to another model's index, and back to this one's.
    let manifest = folder.path().join("manifest.json");
    fs::write(&manifest, r#"{"format":2,"model":"other","edition":1}"#).expect("write");
    assert!(fresh.take_over().is_err());
    assert_eq!(open(folder.path()).committed(), None);
}

#[test]
fn nothing_but_what_was_written_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = suite::model();
    let index = EmbeddedIndex::open(folder.path(), Arc::clone(&model)).expect("an index");
    index.upsert(&[suite::document("old", &["bias incidentally"])]).expect("upsert");
    index.commit(1).expect("commit");
    let fresh = index.anew().expect("a fresh one");
    drop(index);
    write(&*fresh, "new", 2);
    fresh.take_over().expect("takes over");
    let mut left = Vec::new();
    bytes(folder.path(), &mut left);
    assert!(left.windows(3).any(|part| part == b"new"));
    assert!(!left.windows(8).any(|part| part == b"incident"), "a word of what is gone");
}

fn bytes(folder: &Path, into: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            bytes(&entry.path(), into);
        } else {
            into.extend(fs::read(entry.path()).expect("a file"));
        }
    }
}
