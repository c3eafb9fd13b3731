//! Decisions in the terminal: taken down, chained, exported, and counted.

mod program;

use program::{Bench, Done, POLICY, list, number, run_with, text};
use serde_json::Value;

const MINUTES: &str = "\
# Minutes of the AI committee, 3 June 2026

Present: M. Okafor, R. Lind. The committee reviewed the AI policy on 3 June 2026 and confirmed it unchanged.
";

fn bench() -> Bench {
    let bench = Bench::with([("policy.md", POLICY), ("minutes.md", MINUTES)]);
    bench.ingest().exits(0);
    bench
}

fn review(bench: &Bench, args: &[&str], answers: &str) -> Done {
    let args = ["review", "--by", "ada"].iter().chain(args);
    run_with(&bench.workspace(), args, answers).exits(0)
}

fn decisions(bench: &Bench) -> Vec<Value> {
    bench.run(["export", "decisions", "--format", "jsonl"]).exits(0).lines()
}

/// The match of the policy with the requirement that it is to be reviewed, and its key.
fn policy_match(bench: &Bench) -> (Value, String) {
    let matches = bench.matches();
    let of_policy = |found: &&Value| {
        text(found, "document") == "policy.md"
            && text(found, "requirement") == "A.2.4"
            && text(found, "framework") == "iso42001"
    };
    let found = matches.iter().find(of_policy).expect("the policy is matched").clone();
    let key = format!("m/{}/iso42001/A.2.4", text(&found, "sha256"));
    (found, key)
}

fn assessed(bench: &Bench) -> u64 {
    let shown = bench.run(["show", "iso42001:A.2.4", "--format", "json"]).exits(0).json();
    number(&shown["assessment"], "sufficiency")
}

/// Requirements of ISO/IEC 42001: covered, and not applicable.
fn covered(bench: &Bench) -> (u64, u64) {
    let status = bench.run(["status", "--format", "json"]).exits(0).json();
    let coverage = &status["coverage"]["iso42001"];
    (number(coverage, "covered"), number(coverage, "not_applicable"))
}

#[test]
fn answers_are_taken_down_and_the_next_item_comes() {
    let bench = bench();
    let only = ["--document", "policy.md"];
    let asked = review(&bench, &only, "?\n");
    assert!(asked.out.contains("a accept"), "{}", asked.out);
    let told = review(&bench, &only, "2 The register names another owner.\ny\nr\ns\na\nu\nu\n");
    assert!(told.out.contains("\"y\" is no answer here"), "{}", told.out);
    assert!(told.out.contains("Say why the document is no evidence."), "{}", told.out);
    assert!(told.out.contains("decision 1: overridden 2 "), "{}", told.out);
    let decisions = decisions(&bench);
    let actions: Vec<&str> = decisions.iter().map(|one| text(one, "action")).collect();
    assert_eq!(actions, ["override", "accept", "undo", "undo"]);
    assert_eq!(text(&decisions[0], "why"), "The register names another owner.");
    assert_eq!(text(&decisions[0], "by"), "ada");
    assert_eq!((number(&decisions[2], "undoes"), number(&decisions[3], "undoes")), (2, 1));
    bench.run(["audit", "verify"]).exits(0);
}

#[test]
fn what_is_decided_counts_at_once_and_after_mapping_again() {
    let bench = bench();
    let (before, key) = policy_match(&bench);
    let proposed = number(&before, "sufficiency");
    let was = (assessed(&bench), covered(&bench));
    assert!(proposed >= 3 && was.0 >= 3, "the policy is defined at least: {before}");

    let script =
        ["--format", "json", "review", "reject", &key, "--why", "It is another company's."];
    let decision = bench.run(script).exits(0).json();
    assert_eq!((text(&decision, "action"), number(&decision, "number")), ("reject", 1));
    let (rejected, _) = policy_match(&bench);
    assert_eq!(text(&rejected, "status"), "rejected");
    assert_eq!(number(&rejected, "sufficiency"), proposed, "the proposal stays in the record");
    assert_eq!(text(&rejected["decided"], "why"), "It is another company's.");
    let now = (assessed(&bench), covered(&bench));
    assert!(now.0 < was.0 && now.1.0 < was.1.0, "{was:?} {now:?}");
    bench.run(["map"]).exits(0);
    assert_eq!((assessed(&bench), covered(&bench)), now, "mapping again changes nothing of it");
    assert_eq!(text(&policy_match(&bench).0, "status"), "rejected");

    bench.run(["review", "undo", &key]).exits(0);
    assert_eq!((assessed(&bench), covered(&bench)), was);
    bench.run(["review", "override", "1", &key, "--why", "Half of it is missing."]).exits(0);
    assert_eq!(assessed(&bench), 2, "the minutes alone");
    let shown = bench.run(["show", "iso42001:A.2.4"]).exits(0);
    assert!(shown.out.contains("Half of it is missing."), "{}", shown.out);
    let csv = bench.run(["export", "matches", "--format", "csv"]).exits(0).out;
    assert!(csv.contains(",overridden,") && csv.contains("Half of it is missing."), "{csv}");
}

#[test]
fn a_requirement_is_decided_as_a_whole() {
    let bench = bench();
    let (covered_before, excluded) = covered(&bench);
    let why = "Nothing is bought from suppliers.";
    bench.run(["review", "not-applicable", "r/iso42001/A.10.3", "--why", why]).exits(0);
    assert_eq!(covered(&bench).1, excluded + 1);
    bench.run(["review", "override", "4", "r/iso42001/A.10.2", "--why", "Shown on site."]).exits(0);
    assert_eq!(covered(&bench).0, covered_before + 1);
    bench.run(["map"]).exits(0);
    assert_eq!(covered(&bench), (covered_before + 1, excluded + 1));
    let shown = bench.run(["show", "iso42001:A.10.3"]).exits(0);
    assert!(shown.out.contains(why), "{}", shown.out);
}

#[test]
fn a_changed_document_asks_to_be_confirmed() {
    let bench = bench();
    let (_, key) = policy_match(&bench);
    bench.run(["review", "accept", &key]).exits(0);
    assert_eq!(text(&policy_match(&bench).0, "status"), "accepted");
    bench.write("policy.md", format!("{POLICY}\nThe AI policy is kept on the intranet.\n"));
    bench.ingest().exits(0);
    assert_eq!(text(&policy_match(&bench).0, "status"), "confirm-again");
    let first = review(&bench, &["--requirement", "iso42001:A.2.4"], "q\n").out;
    assert!(first.contains("changed since it was decided"), "{first}");
}

#[test]
fn what_cannot_be_taken_down_is_refused_in_words() {
    let bench = bench();
    let (_, key) = policy_match(&bench);
    let refused = bench.run(["review", "reject", &key, "--why", " "]).exits(2);
    assert!(refused.err.contains("Say why"), "{}", refused.err);
    let refused = bench.run(["review", "undo", &key]).exits(2);
    assert!(refused.err.contains("no decision holds"), "{}", refused.err);
    for nothing in ["m/abc/iso42001/A.2.4", "r/iso42001/A.99", "policy.md", ""] {
        let refused = bench.run(["review", "accept", nothing]).exits(2);
        assert!(refused.err.contains("nothing in the queue"), "{}", refused.err);
    }
    assert!(decisions(&bench).is_empty());
}

#[test]
fn the_head_of_an_export_is_known_to_the_audit() {
    let bench = bench();
    let (_, key) = policy_match(&bench);
    bench.run(["review", "accept", &key]).exits(0);
    let export = bench.run(["export", "decisions", "--format", "json"]).exits(0).json();
    let head = text(&export["head"], "hash").to_owned();
    assert_eq!((number(&export["head"], "number"), list(&export, "decisions").len()), (1, 1));
    for (kind, format) in [("decisions", "jsonl"), ("decisions", "csv"), ("matches", "json")] {
        let said = bench.run(["export", kind, "--format", format]).exits(0).err;
        assert!(said.contains(&head), "{kind} {format}: {said}");
    }
    assert!(bench.run(["export", "decisions"]).exits(0).out.contains(&head));
    bench.run(["review", "undo", &key]).exits(0);
    let verify = |head: &str| bench.run(["--format", "json", "audit", "verify", "--head", head]);
    let known = verify(&head).exits(0).json();
    assert_eq!((known["known_head"].as_u64(), number(&known, "decisions")), (Some(1), 2));
    let unknown = verify(&"0".repeat(64)).exits(1).json();
    assert_eq!(unknown["sound"], false);
    assert_eq!(text(&list(&unknown, "faults")[0], "fault"), "head-unknown");
    verify("latest").exits(2);
}

#[test]
fn a_corrected_fact_is_judged_by_and_survives_reading_again() {
    let bench = bench();
    let (before, key) = policy_match(&bench);
    let correct = ["review", "correct", "policy.md"];
    let refused = bench.run(correct.iter().chain(&["next-review", "soon"])).exits(2);
    assert!(refused.err.contains("YYYY-MM-DD"), "{}", refused.err);
    bench
        .run(correct.iter().chain(&["status", "draft", "--why", "The signed copy is missing."]))
        .exits(0);
    assert_eq!(policy_match(&bench).0, before, "the match stands until it is mapped again");
    bench.run(["map"]).exits(0);
    let (drafted, _) = policy_match(&bench);
    let is_draft =
        |found: &Value| list(found, "concerns").iter().any(|one| text(one, "code") == "draft");
    assert!(is_draft(&drafted) && !is_draft(&before), "{drafted}");
    assert!(number(&drafted, "sufficiency") < number(&before, "sufficiency"));
    let shown = bench.run(["show", "policy.md"]).exits(0).out;
    assert!(shown.contains("set right by") && shown.contains("decision 1"), "{shown}");

    let bytes = std::fs::read(bench.evidence().join("policy.md")).expect("is there");
    std::fs::remove_file(bench.evidence().join("policy.md")).expect("is there");
    bench.ingest().exits(0);
    bench.write("policy.md", bytes);
    bench.ingest().exits(0);
    assert!(is_draft(&policy_match(&bench).0));

    bench.run(correct.iter().chain(&["status", "approved"])).exits(0);
    bench.run(["map"]).exits(0);
    let (after, same) = policy_match(&bench);
    assert!(!is_draft(&after) && same == key, "{after}");
    assert_eq!(number(&after, "sufficiency"), number(&before, "sufficiency"));
    let fields: Vec<String> =
        decisions(&bench).iter().map(|one| one["value"].to_string()).collect();
    assert_eq!(fields, ["\"draft\"", "\"approved\""]);
}

/// Nothing in it speaks of the AI policy or its review.
const MENU: &str =
    "# Canteen\n\nMonday: soup and bread. Tuesday: rice with beans. The kitchen closes at three.\n";

/// The match of what lies at policy.md now with the requirement that the policy is to be reviewed; `None` where there is none.
fn left_match(bench: &Bench) -> Option<Value> {
    let is_it = |found: &Value| {
        text(found, "document") == "policy.md"
            && text(found, "requirement") == "A.2.4"
            && text(found, "framework") == "iso42001"
    };
    bench.matches().into_iter().find(is_it)
}

#[test]
fn a_verdict_whose_match_is_gone_comes_back_to_be_confirmed() {
    let bench = bench();
    let (before, key) = policy_match(&bench);
    bench.run(["review", "override", "5", &key, "--why", "I was there.", "--by", "ada"]).exits(0);
    assert_eq!(assessed(&bench), 5);
    bench.write("policy.md", MENU);
    bench.ingest().exits(0);

    let left = left_match(&bench).expect("what was decided is in the list");
    assert_eq!((text(&left, "status"), number(&left, "sufficiency")), ("confirm-again", 0));
    assert_eq!(left["decided"]["sha256"], before["sha256"], "the version that was decided on");
    assert_eq!(assessed(&bench), 2, "the minutes alone: what waits to be confirmed covers nothing");
    let only = ["--document", "policy.md"];
    let asked = review(&bench, &only, "a\nq\n").out;
    for words in [
        "changed since it was decided",
        "ada gave 5 in place of",
        "Another version lies there now",
        "Nothing is proposed here that could be accepted",
    ] {
        let flat = asked.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "{words}: {asked}");
    }
    bench.run(["map"]).exits(0);
    assert_eq!(assessed(&bench), 2, "mapping again changes nothing of it");

    review(&bench, &only, "3 The kitchen reviews it with the menu.\nq\n");
    let left = left_match(&bench).expect("it was confirmed");
    assert_eq!((text(&left, "status"), assessed(&bench)), ("overridden", 3));
    bench.run(["map"]).exits(0);
    assert_eq!(assessed(&bench), 3);
    let key = format!("m/{}/iso42001/A.2.4", text(&left, "sha256"));
    bench.run(["review", "reject", &key, "--why", "It is a menu."]).exits(0);
    assert_eq!((left_match(&bench), assessed(&bench)), (None, 2), "both say that there is nothing");
}

#[test]
fn what_was_decided_on_a_file_that_is_gone_is_told_and_asks_nobody() {
    let bench = bench();
    let (_, key) = policy_match(&bench);
    bench.run(["review", "override", "4", &key, "--why", "It is in force."]).exits(0);
    std::fs::remove_file(bench.evidence().join("policy.md")).expect("is there");
    bench.ingest().exits(0);
    assert_eq!((left_match(&bench), assessed(&bench)), (None, 2));
    let shown = bench.run(["show", "iso42001:A.2.4"]).exits(0).out;
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("Decided on documents that are not in the record now"), "{shown}");
    assert!(flat.contains("policy.md (decision 1). The file is gone. It is in force."), "{shown}");
    let json = bench.run(["show", "iso42001:A.2.4", "--format", "json"]).exits(0).json();
    assert_eq!(number(&list(&json, "departed")[0], "number"), 1);
    // The same bytes at another place are the same match.
    bench.write("moved.md", POLICY);
    bench.ingest().exits(0);
    assert_eq!(assessed(&bench), 4);
}

#[test]
fn a_match_that_was_missed_is_added_assigned_and_remarked_on() {
    let bench = bench();
    let before = covered(&bench).0;
    let only = ["--requirement", "iso42001:A.10.3"];
    let answers = "n\n+ who looks after the wording\n\n+ who looks after the wording\n40 3 No such passage.\n\
        + who looks after the wording\n1 3 It names who asks the supplier.\n@ Ben Lind 2026-12-01\nc Ask the board.\nn\nq\n";
    let told = review(&bench, &only, answers).out;
    assert!(told.contains("No other document is held against iso42001:A.10.3"), "{told}");
    assert!(told.contains("There is no passage 40"), "{told}");
    assert!(told.contains("decision 1: added 3 m/"), "{told}");
    let all = decisions(&bench);
    let actions: Vec<&str> = all.iter().map(|one| text(one, "action")).collect();
    assert_eq!(actions, ["add", "assign", "comment"]);
    assert_eq!((text(&all[1], "to"), text(&all[1], "due")), ("Ben Lind", "2026-12-01"));
    assert_eq!(text(&all[2], "why"), "Ask the board.");
    let place = &all[0]["passage"];
    assert!(number(place, "end") > number(place, "start"), "{place}");
    let shown = told.rsplit_once("decision 3: ").expect("is acknowledged").1;
    assert!(
        shown.contains("/iso42001/A.10.3 (") && shown.contains("m/"),
        "the next document: {shown}"
    );
    let added = || {
        let is_it = |found: &Value| text(found, "requirement") == "A.10.3";
        bench.matches().into_iter().find(is_it).expect("it is in the list")
    };
    assert_eq!((text(&added(), "status"), number(&added(), "sufficiency")), ("added", 3));
    assert_eq!(covered(&bench).0, before + 1);

    // A new version of its file: nobody has looked at that yet.
    let path = text(&added(), "document").to_owned();
    let text_of = if path == "policy.md" { POLICY } else { MINUTES };
    bench.write(&path, format!("{text_of}\nIt is kept on the intranet.\n"));
    bench.ingest().exits(0);
    assert_eq!((text(&added(), "status"), number(&added(), "sufficiency")), ("confirm-again", 0));
    assert_eq!(covered(&bench).0, before);
    let again = review(&bench, &only, "2 It says so still.\nq\n").out;
    assert!(again.contains("added it with 3"), "{again}");
    assert_eq!(text(&added(), "status"), "overridden");
}
