//! A server that is told to stop.
#![cfg(unix)]

use crate::program::Bench;
use crate::server::Server;
use std::io::{Read, Write};
use std::net::TcpStream;

#[test]
fn one_that_is_interrupted_ends_also_while_somebody_listens_and_somebody_says_nothing() {
    let bench = Bench::new();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let cookies: Vec<String> =
        client.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (address, cookies) = (server.address.clone(), cookies.join("; "));
    let mut events = TcpStream::connect(&address).expect("the server listens");
    let ask = format!("GET /events HTTP/1.1\r\nHost: {address}\r\nCookie: {cookies}\r\n\r\n");
    events.write_all(ask.as_bytes()).expect("the server reads");
    let mut first = [0; 15];
    events.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    let silent = TcpStream::connect(&address).expect("the server listens");
    client.get("/").is(200);
    assert_eq!(server.interrupted(), Some(0));
    let mut rest = String::new();
    events.read_to_string(&mut rest).expect("the events end");
    assert!(rest.ends_with("0\r\n\r\n"), "they end as they should: {rest}");
    drop(silent);
}
