//! One file for each command: what it needs is opened, the pipeline or the record is asked, the answer is printed.

mod audit;
mod body;
mod decided;
mod doctor;
mod eval;
mod explain;
mod export;
mod forget;
mod frameworks;
mod ingest;
mod map;
mod nearest;
mod overview;
mod reindex;
mod review;
mod search;
mod show;
mod status;
mod text;
mod token;
mod unknown;
mod user;
mod why;

use crate::cli::{Cli, Command};
use crate::failure::{Failure, INTERRUPTED};
use crate::stopping::Signals;
use crate::{Outcome, cli};
use std::time::Duration;
use sufficit_evidence::Sufficiency;

pub(crate) use body::relation;
pub(crate) use eval::EvalArgs;
pub(crate) use explain::document_of_text;
pub(crate) use review::ReviewArgs;
pub(crate) use token::TokenAction;
pub(crate) use user::UserAction;

/// How long what a command left under way has to come to its end.
const LEFT: Duration = Duration::from_secs(2);

/// Runs the command that was given. Those that ask the record wait for it; the others begin at once.
pub(crate) fn run(cli: Cli) -> Result<Outcome, Failure> {
    let common = &cli.common;
    match cli.command {
        Command::Text { files } => text::run(common, &files),
        Command::Explain { file, text, jsonl, why } => explain::run(common, file, text, jsonl, why),
        Command::Frameworks { action } => frameworks::run(common, action),
        Command::Eval(args) => eval::run(common, &args),
        command => {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .map_err(Failure::internal)?;
            let outcome = runtime.block_on(with_record(common, command));
            // A server that was told to stop may be in the middle of reading files. They are read again at its next start.
            runtime.shutdown_timeout(LEFT);
            outcome
        }
    }
}

/// Lets long work be ended by Ctrl-C with a word on what stays. It may keep its own thread busy, so another one waits.
fn say_when_interrupted(then: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    tokio::spawn(async move {
        signals.next().await;
        then();
    });
    Ok(())
}

/// Ends the program as shells have it. The record is whole whenever that is.
fn end_interrupted() {
    Failure::Interrupted.report();
    std::process::exit(INTERRUPTED.into());
}

async fn with_record(common: &cli::Common, command: Command) -> Result<Outcome, Failure> {
    match command {
        Command::Ingest { paths } => {
            say_when_interrupted(end_interrupted)?;
            ingest::run(common, &paths).await
        }
        Command::Map => {
            say_when_interrupted(end_interrupted)?;
            map::run(common).await
        }
        Command::Status => status::run(common).await,
        Command::Show { what, document, min_sufficiency, why } => {
            let min = Sufficiency::new(min_sufficiency);
            show::run(common, &what, document.as_deref(), min, why).await
        }
        Command::Search(args) => search::run(common, &args).await,
        Command::Review(args) => review::run(common, args).await,
        Command::Reindex => reindex::run(common).await,
        Command::Export { kind: cli::ExportKind::Matches } => export::matches(common).await,
        Command::Export { kind: cli::ExportKind::Decisions } => export::decisions(common).await,
        Command::Audit { action: cli::AuditAction::Verify { head } } => {
            audit::verify(common, head.as_deref()).await
        }
        Command::Forget { path, why } => forget::run(common, &path, &why).await,
        Command::Doctor => doctor::run(common).await,
        Command::Serve { listen } => crate::web::serve(common, listen).await,
        Command::User { action } => user::run(common, action).await,
        Command::Token { action } => token::run(common, action).await,
        Command::Text { .. }
        | Command::Explain { .. }
        | Command::Frameworks { .. }
        | Command::Eval(_) => Err(Failure::internal("this command asks no record")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn ctrl_c_is_answered_while_work_keeps_its_thread_busy() {
        let (told, heard) = std::sync::mpsc::channel();
        say_when_interrupted(move || {
            let _ = told.send(());
        })
        .expect("signals can be waited for");
        let own = std::process::id().to_string();
        let sent = std::process::Command::new("kill").args(["-INT", &own]).status();
        assert!(sent.is_ok_and(|sent| sent.success()));
        assert!(heard.recv_timeout(Duration::from_secs(60)).is_ok(), "nobody answered");
    }
}
