//! Labels that only bold letters told from their values, and those are gone: `Version 1.2 Owner A. Bell Approved 3 May 2026`.

use super::{
    fields::Field,
    labels::{Key, lookup},
};
use std::ops::Range;

/// Words of the longest label, and of the longest value.
const LABEL: usize = 3;
const VALUE: usize = 10;
/// Bytes of the longest line that is read.
const LONGEST: usize = 300;

/// The labels of a line with their values, where it begins with a label, has two or more, and reads as no sentence.
pub(super) fn collect(text: &str, line: Range<usize>, place: usize) -> Vec<Field> {
    let Some(body) = text.get(line.clone()) else { return Vec::new() };
    let words: Vec<Range<usize>> = words(body).collect();
    // Most lines begin with no label, and need not be looked through.
    if body.len() > LONGEST || label_at(body, &words, 0).is_none() {
        return Vec::new();
    }
    let labels = labels(body, &words);
    let telling = labels.iter().filter(|(_, key, _)| *key != Key::Other).count();
    if telling < 2 {
        return Vec::new();
    }
    let mut fields = Vec::new();
    for (n, (label, key, rank)) in labels.iter().enumerate() {
        let end = labels.get(n + 1).map_or(body.len(), |(next, ..)| next.start);
        let value = body.get(label.end..end).unwrap_or_default();
        let trimmed = value.trim_matches([' ', '\t', ',', ';', '.', '/']);
        let count = trimmed.split_whitespace().count();
        // `Version control is the duty of the Owner` is a sentence.
        if !(1..=VALUE).contains(&count) || trimmed.starts_with(char::is_lowercase) {
            return Vec::new();
        }
        let from = line.start + label.end + (trimmed.as_ptr() as usize - value.as_ptr() as usize);
        let value = from..from + trimmed.len();
        let quote = line.start + label.start..value.end;
        if *key != Key::Other {
            fields.push(Field { key: *key, rank: rank + 1, value, quote, place });
        }
    }
    let is_told = |field: &Field| {
        let value = text.get(field.value.clone()).unwrap_or_default();
        value.contains(|c: char| c.is_ascii_digit())
    };
    if fields.iter().any(is_told) { fields } else { Vec::new() }
}

fn words(body: &str) -> impl Iterator<Item = Range<usize>> {
    body.split_whitespace().map(|word| {
        let at = word.as_ptr() as usize - body.as_ptr() as usize;
        at..at + word.len()
    })
}

/// The longest label that begins with this word: where it stands, what it means, and its words.
fn label_at(
    body: &str,
    words: &[Range<usize>],
    n: usize,
) -> Option<(Range<usize>, Key, u8, usize)> {
    let first = words.get(n)?;
    if !body.get(first.clone())?.starts_with(char::is_uppercase) {
        return None;
    }
    (1..=LABEL).rev().find_map(|count| {
        let last = words.get(n + count - 1)?;
        let label = body.get(first.start..last.end)?;
        let (key, rank) = lookup(label).filter(|_| !label.contains([',', ';', ':']))?;
        Some((first.start..last.end, key, rank, count))
    })
}

/// Where labels stand: a capital, the most words that are one, and no label right before it, for that is its value (`Status Approved`).
fn labels(body: &str, words: &[Range<usize>]) -> Vec<(Range<usize>, Key, u8)> {
    let mut found = Vec::new();
    let mut n = 0;
    let mut behind_label = false;
    while n < words.len() {
        let known = label_at(body, words, n);
        match known {
            Some((label, key, rank, count)) if !behind_label => {
                found.push((label, key, rank));
                behind_label = true;
                n += count;
            }
            _ => {
                behind_label = false;
                n += 1;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::{facts, value};

    #[test]
    fn bold_labels_have_values_behind_them() {
        let facts = facts(
            "# Gate procedure\n\n**Document no.** YP-14 **Version** 1.2 **Owner** R. Kos, VP Yards\n**Approved** A. Bell, COO, 2026-02-09 **Next review** 2027-02 **Status** Approved\n",
        );
        assert_eq!(value(&facts.version), "1.2");
        assert_eq!(value(&facts.owner), "R. Kos, VP Yards");
        assert_eq!(value(&facts.approver), "A. Bell, COO");
        assert_eq!(value(&facts.approved), "2026-02-09");
        assert_eq!(value(&facts.next_review), "2027-02");
    }

    #[test]
    fn a_sentence_that_begins_like_a_label_has_no_values() {
        for text in [
            "# Gates\n\nVersion 2 shall be read by the Owner before use\n",
            "# Gates\n\nOwner and Status are told in the register\n",
            "# Gates\n\nReview Board Approval Committee\n",
        ] {
            let facts = facts(text);
            assert!(facts.owner.is_none() && facts.approver.is_none(), "{text}: {:?}", facts.owner);
        }
    }
}
