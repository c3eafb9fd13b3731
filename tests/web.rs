//! Who is let in to the web app and who is not, what each answer tells the browser, and what is kept of secrets: through
//! the real binary, over the loopback.

mod program;
mod server;

use program::Bench;
use server::Server;

#[test]
fn every_answer_tells_the_browser_what_it_may_do() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let mut ids = Vec::new();
    for path in ["/", "/nowhere", "/assets/app.css", "/assets/none"] {
        let answer = client.get(path);
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        ids.push(answer.header("x-request-id").expect("an id").to_owned());
    }
    assert_eq!(client.get("/").header("cache-control"), Some("no-store"));
    ids.dedup();
    assert_eq!(ids.len(), 4, "{ids:?}");
    for id in ids {
        server.log_with(&format!("id=\"{id}\" method=GET"));
    }
}

#[test]
fn the_log_names_routes_and_neither_paths_nor_queries() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    client.get("/assets/merger-plan.docx?q=redundancies");
    let log = server.log_with("route=\"/assets/{*name}\" status=404");
    assert!(!log.contains("merger") && !log.contains("redundancies"), "{log}");
}
