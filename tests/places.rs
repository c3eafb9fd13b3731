//! The pages that are looked up rather than worked through, over HTTP: overview, requirements, documents, search, the record.

mod program;
mod server;

use program::{Bench, text};
use server::{Client, Server, between};

const POLICY: &str = "# AI policy\n\nOwner: Ida Holm\nApproved by: Ole Brand, 2026-01-05\nNext review: 2026-12-01\nVersion: 2.0\nStatus: approved\n\n## Commitment\n\nThis AI policy is binding for everyone who develops, buys or uses artificial intelligence in our company, and applies to all AI systems. All work with AI follows the principles of fairness, transparency, human oversight, safety, privacy and accountability. Social scoring, emotion recognition and covert manipulation are forbidden.\n\n## Oversight\n\nA person oversees each AI system & can <stop> it.\n";

fn company() -> (Bench, Server, Client) {
    let bench = Bench::with([
        ("policies/ai-policy.md", POLICY),
        ("notes/canteen.md", "# Canteen\n\nSoup of the day, 1.80. Salad bar by weight.\n"),
        ("empty.md", ""),
    ]);
    bench.ingest().exits(0);
    let server = Server::start_with(&bench.workspace(), &["--as-of", "2026-11-20"]);
    let client = server.client();
    (bench, server, client)
}

/// The SHA-256 of the document at `path`.
fn id(bench: &Bench, path: &str) -> String {
    let status = bench.run(["status", "--format", "json"]).exits(0).json();
    let files = program::list(&status, "files").to_vec();
    let file = files.iter().find(|file| text(file, "path") == path).expect("was met");
    text(file, "document").to_owned()
}

#[test]
fn the_overview_says_where_they_stand_and_what_is_due() {
    let (_bench, _server, mut client) = company();
    let page = client.open("/").is(200).text();
    assert!(page.contains("2 read") && page.contains("1 skipped"), "{page}");
    assert!(page.contains("due in 11 days"), "{page}");
    for requirement in ["iso42001/A.2.2", "iso27001/A.8.34", "iso42001/4.1"] {
        assert!(page.contains(&format!("href=\"/requirements/{requirement}\"")), "{requirement}");
    }
    assert!(page.contains("cell none") && page.contains("nothing found"), "{page}");
}

#[test]
fn a_requirement_that_does_not_apply_leaves_the_counts() {
    let (_bench, _server, mut client) = company();
    let before = client.open("/").is(200).text();
    assert!(before.contains("of 38"), "{before}");
    let why = "No customer receives an AI system from us.";
    let fields = [
        ("item", "r/iso42001/A.10.4"),
        ("action", "not-applicable"),
        ("expect", "0"),
        ("why", why),
    ];
    client.post("/decisions", &fields).is(303);
    let after = client.open("/").is(200).text();
    assert!(after.contains("of 37") && after.contains("1 not applicable"), "{after}");
    let page = client.get("/requirements/iso42001/A.10.4").is(200).text();
    assert!(page.contains(why) && page.contains("not applicable"), "{page}");
    let listed = client.get("/requirements?score=n-a").is(200).text();
    assert!(listed.contains("A.10.4") && !listed.contains("A.10.3"), "{listed}");
    let record = client.get("/audit?about=A.10.4").is(200).text();
    assert!(record.contains("The chain is whole") && record.contains(why), "{record}");
    assert!(!client.get("/audit?about=A.2.2").is(200).text().contains(why));
}

#[test]
fn a_requirement_shows_its_checks_its_evidence_and_its_counterparts() {
    let (bench, _server, mut client) = company();
    let id = id(&bench, "policies/ai-policy.md");
    let page = client.get("/requirements/iso42001/A.2.2").is(200).text();
    assert!(page.contains(&format!("/matches/{id}/iso42001/A.2.2")), "{page}");
    assert!(page.contains(&format!("/documents/{id}?mark=")), "{page}");
    assert!(page.contains("/requirements/iso27001/A.5.1"), "{page}");
    assert!(page.contains("Source: our own analysis"), "{page}");
    let fragment = client.get("/requirements/iso42001/A.2.2?fragment=1").is(200).text();
    assert!(fragment.starts_with("<article class=\"detail\""), "{fragment}");
    let reverse = client.get("/requirements/iso27001/A.5.1").is(200).text();
    assert!(reverse.contains("/requirements/iso42001/A.2.2"), "{reverse}");
    client.get("/requirements/iso42001/Z.9").is(404);
}

#[test]
fn a_passage_is_found_and_marked_in_its_document() {
    let (bench, _server, mut client) = company();
    let id = id(&bench, "policies/ai-policy.md");
    let found = client.get("/search?q=who+oversees+a+system").is(200).text();
    let address = between(&found, &format!("href=\"/documents/{id}?mark="), "\"");
    let address = format!("/documents/{id}?mark={}", address.expect("a hit leads to the document"));
    assert!(found.contains("<mark>oversees</mark>"), "{found}");
    let (path, anchor) = address.split_once('#').expect("names the place");
    let page = client.get(path).is(200).text();
    let marked = between(&page, &format!("id=\"{anchor}\""), "</mark>").expect("is marked");
    assert!(marked.contains("&amp; can &lt;stop&gt; it."), "{marked}");
    let narrowed = client.get("/search?q=who+oversees+a+system&kind=minutes").is(200).text();
    assert!(narrowed.contains("Nothing found"), "{narrowed}");
    for odd in
        ["/search", "/search?q=%00%ff", "/search?page=18446744073709551615&q=x", "/search?from=x"]
    {
        client.get(odd).is(200);
    }
    client.get("/search?for=iso42001/Z.9").is(404);
}

#[test]
fn a_missed_match_is_picked_among_the_passages() {
    let (bench, _server, mut client) = company();
    let id = id(&bench, "notes/canteen.md");
    let page = client.open("/search?for=iso42001/A.2.2&q=soup+of+the+day").is(200).text();
    let form = between(&page, "<form class=\"add\"", "</form>").expect("the passage can be added");
    let field = |name: &str| {
        between(&form, &format!("name=\"{name}\" value=\""), "\"").expect("the form has it")
    };
    assert_eq!(field("item"), format!("m/{id}/iso42001/A.2.2"));
    let (item, start, end) = (field("item"), field("start"), field("end"));
    let fields = [
        ("item", item.as_str()),
        ("action", "add"),
        ("expect", "0"),
        ("start", &start),
        ("end", &end),
        ("sufficiency", "1"),
        ("why", "It is on the same board."),
    ];
    client.post("/decisions", &fields).is(303);
    let document = client.get(&format!("/documents/{id}")).is(200).text();
    assert!(document.contains("/iso42001/A.2.2") && document.contains("added"), "{document}");
}

#[test]
fn a_fact_is_set_right_with_its_history() {
    let (bench, _server, mut client) = company();
    let id = id(&bench, "policies/ai-policy.md");
    let page = client.open(&format!("/documents/{id}")).is(200).text();
    assert!(page.contains("Ida Holm") && page.contains("2026-12-01"), "{page}");
    let item = format!("d/{id}");
    let set = |client: &mut Client, expect: &str, field: &str, value: &str| {
        let fields = [
            ("item", item.as_str()),
            ("action", "correct"),
            ("expect", expect),
            ("field", field),
            ("value", value),
            ("why", "The register says so."),
        ];
        client.post("/decisions", &fields).is(303);
    };
    set(&mut client, "0", "owner", "Una Vik");
    set(&mut client, "1", "next-review", "2028-01-01");
    let page = client.get(&format!("/documents/{id}")).is(200).text();
    assert!(page.contains("Una Vik") && page.contains("The register says so."), "{page}");
    let listed = client.get("/documents").is(200).text();
    assert!(listed.contains("Una Vik") && !listed.contains("Ida Holm"), "{listed}");
    assert!(!client.get("/").is(200).text().contains("due in 11 days"), "it is due later");
}

#[test]
fn every_file_is_listed_with_what_became_of_it() {
    let (_bench, _server, mut client) = company();
    let all = client.get("/documents").is(200).text();
    assert!(all.contains("ai-policy.md") && all.contains("canteen.md"), "{all}");
    assert!(all.contains("skipped: "), "{all}");
    let skipped = client.get("/documents?outcome=skipped").is(200).text();
    assert!(skipped.contains("empty.md") && !skipped.contains("canteen.md"), "{skipped}");
    let mapped = client.get("/documents?framework=iso42001").is(200).text();
    assert!(mapped.contains("ai-policy.md") && !mapped.contains("canteen.md"), "{mapped}");
    let due = client.get("/documents?review=due").is(200).text();
    assert!(due.contains("ai-policy.md") && !due.contains("canteen.md"), "{due}");
    let far = client.get("/documents?page=99&q=no-such-file").is(200).text();
    assert!(far.contains("No file fits"), "{far}");
}

#[test]
fn the_original_is_given_as_a_file_and_only_as_it_was_read() {
    let (bench, _server, mut client) = company();
    let id = id(&bench, "policies/ai-policy.md");
    let answer = client.get(&format!("/documents/{id}/file")).is(200);
    assert_eq!(answer.body, POLICY.as_bytes());
    assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"ai-policy.md\""));
    assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    bench.write("policies/ai-policy.md", "Something else.");
    let refused = client.get(&format!("/documents/{id}/file")).is(404).text();
    assert!(refused.contains("changed since it was read"), "{refused}");
    client.get("/documents/..%2f..%2fetc%2fpasswd/file").is(404);
    client.get(&format!("/documents/{}", "0".repeat(64))).is(404);
}
