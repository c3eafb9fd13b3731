use crate::pattern::pattern;
use regex::Regex;
use std::sync::LazyLock;
use sufficit_evidence::{Check, Passage, PassageShape};

/// Words beside a day up to which they only say what day it is: `Next review: 11 March 2027`, `Held on 3 May 2026`.
const LABEL: usize = 3;

static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(19|20)\d\d\b"));
static MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tues?|wed|thurs?|fri|sat|sun)[a-z]{0,6}$",
    )
});
/// What such a line does answer.
static OF_DAYS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(dates?|dated|days?|intervals?|schedul\w*|planned|due|until|expir\w*|yearly|annual\w*)\b",
    )
});

/// Whether a quote names a day, says in a word or two of what, and the check asks for more than a day. Rows of more than two cells
/// say more.
pub(crate) fn says_only_when(check: &Check, passage: &Passage, quote: &str) -> bool {
    let is_row = passage.shape == PassageShape::Table && quote.matches('|').count() > 1;
    let is_word = |word: &&str| {
        word.chars().all(|c| !c.is_ascii_digit()) && word.contains(char::is_alphabetic)
    };
    let trimmed = |word| str::trim_matches(word, |c: char| !c.is_alphanumeric());
    let words = quote.split_whitespace().map(trimmed).filter(is_word);
    !is_row
        && YEAR.is_match(quote)
        && words.filter(|word| !MONTH.is_match(word)).count() <= LABEL
        && !OF_DAYS.is_match(&check.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::{Proof, Span};

    #[test]
    fn a_label_and_a_day_show_nothing_but_a_day() {
        let only = |check: &str, shape, text: &str| {
            let by = Proof::Record;
            let check = Check { id: "1/a".into(), text: check.to_owned(), by };
            let passage = Passage {
                ordinal: 0,
                span: Span::new(0, text.chars().count()),
                page: None,
                heading: Vec::new(),
                context: None,
                shape,
                text: text.to_owned(),
            };
            says_only_when(&check, &passage, text)
        };
        let (prose, table) = (PassageShape::Prose, PassageShape::Table);
        let decided = "Decisions of the review are kept in its minutes.";
        for text in ["Next review: 11 March 2027", "Held on Friday, 3 May 2026."] {
            assert!(only(decided, prose, text), "{text}");
            assert!(!only("It is reviewed at planned intervals.", prose, text), "{text}");
        }
        assert!(only(decided, table, "Next review | 11 March 2027"));
        assert!(!only(decided, table, "26-1 | Spare units | 31 July 2026"));
        assert!(!only(decided, prose, "Two spare units were ordered on 3 May 2026."));
        assert!(!only(decided, prose, "Spare units."));
    }
}
