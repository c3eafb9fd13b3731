use std::path::{Path, PathBuf};
use thiserror::Error;

/// What can go wrong in this crate.
#[derive(Debug, Error)]
pub enum IndexError {
    /// A file of the embedding model does not say what it should.
    #[error("embedding model: {0}")]
    Model(String),
    /// ONNX Runtime, which an ONNX model needs, is not there or cannot be used.
    #[error("{0}")]
    Runtime(String),
    /// The reference table cannot be read.
    #[error("reference frequencies, line {line}: {what}")]
    Reference {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// A file or folder cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The full-text index refused.
    #[error("full-text index: {0}")]
    Text(#[from] tantivy::TantivyError),
    /// A file of the index does not hold what it should.
    #[error("{path}: damaged", path = .0.display())]
    Damaged(PathBuf),
    /// Another process is writing to the index.
    #[error("{path}: another process is writing to this index", path = .0.display())]
    Busy(PathBuf),
    /// A server that holds the index cannot be reached, or does not do what it is asked.
    #[error("{url}: {what}")]
    Server {
        /// Which.
        url: String,
        /// What happened.
        what: String,
    },
    /// What lies where the index should be was made by another model, for another workspace or in another format.
    #[error("{place}: {what}")]
    Other {
        /// Where it lies.
        place: String,
        /// What it was made by.
        what: String,
    },
}

impl IndexError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}
