//! Tokens by which programs ask the HTTP API.

use super::{hours_ago, in_record, is_kept};
use crate::program::{Bench, text};
use crate::server::{Answer, Server};
use sha2::{Digest, Sha256};
use sufficit_review::{Role, Token};

fn add(bench: &Bench, name: &str, role: &str) -> String {
    let done = bench.run(["token", "add", name, "--role", role, "--days", "30"]).exits(0);
    assert!(done.err.contains("not shown again"), "{}", done.err);
    done.out.trim().to_owned()
}

fn ask(server: &Server, method: &str, path: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    server.stranger().send(method, path, &[("Authorization", &bearer)], b"")
}

/// A route that there is not: whoever is let in is told so.
const NOWHERE: &str = "/api/v1/none";

#[test]
fn a_token_lets_a_program_do_what_its_role_may_and_needs_no_form() {
    let bench = Bench::new();
    let (look, decide) = (add(&bench, "dashboard", "viewer"), add(&bench, "nightly", "reviewer"));
    assert!(look.starts_with("suf_") && look.len() == 68, "{look}");
    let server = Server::start(&bench.workspace());
    assert_eq!(ask(&server, "GET", NOWHERE, &look).status, 404);
    let refused = ask(&server, "POST", NOWHERE, &look).is(403);
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert!(text(&refused.json(), "detail").starts_with("dashboard (token) may look"));
    let answer = ask(&server, "POST", NOWHERE, &decide).is(404);
    assert_eq!(answer.header("set-cookie"), None);
    for path in ["/", "/queue", "/upload"] {
        assert_eq!(ask(&server, "GET", path, &decide).status, 401, "a page takes no token");
    }
    for wrong in ["", "suf_", &look[..67], &format!("{look}0"), &look[4..]] {
        let refused = ask(&server, "GET", NOWHERE, wrong).is(401);
        assert_eq!(refused.header("www-authenticate"), Some("Bearer realm=\"sufficit\""));
    }
    assert_eq!(server.stranger().get(NOWHERE).status, 401);
    let log = server.log_with("visitor=\"nightly (token)\"");
    assert!(!log.contains(&look) && !log.contains(&decide), "{log}");
    assert!(!is_kept(&bench.workspace(), &look) && !is_kept(&bench.workspace(), &decide));
}

#[test]
fn a_token_expires_or_is_removed_and_its_last_day_of_use_is_known() {
    let bench = Bench::new();
    let secret = add(&bench, "nightly", "viewer");
    let digest: String =
        Sha256::digest("suf_old").iter().map(|byte| format!("{byte:02x}")).collect();
    let old = Token {
        name: "old".to_owned(),
        role: Role::Admin,
        added: hours_ago(48),
        expires: hours_ago(1),
        last_used: None,
    };
    in_record(&bench.workspace(), async |store| {
        store.add_token(&old, &digest).await.expect("is added");
    });
    let server = Server::start(&bench.workspace());
    ask(&server, "GET", NOWHERE, "suf_old").is(401);
    ask(&server, "GET", NOWHERE, &secret).is(404);
    let listed = bench.run(["token", "list", "--format", "json"]).exits(0).json();
    let used = |at: usize| listed[at]["last_used"].as_str().map(str::len);
    assert_eq!((used(0), used(1)), (Some(10), None), "{listed}");
    assert!(!listed.to_string().contains(&secret));
    bench.run(["token", "remove", "nightly"]).exits(0);
    ask(&server, "GET", NOWHERE, &secret).is(401);
    bench.run(["token", "remove", "nightly"]).exits(2);
}
