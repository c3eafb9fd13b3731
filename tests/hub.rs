//! A hub of models on the loopback: it answers as the Hugging Face hub does, and counts what it is asked.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The revision that it serves.
pub(crate) const REVISION: &str = "0123456789abcdef";

/// A running hub, which ends with the process.
pub(crate) struct Hub {
    /// `http://127.0.0.1:PORT`.
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Hub {
    /// Serves the files of `folder` as `repository`. Weights lie elsewhere, as with the real one, and their SHA-256 is
    /// said beforehand: `promised`, or the right one.
    pub(crate) fn serve(folder: &Path, repository: &str, promised: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (folder, repository, seen) =
            (folder.to_owned(), repository.to_owned(), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &folder, &repository, promised.as_deref(), &seen);
            }
        });
        Self { address, asked }
    }

    /// The requests so far: the path, and `: NAME` of each header that tells of a user.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("nobody panicked").clone()
    }
}

/// One request, one answer, and the connection is closed.
fn answer(
    mut stream: TcpStream,
    folder: &Path,
    repository: &str,
    promised: Option<&str>,
    asked: &Mutex<Vec<String>>,
) {
    let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
    let Some(Ok(first)) = lines.next() else { return };
    let mut asked_for = first.split(' ').nth(1).unwrap_or_default().to_owned();
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        let name = line.split(':').next().unwrap_or_default().to_lowercase();
        if ["authorization", "cookie"].contains(&name.as_str()) {
            let _ = write!(asked_for, ": {name}");
        }
    }
    let path = asked_for.clone();
    asked.lock().expect("nobody panicked").push(asked_for);
    let file = |name: &str| -> Option<PathBuf> {
        let path = folder.join(name);
        path.is_file().then_some(path)
    };
    let mut named = None;
    for revision in ["main", REVISION] {
        named = named.or(path.strip_prefix(&format!("/{repository}/resolve/{revision}/")));
    }
    // What a client does with an answer is the client's matter: it may be gone by now.
    let _ = match (named.and_then(file), path.strip_prefix("/blobs/").and_then(file)) {
        (Some(weights), _) if weights.extension().is_some_and(|ending| ending == "onnx") => {
            let sum = promised.map_or_else(|| sum_of(&weights), str::to_owned);
            let name = named.unwrap_or_default();
            write!(
                stream,
                "HTTP/1.1 302 Found\r\nLocation: /blobs/{name}\r\nX-Linked-Etag: \"{sum}\"\r\nX-Repo-Commit: {REVISION}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        }
        (Some(path), _) | (None, Some(path)) => {
            let bytes = std::fs::read(path).expect("is readable");
            let head = format!(
                "HTTP/1.1 200 OK\r\nX-Repo-Commit: {REVISION}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                bytes.len()
            );
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bytes))
        }
        _ => write!(
            stream,
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ),
    };
}

fn sum_of(path: &Path) -> String {
    let digest = Sha256::digest(std::fs::read(path).expect("is readable"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
