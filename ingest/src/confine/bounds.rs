//! Resource limits, which every Unix has.

use super::{Allowance, Confinement};
use crate::Limits;
use rustix::io;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that a reader may have open: its three streams, and room for what the runtime holds.
const READER_FILES: u64 = 64;

/// Files that an outside program may have open.
const TOOL_FILES: u64 = 1024;

/// Documents that take all of their time, after which a reader that nobody watches any more ends by itself.
const LONGEST_LIFE: u64 = 1000;

pub(super) fn of_reader(limits: &Limits, confinement: &mut Confinement) {
    common(confinement, READER_FILES, limits.seconds.saturating_mul(LONGEST_LIFE));
    let memory = limits.memory_bytes.saturating_add(own_memory());
    confinement.note(&size("memory", memory), lower(Resource::As, memory));
    // A log that the errors go to is a file as well, and must stay writable.
    if !writes_to_a_file() {
        confinement.note("no file is written", lower(Resource::Fsize, 0));
    }
}

pub(super) fn of_tool(allowance: &Allowance, confinement: &mut Confinement) {
    common(confinement, TOOL_FILES, allowance.cpu_seconds);
    confinement
        .note(&size("memory", allowance.memory_bytes), lower(Resource::As, allowance.memory_bytes));
    confinement.note(
        &size("each file", allowance.file_bytes),
        lower(Resource::Fsize, allowance.file_bytes),
    );
    #[cfg(target_os = "linux")]
    if let Some(running) = running_tasks() {
        confinement.note(
            &format!("{} more processes", allowance.processes),
            lower(Resource::Nproc, running.saturating_add(allowance.processes)),
        );
    }
}

fn common(confinement: &mut Confinement, files: u64, seconds: u64) {
    confinement.note("no core dumps", lower(Resource::Core, 0));
    confinement.note(&format!("{files} open files"), lower(Resource::Nofile, files));
    confinement.note(&format!("{seconds} s of processor time"), lower(Resource::Cpu, seconds));
}

fn size(what: &str, bytes: u64) -> String {
    format!("{what} up to {} MiB", bytes >> 20)
}

/// Lowers a limit for good; one that is lower already stays.
fn lower(resource: Resource, to: u64) -> io::Result<()> {
    let now = getrlimit(resource);
    let least = |limit: Option<u64>| Some(limit.map_or(to, |limit| limit.min(to)));
    setrlimit(resource, Rlimit { current: least(now.current), maximum: least(now.maximum) })
}

fn writes_to_a_file() -> bool {
    use rustix::fs::{FileType, fstat};
    let is_file = |stat: io::Result<rustix::fs::Stat>| {
        stat.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile)
    };
    is_file(fstat(std::io::stdout())) || is_file(fstat(std::io::stderr()))
}

/// Address space that the program takes before it has read anything: its code, the data compiled into it, its stacks.
#[cfg(target_os = "linux")]
fn own_memory() -> u64 {
    const WHERE_NOT_TOLD: u64 = 1 << 30;
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find_map(|line| line.strip_prefix("VmSize:"))?;
            line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()
        })
        .map_or(WHERE_NOT_TOLD, |kib| kib.saturating_mul(1024))
}

#[cfg(not(target_os = "linux"))]
fn own_memory() -> u64 {
    1 << 30
}

/// Processes and threads on the whole machine. The limit counts those of the user, so it has to start above them.
#[cfg(target_os = "linux")]
fn running_tasks() -> Option<u64> {
    let load = std::fs::read_to_string("/proc/loadavg").ok()?;
    load.split_whitespace().nth(3)?.split_once('/')?.1.parse().ok()
}
