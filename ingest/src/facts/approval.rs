//! What makes an approval, and what withholds it.

use super::{fields::Field, labels::Key};
use crate::block::Layout;

/// Whether the document says that its approval is yet to come, in a field that surely means it.
pub(super) fn is_withheld(layout: &Layout, fields: &[Field]) -> bool {
    let says = |field: &Field| layout.text.get(field.value.clone()).is_some_and(withholds);
    let mut sure = fields
        .iter()
        .filter(|field| matches!(field.key, Key::Approver | Key::Approved) && field.rank <= 2);
    sure.any(says)
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

/// Whether a value says that an approval is yet to come, or was refused: `Board (scheduled, not yet heard)`, `open`.
fn withholds(value: &str) -> bool {
    let lower = value.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    const WHOLE: [&str; 6] = ["open", "outstanding", "refused", "rejected", "nobody", "scheduled"];
    const STARTS: [&str; 6] =
        ["pending", "awaiting", "scheduled ", "expected ", "planned ", "on approval"];
    const WITHIN: [&str; 26] = [
        "not yet",
        "yet to ",
        "(awaiting",
        ", awaiting",
        "(pending",
        ", pending",
        "pending approval",
        "pending signature",
        "approval pending",
        "signature pending",
        "(scheduled",
        ", scheduled",
        "(planned",
        "(open",
        ", open",
        "still open",
        "not approved",
        "not signed",
        "unsigned",
        "withheld",
        "to follow",
        "signature missing",
        "to be approved",
        "to be signed",
        "to be heard",
        "to be obtained",
    ];
    WHOLE.contains(&bare)
        || STARTS.iter().any(|start| bare.starts_with(start))
        || WITHIN.iter().any(|phrase| lower.contains(phrase))
}

/// Whether a name holds a body or an office that decides: who merely issues a paper approves nothing.
pub(super) fn decides(name: &str) -> bool {
    const DECIDE: [&str; 16] = [
        "board",
        "committee",
        "council",
        "management",
        "director",
        "directors",
        "president",
        "chief",
        "ceo",
        "coo",
        "cio",
        "ciso",
        "partners",
        "trustees",
        "rector",
        "principal",
    ];
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|word| DECIDE.contains(&word))
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
        ] {
            assert!(withholds(value), "{value}");
        }
        for value in ["Open Yards Board", "Board, 3 May 2026", "Head of Planned Works"] {
            assert!(!withholds(value), "{value}");
        }
    }
}
