//! Other names for this machine, and other sites' pages.

use crate::program::Bench;
use crate::server::{Client, Server};

fn form(client: &mut Client, headers: &[(&str, &str)], body: &str) -> u16 {
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let headers: Vec<_> = [kind].into_iter().chain(headers.iter().copied()).collect();
    client.send("POST", "/logout", &headers, body.as_bytes()).status
}

#[test]
fn a_page_that_has_its_name_point_here_is_told_nothing() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let port = server.address.rsplit(':').next().expect("a port").to_owned();
    let names = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("10.0.0.1:{port}"),
        "127.0.0.1".to_owned(),
    ];
    let with_token = server.printed.replace(&format!("http://{}", server.address), "");
    for name in &names {
        for path in ["/", "/assets/app.css", "/api/v1/none", "/login", &with_token] {
            let answer = client.send("GET", path, &[("Host", name)], b"").is(421);
            assert_eq!(answer.header("set-cookie"), None);
            assert!(!answer.text().contains("<meta name=\"csrf\" content=\"_"), "{name}{path}");
        }
    }
    for name in ["localhost", "127.0.0.1", "[::1]", "LocalHost"] {
        client.send("GET", "/", &[("Host", &format!("{name}:{port}"))], b"").is(200);
    }
}

#[test]
fn what_another_sites_page_sends_changes_nothing() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let body = format!("csrf={}", client.csrf);
    let foreign = [
        ("Origin", "http://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1:1"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ];
    for header in foreign {
        assert_eq!(form(&mut client, &[header], &body), 403, "{header:?}");
    }
    client.get("/").is(200);
    let origin = format!("http://{}", server.address);
    assert_eq!(form(&mut client, &[("Origin", &origin)], &body), 303);
    client.get("/").is(401);
}

#[test]
fn a_form_carries_the_sessions_own_token() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let (mut client, other) = (server.client(), server.client());
    assert_ne!(client.csrf, other.csrf);
    assert_eq!(form(&mut client, &[], ""), 403, "none");
    assert_eq!(form(&mut client, &[], &format!("csrf={}", other.csrf)), 403, "another session's");
    assert_eq!(form(&mut client, &[("X-CSRF", &other.csrf)], ""), 403);
    let own = client.csrf.clone();
    let plain = [("X-CSRF", ""), ("Content-Type", "text/plain")];
    let answer = client.send("POST", "/logout", &plain[1..], format!("csrf={own}").as_bytes());
    assert_eq!(answer.status, 403, "no form that a browser's form can send");
    assert_eq!(form(&mut client, &[plain[0]], &format!("csrf={own}")), 403, "the header counts");
    client.get("/").is(200);
    client.send("POST", "/logout", &[("X-CSRF", &own)], b"").is(303);
    client.get("/").is(401);
}

#[test]
fn a_form_has_its_limit() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let body = format!("why={}", "x".repeat(300 * 1024));
    assert_eq!(form(&mut client, &[], &body), 413);
    client.get("/").is(200);
}
