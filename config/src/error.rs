use thiserror::Error;

/// Why a file of settings, catalogue, crosswalk or rubric was refused.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {source}")]
    Unreadable {
        /// Its path.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A framework was asked for that is not loaded.
    #[error("there is no framework `{wanted}`; there are {known}")]
    UnknownFramework {
        /// The id asked for.
        wanted: String,
        /// The ids that are loaded.
        known: String,
    },
    /// The file's text is refused.
    #[error("{file}:{line}: {what}")]
    Refused {
        /// Its path, or its name where it is built in.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
}
