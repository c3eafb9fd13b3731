//! What each answer tells the browser, and what the log tells of a request.

use crate::program::Bench;
use crate::server::Server;

#[test]
fn every_answer_tells_the_browser_what_it_may_do() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut known = server.client();
    let mut stranger = server.stranger();
    let answers = [
        known.get("/"),
        known.get("/nowhere"),
        known.get("/assets/app.css"),
        known.get("/assets/none"),
        known.get("/api/v1/none"),
        known.send("POST", "/logout", &[], b""),
        stranger.get("/"),
        stranger.get("/login"),
        stranger.send("GET", "/", &[("Host", "evil.example")], b""),
        stranger.get(server.printed.rsplit_once(&server.address).expect("the address").1),
    ];
    let mut ids = Vec::new();
    for answer in answers {
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(
            !policy.contains("unsafe") && policy.ends_with("frame-ancestors 'none'"),
            "{policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
        assert_eq!(answer.header("strict-transport-security"), None);
        ids.push(answer.header("x-request-id").expect("an id").to_owned());
    }
    assert_eq!(known.get("/").header("cache-control"), Some("no-store"));
    let style = known.get("/assets/app.css");
    assert_eq!(style.header("cache-control"), Some("no-cache"));
    let tag = [("If-None-Match", style.header("etag").expect("a tag"))];
    let same = known.send("GET", "/assets/app.css", &tag, b"").is(304);
    assert_eq!((same.body.len(), same.header("etag")), (0, style.header("etag")));
    assert_eq!(known.get("/assets/none").header("cache-control"), Some("no-store"));
    for id in &ids {
        server.log_with(&format!("id=\"{id}\" method="));
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 10, "each request has an id of its own");
}

#[test]
fn the_log_names_routes_and_people_and_neither_paths_nor_queries() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    client.get("/assets/merger-plan.docx?q=redundancies").is(404);
    client.get("/merger-plan?q=redundancies").is(404);
    client.post("/logout", &[("why", "redundancies")]).is(303);
    let person = ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    let person = person.unwrap_or_else(|| "local".to_owned());
    server.log_with("route=\"/assets/{*name}\" status=404");
    let log = server.log_with("method=POST route=\"/logout\" status=303");
    assert!(log.contains(&format!("visitor=\"{person}\"")), "{log}");
    assert!(log.contains("visitor=\"nobody\""), "{log}");
    assert!(!log.contains("merger") && !log.contains("redundancies"), "{log}");
}
