use crate::{CheckId, Citation, DocumentId};
use serde::{Deserialize, Serialize};

/// Something definite that a document in force lays down, as a value that can be held against another document's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The check that its sentence bears on.
    pub check: CheckId,
    /// What sort of thing it settles.
    pub aspect: Aspect,
    /// What it settles this of: its content words, reduced to their stems, in order of the alphabet. Equal for two
    /// statements that are of the same thing.
    pub about: String,
    /// Who does it, where the sentence says so; stems as in `about`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What it says.
    pub value: StatedValue,
    /// Where it says so.
    pub citation: Citation,
}

/// What sort of thing a statement settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// How often something is done.
    Interval,
    /// How long something is kept.
    Retention,
    /// Until when something has to be done.
    Deadline,
    /// Who answers for something.
    Owner,
    /// Who approves something.
    Approver,
}

/// A value that a statement gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatedValue {
    /// A length of time.
    Period(Period),
    /// A role or body, in lower case as written.
    Role(String),
}

/// A length of time, as far as a sentence settles it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its length; a month counts as a twelfth of 365 days.
    pub minutes: u32,
    /// Whether it is given in working days, which differ from place to place.
    pub working_days: bool,
    /// Whether longer or shorter ones would do as well.
    pub bound: Bound,
}

/// Whether a value is exact or a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// Just this.
    Exact,
    /// This or shorter: "at least once a year".
    AtMost,
    /// This or longer: "kept for at least a year".
    AtLeast,
}

/// What documents in force say differently of the same thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// The check that they bear on.
    pub check: CheckId,
    /// What sort of thing they differ on.
    pub aspect: Aspect,
    /// The difference as a sentence.
    pub text: String,
    /// What each says; two or more, in order of their documents.
    pub sides: Vec<ContradictionSide>,
}

/// One document's side of a contradiction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContradictionSide {
    /// The document.
    #[serde(rename = "sha256")]
    pub document: DocumentId,
    /// What it says, in few words: `every 3 months`.
    pub says: String,
    /// Where; `None` once the document has been forgotten.
    pub citation: Option<Citation>,
}
