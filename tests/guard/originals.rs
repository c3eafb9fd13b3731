//! The files that documents were read from, as they are given back.

use crate::program::{Bench, run, text};
use crate::server::Server;
use sha2::{Digest, Sha256};
use std::io::{Cursor, Write};
use zip::{AesMode, ZipWriter, write::SimpleFileOptions};

const POLICY: &str =
    "# AI policy\n\nThe board approved this AI policy on 3 May 2026. Owner: R. Castleby.\n";
const MINUTES: &str = "# Minutes\n\nThe committee met on 3 May 2026 and approved the new boiler.\n";

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("begins");
        writer.write_all(bytes).expect("is written");
    }
    writer.finish().expect("ends").into_inner()
}

fn address(content: &str) -> String {
    let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("/documents/{digest}/file")
}

#[test]
fn a_file_comes_whole_or_in_parts_and_never_as_a_page() {
    let bench = Bench::with([("policy \"1\".md", POLICY)]);
    bench.ingest();
    let server = Server::start(&bench.workspace());
    let mut client = server.client();
    let place = address(POLICY);
    let whole = client.get(&place).is(200);
    assert_eq!(whole.body, POLICY.as_bytes());
    let length = POLICY.len().to_string();
    for (name, value) in [
        ("accept-ranges", "bytes"),
        ("content-length", length.as_str()),
        ("content-type", "application/octet-stream"),
        ("content-disposition", "attachment; filename=\"policy _1_.md\""),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(whole.header(name), Some(value), "{name}");
    }
    let mut part = |range: &str| client.send("GET", &place, &[("Range", range)], b"");
    let some = part("bytes=2-10").is(206);
    assert_eq!(some.text(), "AI policy");
    assert_eq!(some.header("content-range"), Some(format!("bytes 2-10/{length}").as_str()));
    assert_eq!(some.header("content-length"), Some("9"));
    assert!(some.header("content-disposition").is_some_and(|how| how.starts_with("attachment")));
    assert_eq!(part("bytes=-10").is(206).text(), "Castleby.\n");
    let beyond = part("bytes=5000-").is(416);
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{length}").as_str()));
    assert_eq!(part("bytes=0-1,4-5").is(200).text(), POLICY);
    let tag = whole.header("etag").expect("a tag").to_owned();
    for (tag, status) in [(tag.as_str(), 206), ("\"another\"", 200)] {
        let headers = [("Range", "bytes=0-3"), ("If-Range", tag)];
        client.send("GET", &place, &headers, b"").is(status);
    }
    let head = client.send("HEAD", &place, &[], b"").is(200);
    assert_eq!((head.body.len(), head.header("content-length")), (0, Some(length.as_str())));
    std::fs::write(bench.evidence().join("policy \"1\".md"), POLICY.replace("board", "cooks"))
        .expect("is writable");
    client.get(&place).is(404);
}

#[test]
fn a_document_is_taken_out_of_its_archive_as_long_as_that_is_what_was_read() {
    let inner = zipped(&[("deep/minutes.md", MINUTES.as_bytes())]);
    let archive = zipped(&[("policy.md", POLICY.as_bytes()), ("in.zip", &inner)]);
    let bench = Bench::with([("q3/evidence.zip", archive)]);
    bench.ingest();
    let workspace = bench.workspace();
    let status = run(&workspace, ["status", "--format", "json"]).exits(0).json();
    let paths: Vec<&str> =
        status["files"].as_array().expect("a list").iter().map(|file| text(file, "path")).collect();
    assert!(paths.contains(&"q3/evidence.zip!/in.zip!/deep/minutes.md"), "{paths:?}");
    let server = Server::start(&workspace);
    let mut client = server.client();
    for content in [POLICY, MINUTES] {
        let answer = client.get(&address(content)).is(200);
        assert_eq!(answer.text(), content);
        assert_eq!(answer.header("accept-ranges"), Some("none"));
        assert!(answer.header("content-security-policy").is_some_and(|it| it.ends_with("sandbox")));
    }
    let other = zipped(&[("policy.md", MINUTES.as_bytes())]);
    std::fs::write(bench.evidence().join("q3/evidence.zip"), other).expect("is writable");
    let gone = client.get(&address(POLICY)).is(404).text();
    assert!(gone.contains("cannot be taken out of it. It is gone, or was changed"), "{gone}");
    let log = server.log_with("status=404");
    assert!(!log.contains("evidence.zip") && !log.contains("policy"), "{log}");
}

#[test]
fn a_document_in_a_folder_that_is_called_like_an_archive_is_given() {
    let bench = Bench::with([("old.zip!/minutes.md", MINUTES)]);
    bench.ingest();
    let server = Server::start(&bench.workspace());
    let answer = server.client().get(&address(MINUTES)).is(200);
    assert_eq!(answer.text(), MINUTES);
    assert_eq!(answer.header("accept-ranges"), Some("bytes"));
}

#[test]
fn why_a_document_cannot_be_taken_out_of_its_archive_is_said() {
    let key = "a lantern above the old quay";
    let options = SimpleFileOptions::default().with_aes_encryption(AesMode::Aes256, key);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("minutes.md", options).expect("begins");
    writer.write_all(MINUTES.as_bytes()).expect("is written");
    let bench = Bench::with([("locked.zip", writer.finish().expect("ends").into_inner())]);
    let file = bench.beside("passwords");
    std::fs::write(&file, key).expect("is writable");
    let passwords = ["--password-file".as_ref(), file.as_os_str()];
    let (workspace, evidence) = (bench.workspace(), bench.evidence());
    let ingest = passwords.into_iter().chain(["ingest".as_ref(), evidence.as_os_str()]);
    run(&workspace, ingest).exits(0);
    let server = Server::start(&workspace);
    let refused = server.client().get(&address(MINUTES)).is(404).text();
    assert!(refused.contains("It is encrypted and needs a password"), "{refused}");
    drop(server);
    let options = ["--password-file", file.to_str().expect("is text")];
    let server = Server::start_with(&workspace, &options);
    assert_eq!(server.client().get(&address(MINUTES)).is(200).text(), MINUTES);
}
