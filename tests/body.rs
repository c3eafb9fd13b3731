//! The body of evidence: what documents make of a requirement together, and what copies, older versions and contradictions do to it.

mod papers;
mod parts;
mod program;
mod writing;

use papers::{APPROVED, POLICY, PROCEDURE};
use program::{Bench, list, number, text};
use serde_json::Value;
use std::collections::BTreeMap;
use writing::{Chapter, Paper};

/// What `show` says of a requirement.
fn shown(bench: &Bench, requirement: &str) -> Value {
    bench.run(["show", requirement, "--format", "json"]).exits(0).json()
}

/// The grade of each requirement over the whole body of evidence.
fn assessed(bench: &Bench, requirements: &[&str]) -> BTreeMap<String, u64> {
    let grade = |name: &&str| {
        ((*name).to_owned(), number(&shown(bench, name)["assessment"], "sufficiency"))
    };
    requirements.iter().map(grade).collect()
}

const ASKED: [&str; 5] =
    ["iso42001:A.5.2", "iso42001:A.2.2", "iso42001:A.2.4", "iso42001:A.5.4", "iso42001:5.2"];

fn control(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let changed = |label: &str| changes.iter().find(|(known, _)| *known == label);
    APPROVED.iter().map(|entry| *changed(entry.0).unwrap_or(entry)).collect()
}

#[test]
fn a_copy_is_named_and_raises_nothing() {
    let bench =
        Bench::with([("procedure.md", PROCEDURE.markdown()), ("policy.md", POLICY.markdown())]);
    bench.ingest().exits(0);
    let before = assessed(&bench, &ASKED);
    bench.write("sent/procedure.docx", PROCEDURE.docx());
    bench.write("old/policy (1).html", POLICY.html());
    bench.ingest().exits(0);
    assert_eq!(assessed(&bench, &ASKED), before);
    let whole = shown(&bench, "iso42001:A.5.2");
    let copies: Vec<&Value> = list(&whole["assessment"], "evidence")
        .iter()
        .filter(|share| share.get("copy_of").is_some())
        .collect();
    assert!(!copies.is_empty(), "{whole:#}");
    assert!(copies.iter().any(|copy| text(&copy["copy_of"], "how") == "same-text"), "{copies:#?}");
    let told = bench.run(["show", "iso42001:A.5.2"]).exits(0).out;
    assert!(told.contains("Not counted: the same text as "), "{told}");
}

#[test]
fn an_older_version_is_named_and_raises_nothing() {
    let few: Vec<Chapter<'_>> = POLICY.chapters.iter().skip(1).copied().collect();
    let shorter = Paper { chapters: &few, ..POLICY };
    let old = control(&[
        ("Version", "1.0"),
        ("Approval date", "14 May 2025"),
        ("Next review", "14 May 2027"),
    ]);
    let older = Paper { control: &old, ..POLICY };
    let bench = Bench::with([("policy.md", shorter.markdown())]);
    bench.ingest().exits(0);
    let before = assessed(&bench, &ASKED);
    bench.write("archive/policy.docx", older.docx());
    bench.ingest().exits(0);
    assert_eq!(assessed(&bench, &ASKED), before, "what the new version dropped does not come back");
    let told = bench.run(["show", "iso42001:A.2.2"]).exits(0).out;
    assert!(told.contains("Not counted: an earlier version of policy.md"), "{told}");
    assert!(told.contains("text in force: policy.md"), "{told}");
    let told = bench.run(["show", "archive/policy.docx"]).exits(0).out;
    assert!(told.contains("not counted an earlier version of policy.md"), "{told}");
}

/// A document of one rule, among others on the subject.
fn access(title: &'static str, rule: &str) -> String {
    let opening = "A right is granted on need to know and least privilege, after a request that a manager has approved, and withdrawn when a role ends.";
    let leaving = "Rights are changed when someone takes another job, and revoked by the last working day when someone leaves.";
    let rules = [opening, leaving, rule];
    let chapters = [Chapter { heading: "Review of access rights", paragraphs: &rules }];
    Paper { title, control: APPROVED, chapters: &chapters }.markdown()
}

const QUARTERLY: &str =
    "Access rights are reviewed every quarter by the owners of the information.";
const YEARLY: &str = "All access rights are reviewed once a year by the owners of the information.";

#[test]
fn two_review_intervals_are_a_contradiction_with_both_sides_quoted() {
    let bench = Bench::with([
        ("access.md", access("Access control policy", QUARTERLY)),
        ("handbook.md", access("Handbook of the IT department", YEARLY)),
    ]);
    let evidence = bench.evidence();
    let told = bench.run(["ingest".as_ref(), evidence.as_os_str()]).exits(0).out;
    assert!(told.contains("contradict each other on iso27001:A.5.18"), "{told}");
    let whole = shown(&bench, "iso27001:A.5.18");
    let [found] = list(&whole["assessment"], "contradictions") else {
        panic!("one contradiction: {:#}", whole["assessment"])
    };
    assert_eq!(text(found, "aspect"), "interval");
    let mut quotes: Vec<&str> =
        list(found, "sides").iter().map(|side| text(&side["citation"], "quote")).collect();
    quotes.sort_unstable();
    assert_eq!(quotes, [QUARTERLY, YEARLY]);
    let told = bench.run(["show", "iso27001:A.5.18"]).exits(0).out;
    assert!(told.contains("Contradiction: Documents in force differ on how often"), "{told}");
}

#[test]
fn rules_that_can_both_be_kept_are_no_contradiction() {
    let others = [
        "Access rights are reviewed at least once a year.",
        "Privileged access rights are reviewed every month.",
        "Access rights of suppliers are reviewed once a year.",
        "These rights are reviewed once a year.",
        "Internal audit reviews all access rights once a year.",
    ];
    for other in others {
        let bench = Bench::with([
            ("access.md", access("Access control policy", QUARTERLY)),
            ("handbook.md", access("Handbook of the IT department", other)),
        ]);
        bench.ingest().exits(0);
        let whole = shown(&bench, "iso27001:A.5.18");
        let found = list(&whole["assessment"], "contradictions");
        assert!(found.is_empty(), "{other}: {found:#?}");
    }
}

#[test]
fn what_is_not_in_force_contradicts_nothing() {
    let draft = access("Handbook of the IT department", YEARLY).replace("Approved |", "Draft |");
    let bench = Bench::with([
        ("access.md", access("Access control policy", QUARTERLY)),
        ("handbook.md", draft),
    ]);
    bench.ingest().exits(0);
    let whole = shown(&bench, "iso27001:A.5.18");
    assert!(list(&whole["assessment"], "contradictions").is_empty());
}

#[test]
fn a_whole_folder_that_lies_there_twice_is_worth_the_same() {
    let bench = Bench::new();
    let folder = parts::root().join("examples/vellmoor-coldchain");
    let mut folders = vec![folder.clone()];
    let mut files = Vec::new();
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().expect("the folder is listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    for file in &files {
        let name = file.strip_prefix(&folder).expect("lies in it").to_string_lossy().into_owned();
        bench.write(&name, std::fs::read(file).expect("is readable"));
    }
    bench.ingest();
    let coverage = |bench: &Bench| {
        bench.run(["status", "--format", "json"]).exits(0).json()["coverage"].clone()
    };
    let before = coverage(&bench);
    // Other bytes, the same words: what a mail programme or a download makes of a file.
    for file in &files {
        let name = file.strip_prefix(&folder).expect("lies in it").to_string_lossy().into_owned();
        if [".md", ".txt", ".csv", ".html"].iter().any(|ending| name.ends_with(ending)) {
            let mut bytes = std::fs::read(file).expect("is readable");
            bytes.extend_from_slice(b"\n\n");
            bench.write(&format!("copies/{name}"), bytes);
        }
    }
    bench.ingest();
    assert_eq!(coverage(&bench), before);
}

#[test]
fn what_an_audit_report_finds_against_a_requirement_keeps_it_from_being_covered() {
    let bench =
        Bench::with([("procedure.md", PROCEDURE.markdown()), ("policy.md", POLICY.markdown())]);
    bench.ingest().exits(0);
    let before = assessed(&bench, &ASKED);
    assert!(before["iso42001:A.5.2"] >= 3, "{before:?}");
    let report = |state: &str| {
        format!(
            "# Internal audit report, ISO/IEC 42001\n\nAuditor: Ilse March. Report of 3 July 2026.\n\n## Findings\n\n\
             | No | Grade | Finding | Control | State |\n|---|---|---|---|---|\n\
             | NC-1 | major | Two pilots went live without an impact assessment | A.5.2 | {state} |\n"
        )
    };
    bench.write("audit.md", report("open"));
    bench.ingest().exits(0);
    let open = shown(&bench, "iso42001:A.5.2");
    assert_eq!(number(&open["assessment"], "sufficiency"), 2);
    assert!(text(&open["assessment"], "gap").contains("nonconformity"), "{}", open["assessment"]);
    let stated = list(&open, "matches").iter().find(|found| text(found, "document") == "audit.md");
    let concerns = list(stated.expect("the report is a match"), "concerns");
    let concern = concerns.iter().find(|concern| text(concern, "code") == "nonconformity");
    let quote = text(&concern.expect("it is a concern")["citation"], "quote");
    assert!(quote.contains("Two pilots went live"), "{quote}");

    bench.write("audit.md", report("closed 4 September 2026"));
    bench.ingest().exits(0);
    assert!(assessed(&bench, &ASKED)["iso42001:A.5.2"] >= before["iso42001:A.5.2"]);
}
