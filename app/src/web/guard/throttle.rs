use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

/// Tries that a name has before it waits; for who forgets, and mistypes.
pub(super) const FREE_FOR_NAME: u32 = 5;
/// Tries that an address has before it waits: people of one office may share one.
pub(super) const FREE_FOR_ADDRESS: u32 = 20;
/// The first wait, which doubles with each try.
const FIRST: Duration = Duration::from_secs(15);
/// The longest wait. Then one more try: a name that somebody else keeps trying is not locked for good.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// Tries that are so old are forgotten.
const FORGOTTEN: Duration = Duration::from_secs(60 * 60);
/// Names and addresses that are remembered at a time.
const REMEMBERED: usize = 10_000;

/// The tries to log in that did not succeed, by name and by address.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    tries: HashMap<String, Tries>,
}

#[derive(Clone, Copy, Debug)]
struct Tries {
    count: u32,
    last: Instant,
}

impl Tries {
    /// How long after the last try the next may come: at first at once, then [`FIRST`], twice that, and so on.
    fn pause(self, free: u32) -> Duration {
        match self.count.checked_sub(free) {
            None => Duration::ZERO,
            Some(over) => {
                let doubled = 2_u32.checked_pow(over).and_then(|times| FIRST.checked_mul(times));
                doubled.map_or(LONGEST, |pause| pause.min(LONGEST))
            }
        }
    }

    fn are_forgotten(self, now: Instant) -> bool {
        now.saturating_duration_since(self.last) >= FORGOTTEN
    }
}

/// What an address counts under: itself; of IPv6 its network of 64 bits, since whoever has one address of it has all.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

impl Throttle {
    /// Counts a try under each of `keys`, each with the tries that it has for nothing; or counts none and says how long to
    /// wait. A try is counted before its outcome is known, so that many at once are no way around.
    pub(super) fn attempt(&mut self, keys: &[(String, u32)], now: Instant) -> Result<(), Duration> {
        let wait = |(key, free): &(String, u32)| {
            let tries = self.tries.get(key).filter(|tries| !tries.are_forgotten(now))?;
            (tries.last + tries.pause(*free)).checked_duration_since(now)
        };
        if let Some(longest) = keys.iter().filter_map(wait).max().filter(|wait| !wait.is_zero()) {
            return Err(longest);
        }
        self.make_room(now);
        for (key, _) in keys {
            let tries = self.tries.entry(key.clone()).or_insert(Tries { count: 0, last: now });
            tries.count = if tries.are_forgotten(now) { 1 } else { tries.count.saturating_add(1) };
            tries.last = now;
        }
        Ok(())
    }

    /// Takes back one try under `key`, which turned out well.
    pub(super) fn take_back(&mut self, key: &str) {
        if let Some(tries) = self.tries.get_mut(key) {
            tries.count = tries.count.saturating_sub(1);
        }
    }

    /// Forgets all tries under `key`.
    pub(super) fn forget(&mut self, key: &str) {
        self.tries.remove(key);
    }

    fn make_room(&mut self, now: Instant) {
        if self.tries.len() < REMEMBERED {
            return;
        }
        self.tries.retain(|_, tries| !tries.are_forgotten(now));
        // Under a flood of names the least tried go, so that who is being guessed at stays.
        while self.tries.len() >= REMEMBERED {
            let least = self.tries.iter().min_by_key(|(_, tries)| (tries.count, tries.last));
            let Some(key) = least.map(|(key, _)| key.clone()) else { return };
            self.tries.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(name: &str) -> [(String, u32); 1] {
        [(name.to_owned(), FREE_FOR_NAME)]
    }

    #[test]
    fn the_pause_doubles_up_to_five_minutes() {
        let mut throttle = Throttle::default();
        let mut now = Instant::now();
        for _ in 0..FREE_FOR_NAME {
            assert_eq!(throttle.attempt(&keys("ana"), now), Ok(()));
        }
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let pause = throttle.attempt(&keys("ana"), now).expect_err("has to wait");
            pauses.push(pause.as_secs());
            now += pause;
            assert_eq!(throttle.attempt(&keys("ana"), now), Ok(()));
        }
        assert_eq!(pauses, [15, 30, 60, 120, 240, 300, 300, 300]);
        assert_eq!(throttle.attempt(&keys("bo"), now), Ok(()), "another name");
        throttle.forget("ana");
        assert_eq!(throttle.attempt(&keys("ana"), now), Ok(()));
    }

    #[test]
    fn a_try_that_has_to_wait_is_not_counted() {
        let mut throttle = Throttle::default();
        let now = Instant::now();
        while throttle.attempt(&keys("ana"), now).is_ok() {}
        for _ in 0..50 {
            assert_eq!(throttle.attempt(&keys("ana"), now), Err(FIRST));
        }
    }

    #[test]
    fn an_address_has_more_tries_and_gets_back_those_that_went_well() {
        let mut throttle = Throttle::default();
        let now = Instant::now();
        let office = [("10.0.0.1".to_owned(), FREE_FOR_ADDRESS)];
        for _ in 0..10 * FREE_FOR_ADDRESS {
            assert_eq!(throttle.attempt(&office, now), Ok(()));
            throttle.take_back("10.0.0.1");
        }
        for _ in 0..FREE_FOR_ADDRESS {
            assert_eq!(throttle.attempt(&office, now), Ok(()));
        }
        assert!(throttle.attempt(&office, now).is_err());
    }

    #[test]
    fn one_network_of_ipv6_is_one_guesser() {
        let of = |text: &str| network(text.parse().expect("an address")).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("203.0.113.9"), "203.0.113.9");
        assert_eq!(of("::ffff:203.0.113.9"), "203.0.113.9", "however it is written");
    }

    #[test]
    fn a_flood_of_names_takes_no_more_room_and_lets_nobody_off() {
        let mut throttle = Throttle::default();
        let now = Instant::now();
        while throttle.attempt(&keys("ana"), now).is_ok() {}
        for number in 0..REMEMBERED + 50 {
            throttle.attempt(&keys(&format!("name {number}")), now).expect("is new");
        }
        assert_eq!(throttle.tries.len(), REMEMBERED);
        assert!(throttle.attempt(&keys("ana"), now).is_err());
        let later = now + FORGOTTEN;
        throttle.attempt(&keys("new"), later).expect("is new");
        assert_eq!(throttle.tries.len(), 1);
    }
}
