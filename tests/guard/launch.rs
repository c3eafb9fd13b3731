//! The printed address, by which who sits at the machine is let in as long as there are no users.

use super::{PASSWORD, add_user, is_kept};
use crate::program::Bench;
use crate::server::Server;

#[test]
fn the_printed_address_lets_in_and_is_sent_on_without_its_token() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let token = server.printed.rsplit('=').next().expect("a token").to_owned();
    assert_eq!(server.printed, format!("http://{}/?token={token}", server.address));
    assert_eq!(token.len(), 64);
    let mut client = server.stranger();
    let refused = client.get("/").is(401);
    assert!(refused.text().contains("Open the printed address"), "{}", refused.text());
    assert!(!refused.text().contains("42001"), "nothing is shown");
    client.get("/assets/app.css").is(200);
    client.get(&format!("/?token={}", token.replace(&token[..4], "0000"))).is(401);
    client.get("/?token=").is(401);
    let answer = client.get(&format!("/queue?status=open&token={token}&item=m%2Fa")).is(303);
    assert_eq!(answer.header("location"), Some("/queue?status=open&item=m%2Fa"));
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    let (pair, rest) = cookie.split_once("; ").expect("attributes");
    assert_eq!(rest, "Path=/; Max-Age=604800; HttpOnly; SameSite=Strict");
    client.open("/").is(200);
    let answer = client.get(&format!("//evil.example/?token={token}")).is(303);
    assert_eq!(answer.header("location"), Some("/"));

    let secret = pair.split('=').nth(1).expect("a secret").to_owned();
    let log = server.log_with("status=303");
    for secret in [&token, &secret, &client.csrf] {
        assert!(!is_kept(&bench.workspace(), secret), "a secret is in the workspace");
        assert!(!log.contains(secret.as_str()), "a secret is in the log");
    }
}

#[test]
fn once_there_are_users_the_address_and_its_sessions_let_nobody_in() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    add_user(&bench, "ana", "admin");
    let page = client.get("/").is(401);
    assert!(page.text().contains("<form"), "who is known by name logs in: {}", page.text());
    let with_token = server.printed.replace(&format!("http://{}", server.address), "");
    server.stranger().get(&with_token).is(401);
    server.login("ana", PASSWORD).get("/").is(200);
    drop(server);
    let server = Server::start(&bench.workspace());
    assert_eq!(server.printed, format!("http://{}/", server.address));
}

#[test]
fn other_machines_are_not_let_near_without_users() {
    let bench = Bench::new();
    let refused = bench.run(["serve", "--listen", "0.0.0.0:0"]).exits(2);
    assert!(refused.err.contains("no user is there to log in"), "{}", refused.err);
    assert!(refused.err.contains("sufficit user add NAME --role admin"), "{}", refused.err);
    assert_eq!(refused.out, "");
}

#[cfg(unix)]
#[test]
fn the_workspace_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    std::fs::create_dir(bench.workspace()).expect("is made");
    std::fs::set_permissions(bench.workspace(), PermissionsExt::from_mode(0o755)).expect("is set");
    let server = Server::start(&bench.workspace());
    let mode = std::fs::metadata(bench.workspace()).expect("is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    server.log_with("now only its owner can");
}
