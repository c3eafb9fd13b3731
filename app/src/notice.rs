//! What the work in the background tells those who look on: which file came in, what became of it, how far the work is.

use serde::Serialize;
use sufficit_evidence::{DocumentId, FileOutcome, FileRecord, RunId};

/// Something that just happened. Its JSON is the data of the event of its [`name`](Notice::name).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Notice {
    /// A file was uploaded and is kept.
    Upload {
        /// As it is kept, relative to the uploads.
        path: String,
        /// Whether its bytes are new there: `stored`, `replaced` or `duplicate`.
        status: &'static str,
        text: String,
    },
    /// A file, or a member of an archive, was read, or was not.
    File {
        path: String,
        status: FileOutcome,
        reason: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        document: Option<DocumentId>,
        text: String,
    },
    /// A stage of the work came so far.
    Stage {
        /// `waiting`, `reading`, `indexing` or `mapping`.
        stage: String,
        /// Files or documents that are done.
        done: u64,
        /// Of so many.
        total: u64,
    },
    /// A job ended: with the run that stands now, or with what went wrong.
    Done {
        job: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        run: Option<RunId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        failure: Option<String>,
        text: String,
    },
    /// The server stops: no more will come.
    Closing,
}

impl Notice {
    /// The name of the event that carries it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Upload { .. } => "upload",
            Self::File { .. } => "file",
            Self::Stage { .. } => "stage",
            Self::Done { .. } => "done",
            Self::Closing => "closing",
        }
    }

    /// What became of a file.
    pub(crate) fn of_file(record: &FileRecord) -> Self {
        Self::File {
            path: record.path.clone(),
            status: record.outcome,
            reason: record.reason.clone(),
            document: record.document.clone(),
            text: outcome_text(record),
        }
    }
}

/// What became of a file, and why, for people.
pub(crate) fn outcome_text(record: &FileRecord) -> String {
    let outcome = match record.outcome {
        FileOutcome::Read => "read",
        FileOutcome::Skipped => "skipped",
        FileOutcome::Failed => "failed",
        FileOutcome::NeedsOcr => "needs OCR",
    };
    match record.reason.as_str() {
        "" => outcome.to_owned(),
        reason => format!("{outcome}: {reason}"),
    }
}
