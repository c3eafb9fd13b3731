use super::failure::broken_off;
use super::server::Server;
use super::waiting::Waiting;
use crate::IndexError;
use qdrant_client::qdrant::{PointStruct, UpsertPoints};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{RwLock, Semaphore};

/// Where writes go, and how many of them may be under way.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) server: Arc<Server>,
    /// The collection itself and not its alias: once another process has made the index anew, a write that goes on from the
    /// old one's marker must not reach the new one.
    pub(super) collection: String,
    slots: Arc<Semaphore>,
    /// Held by each write for reading, and by a commit for writing: it comes after those that were under way.
    pub(super) writes: Arc<RwLock<()>>,
}

impl Way {
    pub(super) fn new(server: Arc<Server>, collection: String) -> Self {
        let slots = Arc::new(Semaphore::new(server.options.in_flight.max(1)));
        Self { server, collection, slots, writes: Arc::default() }
    }
}

/// Writes of one caller, of which a few are under way at once.
pub(super) struct Sending<'a> {
    way: &'a Way,
    waiting: &'a Waiting,
    done: Sender<Result<(), IndexError>>,
    results: Receiver<Result<(), IndexError>>,
    begun: usize,
    ended: usize,
}

impl<'a> Sending<'a> {
    pub(super) fn new(way: &'a Way, waiting: &'a Waiting) -> Self {
        let (done, results) = channel();
        Self { way, waiting, done, results, begun: 0, ended: 0 }
    }

    /// Sends `points` as soon as there is room, and does not wait until they are there. Fails where an earlier one did.
    pub(super) fn send(&mut self, points: Vec<PointStruct>) -> Result<(), IndexError> {
        while let Ok(result) = self.results.try_recv() {
            self.ended += 1;
            result?;
        }
        let slots = Arc::clone(&self.way.slots);
        // The semaphore is never closed.
        let slot = self.waiting.wait(async move { Ok(slots.acquire_owned().await.ok()) })?;
        let (way, done) = (self.way.clone(), self.done.clone());
        self.begun += 1;
        self.waiting.begin(async move {
            let result = write(&way, points).await;
            drop(slot);
            // Nobody listens any more only where the one who waits has died.
            let _ = done.send(result);
        });
        Ok(())
    }

    /// Waits for all that are under way, also where one failed: none is to come after whatever follows.
    pub(super) fn finish(self) -> Result<(), IndexError> {
        drop(self.done);
        let mut first = Ok(());
        let mut ended = self.ended;
        for result in self.results {
            ended += 1;
            first = first.and(result);
        }
        if first.is_ok() && ended < self.begun {
            return Err(broken_off(&self.way.server.options.url));
        }
        first
    }
}

async fn write(way: &Way, points: Vec<PointStruct>) -> Result<(), IndexError> {
    let _under_way = way.writes.read().await;
    let request = UpsertPoints {
        collection_name: way.collection.clone(),
        wait: Some(true),
        points,
        ..UpsertPoints::default()
    };
    let written = way.server.write(|client| {
        let request = request.clone();
        async move { client.upsert_points(request).await }
    });
    Ok(written.await?)
}
