//! Files in: every file is accounted for, nothing is read twice, and the exit status tells what happened.

mod example;
mod program;

use example::example;
use program::{Bench, Done, command, list, number, requirement, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

const ENGLISH: &str = "# Backup standard\n\nOwner: Ada Brook, Head of Platform. Approved by Tom Reed, 3 March 2026. Version 2.1. \
    Next review: March 2027.\n\n## Copies\n\nEvery production database is backed up each night, encrypted, and copied to a \
    second site. Copies are kept for 35 days.\n\n## Restore tests\n\nThe platform team restores one database from its backup \
    each quarter, compares the row counts, and records the outcome in the test log.\n";

/// `status --format json`'s entry for each path.
fn files(status: &Value) -> BTreeMap<String, Value> {
    list(status, "files").iter().map(|file| (text(file, "path").to_owned(), file.clone())).collect()
}

/// The figure before ` read anew` in the log.
#[track_caller]
fn read_anew(done: &Done) -> usize {
    let before = done.err.split(" read anew").next().unwrap_or_default();
    let figure = before.rsplit([' ', ',']).find(|word| !word.is_empty()).unwrap_or_default();
    figure
        .parse()
        .unwrap_or_else(|_| panic!("the log does not say how many were read anew:\n{}", done.err))
}

fn run_of(status: &Value) -> &str {
    text(&status["run"], "id")
}

fn status(bench: &Bench) -> Value {
    bench.run(["status", "--format", "json"]).exits(0).json()
}

#[test]
fn every_file_of_the_example_is_accounted_for_and_read_once() {
    let bench = Bench::new();
    let evidence = example::evidence();
    let ingest = || {
        bench.run([
            "-v".as_ref(),
            "--format".as_ref(),
            "json".as_ref(),
            "ingest".as_ref(),
            evidence.as_os_str(),
        ])
    };
    let first = ingest().exits(1);
    assert_eq!(read_anew(&first), example::files().len());
    let report = first.json();
    let listed: Vec<&str> = list(&report, "files").iter().map(|file| text(file, "path")).collect();
    assert_eq!(listed, example::files());

    let german = "05-people/ki-richtlinie-bremen.docx";
    let faulty = [
        ("01-governance/oversight-group-minutes-2026-10.docx", "empty"),
        ("03-suppliers/contract-schedule-4-protected.pdf", "password"),
        ("07-general/fleet-insurance-schedule.pdf", "could not be read"),
    ];
    for (path, file) in files(&report) {
        let (status, reason) = (text(&file, "status"), text(&file, "reason"));
        match faulty.iter().find(|(faulty, _)| *faulty == path) {
            Some((_, why)) => {
                assert!(["failed", "skipped"].contains(&status), "{path}: {status}");
                assert!(reason.contains(why), "{path}: {reason}");
                assert!(file["document"].is_null(), "{path}");
            }
            None => {
                assert_eq!(status, "read", "{path}: {reason}");
                assert_eq!(text(&file, "document").len(), 64, "{path}");
                assert!(number(&file, "passages") > 0, "{path}");
                assert_eq!(
                    reason.contains("Language not supported"),
                    path == german,
                    "{path}: {reason}"
                );
                assert!(path == german || reason.is_empty(), "{path}: {reason}");
            }
        }
        assert_eq!(file["pages"].is_u64(), path.ends_with(".pdf") && status == "read", "{path}");
    }

    let second = ingest().exits(1);
    assert_eq!(read_anew(&second), 0);
    let again = second.json();
    assert_eq!(run_of(&again), run_of(&report));
    assert_eq!(again["files"], report["files"]);
    assert_eq!(status(&bench), again);
}

#[test]
fn a_changed_file_is_a_new_version() {
    let bench =
        Bench::with([("a.md", ENGLISH), ("b.md", "# Notes\n\nThe lift was serviced on Monday.\n")]);
    let before = bench.ingest().exits(0).json();
    bench.write("a.md", ENGLISH.replace("35 days", "ninety-nine days"));
    let done = bench.ingest().exits(0);
    let after = done.json();
    assert_eq!(read_anew(&done), 1);
    assert_ne!(files(&before)["a.md"]["document"], files(&after)["a.md"]["document"]);
    assert_eq!(files(&before)["b.md"], files(&after)["b.md"]);
    assert_ne!(run_of(&before), run_of(&after));

    let shown = bench.run(["show", "a.md", "--format", "json"]).exits(0).json();
    assert_eq!(shown["sha256"], files(&after)["a.md"]["document"]);
    let hits = bench.run(["search", "copies kept for days", "--format", "jsonl"]).exits(0).lines();
    assert!(hits.iter().any(|hit| text(&hit["citation"], "quote").contains("ninety-nine days")));
    assert!(!hits.iter().any(|hit| text(&hit["citation"], "quote").contains("35 days")));
}

#[test]
fn a_file_that_vanished_is_noticed_and_no_longer_counts() {
    let bench =
        Bench::with([("a.md", ENGLISH), ("b.md", "# Notes\n\nThe lift was serviced on Monday.\n")]);
    bench.ingest().exits(0);
    assert!(!bench.matches().is_empty());
    std::fs::remove_file(bench.evidence().join("a.md")).expect("is writable");
    let done = bench.ingest().exits(0);
    assert!(done.err.contains("a.md"), "{}", done.err);
    assert_eq!(done.json()["vanished"], serde_json::json!(["a.md"]));
    assert_eq!(files(&done.json()).into_keys().collect::<Vec<_>>(), ["b.md"]);
    assert!(bench.matches().is_empty());
    let hits = bench.run(["search", "restore a database", "--format", "jsonl"]).exits(0).lines();
    assert!(!hits.iter().any(|hit| text(hit, "document") == "a.md"));

    bench.write("a.md", ENGLISH);
    let back = bench.ingest().exits(0).json();
    assert_eq!(back["vanished"], serde_json::json!([]));
    assert!(!bench.matches().is_empty());
}

#[test]
fn the_same_bytes_at_two_paths_are_one_document() {
    let bench = Bench::with([("a.md", ENGLISH), ("z/copy.md", ENGLISH)]);
    let report = bench.ingest().exits(0).json();
    let files = files(&report);
    assert_eq!(files["a.md"]["document"], files["z/copy.md"]["document"]);
    assert_eq!(number(&report["run"], "documents"), 1);
    let matches = bench.matches();
    assert!(!matches.is_empty());
    let mut seen = Vec::new();
    for found in &matches {
        assert_eq!(found["paths"], serde_json::json!(["a.md", "z/copy.md"]));
        assert!(!seen.contains(&requirement(found)), "{} stands twice", requirement(found));
        seen.push(requirement(found));
    }

    bench.run(["forget", "a.md"]).exits(0);
    let shown = bench.run(["show", "z/copy.md", "--format", "json"]).exits(0).json();
    assert_eq!(shown["paths"], serde_json::json!(["z/copy.md"]));
    assert_eq!(bench.matches().len(), matches.len());
}

#[test]
fn files_of_two_folders_with_one_name_are_kept_apart() {
    let bench = Bench::new();
    let log = "# Lift log\n\nThe lift was serviced on Monday.\n";
    for (folder, content) in [("north", ENGLISH), ("south", log)] {
        std::fs::create_dir(bench.beside(folder)).expect("is writable");
        std::fs::write(bench.beside(folder).join("a.md"), content).expect("is writable");
    }
    let report = bench.run(["ingest", "north", "south", "--format", "json"]).exits(0).json();
    let listed: Vec<&str> = list(&report, "files").iter().map(|file| text(file, "path")).collect();
    assert_eq!(listed.len(), 2);
    for query in ["restore a database from its backup", "when was the lift serviced"] {
        let hits = bench.run(["search", query, "--format", "jsonl"]).exits(0).lines();
        let best = text(&hits[0], "document").to_owned();
        let shown = bench.run(["show", &best, "--format", "json"]);
        let same = shown.status == Some(0) && shown.json()["sha256"] == hits[0]["sha256"];
        assert!(
            same || shown.status == Some(2),
            "`show {best}` shows another document than the one found"
        );
    }
    // A path that names two documents must not take both away without a word.
    let forgotten = bench.run(["forget", listed[0]]);
    let left = list(&status(&bench), "files").len();
    assert!(forgotten.status == Some(2) || left == 1, "{left} files left: {}", forgotten.out);
}

#[test]
fn what_is_forgotten_is_gone() {
    let secret = "quillfeather";
    let bench = Bench::with([
        ("keep.md", ENGLISH.to_owned()),
        (
            "wrong.md",
            ENGLISH
                .replace("Ada Brook", "Zenobia Quillfeather")
                .replace("each night", "each quillfeather night"),
        ),
    ]);
    bench.ingest().exits(0);
    let found = |bench: &Bench| {
        let hits = bench.run(["search", secret, "--format", "jsonl"]).exits(0).lines();
        hits.iter().any(|hit| text(hit, "document") == "wrong.md")
    };
    assert!(found(&bench));
    std::fs::remove_file(bench.evidence().join("wrong.md")).expect("is writable");
    bench.run(["forget", "wrong.md", "--why", "not ours"]).exits(0);
    assert!(!found(&bench));
    let status = status(&bench);
    assert_eq!(files(&status).into_keys().collect::<Vec<_>>(), ["keep.md"]);
    assert_eq!(text(&list(&status, "forgotten")[0], "why"), "not ours");
    let refused = bench.run(["show", "wrong.md"]).exits(2);
    assert!(refused.err.contains("wrong.md"), "{}", refused.err);
    assert!(bench.matches().iter().all(|found| text(found, "document") == "keep.md"));
    let left = residue(&bench.workspace(), secret);
    assert!(left.is_empty(), "the text is still in {left:?}");
    bench.run(["forget", "wrong.md"]).exits(2);
}

/// Files under `folder` that hold `word`, in small letters or with a capital.
fn residue(folder: &std::path::Path, word: &str) -> Vec<std::path::PathBuf> {
    let capital = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    let mut found = Vec::new();
    for entry in folder.read_dir().expect("the folder is listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(residue(&path, word));
        } else {
            let bytes = std::fs::read(&path).expect("is readable");
            let holds =
                |word: &str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
            if holds(word) || holds(&capital) {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn odd_files_are_listed_with_a_reason() {
    let junk: Vec<u8> =
        (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let bench = Bench::with([
        ("good.md", ENGLISH.as_bytes()),
        (".hidden.md", ENGLISH.as_bytes()),
        (".folder/inside.md", ENGLISH.as_bytes()),
        ("empty.docx", b""),
        ("blank.txt", b"  \n\n "),
        ("junk.bin", &junk),
        ("junk.docx", &junk),
        ("text.pdf", ENGLISH.as_bytes()),
        ("cut.docx", b"PK\x03\x04word/document.xml and no more"),
        ("sp ace, \"quote\" & \u{fc}n\u{ef}code.md", ENGLISH.as_bytes()),
    ]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(bench.evidence(), bench.evidence().join("loop"))
            .expect("is writable");
        std::os::unix::fs::symlink("nowhere", bench.evidence().join("dangling"))
            .expect("is writable");
    }
    let report = bench.ingest().exits(1).json();
    let files = files(&report);
    let outcome = |path: &str| text(&files[path], "status").to_owned();
    for path in [".hidden.md", ".folder", "empty.docx", "blank.txt", "junk.bin"] {
        assert_eq!(outcome(path), "skipped", "{path}");
    }
    assert_eq!(outcome("cut.docx"), "failed");
    assert_ne!(outcome("junk.docx"), "read");
    for path in ["good.md", "text.pdf", "sp ace, \"quote\" & \u{fc}n\u{ef}code.md"] {
        assert_eq!(outcome(path), "read", "{path}");
    }
    assert!(text(&files["text.pdf"], "media_type").starts_with("text/"));
    #[cfg(unix)]
    {
        assert_eq!(outcome("loop"), "skipped");
        assert_eq!(outcome("dangling"), "failed");
    }
    for (path, file) in &files {
        let reason = text(file, "reason");
        if outcome(path) == "read" {
            assert_eq!(reason, "", "{path}");
        } else {
            assert!(reason.len() > 15 && reason.ends_with('.'), "{path}: {reason}");
            assert!(file["document"].is_null(), "{path}");
        }
    }
    assert!(!files.keys().any(|path| path.starts_with("loop/") || path.starts_with(".folder/")));
}

#[cfg(unix)]
#[test]
fn a_file_without_read_permission_fails_alone() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::with([("good.md", ENGLISH), ("locked.md", ENGLISH)]);
    let locked = bench.evidence().join("locked.md");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).expect("is ours");
    if std::fs::read(&locked).is_ok() {
        // Whoever may read everything (root) cannot be refused.
        return;
    }
    let report = bench.ingest().exits(1).json();
    assert_eq!(text(&files(&report)["locked.md"], "status"), "failed");
    assert!(text(&files(&report)["locked.md"], "reason").contains("permission"));
    assert_eq!(text(&files(&report)["good.md"], "status"), "read");
}

#[test]
fn evidence_is_left_as_it_was() {
    let bench = Bench::with([("a.md", ENGLISH), ("b/c.txt", "Minutes of 3 May 2026.\n")]);
    bench.ingest().exits(0);
    let mut left: Vec<String> = Vec::new();
    for entry in bench.evidence().read_dir().expect("the folder is listed") {
        left.push(entry.expect("an entry").file_name().to_string_lossy().into_owned());
    }
    left.sort();
    assert_eq!(left, ["a.md", "b"]);
    assert_eq!(std::fs::read_to_string(bench.evidence().join("a.md")).expect("is there"), ENGLISH);
}

#[test]
fn wrong_usage_ends_with_2_and_leaves_nothing_behind() {
    let bench = Bench::with([("a.md", ENGLISH)]);
    let evidence = bench.evidence();
    let evidence = evidence.to_str().expect("a name in UTF-8");
    for args in [
        &["no-such-command"][..],
        &["ingest"],
        &["ingest", "nowhere"],
        &["status"],
        &["show", "A.5.3"],
        &["search", "backup"],
        &["export", "matches"],
        &["status", "--format", "yaml"],
        &["ingest", "--framework", "iso9001", evidence],
        &["--config", "nowhere.toml", "ingest", evidence],
        &["explain", "nowhere.md"],
        &["explain"],
        &["frameworks", "show", "iso9001"],
        &["frameworks", "add", "nowhere.toml"],
        &["forget", "a.md"],
    ] {
        let refused = bench.run(args);
        assert_eq!(refused.status, Some(2), "{args:?}: {}", refused.err);
        assert_eq!(refused.out, "", "{args:?}");
        assert!(refused.err.contains("error:"), "{args:?}: {}", refused.err);
    }
    assert!(!bench.workspace().exists(), "a refused command makes no workspace");
}

#[test]
fn settings_that_are_wrong_are_refused_with_file_and_line() {
    let bench = Bench::with([("a.md", ENGLISH)]);
    let evidence = bench.evidence();
    let evidence = evidence.to_str().expect("a name in UTF-8");
    let mut faults = Vec::new();
    for (settings, line) in [
        ("[ingest]\nthreads = 1\nmax_flie_mib = 7\n", 3),
        ("[ingest]\nmax_file_mib = \"much\"\n", 2),
        ("[ingest\n", 1),
        ("\n[extras]\nx = 1\n", 2),
    ] {
        let file = bench.beside("bad.toml");
        std::fs::write(&file, settings).expect("is writable");
        let refused = bench.run(["--config", "bad.toml", "ingest", evidence]).exits(2);
        if !refused.err.contains(&format!("bad.toml:{line}:")) {
            faults.push(format!("line {line} of {settings:?}: {}", refused.err));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_jsonl_line_that_is_wrong_is_named() {
    let bench = Bench::new();
    let lines = bench.beside("texts.jsonl");
    std::fs::write(&lines, "{\"id\": \"1\", \"text\": \"x\"}\n{\"id\": 2}\n").expect("is writable");
    let refused = bench.run(["explain", "--jsonl", "texts.jsonl"]).exits(2);
    assert!(refused.err.contains("texts.jsonl:2"), "{}", refused.err);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let mut child = command(&example().workspace)
        .args(["export", "matches", "--format", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut out = BufReader::with_capacity(64, child.stdout.take().expect("is piped"));
    out.read_line(&mut line).expect("a line comes");
    drop(out);
    let mut said = String::new();
    child.stderr.take().expect("is piped").read_to_string(&mut said).expect("is UTF-8");
    let status = child.wait().expect("the program ends");
    assert_eq!(said, "");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn stdout_holds_the_result_alone() {
    let example = example();
    for args in [
        &["-vv", "status", "--format", "json"][..],
        &["-vv", "show", "iso42001:A.5.3", "--format", "json"],
        &["-vv", "show", "01-governance/ai-policy.pdf", "--format", "json"],
        &["-vv", "search", "restore test", "--format", "json"],
        &["-vv", "export", "matches", "--format", "json"],
        &["-vv", "frameworks", "--format", "json"],
        &["-vv", "frameworks", "show", "iso42001", "--format", "json"],
        &["-vv", "explain", "--text", "Backups are tested each month.", "--format", "json"],
    ] {
        let done = program::run(&example.workspace, args).exits(0);
        assert!(done.json().is_object() || done.json().is_array(), "{args:?}");
    }
    for args in
        [&["status"][..], &["show", "iso42001:A.5.3"], &["search", "restore test"], &["frameworks"]]
    {
        let done = program::run(&example.workspace, args).exits(0);
        assert!(!done.out.contains('\u{1b}'), "{args:?}: colours belong on terminals only");
        assert_eq!(done.err, "", "{args:?}");
    }
}

#[test]
fn a_framework_can_be_asked_for_alone() {
    let example = example();
    for framework in ["iso42001", "iso27001"] {
        let done = example
            .run(["export", "matches", "--format", "jsonl", "--framework", framework])
            .exits(0);
        assert!(!done.lines().is_empty());
        assert!(done.lines().iter().all(|found| text(found, "framework") == framework));
        let status =
            example.run(["status", "--format", "json", "--framework", framework]).exits(0).json();
        let covered: Vec<&String> =
            status["coverage"].as_object().expect("an object").keys().collect();
        assert_eq!(covered, [framework]);
    }
    let ambiguous = example.run(["show", "A.5.3"]);
    let alone = example.run(["show", "A.5.3", "--framework", "iso42001"]).exits(0);
    assert!(alone.out.contains("A.5.3"));
    assert!(
        ambiguous.status == Some(2) && ambiguous.err.contains("iso27001:A.5.3"),
        "{}",
        ambiguous.err
    );
}

#[test]
fn a_framework_of_ones_own_is_mapped_without_reading_again() {
    let bench = Bench::with([("a.md", ENGLISH)]);
    bench.ingest().exits(0);
    let own = r#"[framework]
id = "house"
title = "House rules"
about = "running our own servers"
version = "1"

[[theme]]
id = "B"
title = "Copies"

[[requirement]]
id = "B.1"
title = "Copies of data"
kind = "control"
theme = "B"
summary = "Data is copied often enough, and the copies are known to work."
terms = ["backup", "restore test", "nightly copy"]

[[requirement.check]]
id = "copies"
text = "Every production database is backed up each night and copied to a second site."

[[requirement.check]]
id = "restored"
text = "Each quarter one database is restored from its backup and the outcome recorded in the test log."
"#;
    std::fs::write(bench.beside("house.toml"), own).expect("is writable");
    bench.run(["frameworks", "add", "house.toml"]).exits(0);
    let listed = bench.run(["frameworks", "--format", "csv"]).exits(0);
    assert!(listed.out.contains("house,House rules,0,1,2"), "{}", listed.out);
    bench.run(["map"]).exits(0);
    let shown = bench.run(["show", "B.1", "--format", "json"]).exits(0).json();
    let best = &list(&shown, "matches")[0];
    assert_eq!(text(best, "document"), "a.md");
    assert!(number(best, "sufficiency") >= 2, "{best}");
    let done = bench.ingest().exits(0);
    assert_eq!(read_anew(&done), 0);

    std::fs::write(bench.beside("bad.toml"), own.replace("theme = \"B\"", "theme = \"C\""))
        .expect("is writable");
    let refused = bench.run(["frameworks", "add", "bad.toml"]).exits(2);
    assert!(refused.err.contains("bad.toml:15:"), "{}", refused.err);
}
