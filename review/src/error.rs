use std::path::PathBuf;
use sufficit_evidence::{Decision, DocumentId, RunId};

/// Why the record could not do what was asked. Nothing was changed, unless a variant says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file or its folder cannot be made or opened.
    #[error("the record at {path} cannot be opened: {source}", path = path.display())]
    Open {
        /// The file or folder concerned.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is some other program's database.
    #[error("{path} is not a record of sufficit", path = path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A newer sufficit has written the file.
    #[error(
        "the record at {path} has schema {found} and this program knows schemas up to {known}: \
         use the newer sufficit that wrote it",
        path = path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// Another process holds the [`WriterLock`](crate::WriterLock).
    #[error("another sufficit is working on {path}: wait until it has finished", path = path.display())]
    Locked {
        /// The lock's file.
        path: PathBuf,
    },
    /// Another process kept the record busy for longer than the busy timeout.
    #[error("the record is kept busy by another program: {0}")]
    Busy(#[source] sqlx::Error),
    /// SQLite reports a fault.
    #[error("the record cannot be read or written: {0}")]
    Database(#[source] sqlx::Error),
    /// A stored value does not have the form that this program writes.
    #[error("a stored {what} cannot be read: {source}")]
    Stored {
        /// What sort of value.
        what: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A value has no JSON form.
    #[error("a {what} cannot be stored: {source}")]
    Unstorable {
        /// What sort of value.
        what: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A passage is not the text at its span, or its ordinal is not its position.
    #[error("passage {ordinal} of document {document} is not the document's text at its span")]
    PassageText {
        /// The document.
        document: DocumentId,
        /// The passage's position.
        ordinal: usize,
    },
    /// The document is not in the record.
    #[error("document {0} is not in the record")]
    UnknownDocument(DocumentId),
    /// A file was recorded as holding one document and came with the content of another.
    #[error("{path} is recorded as document {recorded} and came with the content of {content}")]
    WrongContent {
        /// The file.
        path: String,
        /// The document named in its record.
        recorded: DocumentId,
        /// The document that came with it.
        content: DocumentId,
    },
    /// Files under several roots have this path.
    #[error("{path} lies under more than one folder: {}", roots.join(", "))]
    AmbiguousPath {
        /// The path.
        path: String,
        /// The roots, sorted.
        roots: Vec<String>,
    },
    /// No file has this path, nor ever had, and none lies in it.
    #[error("no file {0} is in the record, and none lies in it")]
    UnknownPath(String),
    /// Somebody decided on the same since the page that the decision was made on was loaded.
    #[error("decided meanwhile by {by}: {action}", by = .0.by, action = .0.action.name())]
    DecidedMeanwhile(Box<Decision>),
    /// The decision cannot be taken down as it is, for the reason given.
    #[error("{0}")]
    Refused(String),
    /// The run was never begun.
    #[error("{0} is not in the record")]
    UnknownRun(RunId),
    /// An index has followed more changes than the record has: it belongs to another record.
    #[error(
        "the index has followed change {marker} and the record ends at {latest}: \
         the index belongs to another record and has to be built anew"
    )]
    MarkerAhead {
        /// Where the index stands.
        marker: u64,
        /// The record's last change.
        latest: u64,
    },
}

/// SQLite's primary result codes for "somebody else has it".
const BUSY: i32 = 5;
const LOCKED: i32 = 6;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(|error| error.code())
            .and_then(|code| code.parse::<i32>().ok());
        // The low byte is the primary code, what stands above it says more closely what happened.
        match code.map(|code| code & 0xff) {
            Some(BUSY | LOCKED) => Self::Busy(error),
            _ => Self::Database(error),
        }
    }
}
