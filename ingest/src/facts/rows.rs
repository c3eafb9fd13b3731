//! Tables in which a document says of itself who owns and approved it, label by label.

use super::{
    dates,
    fields::{Field, at, cells, in_line, push},
    labels::{self, Key, lookup},
    names,
};
use crate::block::{Layout, Place, Role};
use std::ops::Range;

/// A table's rows: `Owner | Jane Doe` (also twice in a row), cells that hold `Owner: Jane Doe`, and one row of values below a row of labels.
pub(super) fn collect(layout: &Layout, range: Range<usize>, fields: &mut Vec<Field>) {
    let places = layout.places.get(range.clone()).unwrap_or_default();
    let width = places.iter().map(|place| cells(place).len()).max().unwrap_or(0);
    let header =
        places.first().filter(|place| matches!(place.role, Role::Row { header: true, .. }));
    if labels_in_rows(layout, places) {
        for (n, place) in places.iter().enumerate() {
            by_twos(layout, cells(place), range.start + n, fields);
        }
        return;
    }
    let in_pairs = || header.is_some_and(|header| is_in_pairs(layout, header));
    if width > 2 && (in_pairs() || acts_in_rows(layout, places)) {
        for (n, place) in places.iter().enumerate() {
            pairs(layout, cells(place), range.start + n, fields);
        }
        return;
    }
    if let (Some(header), [_, only]) = (header, places) {
        let labels: Vec<_> = cells(header).iter().map(|cell| lookup(at(layout, cell))).collect();
        let known = labels.iter().flatten().filter(|(key, _)| *key != Key::Other).count();
        if known >= 2 {
            for (label, (found, value)) in cells(header).iter().zip(labels.iter().zip(cells(only)))
            {
                if let Some((key, rank)) = found {
                    let (quote, place) = if value.is_empty() {
                        (label.clone(), range.start)
                    } else {
                        (value.clone(), range.start + 1)
                    };
                    let field =
                        Field { key: *key, rank: *rank, value: value.clone(), quote, place };
                    push(at(layout, label), field, fields);
                }
            }
            return;
        }
    }
    for (n, place) in places.iter().enumerate() {
        let cells = cells(place);
        let is_header = matches!(place.role, Role::Row { header: true, .. });
        if width > 2 && header.is_some() {
            // A line of its own below or among the rows: `Signed off: Jane Doe, 12 March 2026`.
            let filled: Vec<Range<usize>> =
                cells.iter().filter(|cell| !cell.is_empty()).cloned().collect();
            if let [only] = filled.as_slice() {
                in_line(&layout.text, only.clone(), range.start + n, fields);
            }
            // `Checked and approved | A. Bell | 30/06/2024` below the rows.
            let count = filled.len();
            let is_foot = n + SIGNED_BELOW >= places.len() && 2 * count <= width + 1;
            // Where columns are for names and days, empty cells mean that nobody signed.
            let signs = || {
                header.is_some_and(|header| {
                    self::cells(header).iter().any(|cell| lookup(at(layout, cell)).is_some())
                })
            };
            let begins = || begins(layout, place, labels::act).is_some();
            let names = || filled.get(1).is_some_and(|cell| names::is_name(at(layout, cell)));
            let by = || cells.first().is_some_and(|label| at(layout, label).contains(' '));
            if is_foot && (2..=3).contains(&count) && begins() && by() && names() && !signs() {
                pairs(layout, &filled, range.start + n, fields);
            }
            continue;
        }
        if !(2..=4).contains(&width) {
            // Too wide for labels beside values; a cell may still hold both.
            for cell in cells {
                in_line(&layout.text, cell.clone(), range.start + n, fields);
            }
            continue;
        }
        let mut c = 0;
        while let Some(label) = cells.get(c) {
            let known = lookup(at(layout, label));
            let next = cells.get(c + 1);
            match known {
                Some((key, rank))
                    if !(is_header && next.is_none_or(Range::is_empty))
                        && next.is_none_or(|value| {
                            cells.len() == 2 && !is_header || lookup(at(layout, value)).is_none()
                        }) =>
                {
                    let value = next.cloned().unwrap_or(label.end..label.end);
                    tell(layout, label, (key, rank), value, range.start + n, fields);
                    c += 2;
                }
                _ => {
                    in_line(&layout.text, label.clone(), range.start + n, fields);
                    c += 1;
                }
            }
        }
    }
}

/// Rows at the end of a table in which somebody signs it.
const SIGNED_BELOW: usize = 3;

/// Adds what a label in one cell announces, with its value in the next ones.
fn tell(
    layout: &Layout,
    label: &Range<usize>,
    (key, rank): (Key, u8),
    value: Range<usize>,
    place: usize,
    fields: &mut Vec<Field>,
) {
    let quote = label.start..value.end.max(label.end);
    push(at(layout, label), Field { key, rank, value, quote, place }, fields);
}

/// What a row's first cell announces, as `known` has it, where a value stands behind it.
fn begins(layout: &Layout, row: &Place, known: impl Fn(&str) -> Option<(Key, u8)>) -> Option<Key> {
    let [label, value, ..] = cells(row) else { return None };
    let (key, _) = known(at(layout, label))?;
    key_free(at(layout, value)).then_some(key)
}

/// Whether a row holds labels and values in turn, as a control block does: `Issue | 6 | Written | A. Bell | 12.03.2026`.
fn is_in_pairs(layout: &Layout, row: &Place) -> bool {
    let key = |n: usize| cells(row).get(n).and_then(|cell| lookup_in_pairs(at(layout, cell)));
    let value = |n: usize| cells(row).get(n).map_or("", |cell| at(layout, cell));
    let is_pair = |n: &usize| {
        key(*n).is_some_and(|(key, _)| key != Key::Other && key != Key::Title)
            && key_free(value(n + 1))
    };
    let count = cells(row).len();
    let numbered =
        (0..count).any(|n| is_pair(&n) && value(n + 1).contains(|c: char| c.is_ascii_digit()));
    // A ticket has an issue and a status too.
    let is_ticket = (0..count).any(|n| key(n).is_some_and(|(key, _)| key == Key::Status));
    is_pair(&0) && numbered && !is_ticket && (0..count).filter(is_pair).count() >= 2
}

/// Whether each row of a table of two rows or more says who did what to the document: `Approved by | A. Bell | 3 May 2026`.
fn acts_in_rows(layout: &Layout, rows: &[Place]) -> bool {
    let act = |row: &Place| begins(layout, row, labels::act);
    let approves = |row: &Place| matches!(act(row), Some(Key::Approver | Key::Approved));
    rows.len() > 1 && rows.iter().all(|row| act(row).is_some()) && rows.iter().any(approves)
}

/// Whether each row of a table of four columns begins with a label and its value: `Owner | A. Bell | Class | Internal`.
fn labels_in_rows(layout: &Layout, rows: &[Place]) -> bool {
    let key = |row: &Place| begins(layout, row, lookup).filter(|_| cells(row).len() == 4);
    let told = |row: &Place| key(row).is_some_and(|key| !matches!(key, Key::Other | Key::Title));
    rows.len() > 1 && rows.iter().all(|row| key(row).is_some()) && rows.first().is_some_and(told)
}

/// The labels of a row with their values, two columns each: `Owner | A. Bell | Status | Approved`.
fn by_twos(layout: &Layout, cells: &[Range<usize>], place: usize, fields: &mut Vec<Field>) {
    for two in cells.chunks_exact(2) {
        let [label, value] = two else { continue };
        if let Some(known) = lookup(at(layout, label)) {
            tell(layout, label, known, value.clone(), place, fields);
        }
    }
}

/// What a label means in a row of labels and values: `Written`, `Agreed` and `Confirmed` are some there too.
fn lookup_in_pairs(label: &str) -> Option<(Key, u8)> {
    lookup(label).or_else(|| labels::act(label))
}

/// Whether a cell holds something, and no label.
fn key_free(cell: &str) -> bool {
    !cell.is_empty() && lookup(cell).is_none()
}

/// A row's labels, each with the cell behind it and a day in the one after that: `Released | M. Brandl | 23.03.2026`.
fn pairs(layout: &Layout, cells: &[Range<usize>], place: usize, fields: &mut Vec<Field>) {
    for (n, label) in cells.iter().enumerate() {
        let Some(known) = lookup_in_pairs(at(layout, label)) else { continue };
        let text = |n: usize| cells.get(n).map_or("", |cell| at(layout, cell));
        if lookup(text(n + 1)).is_some() {
            continue;
        }
        let dated = key_free(text(n + 2)) && !dates::find(text(n + 2)).is_empty();
        let last = cells.get(if dated { n + 2 } else { n + 1 }).unwrap_or(label);
        let value = cells.get(n + 1).map_or(label.end, |cell| cell.start)..last.end;
        tell(layout, label, known, value, place, fields);
    }
}
