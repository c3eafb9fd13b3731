use crate::finding::{Bar, CheckReading, Met, Reader};
use crate::ground::Ground;
use crate::relevance::Pool;
use crate::top;
use std::collections::HashMap;
use sufficit_evidence::{Candidate, Requirement};

/// Holds a requirement's checks against its passages, so that no quote shows more checks than its words can carry
/// (`Thresholds::words_a_check`): a short sentence near to four checks says what one of them asks for, hardly what all do. The nearest
/// checks have it; the others are read from what else there is.
pub(crate) fn read_checks<'r>(
    reader: &Reader<'_>,
    requirement: &'r Requirement,
    pool: Pool<'_>,
    bar: Bar<'_>,
    on_field: &dyn Fn(&Candidate) -> bool,
) -> Vec<CheckReading<'r>> {
    let mut readings: Vec<CheckReading<'r>> = requirement
        .checks
        .iter()
        .enumerate()
        .map(|(position, check)| {
            let read = reader.read(check, pool.of_check(position), bar, on_field, |_| true);
            top::by_control(reader, requirement, read)
        })
        .collect();
    // By score, whether it was read or not: where that settles it nothing is read, and the curve of readings is another.
    let nearness = |reading: &CheckReading<'_>| reading.candidate.map_or(0.0, |c| c.score);
    let mut claiming: Vec<(usize, &mut CheckReading<'r>)> = readings
        .iter_mut()
        .enumerate()
        .filter(|(_, reading)| reading.ground.is_evidence())
        .collect();
    claiming.sort_by(|(_, a), (_, b)| nearness(b).total_cmp(&nearness(a)));
    let mut taken = Taken::new(reader.thresholds.words_a_check);
    for (position, reading) in claiming {
        if taken.is_full(quote(reading)) {
            let is_free =
                |candidate: &Candidate| reader.quote(candidate).is_none_or(|q| !taken.is_full(q));
            let again = reader.read(reading.check, pool.of_check(position), bar, on_field, is_free);
            if !again.ground.is_evidence() {
                reading.met = Met::Touched;
                reading.ground = Ground::QuoteTaken;
                continue;
            }
            *reading = again;
        }
        taken.add(quote(reading));
    }
    readings
}

/// How many checks each quote shows already: by its words, for what stands twice says no more than once.
struct Taken {
    words_a_check: usize,
    checks: HashMap<String, usize>,
}

impl Taken {
    fn new(words_a_check: usize) -> Self {
        Self { words_a_check: words_a_check.max(1), checks: HashMap::new() }
    }

    /// Whether the quote shows as many checks as its words can carry, one for each `words_a_check` begun.
    fn is_full(&self, quote: &str) -> bool {
        let is_word = |word: &&str| word.contains(char::is_alphabetic);
        let words = quote.split_whitespace().filter(is_word).count();
        let room = words.div_ceil(self.words_a_check).max(1);
        self.checks.get(quote).is_some_and(|checks| *checks >= room)
    }

    fn add(&mut self, quote: &str) {
        *self.checks.entry(quote.to_owned()).or_default() += 1;
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
        let mut taken = Taken::new(10);
        let long = "Visitors wear a badge, and a guard brings them in and out.";
        let row = "06:05 | Backup of 21 Aug 23:45 fetched from Harrow | ok, 412 GB";
        for (quote, room) in [("Visitors wear a badge.", 1), (long, 2), (row, 1)] {
            for _ in 0..room {
                assert!(!taken.is_full(quote));
                taken.add(quote);
            }
            assert!(taken.is_full(quote));
        }
    }
}
