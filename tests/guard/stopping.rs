//! A server that is told to stop.
#![cfg(unix)]

use crate::program::Bench;
use crate::server::{Client, Server};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Half of the time after which answers under way are given up: who ends sooner did not wait for that.
const AT_ONCE: Duration = Duration::from_secs(15);

/// A connection that has begun to say what it wants: the first line, and who asks.
fn begun(server: &Server, client: &mut Client, first: &str) -> TcpStream {
    let cookies: Vec<String> =
        client.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    let head = format!("{first}\r\nHost: {}\r\nCookie: {}\r\n", server.address, cookies.join("; "));
    stream.write_all(head.as_bytes()).expect("the server reads");
    stream
}

#[test]
fn one_that_is_told_to_ends_also_while_somebody_listens_and_somebody_says_nothing() {
    let bench = Bench::new();
    for signal in ["INT", "TERM"] {
        let server = Server::start(&bench.workspace());
        let mut client = server.client();
        let mut events = begun(&server, &mut client, "GET /events HTTP/1.1");
        events.write_all(b"\r\n").expect("the server reads");
        let mut first = [0; 15];
        events.read_exact(&mut first).expect("an answer");
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        let silent = TcpStream::connect(&server.address).expect("the server listens");
        client.get("/").is(200);
        let told = Instant::now();
        server.signal(signal);
        assert_eq!(server.ended(), Some(0), "{signal}");
        assert!(told.elapsed() < AT_ONCE, "{signal}: {:?}", told.elapsed());
        let mut rest = String::new();
        events.read_to_string(&mut rest).expect("the events end");
        assert!(rest.ends_with("0\r\n\r\n"), "they end as they should: {rest}");
        drop(silent);
    }
}

#[test]
fn one_that_is_told_once_more_gives_up_what_is_under_way() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let mut slow = begun(&server, &mut client, "POST /upload HTTP/1.1");
    let rest = format!(
        "X-CSRF: {}\r\nContent-Length: 10000\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"slow.md\"\r\n\r\nIt takes its time.\r\n",
        client.csrf
    );
    slow.write_all(rest.as_bytes()).expect("the server reads");
    let incoming = bench.workspace().join("incoming");
    while incoming.read_dir().map_or(0, |entries| entries.count()) == 0 {
        std::thread::park_timeout(Duration::from_millis(5));
    }
    let told = Instant::now();
    server.signal("INT");
    // The first was heard when nobody can connect any more.
    while TcpStream::connect(&server.address).is_ok() {
        std::thread::park_timeout(Duration::from_millis(5));
    }
    server.signal("TERM");
    server.log_with("told to stop once more");
    assert_eq!(server.ended(), Some(0));
    assert!(told.elapsed() < AT_ONCE, "{:?}", told.elapsed());
    drop(slow);
}
