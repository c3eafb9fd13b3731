use crate::pattern::pattern;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;
use sufficit_evidence::{Bound, Period};

/// How a clause uses a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// "every three months", "once a year", "quarterly"
    Recurs,
    /// "within 72 hours", "no later than 30 days"
    Within,
    /// "for two years", and a bare "two years"
    Lasts,
    /// "after two years"
    After,
}

/// A length of time in a clause.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figure {
    pub(super) form: Form,
    pub(super) period: Period,
    /// Bytes of the clause.
    pub(super) place: Range<usize>,
}

const NUMBER: &str = r"(?:\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|eighteen|twenty[- ]four|twenty|thirty[- ]six|thirty|forty[- ]eight|forty|sixty|seventy[- ]two|ninety)(?: ?\(\d{1,4}\))?";
const UNIT: &str = r"(?:working |business |calendar |full )?(?:minute|hour|day|week|fortnight|month|quarter|year)s?\b";

static RECURS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b(?P<least>at least |no less than |not less than |a minimum of |minimum )?(?:at intervals (?:of )?(?P<most>not exceeding |not longer than |of at most |of no more than |no longer than )?(?P<n0>{NUMBER})[ -](?P<u0>{UNIT})|(?:(?:once )?(?:every|each)|once per)(?: (?P<n1>{NUMBER}|other|second|third))? (?P<u1>{UNIT})|once (?:in )?an? (?P<u2>{UNIT})|(?P<times>twice|two times|three times|four times) (?:an?|every|each|per|in every) (?P<u3>{UNIT})|(?P<adverb>hourly|daily|weekly|fortnightly|monthly|quarterly|half-yearly|semi-annual(?:ly)?|six-monthly|yearly|annual(?:ly)?|biennial(?:ly)?)\b)"
    ))
});
static LASTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b(?P<form>within(?: at most)?|no later than|not later than|in less than|in under|after(?: a period of)?|for(?: a period of)?)?(?: ?\b(?P<least>at least|no less than|not less than|a minimum of|minimum)|(?P<most>up to|at most|no longer than|not longer than|not more than|no more than|a maximum of|maximum))? ?\b(?P<n>{NUMBER})[ -](?P<u>{UNIT})"
    ))
});
/// Lengths of time that neither pattern gives a value for: ranges, ambiguous adverbs, halves.
static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:bi-?annual(?:ly)?|bi-?monthly|bi-?weekly|half an? |\d+ (?:to|-|–|or) \d+|\d+[.,]\d+|and a half|several (?:days|weeks|months|years))",
    )
});

/// Every length of time in a clause in lower case, in order; two of no use where one of them cannot be told.
pub(super) fn figures(clause: &str) -> Vec<Figure> {
    let mut found: Vec<Figure> = Vec::new();
    for captures in RECURS.captures_iter(clause) {
        let text = |name: &str| captures.name(name).map(|group| group.as_str());
        let Some(whole) = captures.get(0) else { continue };
        let length = match (text("adverb"), text("times")) {
            (Some(adverb), _) => adverb_length(adverb),
            (None, Some(times)) => text("u3").map(|unit| {
                let (minutes, working) = unit_length(unit);
                (minutes / times_number(times), working)
            }),
            (None, None) => ["0", "1", "2"].into_iter().find_map(|n| {
                let unit = text(&format!("u{n}"))?;
                length(text(&format!("n{n}")).unwrap_or("one"), unit)
            }),
        };
        let limited = text("least").is_some() || text("most").is_some();
        let bound = if limited { Bound::AtMost } else { Bound::Exact };
        if let Some((minutes, working_days)) = length {
            let period = Period { minutes, working_days, bound };
            found.push(Figure { form: Form::Recurs, period, place: whole.range() });
        }
    }
    for captures in LASTS.captures_iter(clause) {
        let text = |name: &str| captures.name(name).map(|group| group.as_str());
        let Some(whole) = captures.get(0) else { continue };
        let place =
            whole.start() + whole.as_str().len() - whole.as_str().trim_start().len()..whole.end();
        if found.iter().any(|known| known.place.start < place.end && place.start < known.place.end)
        {
            continue;
        }
        let (Some(number), Some(unit)) = (text("n"), text("u")) else { continue };
        let form = match text("form").and_then(|form| form.split(' ').next()) {
            Some("within" | "no" | "not" | "in") => Form::Within,
            Some("after") => Form::After,
            _ => Form::Lasts,
        };
        let bound = match (text("least"), text("most")) {
            (Some(_), _) => Bound::AtLeast,
            (None, Some(_)) => Bound::AtMost,
            (None, None) => Bound::Exact,
        };
        if let Some((minutes, working_days)) = length(number, unit) {
            let period = Period { minutes, working_days, bound };
            found.push(Figure { form, period, place });
        }
    }
    if VAGUE.is_match(clause)
        && let Some(first) = found.first().cloned()
    {
        found.push(first);
    }
    found.sort_by_key(|figure| figure.place.start);
    found
}

/// So many of a unit: minutes, and whether they are working days.
fn length(number: &str, unit: &str) -> Option<(u32, bool)> {
    let count = number_value(number)?;
    let (minutes, working) = unit_length(unit);
    Some((minutes.checked_mul(count).filter(|minutes| *minutes > 0)?, working))
}

fn unit_length(unit: &str) -> (u32, bool) {
    let working = unit.starts_with("working") || unit.starts_with("business");
    let name = unit.rsplit(' ').next().unwrap_or(unit);
    let minutes = match name.trim_end_matches('s') {
        "minute" => 1,
        "hour" => 60,
        "day" => 1_440,
        "week" => 10_080,
        "fortnight" => 20_160,
        "month" => 43_800,
        "quarter" => 131_400,
        _ => 525_600,
    };
    (minutes, working && name.starts_with("day"))
}

fn adverb_length(adverb: &str) -> Option<(u32, bool)> {
    let minutes = match adverb {
        "hourly" => 60,
        "daily" => 1_440,
        "weekly" => 10_080,
        "fortnightly" => 20_160,
        "monthly" => 43_800,
        "quarterly" => 131_400,
        "half-yearly" | "semi-annual" | "semi-annually" | "six-monthly" => 262_800,
        "yearly" | "annual" | "annually" => 525_600,
        "biennial" | "biennially" => 1_051_200,
        _ => return None,
    };
    Some((minutes, false))
}

fn times_number(times: &str) -> u32 {
    match times {
        "three times" => 3,
        "four times" => 4,
        _ => 2,
    }
}

fn number_value(number: &str) -> Option<u32> {
    let word = number.split('(').next().unwrap_or(number).trim().replace('-', " ");
    if let Ok(value) = word.parse() {
        return Some(value);
    }
    let value = match word.as_str() {
        "a" | "an" | "one" => 1,
        "two" | "other" | "second" => 2,
        "three" | "third" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "eighteen" => 18,
        "twenty" => 20,
        "twenty four" => 24,
        "thirty" => 30,
        "thirty six" => 36,
        "forty" => 40,
        "forty eight" => 48,
        "sixty" => 60,
        "seventy two" => 72,
        "ninety" => 90,
        _ => return None,
    };
    Some(value)
}
