use crate::finding::{CheckReading, Met, Reader};
use crate::ground::Ground;
use crate::relevance::Pool;
use std::cmp::Reverse;
use std::collections::HashMap;
use sufficit_evidence::{Candidate, Requirement};

/// Holds a requirement's checks against its passages, so that no quote shows more checks than its words can carry
/// (`Thresholds::words_a_check`): a short sentence near to four checks says what one of them asks for, hardly what all do. The nearest
/// checks have it; the others are read from what else there is.
pub(crate) fn read_checks<'r>(
    reader: &Reader<'_>,
    requirement: &'r Requirement,
    pool: Pool<'_>,
    met_from: f32,
) -> Vec<CheckReading<'r>> {
    let checks = requirement.checks.iter().enumerate();
    let mut readings: Vec<CheckReading<'r>> = checks
        .map(|(position, check)| reader.read(check, pool.of_check(position), met_from))
        .collect();
    let mut nearest: Vec<usize> = (0..readings.len()).collect();
    let score = |reading: &CheckReading<'_>| reading.candidate.map_or(0, |c| c.score.to_bits());
    nearest.sort_by_key(|position| readings.get(*position).map(score).map(Reverse));
    let mut taken = Taken::default();
    let words_a_check = reader.thresholds.words_a_check;
    for position in nearest {
        let Some(reading) = readings.get_mut(position).filter(|reading| claims(reading)) else {
            continue;
        };
        if taken.is_full(reading, words_a_check) {
            let free: Vec<Candidate> = pool
                .of_check(position)
                .iter()
                .filter(|candidate| !taken.holds(reader.quote(candidate)))
                .copied()
                .collect();
            let again = reader.read(reading.check, &free, met_from);
            if claims(&again) {
                *reading = again;
            } else {
                reading.met = Met::Touched;
                reading.ground = Ground::QuoteTaken;
                continue;
            }
        }
        taken.add(reading);
    }
    readings
}

/// Quotes that show checks already: by their words, for what stands twice says no more than once.
#[derive(Default)]
struct Taken(HashMap<String, Claims>);

#[derive(Default)]
struct Claims {
    checks: usize,
    full: bool,
}

impl Taken {
    /// Whether the reading's quote shows as many checks as its words can carry, one for each `words_a_check` begun.
    fn is_full(&mut self, reading: &CheckReading<'_>, words_a_check: usize) -> bool {
        let quote = quote(reading);
        let room = quote.split_whitespace().count().div_ceil(words_a_check.max(1)).max(1);
        let Some(claims) = self.0.get_mut(quote) else { return false };
        claims.full = claims.checks >= room;
        claims.full
    }

    fn holds(&self, quote: Option<&str>) -> bool {
        quote.and_then(|quote| self.0.get(quote)).is_some_and(|claims| claims.full)
    }

    fn add(&mut self, reading: &CheckReading<'_>) {
        self.0.entry(quote(reading).to_owned()).or_default().checks += 1;
    }
}

fn quote<'a>(reading: &'a CheckReading<'_>) -> &'a str {
    reading.citation.as_ref().map_or("", |citation| citation.quote.as_str())
}

/// Whether the reading's quote is evidence for its check, whatever its day: else an old record would leave its quote to another check.
fn claims(reading: &CheckReading<'_>) -> bool {
    matches!(
        reading.ground,
        Ground::LaidDown
            | Ground::DatedRecord
            | Ground::DayInPassage
            | Ground::UndatedRecord
            | Ground::NoRecord
    )
}
