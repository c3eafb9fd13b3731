use super::death::Death;
use super::frame::{self, Job, Report, Setup};
use crate::Answer;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

/// Bytes of its last words that are read of a worker that ended.
const LAST_WORDS: u64 = 4096;

/// A worker, as the parent sees it. Its streams are served by two threads, so that no write or read can hold up the parent
/// beyond the time that it gives.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    outgoing: Sender<Outgoing>,
    reports: Receiver<io::Result<Report>>,
    /// Files that it was given.
    pub(super) jobs: usize,
}

#[derive(Debug)]
enum Outgoing {
    Setup(Setup),
    File(Job, File),
    Answer(Answer),
}

impl Worker {
    /// Starts one whose reports are believed up to `longest` bytes each.
    pub(super) fn start(command: &[OsString], setup: &Setup, longest: u32) -> io::Result<Self> {
        let (program, arguments) =
            command.split_first().ok_or_else(|| io::Error::other("no worker is named"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let lost = || io::Error::other("the worker's streams are missing");
        let stdin = child.stdin.take().ok_or_else(lost)?;
        let stdout = child.stdout.take().ok_or_else(lost)?;
        let (outgoing, wanted) = channel();
        // Where the feeding thread is gone the worker has ended, and the next report says so; the same below.
        let _ = outgoing.send(Outgoing::Setup(setup.clone()));
        let (sender, reports) = sync_channel(1);
        thread::spawn(move || feed(stdin, &wanted));
        thread::spawn(move || listen(stdout, longest, &sender));
        Ok(Self { child, outgoing, reports, jobs: 0 })
    }

    /// Hands it a file; what comes of it comes as reports.
    pub(super) fn give(&mut self, job: Job, file: File) {
        self.jobs += 1;
        let _ = self.outgoing.send(Outgoing::File(job, file));
    }

    pub(super) fn answer(&self, answer: Answer) {
        let _ = self.outgoing.send(Outgoing::Answer(answer));
    }

    /// Its next report, or how it ended. One that reports nothing for as long as `patience` is ended.
    pub(super) fn report(mut self, patience: Duration) -> Result<(Self, Report), Death> {
        match self.reports.recv_timeout(patience) {
            Ok(Ok(report)) => Ok((self, report)),
            // What it says makes no sense: whatever it still does is not waited for.
            Ok(Err(_)) => Err(Death::Fault(None)),
            Err(RecvTimeoutError::Timeout) => {
                // It may end by itself just now, which is the same to us.
                let _ = self.child.kill();
                let _ = self.child.wait();
                Err(Death::Silent(patience))
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.end()),
        }
    }

    /// How it ended, for one whose stdout is closed.
    fn end(mut self) -> Death {
        let _ = self.child.kill();
        let status = self.child.wait().ok();
        let mut words = Vec::new();
        if let Some(stderr) = &mut self.child.stderr {
            let _ = stderr.take(LAST_WORDS).read_to_end(&mut words);
        }
        Death::of(status, &String::from_utf8_lossy(&words))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes to a worker's stdin until it ends, or a file turns out shorter than it was: then the worker sees its input end.
fn feed(stdin: ChildStdin, wanted: &Receiver<Outgoing>) {
    let mut stdin = BufWriter::with_capacity(64 << 10, stdin);
    while let Ok(outgoing) = wanted.recv() {
        let written = match outgoing {
            Outgoing::Setup(setup) => send_setup(&mut stdin, &setup),
            Outgoing::File(job, file) => send_file(&mut stdin, &job, file),
            Outgoing::Answer(answer) => frame::write_answer(&mut stdin, &answer),
        };
        if written.and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

fn send_setup(stdin: &mut impl Write, setup: &Setup) -> io::Result<()> {
    frame::write(stdin, b'S', &serde_json::to_vec(setup)?)
}

fn send_file(stdin: &mut impl Write, job: &Job, file: File) -> io::Result<()> {
    frame::write(stdin, b'J', &serde_json::to_vec(job)?)?;
    match io::copy(&mut file.take(job.size), stdin)? == job.size {
        true => Ok(()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Passes on what a worker says until it ends or makes no sense.
fn listen(stdout: ChildStdout, longest: u32, reports: &SyncSender<io::Result<Report>>) {
    let mut stdout = BufReader::with_capacity(64 << 10, stdout);
    while let Some(report) = Report::read(&mut stdout, longest).transpose() {
        let torn = |fault: &io::Error| fault.kind() == io::ErrorKind::UnexpectedEof;
        if report.as_ref().is_err_and(torn) {
            return;
        }
        let sense = report.is_ok();
        if reports.send(report).is_err() || !sense {
            return;
        }
    }
}
