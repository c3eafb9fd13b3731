use super::death::Death;
use super::frame::{Job, LONGEST, Report, Setup};
use super::process::Worker;
use crate::confine::Confinement;
use crate::{Answer, Extracted, Extraction, Limits, Request, WITHIN};
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A worker is replaced after so many files: what a library leaks does not add up.
const JOBS_A_WORKER: usize = 400;
/// A file whose reading ended as many workers is given up.
const DEATHS_A_FILE: usize = 8;
/// What a worker says beside the bytes that are wanted of it takes no more than this, in bytes.
const LONGEST_WORD: u32 = 64 << 10;
/// What is listed where nobody could say what the bytes are.
const UNSEEN: &str = "application/octet-stream";

/// How the reading of a file ended before it was done.
struct End {
    /// The path that was in hand.
    blamed: String,
    death: Death,
    /// Whether it had asked for something by then, as it does before pages are drawn.
    had_asked: bool,
    /// Whether the worker had read other files before.
    was_used: bool,
}

/// Workers that read files, one for each thread that asks at a time.
pub struct Pool {
    command: Vec<OsString>,
    setup: Setup,
    answer: Box<dyn Fn(Request) -> Answer + Send + Sync>,
    idle: Mutex<Vec<Worker>>,
}

impl Pool {
    /// A pool whose workers are started by `command` (program and arguments), which has to end in [`serve`](super::serve).
    /// `passwords` are tried in turn on what is encrypted; `answer` does what a reader may not do itself.
    pub fn new(
        command: Vec<OsString>,
        limits: Limits,
        passwords: Vec<String>,
        answer: impl Fn(Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let setup = Setup { limits, passwords };
        Self { command, setup, answer: Box::new(answer), idle: Mutex::default() }
    }

    /// Reads the file at `path`, listed as `name`: `visit` gets it and each of its members as they are done, members
    /// before what holds them. Whatever is wrong with one of them is in its extraction.
    ///
    /// # Errors
    /// Only where no worker can be started.
    pub fn read(
        &self,
        path: &Path,
        name: &str,
        visit: &mut dyn FnMut(Extracted),
    ) -> io::Result<()> {
        let mut dealt_with: Vec<String> = Vec::new();
        let mut undrawn: Vec<String> = Vec::new();
        let mut afresh = false;
        let mut deaths = 0;
        while deaths < DEATHS_A_FILE {
            let (file, size) = match self.open(path) {
                Ok(opened) => opened,
                Err(reason) => {
                    visit(failed(name, "", reason));
                    return Ok(());
                }
            };
            let job = Job {
                name: name.to_owned(),
                size,
                skip: dealt_with.clone(),
                undrawn: undrawn.clone(),
                member: None,
            };
            let Some(End { blamed, death, had_asked, was_used }) =
                self.follow(job, file, afresh, &mut dealt_with, visit)?
            else {
                return Ok(());
            };
            // Which file it was stands in the record, and not in a log.
            tracing::info!(?death, "a worker ended");
            if was_used && death != Death::Silent(self.patience()) {
                // What ended it may have been left behind by the files before: once more, with a new one.
                afresh = true;
                continue;
            }
            if had_asked && !undrawn.contains(&blamed) {
                // Its text may be there all the same: once more, without drawing its pages.
                undrawn.push(blamed);
                continue;
            }
            deaths += 1;
            visit(failed(&blamed, UNSEEN, death.reason(&self.setup.limits)));
            if blamed == name {
                return Ok(());
            }
            dealt_with.push(blamed);
        }
        visit(failed(
            name,
            UNSEEN,
            format!(
                "{DEATHS_A_FILE} of its members could not be read, each ending the reader; the rest was left unread. Unpack it and give the folder."
            ),
        ));
        Ok(())
    }

    /// The bytes of what lies at `member` (as [`Pool::read`] lists it) within the file at `path`, listed as `name`: `size` of
    /// them at most, taken out by a worker of its own that is ended at `until`.
    ///
    /// # Errors
    /// Where they cannot be had: why, as a sentence.
    pub fn member(
        &self,
        path: &Path,
        name: &str,
        member: &str,
        size: u64,
        until: Instant,
    ) -> Result<Vec<u8>, String> {
        let (file, length) = self.open(path)?;
        let job = Job {
            name: name.to_owned(),
            size: length,
            skip: Vec::new(),
            undrawn: Vec::new(),
            member: Some(member.to_owned()),
        };
        let longest = u32::try_from(size).unwrap_or(LONGEST).clamp(LONGEST_WORD, LONGEST);
        let mut worker = Worker::start(&self.command, &self.setup, longest)
            .map_err(|error| format!("The extraction worker could not be started ({error})."))?;
        worker.give(job, file);
        let mut found = Err("It does not lie there any more.".to_owned());
        loop {
            let (living, report) = worker
                .report(until.saturating_duration_since(Instant::now()))
                .map_err(|death| {
                tracing::info!(?death, "a worker ended");
                match death {
                    Death::Silent(_) => "Taking it out took too long, and was stopped.".into(),
                    death => death.reason(&self.setup.limits),
                }
            })?;
            worker = living;
            match report {
                Report::Ready(_) => {}
                Report::Member(bytes) => found = Ok(bytes),
                Report::Refused(why) => found = Err(why),
                Report::Finished => return found,
                // Only a worker that is no longer ours does anything else now.
                Report::Begun(_) | Report::Done(_) | Report::Wanted(_) => {
                    return Err(Death::Fault(None).reason(&self.setup.limits));
                }
            }
        }
    }

    /// What a worker may not do on this machine, as a new one says itself.
    ///
    /// # Errors
    /// Where none can be started, or it says nothing.
    pub fn confinement(&self) -> io::Result<Confinement> {
        let worker = Worker::start(&self.command, &self.setup, LONGEST)?;
        match worker.report(self.patience()) {
            Ok((_, Report::Ready(confinement))) => Ok(confinement),
            Ok(_) => Err(io::Error::other("it says something else")),
            Err(death) => Err(io::Error::other(death.reason(&self.setup.limits))),
        }
    }

    /// Has one worker read a file, a new one where `afresh` says so; how it ended, where it did.
    fn follow(
        &self,
        job: Job,
        file: File,
        afresh: bool,
        dealt_with: &mut Vec<String>,
        visit: &mut dyn FnMut(Extracted),
    ) -> io::Result<Option<End>> {
        let name = job.name.clone();
        let mut in_hand = vec![name.clone()];
        let mut had_asked = false;
        let mut worker = match afresh {
            true => Worker::start(&self.command, &self.setup, LONGEST)?,
            false => self.worker()?,
        };
        let was_used = worker.jobs > 0;
        worker.give(job, file);
        loop {
            let report = match worker.report(self.patience()) {
                Ok((living, report)) => {
                    worker = living;
                    report
                }
                // With nothing in hand all of it was delivered.
                Err(death) => {
                    return Ok(in_hand.pop().map(|blamed| End {
                        blamed,
                        death,
                        had_asked,
                        was_used,
                    }));
                }
            };
            if report.path().is_some_and(|path| !lies_in(path, &name)) {
                // Only a worker that is no longer ours speaks of other files.
                let blamed = name;
                return Ok(Some(End { blamed, death: Death::Fault(None), had_asked, was_used }));
            }
            match report {
                Report::Ready(_) | Report::Member(_) | Report::Refused(_) => {}
                Report::Begun(path) => {
                    had_asked = false;
                    if in_hand.last() != Some(&path) {
                        in_hand.push(path);
                    }
                }
                Report::Done(extracted) => {
                    in_hand.retain(|path| *path != extracted.path);
                    dealt_with.push(extracted.path.clone());
                    visit(*extracted);
                }
                Report::Wanted(request) => {
                    had_asked = true;
                    worker.answer((self.answer)(request));
                }
                Report::Finished => {
                    self.put_back(worker);
                    return Ok(None);
                }
            }
        }
    }

    /// The file at `path` and its size; where it cannot be opened or is too large, why.
    fn open(&self, path: &Path) -> Result<(File, u64), String> {
        let fault = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => "There is no such file.".to_owned(),
            io::ErrorKind::PermissionDenied => {
                format!("It cannot be read: {error}. Check its permissions.")
            }
            _ => format!("It cannot be read: {error}."),
        };
        let file = File::open(path).map_err(fault)?;
        let metadata = file.metadata().map_err(fault)?;
        if metadata.is_dir() {
            return Err("It is a folder; give a file in it.".into());
        }
        let (size, limit) = (metadata.len(), self.setup.limits.file_bytes);
        if size > limit {
            let (size, limit) = (size >> 20, limit >> 20);
            return Err(format!(
                "It has {size} MiB; the limit is {limit} (max_file_mib in the settings)."
            ));
        }
        Ok((file, size))
    }

    /// How long a worker may give no sign of life.
    fn patience(&self) -> Duration {
        Duration::from_secs(self.setup.limits.seconds)
    }

    fn worker(&self) -> io::Result<Worker> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(worker) => Ok(worker),
            None => Worker::start(&self.command, &self.setup, LONGEST),
        }
    }

    fn put_back(&self, worker: Worker) {
        if worker.jobs < JOBS_A_WORKER {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        }
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("command", &self.command).finish_non_exhaustive()
    }
}

/// Whether a path is that of a file or of something in it.
fn lies_in(path: &str, file: &str) -> bool {
    path.strip_prefix(file).is_some_and(|rest| rest.is_empty() || rest.starts_with(WITHIN))
}

fn failed(path: &str, media_type: &str, reason: String) -> Extracted {
    let extraction = Extraction::Failed { media_type: media_type.to_owned(), reason };
    Extracted { path: path.to_owned(), extraction }
}
