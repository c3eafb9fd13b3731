use crate::failure::Failure;
use crate::model::onnx::Wanted;
use crate::model::sums::{Sums, hex};
use crate::output::Progress;
use crate::trust::trust;
use sha2::{Digest, Sha256};
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;
use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body};

/// The branch that is asked for where nothing was fetched yet.
const NEWEST: &str = "main";
/// The file that says which revision of the repository was fetched, so that files of two are never mixed.
const REVISION: &str = "REVISION";
/// Files that are fetched where the repository has them.
const OPTIONAL: [&str; 3] = ["config.json", "special_tokens_map.json", "tokenizer_config.json"];
/// Hops from the hub to where it keeps large files.
const MOST_HOPS: usize = 5;
/// Bytes taken at a time.
const PIECE: usize = 1 << 16;
/// How long a connection may take, and how long it may be silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fetches the files of a model that are not there yet, and records their SHA-256.
///
/// What is sent is the name of the model and this program's; no token, no cookie, nothing of the user's. Where the hub
/// says a file's SHA-256, as it does for weights, other bytes are refused.
pub(super) fn fetch(wanted: &Wanted, hub: &str, progress: Progress) -> Result<(), Failure> {
    let folder = &wanted.folder;
    tracing::warn!("fetching {} from {hub} into {}", wanted.name, folder.display());
    let fetching = Fetching { hub: hub.trim_end_matches('/'), wanted, progress, agent: agent(hub) };
    let mut sums = Sums::read(folder);
    for file in &wanted.needed {
        if !sums.has(file) && !fetching.file(file, &mut sums)? {
            return Err(fetching.fault(file, "the hub has no such file"));
        }
    }
    for file in OPTIONAL {
        if !sums.has(file) {
            fetching.file(file, &mut sums)?;
        }
    }
    Ok(())
}

/// An agent that goes nowhere by itself, and speaks in the open only to a hub that is named so.
fn agent(hub: &str) -> Agent {
    let config = Agent::config_builder()
        .tls_config(trust())
        .user_agent(concat!("sufficit/", env!("CARGO_PKG_VERSION")))
        .https_only(hub.starts_with("https:"))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .timeout_per_read(Some(PATIENCE));
    config.build().new_agent()
}

struct Fetching<'a> {
    hub: &'a str,
    wanted: &'a Wanted,
    progress: Progress,
    agent: Agent,
}

impl Fetching<'_> {
    /// Fetches one file; `false` where the hub has none of this name.
    fn file(&self, file: &str, sums: &mut Sums) -> Result<bool, Failure> {
        let folder = &self.wanted.folder;
        let revision = fs::read_to_string(folder.join(REVISION)).ok();
        let revision = revision.as_deref().unwrap_or(NEWEST);
        let mut address =
            format!("{}/{}/resolve/{revision}/{file}", self.hub, self.wanted.repository);
        let mut promised = Promised::default();
        for _ in 0..MOST_HOPS {
            let response =
                self.agent.get(&address).call().map_err(|error| self.fault(file, error))?;
            promised.note(response.headers());
            match response.status().as_u16() {
                200 => {
                    self.keep(file, response, &promised, sums)?;
                    return Ok(true);
                }
                404 => return Ok(false),
                300..400 => address = self.next(file, &address, response.headers())?,
                status => return Err(self.fault(file, format!("the hub answered {status}"))),
            }
        }
        Err(self.fault(file, "the hub sends from one place to the next"))
    }

    /// Where an answer sends to.
    fn next(&self, file: &str, from: &str, headers: &HeaderMap) -> Result<String, Failure> {
        let to =
            header(headers, "location").ok_or_else(|| self.fault(file, "the hub sends nowhere"))?;
        if !to.starts_with('/') {
            return Ok(to);
        }
        let host = from.find("://").map_or(0, |at| at + 3);
        let end = from[host..].find('/').map_or(from.len(), |at| host + at);
        Ok(format!("{}{to}", &from[..end]))
    }

    /// Writes the file beside its place, holds it to what was promised, and puts it there.
    fn keep(
        &self,
        file: &str,
        mut response: Response<Body>,
        promised: &Promised,
        sums: &mut Sums,
    ) -> Result<(), Failure> {
        let path = self.wanted.folder.join(file);
        let beside = path.with_extension(format!("{}.part", std::process::id()));
        let local = |error: std::io::Error| local(&path, &error);
        fs::create_dir_all(path.parent().unwrap_or(&path)).map_err(local)?;
        let mut out = File::create(&beside).map_err(local)?;
        let total = header(response.headers(), "content-length").and_then(|text| text.parse().ok());
        let bar = self.progress.bytes(total.unwrap_or(0));
        let mut digest = Sha256::new();
        let mut body = response.body_mut().as_reader();
        let mut piece = vec![0; PIECE];
        let mut length = 0u64;
        loop {
            let read = body.read(&mut piece).map_err(|error| self.fault(file, error))?;
            if read == 0 {
                break;
            }
            digest.update(&piece[..read]);
            out.write_all(&piece[..read]).map_err(local)?;
            length += read as u64;
            bar.advance(read as u64);
        }
        bar.finish();
        out.sync_all().map_err(local)?;
        if total.is_some_and(|total| total != length) {
            return Err(self.fault(file, "the connection ended early"));
        }
        let sum = hex(digest);
        if let Some(expected) = promised.sum.as_ref().filter(|expected| **expected != sum) {
            let what = format!("its SHA-256 is {sum}, and the hub says {expected}");
            return Err(self.fault(file, what));
        }
        if let Some(revision) = &promised.revision {
            fs::write(self.wanted.folder.join(REVISION), revision).map_err(local)?;
        }
        fs::rename(&beside, &path).map_err(local)?;
        sums.record(file, &sum).map_err(local)
    }

    fn fault(&self, file: &str, what: impl Display) -> Failure {
        let Wanted { name, folder, repository, .. } = self.wanted;
        Failure::usage(
            format!("{name} was not fetched: {}/{repository}, {file}: {what}", self.hub),
            format!(
                "Try again; or name a folder that holds the model, or a mirror as hub under [embedding] in the settings. What was fetched so far lies in {}.",
                folder.display()
            ),
        )
    }
}

fn local(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(
        format!("{}: {error}", path.display()),
        "Make room or rights there, or name another folder as cache under [embedding] in the settings.",
    )
}

/// What the hub says of a file on the way to it.
#[derive(Debug, Default)]
struct Promised {
    /// Its SHA-256, which the hub gives for large files.
    sum: Option<String>,
    /// The repository's revision that it belongs to.
    revision: Option<String>,
}

impl Promised {
    /// Takes in what an answer's head says; the first word counts.
    fn note(&mut self, headers: &HeaderMap) {
        let tag = header(headers, "x-linked-etag");
        let sum = tag.map(|tag| tag.trim_start_matches("W/").trim_matches('"').to_lowercase());
        let sum = sum.filter(|sum| sum.len() == 64 && sum.chars().all(|c| c.is_ascii_hexdigit()));
        self.sum = self.sum.take().or(sum);
        let revision = header(headers, "x-repo-commit");
        let named = |revision: &String| revision.chars().all(|c| c.is_ascii_alphanumeric());
        self.revision = self.revision.take().or(revision.filter(named));
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
