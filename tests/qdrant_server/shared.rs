//! What all services of one server share, and the door through which every call comes in.

use super::State;
use super::calls::{Call, InFlight, Log};
use super::engine::Engine;
use super::faults::{Cut, Fault, Faults};
use super::refusal;
use prost::Message;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tonic::{Code, Request, Status, metadata::MetadataMap};

pub(super) struct Shared {
    engine: Mutex<Engine>,
    pub(super) faults: Faults,
    pub(super) log: Log,
    pub(super) version: String,
    api_key: Option<String>,
    stopping: watch::Sender<bool>,
}

/// A call that came in and is not yet answered.
pub(super) struct Entered<'a> {
    /// Where the connection is to be cut within it.
    pub(super) cut: Option<Cut>,
    /// Whether it is to be answered as not done in time.
    pub(super) unfinished: bool,
    _in_flight: InFlight<'a>,
}

impl Shared {
    pub(super) fn new(state: State) -> Self {
        Shared {
            engine: Mutex::new(state.engine),
            faults: Faults::default(),
            log: Log::default(),
            version: state.version,
            api_key: state.api_key,
            stopping: watch::Sender::new(false),
        }
    }

    pub(super) fn engine(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state(&self) -> State {
        State {
            engine: self.engine().clone(),
            held: None,
            version: self.version.clone(),
            api_key: self.api_key.clone(),
        }
    }

    pub(super) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(super) async fn stopped(&self) {
        // The sender lives as long as `self`: the only way out is that it said so.
        let mut stopping = self.stopping.subscribe();
        let _said = stopping.wait_for(|stopping| *stopping).await;
    }

    /// Lets a call in: it is written down, its key looked at, and the next planned fault is its own.
    pub(super) async fn enter<T: Message>(
        &self,
        call: Call,
        points: usize,
        request: &Request<T>,
    ) -> Result<Entered<'_>, Status> {
        let in_flight = self.log.arrived(call, points, request.get_ref().encoded_len());
        if call != Call::Health {
            self.known(request.metadata())?;
        }
        let mut entered = Entered { cut: None, unfinished: false, _in_flight: in_flight };
        match self.faults.next(call) {
            None => {}
            Some(Fault::Unavailable) => {
                return Err(Status::unavailable("the server is unavailable"));
            }
            Some(Fault::Unsettled) => return Err(refusal::unsettled(self.faults.met())),
            Some(Fault::Missing) => return Err(refusal::no_collection("that was here")),
            Some(Fault::RateLimited(seconds)) => return Err(rate_limited(seconds)),
            Some(Fault::Unanswered) => std::future::pending().await,
            Some(Fault::Held(mut gate)) => {
                // An error says that the gate is gone, which opens it too.
                let _opened = gate.wait_for(|open| *open).await;
            }
            Some(Fault::Unfinished) => entered.unfinished = true,
            Some(Fault::Cut(cut)) => entered.cut = Some(cut),
        }
        Ok(entered)
    }

    fn known(&self, metadata: &MetadataMap) -> Result<(), Status> {
        let Some(expected) = &self.api_key else { return Ok(()) };
        match metadata.get("api-key") {
            None => Err(Status::unauthenticated(
                "Must provide an API key or an Authorization bearer token",
            )),
            Some(key) if key.as_bytes() == expected.as_bytes() => Ok(()),
            Some(_) => Err(Status::unauthenticated("Invalid API key or JWT")),
        }
    }
}

/// As the rate limiter of Qdrant's strict mode answers.
fn rate_limited(seconds: u64) -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("retry-after", seconds.into());
    Status::with_metadata(
        Code::ResourceExhausted,
        "Rate limiting exceeded: Write rate limit exceeded, retry later",
        metadata,
    )
}
