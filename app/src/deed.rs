//! What people decided, in words: the same on pages and in the terminal.

use sufficit_evidence::{Action, Decision, DocumentId, FileRecord};

/// What a person did, after their name.
pub(crate) fn deed(decision: &Decision) -> String {
    let proposed = decision.seen.sufficiency;
    match &decision.action {
        Action::Accept => proposed.map_or_else(
            || "accepted".to_owned(),
            |sufficiency| format!("accepted {sufficiency} {}", sufficiency.name()),
        ),
        Action::Override { sufficiency } => proposed.map_or_else(
            || format!("gave {sufficiency}"),
            |proposed| format!("gave {sufficiency} in place of {proposed}"),
        ),
        Action::Reject => "rejected it".to_owned(),
        Action::Add { sufficiency, .. } => {
            format!("added it with {sufficiency} {}", sufficiency.name())
        }
        Action::NotApplicable => "declared it not applicable".to_owned(),
        Action::Undo { number } => format!("took decision {number} back"),
        Action::Assign { to: Some(to), due: Some(due) } => {
            format!("assigned it to {to} until {due}")
        }
        Action::Assign { to: Some(to), due: None } => format!("assigned it to {to}"),
        Action::Assign { to: None, .. } => "assigned it to nobody".to_owned(),
        Action::Comment => "wrote".to_owned(),
        Action::Correct { field, value: Some(value) } => {
            format!("corrected {} to “{value}”", field.key())
        }
        Action::Correct { field, value: None } => {
            format!("corrected {}: the document does not say", field.key())
        }
    }
}

/// The day of a decision, YYYY-MM-DD.
pub(crate) fn day(decision: &Decision) -> &str {
    decision.at.get(..10).unwrap_or(&decision.at)
}

/// That `held` is a verdict beside which nothing is proposed now, in words: what was decided, of which version, and what is
/// to be done. `document` is the version that lies there.
pub(crate) fn outlived(held: &Decision, document: &DocumentId) -> String {
    let said = format!("{} {} on {}", held.by, deed(held), day(held));
    let (version, now) = match &held.seen.document {
        Some(seen) if seen != document => (
            format!("on version {} of the document", in_short(seen)),
            "Another version lies there now, and nothing is proposed of it here",
        ),
        _ => (
            "on this version of the document".to_owned(),
            "Nothing is proposed of it here any more",
        ),
    };
    format!(
        "{said}, {version}. {now}. It waits to be confirmed: give a sufficiency and why, add the match anew with the passage that shows it, or reject it."
    )
}

/// Why a document on which something was decided is not in the record now: what became of its file. `files` are those that
/// are there.
pub(crate) fn absence(decision: &Decision, files: &[FileRecord]) -> String {
    let path = decision.subject.source().map_or("", |source| source.path.as_str());
    // Another root may have a file at the same path that was read.
    let unread = files.iter().find(|file| file.path == path && file.document.is_none());
    match unread.map(|file| file.reason.as_str()) {
        None => "The file is gone.".to_owned(),
        Some("") => "The file was not read.".to_owned(),
        Some(reason) => format!("The file was not read: {reason}"),
    }
}

/// The beginning of a SHA-256, by which people tell versions apart.
pub(crate) fn in_short(document: &DocumentId) -> &str {
    document.as_str().get(..12).unwrap_or(document.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::{RequirementRef, Seen, SourceRef, Subject, Sufficiency};

    #[test]
    fn a_verdict_without_a_proposal_says_of_which_version_it_was() {
        let source = SourceRef { root: "/evidence".to_owned(), path: "a.md".to_owned() };
        let requirement =
            RequirementRef { framework: "iso42001".into(), requirement: "A.2.2".into() };
        let held = Decision {
            number: 1,
            at: "2026-11-20T10:00:00Z".to_owned(),
            by: "ada".to_owned(),
            subject: Subject::Match { source, requirement },
            seen: Seen {
                document: Some(DocumentId::new("ab".repeat(32))),
                sufficiency: Some(Sufficiency::CONTROLLED),
                ..Seen::default()
            },
            action: Action::Accept,
            why: String::new(),
        };
        let newer = outlived(&held, &DocumentId::new("cd".repeat(32)));
        let begin = "ada accepted 4 controlled on 2026-11-20, on version abababababab of the document. Another version lies there now";
        assert!(newer.to_lowercase().starts_with(&begin.to_lowercase()), "{newer}");
        let same = outlived(&held, &DocumentId::new("ab".repeat(32)));
        assert!(same.contains("on this version of the document. Nothing is proposed"), "{same}");
    }
}
