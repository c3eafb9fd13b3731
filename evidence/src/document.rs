use crate::{DocumentId, Facts, Passage, Span};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One version's content, identified by the SHA-256 of its bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// SHA-256 of the file's bytes.
    pub id: DocumentId,
    /// What the bytes are, found by looking at them: `application/pdf`, `text/markdown`, ...
    pub media_type: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// The canonical text: what every span and quote refers to. Pages are joined by a form feed.
    pub text: String,
    /// The pages, in order; empty where the format has none.
    pub pages: Vec<Page>,
    /// The language that the text is written in.
    pub language: Language,
    /// What the document says of itself.
    pub facts: Facts,
    /// The passages, in order of the text; `passages[i].ordinal == i`.
    pub passages: Vec<Passage>,
}

/// A page of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// From 1.
    pub page: u32,
    /// What could be read of it.
    pub status: PageStatus,
    /// How sure the recogniser was of its words, 0 to 1, where the text was recognised from a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognised: Option<f32>,
    /// Its part of the canonical text, without the form feed.
    #[serde(flatten)]
    pub span: Span,
}

/// What could be read of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageStatus {
    /// Its text is there.
    Ok,
    /// It holds no text (an image, or nothing).
    Empty,
    /// It holds text in a font that cannot be turned into characters.
    Undecodable,
    /// It is encrypted.
    Locked,
    /// It was cut at a limit.
    Truncated,
}

/// The language of a document, as an ISO 639-3 code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// One that we can map.
    Supported(String),
    /// One that we cannot map yet: the document is read and searchable, never a gap.
    Unsupported(String),
    /// Too little text, or none that settles it (numbers, names); mapped as if supported.
    Unknown,
}

/// What sort of evidence a document is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// Says what the organisation commits to.
    Policy,
    /// Says who does what, when (plans and guidelines too).
    Procedure,
    /// Shows that something happened (tickets, sign-offs, test results of one occasion).
    Record,
    /// A list that is kept current: assets, risks, suppliers, incidents.
    Register,
    /// A filled-in assessment: risk, impact, supplier.
    Assessment,
    /// Findings of an audit, a test or a review; a model card.
    Report,
    /// Minutes of a meeting.
    Minutes,
    /// An agreement between parties.
    Contract,
    /// Course material or attendance.
    Training,
    /// Entries written by a machine or a shift, each with its time.
    Log,
    /// A form that has not been filled in.
    Template,
    /// None of these.
    #[default]
    Other,
}

impl DocumentKind {
    /// Every kind, in the order of product.md.
    pub const ALL: [Self; 12] = [
        Self::Policy,
        Self::Procedure,
        Self::Record,
        Self::Register,
        Self::Assessment,
        Self::Report,
        Self::Minutes,
        Self::Contract,
        Self::Training,
        Self::Log,
        Self::Template,
        Self::Other,
    ];

    /// Its name in JSON and catalogue files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Procedure => "procedure",
            Self::Record => "record",
            Self::Register => "register",
            Self::Assessment => "assessment",
            Self::Report => "report",
            Self::Minutes => "minutes",
            Self::Contract => "contract",
            Self::Training => "training",
            Self::Log => "log",
            Self::Template => "template",
            Self::Other => "other",
        }
    }

    /// Whether such a document lays down what is to be; the date of its approval shows nothing of the control at work.
    pub fn governs(self) -> bool {
        matches!(self, Self::Policy | Self::Procedure | Self::Contract | Self::Template)
    }

    /// Whether such a document shows the control at work rather than describing it.
    pub fn is_operating_record(self) -> bool {
        matches!(
            self,
            Self::Record
                | Self::Register
                | Self::Assessment
                | Self::Report
                | Self::Minutes
                | Self::Training
                | Self::Log
        )
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
