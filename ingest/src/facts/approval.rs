//! What makes an approval, and what withholds it.

use super::{dates, fields::Field, labels::Key, names, placeholders};
use crate::block::Layout;

/// Places between who is to approve and the day that was left open.
const BESIDE: usize = 4;

/// Takes out of a document's fields those that say that an approval is yet to come, and says whether the one that tells most surely
/// who approves it is among them: then nobody has. Blank fields stay: they are counted as blanks.
pub(super) fn withheld(layout: &Layout, fields: &mut Vec<Field>) -> bool {
    let of_approval = |field: &Field| matches!(field.key, Key::Approver | Key::Approved);
    let value = |field: &Field| layout.text.get(field.value.clone()).unwrap_or_default();
    let filled = |field: &Field| of_approval(field) && !placeholders::is_blank(value(field));
    let says = |field: &Field| filled(field) && withholds(value(field));
    let surest = fields.iter().filter(|field| filled(field)).map(|field| field.rank).min();
    // `Approver | A. Bell`, `Approved on | pending`: who is to approve it has not.
    let dated = |field: &Field| filled(field) && !dates::find(value(field)).is_empty();
    let named_at = fields.iter().filter(|field| field.key == Key::Approver && filled(field));
    let named_at = named_at.min_by_key(|field| field.rank).map(|field| field.place);
    let left_open = |field: &Field| {
        field.key == Key::Approved
            && field.rank == 0
            && placeholders::is_blank(value(field))
            && named_at.is_some_and(|place| place.abs_diff(field.place) <= BESIDE)
    };
    let is_open = fields.iter().any(left_open) && !fields.iter().any(dated);
    let withheld = is_open || fields.iter().any(|field| says(field) && Some(field.rank) == surest);
    fields.retain(|field| !(says(field) || withheld && filled(field)));
    withheld
}

/// `Date` right after `Approved by` or `Signature` is the day of approval.
pub(super) fn settle_dates(fields: &mut [Field]) {
    let mut approved_at: Option<usize> = None;
    for field in fields {
        match field.key {
            Key::Approver => approved_at = Some(field.place),
            Key::Date
                if approved_at.is_some_and(|place| field.place.saturating_sub(place) <= 4) =>
            {
                field.key = Key::Approved;
                field.rank = 1;
                approved_at = None;
            }
            Key::Other | Key::Cycle | Key::Reviewed => {}
            _ => approved_at = None,
        }
    }
}

/// How a line begins that approves what stands above it.
const CLOSES: [&str; 5] = [
    "Read and approved",
    "Minutes approved",
    "Confirmed as a true record",
    "Confirmed as a correct record",
    "Agreed as a true record",
];

fn behind_closing(line: &str) -> Option<&str> {
    let rest = CLOSES.iter().find_map(|closes| line.strip_prefix(closes))?;
    Some(rest.trim_start_matches([',', ':', ' ']))
}

/// Whether a line approves what stands above it, and says when or by whom: `Read and approved 3 May 2026. A. Bell`.
pub(super) fn closes(line: &str) -> bool {
    behind_closing(line).is_some_and(|rest| {
        rest.starts_with("by ")
            || rest.starts_with("on ")
            || rest.starts_with("at the meeting of ")
            || rest.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Whether a line begins so and approves something else: `Read and approved the minutes of May`.
pub(super) fn closes_other(line: &str) -> bool {
    behind_closing(line).is_some() && !closes(line)
}

/// Whether a colon behind these words leads to what was decided, and not to who did.
pub(super) fn tells_what(cue: &str) -> bool {
    ["decided", "accepted", "agreed", "confirmed", "cleared", "passed", "verified"]
        .iter()
        .any(|what| cue.starts_with(what))
        && !cue.ends_with(" by")
}

/// Words that alone, between commas or brackets, say that an approval is yet to come or was refused.
const WHOLE: [&str; 14] = [
    "open",
    "still open",
    "outstanding",
    "pending",
    "planned",
    "scheduled",
    "refused",
    "rejected",
    "withheld",
    "nobody",
    "unsigned",
    "to follow",
    "signature missing",
    "nobody yet",
];

/// Words that say so wherever they stand in the sentence.
const WITHIN: [&str; 8] = [
    "has not yet",
    "have not yet",
    "not yet approved",
    "not yet signed",
    "still to be",
    "will be sought",
    "signature outstanding",
    "approval outstanding",
];

/// How such words begin where more follows: `awaiting the board`.
const STARTS: [&str; 14] = [
    "not yet",
    "yet to be",
    "pending ",
    "awaiting ",
    "scheduled for ",
    "planned for ",
    "expected ",
    "not approved",
    "not signed",
    "to be approved",
    "to be signed",
    "to be heard",
    "to be obtained",
    "on approval",
];

/// How a value begins that tells what is being done for an approval.
const SOUGHT: [&str; 9] = [
    "submitted",
    "requested",
    "asked for",
    "sought",
    "foreseen",
    "waiting ",
    "on the agenda",
    "on agenda",
    "required",
];

/// Whether a value says that an approval is yet to come, or was refused: `Board (scheduled, not yet heard)`, `open`. Only its first
/// sentence counts, part by part, as commas and brackets divide it: `A. Bell, Open Yards Officer` is somebody.
pub(super) fn withholds(value: &str) -> bool {
    let end = value
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(|at| value.get(..*at).is_some_and(names::ends_sentence))
        .unwrap_or(value.len());
    let sentence = value.get(..end).unwrap_or(value).to_lowercase();
    let value = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    SOUGHT.iter().any(|sought| value.starts_with(sought))
        || WITHIN.iter().any(|phrase| sentence.contains(phrase))
        || sentence.split([',', ';', '(', ')', '–', '—', '|', '\n']).any(|part| {
            let part = part.trim_matches(|c: char| !c.is_alphanumeric());
            let ends =
                ["approval pending", "signature pending"].iter().any(|end| part.ends_with(end));
            WHOLE.contains(&part) || STARTS.iter().any(|start| part.starts_with(start)) || ends
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approval_that_is_yet_to_come_is_told() {
        for value in [
            "open",
            "(open)",
            "Board (scheduled, not yet heard)",
            "A. Bell, pending",
            "awaiting the board",
            "Dr. Bell – not yet signed",
            "to be approved by the Board",
            "The Board has not yet approved this policy.",
            "still to be given",
            "will be sought in May",
            "Ann Bell (signature outstanding)",
            "refused",
        ] {
            assert!(withholds(value), "{value}");
        }
        for value in [
            "Open Yards Board",
            "Board, 3 May 2026",
            "Head of Planned Works",
            "A. Bell, Open Yards Officer",
            "R. Kos (Open Gates unit)",
            "Ann Bell, CEO, 3 May 2026. The annex is not yet part of it.",
            "Ann Bell. Staff training to follow.",
            "Gates not signed for by the yard are sent back",
        ] {
            assert!(!withholds(value), "{value}");
        }
    }
}
