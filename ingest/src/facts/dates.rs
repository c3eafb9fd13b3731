//! Dates in running text.

use regex::Regex;
use std::{ops::Range, sync::LazyLock};
use sufficit_evidence::{Date, DateValue};

/// A date as it stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// In bytes of the text searched.
    pub(crate) range: Range<usize>,
    pub(crate) reading: Reading,
}

/// What a date can mean before the rest of its document is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reading {
    Day(Date),
    Month(Date),
    /// Two numbers and a year, parted by slashes or hyphens, as written.
    Numbers {
        first: i8,
        second: i8,
        year: i16,
    },
}

/// Which number comes first in the dates of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    MonthFirst,
    /// Nothing in the document says.
    #[default]
    Unknown,
}

/// Months in English, German, French and Spanish, with their short forms.
const MONTH: &str = "jan(?:uary|uar|vier|v)?|jänner|enero|ene|feb(?:ruary|ruar|rero)?|f[ée]vrier|f[ée]vr?|mar(?:ch|s|zo)?|märz|mrz|apr(?:il)?|avril|avr|abril|abr|may|mai|mayo|june?|juni|juin|junio|july?|juli|juillet|juil|julio|aug(?:ust)?|août|aout|agosto|ago|sept?(?:ember|embre)?|septiembre|oct(?:ober|obre|ubre)?|okt(?:ober)?|nov(?:ember|embre|iembre)?|dec(?:ember)?|dez(?:ember)?|d[ée]c(?:embre)?|dic(?:iembre)?";

static DATES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?xi)
        (?P<iy>[0-9]{{4}})[-/.](?P<im>[0-9]{{1,2}})[-/.](?P<id>[0-9]{{1,2}})
        | (?P<dd>[0-9]{{1,2}})(?:st|nd|rd|th|er|º)?(?:\x20(?:of|de))?[\x20\n./-]{{1,2}}(?P<dm>{MONTH})\.?,?(?:\x20de)?[\x20\n/-](?P<dy>[0-9]{{4}}|['’]?[0-9]{{2}})
        | (?P<mm>{MONTH})\.?[\x20\n](?P<md>[0-9]{{1,2}})(?:st|nd|rd|th)?,?[\x20\n](?P<my>[0-9]{{4}})
        | (?P<om>{MONTH})\.?,?[\x20\n-](?P<oy>[0-9]{{4}})
        | (?P<pd>[0-9]{{1,2}})\.\x20?(?P<pm>[0-9]{{1,2}})\.\x20?(?P<py>[0-9]{{4}})
        | (?P<sa>[0-9]{{1,2}})(?P<s1>[/-])(?P<sb>[0-9]{{1,2}})(?P<s2>[/-])(?P<sy>[0-9]{{4}})
        | [0-9]{{1,2}}(?:\.[0-9]{{1,2}}\.|/[0-9]{{1,2}}/)(?P<ty>[0-9]{{2}})
        | (?P<ny>[0-9]{{4}})-(?P<nm>[0-9]{{2}})
        | (?P<xm>0[1-9]|1[0-2])/(?P<xy>20[0-9]{{2}})
        "
    ))
    .ok()
});

/// Whether a text holds what every form needs: a year in four digits, or one in two behind a hyphen, an apostrophe or a space that no digit
/// precedes, or behind a dot or slash that one does. Most lines hold none of it, and are not looked at further.
fn may_hold(text: &str) -> bool {
    text.as_bytes().windows(4).any(|four| match four {
        [b'1', b'9', rest @ ..] | [b'2', b'0', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        [before, b'-' | b' ' | b'\'' | 0x99, year @ ..] => {
            !before.is_ascii_digit() && year.iter().all(u8::is_ascii_digit)
        }
        [before, b'.' | b'/', year @ ..] => {
            before.is_ascii_digit() && year.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    })
}

/// The dates of a text, in order. Version numbers, addresses, clause numbers and ids give none: a date must stand
/// by itself and lie between 1990 and 2099.
pub(crate) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    if !may_hold(text) {
        return found;
    }
    let Some(dates) = DATES.as_ref() else { return found };
    let mut from = 0;
    while let Some(captures) = dates.captures_at(text, from) {
        let Some(whole) = captures.get(0) else { break };
        let number =
            |name: &str| captures.name(name).and_then(|part| part.as_str().parse::<i16>().ok());
        let month = |name: &str| captures.name(name).and_then(|part| month_number(part.as_str()));
        let reading = if stands_alone(text, whole.range()) {
            if captures.name("iy").is_some() {
                day(number("iy"), number("im"), number("id"))
            } else if captures.name("dm").is_some() {
                let year = captures.name("dy").map_or("", |year| year.as_str());
                let told = year.len() != 2
                    || whole.as_str().matches('-').count() == 2
                    || short(year).is_some() && ends_there(text, whole.end());
                let year = full(year.trim_start_matches(['\'', '’']));
                if told { day(year, month("dm"), number("dd")) } else { None }
            } else if captures.name("mm").is_some() {
                day(number("my"), month("mm"), number("md"))
            } else if captures.name("om").is_some() {
                first_of(number("oy"), month("om"))
            } else if captures.name("pd").is_some() {
                day(number("py"), number("pm"), number("pd"))
            } else if let Some(year) = captures.name("ty") {
                short_year(text, &whole.range(), year.as_str())
            } else if captures.name("ny").is_some() {
                first_of(number("ny"), number("nm"))
            } else if captures.name("xm").is_some() {
                let numbered = text.get(..whole.start()).is_some_and(is_numbered);
                if numbered { None } else { first_of(number("xy"), number("xm")) }
            } else if captures.name("s1").map(|mark| mark.as_str())
                == captures.name("s2").map(|mark| mark.as_str())
            {
                numbers(number("sa"), number("sb"), number("sy"))
            } else {
                None
            }
        } else {
            None
        };
        match reading {
            Some(reading) => {
                found.push(Found { range: whole.range(), reading });
                from = whole.end();
            }
            // Look again from within: the year of a false month may begin a true date.
            None => {
                from = whole.start()
                    + text
                        .get(whole.start()..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(1, char::len_utf8);
                while from < whole.end()
                    && text.as_bytes().get(from - 1).is_some_and(u8::is_ascii_digit)
                    && text.as_bytes().get(from).is_some_and(u8::is_ascii_digit)
                {
                    from += 1;
                }
            }
        }
    }
    found
}

/// The year that two or four digits name.
fn full(year: &str) -> Option<i16> {
    let number = year.parse::<i16>().ok()?;
    Some(if year.len() == 2 { number + 2000 } else { number })
}

/// The year that two digits name where nothing marks them as one: none that a day or a section is as likely to be.
fn short(year: &str) -> Option<i16> {
    full(year).filter(|year| (2015..2040).contains(year))
}

/// Words right before `20.10.26` that make it a day.
const DAYS: [&str; 16] = [
    "on",
    "dated",
    "date",
    "from",
    "since",
    "until",
    "due",
    "approved",
    "signed",
    "issued",
    "reviewed",
    "updated",
    "effective",
    "adopted",
    "released",
    "published",
];

/// `20.10.26` and `03/04/26` where they can be nothing else: all that a value holds; or, in two digits each, all that a cell holds, the
/// beginning of a line or what a word of [`DAYS`] leads in.
fn short_year(text: &str, range: &Range<usize>, year: &str) -> Option<Reading> {
    let year = short(year);
    let written = text.get(range.clone())?;
    let mark = written.chars().find(|c| !c.is_ascii_digit())?;
    let mut parts = written.split(mark);
    let (first, second) = (parts.next()?, parts.next()?);
    let stands_there = || {
        let before = text.get(..range.start)?.trim_end_matches([' ', '\t']);
        let begins = before.is_empty() || before.ends_with(['|', '\n']);
        Some(begins || DAYS.contains(&last_word(before).as_str()))
    };
    let padded = first.len() == 2 && second.len() == 2;
    // `on 5.1.26`, `A. Bell, 15.4.26`.
    let is_led = || {
        let before = text.get(..range.start)?.trim_end_matches([' ', '\t']);
        let name = before.strip_suffix(',').unwrap_or_default();
        let is_word = |word: &str| word.starts_with(char::is_uppercase) && word.chars().count() > 2;
        let named = name.ends_with(')')
            || name.contains(' ') && name.split([' ', '\n']).rev().take(2).all(is_word);
        Some(
            mark == '.'
                && ends_there(text, range.end)
                && (named
                    || ["on", "dated", "approved", "signed"].contains(&last_word(before).as_str())),
        )
    };
    if !(text.trim() == written || padded && stands_there()? || is_led()?) {
        return None;
    }
    let (first, second) = (first.parse().ok(), second.parse().ok());
    if mark == '.' { day(year, second, first) } else { numbers(first, second, year) }
}

/// Whether a date as written has its year in four digits: no version looks like it.
pub(super) fn has_full_year(written: &str) -> bool {
    written.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit))
}

/// Whether a date's last two digits end what they stand in, so that they are its year and no count or day: `14 Mar 26`, but not
/// `by 14 Mar 26 people` or `edition 3 March 12, 2026`.
fn ends_there(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default().trim_start_matches(' ');
    let ends =
        rest.is_empty() || rest.starts_with(['\n', '|', ',', ';', '.', ')', '(', '\t', '–', '—']);
    let next = rest.trim_start_matches([',', '.', ' ', '–', '—']);
    ends && !next.starts_with(|c: char| c.is_ascii_digit())
}

/// What settles the order in a document: one date that can be read only one way. Where dates contradict each other nothing is settled.
pub(crate) fn order<'a>(readings: impl Iterator<Item = &'a Reading>) -> Order {
    let (mut day, mut month) = (false, false);
    for reading in readings {
        if let Reading::Numbers { first, second, .. } = reading {
            day |= *first > 12;
            month |= *second > 12;
        }
    }
    match (day, month) {
        (true, false) => Order::DayFirst,
        (false, true) => Order::MonthFirst,
        _ => Order::Unknown,
    }
}

/// The date that a reading means in a document of this order.
pub(crate) fn settle(reading: Reading, order: Order) -> Option<DateValue> {
    match reading {
        Reading::Day(date) => Some(DateValue::Day(date)),
        Reading::Month(date) => Some(DateValue::Month(date)),
        Reading::Numbers { first, second, year } => {
            let day_first = Date::new(year, second, first).ok();
            let month_first = Date::new(year, first, second).ok();
            match (day_first, month_first, order) {
                (Some(day_first), Some(month_first), _) if day_first == month_first => {
                    Some(DateValue::Day(day_first))
                }
                (Some(date), _, Order::DayFirst) | (_, Some(date), Order::MonthFirst) => {
                    Some(DateValue::Day(date))
                }
                (Some(day_first), Some(month_first), Order::Unknown) => {
                    Some(DateValue::Ambiguous { day_first, month_first })
                }
                (Some(date), None, _) | (None, Some(date), _) => Some(DateValue::Day(date)),
                _ => None,
            }
        }
    }
}

fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|before| before.chars().next_back());
    let mut after = text.get(range.end..).unwrap_or_default().chars();
    let (next, then) = (after.next(), after.next());
    let starts_with_digit = text.as_bytes().get(range.start).is_some_and(u8::is_ascii_digit);
    let clear_before = match before {
        None => true,
        Some(c) if c.is_alphanumeric() => false,
        Some('.' | '/' | '-' | ':' | '_' | '#' | '§' | '$' | '€' | '£') => !starts_with_digit,
        Some(_) => true,
    };
    let clear_after = match next {
        None => true,
        // 2026-03-12T08:00, but not 2026-03-12A.
        Some('T') => then.is_some_and(|c| c.is_ascii_digit()),
        Some(c) if c.is_alphanumeric() || c == '_' || c == '%' => false,
        // 12/Mar/2026:08:00, as web servers write it.
        Some(':') if text.get(range).is_some_and(is_of_server) => {
            then.is_some_and(|c| c.is_ascii_digit())
        }
        Some('.' | '/' | '-' | ':') => !then.is_some_and(char::is_alphanumeric),
        Some(_) => true,
    };
    clear_before && clear_after
}

fn is_of_server(date: &str) -> bool {
    date.matches('/').count() == 2 && date.contains(|c: char| c.is_ascii_alphabetic())
}

fn day(year: Option<i16>, month: Option<i16>, day: Option<i16>) -> Option<Reading> {
    let (year, month, day) = (sound(year?)?, i8::try_from(month?).ok()?, i8::try_from(day?).ok()?);
    Date::new(year, month, day).ok().map(Reading::Day)
}

fn first_of(year: Option<i16>, month: Option<i16>) -> Option<Reading> {
    Date::new(sound(year?)?, i8::try_from(month?).ok()?, 1).ok().map(Reading::Month)
}

fn numbers(first: Option<i16>, second: Option<i16>, year: Option<i16>) -> Option<Reading> {
    let (first, second, year) =
        (i8::try_from(first?).ok()?, i8::try_from(second?).ok()?, sound(year?)?);
    let real = Date::new(year, first, second).is_ok() || Date::new(year, second, first).is_ok();
    real.then_some(Reading::Numbers { first, second, year })
}

fn sound(year: i16) -> Option<i16> {
    (1990..=2099).contains(&year).then_some(year)
}

/// Whether words before `07/2026` make it the number of something: `Decision 07/2026`.
fn is_numbered(before: &str) -> bool {
    [
        "no",
        "nr",
        "number",
        "decision",
        "resolution",
        "directive",
        "circular",
        "order",
        "minute",
        "minutes",
        "item",
        "instruction",
        "case",
        "ref",
        "notice",
        "regulation",
        "law",
        "act",
        "contract",
        "licence",
        "license",
        "invoice",
        "ticket",
        "report",
        "file",
    ]
    .contains(&last_word(before).as_str())
}

/// The last word of a text, in small letters; of a longer one its end.
fn last_word(text: &str) -> String {
    let text = text.trim_end();
    let from = text.floor_char_boundary(text.len().saturating_sub(LONGEST_WORD));
    let tail = text.get(from..).unwrap_or_default();
    let word = tail.rsplit([' ', '(', '\n']).next().unwrap_or_default();
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// Bytes of the longest word that is looked at before a date.
const LONGEST_WORD: usize = 24;

fn month_number(name: &str) -> Option<i16> {
    const MONTHS: [&[&str]; 12] = [
        &["jan", "jän", "ene"],
        &["feb", "fév", "fev"],
        &["mar", "mär", "mrz"],
        &["apr", "avr", "abr"],
        &["may", "mai"],
        &["jun", "juin"],
        &["jul", "juil"],
        &["aug", "aoû", "aou", "ago"],
        &["sep"],
        &["oct", "okt"],
        &["nov"],
        &["dec", "déc", "dez", "dic"],
    ];
    let small = name.to_lowercase();
    MONTHS
        .iter()
        .position(|month| month.iter().any(|start| small.starts_with(start)))
        .map(|n| n as i16 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let found = find(text);
        let order = order(found.iter().map(|date| &date.reading));
        found
            .iter()
            .filter_map(|date| settle(date.reading, order))
            .map(|date| date.to_string())
            .collect()
    }

    #[test]
    fn dates_are_read_in_the_forms_that_people_write() {
        for (text, expected) in [
            ("2026-03-12", "2026-03-12"),
            ("2026-03-12T08:15:00Z", "2026-03-12"),
            ("on 12 March 2026.", "2026-03-12"),
            ("12th of Mar. 2026", "2026-03-12"),
            ("March 12, 2026", "2026-03-12"),
            ("12-Mar-26", "2026-03-12"),
            ("12.03.2026", "2026-03-12"),
            ("26/03/2026", "2026-03-26"),
            ("03/26/2026", "2026-03-26"),
            ("03/03/2026", "2026-03-03"),
            ("Mar 2026", "2026-03"),
            ("2026-03", "2026-03"),
            ("03/2026", "2026-03"),
            ("12. März 2026", "2026-03-12"),
            ("le 1er août 2026", "2026-08-01"),
            ("12 de mayo de 2026", "2026-05-12"),
            ("22-ene-2026", "2026-01-22"),
            ("Okt. 2026", "2026-10"),
            ("30 juin 2026", "2026-06-30"),
            ("14 Mar '26", "2026-03-14"),
            ("14 Mar ’26 by phone", "2026-03-14"),
            ("14 Mar 26", "2026-03-14"),
            ("20.10.26", "2026-10-20"),
            ("3.4.26", "2026-04-03"),
            ("04.10.26 22:15 door open", "2026-10-04"),
            ("lock changed | 20.10.26 | Ro", "2026-10-20"),
            ("Approved 20.10.26, M. Ro", "2026-10-20"),
            ("Revision 3 March 12, 2026", "2026-03-12"),
            ("Version 4\nMay 20, 2026", "2026-05-20"),
            ("26/03/26", "2026-03-26"),
            ("3/3/26", "2026-03-03"),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_slash_date_is_ambiguous_until_another_settles_it() {
        assert_eq!(read("03/04/2026"), ["2026-04-03 or 2026-03-04 (ambiguous)"]);
        assert_eq!(read("03/04/2026 and 26/03/2026"), ["2026-04-03", "2026-03-26"]);
        assert_eq!(read("03/04/2026 and 03/26/2026"), ["2026-03-04", "2026-03-26"]);
        assert_eq!(
            read("03/04/2026, 03/26/2026, 26/03/2026").first().map(String::as_str),
            Some("2026-04-03 or 2026-03-04 (ambiguous)")
        );
    }

    #[test]
    fn numbers_that_are_no_dates_give_none() {
        for text in [
            "v2.10.2024",
            "10.0.12.2024",
            "ISO/IEC 42001:2023",
            "INC-2026-03",
            "RISK-2024-01-02-7",
            "clause 6.1.2",
            "2023-24",
            "1234-05-06",
            "31/31/2026",
            "May the best 2026",
            "call 555-2026",
            "12/2026/99",
            "Decision 07/2026",
            "PU/09/2026",
            "14/2026",
            "1.2.3",
            "version 20.10.26",
            "grades of 3/4/26",
            "20-10-26",
            "10.10.10.26",
            "40.10.26",
            "12 May 26 people came",
            "see 12 Mar 14.5",
            "open 14 Mar 19 – 21 h",
            "14 Mar 09",
            "Requirement 12.10.26",
            "Article 10.10.26",
            "Page 03/12/26",
            "Tel. 05.06.26",
            "10.11.12 Backups",
            "host 10.10.26",
            "The scores were 12/24/26",
        ] {
            assert_eq!(read(text), [""; 0], "{text}");
        }
    }
}
