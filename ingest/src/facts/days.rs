//! Days that are written without their year, `7 Aug` or `Sept 16`, in a document that says which year it is about.

use super::dates::{self, MONTH, Reading};
use crate::block::{Layout, Role};
use regex::Regex;
use std::{collections::BTreeSet, ops::Range, sync::LazyLock};
use sufficit_evidence::{Date, DateValue, Fact, Facts, Span};

static DAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?x)
        \b(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?[\x20-](?P<m1>(?i:{MONTH}))\b
        | \b(?P<m2>(?i:{MONTH}))\.?\x20(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?\b
        "
    ))
    .ok()
});

/// Words in a line whose days come round.
const RECURRING: [&str; 6] = [" every ", " each ", "annual", "yearly", " due", "deadline"];
/// Words before a day up to which something is to be done.
const UNTIL: [&str; 4] = ["by", "until", "till", "before"];

/// The year of a document's days: the one that its title and the days told in it name. Where they name none, the one of its
/// approval, issue and review, which otherwise say nothing of when things happened; nor does the day of the next review.
pub(super) fn the_year(facts: &Facts) -> Option<i16> {
    let own = [&facts.approved, &facts.issued, &facts.reviewed];
    let spans: Vec<_> =
        own.iter().chain([&&facts.next_review]).filter_map(|date| span(date.as_ref()?)).collect();
    let is_own = |fact: &Fact<DateValue>| {
        span(fact).is_some_and(|told| spans.iter().any(|own| own.overlaps(told)))
    };
    let year = |fact: &Fact<DateValue>| match fact.value {
        DateValue::Day(day) => Some(day.year()),
        _ => None,
    };
    let mut named = facts.title.as_ref().map(|title| years(&title.value)).unwrap_or_default();
    named.extend(facts.dates.iter().filter(|fact| !is_own(fact)).filter_map(year));
    if named.is_empty() {
        named.extend(own.into_iter().flatten().filter_map(year));
    }
    (named.len() == 1).then(|| named.first().copied()).flatten()
}

fn span(fact: &Fact<DateValue>) -> Option<Span> {
    fact.origin.citation().map(|citation| citation.span)
}

/// The days of a document that are written without their year: the place of each, its bytes, and the day of `year`.
/// `whole` holds the dates that are written in full, in order of the text.
pub(super) fn collect(
    layout: &Layout,
    whole: &[(usize, Range<usize>, Reading)],
    year: i16,
) -> Vec<(usize, Range<usize>, Reading)> {
    let mut collected = Vec::new();
    for (n, place) in layout.places.iter().enumerate() {
        if matches!(place.role, Role::Contents | Role::Furniture) {
            continue;
        }
        let start = place.bytes.start;
        let from = whole.partition_point(|(at, ..)| *at < n);
        let own = whole.get(from..).unwrap_or_default().iter().take_while(|(at, ..)| *at == n);
        let own = own.map(|(_, range, _)| {
            range.start.saturating_sub(start)..range.end.saturating_sub(start)
        });
        let days = find(layout.text_of(place), &own.collect::<Vec<_>>(), year);
        let placed =
            |day: dates::Found| (n, start + day.range.start..start + day.range.end, day.reading);
        collected.extend(days.into_iter().map(placed));
    }
    collected
}

/// The years that `text` names by themselves or with a month, and not in a day: a title says `Recovery dossier, 2026`.
fn years(text: &str) -> BTreeSet<i16> {
    let days = dates::find(text).into_iter();
    let days: Vec<_> = days.filter(|date| !matches!(date.reading, Reading::Month(_))).collect();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() == 4);
    let alone = words.filter(|word| {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        !days.iter().any(|day| day.range.contains(&at))
    });
    let years = alone.filter_map(|word| word.parse().ok());
    years.filter(|year| (1990..=2099).contains(year)).collect()
}

/// The days of `text` that are written without a year, as days of `year`. What lies in `taken` is a whole date already;
/// a line that speaks of what is due, or comes round, tells of no day on which something happened.
fn find(text: &str, taken: &[Range<usize>], year: i16) -> Vec<dates::Found> {
    let mut found = Vec::new();
    let Some(days) = DAYS.as_ref() else { return found };
    for captures in days.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        let range = whole.range();
        if taken.iter().any(|own| own.start < range.end && range.start < own.end)
            || is_recurring(text, &range)
        {
            continue;
        }
        let part = |one: &str, two: &str| captures.name(one).or_else(|| captures.name(two));
        let day = part("d1", "d2").and_then(|day| day.as_str().parse().ok());
        // `Clause 12 may be left out` names no day.
        let name = part("m1", "m2").filter(|name| name.as_str().starts_with(char::is_uppercase));
        let month = name.and_then(|name| dates::month_number(name.as_str()));
        let date = day.zip(month.and_then(|month| i8::try_from(month).ok()));
        if let Some(date) = date.and_then(|(day, month)| Date::new(year, month, day).ok()) {
            found.push(dates::Found { range, reading: Reading::Day(date) });
        }
    }
    found
}

fn is_recurring(text: &str, day: &Range<usize>) -> bool {
    let before = text.get(..day.start).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let after = text.get(day.end..).unwrap_or_default();
    let end = after.find('\n').map_or(text.len(), |at| day.end + at);
    let line = format!(" {} ", text.get(start..end).unwrap_or_default().to_lowercase());
    let word = before.split_whitespace().next_back().unwrap_or_default();
    RECURRING.iter().any(|word| line.contains(word))
        || UNTIL.iter().any(|until| word.eq_ignore_ascii_case(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let taken: Vec<_> = dates::find(text).into_iter().map(|date| date.range).collect();
        let value = |found: dates::Found| dates::settle(found.reading, dates::Order::Unknown);
        find(text, &taken, 2026).into_iter().filter_map(value).map(|day| day.to_string()).collect()
    }

    #[test]
    fn a_day_without_its_year_is_of_the_documents_year() {
        for (text, expected) in [
            ("Real: 7 Aug roster deleted by mistake, back in 35 min", "2026-08-07"),
            ("| 24 Jun | medical records | ok |", "2026-06-24"),
            ("Review 6 Nov: nothing open", "2026-11-06"),
            ("Complete repeat 14-16 Sept: N1 98.0", "2026-09-16"),
            ("signed by the board on March 3rd", "2026-03-03"),
            ("15. September: restored", "2026-09-15"),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_title_names_its_year_and_the_days_in_it_do_not() {
        assert_eq!(Vec::from_iter(years("Recovery dossier, 2026")), [2026]);
        assert_eq!(Vec::from_iter(years("Service pack October 2026")), [2026]);
        assert!(years("Rules (approved 26 Jan 2026, review by 25 Jan 2027)").is_empty());
    }

    #[test]
    fn whole_dates_words_and_days_that_come_round_are_none() {
        for text in [
            "Approved 26 Jan 2026",
            "Clause 12 may be left out",
            "March 2026",
            "Reports go out every 31 March",
            "Due 30 June",
            "31 Feb",
            "to be handed in until 5 May",
            "see section 4 Mark",
        ] {
            assert_eq!(read(text), [""; 0], "{text}");
        }
    }
}
