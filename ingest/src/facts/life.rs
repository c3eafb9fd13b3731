//! What a document says of its own life without a day for it: how often it is reviewed, in which quarter or year, and that it has been
//! withdrawn or replaced.

use super::{
    fields::{Field, logical_lines},
    labels::Key,
};
use crate::block::{Layout, Role};
use regex::{Captures, Regex};
use std::{ops::Range, sync::LazyLock};
use sufficit_evidence::{Date, DateValue};

/// Words for documents, after which a statement with `this` speaks of the one that it stands in.
const DOCUMENT: &str = "(?:document|policy|procedure|standard|plan|guideline|guidance|process|programme|program|charter|register|instruction|manual|handbook|statement|page|rule|rules|method|methodology|framework)";

/// `This procedure is reviewed by its owner at least once a year`, `To be reviewed annually`, `Reviewed every two years`, `Valid for
/// two years`.
static REVIEWED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:\b[Tt]his\s(?:[A-Za-z-]+\s){{0,3}}{DOCUMENT}\s(?:is|are|will\sbe|shall\sbe|must\sbe|has\sto\sbe)|(?P<short>^|[.;]\s)(?:To\sbe|Must\sbe|Is|Will\sbe|Shall\sbe))\s(?:formally\s|fully\s)?[Rr]eviewed(?P<often>\s[^.;\n]{{3,100}})|(?P<lone>^|[.;|/]\s)[Rr]eview(?:ed)?(?P<each>\s(?:at\sleast\s)?(?:once\s(?:a|every|per)\syear|annually|yearly|each\syear|every\s(?:[a-z0-9-]+\s)?(?:years?|months?)))(?:\s(?:by|or|and|at|in)\b|\s*[.;,|/]|\s*$)|(?P<valid>^|[.;|/]\s)[Vv]alid\sfor(?P<term>\s[^.;|/\n]{{3,40}})"
    ))
    .ok()
});

/// `Due for review by the end of 2027`, `Next review in the second quarter of 2027`.
static DUE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?P<cue>due\sfor\s(?:its\s)?(?:next\s)?review|next\s(?:be\s)?review(?:ed)?(?:\sis)?(?:\sdue)?|review(?:\sis)?\sdue)\s(?:in|by|before|at|during)\s(?P<when>(?:the\s)?[^.;,:\n]{0,25}\b20[0-9]{2})\b",
    )
    .ok()
});

/// `Q2 2027`, `second quarter of 2027`, `end of 2027`, `2027`: nothing else may stand there.
static PERIOD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:(?:in|by|before|at|during)\s)?(?:the\s)?(?:(?P<quarter>Q[1-4]|(?:first|second|third|fourth|last|1st|2nd|3rd|4th)\squarter)[\s/]+(?:of\s)?|end\s(?:of\s)?)?(?P<year>20[0-9]{2})$",
    )
    .ok()
});

/// The last month of a quarter or a year by which something is due.
pub(super) fn period_end(value: &str) -> Option<DateValue> {
    let found = PERIOD.as_ref()?.captures(value.trim().trim_end_matches('.'))?;
    let quarter = found.name("quarter").map(|quarter| quarter.as_str().to_lowercase());
    let starts = |names: &[&str]| {
        quarter.as_ref().is_some_and(|quarter| names.iter().any(|name| quarter.starts_with(name)))
    };
    let month = if starts(&["q1", "first", "1st"]) {
        3
    } else if starts(&["q2", "second", "2nd"]) {
        6
    } else if starts(&["q3", "third", "3rd"]) {
        9
    } else {
        12
    };
    let year = found.name("year")?.as_str().parse().ok()?;
    Date::new(year, month, 1).ok().map(DateValue::Month)
}

/// `Withdrawn on 1 September 2026`, `This policy has been replaced by PRC-19`.
static ENDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:(?P<short>^|[.;]\s)(?P<bare>(?:Withdrawn|Superseded|Replaced|Retired|Revoked)\s(?:on|by|since|from|as\sof|with\seffect)\s[^.;\n]{{2,80}})|\b[Tt]his\s(?:[A-Za-z-]+\s){{0,3}}{DOCUMENT}\s(?:was|is|has\sbeen)\s(?P<told>(?:withdrawn|superseded|replaced|retired|revoked)(?:\s(?:and|on|by|since|from|as\sof|with\seffect)\s[^.;\n]{{2,80}}|[.;]|$)))"
    ))
    .ok()
});

/// `every 18 months`, `12 months`, `one year after approval`.
static EVERY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?P<count>[0-9]{1,2}|one|two|three|four|five|six|nine|twelve|eighteen|twenty-four)[\s-]+(?P<of>month|year)s?\b").ok()
});

/// Months between two reviews from which `Reviewed every year` says it of the document, and not of what stands in it.
const YEARLY: i32 = 12;

/// Bytes of the longest line that is read.
const LONGEST: usize = 1200;

/// Fields that tell of the document's life; what has no `this` in it counts only where the document speaks of itself.
pub(super) fn collect(layout: &Layout, zones: &[bool]) -> Vec<Field> {
    let mut fields = Vec::new();
    for (n, place) in layout.places.iter().enumerate() {
        let wordless = matches!(place.role, Role::Contents | Role::Heading(_) | Role::Row { .. });
        if wordless {
            continue;
        }
        for line in logical_lines(layout, place).into_iter().filter(|line| line.len() <= LONGEST) {
            let body = layout.text.get(line.clone()).unwrap_or_default();
            let own = zones.get(n) == Some(&true);
            let field = |key, value: Range<usize>, quote: Range<usize>| {
                let shift = |range: Range<usize>| line.start + range.start..line.start + range.end;
                Field { key, rank: 1, value: shift(value), quote: shift(quote), place: n }
            };
            let says_which = |found: &Captures<'_>| {
                ["short", "lone", "valid"].iter().all(|part| found.name(part).is_none())
            };
            let speaks = |found: &Captures<'_>| own || says_which(found);
            for found in REVIEWED.iter().flat_map(|reviewed| reviewed.captures_iter(body)) {
                let parts = ["often", "each", "term"];
                let Some(often) = parts.iter().find_map(|part| found.name(part)) else { continue };
                let told = months(often.as_str());
                let enough = |months| months >= YEARLY || found.name("lone").is_none();
                if speaks(&found) && told.is_some_and(enough) {
                    fields.push(field(Key::Cycle, often.range(), sentence(body, often.range())));
                }
            }
            if let Some(found) = DUE.as_ref().and_then(|due| due.captures(body))
                && let Some(when) = found.name("when")
                && own
                && is_of_itself(body, found.name("cue").map_or(0, |cue| cue.start()))
            {
                fields.push(field(Key::NextReview, when.range(), sentence(body, when.range())));
            }
            if let Some(found) = ENDED.as_ref().and_then(|ended| ended.captures(body))
                && let Some(told) = found.name("bare").or_else(|| found.name("told"))
                && speaks(&found)
            {
                fields.push(field(Key::Ended, told.range(), sentence(body, told.range())));
            }
        }
    }
    fields
}

/// Whether what a sentence says from `at` on is said of the document: nothing stands before, or `This` or `It` does.
fn is_of_itself(body: &str, at: usize) -> bool {
    let ahead = body.get(sentence(body, at..at)).unwrap_or_default().trim_start();
    ahead.is_empty() || ahead.starts_with("It ") || ahead.to_lowercase().starts_with("this ")
}

/// The sentence of a line in which a part of it stands.
fn sentence(body: &str, part: Range<usize>) -> Range<usize> {
    let ahead = body.get(..part.start).unwrap_or_default();
    let start =
        [". ", "; "].iter().filter_map(|stop| ahead.rfind(stop)).max().map_or(0, |at| at + 2);
    start..part.end
}

/// How many months lie between two reviews, as a value or a sentence has it: `annually`, `every two years`, `12 months`.
pub(super) fn months(value: &str) -> Option<i32> {
    let lower = value.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if let Some(every) = EVERY.as_ref().and_then(|every| every.captures(value)) {
        let count = every.name("count").map(|count| count.as_str().to_lowercase())?;
        let named = ["one", "two", "three", "four", "five", "six"];
        let count = match count.as_str() {
            "nine" => 9,
            "twelve" => 12,
            "eighteen" => 18,
            "twenty-four" => 24,
            count => match named.iter().position(|name| *name == count) {
                Some(at) => at as i32 + 1,
                None => count.parse().ok()?,
            },
        };
        let is_year = every.name("of").is_some_and(|of| of.as_str().eq_ignore_ascii_case("year"));
        let months = if is_year { 12 * count } else { count };
        return (1..=120).contains(&months).then_some(months);
    }
    if says(&["semi-annual", "semiannual", "half-year", "half year", "twice a year"]) {
        Some(6)
    } else if says(&["biennial", "every other year", "every second year"]) {
        Some(24)
    } else if says(&["annual", "yearly", "every year", "each year", "a year", "per year"]) {
        Some(12)
    } else if says(&["quarterly", "every quarter", "each quarter"]) {
        Some(3)
    } else if says(&["monthly", "every month", "each month"]) {
        Some(1)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{facts, value},
        *,
    };
    use sufficit_evidence::DocumentStatus;

    #[test]
    fn intervals_are_read_in_the_words_that_people_use() {
        for (value, expected) in [
            ("annually", Some(12)),
            ("at least once a year or after a change", Some(12)),
            ("every two years", Some(24)),
            ("12 months", Some(12)),
            ("one year after approval", Some(12)),
            ("Every 18 months", Some(18)),
            ("half-yearly", Some(6)),
            ("quarterly", Some(3)),
            ("by the board", None),
            ("12 March 2027", None),
            ("every 0 months", None),
        ] {
            assert_eq!(months(value), expected, "{value}");
        }
    }

    #[test]
    fn a_review_is_due_by_the_interval_that_the_document_names() {
        let head = "# Gate procedure\n\nOwner: Ann Bell\nVersion: 3\nApproved by: R. Kos\nApproved on: 15 January 2025\n";
        for cycle in [
            "Review cycle: 12 months",
            "Review frequency: every year",
            "Review: annually",
            "Next review: one year after approval",
            "To be reviewed annually.",
            "\nGates are shut at ten.\n\nThis procedure is reviewed by its owner at least once a year.",
        ] {
            let facts = facts(&format!("{head}{cycle}\n"));
            assert_eq!(value(&facts.next_review), "2026-01-15", "{cycle}");
            let cited = facts.next_review.and_then(|fact| fact.origin.citation().cloned());
            assert!(cited.is_some_and(|citation| cycle.contains(citation.quote.trim())), "{cycle}");
        }
        let dated = facts(&format!("{head}Next review: 1 March 2026\nReview cycle: annually\n"));
        assert_eq!(value(&dated.next_review), "2026-03-01", "a day tells more than an interval");
        let other = facts(&format!("{head}\nAccess rights are reviewed annually.\n"));
        assert!(other.next_review.is_none(), "{:?}", other.next_review);
    }

    #[test]
    fn what_was_withdrawn_replaced_or_has_run_out_says_so_beside_its_approval() {
        let head =
            "# Gate procedure\n\nOwner: Ann Bell\nApproved by: R. Kos\nApproved on: 14 June 2026\n";
        let status = |line: &str| facts(&format!("{head}{line}\n\nGates are shut.\n")).status;
        for line in [
            "Withdrawn on 1 September 2026",
            "Status: approved\nReplaced by PRC-19 since 1 September 2026.",
            "\nThis procedure has been superseded by PRC-19.",
        ] {
            let found = status(line).map(|fact| fact.value);
            assert_eq!(found, Some(DocumentStatus::Superseded), "{line}");
        }
        assert_eq!(
            status("Version: 3 (draft)").map(|fact| fact.value),
            Some(DocumentStatus::Draft)
        );
        for line in [
            "\nLost keys are replaced by the guard.",
            "\nThis procedure is replaced each May in the binder.",
        ] {
            assert!(status(line).is_none(), "{line}");
        }
        let run_out =
            facts(&format!("{head}Next review: 14 June 2027\nValid until: 31 August 2026\n"));
        assert_eq!(value(&run_out.next_review), "2026-08-31");
    }
}
