//! The example company, ingested once for all tests.
//!
//! Ingesting it takes seconds, and test runners start a process for each test; so the workspace lies in Cargo's folder for
//! test files, and is made again only where the binary or the evidence changed. Nobody writes to it: a test that
//! changes something works in a [`Bench`](crate::program::Bench).

#![allow(dead_code, reason = "compiled into each test target, and no target needs all of it")]

use crate::program::{Done, run};
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::UNIX_EPOCH;

/// The workspace of the example company, and what making it said.
pub(crate) struct Example {
    /// Held so that nobody makes it again under our feet.
    _held: File,
    /// The workspace.
    pub(crate) workspace: PathBuf,
}

/// The evidence of the example company.
pub(crate) fn evidence() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/vellmoor-coldchain")
}

/// The paths of its files as `status` ought to list them, in order.
pub(crate) fn files() -> Vec<String> {
    let mut found = Vec::new();
    collect(&evidence(), "", &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, name: &str, found: &mut Vec<String>) {
    for entry in folder.read_dir().expect("the folder is listed") {
        let entry = entry.expect("an entry");
        let own = entry.file_name().into_string().expect("a name in UTF-8");
        let name = if name.is_empty() { own } else { format!("{name}/{own}") };
        if entry.path().is_dir() {
            collect(&entry.path(), &name, found);
        } else {
            found.push(name);
        }
    }
}

/// The example company's workspace.
pub(crate) fn example() -> &'static Example {
    static EXAMPLE: OnceLock<Example> = OnceLock::new();
    EXAMPLE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("example");
        fs::create_dir_all(&folder).expect("is writable");
        let lock = folder.join("lock");
        let held = File::options().create(true).append(true).open(lock).expect("is writable");
        let stamp = stamp();
        let workspace = folder.join("workspace");
        loop {
            held.lock_shared().expect("can be locked");
            if fs::read_to_string(folder.join("stamp")).is_ok_and(|made| made == stamp) {
                return Example { _held: held, workspace };
            }
            held.unlock().expect("can be unlocked");
            held.lock().expect("can be locked");
            if fs::read_to_string(folder.join("stamp")).is_ok_and(|made| made != stamp) {
                fs::remove_file(folder.join("stamp")).expect("is writable");
            }
            if !folder.join("stamp").exists() {
                make(&workspace);
                fs::write(folder.join("stamp"), &stamp).expect("is writable");
            }
            held.unlock().expect("can be unlocked");
        }
    })
}

fn make(workspace: &Path) {
    if workspace.exists() {
        fs::remove_dir_all(workspace).expect("is writable");
    }
    run(workspace, ["ingest".as_ref(), evidence().as_os_str()]).exits(1);
}

/// What the workspace hangs on: the binary and the files, by size and time.
fn stamp() -> String {
    let binary = assert_cmd::cargo::cargo_bin!("sufficit").to_owned();
    let files = files().into_iter().map(|name| evidence().join(name));
    let lines = std::iter::once(binary).chain(files).map(|path| {
        let meta = fs::metadata(&path).expect("is there");
        let age = meta.modified().expect("has a time").duration_since(UNIX_EPOCH);
        format!("{} {} {:?}\n", path.display(), meta.len(), age.expect("is after 1970"))
    });
    lines.collect()
}

impl Example {
    /// Runs `sufficit ARGS` in the workspace.
    pub(crate) fn run<const N: usize>(&self, args: [&str; N]) -> Done {
        run(&self.workspace, args)
    }

    /// Every match, in the order of the export.
    pub(crate) fn matches(&self) -> Vec<Value> {
        self.run(["export", "matches", "--format", "jsonl"]).exits(0).lines()
    }
}

/// A copy of the example company's workspace at `workspace`, to decide in.
pub(crate) fn copy_to(workspace: &Path) {
    copy(&example().workspace, workspace);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("is writable");
    for entry in from.read_dir().expect("the folder is listed").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("is copied");
        }
    }
}
