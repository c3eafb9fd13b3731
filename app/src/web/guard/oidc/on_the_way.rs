use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// How long somebody has to log in at the service.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// People who are on their way at a time.
const AT_A_TIME: usize = 1000;

/// What those took along who were sent to a service and have not come back, each by a secret of theirs.
#[derive(Debug)]
pub(super) struct OnTheWay<T> {
    people: HashMap<String, Person<T>>,
}

#[derive(Debug)]
struct Person<T> {
    took: T,
    from: Option<IpAddr>,
    left: Instant,
}

impl<T> Default for OnTheWay<T> {
    fn default() -> Self {
        Self { people: HashMap::new() }
    }
}

impl<T> OnTheWay<T> {
    /// Somebody leaves `from` with `took`. Where too many are on their way, those make room who come from where most do: a flood
    /// takes nobody else's place.
    pub(super) fn leave(&mut self, key: String, took: T, from: Option<IpAddr>, now: Instant) {
        self.people.retain(|_, person| person.is_awaited(now));
        if self.people.len() >= AT_A_TIME {
            self.make_room();
        }
        self.people.insert(key, Person { took, from, left: now });
    }

    /// Somebody is back: what they took along, if it was not too long ago. They come back once.
    pub(super) fn back(&mut self, key: &str, now: Instant) -> Option<T> {
        self.people.remove(key).filter(|person| person.is_awaited(now)).map(|person| person.took)
    }

    fn make_room(&mut self) {
        let mut by_place: HashMap<Option<IpAddr>, usize> = HashMap::new();
        for person in self.people.values() {
            *by_place.entry(person.from).or_default() += 1;
        }
        let crowd = |person: &Person<T>| by_place.get(&person.from).copied().unwrap_or_default();
        let most = self.people.values().map(&crowd).max().unwrap_or_default();
        let of_most = self.people.iter().filter(|(_, person)| crowd(person) == most);
        let first = of_most.min_by_key(|(_, person)| person.left).map(|(key, _)| key.clone());
        if let Some(first) = first {
            self.people.remove(&first);
        }
    }
}

impl<T> Person<T> {
    fn is_awaited(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.left) < PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_once_and_in_time() {
        let mut way = OnTheWay::default();
        let now = Instant::now();
        way.leave("a".to_owned(), 1, None, now);
        way.leave("b".to_owned(), 2, None, now);
        assert_eq!(way.back("a", now + PATIENCE / 2), Some(1));
        assert_eq!(way.back("a", now), None);
        assert_eq!(way.back("b", now + PATIENCE), None);
    }

    #[test]
    fn a_flood_takes_no_more_room_and_nobody_elses_place() {
        let mut way = OnTheWay::default();
        let now = Instant::now();
        let place = |number: u8| Some(IpAddr::from([203, 0, 113, number]));
        way.leave("ana".to_owned(), 0, place(1), now);
        for number in 0..2 * AT_A_TIME {
            way.leave(number.to_string(), 0, place(2), now + Duration::from_millis(number as u64));
        }
        assert_eq!(way.people.len(), AT_A_TIME);
        assert!(!way.people.contains_key("0"), "the first of the flood made room");
        assert_eq!(way.back("ana", now), Some(0));
    }
}
