//! The labels that documents put before what they say of themselves.

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

/// Labels as normalised by [`normal`], each with its key and how surely it means it (0 is surest).
const LABELS: &[(&str, Key, u8)] = &[
    ("document title", Key::Title, 0),
    ("title", Key::Title, 1),
    ("document name", Key::Title, 0),
    ("policy name", Key::Title, 0),
    ("policy title", Key::Title, 0),
    ("procedure title", Key::Title, 0),
    ("name of document", Key::Title, 0),
    ("owner", Key::Owner, 0),
    ("owned by", Key::Owner, 0),
    ("page owner", Key::Owner, 0),
    ("keeper", Key::Owner, 1),
    ("kept by", Key::Owner, 1),
    ("held by", Key::Owner, 2),
    ("managed by", Key::Owner, 2),
    ("looked after by", Key::Owner, 1),
    ("responsible officer", Key::Owner, 1),
    ("responsible manager", Key::Owner, 1),
    ("responsible unit", Key::Owner, 1),
    ("responsible department", Key::Owner, 1),
    ("responsible for this document", Key::Owner, 0),
    ("author and owner", Key::Owner, 1),
    ("responsible for content", Key::Owner, 1),
    ("responsible editor", Key::Owner, 2),
    ("filled in by", Key::Owner, 4),
    ("filled out by", Key::Owner, 4),
    ("written up by", Key::Owner, 4),
    ("notes by", Key::Owner, 5),
    ("sponsor", Key::Owner, 4),
    ("executive sponsor", Key::Owner, 4),
    ("put together by", Key::Owner, 4),
    ("compiled by", Key::Owner, 4),
    ("drawn up by", Key::Owner, 4),
    ("set up by", Key::Owner, 4),
    ("edited by", Key::Owner, 5),
    ("last edited by", Key::Owner, 5),
    ("last updated by", Key::Owner, 5),
    ("recorded by", Key::Owner, 5),
    ("minute taker", Key::Owner, 5),
    ("minutes by", Key::Owner, 5),
    ("minutes taken by", Key::Owner, 5),
    ("lead auditor", Key::Owner, 4),
    ("done by", Key::Owner, 4),
    ("tested by", Key::Owner, 4),
    ("prepared", Key::Owner, 4),
    ("issuing office", Key::Owner, 4),
    ("content owner", Key::Owner, 1),
    ("business owner", Key::Owner, 1),
    ("process owner", Key::Owner, 1),
    ("accountable owner", Key::Owner, 0),
    ("accountable", Key::Owner, 1),
    ("accountable person", Key::Owner, 1),
    ("accountable executive", Key::Owner, 1),
    ("responsible", Key::Owner, 1),
    ("responsible person", Key::Owner, 1),
    ("responsible owner", Key::Owner, 0),
    ("maintained by", Key::Owner, 1),
    ("maintainer", Key::Owner, 1),
    ("custodian", Key::Owner, 2),
    ("system owner", Key::Owner, 2),
    ("model owner", Key::Owner, 2),
    ("service owner", Key::Owner, 2),
    ("product owner", Key::Owner, 2),
    ("data owner", Key::Owner, 2),
    ("prepared by", Key::Owner, 4),
    ("author", Key::Owner, 4),
    ("authors", Key::Owner, 4),
    ("written by", Key::Owner, 4),
    ("created by", Key::Owner, 5),
    ("drafted by", Key::Owner, 4),
    ("completed by", Key::Owner, 4),
    ("assessor", Key::Owner, 4),
    ("assessed by", Key::Owner, 4),
    ("lead assessor", Key::Owner, 4),
    ("conducted by", Key::Owner, 4),
    ("contact", Key::Owner, 6),
    ("contact person", Key::Owner, 6),
    ("chair", Key::Owner, 5),
    ("chaired by", Key::Owner, 5),
    ("in the chair", Key::Owner, 5),
    ("chairperson", Key::Owner, 5),
    ("approved by", Key::Approver, 0),
    ("approver", Key::Approver, 0),
    ("approvers", Key::Approver, 0),
    ("approval", Key::Approver, 2),
    ("approval authority", Key::Approver, 1),
    ("approving authority", Key::Approver, 1),
    ("approval body", Key::Approver, 1),
    ("approving body", Key::Approver, 1),
    ("authorised by", Key::Approver, 0),
    ("authorized by", Key::Approver, 0),
    ("signed", Key::Approver, 3),
    ("signed by", Key::Approver, 2),
    ("signed as a correct record", Key::Approver, 2),
    ("signed as a correct record by", Key::Approver, 2),
    ("approved as a correct record", Key::Approver, 1),
    ("signed off by", Key::Approver, 0),
    ("sign-off", Key::Approver, 1),
    ("sign-off by", Key::Approver, 0),
    ("sign off", Key::Approver, 1),
    ("endorsed by", Key::Approver, 2),
    ("ratified by", Key::Approver, 0),
    ("adopted by", Key::Approver, 1),
    ("decided by", Key::Approver, 1),
    ("accepted by", Key::Approver, 2),
    ("released for use", Key::Approver, 1),
    ("approved for use by", Key::Approver, 0),
    ("authorised", Key::Approver, 1),
    ("authorized", Key::Approver, 1),
    ("authorisation", Key::Approver, 2),
    ("authorization", Key::Approver, 2),
    ("adopted", Key::Approver, 1),
    ("ratified", Key::Approver, 1),
    ("endorsed", Key::Approver, 2),
    ("countersigned", Key::Approver, 4),
    ("countersigned by", Key::Approver, 4),
    ("released by", Key::Approver, 2),
    ("release approved by", Key::Approver, 0),
    ("approved for release by", Key::Approver, 0),
    ("released for use by", Key::Approver, 1),
    ("put in force by", Key::Approver, 1),
    ("put into force by", Key::Approver, 1),
    ("adopted and signed by", Key::Approver, 0),
    ("version", Key::Version, 0),
    ("version number", Key::Version, 0),
    ("version no", Key::Version, 0),
    ("current version", Key::Version, 0),
    ("revision", Key::Version, 1),
    ("revision number", Key::Version, 1),
    ("revision no", Key::Version, 1),
    ("rev", Key::Version, 1),
    ("rev no", Key::Version, 1),
    ("issue", Key::Version, 3),
    ("issue no", Key::Version, 2),
    ("edition", Key::Version, 2),
    ("ver", Key::Version, 1),
    ("status", Key::Status, 0),
    ("document status", Key::Status, 0),
    ("approval status", Key::Status, 0),
    ("state", Key::Status, 2),
    ("lifecycle status", Key::Status, 2),
    ("publication status", Key::Status, 0),
    ("effective date", Key::Issued, 0),
    ("effective from", Key::Issued, 0),
    ("effective", Key::Issued, 0),
    ("date effective", Key::Issued, 0),
    ("in force from", Key::Issued, 0),
    ("in force since", Key::Issued, 0),
    ("valid from", Key::Issued, 0),
    ("in force", Key::Issued, 0),
    ("applies from", Key::Issued, 0),
    ("applicable from", Key::Issued, 0),
    ("effective as of", Key::Issued, 0),
    ("dated", Key::Issued, 2),
    ("commencement date", Key::Issued, 0),
    ("operative date", Key::Issued, 0),
    ("date in force", Key::Issued, 0),
    ("issue date", Key::Issued, 1),
    ("issued", Key::Issued, 1),
    ("issued on", Key::Issued, 1),
    ("date of issue", Key::Issued, 1),
    ("date issued", Key::Issued, 1),
    ("publication date", Key::Issued, 1),
    ("published", Key::Issued, 1),
    ("date published", Key::Issued, 1),
    ("release date", Key::Issued, 1),
    ("released", Key::Issued, 2),
    ("version date", Key::Issued, 2),
    ("document date", Key::Issued, 2),
    ("date of assessment", Key::Issued, 2),
    ("assessment date", Key::Issued, 2),
    ("report date", Key::Issued, 2),
    ("meeting date", Key::Issued, 2),
    ("meeting held", Key::Issued, 2),
    ("meeting held on", Key::Issued, 2),
    ("held on", Key::Issued, 3),
    ("date of meeting", Key::Issued, 2),
    ("date completed", Key::Issued, 2),
    ("completion date", Key::Issued, 2),
    ("revision date", Key::Issued, 3),
    ("last updated", Key::Issued, 4),
    ("updated", Key::Issued, 4),
    ("last update", Key::Issued, 4),
    ("last modified", Key::Issued, 4),
    ("last revised", Key::Issued, 4),
    ("date updated", Key::Issued, 4),
    ("created", Key::Issued, 6),
    ("approved", Key::Approved, 1),
    ("approved on", Key::Approved, 0),
    ("last approval", Key::Approved, 0),
    ("last approved", Key::Approved, 0),
    ("approval date", Key::Approved, 0),
    ("date approved", Key::Approved, 0),
    ("date of approval", Key::Approved, 0),
    ("signed on", Key::Approved, 0),
    ("adopted on", Key::Approved, 0),
    ("endorsed on", Key::Approved, 1),
    ("date endorsed", Key::Approved, 1),
    ("date adopted", Key::Approved, 0),
    ("date ratified", Key::Approved, 0),
    ("date signed", Key::Approved, 0),
    ("sign-off date", Key::Approved, 0),
    ("last review", Key::Reviewed, 0),
    ("reviewed by", Key::Reviewed, 2),
    ("last reviewed", Key::Reviewed, 0),
    ("reviewed", Key::Reviewed, 1),
    ("reviewed on", Key::Reviewed, 0),
    ("last review date", Key::Reviewed, 0),
    ("date of last review", Key::Reviewed, 0),
    ("date reviewed", Key::Reviewed, 0),
    ("next review", Key::NextReview, 0),
    ("next review date", Key::NextReview, 0),
    ("next review due", Key::NextReview, 0),
    ("review due", Key::NextReview, 0),
    ("review by", Key::NextReview, 0),
    ("date of next review", Key::NextReview, 0),
    ("next scheduled review", Key::NextReview, 0),
    ("review due date", Key::NextReview, 0),
    ("expiry date", Key::Expires, 1),
    ("expires", Key::Expires, 1),
    ("valid until", Key::Expires, 1),
    ("valid to", Key::Expires, 1),
    ("valid through", Key::Expires, 1),
    ("good through", Key::Expires, 1),
    ("review cycle", Key::Cycle, 0),
    ("review frequency", Key::Cycle, 0),
    ("review interval", Key::Cycle, 0),
    ("review period", Key::Cycle, 0),
    ("frequency of review", Key::Cycle, 0),
    ("to be reviewed", Key::Cycle, 0),
    ("next revision", Key::NextReview, 0),
    ("revision due", Key::NextReview, 0),
    ("due for review", Key::NextReview, 0),
    ("next look", Key::NextReview, 0),
    ("next renewal", Key::NextReview, 0),
    ("to be looked at again", Key::NextReview, 0),
    ("to be renewed by", Key::NextReview, 0),
    ("to be renewed", Key::NextReview, 0),
    ("renewal due", Key::NextReview, 1),
    ("revisit", Key::NextReview, 1),
    ("looked at again", Key::NextReview, 1),
    ("next reassessment", Key::NextReview, 1),
    ("review date", Key::ReviewDate, 0),
    ("review", Key::ReviewDate, 1),
    ("planned review", Key::NextReview, 0),
    ("to be reviewed by", Key::NextReview, 0),
    ("to be reviewed not later than", Key::NextReview, 0),
    ("to be re-examined not later than", Key::NextReview, 0),
    ("to be re-examined by", Key::NextReview, 0),
    ("review not later than", Key::NextReview, 0),
    ("revise before", Key::NextReview, 0),
    ("review before", Key::NextReview, 0),
    ("next full review", Key::NextReview, 0),
    ("next assessment", Key::NextReview, 1),
    ("next assessment due", Key::NextReview, 1),
    ("next check", Key::NextReview, 2),
    ("next test", Key::NextReview, 2),
    ("signed off", Key::Approver, 1),
    ("completed and signed off", Key::Approver, 1),
    ("completed and signed off by", Key::Approver, 0),
    ("reviewed and approved by", Key::Approver, 0),
    ("reviewed and signed off by", Key::Approver, 0),
    ("carried out by", Key::Owner, 4),
    ("carried out", Key::Owner, 6),
    ("test date", Key::Issued, 2),
    ("date of test", Key::Issued, 2),
    ("exercise date", Key::Issued, 2),
    ("last entry", Key::Issued, 4),
    ("date", Key::Date, 3),
];

/// Labels that only end the value before them.
const OTHERS: [&str; 30] = [
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
    // `Date and place`, `Version and date`.
    if let Some((first, _)) = label.split_once(" and ")
        && let Some(found @ (Key::Date | Key::Version, _)) = find(first)
    {
        return Some(found);
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
        "document",
        "policy",
        "procedure",
        "plan",
        "standard",
        "record",
        "report",
        "register",
        "guideline",
        "form",
        "assessment",
        "doc",
        "file",
        "programme",
        "charter",
        "framework",
        "the",
        "current",
        "final",
        "formally",
        "initial",
        "card",
        "log",
    ];
    of_document.contains(&kind).then(|| find(rest)).flatten()
}

/// What a label announces that says who did what to the document: `Prepared`, `Checked by`, `Approved by`.
pub(super) fn act(label: &str) -> Option<(Key, u8)> {
    let is_check = || normal(label).starts_with("checked");
    lookup(label).filter(|(key, _)| match key {
        Key::Owner | Key::Approver | Key::Approved | Key::Reviewed => true,
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
    if matches!(label.as_str(), "approved" | "released") {
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
