use crate::finding::{CheckReading, Met, Reader};
use crate::ground::Ground;
use crate::relevance::Pool;
use std::collections::HashMap;
use sufficit_evidence::Requirement;

/// Holds a requirement's checks against its passages, so that no quote shows more checks than its words can carry
/// (`Thresholds::words_a_check`): a short sentence near to four checks says what one of them asks for, hardly what all do. Where
/// checks contend for a quote, quotes are allotted so that most checks are shown, and these by the nearest passages.
pub(crate) fn read_checks<'r>(
    reader: &Reader<'_>,
    requirement: &'r Requirement,
    pool: Pool<'_>,
    met_from: f32,
) -> Vec<CheckReading<'r>> {
    let mut readings: Vec<CheckReading<'r>> = requirement
        .checks
        .iter()
        .enumerate()
        .map(|(position, check)| reader.read(check, pool.of_check(position), met_from))
        .collect();
    let claiming: Vec<usize> = (0..readings.len())
        .filter(|position| readings.get(*position).is_some_and(|one| one.ground.is_evidence()))
        .collect();
    let mut quotes = Quotes::new(reader.thresholds.words_a_check);
    let wanted = readings.iter().filter(|one| one.ground.is_evidence());
    let mut left_of_wanted: Vec<usize> = Vec::new();
    let contend = wanted.map(quote).any(|text| {
        let id = quotes.id(text);
        left_of_wanted.resize(quotes.room.len(), usize::MAX);
        let left = left_of_wanted[id].min(quotes.room[id]);
        left_of_wanted[id] = left.saturating_sub(1);
        left == 0
    });
    if !contend {
        return readings;
    }
    let offers: Vec<Vec<CheckReading<'r>>> = claiming
        .iter()
        .filter_map(|position| Some((position, requirement.checks.get(*position)?)))
        .map(|(position, check)| reader.offers(check, pool.of_check(*position), met_from))
        .collect();
    let score = |reading: &CheckReading<'_>| reading.candidate.map_or(0.0, |found| found.score);
    let rated: Vec<Vec<Offer>> = offers
        .iter()
        .map(|of_check| {
            let rate = |one| Offer { quote: quotes.id(quote(one)), score: score(one) };
            of_check.iter().map(rate).collect()
        })
        .collect();
    let allotted = allot(&rated, &quotes.room);
    for ((position, of_check), chosen) in claiming.into_iter().zip(offers).zip(allotted) {
        let Some(reading) = readings.get_mut(position) else { continue };
        match chosen.and_then(|chosen| of_check.into_iter().nth(chosen)) {
            Some(offer) => *reading = offer,
            None => {
                reading.met = Met::Touched;
                reading.ground = Ground::QuoteTaken;
            }
        }
    }
    readings
}

/// Quotes by number, and how many checks each can show: by its words, for what stands twice says no more than once.
struct Quotes {
    words_a_check: usize,
    ids: HashMap<String, usize>,
    room: Vec<usize>,
}

impl Quotes {
    fn new(words_a_check: usize) -> Self {
        Self { words_a_check: words_a_check.max(1), ids: HashMap::new(), room: Vec::new() }
    }

    /// The quote's number. It can show one check for each `words_a_check` words begun.
    fn id(&mut self, quote: &str) -> usize {
        if let Some(id) = self.ids.get(quote) {
            return *id;
        }
        let words = quote.split_whitespace().count();
        self.room.push(words.div_ceil(self.words_a_check).max(1));
        self.ids.insert(quote.to_owned(), self.room.len() - 1);
        self.room.len() - 1
    }
}

/// A quote that would show a check, and how near its passage is.
#[derive(Clone, Copy, Debug)]
struct Offer {
    quote: usize,
    score: f32,
}

/// What one more check shown is worth beside the nearness of passages.
const A_CHECK: f32 = 100.0;

/// For each check the offer that it takes, if any: most checks shown, then the highest sum of scores; no quote shows more
/// than its room. The first of equals.
fn allot(offers: &[Vec<Offer>], room: &[usize]) -> Vec<Option<usize>> {
    let most =
        |of_check: &Vec<Offer>| of_check.iter().map(|one| A_CHECK + one.score).fold(0.0, f32::max);
    let mut hope = vec![0.0; offers.len() + 1];
    for (n, of_check) in offers.iter().enumerate().rev() {
        hope[n] = hope[n + 1] + most(of_check);
    }
    let mut search = Search {
        offers,
        hope,
        left: room.to_vec(),
        chosen: vec![None; offers.len()],
        best: vec![None; offers.len()],
        best_worth: -1.0,
    };
    search.go(0, 0.0);
    search.best
}

/// A search through all ways to allot quotes that may yet be better than the best one found.
struct Search<'o> {
    offers: &'o [Vec<Offer>],
    /// What the checks from each one on could add at most.
    hope: Vec<f32>,
    left: Vec<usize>,
    chosen: Vec<Option<usize>>,
    best: Vec<Option<usize>>,
    best_worth: f32,
}

impl Search<'_> {
    fn go(&mut self, n: usize, worth: f32) {
        if worth + self.hope[n] <= self.best_worth {
            return;
        }
        let Some(of_check) = self.offers.get(n) else {
            self.best_worth = worth;
            self.best.clone_from(&self.chosen);
            return;
        };
        for (k, offer) in of_check.iter().enumerate() {
            if self.left[offer.quote] > 0 {
                self.left[offer.quote] -= 1;
                self.chosen[n] = Some(k);
                self.go(n + 1, worth + A_CHECK + offer.score);
                self.left[offer.quote] += 1;
            }
        }
        self.chosen[n] = None;
        self.go(n + 1, worth);
    }
}

fn quote<'a>(reading: &'a CheckReading<'_>) -> &'a str {
    reading.citation.as_ref().map_or("", |citation| citation.quote.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_carries_one_check_for_so_many_words_begun() {
        let mut quotes = Quotes::new(10);
        let long = "Visitors wear a badge, and a guard brings them in and out.";
        let ids = ["Visitors wear a badge.", long, long].map(|quote| quotes.id(quote));
        assert_eq!((ids, quotes.room), ([0, 1, 1], vec![1, 2]));
    }

    #[test]
    fn quotes_are_allotted_together() {
        let offers = |of: &[&[(usize, f32)]]| -> Vec<Vec<Offer>> {
            let offer = |(quote, score): &(usize, f32)| Offer { quote: *quote, score: *score };
            of.iter().map(|of_check| of_check.iter().map(offer).collect()).collect()
        };
        let contended = offers(&[&[(0, 0.9), (1, 0.8)], &[(0, 0.7)]]);
        assert_eq!(allot(&contended, &[1, 1]), [Some(1), Some(0)], "both are shown");
        let far = offers(&[&[(0, 0.9), (1, 0.2)], &[(0, 0.7), (1, 0.6)]]);
        assert_eq!(allot(&far, &[1, 1]), [Some(0), Some(1)], "the higher sum");
        assert_eq!(allot(&offers(&[&[(0, 0.6)], &[(0, 0.7)]]), &[1]), [None, Some(0)]);
        assert_eq!(allot(&contended, &[2, 1]), [Some(0), Some(0)]);
        assert_eq!(allot(&[], &[]), [None; 0]);
    }
}
