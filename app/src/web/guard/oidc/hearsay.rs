use crate::web::Fault;
use std::time::{Duration, Instant};

/// What a service says of itself is believed for so long; it changes its keys now and then.
const BELIEVED: Duration = Duration::from_secs(10 * 60);
/// It is asked again after so long at the earliest, whoever wants it and whatever it said.
const PAUSE: Duration = Duration::from_secs(10);

/// What a service said of itself last, or what kept it from saying it.
#[derive(Debug)]
pub(super) struct Hearsay<T> {
    last: Option<(Instant, Result<T, Fault>)>,
}

impl<T> Default for Hearsay<T> {
    fn default() -> Self {
        Self { last: None }
    }
}

impl<T: Clone> Hearsay<T> {
    /// What the service says now, as `clock` has it: what it said before, where that is still believed; else what `ask` brings,
    /// however long that takes. `anew` where what it said before does not do.
    pub(super) fn get(
        &mut self,
        clock: impl Fn() -> Instant,
        anew: bool,
        ask: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if let Some((heard, said)) = &self.last {
            let age = clock().saturating_duration_since(*heard);
            if age < PAUSE || (age < BELIEVED && said.is_ok() && !anew) {
                return said.clone();
            }
        }
        let said = ask();
        self.last = Some((clock(), said.clone()));
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use std::cell::Cell;

    fn never() -> Result<u8, Fault> {
        panic!("is not asked")
    }

    #[test]
    fn what_was_said_is_believed_for_a_while_and_sooner_where_it_does_not_do() {
        let mut heard = Hearsay::default();
        let now = Instant::now();
        assert_eq!(heard.get(|| now, false, || Ok(1)).ok(), Some(1));
        assert_eq!(heard.get(|| now + BELIEVED / 2, false, never).ok(), Some(1));
        assert_eq!(heard.get(|| now + BELIEVED, false, || Ok(2)).ok(), Some(2));
        let later = now + BELIEVED + PAUSE / 2;
        assert_eq!(heard.get(|| later, true, never).ok(), Some(2), "it was asked just now");
        assert_eq!(heard.get(|| later + PAUSE, true, || Ok(3)).ok(), Some(3));
    }

    #[test]
    fn a_service_that_fails_is_left_alone_for_a_moment() {
        let mut heard = Hearsay::default();
        let now = Instant::now();
        let gone = || Err(Fault::new(StatusCode::BAD_GATEWAY, "gone", ""));
        assert!(heard.get(|| now, false, gone).is_err());
        assert!(heard.get(|| now + PAUSE / 2, true, never).is_err());
        assert_eq!(heard.get(|| now + PAUSE, false, || Ok(4)).ok(), Some(4));
    }

    #[test]
    fn a_service_that_hangs_is_left_alone_for_a_moment_after_that() {
        let mut heard = Hearsay::default();
        let now = Cell::new(Instant::now());
        let clock = || now.get();
        let hangs = || {
            now.set(now.get() + 3 * PAUSE);
            Err(Fault::new(StatusCode::GATEWAY_TIMEOUT, "too late", ""))
        };
        assert!(heard.get(clock, false, hangs).is_err());
        assert!(heard.get(clock, false, never).is_err(), "whoever waited meanwhile asks no more");
        now.set(now.get() + PAUSE);
        assert_eq!(heard.get(clock, false, || Ok(5)).ok(), Some(5));
    }
}
