//! What makes an approval, and what withholds it.

use super::{fields::Field, labels::Key, names};
use crate::block::Layout;

/// Whether the document says that its approval is yet to come, in the field that says most surely who approves it.
pub(super) fn is_withheld(layout: &Layout, fields: &[Field]) -> bool {
    let of_approval = |field: &&Field| matches!(field.key, Key::Approver | Key::Approved);
    let surest = fields.iter().filter(of_approval).map(|field| field.rank).min();
    let mut sure = fields
        .iter()
        .filter(of_approval)
        .filter(|field| Some(field.rank) == surest && field.rank <= 2);
    sure.any(|field| layout.text.get(field.value.clone()).is_some_and(withholds))
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
            Key::Other => {}
            _ => approved_at = None,
        }
    }
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

/// Whether a value says that an approval is yet to come, or was refused: `Board (scheduled, not yet heard)`, `open`. Only its first
/// sentence counts, part by part, as commas and brackets divide it: `A. Bell, Open Yards Officer` is somebody.
fn withholds(value: &str) -> bool {
    let end = value
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(|at| value.get(..*at).is_some_and(names::ends_sentence))
        .unwrap_or(value.len());
    let sentence = value.get(..end).unwrap_or(value).to_lowercase();
    sentence.split([',', ';', '(', ')', '–', '—', '|', '\n']).any(|part| {
        let part = part.trim_matches(|c: char| !c.is_alphanumeric());
        let ends = ["approval pending", "signature pending"].iter().any(|end| part.ends_with(end));
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
