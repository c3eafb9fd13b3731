//! What was asked of the server, counted.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Longer than any test needs to reach a state; a test that does not fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a call is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Call {
    Upsert,
    Delete,
    /// Payloads and the indexes on them.
    Payload,
    Query,
    /// Get, scroll and count.
    Read,
    /// A collection that is to be made.
    Create,
    /// All else that is asked of collections and aliases.
    Collection,
    Health,
}

/// What was asked since the server started, and what it is answering now.
#[derive(Clone, Default, Debug)]
pub(crate) struct Traffic {
    calls: BTreeMap<Call, usize>,
    /// How many points each upsert brought, in the order they came.
    pub(crate) points_per_upsert: Vec<usize>,
    /// The bytes of each, encoded.
    pub(crate) bytes_per_upsert: Vec<usize>,
    /// Upserts that came and are not yet answered.
    pub(crate) upserts_in_flight: usize,
    /// The most of them at a time.
    pub(crate) most_upserts_in_flight: usize,
    /// The bytes of these upserts, encoded.
    pub(crate) bytes_in_flight: usize,
    /// The most of them at a time.
    pub(crate) most_bytes_in_flight: usize,
}

impl Traffic {
    /// How many calls of this kind came, answered or not.
    pub(crate) fn calls(&self, call: Call) -> usize {
        self.calls.get(&call).copied().unwrap_or_default()
    }
}

#[derive(Default)]
pub(super) struct Log {
    traffic: Mutex<Traffic>,
    changed: Condvar,
}

impl Log {
    fn lock(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn traffic(&self) -> Traffic {
        self.lock().clone()
    }

    pub(super) fn wait_until(&self, so: impl Fn(&Traffic) -> bool) {
        let waited = self.changed.wait_timeout_while(self.lock(), PATIENCE, |traffic| !so(traffic));
        let (traffic, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "not within {PATIENCE:?}: {:?}", *traffic);
    }

    /// Writes a call down; what is given back stands for it until it is answered or given up.
    pub(super) fn arrived(&self, call: Call, points: usize, bytes: usize) -> InFlight<'_> {
        let mut traffic = self.lock();
        *traffic.calls.entry(call).or_default() += 1;
        let bytes = (call == Call::Upsert).then_some(bytes);
        if let Some(bytes) = bytes {
            traffic.points_per_upsert.push(points);
            traffic.bytes_per_upsert.push(bytes);
            traffic.upserts_in_flight += 1;
            traffic.bytes_in_flight += bytes;
            traffic.most_upserts_in_flight =
                traffic.most_upserts_in_flight.max(traffic.upserts_in_flight);
            traffic.most_bytes_in_flight =
                traffic.most_bytes_in_flight.max(traffic.bytes_in_flight);
        }
        drop(traffic);
        self.changed.notify_all();
        InFlight { log: self, bytes }
    }
}

/// A call that is being answered.
pub(super) struct InFlight<'a> {
    log: &'a Log,
    /// Of an upsert.
    bytes: Option<usize>,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(bytes) = self.bytes {
            let mut traffic = self.log.lock();
            traffic.upserts_in_flight -= 1;
            traffic.bytes_in_flight -= bytes;
        }
        self.log.changed.notify_all();
    }
}
