//! One run of an outside program: in a private folder, for a limited time, and nothing of it left behind.

use super::{Settings, launcher};
use crate::block::one_line;
use crate::confine::Allowance;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A private folder of a process that is over is swept away once it is this old.
const LEFT: Duration = Duration::from_secs(3600);

/// What the names of private folders begin with, before the number of the process.
const FOLDERS: &str = "sufficit-";

/// What a program prints is kept in this file of its folder.
const SAID: &str = "said.txt";

/// Bytes of what a program prints that are looked at.
const SAID_BYTES: u64 = 64 << 10;

/// Characters of it that a reason quotes.
const QUOTED: usize = 200;

/// How long those that were killed may take to be gone, before their folder is removed under them.
#[cfg(unix)]
const DYING: Duration = Duration::from_millis(500);

/// Processor time that a program may take, as a multiple of its time: our watch must come first, for it says why it ended;
/// this limit is for a program that nobody watches any more.
const UNWATCHED: u64 = 4;

/// Between two looks whether a program has ended.
const LOOK: Duration = Duration::from_millis(10);

/// A program that is to run, and the folder it runs in.
pub(super) struct Job<'a> {
    /// What people call it.
    pub(super) name: &'static str,
    pub(super) program: &'a Path,
    pub(super) seconds: u64,
    pub(super) memory_bytes: u64,
    pub(super) file_bytes: u64,
    pub(super) processes: u64,
    /// The exit status with which it asks to be started once more.
    pub(super) again: Option<i32>,
    folder: TempDir,
}

impl<'a> Job<'a> {
    /// A job with a folder that nobody else can look into, and modest limits.
    pub(super) fn new(name: &'static str, program: &'a Path, seconds: u64) -> Result<Self, String> {
        let folder = private_folder()
            .map_err(|error| format!("No private folder could be made for {name} ({error})."))?;
        Ok(Self {
            name,
            program,
            seconds,
            memory_bytes: 1 << 30,
            file_bytes: 16 << 20,
            processes: 16,
            again: None,
            folder,
        })
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a file into the folder and says where it lies.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, String> {
        let file = self.folder().join(name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|error| self.no_room(&error))?;
        }
        fs::write(&file, bytes).map_err(|error| self.no_room(&error))?;
        Ok(file)
    }

    fn no_room(&self, error: &std::io::Error) -> String {
        format!("The file for {} could not be put into its private folder ({error}).", self.name)
    }

    /// A file that the program has written. Only a plain one: a link could lead anywhere.
    pub(super) fn take(&self, name: &str) -> Option<Vec<u8>> {
        self.take_up_to(name, self.file_bytes)
    }

    fn take_up_to(&self, name: &str, bytes: u64) -> Option<Vec<u8>> {
        let file = self.folder().join(name);
        fs::symlink_metadata(&file).ok().filter(|data| data.is_file())?;
        let mut content = Vec::new();
        File::open(&file).ok()?.take(bytes).read_to_end(&mut content).ok()?;
        Some(content)
    }

    /// Runs the program and waits for its end; what it printed, or a sentence why it came to nothing.
    pub(super) fn run(
        &self,
        settings: &Settings,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<String, String> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let mut status = self.start(settings, &arguments)?;
        if status.code().is_some() && status.code() == self.again {
            status = self.start(settings, &arguments)?;
        }
        match status.success() {
            true => Ok(self.said()),
            false => Err(self.because(&format!("ended with {status}"))),
        }
    }

    fn start(&self, settings: &Settings, arguments: &[OsString]) -> Result<ExitStatus, String> {
        let name = self.name;
        let child = self
            .command(settings, arguments)?
            .spawn()
            .map_err(|error| format!("{name} could not be started ({error})."))?;
        match end(child, Duration::from_secs(self.seconds)) {
            Ok(Some(status)) => Ok(status),
            Ok(None) => Err(format!(
                "{name} was stopped after {} seconds; split the file into smaller ones and give those.",
                self.seconds
            )),
            Err(error) => Err(format!("{name} was lost sight of ({error}).")),
        }
    }

    /// A sentence that quotes what the program printed last.
    pub(super) fn because(&self, what: &str) -> String {
        let said = self.said();
        let line = said.lines().rev().map(one_line).find(|line| !line.is_empty());
        let quote: String = line.unwrap_or_default().chars().take(QUOTED).collect();
        match quote.is_empty() {
            true => format!("{} {what}.", self.name),
            false => format!("{} {what}; it says: {quote}", self.name),
        }
    }

    fn said(&self) -> String {
        let said = self.take_up_to(SAID, SAID_BYTES).unwrap_or_default();
        String::from_utf8_lossy(&said).into_owned()
    }

    fn command(&self, settings: &Settings, arguments: &[OsString]) -> Result<Command, String> {
        let said = File::create(self.folder().join(SAID)).map_err(|error| self.no_room(&error))?;
        let also = said.try_clone().map_err(|error| self.no_room(&error))?;
        let allowance = Allowance {
            folder: self.folder().to_owned(),
            readable: readable(self.program),
            memory_bytes: self.memory_bytes,
            cpu_seconds: self.seconds.saturating_mul(UNWATCHED),
            file_bytes: self.file_bytes,
            processes: self.processes,
        };
        let mut command = launcher::command(&settings.launcher, &allowance, self.program)
            .map_err(|reason| format!("{} could not be started: {reason}.", self.name))?;
        command.args(arguments).current_dir(self.folder());
        command.stdin(Stdio::null()).stdout(said).stderr(also);
        surroundings(&mut command, self.folder());
        Ok(command)
    }
}

/// Removes the folders of processes that were killed before they could.
pub(super) fn sweep() {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let process = name
            .to_str()
            .and_then(|name| name.strip_prefix(FOLDERS))
            .and_then(|rest| rest.split('-').next())
            .and_then(|process| process.parse::<i32>().ok());
        let age = entry.metadata().ok().and_then(|data| data.modified().ok()?.elapsed().ok());
        // A young one may be that of a process whose number means nothing here, in a container.
        if age.is_some_and(|age| age > LEFT) && process.is_some_and(is_over) {
            // Another user's stays where it is.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(unix)]
fn is_over(process: i32) -> bool {
    let process = rustix::process::Pid::from_raw(process);
    process.is_some_and(|process| {
        rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH)
    })
}

#[cfg(not(unix))]
fn is_over(_: i32) -> bool {
    false
}

fn private_folder() -> std::io::Result<TempDir> {
    let mut folder = tempfile::Builder::new();
    let prefix = format!("{FOLDERS}{}-", std::process::id());
    folder.prefix(&prefix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        folder.permissions(fs::Permissions::from_mode(0o700));
    }
    folder.tempdir()
}

/// What a program reads beside the system's folders: those it was installed in and was told to find its data in.
fn readable(program: &Path) -> Vec<PathBuf> {
    let data = std::env::var_os("TESSDATA_PREFIX").map(PathBuf::from);
    program.parent().map(Path::to_owned).into_iter().chain(data).collect()
}

/// Its environment: nothing of ours that it has no use for, for secrets stand there; its home is its private folder.
fn surroundings(command: &mut Command, folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.env_clear().process_group(0);
        for kept in ["PATH", "TESSDATA_PREFIX"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.env("HOME", folder).env("TMPDIR", folder).env("LC_ALL", "C.UTF-8");
    }
    #[cfg(not(unix))]
    command.env("TEMP", folder).env("TMP", folder);
    // Pages are read side by side; the threads of one page would only get in each other's way.
    command.env("OMP_THREAD_LIMIT", "1");
}

/// Waits for the end of a program, and ends what is left of it; nothing where its time ran out.
fn end(mut child: Child, time: Duration) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        let ended = has_ended(&mut child)?;
        let late = start.elapsed() >= time;
        if ended || late {
            kill(&mut child);
            let status = child.wait()?;
            while_it_dies(&child);
            return Ok(ended.then_some(status));
        }
        std::thread::sleep(LOOK);
    }
}

/// Looks without taking the process off the kernel's list: its number, and its group's, stay its own until it is waited for.
#[cfg(unix)]
fn has_ended(child: &mut Child) -> std::io::Result<bool> {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    Ok(waitid(WaitId::Pid(group(child)), options)?.is_some())
}

#[cfg(unix)]
fn kill(child: &mut Child) {
    // No such group: all of it has ended.
    let _ = rustix::process::kill_process_group(group(child), rustix::process::Signal::KILL);
}

#[cfg(unix)]
fn while_it_dies(child: &Child) {
    let start = Instant::now();
    while rustix::process::test_kill_process_group(group(child)).is_ok() && start.elapsed() < DYING
    {
        std::thread::sleep(LOOK);
    }
}

#[cfg(unix)]
fn group(child: &Child) -> rustix::process::Pid {
    rustix::process::Pid::from_child(child)
}

#[cfg(not(unix))]
fn has_ended(child: &mut Child) -> std::io::Result<bool> {
    Ok(child.try_wait()?.is_some())
}

#[cfg(not(unix))]
fn kill(child: &mut Child) {
    // An error says that it has ended.
    let _ = child.kill();
}

#[cfg(not(unix))]
fn while_it_dies(_child: &Child) {}
