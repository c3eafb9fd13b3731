//! Each denial is tried for real: the test binary runs itself again, confined, and says what it could do.

use super::*;
use crate::{Extraction, extract};
use rustix::process::Pid;
use std::fs::{self, File};
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const AS: &str = "SUFFICIT_TEST_CONFINED_AS";
const DEED: &str = "SUFFICIT_TEST_DEED";
const PLACE: &str = "SUFFICIT_TEST_PLACE";
const MEMORY: u64 = 256 << 20;

/// Runs one deed in a process that is confined as a `reader`, as a `tool` or not at all (`free`).
fn run(confined_as: &str, deed: &str, place: &Path) -> io::Result<Output> {
    Command::new(std::env::current_exe()?)
        .args(["--exact", "confine::tests::child", "--ignored", "--nocapture"])
        .env(AS, confined_as)
        .env(DEED, deed)
        .env(PLACE, place)
        .stdin(Stdio::null())
        .output()
}

fn outcome(confined_as: &str, deed: &str, place: &Path) -> io::Result<String> {
    let output = run(confined_as, deed, place)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let outcome = said.lines().find_map(|line| line.split_once("outcome: "));
    Ok(outcome.map_or_else(|| format!("{}: {said}", output.status), |(_, what)| what.to_owned()))
}

#[test]
#[ignore = "the other tests run it, in a process of its own"]
fn child() -> io::Result<()> {
    let (Ok(confined_as), Ok(deed), Ok(place)) =
        (std::env::var(AS), std::env::var(DEED), std::env::var(PLACE))
    else {
        return Ok(());
    };
    let place = Path::new(&place);
    // Looked up while files can still be read.
    let tcp = fs::read_to_string(place.join("address")).unwrap_or_default();
    let parent = fs::read_to_string(place.join("parent")).ok().and_then(|pid| pid.parse().ok());
    let confinement = match confined_as.as_str() {
        "reader" => reader(&Limits { memory_bytes: MEMORY, ..Limits::default() }),
        "tool" => tool(&allowance(place)),
        _ => Confinement::default(),
    };
    if !confinement.missing.is_empty() {
        return writeln!(io::stdout(), "\noutcome: {confinement}");
    }
    match perform(&deed, place, &tcp, parent) {
        Ok(()) => writeln!(io::stdout(), "\noutcome: done"),
        Err(error) => writeln!(io::stdout(), "\noutcome: {:?}", error.kind()),
    }
}

fn allowance(folder: &Path) -> Allowance {
    Allowance {
        folder: folder.to_owned(),
        readable: std::env::current_exe().into_iter().collect(),
        memory_bytes: 4 << 30,
        cpu_seconds: 60,
        file_bytes: 1 << 20,
        processes: 32,
    }
}

fn perform(deed: &str, place: &Path, tcp: &str, parent: Option<i32>) -> io::Result<()> {
    match deed {
        "read the system" => File::open("/usr/bin/env").map(drop),
        "read beside" => File::open(place.with_extension("secret")).map(drop),
        "write here" => fs::write(place.join("out"), "text"),
        "write beside" => fs::write(place.with_extension("secret"), "text"),
        "remove beside" => fs::remove_file(place.with_extension("secret")),
        "write much" => fs::write(place.join("out"), vec![0; 2 << 20]),
        "tcp" => TcpStream::connect(tcp).map(drop),
        "listen" => TcpListener::bind("127.0.0.1:0").map(drop),
        "udp" => UdpSocket::bind("127.0.0.1:0").map(drop),
        "unix socket" => UnixListener::bind(place.join("own socket")).map(drop),
        "other's unix socket" => UnixStream::connect(place.join("socket")).map(drop),
        "program" => Command::new("/usr/bin/env").arg("true").status().map(drop),
        "program of its own" => Command::new(place.join("program")).status().map(drop),
        "leave the group" => Command::new("/usr/bin/env").process_group(0).status().map(drop),
        "signal another" => {
            let parent = parent.and_then(Pid::from_raw).ok_or(io::ErrorKind::NotFound)?;
            Ok(rustix::process::test_kill_process(parent)?)
        }
        "thread" => std::thread::Builder::new()
            .name("named".into())
            .spawn(|| vec![1_u8; 1 << 20].len())?
            .join()
            .map(drop)
            .map_err(|_| io::ErrorKind::Other.into()),
        "some memory" => reserve(MEMORY / 2),
        "too much memory" => reserve(MEMORY * 2),
        "too much memory for a tool" => reserve(5 << 30),
        "a panic" => match std::panic::catch_unwind(|| panic!("on purpose")) {
            Ok(()) => Err(io::ErrorKind::Other.into()),
            Err(_) => Ok(()),
        },
        "draw" => crate::render::tests::scan_of(&["The AI policy"])
            .map(drop)
            .map_err(|error| io::Error::other(error.to_string())),
        "extract" => {
            match extract(b"# Policy\n\nIt is owned by the CISO.", "a.md", &Limits::default()) {
                Extraction::Read(_) => Ok(()),
                other => Err(io::Error::other(format!("{other:?}"))),
            }
        }
        "abort" => std::process::abort(),
        other => Err(io::Error::other(other.to_owned())),
    }
}

fn reserve(bytes: u64) -> io::Result<()> {
    let mut memory: Vec<u8> = Vec::new();
    memory.try_reserve_exact(bytes as usize).map_err(|_| io::ErrorKind::OutOfMemory.into())
}

/// A folder with a file beside it, somebody's listeners and a program in it.
struct Place {
    folder: TempDir,
    _listeners: (TcpListener, UnixListener),
}

impl Place {
    fn new() -> io::Result<Self> {
        let folder = TempDir::new()?;
        let own = folder.path().join("own");
        fs::create_dir(&own)?;
        fs::write(own.with_extension("secret"), "secret")?;
        fs::copy("/usr/bin/env", own.join("program"))?;
        fs::set_permissions(own.join("program"), PermissionsExt::from_mode(0o700))?;
        let tcp = TcpListener::bind("127.0.0.1:0")?;
        fs::write(own.join("parent"), std::process::id().to_string())?;
        fs::write(own.join("address"), tcp.local_addr()?.to_string())?;
        let unix = UnixListener::bind(own.join("socket"))?;
        Ok(Self { folder, _listeners: (tcp, unix) })
    }

    fn expect(&self, confined_as: &str, deeds: &[&str], expected: &[&str]) -> io::Result<()> {
        let own = self.folder.path().join("own");
        for deed in deeds {
            let free = outcome("free", deed, &own)?;
            if !deed.starts_with("too much") {
                assert_eq!(free, "done", "{deed}, not confined");
            }
            // What was removed or bound without confinement is put back.
            fs::write(own.with_extension("secret"), "secret")?;
            fs::remove_file(own.join("own socket")).or_else(absent_is_fine)?;
            let confined = outcome(confined_as, deed, &own)?;
            if confined.contains("Not enforced: ") {
                eprintln!("{deed} as {confined_as} was not tried on this kernel: {confined}");
                continue;
            }
            assert!(expected.contains(&confined.as_str()), "{deed} as {confined_as}: {confined}");
        }
        Ok(())
    }
}

fn absent_is_fine(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    }
}

#[test]
fn a_reader_reads_its_input_and_nothing_else() -> io::Result<()> {
    let place = Place::new()?;
    place.expect("reader", &["thread", "some memory", "a panic", "extract", "draw"], &["done"])?;
    let denied = [
        "read the system",
        "read beside",
        "write here",
        "write beside",
        "remove beside",
        "tcp",
        "listen",
        "udp",
        "unix socket",
        "other's unix socket",
        "program",
        "signal another",
    ];
    place.expect("reader", &denied, &["PermissionDenied"])?;
    place.expect("reader", &["too much memory"], &["OutOfMemory"])
}

#[test]
fn a_tool_writes_in_its_folder_and_nowhere_else() -> io::Result<()> {
    let place = Place::new()?;
    let allowed = ["read the system", "write here", "unix socket", "program", "thread"];
    place.expect("tool", &allowed, &["done"])?;
    let denied = [
        "read beside",
        "write beside",
        "remove beside",
        "tcp",
        "listen",
        "udp",
        "other's unix socket",
        "program of its own",
        "leave the group",
        "signal another",
    ];
    place.expect("tool", &denied, &["PermissionDenied"])?;
    place.expect("tool", &["too much memory for a tool"], &["OutOfMemory"])
}

#[test]
fn a_file_that_grows_past_its_limit_ends_the_tool() -> io::Result<()> {
    let place = Place::new()?;
    let own = place.folder.path().join("own");
    assert_eq!(outcome("free", "write much", &own)?, "done");
    assert_eq!(run("tool", "write much", &own)?.status.signal(), Some(libc::SIGXFSZ));
    Ok(())
}

#[test]
fn a_confined_reader_can_still_abort() -> io::Result<()> {
    let place = Place::new()?;
    let output = run("reader", "abort", place.folder.path())?;
    assert_eq!(output.status.signal(), Some(libc::SIGABRT));
    Ok(())
}

#[test]
fn what_is_enforced_is_said_in_words() {
    let confinement = Confinement {
        enforced: vec!["no core dumps".into(), "64 open files".into()],
        missing: vec!["no file is opened (this kernel does not have landlock)".into()],
    };
    assert_eq!(
        confinement.to_string(),
        "enforced: no core dumps; 64 open files. Not enforced: no file is opened (this kernel does not have landlock)"
    );
    assert_eq!(Confinement::default().to_string(), "nothing is enforced");
}
