use crate::web::guard::network;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections at a time; one more is taken up when one of them ends. The record and the index need files open, too, and a
/// process has a thousand as a rule.
const AT_A_TIME: usize = 512;
/// Those of them that come from one address: people of one office may share one, and no machine is to have them all.
const FROM_AN_ADDRESS: usize = 128;
/// How often it is said at most that there are too many.
const SAID: Duration = Duration::from_secs(60);

/// How many connections come from each address.
type Taken = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// Places for connections.
#[derive(Debug)]
pub(crate) struct Places {
    free: Arc<Semaphore>,
    taken: Taken,
    proxy: Option<IpAddr>,
    said: Option<Instant>,
}

/// One of them, which is free again when dropped.
#[derive(Debug)]
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
    /// Where it counts; `None` for who is not counted.
    from: Option<IpAddr>,
    taken: Taken,
}

impl Places {
    /// All free. The server in front at `proxy` speaks for many, and this machine for whoever is at it: they may have them all.
    pub(crate) fn new(proxy: Option<IpAddr>) -> Self {
        Self {
            free: Arc::new(Semaphore::new(AT_A_TIME)),
            taken: Taken::default(),
            proxy: proxy.map(|proxy| proxy.to_canonical()),
            said: None,
        }
    }

    /// Waits until there is one.
    pub(super) async fn wait(&mut self) {
        if self.free.available_permits() == 0 {
            self.say("all connections are taken up, and others wait");
            // It is free again at once, for `take`, the only one who takes any.
            let _ = self.free.acquire().await;
        }
    }

    /// The place of a connection from `peer`; `None` where too many come from there, or there is none.
    pub(super) fn take(&mut self, peer: IpAddr) -> Option<Place> {
        let permit = Arc::clone(&self.free).try_acquire_owned().ok()?;
        let peer = peer.to_canonical();
        let is_counted = !peer.is_loopback() && Some(peer) != self.proxy;
        let from = is_counted.then(|| network(peer));
        if let Some(from) = from {
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            let count = taken.entry(from).or_default();
            if *count >= FROM_AN_ADDRESS {
                drop(taken);
                self.say(
                    "one address has its share of the connections, and further ones are closed",
                );
                return None;
            }
            *count += 1;
        }
        Some(Place { _permit: permit, from, taken: Arc::clone(&self.taken) })
    }

    fn say(&mut self, what: &str) {
        if self.said.is_none_or(|said| said.elapsed() >= SAID) {
            self.said = Some(Instant::now());
            tracing::warn!("{what}");
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(from) = self.from else { return };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&from) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn one_address_has_its_share_and_gets_back_what_it_gives_back() {
        let mut places = Places::new(Some(address("10.0.0.1")));
        let mut held: Vec<Place> = Vec::new();
        while let Some(place) = places.take(address("203.0.113.9")) {
            held.push(place);
        }
        assert_eq!(held.len(), FROM_AN_ADDRESS);
        assert!(places.take(address("::ffff:203.0.113.9")).is_none(), "however it is written");
        assert!(places.take(address("203.0.113.10")).is_some(), "from elsewhere");
        held.pop();
        assert!(places.take(address("203.0.113.9")).is_some());
        drop(held);
        assert!(places.taken.lock().expect("nobody panicked").is_empty());
    }

    #[test]
    fn one_network_of_ipv6_is_one_address() {
        let mut places = Places::new(None);
        let mut from = |host: usize| places.take(address(&format!("2001:db8:0:7::{host:x}")));
        let held: Vec<Place> = (1..=FROM_AN_ADDRESS).filter_map(&mut from).collect();
        assert_eq!(held.len(), FROM_AN_ADDRESS);
        assert!(from(0xffff).is_none());
    }

    #[tokio::test]
    async fn the_server_in_front_and_this_machine_may_have_all_and_then_it_is_waited() {
        for all in ["10.0.0.1", "127.0.0.1", "::1"] {
            let mut places = Places::new(Some(address("10.0.0.1")));
            let mut held: Vec<Place> =
                (0..AT_A_TIME).filter_map(|_| places.take(address(all))).collect();
            assert_eq!(held.len(), AT_A_TIME, "{all}");
            assert!(places.take(address(all)).is_none());
            assert!(tokio::time::timeout(Duration::ZERO, places.wait()).await.is_err());
            held.pop();
            places.wait().await;
            assert!(places.take(address(all)).is_some());
        }
    }
}
