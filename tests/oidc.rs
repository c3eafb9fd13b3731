//! Logging in by another service (OpenID Connect), against one that runs inside the test.

mod login_service;
mod program;
mod server;

use login_service::LoginService;
use program::Bench;
use serde_json::{Value, json};
use server::{Answer, Client, Server, encoded};

/// A server whose settings name `service`.
fn served(bench: &Bench, service: &LoginService) -> Server {
    let settings = format!(
        "[serve.oidc]\nissuer = \"{}\"\nclient_id = \"sufficit\"\nclient_secret_file = \"secret\"\n\
         [serve.oidc.roles]\ncompliance = \"reviewer\"\nauditors = \"viewer\"\n",
        service.issuer
    );
    std::fs::write(bench.beside("sufficit.toml"), settings).expect("is writable");
    std::fs::write(bench.beside("secret"), "of this app\n").expect("is writable");
    Server::start(&bench.workspace())
}

fn person(subject: &str, name: &str, groups: &[&str]) -> Value {
    json!({ "sub": subject, "preferred_username": name, "groups": groups })
}

/// Goes to the service as a browser does, and gives the path to which the service sends it back.
fn sent(client: &mut Client, service: &LoginService, claims: &Value) -> String {
    let answer = client.get("/login/oidc?back=%2Fqueue%3Fstatus%3Dopen").is(303);
    let question = answer.header("location").expect("an address").to_owned();
    assert!(question.starts_with(&format!("{}/authorize?", service.issuer)), "{question}");
    let (state, code) = service.vouch(&question, claims);
    format!("/login/oidc/back?state={}&code={}", encoded(&state), encoded(&code))
}

fn login(server: &Server, service: &LoginService, claims: &Value) -> (Client, Answer) {
    let mut client = server.stranger();
    let back = sent(&mut client, service, claims);
    let answer = client.get(&back);
    (client, answer)
}

#[test]
fn whom_the_service_knows_is_let_in_with_the_role_of_their_group() {
    let (bench, service) = (Bench::new(), LoginService::start());
    let server = served(&bench, &service);
    assert_eq!(server.printed, format!("http://{}/", server.address), "no token lets in");
    let asked = server.stranger().get("/").is(401).text();
    assert!(asked.contains("href=\"/login/oidc?back=%2F\""), "{asked}");

    let (mut client, answer) = login(&server, &service, &person("7", "ana", &["compliance"]));
    let answer = answer.is(200);
    assert_eq!(answer.header("refresh"), Some("0;url=/queue?status=open"));
    assert!(answer.all("set-cookie").any(|cookie| cookie.contains("HttpOnly; SameSite=Strict")));
    assert!(client.open("/").is(200).text().contains("data-role=\"reviewer\""));
    server.log_with("visitor=\"ana\"");

    let (mut client, answer) = login(&server, &service, &person("7", "anna", &["auditors"]));
    answer.is(200);
    assert!(client.get("/").is(200).text().contains("data-role=\"viewer\""), "groups changed");
    let users = bench.run(["user", "list", "--format", "json"]).exits(0).json();
    assert_eq!(users.as_array().map(Vec::len), Some(1));
    assert_eq!(users[0]["name"], "ana", "decisions go on naming them so");
    let log = server.log_with("route=\"/login/oidc/back\"");
    assert!(!log.contains("of this app"), "{log}");
}

#[test]
fn who_has_no_group_here_or_anothers_name_is_not_let_in() {
    let (bench, service) = (Bench::new(), LoginService::start());
    let server = served(&bench, &service);
    let (mut client, answer) = login(&server, &service, &person("8", "bo", &["cooks"]));
    assert!(answer.is(403).text().contains("bo has no role here"));
    client.get("/").is(401);
    login(&server, &service, &person("7", "ana", &["compliance"])).1.is(200);
    let (_, answer) = login(&server, &service, &person("9", "Ana", &["compliance"]));
    assert!(answer.is(422).text().contains("Ana is the name of another user here"));
    let (_, answer) = login(&server, &service, &json!({ "sub": "5", "groups": ["compliance"] }));
    assert!(answer.is(403).text().contains("gave no preferred_username"));
}

#[test]
fn a_login_counts_once_and_only_in_the_browser_that_began_it() {
    let (bench, service) = (Bench::new(), LoginService::start());
    let server = served(&bench, &service);
    let ana = person("7", "ana", &["compliance"]);
    let mut client = server.stranger();
    let back = sent(&mut client, &service, &ana);
    server.stranger().get(&back).is(403);
    let mut replayed = client.clone();
    client.get(&back).is(200);
    replayed.get(&back).is(403);
    let back = sent(&mut replayed, &service, &ana);
    replayed.get(&back.replace("state=", "state=x")).is(403);
    replayed.get("/login/oidc/back?error=access_denied").is(403);
    replayed.get("/").is(401);
}

#[test]
fn a_word_that_is_not_the_services_own_or_for_another_is_not_believed() {
    let (bench, service) = (Bench::new(), LoginService::start());
    let server = served(&bench, &service);
    let lies = [
        json!({ "nonce": "another" }),
        json!({ "iss": "http://127.0.0.1:1" }),
        json!({ "aud": "another app" }),
        json!({ "exp": 1_600_000_000 }),
    ];
    for lie in lies {
        let mut claims = person("7", "ana", &["compliance"]);
        for (name, value) in lie.as_object().expect("claims") {
            claims[name] = value.clone();
        }
        let (mut client, answer) = login(&server, &service, &claims);
        assert_eq!(answer.status, 403, "{lie}");
        client.get("/").is(401);
    }
    service.sign_with_another_key();
    let (_, answer) = login(&server, &service, &person("7", "ana", &["compliance"]));
    assert_eq!(answer.status, 403);
}

#[test]
fn many_who_begin_and_do_not_come_back_ask_the_service_once_and_then_wait() {
    let (bench, service) = (Bench::new(), LoginService::start());
    let server = served(&bench, &service);
    let mut client = server.stranger();
    // Pictures in pages of other sites begin nothing.
    for dest in ["image", "iframe", "empty"] {
        let headers = [("Sec-Fetch-Dest", dest), ("Sec-Fetch-Site", "cross-site")];
        for _ in 0..50 {
            client.send("GET", "/login/oidc", &headers, b"").is(403);
        }
    }
    client.get(&format!("/login/oidc?back=/{}", "x".repeat(40_000))).is(303);
    for _ in 1..100 {
        client.send("GET", "/login/oidc", &[("Sec-Fetch-Dest", "document")], b"").is(303);
    }
    let wait = client.get("/login/oidc").is(429);
    assert!(wait.text().contains("many tries to log in from here"), "{}", wait.text());
    let seconds: u64 = wait.header("retry-after").and_then(|s| s.parse().ok()).expect("seconds");
    assert!((1..=600).contains(&seconds));
    assert_eq!(service.asked(), 1);
}

#[test]
fn who_comes_back_takes_up_nobodys_turn() {
    let (bench, service) = (Bench::new(), LoginService::start());
    let server = served(&bench, &service);
    for _ in 0..110 {
        login(&server, &service, &person("7", "ana", &["compliance"])).1.is(200);
    }
    assert_eq!(service.asked(), 1);
}

#[test]
fn a_service_that_is_gone_is_said_to_be_and_passwords_still_let_in() {
    let bench = Bench::new();
    let settings = "[serve.oidc]\nissuer = \"http://127.0.0.1:1\"\nclient_id = \"sufficit\"\n";
    std::fs::write(bench.beside("sufficit.toml"), settings).expect("is writable");
    let password = "a lantern above the old quay";
    let add = ["user", "add", "ana", "--role", "admin", "--password-stdin"];
    program::run_with(&bench.workspace(), add, password).exits(0);
    let server = Server::start(&bench.workspace());
    let answer = server.stranger().get("/login/oidc").is(502);
    assert!(answer.text().contains("The login service does not answer"), "{}", answer.text());
    server.log_with("the login service did not do its part");
    // However often it is tried meanwhile, nobody has to wait for it afterwards.
    for _ in 0..110 {
        server.stranger().get("/login/oidc").is(502);
    }
    server.login("ana", password).get("/").is(200);
}

#[test]
fn an_issuer_is_asked_over_tls_alone() {
    let bench = Bench::new();
    let settings =
        "[serve.oidc]\nissuer = \"http://login.example.com\"\nclient_id = \"sufficit\"\n";
    std::fs::write(bench.beside("sufficit.toml"), settings).expect("is writable");
    let refused = bench.run(["serve", "--listen", "127.0.0.1:0"]).exits(2);
    assert!(
        refused.err.contains("sufficit.toml:2: issuer must begin with https://"),
        "{}",
        refused.err
    );
}
