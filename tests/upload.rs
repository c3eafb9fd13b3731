//! Files come in over HTTP, are kept, read in the background, and what became of each is told.

mod program;
mod server;

use program::{Bench, run, text};
use serde_json::Value;
use server::{Answer, Client, Server};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

/// Longer than any event takes here, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
const BOUNDARY: &str = "----of-the-tests";
const POLICY: &[u8] = b"# AI policy\n\nThe board approved this AI policy on 3 May 2026. Owner: R. Castleby. Every AI \
system is listed in a register, and each has an owner.\n";

/// The body of a form with these fields and one file.
fn form(fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in fields {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// Sends a file as the script of the page does.
fn upload(client: &mut Client, path: &str, bytes: &[u8]) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let csrf = client.csrf.clone();
    let headers = [
        ("Content-Type", kind.as_str()),
        ("X-Requested-With", "sufficit"),
        ("X-CSRF", csrf.as_str()),
    ];
    client.send("POST", "/upload", &headers, &form(&[("path", path)], "file", bytes))
}

/// The events of a server from now on.
struct Events(BufReader<TcpStream>);

impl Events {
    fn of(server: &Server, client: &mut Client) -> Self {
        let address = &server.address;
        let cookies: Vec<String> =
            client.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut stream = TcpStream::connect(address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("is a time");
        write!(
            stream,
            "GET /events HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\n\r\n",
            cookies.join("; ")
        )
        .expect("the server reads");
        let mut events = Self(BufReader::new(stream));
        while !events.line().is_empty() {}
        events
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("the server tells more");
        line.trim_end().to_owned()
    }

    /// The events up to the next one of this name, each with its data.
    fn until(&mut self, name: &str) -> Vec<(String, Value)> {
        let mut events = Vec::new();
        loop {
            let line = self.line();
            let Some(event) = line.strip_prefix("event: ") else { continue };
            let data = self.line();
            let data = data.strip_prefix("data: ").expect("an event has data");
            events.push((event.to_owned(), serde_json::from_str(data).expect("JSON")));
            if event == name {
                return events;
            }
        }
    }
}

fn paths(workspace: &Path) -> Vec<String> {
    let status = run(workspace, ["status", "--format", "json"]).exits(0).json();
    program::list(&status, "files").iter().map(|file| text(file, "path").to_owned()).collect()
}

#[test]
fn what_is_sent_is_kept_read_and_told() {
    let bench = Bench::new();
    let workspace = bench.workspace();
    let server = Server::start(&workspace);
    let mut client = server.client();
    client.open("/upload").is(200);
    let mut events = Events::of(&server, &mut client);

    let answer = upload(&mut client, "policies/ai.md", POLICY).is(201).json();
    assert_eq!(text(&answer, "status"), "stored");
    assert_eq!(text(&answer, "path"), "policies/ai.md");
    assert_eq!(answer["bytes"], POLICY.len());
    let junk = upload(&mut client, "junk.pdf", b"%PDF-1.7 and no more").is(201).json();
    assert_eq!(junk["job"], answer["job"], "one job reads what comes in together");

    let told = events.until("done");
    let of = |name: &str, path: &str| {
        let found = told.iter().find(|(event, data)| event == name && data["path"] == path);
        found
            .map(|(_, data)| data.clone())
            .unwrap_or_else(|| panic!("no {name} of {path}: {told:?}"))
    };
    assert_eq!(of("upload", "policies/ai.md")["status"], "stored");
    let read = of("file", "policies/ai.md");
    assert_eq!((text(&read, "status"), text(&read, "document")), ("read", text(&answer, "sha256")));
    let failed = of("file", "junk.pdf");
    assert_eq!(text(&failed, "status"), "failed");
    assert!(!text(&failed, "reason").is_empty());
    let stages: Vec<&str> = told
        .iter()
        .filter(|(event, _)| event == "stage")
        .map(|(_, data)| text(data, "stage"))
        .collect();
    for stage in ["reading", "indexing", "mapping"] {
        assert!(stages.contains(&stage), "{stage} is told: {stages:?}");
    }
    let (_, done) = told.last().expect("done came");
    assert!(done["failure"].is_null() && text(done, "run").starts_with("run-"), "{done}");
    assert_eq!(paths(&workspace), ["junk.pdf", "policies/ai.md"]);
    let page = client.get("/upload").is(200).text();
    assert!(page.contains(&format!("/documents/{}", text(&answer, "sha256"))), "{page}");
}

#[test]
fn the_same_bytes_are_recognised() {
    let bench = Bench::new();
    let workspace = bench.workspace();
    let server = Server::start(&workspace);
    let mut client = server.client();
    client.open("/upload").is(200);
    let mut events = Events::of(&server, &mut client);
    upload(&mut client, "a.md", POLICY).is(201);
    events.until("done");

    let again = upload(&mut client, "a.md", POLICY).is(200).json();
    assert_eq!(text(&again, "status"), "duplicate");
    assert!(again["job"].is_null(), "there is nothing to read");
    let elsewhere = upload(&mut client, "b.md", POLICY).is(201).json();
    assert_eq!(elsewhere["same_as"], serde_json::json!(["a.md"]));
    let changed = upload(&mut client, "a.md", b"# AI policy\n\nWithdrawn.\n").is(201).json();
    assert_eq!(text(&changed, "status"), "replaced");
}

#[test]
fn what_cannot_be_kept_is_refused_with_the_reason() {
    let bench = Bench::new();
    let settings = bench.beside("sufficit.toml");
    std::fs::write(settings, "[ingest]\nmax_file_mib = 1\n").expect("is writable");
    let workspace = bench.workspace();
    let server = Server::start(&workspace);
    let mut client = server.client();
    client.open("/upload").is(200);
    for (path, part) in [
        ("../outside.md", "leads out"),
        ("/etc/passwd", "does not begin in the folder"),
        ("NUL.txt", "device"),
        ("evidence.zip!/policy.md", "exclamation mark"),
        (".env", "hidden"),
        ("", "has no name"),
    ] {
        let name = if path.is_empty() { "" } else { "file" };
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let csrf = client.csrf.clone();
        let headers = [
            ("Content-Type", kind.as_str()),
            ("X-Requested-With", "sufficit"),
            ("X-CSRF", csrf.as_str()),
        ];
        let body = form(&[("path", path)], name, POLICY);
        let answer = client.send("POST", "/upload", &headers, &body);
        let problem = answer.clone().is(422).json();
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert!(text(&problem, "detail").contains(part), "{path}: {problem}");
    }
    let large = vec![b'x'; (1 << 20) + 1];
    let answer = upload(&mut client, "large.txt", &large).is(413).json();
    assert!(text(&answer, "detail").contains("larger than 1 MiB"), "{answer}");
    assert!(
        text(&upload(&mut client, "empty.txt", b"").is(422).json(), "detail").contains("is empty")
    );
    let csrf = client.csrf.clone();
    let headers = [
        ("Content-Type", "text/plain"),
        ("X-Requested-With", "sufficit"),
        ("X-CSRF", csrf.as_str()),
    ];
    assert!(client.send("POST", "/upload", &headers, b"no form").status >= 400);
    assert!(!workspace.join("uploads").exists(), "nothing was kept");
}

#[test]
fn what_was_acknowledged_is_read_after_a_kill() {
    let bench = Bench::new();
    let workspace = bench.workspace();
    let server = Server::start(&workspace);
    let mut client = server.client();
    client.open("/upload").is(200);
    for number in 0..5 {
        upload(
            &mut client,
            &format!("minutes/{number}.md"),
            format!("# Minutes {number}\n").as_bytes(),
        )
        .is(201);
    }
    drop(server);

    let server = Server::start(&workspace);
    let mut client = server.client();
    let mut events = Events::of(&server, &mut client);
    // The first job may be over before anybody listens.
    upload(&mut client, "last.md", POLICY).is(201);
    events.until("done");
    let mut expected: Vec<String> = (0..5).map(|number| format!("minutes/{number}.md")).collect();
    expected.insert(0, "last.md".to_owned());
    while paths(&workspace) != expected {
        events.until("done");
    }
    drop(server);
    assert!(workspace.join("uploads/minutes/0.md").is_file());
    assert!(
        !workspace.join("incoming").exists()
            || workspace.join("incoming").read_dir().is_ok_and(|left| left.count() == 0)
    );
}

#[test]
fn uploads_stay_when_the_folder_around_the_workspace_is_ingested() {
    let bench = Bench::new();
    let workspace = bench.beside(".sufficit");
    let server = Server::start(&workspace);
    let mut client = server.client();
    client.open("/upload").is(200);
    let mut events = Events::of(&server, &mut client);
    upload(&mut client, "up.md", POLICY).is(201);
    events.until("done");
    drop(server);
    let around = workspace.parent().expect("lies in a folder");
    std::fs::write(around.join("beside.md"), "# Beside\n\nMinutes of 3 May 2026.\n")
        .expect("is writable");
    run(&workspace, ["ingest".as_ref(), around.as_os_str()]);
    let paths = paths(&workspace);
    assert!(
        paths.contains(&"up.md".to_owned()) && paths.contains(&"beside.md".to_owned()),
        "{paths:?}"
    );
}

#[test]
fn a_form_that_is_hardly_more_than_padding_is_refused() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    client.open("/upload").is(200);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let csrf = client.csrf.clone();
    let headers = [("Content-Type", kind.as_str()), ("X-CSRF", csrf.as_str())];
    let padding = "x".repeat(3 << 20);
    let own = form(&[], "a.md", POLICY);
    let before = [padding.as_bytes(), b"\r\n", &own].concat();
    let header = format!("--{BOUNDARY}\r\nX-Padding: {padding}");
    let within = [header.as_bytes(), own.strip_prefix(b"--").expect("begins so")].concat();
    for body in [before, within] {
        let problem = client.send("POST", "/upload", &headers, &body).is(413).json();
        assert!(text(&problem, "detail").contains("beside its file"), "{problem}");
    }
    // A file of any size is no padding.
    upload(&mut client, "large.md", "All is well.\n".repeat(400_000).as_bytes()).is(201);
}

/// A file that has begun to come in, and comes no further.
fn begun(server: &Server, client: &mut Client) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    let cookies: Vec<String> =
        client.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    write!(
        stream,
        "POST /upload HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nX-CSRF: {}\r\nContent-Length: 10000\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n--{BOUNDARY}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"slow.md\"\r\n\r\nThis takes its time.\r\n",
        server.address,
        cookies.join("; "),
        client.csrf
    )
    .expect("the server reads");
    stream
}

/// How a file of so many bytes is answered, all of which the server has to take before.
fn sent_whole(server: &Server, client: &mut Client, bytes: usize) -> String {
    let form = form(&[], "large.md", &vec![b'x'; bytes]);
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    let cookies: Vec<String> =
        client.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    write!(
        stream,
        "POST /upload HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nX-CSRF: {}\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n",
        server.address,
        cookies.join("; "),
        client.csrf,
        form.len()
    )
    .expect("the server reads");
    stream.write_all(&form).expect("the server reads to the end");
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status).expect("an answer");
    status
}

#[test]
fn so_many_files_come_in_at_a_time_and_one_more_is_asked_to_come_again() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    client.open("/upload").is(200);
    let slow: Vec<TcpStream> = (0..12).map(|_| begun(&server, &mut client)).collect();
    let incoming = bench.workspace().join("incoming");
    let coming = || incoming.read_dir().map_or(0, |entries| entries.count());
    while coming() < slow.len() {
        std::thread::park_timeout(Duration::from_millis(5));
    }
    let busy = upload(&mut client, "one-more.md", POLICY).is(503);
    assert_eq!(busy.header("retry-after"), Some("5"));
    let problem = busy.json();
    assert!(text(&problem, "detail").starts_with("12 files are coming in already"), "{problem}");
    client.get("/upload").is(200);
    assert_eq!(sent_whole(&server, &mut client, 20 << 20), "HTTP/1.1 503 Service Unavailable\r\n");
    drop(slow);
    upload(&mut client, "one-more.md", POLICY).is(201);
    let log = server.log_with("status=201");
    assert!(!log.contains("slow.md") && !log.contains("one-more"), "{log}");
}

/// How often the server is killed.
const KILLS: u64 = 50;

/// Sends files and remarks in turns until the server is gone; the names of those that it acknowledged.
fn sent_until_killed(mut client: Client, item: &str, round: u64) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for step in 0.. {
        let name = format!("{round}-{step}");
        // A client whose server is gone panics.
        let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| match step % 2 {
            0 => upload(&mut client, &format!("{name}.md"), format!("# Note {name}\n").as_bytes()),
            _ => {
                let fields = [("item", item), ("expect", "0"), ("action", "comment")];
                client.script("/decisions", &[&fields[..], &[("why", &name)]].concat())
            }
        }));
        match answer {
            Ok(answer) if answer.status < 300 => acknowledged.push(name),
            _ => return acknowledged,
        }
    }
    acknowledged
}

#[test]
fn what_was_acknowledged_outlives_fifty_kills_and_is_there_once() {
    let bench = Bench::with([("policy.md", POLICY)]);
    bench.ingest().exits(0);
    let workspace = bench.workspace();
    let matches = bench.matches();
    let found = matches.first().expect("the policy matches something");
    let part = |key: &str| found[key].as_str().expect("is text").to_owned();
    let item = format!("m/{}/{}/{}", part("sha256"), part("framework"), part("requirement"));
    let mut acknowledged = Vec::new();
    for round in 0..KILLS {
        let server = Server::start(&workspace);
        let (client, item) = (server.client(), item.clone());
        let sending = std::thread::spawn(move || sent_until_killed(client, &item, round));
        // Moments that look drawn by lot and are the same each time: from at once to when many were sent.
        std::thread::park_timeout(Duration::from_millis(round.wrapping_mul(7919) % 140));
        drop(server);
        acknowledged.extend(sending.join().expect("it ends by itself"));
    }
    assert!(
        acknowledged.len() > 50,
        "only {} were acknowledged: kills came too early",
        acknowledged.len()
    );

    let uploads = workspace.join("uploads");
    run(&workspace, ["ingest".as_ref(), uploads.as_os_str()]).exits(0);
    run(&workspace, ["audit", "verify"]).exits(0);
    let files = paths(&workspace);
    let decisions = run(&workspace, ["export", "decisions", "--format", "jsonl"]).exits(0).lines();
    for name in &acknowledged {
        let file = format!("{name}.md");
        let as_file = files.iter().filter(|path| **path == file).count();
        let as_remark = decisions.iter().filter(|decision| decision["why"] == **name).count();
        assert_eq!(as_file + as_remark, 1, "{name} was acknowledged");
    }
    let mut once = files.clone();
    once.dedup();
    assert_eq!(files, once, "nothing is there twice");
}
