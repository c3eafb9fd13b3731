use sufficit_evidence::DocumentStatus;

/// The status that a value states. `None` where it states none, or several to choose from.
pub(super) fn of(value: &str) -> Option<DocumentStatus> {
    let lower = value.trim().to_lowercase();
    if lower.split_whitespace().count() > 12 {
        return None;
    }
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    let draft = has(&["draft", "wip", "proposed", "pending", "unapproved", "awaiting"])
        || [
            "under review",
            "in review",
            "for review",
            "work in progress",
            "not approved",
            "not yet approved",
            "to be approved",
            "for approval",
            "in progress",
            "in preparation",
        ]
        .iter()
        .any(|phrase| lower.contains(phrase));
    let superseded = has(&[
        "superseded",
        "withdrawn",
        "archived",
        "obsolete",
        "retired",
        "replaced",
        "deprecated",
        "cancelled",
    ]) && !has(&["supersedes", "replaces"]);
    let approved = !draft
        && (has(&[
            "approved",
            "final",
            "published",
            "active",
            "effective",
            "issued",
            "released",
            "current",
            "signed",
            "completed",
            "complete",
            "adopted",
            "ratified",
            "live",
        ]) || lower.contains("in force"));
    // `Draft / Approved / Superseded` is a form's choice that nobody made.
    let choices = lower.contains(['/', '|', '☐'])
        && usize::from(draft) + usize::from(superseded) + usize::from(has(&["approved", "final"]))
            > 1;
    match (draft, superseded, approved) {
        _ if choices => None,
        (_, true, _) => Some(DocumentStatus::Superseded),
        (true, ..) => Some(DocumentStatus::Draft),
        (_, _, true) => Some(DocumentStatus::Approved),
        _ => None,
    }
}

/// The status where a short piece of text is nothing but a status (`DRAFT`, `Approved`, `Final version`, `DRAFT - not for use`).
pub(super) fn alone(piece: &str) -> Option<DocumentStatus> {
    let lower =
        piece.trim().trim_matches(['(', ')', '[', ']', '*', '–', '—', '-', ' ']).to_lowercase();
    let starts = [
        "draft",
        "approved",
        "final",
        "superseded",
        "withdrawn",
        "archived",
        "obsolete",
        "published",
        "in force",
        "effective",
    ];
    let words = lower.split_whitespace().count();
    let more = lower.starts_with("draft ") && words <= 6
        || lower.starts_with("superseded by ") && words <= 8
        || lower == "final version"
        || lower == "approved version";
    (more || starts.contains(&lower.as_str())).then(|| of(&lower)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_and_a_choice_is_none() {
        assert_eq!(of("Approved for use"), Some(DocumentStatus::Approved));
        assert_eq!(of("Draft v0.3"), Some(DocumentStatus::Draft));
        assert_eq!(of("Not yet approved"), Some(DocumentStatus::Draft));
        assert_eq!(of("Superseded by POL-9"), Some(DocumentStatus::Superseded));
        assert_eq!(of("Draft / Approved / Withdrawn"), None);
        assert_eq!(of("Open"), None);
        assert_eq!(alone("DRAFT"), Some(DocumentStatus::Draft));
        assert_eq!(alone("Approved suppliers only"), None);
    }
}
