//! Verdicts whose match is gone, or stands beside others that come and go: what is listed, asked, taken back and told.
#![cfg(unix)]

mod program;
mod server;

use program::{Bench, Done, POLICY, list, number, run_with, text};
use serde_json::{Value, json};
use server::{Client, Server};
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

/// Nothing in it speaks of the AI policy or its review.
const MENU: &str =
    "# Canteen\n\nMonday: soup and bread. Tuesday: rice with beans. The kitchen closes at three.\n";
/// The requirement that the policy is to be reviewed.
const REVIEW: &str = "iso42001:A.2.4";

fn bench() -> Bench {
    let bench = Bench::with([("policy.md", POLICY)]);
    bench.ingest().exits(0);
    bench
}

/// The match of what lies at `path` with the requirement of that id; `None` where there is none.
fn matched(bench: &Bench, path: &str, id: &str) -> Option<Value> {
    let is_it = |found: &Value| {
        text(found, "document") == path
            && text(found, "requirement") == id
            && text(found, "framework") == "iso42001"
    };
    bench.matches().into_iter().find(is_it)
}

fn key(found: &Value) -> String {
    format!(
        "m/{}/{}/{}",
        text(found, "sha256"),
        text(found, "framework"),
        text(found, "requirement")
    )
}

fn give(bench: &Bench, level: &str, key: &str, by: &str) -> Done {
    bench.run(["review", "override", level, key, "--why", "I was there.", "--by", by]).exits(0)
}

/// The same words with one space between.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn post(client: &mut Client, body: &Value) -> server::Answer {
    let csrf = client.csrf.clone();
    let headers = [("Content-Type", "application/json"), ("X-CSRF", csrf.as_str())];
    client.send("POST", "/api/v1/decisions", &headers, body.to_string().as_bytes())
}

#[test]
fn a_client_goes_on_behind_a_match_that_left_the_list() {
    let bench = bench();
    let all: Vec<String> = bench.matches().iter().map(key).collect();
    assert!(all.len() > 2, "{all:?}");
    for key in &all {
        give(&bench, "4", key, "ada");
    }
    bench.write("policy.md", MENU);
    bench.ingest().exits(0);
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let (mut seen, mut next) = (0, String::new());
    loop {
        let path = format!("/api/v1/matches?status=confirm-again&limit=1{next}");
        let part = client.get(&path).is(200).json();
        let found = &list(&part, "items")[0];
        assert_eq!((text(found, "status"), &found["rationale"]), ("confirm-again", &Value::Null));
        let wish = json!({"item": found["item"], "expect": found["review"]["last"], "action": "reject", "why": "No."});
        post(&mut client, &wish).is(201);
        seen += 1;
        match part["next"].as_str() {
            Some(after) => next = format!("&after={}", server::encoded(after)),
            None => break,
        }
    }
    assert_eq!(seen, all.len(), "each once");
}

#[test]
fn nothing_is_decided_on_a_proposal_that_came_while_the_page_was_open() {
    let bench = bench();
    let found = matched(&bench, "policy.md", "A.2.4").expect("the policy is matched");
    give(&bench, "4", &key(&found), "ada");
    bench.write("policy.md", MENU);
    bench.ingest().exits(0);
    let left = key(&matched(&bench, "policy.md", "A.2.4").expect("it waits to be confirmed"));
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let page =
        client.get(&format!("/matches{}?fragment=1", left.trim_start_matches('m'))).is(200).text();
    assert!(page.contains("name=\"rationale\" value=\"none\""), "{page}");

    // Where nothing is proposed still, it is taken down; where something is, it is not.
    let wish = |item: &str, expect: u64| {
        json!({"item": item, "expect": expect, "action": "override",
        "sufficiency": 3, "why": "It is on the menu.", "rationale": "none"})
    };
    post(&mut client, &wish(&left, 1)).is(201);
    bench.write("policy.md", POLICY);
    bench.ingest().exits(0);
    let refused = post(&mut client, &wish(&key(&found), 2)).is(409).json();
    assert!(text(&refused, "detail").contains("Another proposal stands now"), "{refused}");
    let fields = [
        ("item", key(&found)),
        ("expect", "2".to_owned()),
        ("rationale", "none".to_owned()),
        ("action", "override".to_owned()),
        ("sufficiency", "3".to_owned()),
        ("why", "It is on the menu.".to_owned()),
    ];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let again = client.script("/decisions", &fields).is(409).text();
    assert!(again.contains("The proposal changed meanwhile"), "{again}");
}

#[test]
fn a_rejection_of_what_is_in_no_list_can_be_taken_back() {
    let bench = bench();
    let found = matched(&bench, "policy.md", "A.2.4").expect("the policy is matched");
    give(&bench, "5", &key(&found), "ada");
    bench.write("policy.md", MENU);
    bench.ingest().exits(0);
    let left = key(&matched(&bench, "policy.md", "A.2.4").expect("it waits to be confirmed"));
    bench.run(["review", "reject", &left, "--why", "It is a menu."]).exits(0);
    assert_eq!(matched(&bench, "policy.md", "A.2.4"), None);
    let undone = bench.run(["--format", "json", "review", "undo", &left]).exits(0).json();
    assert_eq!((text(&undone, "action"), number(&undone, "undoes")), ("undo", 2));
    let again = matched(&bench, "policy.md", "A.2.4").expect("it waits again");
    assert_eq!(text(&again, "status"), "confirm-again");
    bench.run(["review", "undo", &left]).exits(0);
    let refused = bench.run(["review", "undo", &left]).exits(2);
    assert!(refused.err.contains("nothing in the queue is called"), "{}", refused.err);
}

#[test]
fn a_pick_is_no_answer_where_nothing_was_found() {
    let bench = Bench::with([("empty.txt", "")]);
    bench.ingest().exits(0);
    let only = ["review", "--by", "ada", "--requirement", REVIEW];
    let answers = "+ who approves\n2 3 The minutes show it.\nc Ask the board.\nq\n";
    let told = run_with(&bench.workspace(), only, answers).exits(0).out;
    assert!(told.contains("Nothing found. Try other words."), "{told}");
    let decisions = bench.run(["export", "decisions", "--format", "jsonl"]).exits(0).lines();
    let actions: Vec<&str> = decisions.iter().map(|one| text(one, "action")).collect();
    assert_eq!(actions, ["comment"], "{told}");
}

#[test]
fn u_takes_back_what_was_decided_here_and_not_what_a_colleague_said_since() {
    let bench = bench();
    let mut review = program::command(&bench.workspace())
        .args(["review", "--by", "ada", "--document", "policy.md"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut answers = review.stdin.take().expect("is piped");
    let mut told = BufReader::new(review.stdout.take().expect("is piped")).lines();
    answers.write_all(b"2 The register names another owner.\n").expect("it reads");
    let first = told.by_ref().map_while(Result::ok).find(|line| line.starts_with("decision 1: "));
    let first = first.expect("it is taken down");
    let (_, key) = first.rsplit_once(' ').expect("names the item");
    give(&bench, "1", key, "ben");
    // The first shows the record as it is now.
    answers.write_all(b"?\nu\nq\n").expect("it reads");
    drop(answers);
    let rest: Vec<String> = told.map_while(Result::ok).collect();
    assert!(review.wait().expect("it ends").success());
    let rest = rest.join("\n");
    assert!(rest.contains("Decision 1 holds no more: ben gave 1"), "{rest}");
    let decisions = bench.run(["export", "decisions", "--format", "jsonl"]).exits(0).lines();
    let actions: Vec<&str> = decisions.iter().map(|one| text(one, "action")).collect();
    assert_eq!(actions, ["override", "override"]);
}

#[test]
fn a_file_that_was_not_read_this_time_is_not_called_gone() {
    let bench = bench();
    let found = matched(&bench, "policy.md", "A.2.4").expect("the policy is matched");
    give(&bench, "4", &key(&found), "ada");
    bench.write("policy.md", [0_u8, 159, 146, 150, 0, 1, 2, 3].repeat(40));
    bench.ingest().exits(0);
    let shown = flat(&bench.run(["show", REVIEW]).exits(0).out);
    assert!(shown.contains("Decided on documents that are not in the record now"), "{shown}");
    assert!(shown.contains("policy.md (decision 1). The file was not read"), "{shown}");
    assert!(!shown.contains("The file is gone"), "{shown}");
}

#[test]
fn a_verdict_goes_with_a_file_that_was_moved_and_then_changed() {
    let bench = bench();
    let found = matched(&bench, "policy.md", "A.2.4").expect("the policy is matched");
    give(&bench, "5", &key(&found), "ada");
    // A copy that is changed while the file lies where it did is another document.
    bench.write("copy.md", POLICY);
    bench.ingest().exits(0);
    bench.write("copy.md", format!("{POLICY}\nIt is kept on the intranet.\n"));
    bench.ingest().exits(0);
    let copy = matched(&bench, "copy.md", "A.2.4").expect("the copy is matched");
    assert_eq!((text(&copy, "status"), &copy["decided"]), ("proposed", &Value::Null));

    std::fs::remove_file(bench.evidence().join("policy.md")).expect("is there");
    bench.ingest().exits(0);
    let changed = matched(&bench, "copy.md", "A.2.4").expect("the copy is matched");
    assert_eq!(
        (text(&changed, "status"), number(&changed["decided"], "number")),
        ("confirm-again", 1)
    );
    bench.write("copy.md", MENU);
    bench.ingest().exits(0);
    let left = matched(&bench, "copy.md", "A.2.4").expect("it waits to be confirmed");
    assert_eq!((text(&left, "status"), number(&left, "sufficiency")), ("confirm-again", 0));
    let shown = bench.run(["show", REVIEW, "--format", "json"]).exits(0).json();
    assert!(shown.get("departed").is_none(), "{shown}");
    // It is decided, and taken back, where the file lies now.
    bench.run(["review", "reject", &key(&left), "--why", "It is a menu.", "--by", "ben"]).exits(0);
    assert_eq!(matched(&bench, "copy.md", "A.2.4"), None);
    bench.run(["review", "undo", &key(&left)]).exits(0);
    let undone = bench.run(["--format", "json", "review", "undo", &key(&left)]).exits(0).json();
    assert_eq!(number(&undone, "undoes"), 1);
    assert_eq!(matched(&bench, "copy.md", "A.2.4"), None);
}

#[test]
fn what_the_latest_run_did_not_assess_is_not_listed_to_be_confirmed() {
    let bench = bench();
    let found = matched(&bench, "policy.md", "A.2.4").expect("the policy is matched");
    give(&bench, "4", &key(&found), "ada");
    bench.write("policy.md", MENU);
    bench.ingest().exits(0);
    assert!(matched(&bench, "policy.md", "A.2.4").is_some());
    let settings = bench.beside("sufficit.toml");
    std::fs::write(&settings, "[catalogue]\nframeworks = [\"iso27001\"]\n").expect("is writable");
    bench.run(["map"]).exits(0);
    // The framework is there again, and no run has looked at it since.
    std::fs::remove_file(&settings).expect("is there");
    assert_eq!(matched(&bench, "policy.md", "A.2.4"), None);
    let shown = bench.run(["show", "policy.md", "--format", "jsonl"]).exits(0).lines();
    assert!(shown.iter().all(|found| text(found, "framework") != "iso42001"), "{shown:?}");
}

#[test]
fn what_a_person_added_stands_where_it_is_best() {
    let weaker = POLICY.replace("Approved by the Board on 4 May 2026. ", "Status: draft. ");
    let bench = Bench::with([("policy.md", weaker.as_str()), ("menu.md", MENU)]);
    bench.ingest().exits(0);
    let proposed = matched(&bench, "policy.md", "A.2.4").expect("the draft is matched");
    assert!(number(&proposed, "sufficiency") < 5, "{proposed}");
    let answers = "+ the kitchen closes at three\n1 5 It is on the menu.\nq\n";
    let only = ["review", "--by", "ada", "--requirement", REVIEW];
    let told = run_with(&bench.workspace(), only, answers).exits(0).out;
    assert!(told.contains("decision 1: added 5"), "{told}");
    let order = |found: &[Value]| -> Vec<String> {
        let of_review = found.iter().filter(|found| {
            text(found, "requirement") == "A.2.4" && text(found, "framework") == "iso42001"
        });
        of_review.map(|found| text(found, "document").to_owned()).collect()
    };
    let expected = ["menu.md", "policy.md"];
    assert_eq!(order(&bench.matches()), expected);
    assert_eq!(order(&bench.run(["show", REVIEW, "--format", "jsonl"]).exits(0).lines()), expected);
    let server = Server::start(&bench.workspace());
    let part =
        server.client().get("/api/v1/matches?framework=iso42001&requirement=A.2.4").is(200).json();
    assert_eq!(order(list(&part, "items")), expected);
}
