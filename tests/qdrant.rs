//! The search index on a Qdrant server: the same pipeline and the same answers as with the index in the workspace's folder,
//! whatever becomes of the server meanwhile. The server is one within the test's process, over Qdrant's own protocol.

mod example;
mod program;
#[allow(dead_code, unused_imports, reason = "the client's own tests ask for more of it")]
mod qdrant_server;

use program::{Bench, Done, command, run, text};
use qdrant_server::{Call, Calls, Server, State, Stored};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;

/// What somebody might look for in the example company's evidence.
const QUERIES: [&str; 6] = [
    "who approves a model before release",
    "temperature forecast error",
    "supplier security review",
    "incident",
    "access rights of people who leave",
    "backup restore test",
];

const POLICY: &str = "# AI policy\n\nVersion 2, approved by the managing director on 2026-02-03.\n\nAI systems are developed and used \
    for the purposes in our register only. The managing director reviews this policy every year.\n";
const TEST: &str = "# Restore test\n\nOn 2026-09-14 the backup of the booking database was restored to a spare server in 41 minutes.\n";

/// A bench with two documents, ingested with the index on `server`.
fn ingested(server: &Server) -> Bench {
    let bench = Bench::with([("policy.md", POLICY), ("restore.md", TEST)]);
    ingest(&bench, &server.url()).exits(0);
    bench
}

fn ingest(bench: &Bench, url: &str) -> Done {
    let evidence = bench.evidence();
    on(bench, url, ["ingest", evidence.to_str().expect("is text"), "--format", "json"])
}

fn on<'a>(bench: &Bench, url: &'a str, args: impl IntoIterator<Item = &'a str>) -> Done {
    bench.run(["--index-url", url].into_iter().chain(args))
}

/// The documents and quotes that a query finds, best first.
fn found(workspace: &Path, url: Option<&str>, args: &[&str]) -> Vec<(String, String)> {
    let place = url.map_or_else(Vec::new, |url| vec!["--index-url", url]);
    let args = place.into_iter().chain(["search", "--format", "json"]).chain(args.iter().copied());
    let hits = run(workspace, args).exits(0).json();
    let hits = hits.as_array().expect("a list").iter();
    hits.map(|hit| (text(hit, "document").to_owned(), text(&hit["citation"], "quote").to_owned()))
        .collect()
}

/// The matches without the run that proposed them.
fn matches(workspace: &Path) -> Vec<Value> {
    let mut matches = run(workspace, ["export", "matches", "--format", "jsonl"]).exits(0).lines();
    for found in &mut matches {
        found.as_object_mut().expect("an object").remove("run");
    }
    matches
}

#[test]
fn matches_and_the_nearest_passages_are_those_of_the_index_in_the_folder() {
    let server = Server::start();
    let url = server.url();
    let example = example::example();
    let bench = Bench::new();
    let evidence = example::evidence();
    let evidence = evidence.to_str().expect("is text");
    run(&bench.workspace(), ["--index-url", &url, "ingest", evidence]);
    assert_eq!(matches(&bench.workspace()), matches(&example.workspace));
    assert!(server.traffic().calls(Call::Upsert) > 0);
    for query in QUERIES {
        let here = found(&example.workspace, None, &[query, "--limit", "5"]);
        let there = found(&bench.workspace(), Some(&url), &[query, "--limit", "5"]);
        let same = there.iter().filter(|hit| here.contains(hit)).count();
        assert!(same >= 4, "{query}: {here:#?}\n{there:#?}");
        assert_eq!(here.first(), there.first(), "{query}");
    }
    let gap = |workspace: &Path, url: Option<&str>| {
        let place = url.map_or_else(Vec::new, |url| vec!["--index-url", url]);
        let args = place.into_iter().chain(["show", "iso27001:A.7.4", "--format", "json"]);
        run(workspace, args).exits(0).json()["nearest"].clone()
    };
    assert_eq!(gap(&bench.workspace(), Some(&url)), gap(&example.workspace, None));
}

/// What docs/qdrant.md sizes a server by.
#[test]
fn a_passage_goes_there_in_two_thousand_bytes() {
    let server = Server::start();
    let bench = Bench::new();
    let evidence = example::evidence();
    on(&bench, &server.url(), ["ingest", evidence.to_str().expect("is text"), "--quiet"]);
    let traffic = server.traffic();
    let sizes = traffic.points_per_upsert.iter().zip(&traffic.bytes_per_upsert);
    // One alone is the collection's note of itself.
    let (passages, bytes) = sizes
        .filter(|(points, _)| **points > 1)
        .fold((0, 0), |(points, bytes), (more, larger)| (points + more, bytes + larger));
    let engine = server.engine();
    let points = engine.collections().values().flat_map(|collection| collection.points().values());
    let (mut numbers, mut words) = (0, 0);
    for vector in points.flat_map(|point| point.vectors.values()) {
        match vector {
            Stored::Dense(vector) => numbers += vector.len(),
            Stored::Sparse(vector) => words += vector.len(),
        }
    }
    let [bytes, numbers, words] = [bytes, numbers, words].map(|sum| sum as f64 / passages as f64);
    // A dimension is a weight of 4 bytes and a hash of 5, most of the time.
    let rest = bytes - 4.0 * numbers - 9.0 * words;
    eprintln!(
        "{passages} passages: {bytes:.0} bytes each as sent, of which {numbers:.0} numbers and {words:.1} words, and {rest:.0} bytes beside them"
    );
    assert!(bytes < 2048.0 && words < 80.0 && rest < 512.0);
}

#[test]
fn matches_of_many_companies_documents_are_those_of_the_index_in_the_folder() {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/eval/documents/files");
    if !documents.is_dir() {
        eprintln!("not run: ../shared/eval/documents is not here");
        return;
    }
    let documents = documents.to_str().expect("is text");
    let server = Server::start();
    let url = server.url();
    let [there, here] = [["--index-url", &url].as_slice(), &[]].map(|place| {
        let bench = Bench::new();
        let args = place.iter().copied().chain(["ingest", documents, "--quiet"]);
        assert!(bench.run(args).status < Some(2));
        bench
    });
    assert_eq!(matches(&there.workspace()), matches(&here.workspace()));
}

#[test]
fn a_search_within_some_documents_finds_the_same_in_both() {
    let server = Server::start();
    let url = server.url();
    let bench = ingested(&server);
    let both = |args: &[&str]| {
        let there = found(&bench.workspace(), Some(&url), args);
        assert_eq!(there, found(&bench.workspace(), None, args), "{args:?}");
        there.into_iter().map(|(document, _)| document).collect::<Vec<_>>()
    };
    assert!(both(&["policy backup"]).len() >= 2);
    assert_eq!(both(&["policy backup", "--document", "restore.md"]), ["restore.md"]);
    assert!(both(&["policy backup", "--kind", "policy"]).iter().all(|path| path == "policy.md"));
    assert!(both(&["policy backup", "--kind", "contract"]).is_empty());
    assert!(
        both(&["backup", "--from", "2026-01-01", "--to", "2026-03-01"])
            .iter()
            .all(|path| path == "policy.md")
    );
    assert!(both(&["backup", "--language", "deu"]).is_empty());
    let of_checks = both(&["--requirement", "iso42001:A.2.2"]);
    assert_eq!(of_checks.first().map(String::as_str), Some("policy.md"));
    let unknown = bench.run(["search", "x", "--document", "nowhere.md"]).exits(2);
    assert!(unknown.err.contains("nowhere.md"), "{}", unknown.err);
    for impossible in [["--language", "german"], ["--limit", "0"], ["--from", "2027-01-01"]] {
        let args = ["search", "x", "--to", "2026-01-01"].into_iter().chain(impossible);
        bench.run(args).exits(2);
    }
}

#[test]
fn without_the_server_evidence_is_read_and_mapped_and_the_index_catches_up() {
    let server = Server::start();
    let url = server.url();
    let down = server.stop();
    let bench = Bench::with([("policy.md", POLICY), ("restore.md", TEST)]);
    let done = ingest(&bench, &url).exits(1);
    assert!(done.err.contains(&url) && done.err.contains("cannot be reached"), "{}", done.err);
    assert!(done.err.contains("lags behind"), "{}", done.err);
    assert!(!matches(&bench.workspace()).is_empty(), "mapped all the same");
    let search = on(&bench, &url, ["search", "backup"]).exits(2);
    assert!(
        search.err.contains("cannot be reached") && search.err.contains("sufficit doctor"),
        "{}",
        search.err
    );
    let server = Server::start_with(down);
    assert_eq!(server.url(), url);
    ingest(&bench, &url).exits(0);
    assert_eq!(found(&bench.workspace(), Some(&url), &["backup restored"])[0].0, "restore.md");
}

#[test]
fn a_server_killed_while_it_is_written_to_is_level_after_the_next_ingest() {
    let server = Server::start();
    let url = server.url();
    let bench = ingested(&server);
    let many = (0..40).map(|n| format!("## Part {n}\n\nThe committee looked at point {n} of the register on 2026-05-{:02}.\n\n", n % 28 + 1));
    bench.write("minutes.md", format!("# Minutes\n\n{}", many.collect::<String>()));
    server.faults().die_in_upsert(3);
    let done = ingest(&bench, &url).exits(1);
    assert!(done.err.contains(&url), "{}", done.err);
    let server = Server::start_with(server.stop());
    ingest(&bench, &url).exits(0);
    let queries = ["committee register point 7", "policy", "backup"];
    let straight = Server::start();
    let other = Bench::with([("policy.md", POLICY), ("restore.md", TEST)]);
    std::fs::copy(bench.evidence().join("minutes.md"), other.evidence().join("minutes.md"))
        .expect("is writable");
    ingest(&other, &straight.url()).exits(0);
    for query in queries {
        assert_eq!(
            found(&bench.workspace(), Some(&server.url()), &[query]),
            found(&other.workspace(), Some(&straight.url()), &[query]),
            "{query}"
        );
    }
}

#[test]
fn a_server_that_lost_everything_is_filled_from_the_record() {
    let server = Server::start();
    let url = server.url();
    let bench = ingested(&server);
    let _server = Server::start_with(server.stop().emptied());
    assert_eq!(found(&bench.workspace(), Some(&url), &["backup restored"])[0].0, "restore.md");
}

#[test]
fn what_is_forgotten_is_gone_from_the_server() {
    let server = Server::start();
    let bench = ingested(&server);
    let url = server.url();
    let of_backup = || found(&bench.workspace(), Some(&url), &["backup restored spare server"]);
    assert!(of_backup().iter().any(|hit| hit.0 == "restore.md"));
    let sha256 = bench
        .matches()
        .iter()
        .find(|found| text(found, "document") == "restore.md")
        .map(|found| text(found, "sha256").to_owned());
    on(&bench, &url, ["forget", "restore.md"]).exits(0);
    assert!(of_backup().iter().all(|hit| hit.0 != "restore.md"));
    let stored = format!("{:?}", server.engine());
    if let Some(sha256) = sha256 {
        assert!(!stored.contains(&sha256), "its points are gone");
    }
    // With the server down nothing is forgotten by halves.
    server.stop();
    let refused = on(&bench, &url, ["forget", "policy.md"]).exits(2);
    assert!(refused.err.contains("cannot be reached"), "{}", refused.err);
    assert!(refused.err.contains("nothing was forgotten"), "{}", refused.err);
    assert!(bench.matches().iter().any(|found| text(found, "document") == "policy.md"));
}

#[test]
fn what_could_not_be_taken_out_is_taken_out_by_the_next_command_that_can() {
    let server = Server::start();
    let url = server.url();
    let bench = ingested(&server);
    let mistyped = on(&bench, &url, ["forget", "nowhere.md"]).exits(2);
    assert!(mistyped.err.contains("nowhere.md"), "{}", mistyped.err);
    let collections = || server.engine().collections().len();
    assert_eq!(collections(), 1, "nothing is begun for a path that is not there");
    server.faults().unavailable(Calls::Of(Call::Upsert), 1000);
    let done = on(&bench, &url, ["forget", "restore.md"]).exits(1);
    assert!(done.out.contains("still holds it"), "{}", done.out);
    server.faults().clear();
    let hits = found(&bench.workspace(), Some(&url), &["backup restored spare server"]);
    assert!(hits.iter().all(|hit| hit.0 != "restore.md"), "{hits:?}");
    assert_eq!(collections(), 1, "the old one is gone");
}

#[test]
fn an_index_left_behind_is_not_forgotten() {
    let server = Server::start();
    let url = server.url();
    let bench = Bench::with([("policy.md", POLICY), ("restore.md", TEST)]);
    bench.ingest().exits(0);
    let in_folder = bench.workspace().join("index");
    assert!(in_folder.exists());
    ingest(&bench, &url).exits(0);
    on(&bench, &url, ["forget", "restore.md"]).exits(0);
    assert!(!in_folder.exists(), "it would hold what was forgotten");
    let done = bench.run(["forget", "policy.md"]).exits(0);
    assert!(
        done.out.replace('\n', " ").contains(&format!("was on {url}, under the prefix sufficit")),
        "{}",
        done.out
    );
}

#[test]
fn a_search_beside_an_ingest_waits_for_nothing_and_writes_nothing() {
    let server = Server::start();
    let url = server.url();
    let bench = ingested(&server);
    bench.write("later.md", "# Backup\n\nThe backup was restored once more on 2026-10-02.\n");
    let gate = server.faults().hold(Calls::Of(Call::Upsert));
    let mut writing = command(&bench.workspace())
        .args(["--index-url", &url, "ingest", "--quiet"])
        .arg(bench.evidence())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    server.wait_until(|traffic| traffic.upserts_in_flight > 0);
    let before = server.traffic().calls(Call::Upsert);
    let beside = on(&bench, &url, ["search", "backup", "--format", "json"]).exits(0);
    assert!(beside.err.contains("not written yet"), "{}", beside.err);
    assert!(
        !beside.out.contains("later.md") && beside.out.contains("restore.md"),
        "{}",
        beside.out
    );
    assert_eq!(server.traffic().calls(Call::Upsert), before);
    gate.open();
    assert!(writing.wait().expect("it is our child").success());
    let hits = found(&bench.workspace(), Some(&url), &["backup"]);
    assert!(hits.iter().any(|hit| hit.0 == "later.md"), "{hits:?}");
}

#[test]
fn an_index_of_something_else_is_refused_and_made_anew() {
    let server = Server::start();
    let url = server.url();
    let bench = ingested(&server);
    server.alter(|engine| {
        let names: Vec<String> = engine.collections().keys().cloned().collect();
        for name in names {
            engine.collection_mut(&name).expect("is there").resize(384);
        }
    });
    let refused = on(&bench, &url, ["search", "backup"]).exits(2);
    assert!(refused.err.contains("sufficit reindex"), "{}", refused.err);
    let done = on(&bench, &url, ["reindex"]).exits(0);
    assert!(done.out.contains("2 documents"), "{}", done.out);
    assert_eq!(found(&bench.workspace(), Some(&url), &["backup restored"])[0].0, "restore.md");
}

#[test]
fn the_key_comes_from_the_environment_or_a_file_and_is_never_shown() {
    let server = Server::start_with(State::default().api_key("opensesame"));
    let url = server.url();
    let bench = Bench::with([("restore.md", TEST)]);
    let refused = ingest(&bench, &url).exits(1);
    assert!(refused.err.contains("API key"), "{}", refused.err);
    std::fs::write(bench.beside("key"), "opensesame\n").expect("is writable");
    std::fs::write(
        bench.beside("sufficit.toml"),
        format!("[index]\nurl = \"{url}\"\napi_key_file = \"key\"\n"),
    )
    .expect("is writable");
    bench.ingest().exits(0);
    let hits = bench.run(["search", "backup", "--format", "json"]).exits(0).json();
    assert_eq!(text(&hits[0], "document"), "restore.md");
    // The environment goes before the file.
    let mut wrong = command(&bench.workspace());
    let output = wrong
        .env("QDRANT_API_KEY", "swordfish")
        .args(["search", "backup"])
        .output()
        .expect("the program starts");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("API key") && !err.contains("swordfish"), "{err}");
}

#[test]
fn doctor_says_what_is_known_of_the_server_and_what_goes_there() {
    let server = Server::start();
    let url = server.url();
    let bench = ingested(&server);
    let doctor = |url: &str| on(&bench, url, ["doctor", "--format", "json"]).json();
    let finding = |findings: &Value, what: &str| {
        let mut findings = findings.as_array().expect("a list").iter();
        findings.find(|finding| text(finding, "what") == what).cloned().unwrap_or_default()
    };
    let index = finding(&doctor(&url), "index");
    assert_eq!(index["works"], true, "{index}");
    assert!(
        text(&index, "detail").contains("1.16.3") && text(&index, "detail").contains(&url),
        "{index}"
    );
    let network = finding(&doctor(&url), "network");
    assert!(text(&network, "detail").contains(&url), "{network}");
    let old = Server::start_with(State::default().version("1.9.0"));
    let index = finding(&doctor(&old.url()), "index");
    assert_eq!(index["works"], false);
    assert!(text(&index, "detail").contains("1.9.0"), "{index}");
    server.stop();
    let index = finding(&doctor(&url), "index");
    assert_eq!(index["works"], false);
    assert!(text(&index, "detail").contains("cannot be reached"), "{index}");
}

#[test]
fn calls_that_fail_in_passing_are_made_again() {
    let server = Server::start();
    server.faults().unavailable(Calls::Any, 2);
    server.faults().rate_limited(Calls::Of(Call::Upsert), 1, 0);
    let bench = ingested(&server);
    let hits = found(&bench.workspace(), Some(&server.url()), &["backup restored"]);
    assert_eq!(hits[0].0, "restore.md");
    assert!(server.faults().met() >= 3);
}
