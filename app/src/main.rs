//! The `sufficit` binary: reads the command line, runs one command, and turns what went wrong into words and an
//! exit status. Domain rules live in the other crates; the order in which they are called is in `pipeline`.

mod api;
mod calibration;
mod cli;
mod commands;
mod deed;
mod eval;
mod failure;
mod held;
mod judge;
mod model;
mod notice;
mod output;
mod passage_search;
mod password;
mod person;
mod pipeline;
mod reading;
mod search_index;
mod secret;
mod stopping;
#[cfg(any(feature = "download", feature = "oidc"))]
mod trust;
mod view;
mod web;
mod workspace;

use clap::Parser;
use cli::{Cli, Common};
use std::io::Write;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// What a command that went through says of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything was done.
    Done,
    /// It was finished, but some input failed.
    SomeFailed,
}

/// The exit status of an internal error.
const INTERNAL: u8 = 3;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let first = arguments.next();
    if first.as_deref().is_some_and(|first| first == reading::WORKER) {
        return match sufficit_ingest::worker::serve() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(INTERNAL),
        };
    }
    #[cfg(unix)]
    if first.is_some_and(|first| first == reading::LAUNCHER) {
        let _ = writeln!(std::io::stderr(), "{}", sufficit_ingest::tools::launch(arguments));
        return ExitCode::from(INTERNAL);
    }
    let cli = Cli::parse();
    start_logging(&cli.common);
    console::set_colors_enabled(output::wants_colour(&cli.common, &console::Term::stdout()));
    console::set_colors_enabled_stderr(output::wants_colour(&cli.common, &console::Term::stderr()));
    match commands::run(cli) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeFailed) => ExitCode::from(1),
        Err(failure) => failure.report(),
    }
}

/// Logs go to stderr: warnings by default, more with each `-v`, none with `--quiet`.
fn start_logging(common: &Common) {
    let level = match (common.quiet, common.verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "info",
        (false, _) => "debug",
    };
    let filter = EnvFilter::new(format!("{level},lopdf=off,html5ever=off,selectors=off,ort=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(output::wants_colour(common, &console::Term::stderr()))
        .without_time()
        .with_target(false)
        .init();
}
