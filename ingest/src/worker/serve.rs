use super::frame::{self, Job, LONGEST, Report, Setup};
use crate::extract::member;
use crate::{Answer, Reading, Request, Step, confine, extract_all};
use std::cell::RefCell;
use std::io::{self, BufWriter, Read, StdinLock, StdoutLock};
use std::thread;

/// Bytes of stack for reading: nested input is followed by readers' own stacks, but not by all libraries'.
const STACK: usize = 64 << 20;

/// The worker's side: takes files from stdin and gives documents to stdout until stdin ends.
///
/// Called once, by a process that has no other thread: it confines itself to these two streams and to its limits first.
///
/// # Errors
/// Those of the two streams; and where what comes over stdin is not what a [`Pool`](super::Pool) sends.
pub fn serve() -> io::Result<()> {
    // What ends the process says so on stderr, which the parent reads afterwards; caught panics would only fill it.
    std::panic::set_hook(Box::new(|_| {}));
    let Some((_, setup)) = frame::read(&mut io::stdin().lock(), LONGEST)? else { return Ok(()) };
    let setup: Setup = serde_json::from_slice(&setup)?;
    let confinement = confine::reader(&setup.limits);
    Report::Ready(confinement).write(&mut io::stdout().lock())?;
    thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || jobs(&setup))?
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("the reading thread stopped")))
}

fn jobs(setup: &Setup) -> io::Result<()> {
    let streams = RefCell::new(Streams {
        input: io::stdin().lock(),
        out: BufWriter::new(io::stdout().lock()),
    });
    loop {
        let Some((_, job)) = frame::read(&mut streams.borrow_mut().input, LONGEST)? else {
            return Ok(());
        };
        let job: Job = serde_json::from_slice(&job)?;
        let mut bytes = Vec::new();
        (&mut streams.borrow_mut().input).take(job.size).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != job.size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        one(setup, job, bytes, &streams)?;
        Report::Finished.write(&mut streams.borrow_mut().out)?;
    }
}

struct Streams<'a> {
    input: StdinLock<'a>,
    out: BufWriter<StdoutLock<'a>>,
}

fn one(setup: &Setup, job: Job, bytes: Vec<u8>, streams: &RefCell<Streams<'_>>) -> io::Result<()> {
    if let Some(wanted) = &job.member {
        let found = member(&bytes, &job.name, wanted, &setup.limits, &setup.passwords);
        let out = &mut streams.borrow_mut().out;
        return match found {
            Ok(Some(bytes)) => Report::Member(bytes).write(out),
            Ok(None) => Ok(()),
            Err(why) => Report::Refused(why).write(out),
        };
    }
    let mut outcome = Ok(());
    let mut ask = |request: Request| {
        let streams = &mut *streams.borrow_mut();
        Report::Wanted(request)
            .write(&mut streams.out)
            .and_then(|()| frame::read_answer(&mut streams.input))
            .unwrap_or_else(|fault| Answer::Failed(format!("The answer was lost ({fault}).")))
    };
    let skip = job.skip.into_iter().collect();
    let undrawn = job.undrawn.into_iter().collect();
    let mut reading = Reading {
        limits: &setup.limits,
        passwords: &setup.passwords,
        skip: &skip,
        undrawn: &undrawn,
        ask: &mut ask,
    };
    extract_all(&bytes, &job.name, &mut reading, &mut |step| {
        let report = match step {
            Step::Begun(path) => Report::Begun(path.to_owned()),
            Step::Done(extracted) => Report::Done(extracted),
        };
        if let Err(fault) = report.write(&mut streams.borrow_mut().out) {
            outcome = Err(fault);
        }
    });
    outcome
}
