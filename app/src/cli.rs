use crate::commands::{EvalArgs, ReviewArgs, TokenAction, UserAction};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use sufficit_evidence::{Date, DocumentKind};

/// Reads the evidence that you have and says, control by control, whether it suffices.
///
/// Nothing leaves this machine unless a setting names where to.
#[derive(Debug, Parser)]
#[command(name = "sufficit", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Common {
    /// Day on which reviews and ages are judged, YYYY-MM-DD [default: today]
    #[arg(long, global = true, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// Folder that holds the record [default: .sufficit here or in the nearest parent]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) workspace: Option<PathBuf>,
    /// Settings file [default: sufficit.toml beside the workspace, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Qdrant server that holds the search index, as http://localhost:6334 [default: url under [index] in the settings]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) index_url: Option<String>,
    /// Text file with passwords, one a line, that are tried on encrypted files
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Show this framework only; may be given more than once
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) framework: Vec<String>,
    /// Form of the result
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// No progress and no warnings
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// More of what is being done; twice for still more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// No colour
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
}

/// Form of a command's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// One JSON value
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read files and folders into the workspace, then map; what has not changed is not read again
    Ingest {
        /// Files and folders
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Map again, after a change of catalogue, rubric or model, or for another day
    Map,
    /// What was read, skipped and failed; coverage by framework and theme
    Status,
    /// Everything known of one requirement or one document, with citations
    Show {
        /// A requirement (A.6.2.4, or iso42001:A.6.2.4) or a document's path
        #[arg(value_name = "REQUIREMENT|PATH")]
        what: String,
        /// Hold this document alone against the requirement, and say why where it is no match
        #[arg(long, value_name = "PATH", conflicts_with = "min_sufficiency")]
        document: Option<String>,
        /// Matches of lower sufficiency are left out
        #[arg(long, default_value_t = 0, value_name = "0-5", value_parser = clap::value_parser!(u8).range(0..=5))]
        min_sufficiency: u8,
        /// How each grade came about: every number in it, with what it is made of
        #[arg(long)]
        why: bool,
    },
    /// Search the passages
    Search(SearchArgs),
    /// What needs a person, worst first: accept, override or reject with one key
    Review(ReviewArgs),
    /// Make the search index anew from the record, while the one that is there goes on answering
    Reindex,
    /// Map a text or a file without storing it
    Explain {
        /// A file; `-` reads standard input
        #[arg(value_name = "FILE", required_unless_present_any = ["text", "jsonl"], conflicts_with_all = ["text", "jsonl"])]
        file: Option<PathBuf>,
        /// The text itself
        #[arg(long, value_name = "TEXT", conflicts_with = "jsonl")]
        text: Option<String>,
        /// Texts, one {"id", "text"} a line; `-` reads standard input
        #[arg(long, value_name = "FILE")]
        jsonl: Option<PathBuf>,
        /// How each grade came about: every number in it, with what it is made of
        #[arg(long)]
        why: bool,
    },
    /// The text of files as the pipeline sees it, without storing it
    Text {
        /// Files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Export what is known
    Export {
        /// What to export
        #[arg(value_enum)]
        kind: ExportKind,
    },
    /// The chain of hashes over all decisions
    Audit {
        #[command(subcommand)]
        action: AuditAction,
    },
    /// The frameworks that evidence is held against
    Frameworks {
        #[command(subcommand)]
        action: Option<FrameworksAction>,
    },
    /// Take a file, put in by mistake, out of the workspace with all that came from it
    Forget {
        /// A file's path as `status` lists it, or a folder's
        path: String,
        /// Kept in the record of what was forgotten
        #[arg(long, default_value = "put in by mistake")]
        why: String,
    },
    /// Accuracy on labelled sets
    Eval(EvalArgs),
    /// What works here, what is missing, and what mends it
    Doctor,
    /// The review app and HTTP API, on this machine unless told otherwise
    Serve {
        /// Address and port
        #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8642")]
        listen: std::net::SocketAddr,
    },
    /// Who logs in to the review app
    User {
        #[command(subcommand)]
        action: UserAction,
    },
    /// Tokens by which programs ask the HTTP API
    Token {
        #[command(subcommand)]
        action: TokenAction,
    },
}

/// What is searched for, and among which documents.
#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// Words or a sentence
    #[arg(required_unless_present = "requirement")]
    pub(crate) query: Option<String>,
    /// In place of words: what lies nearest to the checks of this requirement (A.6.2.4, or iso42001:A.6.2.4)
    #[arg(long, value_name = "ID", conflicts_with = "query")]
    pub(crate) requirement: Option<String>,
    /// How many passages
    #[arg(long, default_value_t = 10, value_parser = limit)]
    pub(crate) limit: usize,
    /// In this document or folder only, named by its path; may be given more than once
    #[arg(long, value_name = "PATH")]
    pub(crate) document: Vec<String>,
    /// In documents of this kind only; may be given more than once
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    pub(crate) kind: Vec<DocumentKind>,
    /// In documents in this language only, by its three letters (eng, deu, fra, ...); may be given more than once
    #[arg(long, value_name = "CODE", value_parser = language)]
    pub(crate) language: Vec<String>,
    /// In documents dated on this day or later (when issued, approved or last reviewed), YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<Date>,
    /// In documents dated on this day or earlier, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Option<Date>,
}

/// A day as it is written in settings and output.
fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write the day as YYYY-MM-DD, such as 2026-11-20".to_owned())
}

/// Reads how many passages are wanted.
fn limit(number: &str) -> Result<usize, String> {
    match number.parse() {
        Ok(limit @ 1..=10_000) => Ok(limit),
        _ => Err("a limit is a number from 1 to 10000".to_owned()),
    }
}

/// Reads the code of a language, as ISO 639-3 has it.
fn language(code: &str) -> Result<String, String> {
    let code = code.to_ascii_lowercase();
    match code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_lowercase()) {
        true => Ok(code),
        false => Err("a language is named by its three letters, as eng, deu or fra".to_owned()),
    }
}

/// Reads a document's kind by its name.
pub(crate) fn kinds() -> impl TypedValueParser<Value = DocumentKind> {
    let named = |name: String| DocumentKind::ALL.into_iter().find(|kind| kind.name() == name);
    PossibleValuesParser::new(DocumentKind::ALL.map(DocumentKind::name))
        .map(move |name| named(name).unwrap_or_default())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportKind {
    /// Every match of the latest run, with what was decided of it
    Matches,
    /// Every decision, with the hash that the chain of them ends in
    Decisions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditAction {
    /// Go through all decisions and say where one was changed, taken out or moved
    Verify {
        /// A head that an export named: found too is then a cut end, or a chain that was made anew
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum FrameworksAction {
    /// List the frameworks
    List,
    /// Show a framework's requirements, or one requirement with its checks
    Show {
        /// A framework's id, or a requirement (iso42001:A.6.2.4)
        id: String,
    },
    /// Check a framework file and add it to the workspace
    Add {
        /// The file
        file: PathBuf,
    },
}
