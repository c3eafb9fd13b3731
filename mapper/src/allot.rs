//! Which check has which quote, where several want the same one.

/// A quote that would show a check, and what showing it that way is worth: 0 or more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    /// The quote's number.
    pub(crate) quote: usize,
    pub(crate) worth: f64,
}

/// For each check the offer that it takes, if any, so that no quote shows more checks than its room and all that is shown
/// is worth most; of equals the first. The work grows with the number of offers times that of checks, not beyond.
pub(crate) fn allot(offers: &[Vec<Offer>], room: &[usize]) -> Vec<Option<usize>> {
    let mut plan = Plan { offers, room, chosen: vec![None; offers.len()] };
    for check in 0..offers.len() {
        plan.add(check);
    }
    plan.chosen
}

/// The best way to allot quotes to the checks added so far.
struct Plan<'o> {
    offers: &'o [Vec<Offer>],
    room: &'o [usize],
    chosen: Vec<Option<usize>>,
}

/// How a check comes by an offer: what is gained in all, and whose offer it takes over.
#[derive(Clone, Copy)]
struct Step {
    gain: f64,
    check: usize,
    offer: usize,
}

/// Less than this is no gain: it comes of adding up.
const NOTHING: f64 = 1e-7;

impl Plan<'_> {
    /// Adds a check: it takes a quote, whose holder takes another, and so on, up to a quote with room or a holder that is
    /// left without, whichever chain gains most.
    fn add(&mut self, check: usize) {
        // The best chain that leads to each quote.
        let mut to: Vec<Option<Step>> = vec![None; self.room.len()];
        self.reach(check, 0.0, &mut to);
        for _ in 0..self.room.len() {
            let before: Vec<Option<Step>> = to.clone();
            for holder in 0..check {
                let Some(held) = self.held(holder) else { continue };
                if let Some(step) = before.get(held.quote).copied().flatten() {
                    self.reach(holder, step.gain - held.worth, &mut to);
                }
            }
            let settled = to.iter().zip(&before).all(|(now, then)| gain(*now) <= gain(*then));
            if settled {
                break;
            }
        }
        let free = (0..self.room.len())
            .filter(|quote| self.holders(*quote).count() < self.room[*quote])
            .filter_map(|quote| Some((to[quote]?.gain, quote, None)));
        let given_up = (0..check).filter_map(|holder| {
            let held = self.held(holder)?;
            Some((to[held.quote]?.gain - held.worth, held.quote, Some(holder)))
        });
        let best = free.chain(given_up).fold(None, |best: Option<(f64, usize, _)>, one| {
            if one.0 > best.map_or(NOTHING, |best| best.0 + NOTHING) { Some(one) } else { best }
        });
        let Some((_, mut quote, loser)) = best else { return };
        if let Some(loser) = loser {
            self.chosen[loser] = None;
        }
        // Back along the chain, each gives up its quote for the next one.
        while let Some(step) = to[quote] {
            let gives_up = self.held(step.check).map(|held| held.quote);
            self.chosen[step.check] = Some(step.offer);
            match gives_up {
                Some(given) if step.check != check => quote = given,
                _ => break,
            }
        }
    }

    /// Notes each quote that a check offers where the chain that comes to it over this check gains more.
    fn reach(&self, check: usize, so_far: f64, to: &mut [Option<Step>]) {
        for (n, offer) in self.offers[check].iter().enumerate() {
            let step = Step { gain: so_far + offer.worth, check, offer: n };
            if self.chosen[check] != Some(n) && step.gain > gain(to[offer.quote]) + NOTHING {
                to[offer.quote] = Some(step);
            }
        }
    }

    fn held(&self, check: usize) -> Option<Offer> {
        self.offers[check].get(self.chosen[check]?).copied()
    }

    fn holders(&self, quote: usize) -> impl Iterator<Item = usize> {
        let holds = move |check: &usize| self.held(*check).is_some_and(|held| held.quote == quote);
        (0..self.offers.len()).filter(holds)
    }
}

fn gain(step: Option<Step>) -> f64 {
    step.map_or(f64::NEG_INFINITY, |step| step.gain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn offers(of: &[&[(usize, f64)]]) -> Vec<Vec<Offer>> {
        let offer = |(quote, worth): &(usize, f64)| Offer { quote: *quote, worth: *worth };
        of.iter().map(|of_check| of_check.iter().map(offer).collect()).collect()
    }

    #[test]
    fn quotes_are_allotted_together() {
        let contended = offers(&[&[(0, 100.9), (1, 100.8)], &[(0, 100.7)]]);
        assert_eq!(allot(&contended, &[1, 1]), [Some(1), Some(0)], "both are shown");
        let far = offers(&[&[(0, 0.9), (1, 0.2)], &[(0, 0.7), (1, 0.6)]]);
        assert_eq!(allot(&far, &[1, 1]), [Some(0), Some(1)], "the higher sum");
        assert_eq!(allot(&offers(&[&[(0, 0.6)], &[(0, 0.7)]]), &[1]), [None, Some(0)]);
        assert_eq!(allot(&contended, &[2, 1]), [Some(0), Some(0)]);
        assert_eq!(allot(&[], &[]), [None; 0]);
    }

    #[test]
    fn a_record_is_not_given_up_for_nearness_or_for_what_shows_nothing() {
        let far_record = offers(&[&[(0, 2e6 + 0.6), (1, 1e6 + 0.9)], &[(2, 1e6)]]);
        assert_eq!(allot(&far_record, &[1, 1, 1]), [Some(0), Some(0)]);
        let nothing = offers(&[&[(0, 2e6 + 0.1)], &[(0, 0.9)], &[(0, 0.9)]]);
        assert_eq!(allot(&nothing, &[1]), [Some(0), None, None]);
    }

    #[test]
    fn many_checks_that_want_the_same_quotes_take_no_time() {
        let every = vec![(0..8).map(|quote| Offer { quote, worth: 1e6 }).collect(); 60];
        let shown = allot(&every, &[3; 8]).into_iter().flatten().count();
        assert_eq!(shown, 24);
    }

    /// The worth of the best way, by trying all.
    fn most(offers: &[Vec<Offer>], room: &mut [usize]) -> f64 {
        let Some((of_check, rest)) = offers.split_first() else { return 0.0 };
        let mut best = most(rest, room);
        for offer in of_check {
            if room[offer.quote] > 0 {
                room[offer.quote] -= 1;
                best = best.max(offer.worth + most(rest, room));
                room[offer.quote] += 1;
            }
        }
        best
    }

    proptest! {
        #[test]
        fn no_other_way_is_worth_more(
            pairs in prop::collection::vec(prop::collection::vec((0..4_usize, 0..40_u32), 0..4), 0..6),
            room in prop::collection::vec(1..3_usize, 4),
        ) {
            let worth = |worth: u32| f64::from(worth % 4) * 1e6 + f64::from(worth) / 40.0;
            let offers: Vec<Vec<Offer>> = pairs
                .iter()
                .map(|of| of.iter().map(|(quote, w)| Offer { quote: *quote, worth: worth(*w) }).collect())
                .collect();
            let chosen = allot(&offers, &room);
            let taken = |(of, n): (&Vec<Offer>, &Option<usize>)| n.and_then(|n| of.get(n).copied());
            let taken: Vec<Offer> = offers.iter().zip(&chosen).filter_map(taken).collect();
            for (quote, room) in room.iter().enumerate() {
                prop_assert!(taken.iter().filter(|one| one.quote == quote).count() <= *room);
            }
            let sum: f64 = taken.iter().map(|one| one.worth).sum();
            prop_assert!((sum - most(&offers, &mut room.clone())).abs() < 1e-3);
        }
    }
}
