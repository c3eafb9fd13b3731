//! One file for each command: what it needs is opened, the pipeline or the record is asked, the answer is printed.

mod doctor;
mod eval;
mod explain;
mod export;
mod forget;
mod frameworks;
mod ingest;
mod map;
mod overview;
mod search;
mod show;
mod status;
mod text;

use crate::cli::{Cli, Command};
use crate::failure::Failure;
use crate::{Outcome, cli};
pub(crate) use explain::document_of_text;

/// Runs the command that was given.
pub(crate) async fn run(cli: Cli) -> Result<Outcome, Failure> {
    let common = &cli.common;
    match cli.command {
        Command::Ingest { paths } => ingest::run(common, &paths).await,
        Command::Map => map::run(common).await,
        Command::Status => status::run(common).await,
        Command::Show { what, min_sufficiency } => show::run(common, &what, min_sufficiency).await,
        Command::Search { query, limit } => search::run(common, &query, limit).await,
        Command::Explain { file, text, jsonl } => explain::run(common, file, text, jsonl),
        Command::Text { files } => text::run(common, &files),
        Command::Export { kind: cli::ExportKind::Matches } => export::matches(common).await,
        Command::Frameworks { action } => frameworks::run(common, action),
        Command::Forget { path, why } => forget::run(common, &path, &why).await,
        Command::Eval { sets, floor, no_distractors } => {
            eval::run(common, &sets, floor, no_distractors)
        }
        Command::Doctor => doctor::run(common).await,
    }
}
