use crate::DocumentId;
use serde::{Deserialize, Serialize};

/// What became of a file that was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileOutcome {
    /// Its text is in the workspace.
    Read,
    /// It holds nothing to read, or nothing that we read; on purpose.
    Skipped,
    /// It should have been read, and could not be.
    Failed,
    /// It holds pictures of text only.
    NeedsOcr,
}

impl FileOutcome {
    /// Every outcome, in the order in which people ask of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Skipped, Self::Failed, Self::NeedsOcr];

    /// Its name in JSON and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::NeedsOcr => "needs-ocr",
        }
    }
}

/// A file that was met, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Path relative to the folder that was given, with `/` between parts.
    pub path: String,
    /// What became of it.
    #[serde(rename = "status")]
    pub outcome: FileOutcome,
    /// Why, for people: what was wrong and what to do. Empty where it was read without remark.
    pub reason: String,
    /// The document that it holds, where it was read.
    pub document: Option<DocumentId>,
    /// What its bytes are; empty where nobody looked.
    pub media_type: String,
    /// Pages, where the format has any.
    pub pages: Option<u32>,
    /// Passages cut from it.
    pub passages: u32,
}
