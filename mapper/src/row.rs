use crate::pattern::pattern;
use regex::Regex;
use std::sync::LazyLock;
use sufficit_evidence::{Check, Passage, PassageShape};

/// The head of a column of what may happen: `Effect`, `Risk description`, `What could go wrong`.
static FEARED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*((potential|possible|adverse|negative|identified|main|key|threat|risk)\s)*(effects?|impacts?|harms?|risks?|threats?|hazards?|scenarios?|failure modes?|consequences?|dangers?|what (could|can|might) go wrong)(\s(description|event|statement|(on|to) \w+( \w+)*))?\W*$",
    )
});
/// What asks for just that: the effects on somebody or something.
static OF_FEARED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(effects?|harms?|impacts?|consequences?)( \w+)? (on|to|for)\b|\bharms?\b")
});

/// The header row of a table, where there is one.
pub(crate) fn header(passage: &Passage) -> &str {
    let header = passage.context.as_deref().or_else(|| passage.text.lines().next());
    header.filter(|_| passage.shape == PassageShape::Table).unwrap_or_default()
}

/// What a row says beside what it says may happen; `None` where its table has no column of that, or the row nothing else.
pub(crate) fn beside_feared(passage: &Passage, row: &str) -> Option<String> {
    let heads: Vec<bool> = header(passage).split(" | ").map(|head| FEARED.is_match(head)).collect();
    let cells = row.split(" | ").zip(heads.iter().chain(std::iter::repeat(&false)));
    let said: Vec<&str> = cells.filter(|(_, feared)| !**feared).map(|(cell, _)| cell).collect();
    (heads.contains(&true) && !said.is_empty()).then(|| said.join(" | "))
}

/// Whether a check asks for what may happen.
pub(crate) fn asks_for_feared(check: &Check) -> bool {
    OF_FEARED.is_match(&check.text)
}

/// Whether the quote is a table's row that was left empty: beside the thing that it is about at most one short cell is filled, or of
/// two columns one. A row of who does what has its blanks by right, and so has one long cell over several columns.
pub(crate) fn is_empty_row(passage: &Passage, focus: &str) -> bool {
    let cells = focus.split('|').count();
    let filled = focus.split('|').filter(|cell| !cell.trim().is_empty()).count();
    let words = focus.split_whitespace().filter(|word| *word != "|").count();
    let is_short = words <= WORDS_OF_A_BLANK;
    let is_alone = filled == 1 && header(passage).split('|').count() == 2;
    is_alone && is_short || cells > 3 && (filled <= 1 && is_short || filled == 2 && words == 2)
}

/// Words of a row's one filled cell up to which it only names what the row is about.
const WORDS_OF_A_BLANK: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::Span;

    fn table(header: Option<&str>, text: &str) -> Passage {
        Passage {
            ordinal: 0,
            span: Span::new(0, text.chars().count()),
            page: None,
            heading: Vec::new(),
            context: header.map(str::to_owned),
            shape: PassageShape::Table,
            text: text.to_owned(),
        }
    }

    #[test]
    fn what_may_happen_is_told_from_what_is_done() {
        let row = "4 | Callers cannot tell why they wait | a reason is read out";
        let beside = |header: &str| beside_feared(&table(Some(header), row), row);
        for head in ["Effect", "Risk description", "What could go wrong", "Impact on people"] {
            let said = beside(&format!("No | {head} | Measure"));
            assert_eq!(said.as_deref(), Some("4 | a reason is read out"), "{head}");
        }
        for head in ["Finding", "Risk owner", "Impact score", "Vulnerability"] {
            assert_eq!(beside(&format!("No | {head} | Measure")), None, "{head}");
        }
        assert_eq!(beside_feared(&table(None, row), row), None, "no header names the column");
        let asks = |text: &str| {
            let by = sufficit_evidence::Proof::Paper;
            asks_for_feared(&Check { id: "1/a".into(), text: text.to_owned(), by })
        };
        assert!(asks("Effects on vulnerable people are looked at."));
        assert!(asks("Physical and mental harm to users is considered."));
        assert!(!asks("AI risk assessments are carried out at planned intervals."));
        assert!(!asks("Results of impact assessments are kept."));
    }

    #[test]
    fn rows_left_empty_are_told() {
        let wide = table(Some("Gate | Rule | Who | Seen | Colour | State"), "");
        for row in ["GATE-001 |  |  |  |  | Active", "|  |  |  | Green / Red"] {
            assert!(is_empty_row(&wide, row), "{row}");
        }
        for row in [
            "North | shut at ten | Ann |",
            "North | 2",
            "Gates are shut.",
            "Approve release | A |  |  | R |  |",
            "Approve release | CISO |  |  ",
            "Restore of payroll | passed 3 May 2026 |  |  ",
            "Scope | All gates of the north yard and whoever walks through them |  |  |",
        ] {
            assert!(!is_empty_row(&wide, row), "{row}");
        }
        let two = table(Some("Step | Done"), "");
        assert!(is_empty_row(&two, "Restore tested"), "nobody wrote that it was");
        assert!(!is_empty_row(&two, "Restore tested | yes"));
        assert!(!is_empty_row(&two, "All gates of the north yard are shut at ten by a guard"));
        let prose = Passage { shape: PassageShape::Prose, ..two };
        assert!(!is_empty_row(&prose, "Restore tested"));
    }
}
