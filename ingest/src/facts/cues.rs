//! The words with which clauses begin that say something of their document.

/// What a clause tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Who approved, and when.
    Approves,
    /// The same in a word that also stands before other things: it counts only with a name right after `by` or a colon.
    ApprovesBy,
    /// Who answers for it.
    Owns,
    /// Who wrote it.
    Writes,
    Versions,
    Issues,
    /// When it is to be reviewed again.
    Renews,
    /// A review of which only the other dates tell whether it is the last or the next.
    Reviews,
}

/// First words of a clause, in small letters.
pub(super) const CUES: [(&str, Act); 60] = [
    ("approved", Act::Approves),
    ("formally approved", Act::Approves),
    ("reviewed and approved", Act::Approves),
    ("adopted", Act::Approves),
    ("authorised", Act::Approves),
    ("authorized", Act::Approves),
    ("ratified", Act::Approves),
    ("signed off", Act::Approves),
    ("signed", Act::Approves),
    ("sgd", Act::Approves),
    ("gez", Act::Approves),
    ("/s/", Act::Approves),
    ("decided", Act::ApprovesBy),
    ("released", Act::ApprovesBy),
    ("released for use", Act::ApprovesBy),
    ("endorsed", Act::ApprovesBy),
    ("accepted", Act::ApprovesBy),
    ("owner", Act::Owns),
    ("document owner", Act::Owns),
    ("process owner", Act::Owns),
    ("owned by", Act::Owns),
    ("page owner", Act::Owns),
    ("kept by", Act::Owns),
    ("keeper", Act::Owns),
    ("custodian", Act::Owns),
    ("maintained by", Act::Owns),
    ("prepared by", Act::Writes),
    ("written by", Act::Writes),
    ("compiled by", Act::Writes),
    ("drawn up by", Act::Writes),
    ("put together by", Act::Writes),
    ("last edited by", Act::Writes),
    ("effective", Act::Issues),
    ("in force", Act::Issues),
    ("in force to", Act::Renews),
    ("in force until", Act::Renews),
    ("valid from", Act::Issues),
    ("applies from", Act::Issues),
    ("issued", Act::Issues),
    ("dated", Act::Issues),
    ("next review", Act::Renews),
    ("next revision", Act::Renews),
    ("next scheduled", Act::Renews),
    ("next check", Act::Renews),
    ("review due", Act::Renews),
    ("review by", Act::Renews),
    ("revision due", Act::Renews),
    ("due for review", Act::Renews),
    ("to be reviewed", Act::Renews),
    ("to be looked at again", Act::Renews),
    ("looked at again", Act::Renews),
    ("to be renewed", Act::Renews),
    ("to be redone", Act::Renews),
    ("will be checked again", Act::Renews),
    ("valid until", Act::Renews),
    ("valid to", Act::Renews),
    ("good through", Act::Renews),
    ("expires", Act::Renews),
    ("revisit", Act::Renews),
    ("review", Act::Reviews),
];
