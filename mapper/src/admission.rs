use crate::pattern::pattern;
use crate::voice::{Voice, voice};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use sufficit_evidence::{Check, Citation, DocumentKind, Passage, PassageShape, Span};

/// Stems that a sentence shares with a check from which it speaks of the check's subject.
const SHARED: usize = 2;

/// The sentence, item or row of a passage, other than its quote, that says of the check's subject that it is not there.
/// A rule that is quoted beside such an admission shows nothing. The rows of a table speak each of its own thing.
pub(crate) fn admission(check: &Check, passage: &Passage, quote: Span) -> Option<Citation> {
    if passage.shape == PassageShape::Table {
        return None;
    }
    let asked = stems(&check.text);
    let found = sentences(&passage.text).into_iter().find(|sentence| {
        let span = span_of(passage, sentence);
        !span.overlaps(quote)
            && voice(sentence) == Voice::Denies
            && asked.intersection(&stems(sentence)).count() >= SHARED
    })?;
    Some(Citation {
        page: passage.page,
        heading: passage.heading.clone(),
        span: span_of(passage, found),
        quote: found.to_owned(),
    })
}

static LEAVES_OUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\d.\s]*(not (in|part of|covered|dealt with|within|included|here)\b|out of (the )?scope\b|outside (of )?(the |this )?(scope|standard|policy|procedure|document)\b|what (this|the) .{0,40}\b(does not|doesn't|is not)\b|exclusions?\b|excluded\b)",
    )
});
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\d.\s]*(still )?(to do|to-do|todo|open (points|items|questions)|outstanding( points| items)?|not (yet )?done|wish ?list|ideas)\b",
    )
});
/// Checks of what is left out: there an exclusion is an answer.
static OF_SCOPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(scope|exclu\w+|boundar\w+|left out|exceptions?|not applicable)\b")
});

/// Whether the heading above a passage says that what stands there is left out, or left to other documents, and the
/// check does not ask for just that.
pub(crate) fn is_left_out(check: &Check, passage: &Passage) -> bool {
    let heading = passage.heading.last().map_or("", String::as_str);
    LEAVES_OUT.is_match(heading) && !OF_SCOPE.is_match(&check.text)
}

/// Whether the heading above a passage says that what stands there is yet to be done. In minutes and other records it
/// leads the actions in that somebody was given.
pub(crate) fn is_open_point(kind: DocumentKind, passage: &Passage) -> bool {
    let heading = passage.heading.last().map_or("", String::as_str);
    !kind.is_operating_record() && OPEN.is_match(heading)
}

fn span_of(passage: &Passage, part: &str) -> Span {
    let at = (part.as_ptr() as usize).saturating_sub(passage.text.as_ptr() as usize);
    let start = passage.span.start + passage.text.get(..at).unwrap_or_default().chars().count();
    Span::new(start, start + part.chars().count())
}

/// A text's lines, and their sentences.
fn sentences(text: &str) -> Vec<&str> {
    let ends = |line: &str, at: usize| {
        line.get(at + 2..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase)
    };
    let mut found = Vec::new();
    for line in text.split('\n') {
        let mut from = 0;
        for (at, _) in line.match_indices(". ").filter(|(at, _)| ends(line, *at)) {
            found.push(line.get(from..=at).unwrap_or_default().trim());
            from = at + 2;
        }
        found.push(line.get(from..).unwrap_or_default().trim());
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// Words of a check that any check may have.
const COMMON: [&str; 27] = [
    "that", "this", "with", "from", "they", "them", "their", "which", "have", "been", "what",
    "when", "such", "each", "every", "other", "shows", "states", "named", "person", "people",
    "company", "example", "dated", "nobody", "never", "none",
];

/// Whether a sentence has any telling word of a check.
pub(crate) fn shares_a_word(check: &str, sentence: &str) -> bool {
    !stems(check).is_disjoint(&stems(sentence))
}

/// The first letters of a text's words of four letters and more.
fn stems(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphabetic())
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 3 && !COMMON.contains(&word.as_str()))
        .map(|word| word.chars().take(5).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::Proof;

    fn check(text: &str) -> Check {
        Check { id: "1/a".into(), text: text.to_owned(), by: Proof::Paper }
    }

    fn passage(heading: &str, text: &str) -> Passage {
        Passage {
            ordinal: 0,
            span: Span::new(100, 100 + text.chars().count()),
            page: None,
            heading: vec![heading.to_owned()],
            context: None,
            shape: PassageShape::Prose,
            text: text.to_owned(),
        }
    }

    #[test]
    fn an_admission_on_the_checks_subject_is_found_beside_the_quote() {
        let gates = check("Gates are tested by guards, and the test is recorded.");
        let text = "Guards test the gates at dawn. So far nobody has recorded a test of the gates.";
        let found = admission(&gates, &passage("Gates", text), Span::new(100, 130));
        let found = found.expect("an admission");
        assert_eq!(found.quote, "So far nobody has recorded a test of the gates.");
        assert_eq!(found.span, Span::new(131, 100 + text.chars().count()));
        let other = "Guards test the gates at dawn. There is no canteen yet.";
        assert!(admission(&gates, &passage("Gates", other), Span::new(100, 130)).is_none());
        assert!(
            admission(&gates, &passage("Gates", text), found.span).is_none(),
            "the quote's own voice is told elsewhere"
        );
    }

    #[test]
    fn a_denial_of_something_else_shares_no_word() {
        let check = "Auditors stand apart from what they examine.";
        assert!(!shares_a_word(check, "Things are mended and then nobody looks again."));
        assert!(shares_a_word(check, "No auditor has been named."));
    }

    #[test]
    fn headings_leave_out_and_leave_open() {
        let logs = check("Logins of administrators are logged.");
        let scope = check("The scope states its exclusions.");
        for heading in ["8. Not in this standard", "Out of scope", "What this plan does not cover"]
        {
            assert!(is_left_out(&logs, &passage(heading, "- logins")), "{heading}");
            assert!(!is_left_out(&scope, &passage(heading, "- logins")), "{heading}");
        }
        assert!(!is_left_out(&logs, &passage("Scope", "- logins")));
        let open = passage("8. To do before issue", "- training for six guards");
        assert!(is_open_point(DocumentKind::Procedure, &open));
        assert!(!is_open_point(DocumentKind::Minutes, &open));
    }
}
