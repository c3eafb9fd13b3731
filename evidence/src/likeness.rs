use crate::{Date, DocumentId, DocumentKind, DocumentStatus};
use serde::{Deserialize, Serialize};

/// What tells whether a document is a copy or another version of another one: its words in a few numbers, and what it
/// says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// The document.
    #[serde(rename = "sha256")]
    pub document: DocumentId,
    /// A digest of all its words in order, whatever their case, layout and punctuation.
    pub words: u64,
    /// How many different runs of a few words it has.
    pub runs: u32,
    /// The least hashes of these runs, ascending. The share that two documents have in common estimates how much
    /// of their text is the same.
    pub least: Vec<u32>,
    /// A digest of the dates that it names.
    pub dates: u64,
    /// Its title without version and date, in lower case; `None` where it has none that tells it from others.
    pub title: Option<String>,
    /// The numbers of its version, most significant first; empty where it names none.
    pub version: Vec<u32>,
    /// The day it was last approved, issued or reviewed.
    pub since: Option<Date>,
    /// What sort of evidence it is.
    pub kind: DocumentKind,
    /// The state that it claims for itself.
    pub status: Option<DocumentStatus>,
    /// It is a form that has not been filled in.
    pub blank: bool,
    /// It is owned, approved, versioned and inside its review period.
    pub in_force: bool,
}

/// Of which document another is a copy or version, so that it lends nothing more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyOf {
    /// The document that counts.
    #[serde(rename = "sha256")]
    pub document: DocumentId,
    /// How the other one relates to it.
    pub how: CopyKind,
}

/// How a document that lends nothing more relates to the one that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyKind {
    /// It has the same words.
    SameText,
    /// It has nearly the same words.
    NearlySameText,
    /// It is the same document at an earlier time.
    EarlierVersion,
    /// It is a draft of the same document.
    Draft,
}
