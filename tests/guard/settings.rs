//! A server that stands behind another, which speaks TLS.

use super::{PASSWORD, add_user};
use crate::program::Bench;
use crate::server::{Answer, Server};

const BEHIND: &str =
    "[serve]\nhost = \"evidence.example.com\"\nhttps = true\nproxy = \"127.0.0.1\"\n";
const HOST: (&str, &str) = ("Host", "evidence.example.com");

fn served(bench: &Bench) -> Server {
    add_user(bench, "ana", "admin");
    std::fs::write(bench.beside("sufficit.toml"), BEHIND).expect("is writable");
    Server::start(&bench.workspace())
}

fn login(server: &Server, from: &str, name: &str, password: &str) -> Answer {
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let body = format!("name={name}&password={}", crate::server::encoded(password));
    let headers =
        [HOST, kind, ("Origin", "https://evidence.example.com"), ("X-Forwarded-For", from)];
    server.stranger().send("POST", "/login", &headers, body.as_bytes())
}

#[test]
fn behind_tls_the_cookie_is_for_tls_and_this_host_alone() {
    let bench = Bench::new();
    let server = served(&bench);
    assert_eq!(server.printed, "https://evidence.example.com/");
    let mut client = server.stranger();
    let page = client.send("GET", "/", &[HOST], b"").is(401);
    assert_eq!(page.header("strict-transport-security"), Some("max-age=31536000"));
    client.send("GET", "/", &[("Host", "other.example.com")], b"").is(421);
    let answer = login(&server, "203.0.113.9", "ana", PASSWORD).is(303);
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-sufficit-"), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure"),
        "{cookie}"
    );
}

#[test]
fn the_server_in_front_says_who_guesses() {
    let bench = Bench::new();
    let server = served(&bench);
    for number in 0..20 {
        let forged = format!("198.51.100.{number}, 203.0.113.9");
        assert_eq!(
            login(&server, &forged, &format!("name{number}"), "a wrong password").status,
            401
        );
    }
    let wait = login(&server, "203.0.113.9", "ana", PASSWORD).is(429);
    assert!(wait.header("retry-after").is_some());
    assert_eq!(login(&server, "203.0.113.10", "ana", PASSWORD).status, 303, "from elsewhere");
}

#[test]
fn a_guesser_has_one_network_of_ipv6_and_not_each_address_of_it() {
    let bench = Bench::new();
    let server = served(&bench);
    for number in 0..20 {
        let from = format!("2001:db8:0:7:{number:x}::1");
        let name = format!("name{number}");
        assert_eq!(login(&server, &from, &name, "a wrong password").status, 401);
    }
    login(&server, "2001:db8:0:7:ffff::2", "ana", PASSWORD).is(429);
    assert_eq!(login(&server, "2001:db8:0:8::1", "ana", PASSWORD).status, 303, "from elsewhere");
}
