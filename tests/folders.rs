//! Folders within folders, limits that are raised, another day of judgement: what is asked of a workspace over time.

mod program;

use program::{Bench, command, list, text};

const POLICY: &str = "# Backup policy\n\nVersion: 2.0\n\nBackup copies of all databases are taken every night and kept for \
    thirty-five days. Backup copies are encrypted and stored at a second site. A restore from backup copies is tested each quarter.\n";

fn listed(bench: &Bench) -> Vec<String> {
    let report = bench.run(["status", "--format", "json"]).exits(0).json();
    list(&report, "files").iter().map(|file| text(file, "path").to_owned()).collect()
}

#[test]
fn a_folder_within_one_that_was_ingested_counts_once() {
    let bench =
        Bench::with([("sub/backup.md", POLICY), ("other.md", "# Notes\n\nThe lift works.\n")]);
    let (all, sub) = (bench.evidence(), bench.evidence().join("sub"));
    bench.run(["ingest", sub.to_str().expect("UTF-8")]).exits(0);
    assert_eq!(listed(&bench), ["backup.md"]);
    bench.write("sub/backup.md", POLICY.replace("thirty-five", "ninety"));
    bench.run(["ingest", all.to_str().expect("UTF-8")]).exits(0);
    assert_eq!(
        listed(&bench),
        ["other.md", "sub/backup.md"],
        "the old version under the inner folder is gone"
    );
    bench.run(["ingest", sub.to_str().expect("UTF-8")]).exits(0);
    assert_eq!(listed(&bench), ["other.md", "sub/backup.md"]);
}

#[test]
fn a_limit_that_is_raised_reads_what_was_over_it() {
    let bench = Bench::with([("big.md", POLICY.repeat(6000))]);
    std::fs::write(bench.beside("sufficit.toml"), "[ingest]\nmax_file_mib = 1\n")
        .expect("is writable");
    bench.ingest().exits(1);
    std::fs::write(bench.beside("sufficit.toml"), "[ingest]\nmax_file_mib = 8\n")
        .expect("is writable");
    bench.ingest().exits(0);
    let report = bench.run(["status", "--format", "json"]).exits(0).json();
    assert_eq!(text(&list(&report, "files")[0], "status"), "read");
}

#[test]
fn another_day_is_judged_anew_or_refused() {
    let bench = Bench::with([("backup.md", POLICY)]);
    bench.ingest().exits(0);
    let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("sufficit"));
    command.arg("--workspace").arg(bench.workspace()).args([
        "show",
        "A.8.13",
        "--as-of",
        "2030-01-01",
    ]);
    let refused = command.output().expect("the program starts");
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("sufficit map --as-of 2030-01-01"), "{said}");
}

#[test]
fn a_document_is_found_by_the_path_that_was_given() {
    let bench = Bench::with([("rules/policy.md", POLICY)]);
    bench.ingest().exits(0);
    let whole = bench.evidence().join("rules/policy.md");
    let shown = bench.run(["show", &whole.to_string_lossy(), "--format", "json"]).exits(0).json();
    assert_eq!(shown["paths"], serde_json::json!(["rules/policy.md"]));
    bench.write("other/none.md", "");
    bench.run(["ingest", "evidence"]).exits(0);
    let empty = bench.run(["show", "other/none.md"]).exits(2);
    assert!(empty.err.contains("was not read"), "{}", empty.err);
    for near in ["…s/policy.md", "policy.md", "Rules/Policy.md"] {
        let refused = bench.run(["show", near]).exits(2);
        assert!(refused.err.contains("Did you mean rules/policy.md?"), "{}", refused.err);
    }
    let refused = bench.run(["show", "A.5.1", "--as-of", "20.11.2026"]).exits(2);
    assert!(refused.err.contains("YYYY-MM-DD"), "{}", refused.err);
}

#[test]
fn a_workspace_is_no_evidence() {
    let bench = Bench::with([("a.md", POLICY)]);
    let workspace = bench.evidence().join(".sufficit");
    let around = bench.evidence().to_string_lossy().into_owned();
    let args = ["ingest", &around, "--format", "json"];
    let done = command(&workspace).args(args).output().expect("it runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let paths: Vec<&str> = list(&report, "files").iter().map(|file| text(file, "path")).collect();
    assert_eq!(paths, ["a.md"]);
}

#[test]
fn a_folder_is_forgotten_whole() {
    let bench = Bench::with([("a/x.md", POLICY), ("a/b/y.md", POLICY), ("ab.md", POLICY)]);
    bench.ingest().exits(0);
    let around = bench.evidence().join("..").to_string_lossy().into_owned();
    for other in ["b", "", "/", ".", "..", &around] {
        bench.run(["forget", other]).exits(2);
    }
    bench.run(["forget", "a/"]).exits(0);
    assert_eq!(listed(&bench), ["ab.md"]);

    bench.ingest().exits(0);
    let whole = bench.evidence();
    bench.run(["forget", &whole.to_string_lossy()]).exits(0);
    assert!(listed(&bench).is_empty());
}

#[test]
fn a_search_says_where_no_passage_has_the_words() {
    let bench = Bench::with([("backup.md", POLICY)]);
    bench.ingest().exits(0);
    let says = |query: &str| {
        bench.run(["search", query]).exits(0).out.contains("No passage has these words")
    };
    assert!(says("spare duplicates"));
    assert!(!says("backup copies"));
}

#[test]
fn a_forgotten_file_that_is_read_again_is_listed_as_such() {
    let bench = Bench::with([("a.md", "# Lift log\n\nThe lift was serviced on Monday.\n")]);
    bench.ingest().exits(0);
    bench.run(["forget", "a.md"]).exits(0);
    assert!(!bench.run(["status"]).exits(0).out.contains("read again"));
    bench.ingest().exits(0);
    let status = bench.run(["status"]).exits(0).out;
    let line = status.lines().find(|line| line.starts_with("Forgotten on 20")).expect("is listed");
    assert!(line.contains("a.md") && line.ends_with("was read again"), "{line}");
}
