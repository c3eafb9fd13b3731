//! Tables in which a document records its own versions and approvals.

use super::{
    approval,
    dates::{self, Order, settle},
    fields::{Field, cells},
    labels::{self, Key, lookup},
    placeholders,
};
use crate::block::{Layout, Place, Role};
use std::ops::Range;
use sufficit_evidence::Date;

/// Fields from the latest row of each version history, and from each table of approvals.
pub(super) fn collect(layout: &Layout, order: Order) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut n = 0;
    let mut heading: Option<&Place> = None;
    while let Some(place) = layout.places.get(n) {
        let Role::Row { table, header, .. } = place.role else {
            heading = Some(place).filter(|at| matches!(at.role, Role::Heading(_))).or(heading);
            n += 1;
            continue;
        };
        let length = layout
            .places
            .iter()
            .skip(n)
            .take_while(
                |next| matches!(next.role, Role::Row { table: other, .. } if other == table),
            )
            .count();
        let rows = layout.places.get(n + 1..n + length).unwrap_or_default();
        if header && !rows.is_empty() && rows.len() <= 60 {
            let columns: Vec<String> =
                cells(place).iter().map(|cell| text(layout, cell).to_lowercase()).collect();
            history(layout, &columns, rows, n + 1, order, &mut fields);
            approvals(layout, heading, &columns, rows, n + 1, &mut fields);
            sign_off(layout, place, rows, n + 1, &mut fields);
        }
        n += length.max(1);
    }
    fields
}

/// `Version | Date | Author | Change`: the row with the latest date, else the highest version, speaks for the document.
fn history(
    layout: &Layout,
    columns: &[String],
    rows: &[Place],
    first: usize,
    order: Order,
    fields: &mut Vec<Field>,
) {
    let column = |names: &[&str]| columns.iter().position(|column| has_word(column, names));
    let Some(version) = column(&VERSIONS) else {
        return;
    };
    let date = column(&["date", "dated", "effective", "issued", "when"]);
    let author = column(&["author", "authors", "editor", "prepared", "modified", "revised"]);
    let change = column(&[
        "change",
        "changes",
        "description",
        "summary",
        "comment",
        "comments",
        "notes",
        "details",
        "reason",
        "amendment",
        "amendments",
    ]);
    let approver = columns.iter().position(|column| {
        // `Contract approved by` is of a thing in the row.
        column.starts_with("approved by")
            || column.starts_with("approver")
            || column.starts_with("authorised by")
            || matches!(
                column.trim(),
                "approved"
                    | "approval"
                    | "released"
                    | "authorised"
                    | "authorized"
                    | "sign-off"
                    | "signed off"
                    | "released by"
                    | "sign off"
            )
    });
    let status = column(&["status"]);
    // `Ver | Date | By`: one word is enough where no column tells of anything else.
    let by = columns.iter().position(|column| matches!(column.trim(), "by" | "who"));
    let known = [Some(version), date, change, approver, status, by];
    let author = author.or(by.filter(|_| known.iter().flatten().count() == columns.len()));
    if columns.len() > 8
        || date.is_none() && author.is_none()
        || change.is_none() && author.is_none() && approver.is_none()
    {
        return;
    }
    // Rows with names of their own are versions of different things: `Doc no | Document | Rev`.
    let differ = |column: usize| {
        let name =
            |row: &Place| cells(row).get(column).map_or("", |cell| text(layout, cell).trim());
        rows.iter().any(|row| name(row) != rows.first().map_or("", name))
    };
    let listed = columns.iter().position(|column| matches!(column.trim(), "document" | "title"));
    if column(&THINGS) == Some(0) && differ(0) || listed.is_some_and(differ) {
        return;
    }
    let key = |row: &Place| -> (Option<Date>, Vec<u32>) {
        let cell = |n: usize| cells(row).get(n).map(|cell| text(layout, cell)).unwrap_or_default();
        let day = date
            .and_then(|date| {
                dates::find(cell(date)).first().and_then(|found| settle(found.reading, order))
            })
            .map(|value| value.latest());
        let numbers = cell(version)
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|number| number.parse().ok())
            .collect();
        (day, numbers)
    };
    let latest = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| {
            cells(row).get(version).is_some_and(|cell| !placeholders::is_blank(text(layout, cell)))
        })
        .max_by_key(|(_, row)| key(row));
    let Some((n, row)) = latest else { return };
    let mut push = |column: Option<usize>, key, rank| {
        if let Some(cell) = column
            .and_then(|column| cells(row).get(column))
            .filter(|cell| !placeholders::is_blank(text(layout, cell)))
        {
            fields.push(Field {
                key,
                rank,
                value: cell.clone(),
                quote: row.bytes.clone(),
                place: first + n,
            });
        }
    };
    push(Some(version), Key::Version, 2);
    push(date, Key::Issued, 3);
    push(author, Key::Owner, 6);
    push(approver, Key::Approver, 3);
    let approved = columns.iter().position(|column| {
        ["approved on", "approval date", "date approved", "date of approval", "approved (date)"]
            .contains(&column.trim())
    });
    push(approved, Key::Approved, 3);
    if let Some(who) = approver
        && cells(row)
            .get(who)
            .map(|cell| text(layout, cell))
            .is_some_and(|who| !placeholders::is_blank(who) && dates::find(who).is_empty())
    {
        push(date, Key::Approved, 5);
    }
    push(status, Key::Status, 3);
}

/// Words of the column that tells the version.
const VERSIONS: [&str; 6] = ["version", "ver", "rev", "revision", "issue", "edition"];

/// Whether one of the words stands in a column's name.
fn has_word(column: &str, words: &[&str]) -> bool {
    column.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

/// What the first column of a table is called whose rows are different things.
const THINGS: [&str; 18] = [
    "name",
    "document",
    "title",
    "part",
    "system",
    "software",
    "application",
    "app",
    "asset",
    "component",
    "model",
    "item",
    "file",
    "package",
    "product",
    "service",
    "device",
    "template",
];

/// Rank from which a label of an owner says who wrote the document.
const WRITES: u8 = 4;

/// `Role | Name | Signature | Date`: rows in which somebody approves.
fn approvals(
    layout: &Layout,
    heading: Option<&Place>,
    columns: &[String],
    rows: &[Place],
    first: usize,
    fields: &mut Vec<Field>,
) {
    let position = |part: &[&str]| {
        columns.iter().position(|column| part.iter().any(|name| column.contains(name)))
    };
    let approver = columns.iter().position(|column| {
        ["approved by", "approver", "authorised by", "authorized by"]
            .iter()
            .any(|act| column.trim_start().starts_with(act))
    });
    let Some(name) = approver.or_else(|| {
        columns.iter().position(|column| {
            column == "name" || column.ends_with(" name") || column.starts_with("name")
        })
    }) else {
        return;
    };
    let date = position(&["date"]).or_else(|| {
        columns.iter().position(|column| matches!(column.trim(), "day" | "when" | "on"))
    });
    let signature = position(&["signature", "signed"]);
    let decision = position(&["decision", "statement", "outcome", "verdict", "conclusion"]);
    let is_history = columns.iter().any(|column| has_word(column, &VERSIONS));
    if is_history || date.is_none() && signature.is_none() {
        return;
    }
    let by_heading = heading.is_some_and(|place| approves(layout.text_of(place)));
    // `Role | Name | Decision | Date` under `Signatures`: the last who decides bears the whole; those above prepare it.
    let decides = decision.filter(|_| approver.is_none()).and_then(|decision| {
        rows.iter().rposition(|row| {
            let text = |n: usize| cells(row).get(n).map_or("", |cell| text(layout, cell));
            !placeholders::is_blank(text(name))
                && !placeholders::is_blank(text(decision))
                && date.is_none_or(|date| !placeholders::is_blank(text(date)))
                && !refuses(text(decision))
        })
    });
    let is_signed = by_heading
        || signature.is_some()
        || heading.is_some_and(|place| layout.text_of(place).to_lowercase().contains("signature"))
        || decides
            .and_then(|n| rows.get(n))
            .is_some_and(|row| layout.text_of(row).to_lowercase().contains("signed"));
    // The cells of a row, but for the name, that speak of approval.
    let approving = |row: &Place| -> Vec<&str> {
        let others = cells(row).iter().enumerate().filter(|(n, _)| *n != name);
        others.map(|(_, cell)| text(layout, cell)).filter(|cell| approves(cell)).collect()
    };
    let has_approver = rows.iter().any(|row| !approving(row).is_empty());
    let is_sign_off =
        by_heading || rows.iter().flat_map(cells).any(|cell| approves(text(layout, cell)));
    for (n, row) in rows.iter().enumerate() {
        // `Prepared | A. Bell | 3 May 2026`.
        let writes = cells(row).iter().enumerate().find_map(|(n, cell)| {
            let (key, rank) = lookup(text(layout, cell)).filter(|_| n != name)?;
            (key == Key::Owner && rank >= WRITES).then_some(rank)
        });
        if let (Some(rank), Some(value), true) = (writes, cells(row).get(name), is_sign_off) {
            let (value, quote) = (value.clone(), row.bytes.clone());
            fields.push(Field { key: Key::Owner, rank, value, quote, place: first + n });
        }
        let by_row = approving(row).into_iter().any(|cell| !refuses(cell));
        let by_decision = is_signed && decides == Some(n);
        // Where a row says who approves, or this one who wrote or looked through it, the heading says no more of it.
        let prepares = writes.is_some()
            || cells(row).iter().any(|cell| {
                let cell = text(layout, cell);
                matches!(lookup(cell), Some((Key::Reviewed, _)))
                    || labels::normal(cell) == "reviewer"
            });
        let by_place =
            decision.is_none() && by_heading && signature.is_some() && !(has_approver || prepares);
        let open = |column: &usize| {
            let cell = cells(row).get(*column).map_or("", |cell| text(layout, cell));
            placeholders::is_blank(cell) || approval::withholds(cell)
        };
        // Whoever has neither signed nor dated where there is room for it has not approved.
        let mut room = [signature, date].into_iter().flatten().peekable();
        let unsigned = room.peek().is_some() && room.all(|column| open(&column));
        if unsigned || !(by_row || approver.is_some() || by_place || by_decision) {
            continue;
        }
        let rank = if by_decision && !by_row { 2 } else { 1 };
        let cell = |column: usize| {
            cells(row).get(column).filter(|cell| !placeholders::is_blank(text(layout, cell)))
        };
        if let Some(value) = cell(name) {
            fields.push(Field {
                key: Key::Approver,
                rank,
                value: value.clone(),
                quote: row.bytes.clone(),
                place: first + n,
            });
            if let Some(value) = date.and_then(cell) {
                fields.push(Field {
                    key: Key::Approved,
                    rank,
                    value: value.clone(),
                    quote: row.bytes.clone(),
                    place: first + n,
                });
            }
        }
    }
}

/// Rows of a block to sign in: names, roles, days and signatures.
const SIGN_OFF_ROWS: std::ops::RangeInclusive<usize> = 2..=4;

/// `Prepared | Reviewed | Approved`, with names in one row and days in another; a first column may say which.
fn sign_off(
    layout: &Layout,
    header: &Place,
    rows: &[Place],
    first: usize,
    fields: &mut Vec<Field>,
) {
    let acts: Vec<(usize, Key, u8)> = cells(header)
        .iter()
        .enumerate()
        .filter_map(|(n, cell)| labels::act(text(layout, cell)).map(|(key, rank)| (n, key, rank)))
        .collect();
    let approves = acts.iter().any(|(_, key, _)| matches!(key, Key::Approver | Key::Approved));
    let named = cells(header).iter().filter(|cell| !cell.is_empty()).count();
    if !(SIGN_OFF_ROWS.contains(&rows.len()) && approves && acts.len() == named && named >= 2) {
        return;
    }
    for (n, row) in rows.iter().enumerate() {
        for (column, key, rank) in &acts {
            let told = cells(row).get(*column);
            let Some(value) = told.filter(|cell| !placeholders::is_blank(text(layout, cell)))
            else {
                continue;
            };
            let keys = match key {
                Key::Approver | Key::Approved => vec![Key::Approver, Key::Approved],
                key => vec![*key],
            };
            fields.extend(keys.into_iter().map(|key| Field {
                key,
                rank: *rank,
                value: value.clone(),
                quote: value.clone(),
                place: first + n,
            }));
        }
    }
}

fn approves(text: &str) -> bool {
    let lower = text.to_lowercase();
    text.len() < 80
        && ["approv", "authoris", "authoriz", "sign-off", "sign off", "signed off", "ratif"]
            .iter()
            .any(|cue| lower.contains(cue))
}

/// Whether a decision is a refusal, or none.
fn refuses(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "reject",
        "refus",
        "declin",
        "denied",
        "not approved",
        "not accepted",
        "not permitted",
        "withheld",
        "postpone",
        "pending",
    ]
    .iter()
    .any(|cue| lower.contains(cue))
}

fn text<'a>(layout: &'a Layout, range: &Range<usize>) -> &'a str {
    layout.text.get(range.clone()).unwrap_or_default()
}
