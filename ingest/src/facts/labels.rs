//! The labels that documents put before what they say of themselves.

mod table;

use self::table::LABELS;

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Title,
    Owner,
    Approver,
    Version,
    Status,
    Issued,
    Approved,
    Reviewed,
    NextReview,
    /// Until when it holds.
    Expires,
    /// How often it is reviewed, or for how long it holds: `annually`, `for two years`.
    Cycle,
    /// That it has been withdrawn or replaced.
    Ended,
    /// `Review date`: the last or the next one, as the other dates tell.
    ReviewDate,
    /// `Date` alone: of what stands before it.
    Date,
    /// Known, and of no use beyond ending the value before it.
    Other,
}

/// Labels that only end the value before them.
const OTHERS: [&str; 36] = [
    "doc",
    "code",
    "applies to",
    "foreseen approver",
    "planned approver",
    "proposed approver",
    "secretary",
    "name",
    "role",
    "position",
    "job title",
    "signature",
    "department",
    "classification",
    "document id",
    "document no",
    "document number",
    "doc id",
    "reference",
    "ref",
    "distribution",
    "reviewer",
    "checked",
    "checked by",
    "location",
    "time",
    "purpose",
    "scope",
    "approval status date",
    "change",
    "description",
    "changes",
    "comments",
    "notes",
    "email",
    "organisation",
];

/// What a label announces, and how surely; `None` for one that is not known.
pub(super) fn lookup(label: &str) -> Option<(Key, u8)> {
    if label.len() > 60 {
        return None;
    }
    let label = normal(label);
    let find = |label: &str| {
        LABELS
            .iter()
            .find(|(known, ..)| *known == label)
            .map(|(_, key, rank)| (*key, *rank))
            .or_else(|| OTHERS.contains(&label).then_some((Key::Other, 9)))
    };
    if let Some(found) = find(&label) {
        return Some(found);
    }
    // `Owner / Author`, `Policy owner`, `Document approved by`.
    let first = label.split([',', '/', '&']).next().unwrap_or_default().trim();
    if first != label
        && let Some(found) = find(first)
    {
        return Some(found);
    }
    // `Aprobado por / Approved by`: the label in two languages.
    if let Some((first, second)) = label.split_once('/')
        && let Some(found) = find(second.trim())
    {
        // `Number / issue` is two things, and `Risk / owner` another's.
        let things = [
            "risk", "system", "service", "asset", "model", "process", "data", "action", "task",
            "product",
        ];
        let alike = first.chars().next() == second.trim().chars().next();
        let is_own = !things.contains(&first.trim());
        return Some(found).filter(|(key, _)| is_own && (alike || *key != Key::Version));
    }
    // `Custodian of the register`, `Lead for this policy`.
    if let Some((what, of)) =
        [" of this ", " of the ", " for this "].iter().find_map(|of| label.split_once(of))
        && of.split(' ').count() <= 2
        && of.split(' ').next_back().is_some_and(|of| TEXTS.contains(&of))
        && let Some(found) =
            find(what.trim()).or_else(|| (what == "lead").then_some((Key::Owner, 2)))
    {
        return Some(found);
    }
    // `Date and place`, `Version and date`.
    if let Some((first, _)) = label.split_once(" and ")
        && let Some(found @ (Key::Date | Key::Version, _)) = find(first)
    {
        return Some(found);
    }
    // `Next card review`.
    if label.starts_with("next ") && label.ends_with(" review") && label.split(' ').count() <= 4 {
        return Some((Key::NextReview, 0));
    }
    // `Approved by the chair`.
    let signs = ["approved by ", "signed by ", "signed off by ", "approved on behalf of "];
    if signs.iter().any(|start| label.starts_with(start)) && label.split(' ').count() <= 6 {
        let rank = if label.starts_with("signed by ") { 2 } else { 1 };
        return Some((Key::Approver, rank));
    }
    // `Keeper of this book`, `Responsible for this page`.
    if [
        "owner of this ",
        "keeper of this ",
        "responsible for this ",
        "custodian of this ",
        "in charge of this ",
        "answers for this ",
    ]
    .iter()
    .any(|start| label.starts_with(start))
        && label.split(' ').count() <= 5
    {
        return Some((Key::Owner, 1));
    }
    let (kind, rest) = first.split_once(' ')?;
    let of_document = [
        "doc", "the", "current", "final", "formally", "initial", "content", "form", "dpia", "aiia",
    ];
    (of_document.contains(&kind) || TEXTS.contains(&kind)).then(|| find(rest)).flatten()
}

/// What documents call themselves, in their labels and sentences.
pub(super) const TEXTS: [&str; 56] = [
    "agreement",
    "chapter",
    "description",
    "evaluation",
    "matrix",
    "snapshot",
    "strategy",
    "annex",
    "assessment",
    "baseline",
    "card",
    "charter",
    "checklist",
    "circular",
    "code",
    "contract",
    "directive",
    "document",
    "edition",
    "file",
    "framework",
    "guide",
    "guideline",
    "guidelines",
    "handbook",
    "instruction",
    "inventory",
    "list",
    "log",
    "manual",
    "memo",
    "minutes",
    "notes",
    "notice",
    "page",
    "plan",
    "policy",
    "principles",
    "procedure",
    "programme",
    "protocol",
    "record",
    "register",
    "regulation",
    "report",
    "resolution",
    "rule",
    "rules",
    "runbook",
    "schedule",
    "sheet",
    "standard",
    "statement",
    "terms",
    "text",
    "review",
];

/// What a label announces that says who did what to the document: `Prepared`, `Checked by`, `Approved by`.
pub(super) fn act(label: &str) -> Option<(Key, u8)> {
    let is_check = || normal(label).starts_with("checked");
    // In a table to sign in these words stand alone; before a colon they tell much else.
    let alone = match normal(label).as_str() {
        "agreed" => Some((Key::Approver, 3)),
        "confirmed" => Some((Key::Approver, 2)),
        "written" => Some((Key::Owner, 4)),
        _ => None,
    };
    alone.or_else(|| lookup(label)).filter(|(key, _)| match key {
        Key::Owner | Key::Approver | Key::Approved | Key::Reviewed | Key::Issued => true,
        Key::Other => is_check(),
        _ => false,
    })
}

/// Whether a text is a label of any kind.
pub(super) fn is_known(label: &str) -> bool {
    lookup(label).is_some()
}

/// What the further parts of a combined label announce: the date in `Version / date`, the version in `Date and version`. A part
/// names a kind of its own only where its values cannot be mistaken for those of the first part.
pub(super) fn further(label: &str) -> Vec<(Key, u8)> {
    let Some((first, _)) = lookup(label) else { return Vec::new() };
    let label = normal(label);
    // `Approved | Board, 3 May 2026`: who and when; a value that is only a day names nobody.
    if matches!(label.rsplit(['/', ' ']).next(), Some("approved" | "released")) {
        return vec![(Key::Approver, 2)];
    }
    label
        .split(['/', '&', ','])
        .flat_map(|part| part.split(" and "))
        .skip(1)
        .take(3)
        .filter_map(lookup)
        .filter(|(key, _)| {
            *key != first
                && matches!(
                    key,
                    Key::Version
                        | Key::Date
                        | Key::Issued
                        | Key::Approved
                        | Key::Reviewed
                        | Key::NextReview
                        | Key::ReviewDate
                )
        })
        .collect()
}

/// A label in small letters, without marks, numbers in front and brackets.
pub(super) fn normal(label: &str) -> String {
    let label = label.split('(').next().unwrap_or_default();
    let label = label.trim_matches(|c: char| !c.is_alphanumeric());
    let mut text = String::with_capacity(label.len());
    for word in label.split(|c: char| c.is_whitespace() || c == '_') {
        let word = word.trim_matches(['*', '#', ':', '.']);
        let leading_number =
            text.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !leading_number {
            if !(text.is_empty() || word.is_empty()) {
                text.push(' ');
            }
            text.extend(word.chars().flat_map(char::to_lowercase));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_known_in_their_many_forms() {
        let key = |label| lookup(label).map(|(key, _)| key);
        assert_eq!(key("**Policy Owner:**"), Some(Key::Owner));
        assert_eq!(key("Owner / Author"), Some(Key::Owner));
        assert_eq!(key("Date (DD/MM/YYYY)"), Some(Key::Date));
        assert_eq!(key("Next review date"), Some(Key::NextReview));
        assert_eq!(key("approved_by"), Some(Key::Approver));
        assert_eq!(key("Risk owner"), None);
        assert_eq!(key("Date and place"), Some(Key::Date));
        assert_eq!(key("Approved by the chair"), Some(Key::Approver));
        assert_eq!(key("Version / date"), Some(Key::Version));
        assert_eq!(further("Version / date"), [(Key::Date, 3)]);
        assert_eq!(further("Owner / Author"), []);
    }
}
