//! The web app as a browser meets it: the real binary that serves a workspace on the loopback, and a small HTTP client that
//! keeps its cookies and sends the token of forms along.

#![allow(dead_code, reason = "compiled into each test target, and no target needs all of it")]

use crate::program;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Longer than any answer takes here, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running `sufficit serve`, which is killed with the value.
pub(crate) struct Server {
    /// What it printed, word for word: the address to open.
    pub(crate) printed: String,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    child: Child,
    log: Arc<(Mutex<String>, Condvar)>,
}

impl Server {
    /// Serves `workspace` on a free port of the loopback.
    pub(crate) fn start(workspace: &Path) -> Self {
        Self::start_with(workspace, &[])
    }

    /// The same with further options.
    pub(crate) fn start_with(workspace: &Path, options: &[&str]) -> Self {
        let mut child = program::command(workspace)
            .args(["-v", "serve", "--listen", "127.0.0.1:0"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let log = Arc::new((Mutex::new(String::new()), Condvar::new()));
        let stderr = BufReader::new(child.stderr.take().expect("is piped"));
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let mut text = kept.0.lock().expect("nobody panicked");
                text.push_str(&line);
                text.push('\n');
                kept.1.notify_all();
            }
        });
        let mut printed = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("is piped"));
        stdout.read_line(&mut printed).expect("stdout is text");
        let printed = printed.trim().to_owned();
        let mut server = Self { printed, address: String::new(), child, log };
        // A server behind another prints the other's address.
        let heard = server.log_with("listening on ");
        server.address = between(&heard, "listening on ", "\n").expect("an address");
        server
    }

    /// Somebody who opened the printed address.
    #[track_caller]
    pub(crate) fn client(&self) -> Client {
        let mut client = self.stranger();
        let path = self.printed.strip_prefix(&format!("http://{}", self.address));
        client.get(path.expect("begins with the address"));
        client.open("/").is(200);
        client
    }

    /// Somebody who logged in.
    #[track_caller]
    pub(crate) fn login(&self, name: &str, password: &str) -> Client {
        let mut client = self.stranger();
        client.post("/login", &[("name", name), ("password", password)]).is(303);
        client.open("/").is(200);
        client
    }

    /// Somebody who was not let in yet.
    pub(crate) fn stranger(&self) -> Client {
        Client { address: self.address.clone(), cookies: BTreeMap::new(), csrf: String::new() }
    }

    /// What it wrote to stderr, once `text` is in it.
    #[track_caller]
    pub(crate) fn log_with(&self, text: &str) -> String {
        let (log, more) = &*self.log;
        let kept = log.lock().expect("nobody panicked");
        let (kept, waited) = more
            .wait_timeout_while(kept, PATIENCE, |kept| !kept.contains(text))
            .expect("nobody panicked");
        assert!(!waited.timed_out(), "{text} is not in the log: {}", *kept);
        kept.clone()
    }

    /// Sends it a signal: `INT` as Ctrl-C does, `TERM` as systems do that stop a service.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let (name, pid) = (format!("-{name}"), self.child.id().to_string());
        let sent = Command::new("kill").args([name, pid]).status().expect("kill starts");
        assert!(sent.success(), "it runs");
    }

    /// Waits for its end; its exit status, `None` where a signal ended it.
    #[cfg(unix)]
    pub(crate) fn ended(mut self) -> Option<i32> {
        self.child.wait().expect("it is our child").code()
    }

    /// The process, as `kill` knows it.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One browser.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    address: String,
    cookies: BTreeMap<String, String>,
    /// The token that forms have to send along, as the last page that was opened gave it.
    pub(crate) csrf: String,
}

impl Client {
    /// `GET path`.
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// `GET path`, and what forms of that page have to send along is kept.
    pub(crate) fn open(&mut self, path: &str) -> Answer {
        let answer = self.get(path);
        if let Some(token) = between(&answer.text(), "<meta name=\"csrf\" content=\"", "\"") {
            self.csrf = token;
        }
        answer
    }

    /// Sends a form as a browser without script does, with the token.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send_form(path, fields, &[])
    }

    /// Sends a form as the script does, with the token.
    pub(crate) fn script(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send_form(path, fields, &[("X-Requested-With", "sufficit")])
    }

    fn send_form(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let csrf = self.csrf.clone();
        let fields = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied());
        let body: Vec<String> =
            fields.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let mut all = vec![("Content-Type", "application/x-www-form-urlencoded")];
        all.extend_from_slice(headers);
        self.send("POST", path, &all, body.join("&").as_bytes())
    }

    /// One request with these headers, beside the host, the cookies and the length, which are put where `headers` has no
    /// other.
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let given = |name: &str| headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let own = [
            ("Host", self.address.clone()),
            ("Cookie", cookies.join("; ")),
            ("Content-Length", body.len().to_string()),
        ];
        for (name, value) in own.iter().filter(|(name, value)| !given(name) && !value.is_empty()) {
            head += &format!("{name}: {value}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("is a time");
        stream.write_all(format!("{head}\r\n").as_bytes()).expect("the server reads");
        // A body that is refused is not read to its end; the answer says so.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let read = stream.read_to_end(&mut bytes);
        assert!(read.is_ok() || !bytes.is_empty(), "no answer to {method} {path}: {read:?}");
        let answer = Answer::parse(&bytes);
        for cookie in answer.all("set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie has a name");
            if value.is_empty() || cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// The cookies that it holds: name and value.
    pub(crate) fn cookies(&mut self) -> &mut BTreeMap<String, String> {
        &mut self.cookies
    }
}

/// What a server answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// Names in small letters, and values.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, as it was before it was cut into chunks.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|first| first.split(' ').nth(1)?.parse().ok());
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let body = bytes[end + 4..].to_vec();
        let mut answer = Self { status: status.expect("a status"), headers, body };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = joined(&answer.body);
        }
        answer
    }

    /// The same, having made sure of the status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The first header of this name, given in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every header of this name, given in small letters.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = move |(own, _): &&(String, String)| own == name;
        self.headers.iter().filter(named).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|fault| panic!("no JSON ({fault}): {}", self.text()))
    }
}

/// The text between the first `before` and the next `after`.
pub(crate) fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0.to_owned())
}

/// `text` as a value of a form or of a query.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).into() } else { format!("%{byte:02X}") })
        .collect()
}

/// The body that was sent in chunks, as far as it came.
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = chunks.windows(2).position(|two| two == b"\r\n") {
        let length = String::from_utf8_lossy(&chunks[..end]);
        let length = usize::from_str_radix(length.trim(), 16).expect("a chunk has a length");
        let begin = end + 2;
        let stop = (begin + length).min(chunks.len());
        body.extend_from_slice(&chunks[begin..stop]);
        chunks = &chunks[(stop + 2).min(chunks.len())..];
    }
    body
}
