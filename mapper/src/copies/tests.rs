use super::*;
use sufficit_evidence::DocumentKind;

/// A document of so many runs, beginning with this one; each run is its own hash.
fn text(id: &str, runs: std::ops::Range<u32>) -> Likeness {
    Likeness {
        document: DocumentId::from(id),
        words: u64::from(runs.start) << 32 | u64::from(runs.end),
        runs: runs.end - runs.start,
        least: runs.take(64).collect(),
        dates: 0,
        title: Some("ai policy".to_owned()),
        version: vec![1, 0],
        since: None,
        kind: DocumentKind::Policy,
        status: None,
        blank: false,
        in_force: false,
    }
}

fn of<'c>(copies: &'c Copies, id: &str) -> Option<(&'c str, CopyKind)> {
    copies.of(&DocumentId::from(id)).map(|copy| (copy.document.as_str(), copy.how))
}

#[test]
fn the_same_text_counts_once() {
    let found = copies(&[text("b", 0..60), text("a", 0..60), text("c", 500..560)]);
    assert_eq!(of(&found, "b"), Some(("a", CopyKind::SameText)));
    assert_eq!((of(&found, "a"), of(&found, "c")), (None, None));
}

#[test]
fn the_newer_version_counts_whatever_else_the_older_has() {
    let older = Likeness { in_force: true, ..text("a", 0..60) };
    let newer = Likeness { version: vec![1, 10], ..text("b", 25..85) };
    let found = copies(&[older.clone(), newer.clone()]);
    assert_eq!(of(&found, "a"), Some(("b", CopyKind::EarlierVersion)));
    assert_eq!(of(&found, "b"), None);
    assert_eq!(found, copies(&[newer, older]), "the order makes no difference");
}

#[test]
fn a_draft_of_the_next_version_does_not_count_yet() {
    let draft =
        Likeness { version: vec![2], status: Some(DocumentStatus::Draft), ..text("b", 10..70) };
    let found = copies(&[text("a", 0..60), draft]);
    assert_eq!((of(&found, "a"), of(&found, "b")), (None, Some(("a", CopyKind::Draft))));
}

#[test]
fn a_reworked_text_of_another_title_is_another_document() {
    let other =
        Likeness { title: Some("data policy".to_owned()), version: vec![2], ..text("b", 20..80) };
    assert_eq!(copies(&[text("a", 0..60), other]), Copies::default());
    let unversioned = Likeness { version: Vec::new(), ..text("b", 20..80) };
    assert_eq!(copies(&[text("a", 0..60), unversioned]), Copies::default());
}

#[test]
fn records_on_one_form_are_copies_only_where_their_dates_are_the_same() {
    let record = |id, runs, dates| Likeness { kind: DocumentKind::Record, dates, ..text(id, runs) };
    let found = copies(&[record("a", 0..60, 1), record("b", 1..61, 2)]);
    assert_eq!(found, Copies::default());
    let found = copies(&[record("a", 0..60, 1), record("b", 1..61, 1)]);
    assert_eq!(of(&found, "b"), Some(("a", CopyKind::NearlySameText)));
}

#[test]
fn documents_without_words_are_copies_of_nothing() {
    let empty = |id| Likeness { runs: 0, ..text(id, 0..0) };
    assert_eq!(copies(&[empty("a"), empty("b")]), Copies::default());
}

#[test]
fn a_crowd_of_copies_is_found_at_once() {
    let crowd: Vec<Likeness> = (0..20_000).map(|n| text(&format!("{n:05}"), 0..60)).collect();
    let found = copies(&crowd);
    assert!(crowd.iter().skip(1).all(|one| of(&found, one.document.as_str()).is_some()));
}
