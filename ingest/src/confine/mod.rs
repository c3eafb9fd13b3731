//! What a process that touches hostile files gives up before it does: files, network, other programs, memory without end.
//!
//! On Linux through landlock (files and TCP), seccomp (system calls) and rlimits, as far as the kernel has them; on other
//! Unix systems rlimits alone; elsewhere nothing, and only the parent's time limit stands. [`Confinement`] says which.

#[cfg(unix)]
mod bounds;
#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;
#[cfg(all(test, target_os = "linux"))]
mod tests;

use crate::Limits;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// What a process may no longer do, in words for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// What is denied from now on.
    pub enforced: Vec<String>,
    /// What should be denied and is not, with the reason.
    pub missing: Vec<String>,
}

/// What an outside program is left with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// The one folder that it may write in; it may read it as well.
    pub folder: PathBuf,
    /// What it may read besides its folder and the system's: where it is installed, where its data lie.
    pub readable: Vec<PathBuf>,
    /// Bytes of address space of each of its processes.
    pub memory_bytes: u64,
    /// Seconds of processor time of each of its processes.
    pub cpu_seconds: u64,
    /// Bytes of each file that it writes.
    pub file_bytes: u64,
    /// Processes and threads beyond those that run on the machine already.
    pub processes: u64,
}

impl Confinement {
    #[cfg(unix)]
    fn note<E: fmt::Display>(&mut self, what: &str, done: Result<(), E>) {
        match done {
            Ok(()) => self.enforced.push(what.to_owned()),
            Err(reason) => self.missing.push(format!("{what} ({reason})")),
        }
    }
}

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.enforced.is_empty() {
            true => f.write_str("nothing is enforced")?,
            false => write!(f, "enforced: {}", self.enforced.join("; "))?,
        }
        if !self.missing.is_empty() {
            write!(f, ". Not enforced: {}", self.missing.join("; "))?;
        }
        Ok(())
    }
}

/// Confines this process for reading documents: it reads its standard input, writes its standard output and errors,
/// computes, and does nothing else until it ends. Threads are allowed, those that run already are not reached: it is called
/// before there are any.
pub fn reader(limits: &Limits) -> Confinement {
    let mut confinement = Confinement::default();
    #[cfg(unix)]
    bounds::of_reader(limits, &mut confinement);
    #[cfg(target_os = "linux")]
    {
        confinement.note("no file is opened, no TCP port (landlock)", files::none());
        confinement.note(
            "no files, sockets, programs or new processes (seccomp)",
            calls::only_those_of_a_reader(),
        );
    }
    #[cfg(not(target_os = "linux"))]
    say_what_is_missing(&mut confinement);
    #[cfg(not(unix))]
    let _ = limits;
    confinement
}

/// Confines this process, which is about to become an outside program, to what the program is allowed.
pub fn tool(allowance: &Allowance) -> Confinement {
    let mut confinement = Confinement::default();
    #[cfg(unix)]
    bounds::of_tool(allowance, &mut confinement);
    #[cfg(target_os = "linux")]
    {
        confinement.note(
            "reads system folders, writes in its own folder only, no TCP port (landlock)",
            files::of_tool(allowance),
        );
        confinement.note(
            "no network sockets, no privileged system calls (seccomp)",
            calls::without_those_of_no_tool(),
        );
    }
    #[cfg(not(target_os = "linux"))]
    say_what_is_missing(&mut confinement);
    #[cfg(not(unix))]
    let _ = allowance;
    confinement
}

#[cfg(not(target_os = "linux"))]
fn say_what_is_missing(confinement: &mut Confinement) {
    confinement
        .missing
        .push("files, sockets and new processes (only Linux has what denies them)".into());
}
