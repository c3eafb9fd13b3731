//! What holds of every format: spans fit their text, and every character of the body stands in exactly one passage.

use crate::{
    Extraction, Limits,
    block::{self, Block, Role},
    extract, passage, sniff,
};
use proptest::prelude::*;
use sufficit_evidence::{Document, Origin, PageStatus};

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-z]{1,9}",
        2 => "[A-Z][a-z]{1,8}[.!?]",
        1 => "[A-Z]{2,4}-[0-9]{3,9}(/[0-9]{4}){0,6}",
        1 => "[àéüßø日本語]{1,6}",
        1 => "[a-f0-9]{30,400}",
        1 => Just("Owner:".to_owned()),
        1 => Just("2026-03-12".to_owned()),
        1 => Just("____".to_owned()),
    ]
}

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(
        (word(), prop_oneof![9 => Just(" "), 1 => Just("\n"), 1 => Just("\u{a0}\u{ad}")]),
        0..most,
    )
    .prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect())
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let row = || prop::collection::vec(text(12), 1..5);
    prop::collection::vec(
        prop_oneof![
            2 => (1_u8..5, text(6)).prop_map(|(level, text)| Block::Heading { level, text }),
            4 => text(300).prop_map(Block::Paragraph),
            1 => text(8).prop_map(|text| Block::Paragraph(format!("{text} as follows:"))),
            4 => (0_u8..3, text(40)).prop_map(|(level, text)| Block::Item { level, marker: String::new(), text }),
            2 => (prop::option::of(row()), prop::collection::vec(row(), 0..20)).prop_map(|(header, rows)| Block::Table { header, rows }),
            1 => Just(Block::PageStart(PageStatus::Ok)),
            1 => text(6).prop_map(Block::Furniture),
            1 => text(6).prop_map(Block::Contents),
        ],
        0..25,
    )
}

/// What must hold of a document, whatever it was read from.
fn check(document: &Document) -> Result<(), TestCaseError> {
    let text = &document.text;
    let mut end = 0;
    for (n, passage) in document.passages.iter().enumerate() {
        prop_assert_eq!(passage.ordinal as usize, n);
        prop_assert_eq!(passage.span.of(text), Some(passage.text.as_str()));
        prop_assert!(passage.span.start >= end && !passage.text.trim().is_empty());
        prop_assert!(passage.text.split_whitespace().count() <= 200);
        prop_assert!(passage.text.chars().count() <= 1200);
        prop_assert!(passage::word_pieces(&passage.text) <= 250);
        prop_assert_eq!(passage.text.find('\u{c}'), None);
        end = passage.span.end;
    }
    for page in &document.pages {
        prop_assert!(page.span.of(text).is_some());
    }
    let facts = &document.facts;
    let origins = [&facts.issued, &facts.approved, &facts.reviewed, &facts.next_review];
    let mut cited: Vec<&Origin> = origins.into_iter().flatten().map(|fact| &fact.origin).collect();
    cited.extend(
        [&facts.title, &facts.owner, &facts.approver, &facts.version]
            .into_iter()
            .flatten()
            .map(|fact| &fact.origin),
    );
    cited.extend(facts.dates.iter().map(|fact| &fact.origin));
    for citation in cited.into_iter().filter_map(|origin| match origin {
        Origin::Citation(citation) => Some(citation),
        _ => None,
    }) {
        prop_assert_eq!(citation.span.of(text), Some(citation.quote.as_str()));
    }
    for citation in &facts.placeholders {
        prop_assert_eq!(citation.span.of(text), Some(citation.quote.as_str()));
    }
    Ok(())
}

fn check_bytes(bytes: &[u8], name: &str) -> Result<(), TestCaseError> {
    match extract(bytes, name, &Limits::default()) {
        Extraction::Read(document) => check(&document),
        _ => Ok(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_character_of_the_body_stands_in_exactly_one_passage(blocks in blocks()) {
        let layout = block::layout(blocks, &Limits::default()).map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        let passages = passage::cut(&layout);
        let mut covered = vec![0_u8; layout.text.chars().count()];
        for passage in &passages {
            prop_assert_eq!(passage.span.of(&layout.text), Some(passage.text.as_str()));
            for count in covered.iter_mut().take(passage.span.end).skip(passage.span.start) {
                *count += 1;
            }
        }
        let mut wanted = vec![false; covered.len()];
        for place in &layout.places {
            let body = matches!(place.role, Role::Paragraph | Role::Item | Role::Row { .. });
            for slot in wanted.iter_mut().take(place.span.end).skip(place.span.start) {
                *slot = body;
            }
        }
        for (n, c) in layout.text.chars().enumerate() {
            prop_assert!(covered[n] <= 1);
            if !c.is_whitespace() {
                prop_assert_eq!(covered[n] == 1, wanted[n], "character {} ({:?})", n, c);
            }
        }
    }

    #[test]
    fn text_formats_keep_their_promises(text in text(400)) {
        for name in ["a.txt", "a.md", "a.csv", "a.html", "a.json", "a.yaml"] {
            check_bytes(text.as_bytes(), name)?;
        }
        check_bytes(format!("<!doctype html><table><tr><td>{text}<td>x</table><p>{text}").as_bytes(), "a")?;
        let json = serde_json::json!({ "a": text, "b": [{ "c": text }, { "d": 1 }] }).to_string();
        check_bytes(json.as_bytes(), "a")?;
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000), start in 0_usize..9) {
        let starts: [&[u8]; 9] = [b"{\\rtf1 ", b"<?xml?><a>", b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"{", b"\xff\xfe"];
        let bytes = [starts[start], &bytes].concat();
        check_bytes(&bytes, "a")?;
    }

    #[test]
    fn a_new_name_of_the_same_kind_changes_nothing(text in text(200)) {
        let read = |name| extract(text.as_bytes(), name, &Limits::default());
        prop_assert_eq!(read("policy.md"), read("minutes of template (draft) v3 2020-01-01.md"));
        prop_assert_eq!(sniff::sniff(text.as_bytes(), "a.txt"), sniff::sniff(text.as_bytes(), "b.txt"));
    }
}
