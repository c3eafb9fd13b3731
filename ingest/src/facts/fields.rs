//! Labels with their values: `Owner: Jane Doe`, a table's `Owner | Jane Doe`, a header row over one row of values.

use super::{
    approval, dates,
    labels::{Key, further, lookup},
    names, rows, unmarked,
};
use crate::block::{Layout, Place, Role};
use std::ops::Range;

/// A label and what stands after it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub(super) key: Key,
    /// How surely the label means the key; 0 is surest.
    pub(super) rank: u8,
    /// Byte range of the value.
    pub(super) value: Range<usize>,
    /// Byte range of label and value together: what is cited.
    pub(super) quote: Range<usize>,
    /// Index of the place that it stands in.
    pub(super) place: usize,
}

/// Places at a document's head and foot where it speaks of itself; between them only under a heading that says so.
const HEAD: usize = 40;
const FOOT: usize = 15;

/// Bytes from which a line may have been wrapped.
const WRAPPED: usize = 60;

/// Whether each place is one where a document speaks of itself.
pub(super) fn zones(layout: &Layout) -> Vec<bool> {
    let count = layout.places.len();
    let head = (count / 4).clamp(12, HEAD);
    let mut under = false;
    layout
        .places
        .iter()
        .enumerate()
        .map(|(n, place)| {
            if let Role::Heading(_) = place.role {
                under = speaks_of_itself(layout.text_of(place));
            }
            // What approves the text above it does so wherever the chapters are moved to.
            let closes = approval::closes(layout.text_of(place));
            n < head || n + FOOT >= count || under || closes || place.role == Role::Furniture
        })
        .collect()
}

/// Places from the top that speak of the document, be they items of a list.
pub(super) const TOP: usize = 3;

/// Whether a line is one of a list's below the top, or begins with the number of a thing: decisions on other things stand there.
pub(super) fn is_listed(layout: &Layout, n: usize, line: &str) -> bool {
    n >= TOP
        && (layout.places.get(n).is_some_and(|place| place.role == Role::Item)
            || begins_with_id(line))
}

/// Whether a line is about a thing with a number: `R-11 Wrong answers. Accepted by A. Bell`.
fn begins_with_id(line: &str) -> bool {
    let first = line.split([' ', '\t']).next().unwrap_or_default();
    first.starts_with(|c: char| c.is_ascii_uppercase())
        && first.ends_with(|c: char| c.is_ascii_digit())
        && first.contains('-')
        && first.len() <= 12
}

/// Added to the rank of what a section says of an owner, a version or a status: the things that it deals with have these too.
const BELOW: u8 = 3;

/// Puts what stands in sections behind what stands above the first of them, or in one that speaks of the document.
pub(super) fn settle_sections(layout: &Layout, fields: &mut [Field]) {
    let mut begun = false;
    let mut in_section = false;
    let is_below: Vec<bool> = layout
        .places
        .iter()
        .map(|place| {
            match place.role {
                Role::Heading(_) => in_section = begun && !is_about_document(layout.text_of(place)),
                Role::Furniture => return false,
                _ => begun = true,
            }
            in_section
        })
        .collect();
    for field in fields {
        let of_things = matches!(field.key, Key::Owner | Key::Version | Key::Status);
        if of_things && is_below.get(field.place) == Some(&true) {
            field.rank += BELOW;
        }
    }
}

/// Whether a section is about the document, by its heading.
fn is_about_document(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphabetic());
    let whole =
        ["general", "overview", "details", "identification", "document", "about this document"];
    speaks_of_itself(heading) || whole.contains(&bare)
}

fn speaks_of_itself(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    [
        "document control",
        "document information",
        "document detail",
        "document history",
        "document management",
        "document properties",
        "approval",
        "sign-off",
        "sign off",
        "signature",
        "version",
        "revision",
        "change history",
        "change log",
        "history",
        "authoris",
        "authoriz",
        "metadata",
        "policy detail",
        "ownership",
        "administration",
        "document review",
        "policy review",
        "review and",
        "endorsement",
    ]
    .iter()
    .any(|cue| lower.contains(cue))
}

/// All labelled values of a document in places where it speaks of itself, in order.
pub(super) fn collect(layout: &Layout, zones: &[bool]) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut n = 0;
    while let Some(place) = layout.places.get(n) {
        if let Role::Row { table, .. } = place.role {
            let end = layout
                .places
                .iter()
                .skip(n)
                .position(
                    |next| !matches!(next.role, Role::Row { table: other, .. } if other == table),
                )
                .map_or(layout.places.len(), |length| n + length);
            if zones.get(n) == Some(&true) {
                rows::collect(layout, n..end, &mut fields);
            }
            n = end;
            continue;
        }
        if zones.get(n) == Some(&true) && !matches!(place.role, Role::Contents) {
            let lines = logical_lines(layout, place);
            for (at, line) in lines.iter().enumerate() {
                match value_below(layout, n, lines.get(at..).unwrap_or_default()) {
                    Some(field) => push(label_of(&layout.text, line), field, &mut fields),
                    None => in_line(&layout.text, line.clone(), n, &mut fields),
                }
            }
        }
        n += 1;
    }
    fields
}

/// Byte ranges of a place's lines.
pub(super) fn lines(layout: &Layout, place: &Place) -> Vec<Range<usize>> {
    let mut from = place.bytes.start;
    layout
        .text_of(place)
        .split('\n')
        .map(|line| {
            let range = from..from + line.len();
            from = range.end + 1;
            range
        })
        .collect()
}

/// A place's lines, where a long line goes on with the next one unless that begins with a label.
pub(super) fn logical_lines(layout: &Layout, place: &Place) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    let mut before = "";
    for line in lines(layout, place) {
        let body = layout.text.get(line.clone()).unwrap_or_default();
        match joined.last_mut() {
            Some(last)
                if before.len() >= WRAPPED
                    && last.len() < 400
                    && !begins_with_label(before, body) =>
            {
                last.end = line.end
            }
            _ => joined.push(line),
        }
        before = body;
    }
    joined
}

/// The label that a line holds and nothing else.
fn label_of<'a>(text: &'a str, line: &Range<usize>) -> &'a str {
    let line = text.get(line.clone()).unwrap_or_default().trim();
    line.strip_suffix(':').unwrap_or_default()
}

/// The value of a label that stands by itself on the first of these lines of a place: the line below, or the next place's.
fn value_below(layout: &Layout, n: usize, lines: &[Range<usize>]) -> Option<Field> {
    let label = lines.first()?;
    let known = Some(label_of(&layout.text, label)).filter(|own| !own.is_empty()).and_then(lookup);
    let (key, rank) = known.filter(|(key, _)| !matches!(key, Key::Other | Key::Title))?;
    let (value, place) = match lines.get(1) {
        Some(below) => (below.clone(), n),
        None => {
            let next = layout.places.get(n + 1).filter(|next| next.role == Role::Paragraph)?;
            (self::lines(layout, next).into_iter().next()?, n + 1)
        }
    };
    let told = layout.text.get(value.clone())?;
    let words = told.split_whitespace().count();
    // A blank label stands above whatever comes next.
    let sound = match key {
        Key::Owner | Key::Approver => is_somebody(told),
        Key::Version | Key::Status => (1..=SHORT).contains(&words) && !told.contains(':'),
        _ => words <= RULED && dates::find(told).first().is_some_and(|date| date.range.start == 0),
    };
    let quote = if place == n { label.start..value.end } else { value.clone() };
    sound.then_some(Field { key, rank, value, quote, place })
}

/// Whether a line begins with a label of its own, rather than with the end of one that began on the line before (`Next` and `review: ...`).
fn begins_with_label(before: &str, line: &str) -> bool {
    let Some((label, value)) = line.split_once(':') else { return false };
    if lookup(label).is_none() {
        // A label that is not known is one too: `Auditor in training: Ann Bell`.
        return label.split_whitespace().count() <= LABEL
            && label.starts_with(char::is_uppercase)
            && value.trim_start().starts_with(char::is_uppercase)
            && !before.ends_with([',', '-', '–']);
    }
    let last = before.split_whitespace().next_back().unwrap_or_default();
    line.starts_with(char::is_alphabetic) && lookup(&format!("{last} {label}")).is_none()
}

/// Parts of a line between ` | `, ` · ` and the like.
pub(super) fn segments(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = line.start;
    let body = text.get(line.clone()).unwrap_or_default();
    for separator in body.match_indices([' ', '\t']).filter_map(|(at, _)| {
        let rest = body.get(at + 1..)?;
        let mark = rest.chars().next()?;
        let spaced = rest
            .get(mark.len_utf8()..)
            .is_some_and(|after| after.is_empty() || after.starts_with(' '));
        (spaced && matches!(mark, '|' | '·' | '•' | '¶' | '–' | '—' | '-' | '‖'))
            .then_some((line.start + at, mark.len_utf8()))
    }) {
        let (at, length) = separator;
        if at >= from {
            found.push(from..at);
            from = at + 1 + length;
        }
    }
    found.push(from.min(line.end)..line.end);
    found.into_iter().map(|range| trim(text, range)).filter(|range| !range.is_empty()).collect()
}

pub(super) fn in_line(text: &str, line: Range<usize>, place: usize, fields: &mut Vec<Field>) {
    let body = text.get(line.clone()).unwrap_or_default();
    if body.len() > 600 {
        return;
    }
    if !body.contains(':') {
        match ruled(text, line.clone(), place) {
            Some(field) => fields.push(field),
            None => fields.extend(unmarked::collect(text, line, place)),
        }
        return;
    }
    // Labels first, then each value reaches to the next label or separator.
    let mut labels: Vec<(Range<usize>, Range<usize>, Key, u8)> = Vec::new();
    for (at, _) in body.match_indices(':') {
        let after = body.get(at + 1..).unwrap_or_default();
        if !(after.is_empty() || after.starts_with([' ', '\n', '_', '*'])) {
            continue;
        }
        if let Some((start, key, rank)) = label_before(body, at, labels.is_empty()) {
            labels.push((start..at, at + 1..body.len(), key, rank));
        }
    }
    for n in 0..labels.len() {
        let Some((label, value, key, rank)) = labels.get(n).cloned() else { continue };
        let end = labels.get(n + 1).map_or(body.len(), |(next, ..)| next.start);
        let value = line.start + value.start..line.start + end.max(value.start);
        let value = cut_at_separator(text, value);
        let quote = line.start + label.start..value.end.max(line.start + label.end + 1);
        let named = body.get(label).unwrap_or_default();
        push(named, Field { key, rank, value, quote, place }, fields);
    }
}

/// Whether a text is a name or an office and nothing else; one word alone names somebody only as `CEO` does.
fn is_somebody(text: &str) -> bool {
    let words = text.split_whitespace().count();
    names::is_name(text)
        && lookup(text).is_none()
        && (words > 1 || text.chars().all(char::is_uppercase))
}

/// Words of the longest value that stands behind a dash, or below its label.
const RULED: usize = 12;

/// A whole line that is a label, a dash or a tab, and its value: `Approved by - Ann Bell`.
fn ruled(text: &str, line: Range<usize>, place: usize) -> Option<Field> {
    let body = text.get(line.clone())?;
    let marks = [" - ", " – ", " — ", "\t", " ...", "...", " … "];
    let (label, mark) =
        marks.iter().filter_map(|mark| Some((body.split_once(mark)?.0, mark))).min()?;
    let value = trim(text, line.start + label.len() + mark.len()..line.end);
    let told = text.get(value.clone())?;
    // Dots that lead to the value: `Owner ........ A. Bell`.
    let led = told.trim_start_matches(['.', '…', ' ']);
    let (value, told) = (value.end - led.len()..value.end, led);
    let (key, rank) = lookup(label).filter(|(key, _)| !matches!(key, Key::Other | Key::Title))?;
    let named = !matches!(key, Key::Owner | Key::Approver) || is_somebody(told);
    let sound = named
        && label.starts_with(char::is_uppercase)
        && (1..=RULED).contains(&told.split_whitespace().count())
        && lookup(told).is_none()
        && !marks.iter().any(|mark| told.contains(mark));
    let quote = line.start..value.end;
    sound.then_some(Field { key, rank: rank + 1, value, quote, place })
}

/// Words of the longest label that is told by its colon alone.
const LABEL: usize = 4;

/// Words of the longest version or status below its label.
const SHORT: usize = 3;

/// Adds a field, and one for each further kind that its label combines (`Version / date`).
pub(super) fn push(label: &str, field: Field, fields: &mut Vec<Field>) {
    let more = further(label).into_iter().map(|(key, rank)| Field { key, rank, ..field.clone() });
    let more: Vec<Field> = more.collect();
    fields.push(field);
    fields.extend(more);
}

/// The longest known label of up to five words that ends at `end`. Within a line it begins with a capital or follows a separator.
fn label_before(body: &str, end: usize, first: bool) -> Option<(usize, Key, u8)> {
    let before = body.get(..end)?;
    let mut starts: Vec<usize> = Vec::new();
    let mut at = end;
    for word in before.split([' ', '\n']).rev().take(6) {
        at = at.checked_sub(word.len())?;
        // Behind a colon stands the value of another label.
        if matches!(word, "|" | "·" | "–" | "—" | "-" | ";") || word.ends_with(':') {
            break;
        }
        if word.starts_with(char::is_alphabetic) {
            starts.push(at);
        }
        at = at.saturating_sub(1);
    }
    starts.into_iter().rev().find_map(|start| {
        let label = before.get(start..)?;
        let at_start =
            before.get(..start)?.trim().trim_matches(|c: char| !c.is_alphabetic()).is_empty();
        let follows = before
            .get(..start)?
            .trim_end()
            .ends_with(['|', '·', ';', '–', '—', '-', ',', '.', '•', '/']);
        let capital = label.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
        // `AI register (REG-01) Owner: x`: a title that runs into its label. `Risk Owner: x` is another label.
        let ahead = before.get(..start)?.split_whitespace().next_back().unwrap_or_default();
        let runs_on = ahead.ends_with(')') || ahead.starts_with(char::is_lowercase);
        if !(at_start || capital && (follows || !first || runs_on)) {
            return None;
        }
        // `Name of the owner: x` is no `owner: x`: a whole label fits from its first word on.
        let (key, rank) = lookup(label)?;
        (at_start || follows || !first || rank == 0).then_some((start, key, rank))
    })
}

fn cut_at_separator(text: &str, value: Range<usize>) -> Range<usize> {
    let body = text.get(value.clone()).unwrap_or_default();
    let cut = [" | ", " · ", " • ", " ¶ ", " // ", "; "]
        .iter()
        .filter_map(|mark| body.find(mark))
        .min()
        .unwrap_or(body.len());
    trim(text, value.start..value.start + cut)
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let body = text.get(range.clone()).unwrap_or_default();
    let inner = body.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|'));
    if inner.is_empty() {
        return range.start..range.start;
    }
    let start = range.start + (inner.as_ptr() as usize - body.as_ptr() as usize);
    start..start + inner.len()
}

/// What stands in a cell.
pub(super) fn at<'a>(layout: &'a Layout, range: &Range<usize>) -> &'a str {
    layout.text.get(range.clone()).unwrap_or_default()
}

/// The cells of a row.
pub(super) fn cells(place: &Place) -> &[Range<usize>] {
    match &place.role {
        Role::Row { cells, .. } => cells,
        _ => &[],
    }
}
