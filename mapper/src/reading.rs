use crate::allot::{Offer, allot};
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
    let claimed = claiming.iter().filter_map(|position| readings.get(*position));
    if !quotes.contend(claimed.map(quote)) {
        return readings;
    }
    let offers: Vec<Vec<CheckReading<'r>>> = claiming
        .iter()
        .filter_map(|position| Some((position, requirement.checks.get(*position)?)))
        .map(|(position, check)| reader.offers(check, pool.of_check(*position), met_from))
        .collect();
    let rated: Vec<Vec<Offer>> = offers
        .iter()
        .map(|of_check| {
            let rate = |one| Offer { quote: quotes.id(quote(one)), worth: worth(one) };
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

    /// Whether one of the quotes that checks would have is wanted by more of them than it can show.
    fn contend<'q>(&mut self, wanted: impl Iterator<Item = &'q str>) -> bool {
        let mut claims: HashMap<usize, usize> = HashMap::new();
        wanted.into_iter().any(|quote| {
            let id = self.id(quote);
            let claims = claims.entry(id).or_default();
            *claims += 1;
            *claims > self.room[id]
        })
    }
}

/// What a reading is worth where quotes are contended for: how far it meets its check, and only then how near its passage is.
/// A record weighs more than a rule, one without a day next to nothing, and a rule where a record is asked for nothing.
fn worth(reading: &CheckReading<'_>) -> f64 {
    let level = match reading.met {
        Met::Recorded => 2e6,
        Met::Defined => 1e6,
        Met::Undated => 1e3,
        Met::Touched | Met::Intended | Met::Denied | Met::Missing => 0.0,
    };
    level + reading.candidate.map_or(0.0, |found| f64::from(found.score.max(0.0)))
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
    fn a_quote_is_contended_for_once_more_checks_want_it_than_it_shows() {
        let mut quotes = Quotes::new(10);
        assert!(!quotes.contend(["Gates are shut.", "Guards walk."].into_iter()));
        assert!(quotes.contend(["Gates are shut.", "Gates are shut."].into_iter()));
    }
}
