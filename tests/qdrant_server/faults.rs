//! What is to go wrong, as a test plans it.

use super::calls::Call;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Which calls a fault meets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Calls {
    Any,
    Of(Call),
}

/// Faults that are planned. Each call meets the first that is meant for it, and one alone.
///
/// `qdrant-client` asks a second time by itself, at once, where a call for points or health ends as `UNAVAILABLE`,
/// `CANCELLED` (its own timeout too), `INTERNAL` or `UNKNOWN`; its calls for collections it drops. What a user of that
/// client is to see takes two faults therefore, and each of the two counts as a call.
#[derive(Default)]
pub(crate) struct Faults {
    planned: Mutex<Plan>,
}

#[derive(Default)]
struct Plan {
    faults: Vec<Planned>,
    met: usize,
}

struct Planned {
    calls: Calls,
    times: usize,
    fault: Fault,
}

#[derive(Clone)]
pub(super) enum Fault {
    Unavailable,
    Unsettled,
    Missing,
    /// Seconds after which to ask again.
    RateLimited(u64),
    Held(watch::Receiver<bool>),
    Unanswered,
    Unfinished,
    Cut(Cut),
}

/// An upsert that is cut off within.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    /// So many of its points are stored all the same.
    pub(super) after: usize,
    /// Whether the whole server stops with it.
    pub(super) stops: bool,
}

/// Holds calls back until it is opened or dropped.
pub(crate) struct Gate(watch::Sender<bool>);

impl Gate {
    /// Lets all calls through that waited, and all that are yet to come.
    pub(crate) fn open(self) {
        self.0.send_replace(true);
    }
}

impl Faults {
    /// The next `times` such calls are answered `UNAVAILABLE`, and nothing is done.
    pub(crate) fn unavailable(&self, calls: Calls, times: usize) {
        self.plan(calls, times, Fault::Unavailable);
    }

    /// The next `times` such calls are answered `RESOURCE_EXHAUSTED`, to be tried again after so many seconds.
    pub(crate) fn rate_limited(&self, calls: Calls, times: usize, retry_after: u64) {
        self.plan(calls, times, Fault::RateLimited(retry_after));
    }

    /// The next `times` such calls are answered as by a node of a cluster that has yet to agree with the others: in turn
    /// `INTERNAL` and `FAILED_PRECONDITION`, and nothing is done.
    pub(crate) fn unsettled(&self, calls: Calls, times: usize) {
        self.plan(calls, times, Fault::Unsettled);
    }

    /// The next `times` such calls are answered `NOT_FOUND`, as where a collection goes between being found by its alias and
    /// being opened.
    pub(crate) fn missing(&self, calls: Calls, times: usize) {
        self.plan(calls, times, Fault::Missing);
    }

    /// The next `times` such calls are never answered, and nothing is done.
    pub(crate) fn never_answer(&self, calls: Calls, times: usize) {
        self.plan(calls, times, Fault::Unanswered);
    }

    /// The next `times` such calls, of those that write, are done and yet answered as not done in time.
    pub(crate) fn unfinished(&self, calls: Calls, times: usize) {
        self.plan(calls, times, Fault::Unfinished);
    }

    /// All such calls wait before anything is done, until the gate is opened.
    pub(crate) fn hold(&self, calls: Calls) -> Gate {
        let (gate, held) = watch::channel(false);
        self.plan(calls, usize::MAX, Fault::Held(held));
        Gate(gate)
    }

    /// The next upsert is cut off after so many of its points are stored: `UNAVAILABLE`, and the client cannot know
    /// which. With as many points as it has, all are stored and the answer alone is lost.
    pub(crate) fn cut_upsert(&self, after: usize) {
        self.plan(Calls::Of(Call::Upsert), 1, Fault::Cut(Cut { after, stops: false }));
    }

    /// The same, and the server goes down with it: every connection is cut, and `Server::stop` gives what was stored.
    pub(crate) fn die_in_upsert(&self, after: usize) {
        self.plan(Calls::Of(Call::Upsert), 1, Fault::Cut(Cut { after, stops: true }));
    }

    /// Nothing more goes wrong. Calls that are held or unanswered stay so.
    pub(crate) fn clear(&self) {
        self.lock().faults.clear();
    }

    /// How many calls have met a fault.
    pub(crate) fn met(&self) -> usize {
        self.lock().met
    }

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn plan(&self, calls: Calls, times: usize, fault: Fault) {
        self.lock().faults.push(Planned { calls, times, fault });
    }

    /// The fault that this call meets.
    pub(super) fn next(&self, call: Call) -> Option<Fault> {
        let mut plan = self.lock();
        plan.faults.retain(|planned| planned.times > 0 && !open(&planned.fault));
        let planned = plan.faults.iter_mut().find(|planned| match planned.calls {
            Calls::Any => true,
            Calls::Of(one) => one == call,
        })?;
        planned.times -= 1;
        let fault = planned.fault.clone();
        plan.met += 1;
        Some(fault)
    }
}

/// Whether this is a gate that stands open, or is gone.
fn open(fault: &Fault) -> bool {
    match fault {
        Fault::Held(gate) => *gate.borrow() || gate.has_changed().is_err(),
        _ => false,
    }
}
