//! Decisions over HTTP, with and without script: what is taken down, what is refused and how, and that a queue's address
//! shows the same list whenever it is opened.
#![cfg(unix)]

mod program;
mod server;

use program::{Bench, run, run_with, text};
use serde_json::Value;
use server::{Answer, Client, Server, between};
use std::collections::BTreeSet;

const POLICY: &str = "# AI policy

Version 2.0. Owner: Head of AI. Approved by the Managing Director on 3 March 2026. Next review: March 2027.

## Purpose

This AI policy lays down how we develop and use AI systems responsibly. It gives a framework for setting AI objectives and
commits us to meet legal requirements and to improve the AI management system continually.

## Roles

The Head of AI is responsible for the AI management system and reports to top management every quarter. Everybody who works
on AI systems may report concerns to the ethics office, in confidence and without fear of reprisal.
";

const PROCEDURE: &str = "# Impact assessment procedure

Before an AI system is released, its owner assesses the impact on individuals, groups and society. The assessment is
documented, reviewed each year and kept for six years after the system was retired. The AI policy is reviewed every year.
";

/// Two documents, mapped.
fn mapped() -> Bench {
    let bench = Bench::with([("ai-policy.md", POLICY), ("impact.md", PROCEDURE)]);
    bench.ingest().exits(0);
    bench
}

fn decisions(bench: &Bench) -> Vec<Value> {
    run(&bench.workspace(), ["export", "decisions", "--format", "jsonl"]).exits(0).lines()
}

/// The keys of the rows of a page.
fn rows(page: &Answer) -> Vec<String> {
    let text = page.text();
    let rows = text.split("<li class=\"item\" data-item=\"").skip(1);
    rows.filter_map(|row| Some(row.split_once('"')?.0.to_owned())).collect()
}

/// The keys of all rows of a view, page by page.
fn every_row(client: &mut Client, address: &str) -> Vec<String> {
    let mut page = client.open(address).is(200);
    let mut all = rows(&page);
    while let Some(next) = between(&page.text(), "rel=\"next\" href=\"", "\"") {
        if !next.starts_with("/queue") {
            break;
        }
        page = client.open(&next.replace("&amp;", "&")).is(200);
        let more = rows(&page);
        assert!(!more.is_empty() && all.len().is_multiple_of(200), "{next} goes on with {more:?}");
        all.extend(more);
    }
    all
}

/// The value of a field that is not shown, in the form of the verdict.
fn hidden(page: &str, name: &str) -> String {
    let form = page.split_once("<form class=\"decide\"").expect("has the form").1;
    between(form, &format!("name=\"{name}\" value=\""), "\"").unwrap_or_default()
}

/// What the form of the verdict in `detail` sends along.
fn form(detail: &str) -> Vec<(String, String)> {
    ["item", "expect", "run", "rationale", "back"]
        .map(|name| (name.to_owned(), hidden(detail, name).replace("&amp;", "&")))
        .to_vec()
}

/// Sends the form in `detail` with the fields `given` as well, by script or plainly.
fn sent(client: &mut Client, detail: &str, given: &[(&str, &str)], by_script: bool) -> Answer {
    let own = form(detail);
    let mut fields: Vec<(&str, &str)> =
        own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend_from_slice(given);
    if by_script {
        client.script("/decisions", &fields)
    } else {
        client.post("/decisions", &fields)
    }
}

/// The address of the detail of an item.
fn fragment(item: &str) -> String {
    let (kind, rest) = item.split_once('/').expect("a key has parts");
    let place = if kind == "m" { "matches" } else { "requirements" };
    format!("/{place}/{rest}?fragment=1")
}

/// The key of the first match in the queue.
fn first_match(client: &mut Client) -> String {
    let rows = rows(&client.open("/queue").is(200));
    rows.into_iter().find(|key| key.starts_with("m/")).expect("a match needs a person")
}

#[test]
fn a_queue_is_worked_off_without_script() {
    let bench = mapped();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let before = every_row(&mut client, "/queue");
    let queue = client.open("/queue").is(200);
    let item = hidden(&queue.text(), "item");
    assert_eq!(before.first(), Some(&item), "the first item is the one that is shown");
    let answer = sent(&mut client, &queue.text(), &[("action", "accept")], false).is(303);
    let next = answer.header("location").expect("leads on").to_owned();
    let after = client.open(&next).is(200);
    assert_eq!(hidden(&after.text(), "item"), before[1], "the next item is there");
    assert!(!rows(&after).contains(&item), "what was decided has left the queue");
    // What was decided counts at once, so the rest may be worth more or less than before.
    let rest: BTreeSet<String> = every_row(&mut client, "/queue").into_iter().collect();
    assert_eq!(rest, before[1..].iter().cloned().collect());
    let decided = rows(&client.open("/queue?status=decided").is(200));
    assert_eq!(decided, [item]);
}

#[test]
fn a_decision_answers_a_script_with_the_new_detail() {
    let bench = mapped();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let item = first_match(&mut client);
    let detail = client.get(&fragment(&item)).is(200).text();
    assert!(detail.starts_with("<article class=\"detail\""), "{detail}");
    let given =
        [("action", "override"), ("sufficiency", "1"), ("why", "Only the subject is named.")];
    let answer = sent(&mut client, &detail, &given, true).is(200).text();
    assert!(answer.contains("data-status=\"overridden\""), "{answer}");
    assert!(answer.contains("Only the subject is named."), "{answer}");
    assert!(answer.contains("data-expect=\"1\""), "{answer}");
    let undone = sent(&mut client, &answer, &[("action", "undo")], true).is(200).text();
    assert!(undone.contains("data-status=\"proposed\""), "{undone}");
    let decided = decisions(&bench);
    assert_eq!(decided.len(), 2);
    assert_eq!(text(&decided[1], "action"), "undo");
    assert_eq!(decided[0]["seen"]["rationale"], decided[1]["seen"]["rationale"]);
    run(&bench.workspace(), ["audit", "verify"]).exits(0);
}

#[test]
fn a_verdict_that_needs_a_reason_is_refused_without_one() {
    let bench = mapped();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let item = first_match(&mut client);
    let detail = client.get(&fragment(&item)).text();
    for given in [
        &[("action", "reject")][..],
        &[("action", "override"), ("sufficiency", "2"), ("why", "  ")],
        &[("action", "override"), ("why", "No score.")],
        &[("action", "override"), ("sufficiency", "6"), ("why", "Too high.")],
        &[("action", "not-applicable"), ("why", "A match always applies.")],
        &[("action", "undo")],
        &[("action", "add"), ("sufficiency", "2"), ("start", "0"), ("end", "4")],
        &[("action", "assign"), ("due", "soon")],
        &[("action", "erase")],
    ] {
        let answer = sent(&mut client, &detail, given, true).is(422);
        let kind = answer.header("content-type").unwrap_or_default();
        assert!(kind.starts_with("text/plain"), "{kind}");
        assert!(answer.text().ends_with('.'), "a sentence: {}", answer.text());
    }
    let page = sent(&mut client, &detail, &[("action", "reject")], false).is(422).text();
    assert!(page.contains("Say why the document is no evidence."), "{page}");
    let given = [("action", "override"), ("sufficiency", "6"), ("why", "Kept <as> typed")];
    let page = sent(&mut client, &detail, &given, false).is(422).text();
    assert!(page.contains("Kept &lt;as&gt; typed"), "{page}");
    assert!(decisions(&bench).is_empty());
}

#[test]
fn the_second_of_two_reviewers_sees_who_decided() {
    let bench = mapped();
    let server = Server::start(&bench.workspace());
    let (mut one, mut other) = (server.client(), server.client());
    let item = first_match(&mut one);
    let seen = one.get(&fragment(&item)).text();
    let also = other.open("/queue").is(200).text();
    assert!(also.contains(&item));
    sent(&mut one, &seen, &[("action", "accept")], true).is(200);
    let given = [("action", "reject"), ("why", "It is about buildings.")];
    let answer = sent(&mut other, &seen, &given, true).is(409).text();
    let by = text(&decisions(&bench)[0], "by").to_owned();
    assert!(answer.contains(&format!("{by} decided this on ")), "{answer}");
    assert!(answer.contains("It is about buildings."), "what was typed is kept: {answer}");
    assert!(answer.contains("data-expect=\"1\""), "{answer}");
    let plain = sent(&mut other, &seen, &given, false).is(409).text();
    assert!(plain.contains("<html") && plain.contains("decided this on "), "{plain}");
    // Having seen it, the second may overrule the first.
    let overruled = sent(&mut other, &answer, &given, true).is(200).text();
    assert!(overruled.contains("data-status=\"rejected\""), "{overruled}");
    assert_eq!(decisions(&bench).len(), 2);
}

#[test]
fn of_two_reviewers_the_second_sees_the_first_by_name() {
    let bench = mapped();
    let password = "a long enough password";
    for name in ["ada", "ben"] {
        run_with(
            &bench.workspace(),
            ["user", "add", name, "--role", "reviewer", "--password-stdin"],
            &format!("{password}\n"),
        )
        .exits(0);
    }
    let server = Server::start(&bench.workspace());
    let (mut ada, mut ben) = (server.login("ada", password), server.login("ben", password));
    let item = first_match(&mut ada);
    let before_both = ben.get(&fragment(&item)).is(200).text();
    sent(&mut ada, &before_both, &[("action", "accept")], true).is(200);

    let given = [("action", "override"), ("sufficiency", "1"), ("why", "It is a draft.")];
    let refused = sent(&mut ben, &before_both, &given, true).is(409).text();
    assert!(
        refused.contains("ada decided this on ") && refused.contains(": accepted."),
        "{refused}"
    );
    assert!(refused.contains("<strong>ada</strong> accepted"), "in the history too: {refused}");
    let seen = ben.get(&fragment(&item)).is(200).text();
    assert!(seen.contains("data-status=\"accepted\"") && seen.contains("<strong>ada</strong>"));
    sent(&mut ben, &seen, &given, true).is(200);
    let by: Vec<String> = decisions(&bench).iter().map(|one| text(one, "by").to_owned()).collect();
    assert_eq!(by, ["ada", "ben"]);
}

#[test]
fn a_verdict_whose_match_is_gone_says_so_on_its_page() {
    let bench = mapped();
    let matches = bench.matches();
    let found = matches.iter().find(|found| text(found, "document") == "impact.md");
    let (sha, name) = found
        .map(|found| (text(found, "sha256"), text(found, "requirement")))
        .expect("the procedure is matched");
    let framework = text(found.expect("is there"), "framework");
    let key = format!("m/{sha}/{framework}/{name}");
    run(&bench.workspace(), ["review", "override", "5", &key, "--why", "Seen.", "--by", "ada"])
        .exits(0);
    bench.write("impact.md", "# Canteen\n\nMonday: soup and bread. Tuesday: rice with beans.\n");
    bench.ingest().exits(0);

    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let again = rows(&client.open("/queue?need=changed").is(200));
    assert_eq!(again.len(), 1, "{again:?}");
    assert!(again[0].ends_with(&format!("/{framework}/{name}")) && again[0] != key, "{again:?}");
    let detail = client.get(&fragment(&again[0])).is(200).text();
    for words in
        ["ada gave 5 in place of", "Another version lies there now", &format!("/documents/{sha}")]
    {
        assert!(detail.contains(words), "{words}: {detail}");
    }
    assert!(!detail.contains("value=\"accept\""), "there is nothing to accept: {detail}");
    let row = client.get("/api/v1/queue?need=changed").is(200).json();
    assert_eq!(row["items"][0]["review"]["decided"]["sha256"], sha);
    let given = [("action", "override"), ("sufficiency", "2"), ("why", "It is on the menu.")];
    let confirmed = sent(&mut client, &detail, &given, true).is(200).text();
    assert!(confirmed.contains("data-status=\"overridden\""), "{confirmed}");

    // The file is taken away: nothing is asked, and the requirement's history has it.
    std::fs::remove_file(bench.evidence().join("impact.md")).expect("is there");
    bench.ingest().exits(0);
    assert_eq!(rows(&client.open("/queue?need=changed").is(200)), [""; 0]);
    let requirement = client.get(&format!("/requirements/{framework}/{name}")).is(200).text();
    assert!(requirement.contains("that are not in the record now"), "{requirement}");
    assert!(requirement.contains("It is on the menu.") && requirement.contains("impact.md"));
}

#[test]
fn the_overview_counts_what_is_shown_and_hatches_what_nothing_was_found_for() {
    let bench = mapped();
    let args = |action: &'static str, key: &'static str| {
        ["review", action, key, "--why", "So it is.", "--by", "ada"]
    };
    run(&bench.workspace(), args("not-applicable", "r/iso42001/A.10.3")).exits(0);
    run(
        &bench.workspace(),
        ["review", "override", "0", "r/iso42001/A.10.4", "--why", "No.", "--by", "ada"],
    )
    .exits(0);
    let server = Server::start_with(&bench.workspace(), &["--framework", "iso42001"]);
    let mut client = server.client();
    let overview = client.open("/").is(200).text();
    let queue = client.open("/queue").is(200).text();
    let figure = between(&overview, "class=\"figure\"><a href=\"/queue\">", "</a>")
        .expect("a tile counts them");
    let open = between(&queue, "id=\"open-count\"", "</strong>").expect("the queue counts them");
    assert_eq!(open.rsplit_once('>').map(|(_, count)| count), Some(figure.as_str()));

    let class = |id: &str| {
        let (before, _) =
            overview.split_once(&format!("href=\"/requirements/iso42001/{id}\" title"))?;
        Some(before.rsplit_once("class=\"")?.1.split('"').next()?.to_owned())
    };
    assert_eq!(class("A.10.4").as_deref(), Some("cell s0 decided"), "a person said so");
    assert_eq!(class("A.10.3").as_deref(), Some("cell n-a decided"));
    let none = bench.matches();
    let is_found = |id: &str| {
        none.iter()
            .any(|one| text(one, "framework") == "iso42001" && text(one, "requirement") == id)
    };
    for id in ["A.10.2", "A.9.4", "A.8.4", "7.2"] {
        let class = class(id).expect("is on the map");
        assert_eq!(class == "cell none", !is_found(id), "{id}: {class}");
    }

    let declared = client.get("/requirements/iso42001/A.10.3").is(200).text();
    assert!(declared.contains("ada declared it not applicable on "), "{declared}");
    assert!(!declared.contains("The settings declare"), "{declared}");
    let listed = client.get("/requirements?status=not-applicable").is(200).text();
    assert!(listed.contains("/requirements/iso42001/A.10.3\""), "{listed}");
}

#[test]
fn what_the_settings_leave_out_is_listed_as_it_is_shown() {
    let bench = mapped();
    let settings =
        "[[not_applicable]]\nrequirement = \"iso42001:A.10.3\"\nwhy = \"We buy nothing.\"\n";
    std::fs::write(bench.beside("sufficit.toml"), settings).expect("is writable");
    run(&bench.workspace(), ["map"]).exits(0);
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let page = client.get("/requirements/iso42001/A.10.3").is(200).text();
    assert!(page.contains("The settings declare it not applicable: We buy nothing."), "{page}");
    assert!(page.contains("data-status=\"not-applicable\""), "{page}");
    let mut row = |status: &str| {
        let listed = client.get(&format!("/requirements?status={status}")).is(200).text();
        listed.contains("/requirements/iso42001/A.10.3\"")
    };
    assert!(row("not-applicable") && !row("proposed"));
}

#[test]
fn what_is_sent_twice_is_taken_down_once() {
    let bench = mapped();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let item = first_match(&mut client);
    let detail = client.get(&fragment(&item)).text();
    for given in [
        &[("action", "comment"), ("why", "Ask the owner.")][..],
        &[("action", "reject"), ("why", "It is about buildings.")],
    ] {
        let first = sent(&mut client, &detail, given, true).is(200).text();
        let second = sent(&mut client, &detail, given, true).is(200).text();
        let last = |detail: &str| between(detail, "data-expect=\"", "\"");
        assert_eq!(last(&first), last(&second));
    }
    assert_eq!(decisions(&bench).len(), 2);
}

#[test]
fn a_proposal_that_changed_is_looked_at_again() {
    let bench = mapped();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let item = first_match(&mut client);
    let detail = client.get(&fragment(&item)).text();
    let mut fields = form(&detail);
    let rationale = fields.iter_mut().find(|(name, _)| name == "rationale").expect("is sent");
    rationale.1 = "0".repeat(64);
    let given: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .chain([("action", "accept")])
        .collect();
    let answer = client.script("/decisions", &given).is(409).text();
    assert!(answer.contains("The proposal changed meanwhile"), "{answer}");
    assert!(decisions(&bench).is_empty());
    // Another run that proposes the same asks nobody to look again.
    run(&bench.workspace(), ["map", "--as-of", "2026-11-20"]).exits(0);
    sent(&mut client, &detail, &[("action", "accept")], true).is(200);
    // A file that changed is another version: the old page's item is gone.
    bench.write("ai-policy.md", format!("{POLICY}\nIt was changed.\n"));
    bench.write("impact.md", format!("{PROCEDURE}\nIt was changed.\n"));
    bench.ingest().exits(0);
    let gone = sent(&mut client, &detail, &[("action", "undo")], true).is(404).text();
    assert!(gone.contains("No file holds this version"), "{gone}");
}

#[test]
fn a_queue_has_a_steady_address() {
    let bench = mapped();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let all = every_row(&mut client, "/queue?status=all");
    let once: BTreeSet<&String> = all.iter().collect();
    assert_eq!(once.len(), all.len(), "every item is there once");
    assert!(every_row(&mut client, "/queue").iter().all(|key| all.contains(key)));
    let mut narrowed = 0;
    for address in [
        "/queue?framework=iso42001",
        "/queue?framework=iso42001&theme=A.2",
        "/queue?kind=policy",
        "/queue?kind=requirement",
        "/queue?score=0&status=all",
        "/queue?confidence=middle",
        "/queue?need=nothing-found",
        "/queue?status=confirm-again",
        "/queue?assigned=nobody",
    ] {
        let first = every_row(&mut client, address);
        assert_eq!(first, every_row(&mut client, address), "{address}");
        assert!(first.iter().all(|key| all.contains(key)), "{address}");
        narrowed += usize::from(!first.is_empty() && first.len() < all.len());
        // Each row leads to the same list with that row selected.
        if let Some(last) = first.last() {
            let there = client.open(&format!("{address}&item={last}")).is(200);
            assert!(rows(&there).contains(last), "{address}: the page of the list that has it");
            assert_eq!(hidden(&there.text(), "item"), *last, "{address}");
        }
    }
    assert!(narrowed >= 5, "the filters narrow the list");
    for nothing in ["/queue?framework=none", "/queue?score=9&page=x&item=y", "/queue?page=99999"] {
        client.open(nothing).is(200);
    }
    let empty = client.open("/queue?status=rejected").is(200).text();
    assert!(empty.contains("Nothing here needs a person"), "{empty}");
}

#[test]
fn a_match_that_was_missed_is_added() {
    let bench = mapped();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let proposed = every_row(&mut client, "/queue?status=all");
    let sha = first_match(&mut client).split('/').nth(1).expect("has a document").to_owned();
    let item = format!("m/{sha}/iso27001/A.7.4");
    assert!(!proposed.contains(&item), "no run proposes it");
    client.get(&fragment(&item)).is(404);
    let passage = program::command(&bench.workspace())
        .args(["search", "responsible", "--format", "json"])
        .output()
        .expect("runs");
    let hits: Value = serde_json::from_slice(&passage.stdout).expect("is JSON");
    let hit = hits.as_array().expect("a list").iter().find(|hit| hit["sha256"] == sha.as_str());
    let citation = &hit.expect("the document has it")["citation"];
    let (start, end) = (citation["start"].to_string(), citation["end"].to_string());
    let given = [
        ("item", item.as_str()),
        ("expect", "0"),
        ("action", "add"),
        ("sufficiency", "2"),
        ("why", "It names who watches the building."),
        ("start", start.as_str()),
        ("end", end.as_str()),
        ("back", "/queue"),
    ];
    client.post("/decisions", &given).is(303);
    client.post("/decisions", &given).is(303);
    assert_eq!(decisions(&bench).len(), 1, "what is sent twice is added once");
    let page = client.open(&format!("/matches/{sha}/iso27001/A.7.4")).is(200).text();
    assert!(page.contains("data-status=\"added\""), "{page}");
    assert!(page.contains("It names who watches the building."), "{page}");
    let listed = rows(&client.open("/queue?status=added").is(200));
    assert_eq!(listed, std::slice::from_ref(&item));
    let detail = client.get(&fragment(&item)).is(200).text();
    sent(&mut client, &detail, &[("action", "undo")], true).is(200);
    assert!(rows(&client.open("/queue?status=added").is(200)).is_empty());
}

#[test]
fn a_viewer_sees_everything_and_decides_nothing() {
    let bench = mapped();
    let password = "a long enough password";
    for (name, role) in [("ada", "reviewer"), ("vera", "viewer")] {
        run_with(
            &bench.workspace(),
            ["user", "add", name, "--role", role, "--password-stdin"],
            &format!("{password}\n"),
        )
        .exits(0);
    }
    let server = Server::start(&bench.workspace());
    let (mut ada, mut vera) = (server.login("ada", password), server.login("vera", password));
    let item = first_match(&mut ada);
    let detail = ada.get(&fragment(&item)).is(200).text();
    let seen = vera.get(&fragment(&item)).is(200).text();
    assert!(!seen.contains("<form"), "{seen}");
    let given = [("action", "accept")];
    let refused = sent(&mut vera, &detail, &given, true).is(403).text();
    assert!(refused.contains("it takes a reviewer"), "{refused}");
    sent(&mut vera, &detail, &given, false).is(403);
    assert!(decisions(&bench).is_empty());
    sent(&mut ada, &detail, &given, true).is(200);
    assert_eq!(text(&decisions(&bench)[0], "by"), "ada");
    let seen = vera.get(&fragment(&item)).is(200).text();
    assert!(seen.contains("data-status=\"accepted\"") && seen.contains("<strong>ada</strong>"));
}
