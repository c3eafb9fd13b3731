//! A pool against workers that misbehave: shell scripts in place of a real one.

use super::Pool;
use crate::{Answer, Extraction, Limits};
use std::io::{self, Write};

/// Frames as a script can print them: what begins, what is done, the end of the job.
const BEGUN: &str = r"B\014\000\000\000f.zip!/a.txt";
const FINISHED: &str = r"F\000\000\000\000";

fn pool(script: &str) -> Pool {
    let command = ["sh", "-c", script].map(Into::into).to_vec();
    let limits = Limits { seconds: 1, file_bytes: 1000, ..Limits::default() };
    Pool::new(command, limits, Vec::new(), |_| Answer::Missing(String::new()))
}

fn read(pool: &Pool, content: &[u8]) -> io::Result<Vec<(String, String)>> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(content)?;
    let mut found = Vec::new();
    pool.read(file.path(), "f.zip", &mut |extracted| match extracted.extraction {
        Extraction::Failed { reason, .. } => found.push((extracted.path, reason)),
        other => panic!("{other:?}"),
    })?;
    Ok(found)
}

#[track_caller]
fn assert_one(found: &[(String, String)], path: &str, reason: &str) {
    let [(at, why)] = found else { panic!("{found:?}") };
    assert_eq!(at, path);
    assert!(why.contains(reason), "{why}");
}

#[test]
fn a_worker_that_ends_fails_its_file_and_says_how() -> io::Result<()> {
    for (script, reason) in [
        ("exit 0", "did not foresee"),
        ("exit 3", "changed while it was being read"),
        ("kill -SEGV $$", "signal 11"),
        ("kill -KILL $$", "2048 MiB of memory"),
        ("echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$", "2048 MiB of memory"),
        ("echo 'thread x has overflowed its stack' >&2; kill -ABRT $$", "nested too deep"),
        ("printf 'nonsense that is no frame'; exec tail -f /dev/null", "did not foresee"),
    ] {
        assert_one(&read(&pool(script), b"x")?, "f.zip", reason);
    }
    Ok(())
}

#[test]
fn a_worker_that_hangs_is_ended() -> io::Result<()> {
    assert_one(&read(&pool("exec tail -f /dev/null"), b"x")?, "f.zip", "more than 1 s");
    // One that does not even take its input.
    let large = vec![b'x'; 900];
    assert_one(&read(&pool("exec tail -f /dev/null"), &large)?, "f.zip", "more than 1 s");
    Ok(())
}

#[test]
fn the_member_in_hand_is_blamed_and_the_rest_read() -> io::Result<()> {
    // The first worker ends over a member; the second is told to leave it out and finishes.
    let script = format!(
        "if grep -aq 'skip\":\\[\"f.zip!/a' <<E\n$(head -c 1100 | tr -d '\\0')\nE\nthen printf '{FINISHED}'; else printf '{BEGUN}'; fi"
    );
    assert_one(&read(&pool(&script), &[b'x'; 900])?, "f.zip!/a.txt", "did not foresee");
    Ok(())
}

#[test]
fn a_worker_that_speaks_of_other_files_is_not_believed() -> io::Result<()> {
    let script = r"printf 'B\005\000\000\000g.zip'; exec tail -f /dev/null";
    assert_one(&read(&pool(script), b"x")?, "f.zip", "did not foresee");
    Ok(())
}

#[test]
fn a_file_over_the_limit_is_refused_unread() -> io::Result<()> {
    let pool = pool("exit 9");
    assert_one(&read(&pool, &[b'x'; 1001])?, "f.zip", "max_file_mib");
    let mut found = Vec::new();
    pool.read(std::path::Path::new("/nowhere"), "n", &mut |extracted| found.push(extracted))?;
    assert!(
        matches!(&found[0].extraction, Extraction::Failed { reason, .. } if reason.contains("no such file"))
    );
    Ok(())
}

#[test]
fn a_worker_that_cannot_be_started_is_an_error() {
    let pool = Pool::new(vec!["/nowhere/sufficit".into()], Limits::default(), Vec::new(), |_| {
        Answer::Missing(String::new())
    });
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    assert!(pool.read(file.path(), "f", &mut |_| {}).is_err());
}

#[test]
fn a_member_comes_from_a_worker_that_lives_or_not_at_all() -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(b"x")?;
    let of = |script: &str| pool(script).member(file.path(), "f.zip", "f.zip!/a.txt");
    let gives = format!(r"printf 'M\003\000\000\000one{FINISHED}'; exec tail -f /dev/null");
    assert_eq!(of(&gives)?.as_deref(), Some(&b"one"[..]));
    assert_eq!(of(&format!("printf '{FINISHED}'; exec tail -f /dev/null"))?, None);
    assert!(of("exit 0").is_err());
    assert!(of("exec tail -f /dev/null").is_err());
    let gone = pool(&gives).member(std::path::Path::new("gone"), "f.zip", "f.zip!/a.txt");
    assert_eq!(gone?, None);
    Ok(())
}
