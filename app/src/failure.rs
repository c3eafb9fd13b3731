use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;
use sufficit_config::ConfigError;
use sufficit_index::IndexError;
use sufficit_review::StoreError;

/// How to come by ONNX Runtime.
pub(crate) const RUNTIME_HELP: &str = "Install it with `pip install --upgrade onnxruntime`, or set ORT_DYLIB_PATH to the library's file.";

/// The exit status of a command that Ctrl-C ended, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

/// What to do about a server that does not answer as it should.
const SERVER_HELP: &str = "`sufficit doctor` says what is known of the server, which url under [index] or --index-url names; once it answers, the next command brings the index level.";
/// What to do about an index in a folder that cannot be read or written.
const FOLDER_HELP: &str = "Look whether it is there, the disk has room and its folder can be written; the next command brings the index level.";
/// What to do about an index that was made by something else.
const OTHER_HELP: &str = "`sufficit reindex` makes it anew from the record.";

/// Why a command did not go through: what was wrong, where, and what to do.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wrong usage or settings: exit status 2.
    Usage { what: String, help: String },
    /// The search index could not be used: exit status 2. The record is as it was.
    Index { what: String, help: String },
    /// A fault of the program or the machine: exit status 3.
    Internal { what: String, help: String },
    /// Whoever read our output has gone (`sufficit status | head`); nothing is wrong.
    ReaderGone,
    /// Whoever gave the command ended it (Ctrl-C): exit status [`INTERRUPTED`]. What was recorded stays.
    Interrupted,
}

impl Failure {
    pub(crate) fn usage(what: impl Display, help: impl Display) -> Self {
        Self::Usage { what: what.to_string(), help: help.to_string() }
    }

    pub(crate) fn internal(what: impl Display) -> Self {
        let help =
            "This should not happen; please report it with the command that you gave.".to_owned();
        Self::Internal { what: what.to_string(), help }
    }

    /// What was wrong, and where.
    pub(crate) fn what(&self) -> &str {
        match self {
            Self::Usage { what, .. } | Self::Index { what, .. } | Self::Internal { what, .. } => {
                what
            }
            Self::ReaderGone => "the reader of the output has gone",
            Self::Interrupted => "interrupted before it was done",
        }
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> &str {
        match self {
            Self::Usage { help, .. } | Self::Index { help, .. } | Self::Internal { help, .. } => {
                help
            }
            Self::ReaderGone => "",
            Self::Interrupted => {
                "What was read so far is kept; the same command goes on from there."
            }
        }
    }

    /// Prints the failure to stderr and gives its exit status.
    pub(crate) fn report(&self) -> ExitCode {
        let (what, help) = (self.what(), self.help());
        let status = match self {
            Self::Usage { .. } | Self::Index { .. } => 2,
            Self::Internal { .. } => 3,
            Self::Interrupted => INTERRUPTED,
            Self::ReaderGone => return ExitCode::SUCCESS,
        };
        let label = console::style("error:").red().bold().for_stderr();
        let mut stderr = std::io::stderr().lock();
        // Where stderr itself is gone there is nobody left to tell.
        let _ = writeln!(stderr, "{label} {what}");
        if !help.is_empty() {
            let _ = writeln!(stderr, "  {help}");
        }
        ExitCode::from(status)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let help = match error {
            ConfigError::UnknownFramework { .. } => "`sufficit frameworks` lists them.",
            ConfigError::Unreadable { .. } => {
                "Look whether the path is right and the file can be read."
            }
            ConfigError::Refused { .. } => "Correct the file there, then give the command again.",
        };
        Self::usage(error, help)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Locked { .. } | StoreError::Busy(_) => {
                Self::usage(error, "Wait for it to finish, then try again.")
            }
            StoreError::Newer { .. } => Self::usage(
                error,
                "Use the newer sufficit, or give another folder with --workspace.",
            ),
            StoreError::Foreign { .. } | StoreError::Open { .. } => {
                Self::usage(error, "Give a folder of your own with --workspace.")
            }
            StoreError::AmbiguousPath { .. } => {
                Self::usage(error, "Put the folder before the path, as in FOLDER/PATH.")
            }
            StoreError::DecidedMeanwhile(_) => {
                Self::usage(error, "Look at it again, then decide on what holds now.")
            }
            StoreError::Refused(_) => Self::usage(error, "Nothing was taken down."),
            StoreError::UnknownPath(_) => {
                Self::usage(error, "`sufficit status` lists the paths as they have to be given.")
            }
            other => Self::internal(other),
        }
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Busy(_) => Self::Index {
                what: error.to_string(),
                help: "Wait for it to finish, then try again.".to_owned(),
            },
            IndexError::Io { .. } | IndexError::Text(_) | IndexError::Damaged(_) => {
                Self::Index { what: error.to_string(), help: FOLDER_HELP.to_owned() }
            }
            IndexError::Model(_) | IndexError::Reference { .. } => Self::usage(
                error,
                "Check the model that the settings name: model under [embedding] and [rerank], model_folder under [catalogue].",
            ),
            IndexError::Runtime(_) => Self::usage(error, RUNTIME_HELP),
            IndexError::Server { .. } => {
                Self::Index { what: error.to_string(), help: SERVER_HELP.to_owned() }
            }
            IndexError::Other { .. } => {
                Self::Index { what: error.to_string(), help: OTHER_HELP.to_owned() }
            }
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::internal(error)
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { Self::from(std::io::Error::from(error)) } else { Self::internal(error) }
    }
}
