//! The HTTP API as a program meets it: the same names and figures as the command line's JSON, lists in portions, faults in
//! one form.

mod example;
mod program;
mod server;

use program::{Bench, list, run, text};
use serde_json::{Value, json};
use server::{Answer, Client, Server};

/// Everything of a list, portion by portion.
fn all(client: &mut Client, path: &str) -> Vec<Value> {
    let glue = if path.contains('?') { '&' } else { '?' };
    let mut items = Vec::new();
    let mut next = String::new();
    loop {
        let part = client.get(&format!("{path}{glue}limit=70{next}")).is(200).json();
        items.extend_from_slice(list(&part, "items"));
        match part["next"].as_str() {
            Some(after) => next = format!("&after={}", server::encoded(after)),
            None => {
                assert_eq!(part["total"], items.len(), "{path}");
                return items;
            }
        }
    }
}

fn post(client: &mut Client, path: &str, body: &Value) -> Answer {
    let csrf = client.csrf.clone();
    let headers = [("Content-Type", "application/json"), ("X-CSRF", csrf.as_str())];
    client.send("POST", path, &headers, body.to_string().as_bytes())
}

/// A copy of the example's workspace, to decide in.
fn copied(bench: &Bench) -> std::path::PathBuf {
    let workspace = bench.workspace();
    example::copy_to(&workspace);
    workspace
}

#[test]
fn lists_say_what_the_command_line_says() {
    let bench = Bench::new();
    let workspace = copied(&bench);
    let server = Server::start(&workspace);
    let mut client = server.client();

    let mut matches = all(&mut client, "/api/v1/matches");
    let exported = run(&workspace, ["export", "matches", "--format", "jsonl"]).exits(0).lines();
    assert!(!exported.is_empty());
    assert_eq!(matches.len(), exported.len());
    let key = |found: &Value| {
        format!(
            "{} {} {}",
            text(found, "framework"),
            text(found, "requirement"),
            text(found, "sha256")
        )
    };
    matches.sort_by_key(key);
    let mut exported = exported;
    exported.sort_by_key(key);
    for (ours, theirs) in matches.iter().zip(&exported) {
        for name in [
            "document",
            "paths",
            "sha256",
            "kind",
            "framework",
            "requirement",
            "relevance",
            "sufficiency",
            "confidence",
            "status",
            "strengths",
            "concerns",
            "ask",
            "counterparts",
            "systems",
            "run",
        ] {
            assert_eq!(ours[name], theirs[name], "{name} of {}", key(ours));
        }
    }

    let status = run(&workspace, ["status", "--format", "json"]).exits(0).json();
    let ours = client.get("/api/v1/status").is(200).json();
    assert_eq!(ours["run"], status["run"]);
    assert_eq!(ours["coverage"], status["coverage"]);
    assert_eq!(all(&mut client, "/api/v1/files"), list(&status, "files"));
    let documents = all(&mut client, "/api/v1/documents");
    let of_documents: u64 =
        documents.iter().filter_map(|document| document["matches"].as_u64()).sum();
    assert_eq!(of_documents, matches.len() as u64);
    let requirements = all(&mut client, "/api/v1/requirements");
    assert_eq!(requirements.len(), all(&mut client, "/api/v1/assessments").len());
}

#[test]
fn filters_and_single_things_agree_with_the_lists() {
    let bench = Bench::new();
    let server = Server::start(&copied(&bench));
    let mut client = server.client();
    let matches = all(&mut client, "/api/v1/matches");
    let best =
        matches.iter().max_by_key(|found| found["sufficiency"].as_u64()).expect("there are some");
    let (sha256, framework, requirement) =
        (text(best, "sha256"), text(best, "framework"), text(best, "requirement"));

    let filtered =
        all(&mut client, &format!("/api/v1/matches?document={sha256}&framework={framework}"));
    let expected = matches
        .iter()
        .filter(|found| found["sha256"] == *sha256 && found["framework"] == *framework);
    assert_eq!(filtered, expected.cloned().collect::<Vec<_>>());
    let one =
        client.get(&format!("/api/v1/matches/{sha256}/{framework}/{requirement}")).is(200).json();
    assert_eq!((&one["item"], &one["strengths"]), (&best["item"], &best["strengths"]));
    assert_eq!(one["history"], json!([]));

    let document = client.get(&format!("/api/v1/documents/{sha256}")).is(200).json();
    let canonical = client.get(&format!("/api/v1/documents/{sha256}/text")).is(200).text();
    assert_eq!(document["characters"], canonical.chars().count());
    let cited = list(best, "strengths").first().expect("the best has strengths");
    let place = &cited["citation"];
    let (start, end) =
        (place["start"].as_u64().expect("a number"), place["end"].as_u64().expect("a number"));
    let quote: String =
        canonical.chars().skip(start as usize).take((end - start) as usize).collect();
    assert_eq!(quote, text(place, "quote"), "citations refer to the text that is given");

    let whole =
        client.get(&format!("/api/v1/requirements/{framework}/{requirement}")).is(200).json();
    assert_eq!(text(&whole["text"], "id"), requirement);
    assert!(!list(&whole["text"], "checks").is_empty());
    let queue = all(&mut client, "/api/v1/queue");
    let worth: Vec<f64> = queue.iter().filter_map(|row| row["review"]["worth"].as_f64()).collect();
    assert!(
        worth.len() == queue.len() && worth.is_sorted_by(|a, b| a >= b),
        "what is worth most comes first"
    );
}

#[test]
fn a_search_finds_what_the_command_line_finds() {
    let bench = Bench::new();
    let workspace = copied(&bench);
    let query = "who approves the release of a model";
    let theirs =
        run(&workspace, ["search", query, "--limit", "7", "--format", "json"]).exits(0).json();
    let server = Server::start(&workspace);
    let mut client = server.client();
    let path = format!("/api/v1/search?q={}&limit=7", server::encoded(query));
    let ours = client.get(&path).is(200).json();
    assert_eq!(ours, theirs);
    let policies = client.get(&format!("{path}&kind=policy")).is(200).json();
    assert_ne!(policies, ours);
    client.get("/api/v1/search").is(400);
    client.get("/api/v1/search?q=").is(400);
    assert_eq!(
        client.get("/api/v1/search?q=a&from=2026-02-02&to=2026-02-01").is(200).json(),
        json!([])
    );
}

#[test]
fn decisions_are_taken_down_and_conflicts_say_whose_stood_in_the_way() {
    let bench = Bench::new();
    let server = Server::start(&copied(&bench));
    let mut client = server.client();
    let queue = client.get("/api/v1/queue?kind=policy&limit=1").is(200).json();
    let row = &list(&queue, "items")[0];
    let item = text(row, "item");

    let missing = post(
        &mut client,
        "/api/v1/decisions",
        &json!({"item": item, "expect": 0, "action": "reject"}),
    );
    assert!(text(&missing.is(422).json(), "detail").contains("Say why"));
    let wish = json!({"item": item, "expect": 0, "action": "override", "sufficiency": 2, "why": "Half of it."});
    let decision = post(&mut client, "/api/v1/decisions", &wish).is(201).json();
    assert_eq!((&decision["number"], &decision["sufficiency"]), (&json!(1), &json!(2)));
    assert_eq!(
        post(&mut client, "/api/v1/decisions", &wish).is(201).json(),
        decision,
        "twice is once"
    );

    let late = json!({"item": item, "expect": 0, "action": "accept"});
    let conflict = post(&mut client, "/api/v1/decisions", &late);
    assert_eq!(conflict.header("content-type"), Some("application/problem+json"));
    assert_eq!(conflict.is(409).json()["decision"], decision);
    let changed =
        json!({"item": item, "expect": 1, "action": "accept", "rationale": "0".repeat(64)});
    post(&mut client, "/api/v1/decisions", &changed).is(409);

    let undo = post(
        &mut client,
        "/api/v1/decisions",
        &json!({"item": item, "expect": 1, "action": "undo"}),
    );
    assert_eq!(undo.is(201).json()["number"], 2);
    assert_eq!(all(&mut client, "/api/v1/decisions").len(), 2);
    assert_eq!(all(&mut client, &format!("/api/v1/decisions?item={item}")).len(), 2);
    let audit = client.get("/api/v1/audit").is(200).json();
    assert_eq!((&audit["sound"], &audit["decisions"]), (&json!(true), &json!(2)));
    let other = client.get(&format!("/api/v1/audit?head={}", "0".repeat(64))).is(200).json();
    assert_eq!(other["sound"], false);

    let document = item.split('/').nth(1).expect("a key names its document");
    for (requirement, passage) in [
        ("A.10.4", json!({"start": 10_000_000, "end": 10_000_009})),
        ("no-such-requirement", json!({"start": 0, "end": 9})),
    ] {
        let item = format!("m/{document}/iso42001/{requirement}");
        let invented = json!({"item": item, "expect": 0, "action": "add", "sufficiency": 5, "passage": passage});
        let status = post(&mut client, "/api/v1/decisions", &invented).status;
        assert!([404, 422].contains(&status), "{requirement}: {status}");
    }
    assert_eq!(all(&mut client, "/api/v1/decisions").len(), 2);
}

#[test]
fn what_is_not_understood_is_refused_in_one_form() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    for (path, status) in [
        ("/api/v1/matches?limit=0", 400),
        ("/api/v1/matches?limit=many", 400),
        ("/api/v1/matches?frmework=iso42001", 400),
        ("/api/v1/matches?document=abc", 400),
        ("/api/v1/matches?after=nothing", 404),
        ("/api/v1/documents/abc", 404),
        ("/api/v1/requirements/iso42001/Z.9", 404),
        ("/api/v1/frameworks/none", 404),
        ("/api/v1/decisions?item=x", 404),
        ("/api/v1/nowhere", 404),
        ("/api/v2/status", 404),
    ] {
        let answer = client.get(path);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        let problem = answer.is(status).json();
        assert_eq!(problem["status"], status, "{path}");
        assert!(!text(&problem, "detail").is_empty(), "{path}");
    }
    for body in [json!({}), json!([]), json!({"item": "x", "expect": -1, "action": "accept"})] {
        assert!(
            (400..500).contains(&post(&mut client, "/api/v1/decisions", &body).status),
            "{body}"
        );
    }
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let bench = Bench::new();
    let server = Server::start(&copied(&bench));
    let mut client = server.client();
    let first = client.get("/api/v1/requirements").is(200);
    let tag = first.header("etag").expect("a tag").to_owned();
    let again = client.send("GET", "/api/v1/requirements", &[("If-None-Match", &tag)], b"").is(304);
    assert!(again.body.is_empty());
    let comment = json!({"item": "r/iso42001/5.2", "expect": 0, "action": "comment", "why": "Ask the board."});
    post(&mut client, "/api/v1/decisions", &comment).is(201);
    let anew = client.send("GET", "/api/v1/requirements", &[("If-None-Match", &tag)], b"").is(200);
    let tag = anew.header("etag").expect("a tag").to_owned();
    client.send("GET", "/api/v1/requirements", &[("If-None-Match", &tag)], b"").is(304);
    drop(server);
    // The next server may be another program, with another catalogue.
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    client.send("GET", "/api/v1/requirements", &[("If-None-Match", &tag)], b"").is(200);
}

#[test]
fn the_description_and_its_viewer_are_served() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let description = client.get("/api/v1/openapi.json").is(200).json();
    assert!(text(&description, "openapi").starts_with("3.1"));
    client.get("/api/docs").is(308);
    let page = client.get("/api/docs/").is(200).text();
    assert!(
        !page.contains("<script>") && !page.contains("style=\"") && !page.contains("http"),
        "{page}"
    );
    for name in ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js"] {
        assert!(!client.get(&format!("/api/docs/{name}")).is(200).body.is_empty(), "{name}");
    }
    client.get("/api/docs/none.js").is(404);
}

#[test]
fn what_was_uploaded_is_listed_with_its_job() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    assert_eq!(all(&mut client, "/api/v1/uploads"), [] as [Value; 0]);
    post(&mut client, "/api/v1/jobs", &json!({"work": "uploads"})).is(404);
    let boundary = "of-the-tests";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\r\n# A\n\r\n--{boundary}--\r\n"
    );
    let kind = format!("multipart/form-data; boundary={boundary}");
    let csrf = client.csrf.clone();
    let headers = [("Content-Type", kind.as_str()), ("X-CSRF", csrf.as_str())];
    // Larger than a form without files may be.
    let body =
        body.replace("# A\n", &format!("# A\n\n{}", "The access is reviewed.\n".repeat(20_000)));
    let received = client.send("POST", "/api/v1/uploads", &headers, body.as_bytes()).is(201).json();
    let jobs = client.get("/api/v1/jobs").is(200).json();
    assert_eq!(jobs[0]["job"], received["job"]);
    let number = post(&mut client, "/api/v1/jobs", &json!({"work": "map"})).is(202).json();
    assert!(number["job"].as_u64() > received["job"].as_u64());
}

#[test]
fn a_client_pages_through_the_queue_while_it_decides() {
    let bench = Bench::new();
    let server = Server::start(&copied(&bench));
    let mut client = server.client();
    let queue = "/api/v1/queue?need=nothing-found";
    let items = |rows: &[Value]| -> Vec<String> {
        rows.iter().map(|row| text(row, "item").to_owned()).collect()
    };
    // First the last row of each portion alone is decided, then all that are left.
    for is_every in [false, true] {
        let expected = items(&all(&mut client, queue));
        assert!(expected.len() > 6, "{expected:?}");
        let (mut seen, mut next) = (Vec::new(), String::new());
        loop {
            let part = client.get(&format!("{queue}&limit=3{next}")).is(200).json();
            let some = items(list(&part, "items"));
            for item in some.iter().rev().take(if is_every { 3 } else { 1 }) {
                let wish = json!({"item": item, "expect": 0, "action": "not-applicable", "why": "We have none."});
                post(&mut client, "/api/v1/decisions", &wish).is(201);
            }
            seen.extend(some);
            match part["next"].as_str() {
                Some(after) => next = format!("&after={}", server::encoded(after)),
                None => break,
            }
        }
        assert_eq!(seen, expected, "each once, in the order of the queue");
    }
    let bare = client.get(&format!("{queue}&after=r/iso42001/A.10.3")).is(404).json();
    assert!(text(&bare, "detail").contains("Give `next`"), "{bare}");

    // A list by status: what no longer passes still says where it stood.
    let proposed = "/api/v1/matches?status=proposed&limit=1";
    let first = client.get(proposed).is(200).json();
    let after = format!("{proposed}&after={}", first["next"].as_str().expect("there are more"));
    let second = client.get(&after).is(200).json();
    let wish = json!({"item": list(&first, "items")[0]["item"], "expect": 0, "action": "reject", "why": "No."});
    post(&mut client, "/api/v1/decisions", &wish).is(201);
    let again = client.get(&after).is(200).json();
    assert_eq!(list(&again, "items")[0]["item"], list(&second, "items")[0]["item"]);
    assert_eq!(again["total"].as_u64(), first["total"].as_u64().map(|total| total - 1));
}

#[test]
fn a_queue_is_narrowed_by_who_answers_for_the_document() {
    let bench = Bench::new();
    let server = Server::start(&copied(&bench));
    let mut client = server.client();
    let documents = all(&mut client, "/api/v1/documents");
    let owner_of = |client: &mut Client, row: &Value| {
        let sha256 = text(row, "sha256").to_owned();
        let facts = client.get(&format!("/api/v1/documents/{sha256}")).is(200).json();
        facts["facts"]["owner"]["value"].as_str().map(str::to_owned)
    };
    let mut owners = documents.iter().filter_map(|row| owner_of(&mut client, row));
    let owner = owners.next().expect("a document names its owner");
    drop(owners);
    let of_owner = format!("/api/v1/queue?status=all&owner={}", server::encoded(&owner));
    let rows = all(&mut client, &of_owner);
    assert!(!rows.is_empty());
    for row in &rows {
        assert_eq!(owner_of(&mut client, row).as_deref(), Some(owner.as_str()), "{row}");
    }
    let every = all(&mut client, "/api/v1/queue?status=all");
    let matches = every.iter().filter(|row| row["sha256"].is_string()).count();
    let of_nobody = all(&mut client, "/api/v1/queue?status=all&owner=nobody").len();
    assert!(rows.len() + of_nobody <= matches && of_nobody < matches);
}
