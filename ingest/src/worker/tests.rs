//! A pool against workers that misbehave: shell scripts in place of a real one.

use super::Pool;
use crate::{Answer, Extraction, Limits};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

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
    pool.read(Path::new("/nowhere"), "n", &mut |extracted| found.push(extracted))?;
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
    let at = |script: &str, path: &Path| {
        let until = Instant::now() + Duration::from_secs(1);
        pool(script).member(path, "f.zip", "f.zip!/a.txt", 3, until)
    };
    let of = |script: &str| at(script, file.path());
    let why = |script: &str| of(script).expect_err("it cannot be had");
    let gives = format!(r"printf 'M\003\000\000\000one{FINISHED}'; exec tail -f /dev/null");
    assert_eq!(of(&gives).as_deref(), Ok(&b"one"[..]));
    assert!(why(&format!("printf '{FINISHED}'; exec tail -f /dev/null")).contains("any more"));
    let refuses = format!(r"printf 'N\004\000\000\000Why.{FINISHED}'; exec tail -f /dev/null");
    assert_eq!(why(&refuses), "Why.");
    assert!(why("exit 0").contains("did not foresee"));
    assert!(why("exec tail -f /dev/null").contains("took too long"));
    assert!(at(&gives, Path::new("gone")).is_err_and(|why| why.contains("no such file")));
    Ok(())
}

#[test]
fn a_worker_that_does_something_else_than_taking_a_member_out_is_ended() -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(b"x")?;
    let why = |script: &str, until: Instant| {
        let taken = pool(script).member(file.path(), "f.zip", "f.zip!/a.txt", 3, until);
        taken.expect_err("it is ended")
    };
    // Each of them would renew the patience with it for ever.
    let soon = Instant::now() + Duration::from_secs(600);
    assert!(why(&format!("while printf '{BEGUN}'; do :; done"), soon).contains("did not foresee"));
    // More than was asked for: 65537 bytes, where 3 are wanted.
    let large = r"printf 'M\001\000\001\000'; exec tail -f /dev/null";
    assert!(why(large, soon).contains("did not foresee"));
    // Whatever it says, it has no longer than that.
    let again = r"while printf 'M\003\000\000\000one'; do :; done";
    let until = Instant::now() + Duration::from_millis(200);
    assert!(why(again, until).contains("took too long"));
    Ok(())
}
