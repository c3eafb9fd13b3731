use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// How long somebody has to log in at the service.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// People who are on their way at a time.
const AT_A_TIME: usize = 1000;
/// Those of them who come from one place; people of one office may share one.
const FROM_A_PLACE: usize = 100;

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
    ///
    /// # Errors
    /// Where too many have left from there and are not back: how long it is until the first of them is awaited no more.
    pub(super) fn leave(
        &mut self,
        key: String,
        took: T,
        from: Option<IpAddr>,
        now: Instant,
    ) -> Result<(), Duration> {
        self.people.retain(|_, person| person.is_awaited(now));
        let from_there = || self.people.values().filter(|person| person.from == from);
        if from_there().count() >= FROM_A_PLACE {
            let first = from_there().map(|person| person.left).min().unwrap_or(now);
            return Err(PATIENCE.saturating_sub(now.saturating_duration_since(first)));
        }
        if self.people.len() >= AT_A_TIME {
            self.make_room();
        }
        self.people.insert(key, Person { took, from, left: now });
        Ok(())
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

    fn place(number: u8) -> Option<IpAddr> {
        Some(IpAddr::from([203, 0, 113, number]))
    }

    #[test]
    fn one_comes_back_once_and_in_time() {
        let mut way = OnTheWay::default();
        let now = Instant::now();
        assert_eq!(way.leave("a".to_owned(), 1, None, now), Ok(()));
        assert_eq!(way.leave("b".to_owned(), 2, None, now), Ok(()));
        assert_eq!(way.back("a", now + PATIENCE / 2), Some(1));
        assert_eq!(way.back("a", now), None);
        assert_eq!(way.back("b", now + PATIENCE), None);
    }

    #[test]
    fn a_place_from_which_too_many_are_on_their_way_waits_for_the_first_of_them() {
        let mut way = OnTheWay::default();
        let now = Instant::now();
        for number in 0..FROM_A_PLACE {
            let left = now + Duration::from_millis(number as u64);
            assert_eq!(way.leave(number.to_string(), 0, place(1), left), Ok(()));
        }
        let later = now + Duration::from_secs(60);
        let mut one_more =
            |from: u8, now: Instant| way.leave("more".to_owned(), 0, place(from), now);
        assert_eq!(one_more(1, later), Err(PATIENCE - Duration::from_secs(60)));
        assert_eq!(one_more(2, later), Ok(()), "from elsewhere");
        assert_eq!(one_more(1, now + PATIENCE), Ok(()), "the first is awaited no more");
        let mut way = OnTheWay::default();
        for number in 0..3 * FROM_A_PLACE {
            assert_eq!(way.leave(number.to_string(), 0, place(1), now), Ok(()));
            assert_eq!(way.back(&number.to_string(), now), Some(0), "who is back does not count");
        }
    }

    #[test]
    fn a_flood_takes_no_more_room_and_nobody_elses_place() {
        let mut way = OnTheWay::default();
        let now = Instant::now();
        assert_eq!(way.leave("ana".to_owned(), 0, place(1), now), Ok(()));
        for number in 0..2 * AT_A_TIME {
            let from = place(u8::try_from(2 + number / FROM_A_PLACE).expect("few places"));
            let left = now + Duration::from_millis(number as u64);
            assert_eq!(way.leave(number.to_string(), 0, from, left), Ok(()));
        }
        assert_eq!(way.people.len(), AT_A_TIME);
        assert!(!way.people.contains_key("0"), "the first of the flood made room");
        assert_eq!(way.back("ana", now), Some(0));
    }
}
