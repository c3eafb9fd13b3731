//! Users: adding them, logging in and out, what their roles let them do, and when their sessions end.

use super::{PASSWORD, add_user, hours_ago, in_record, is_kept, user};
use crate::program::{Bench, text};
use crate::server::{Client, Server};
use sha2::{Digest, Sha256};
use sufficit_review::SessionHolder;

fn try_login(client: &mut Client, name: &str, password: &str) -> u16 {
    client.post("/login", &[("name", name), ("password", password)]).status
}

#[test]
fn users_are_added_listed_changed_and_removed() {
    let bench = Bench::new();
    let short =
        user(&bench, &["add", "ana", "--role", "viewer", "--password-stdin"], "short").exits(2);
    assert!(short.err.contains("12 characters or more"), "{}", short.err);
    add_user(&bench, "ana", "viewer");
    let again =
        user(&bench, &["add", "Ana", "--role", "admin", "--password-stdin"], PASSWORD).exits(2);
    assert!(again.err.contains("there is a user Ana already"), "{}", again.err);
    user(&bench, &["add", "bo", "--role", "king", "--password-stdin"], PASSWORD).exits(2);
    user(&bench, &["role", "ana", "reviewer"], "").exits(0);
    let listed = bench.run(["user", "list", "--format", "json"]).exits(0).json();
    let users = listed.as_array().expect("a list");
    assert_eq!((text(&users[0], "name"), text(&users[0], "role")), ("ana", "reviewer"));
    assert_eq!(users.len(), 1);
    let no_terminal = user(&bench, &["passwd", "ana"], PASSWORD).exits(2);
    assert!(no_terminal.err.contains("--password-stdin"), "{}", no_terminal.err);
    user(&bench, &["remove", "ana"], "").exits(0);
    let gone = user(&bench, &["remove", "ana"], "").exits(2);
    assert!(gone.err.contains("there is no user ana"), "{}", gone.err);
    assert!(!is_kept(&bench.workspace(), PASSWORD));
}

#[test]
fn one_logs_in_and_out_and_comes_back_to_where_one_was() {
    let bench = Bench::new();
    add_user(&bench, "ana", "reviewer");
    let server = Server::start(&bench.workspace());
    let mut client = server.stranger();
    let asked = client.get("/queue?status=open&item=m%2Fa").is(401).text();
    assert!(asked.contains("name=\"back\" value=\"/queue?status=open&amp;item=m%2Fa\""), "{asked}");
    let wrong = client.post("/login", &[("name", "ana"), ("password", "not this one")]).is(401);
    assert!(wrong.text().contains("The name or the password is wrong."));
    assert_eq!(wrong.header("set-cookie"), None);
    assert_eq!(try_login(&mut client, "nobody", PASSWORD), 401);
    let fields = [("name", "Ana"), ("password", PASSWORD), ("back", "/queue?status=open")];
    let answer = client.post("/login", &fields).is(303);
    assert_eq!(answer.header("location"), Some("/queue?status=open"));
    client.open("/").is(200);
    let moved = client.get("/login?back=%2F%2Fevil.example").is(303);
    assert_eq!(moved.header("location"), Some("/"));
    let before = client.clone();
    client.post("/logout", &[]).is(303);
    assert!(client.cookies().is_empty());
    before.clone().get("/").is(401);
    let log = server.log_with("status=303");
    assert!(!log.contains(PASSWORD) && !log.contains("not this one"), "{log}");
}

#[test]
fn who_may_only_look_changes_nothing() {
    let bench = Bench::new();
    add_user(&bench, "vera", "viewer");
    add_user(&bench, "rex", "reviewer");
    let server = Server::start(&bench.workspace());
    let mut viewer = server.login("vera", PASSWORD);
    assert!(viewer.get("/").text().contains("data-role=\"viewer\""));
    for path in ["/decisions", "/upload", "/api/v1/decisions", "/nowhere"] {
        let refused = viewer.post(path, &[("action", "accept")]).is(403);
        assert!(refused.text().contains("vera may look, but not do this"), "{}", refused.text());
    }
    let mut reviewer = server.login("rex", PASSWORD);
    reviewer.post("/nowhere", &[]).is(404);
    user(&bench, &["role", "rex", "viewer"], "").exits(0);
    reviewer.post("/nowhere", &[]).is(403);
    viewer.post("/logout", &[]).is(303);
}

#[test]
fn a_session_that_was_not_used_has_ended_and_scripts_are_told_in_few_words() {
    let bench = Bench::new();
    add_user(&bench, "ana", "reviewer");
    let server = Server::start(&bench.workspace());
    let mut client = server.login("ana", PASSWORD);
    for (hours, status) in [(7, 200), (9, 401)] {
        let secret = format!("{hours:064}");
        let digest: String =
            Sha256::digest(&secret).iter().map(|byte| format!("{byte:02x}")).collect();
        in_record(&bench.workspace(), async |store| {
            let ana = store.user_secret("ana").await.expect("is read").expect("is there");
            let holder = SessionHolder::User(&ana);
            store.begin_session(&digest, holder, hours_ago(hours)).await.expect("begins");
        });
        for value in client.cookies().values_mut() {
            value.clone_from(&secret);
        }
        client.get("/").is(status);
    }
    let bare = client.script("/decisions", &[("why", "typed")]).is(401);
    assert_eq!(bare.text(), "");
    let page = client.post("/decisions", &[("why", "typed")]).is(401).text();
    assert!(page.contains("name=\"back\" value=\"/\""), "{page}");
    let problem = client.get("/api/v1/none").is(401);
    assert_eq!(problem.header("content-type"), Some("application/problem+json"));
    assert_eq!(problem.header("www-authenticate"), Some("Bearer realm=\"sufficit\""));
    assert_eq!(problem.json()["status"], 401);
}

#[test]
fn sessions_end_with_the_password_and_with_the_user() {
    let bench = Bench::new();
    add_user(&bench, "ana", "reviewer");
    add_user(&bench, "bo", "reviewer");
    let server = Server::start(&bench.workspace());
    let (mut ana, mut bo) = (server.login("ana", PASSWORD), server.login("bo", PASSWORD));
    let another = "three herons on the weir";
    user(&bench, &["passwd", "ana", "--password-stdin"], another).exits(0);
    ana.get("/").is(401);
    assert_eq!(try_login(&mut ana, "ana", PASSWORD), 401);
    assert_eq!(try_login(&mut ana, "ana", another), 303);
    user(&bench, &["remove", "bo"], "").exits(0);
    bo.get("/").is(401);
    assert_eq!(try_login(&mut bo, "bo", PASSWORD), 401);
}

#[test]
fn who_guesses_has_to_wait_also_with_the_right_password() {
    let bench = Bench::new();
    add_user(&bench, "ana", "reviewer");
    add_user(&bench, "bo", "reviewer");
    let server = Server::start(&bench.workspace());
    let mut client = server.stranger();
    for _ in 0..5 {
        assert_eq!(try_login(&mut client, "ana", "guess after guess"), 401);
    }
    let wait = client.post("/login", &[("name", "ANA"), ("password", PASSWORD)]).is(429);
    let seconds: u64 = wait.header("retry-after").and_then(|s| s.parse().ok()).expect("seconds");
    assert!((1..=300).contains(&seconds));
    assert_eq!(try_login(&mut client, "bo", PASSWORD), 303, "nobody else waits");
}
