//! What stands before the pages: one file for each thing that is guarded against.

mod accounts;
mod headers;
mod launch;
mod origin;
mod originals;
mod settings;
mod stopping;
mod tokens;

use crate::program::{Bench, Done, run_with};
use jiff::Timestamp;
use std::path::Path;
use sufficit_review::Store;

/// A password that is long enough.
pub(crate) const PASSWORD: &str = "a lantern above the old quay";

/// `sufficit user add NAME --role ROLE` with [`PASSWORD`].
pub(crate) fn add_user(bench: &Bench, name: &str, role: &str) {
    user(bench, &["add", name, "--role", role, "--password-stdin"], PASSWORD).exits(0);
}

/// `sufficit user ARGS` with `line` on stdin.
pub(crate) fn user(bench: &Bench, args: &[&str], line: &str) -> Done {
    let args = ["user"].iter().chain(args);
    run_with(&bench.workspace(), args, &format!("{line}\n"))
}

/// What `ask` makes of the record that lies in `workspace`.
pub(crate) fn in_record<T>(workspace: &Path, ask: impl AsyncFnOnce(Store) -> T) -> T {
    let record = workspace.join("record.sqlite");
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async { ask(Store::open(&record).await.expect("the record opens")).await })
}

/// So many hours before now.
pub(crate) fn hours_ago(hours: i64) -> Timestamp {
    Timestamp::now() - jiff::SignedDuration::from_hours(hours)
}

/// Whether any file under `folder` holds `secret`.
pub(crate) fn is_kept(folder: &Path, secret: &str) -> bool {
    let entries = folder.read_dir().expect("the folder is listed").flatten();
    entries.map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            return is_kept(&path, secret);
        }
        let bytes = std::fs::read(&path).expect("is readable");
        bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
    })
}
