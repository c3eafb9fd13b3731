//! The real binary, run as a user runs it: in a workspace of the test's own, judging on one fixed day.

#![allow(dead_code, reason = "compiled into each test target, and no target needs all of it")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A policy in force, whose own review is laid down in it: for tests in which a person decides on such a match.
pub(crate) const POLICY: &str = "\
# AI policy

Owner: M. Okafor, Head of Data. Version 2.0. Approved by the Board on 4 May 2026. Next review: 4 May 2027.

## Review

The AI policy is reviewed every twelve months, and its next review date is stated in the policy.
An early review of the AI policy takes place after new legislation, changed technology, a serious AI incident or a change of business strategy.
The Head of Data is the policy owner of the AI policy, was confirmed by management, looks after its wording and calls the review.
Improvements to the AI policy are drawn from audit findings, management review results, incidents and staff feedback.
";

/// The day on which everything is judged.
pub(crate) const AS_OF: &str = "2026-11-20";
/// Longer than any command takes here, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a command left behind.
pub(crate) struct Done {
    /// Its exit status; `None` where a signal ended it.
    pub(crate) status: Option<i32>,
    /// What it wrote to stdout.
    pub(crate) out: String,
    /// What it wrote to stderr.
    pub(crate) err: String,
}

/// The binary with the options that every test gives, in the folder that holds `workspace`.
pub(crate) fn command(workspace: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("sufficit"));
    command.current_dir(workspace.parent().expect("a workspace lies in a folder"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "RUST_LOG"] {
        command.env_remove(variable);
    }
    command.arg("--workspace").arg(workspace).args(["--as-of", AS_OF]);
    command
}

/// Runs `sufficit ARGS` to its end.
pub(crate) fn run<S: AsRef<OsStr>>(workspace: &Path, args: impl IntoIterator<Item = S>) -> Done {
    run_with(workspace, args, "")
}

/// Runs `sufficit ARGS` with `input` on stdin.
pub(crate) fn run_with<S: AsRef<OsStr>>(
    workspace: &Path,
    args: impl IntoIterator<Item = S>,
    input: &str,
) -> Done {
    let mut command = assert_cmd::Command::from_std(command(workspace));
    let output = command.args(args).write_stdin(input).timeout(PATIENCE).output();
    let output = output.expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    let done =
        Done { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
    assert!(!done.err.contains("panicked"), "the program panicked:\n{}", done.err);
    done
}

impl Done {
    /// The same, having made sure of the exit status.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "exit status; stderr says:\n{}", self.err);
        self
    }

    /// Its stdout as one JSON value.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|fault| panic!("stdout is no JSON ({fault}):\n{}", self.out))
    }

    /// Its stdout as one JSON value a line.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        let value = |line| {
            serde_json::from_str(line)
                .unwrap_or_else(|fault| panic!("a line is no JSON ({fault}): {line}"))
        };
        self.out.lines().map(value).collect()
    }
}

/// A folder of evidence and a workspace beside it, gone with the value.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    /// An empty folder of evidence, and no workspace yet.
    pub(crate) fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        std::fs::create_dir(bench.evidence()).expect("is writable");
        bench
    }

    /// A folder that holds `files`: path and content.
    pub(crate) fn with<C: AsRef<[u8]>>(
        files: impl IntoIterator<Item = (impl AsRef<str>, C)>,
    ) -> Self {
        let bench = Self::new();
        for (path, content) in files {
            bench.write(path.as_ref(), content);
        }
        bench
    }

    /// Where the evidence lies.
    pub(crate) fn evidence(&self) -> PathBuf {
        self.folder.path().join("evidence")
    }

    /// Where the workspace is made.
    pub(crate) fn workspace(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    /// A path beside both.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of evidence, with the folders above it.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.evidence().join(path);
        std::fs::create_dir_all(path.parent().expect("has a folder")).expect("is writable");
        std::fs::write(path, content).expect("is writable");
    }

    /// Runs `sufficit ARGS` in the workspace.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Done {
        run(&self.workspace(), args)
    }

    /// `sufficit ingest` of the evidence, in JSON.
    pub(crate) fn ingest(&self) -> Done {
        let evidence = self.evidence();
        self.run([
            OsStr::new("-v"),
            "--format".as_ref(),
            "json".as_ref(),
            "ingest".as_ref(),
            evidence.as_os_str(),
        ])
    }

    /// Every match, in the order of the export.
    pub(crate) fn matches(&self) -> Vec<Value> {
        self.run(["export", "matches", "--format", "jsonl"]).exits(0).lines()
    }
}

/// The text that `value` holds under `key`.
#[track_caller]
pub(crate) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("`{key}` is no text in {value}"))
}

/// The whole number that `value` holds under `key`.
#[track_caller]
pub(crate) fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_else(|| panic!("`{key}` is no whole number in {value}"))
}

/// The list that `value` holds under `key`.
#[track_caller]
pub(crate) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("`{key}` is no list in {value}"))
}

/// `iso42001:A.2.2` of a match.
pub(crate) fn requirement(found: &Value) -> String {
    format!("{}:{}", text(found, "framework"), text(found, "requirement"))
}

/// The grades of each document, by its path and the requirement. What is not there is 0.
pub(crate) type Grades = BTreeMap<String, BTreeMap<String, u64>>;

/// The grades among `matches` under every path of each document.
pub(crate) fn grades(matches: &[Value]) -> Grades {
    let mut grades = Grades::new();
    for found in matches {
        for path in list(found, "paths") {
            let path = path.as_str().expect("a path is text").to_owned();
            let of_document = grades.entry(path).or_default();
            of_document.insert(requirement(found), number(found, "sufficiency"));
        }
    }
    grades
}

/// The files of a folder that hold a JSON object a line, by name.
pub(crate) fn files_of_lines(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = folder
        .read_dir()
        .expect("the folder is listed")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    files
}
