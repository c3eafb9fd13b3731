//! Names of people, roles and boards as they stand in a line.

mod words;

use self::words::{BODIES, NEVER, UNITS, WITHIN};
use super::dates;
use std::ops::Range;

/// Words of a name, its commas and brackets included.
const WORDS: usize = 12;

/// The name that begins at a byte of a text, behind `:`, `by`, `the` and brackets. It ends before a date, at a stop, or at
/// the first word that no name has.
pub(super) fn after(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let rest = dates::find(rest).first().map_or(rest, |date| {
        // A date in front is for the caller.
        rest.get(..date.range.start).unwrap_or_default()
    });
    let mut begin = from;
    let mut left = rest;
    loop {
        let trimmed = left.trim_start_matches([' ', ':', ',', '(', '*', '\n']);
        let next = [
            "by ",
            "on ",
            "signed, ",
            "order of ",
            "decision of ",
            "resolution of ",
            "authority of ",
        ]
        .iter()
        .find_map(|word| trimmed.strip_prefix(word));
        begin += left.len() - trimmed.len();
        match next {
            Some(next) => {
                begin += trimmed.len() - next.len();
                left = next;
            }
            None => {
                left = trimmed;
                break;
            }
        }
    }
    let mut end = 0;
    let mut at = 0;
    let mut open = 0_usize;
    let mut before = "";
    for (n, word) in left.split_inclusive([' ', '\n']).enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '&');
        // A handle stands for a name: `@ann.bell`.
        let capital = bare.starts_with(char::is_uppercase) || word.starts_with('@');
        if n == 0 && (NEVER.contains(&bare.to_lowercase().as_str()) || !capital && !is_the(left)) {
            // `executive committee`, `the board`, `director Ann Bell`: small words up to one that names a body or an office.
            let body = body_or_office(left)?;
            end = body;
            at = 0;
        }
        if at < end {
            before = bare;
            at += word.len();
            continue;
        }
        open += word.matches('(').count();
        let of_unit = n > 0 && UNITS.contains(&bare) && !WITHIN.contains(&before);
        let names = capital
            || open > 0
            || of_unit
            || matches!(before, "of" | "for")
            || is_role(bare, left.get(..at));
        // `A. Bell, for the meeting of May`: what it is for is no part of who it is.
        let is_purpose =
            bare == "for" && left.get(..at).is_some_and(|so_far| so_far.trim_end().ends_with(','));
        if !(names || WITHIN.contains(&bare)) || is_purpose || n >= WORDS {
            break;
        }
        before = bare;
        if names && !WITHIN.contains(&bare) {
            end = at + word.trim_end().len();
        }
        open = open.saturating_sub(word.matches(')').count());
        at += word.len();
        let so_far = left.get(..at).unwrap_or_default().trim_end();
        if open == 0
            && (so_far.ends_with([';', '|'])
                || so_far.ends_with('.') && ends_sentence(so_far.trim_end_matches('.')))
        {
            break;
        }
    }
    let name =
        left.get(..end)?.trim_end_matches([',', ';', '.', ':', '-', '–', '*', ' ', '/', '|']);
    // A bracket that a date cut off closes nothing.
    let name = match (name.rfind('('), name.rfind(')')) {
        (Some(open), None) => name.get(..open)?.trim_end_matches([' ', ',']),
        (Some(open), Some(close)) if open > close => name.get(..open)?.trim_end_matches([' ', ',']),
        (None, Some(_)) => name.split(')').next()?,
        _ => name,
    };
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= 2).then(|| begin..begin + name.len())
}

/// Whether a text begins with `the` before a name in capitals.
fn is_the(text: &str) -> bool {
    text.strip_prefix("the")
        .and_then(|rest| rest.strip_prefix([' ', '\n']))
        .is_some_and(|rest| rest.starts_with(char::is_uppercase))
}

/// Where a body or an office ends that begins a text in small letters: its last word stands among the first five.
fn body_or_office(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut end = None;
    for word in text.split_inclusive(' ').take(5) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let plain = !bare.is_empty()
            && bare.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'));
        if !plain || NEVER.contains(&bare) {
            break;
        }
        if BODIES.contains(&bare) || bare.ends_with("-director") {
            end = Some(at + word.trim_end_matches(|c: char| !c.is_alphanumeric()).len());
        }
        if word.trim_end().ends_with([',', '.', ';', ':', ')']) {
            break;
        }
        at += word.len();
    }
    end
}

/// Whether words may name a place: three at most, each with a capital.
pub(super) fn is_place(words: &str) -> bool {
    words.split(' ').count() <= 3
        && words.split(' ').all(|word| word.starts_with(char::is_uppercase))
}

/// Whether a name is that of a board, a committee and the like.
pub(super) fn is_body(name: &str) -> bool {
    name.split(' ').next_back().is_some_and(|last| BODIES.contains(&last.to_lowercase().as_str()))
}

/// Whether a text is a name from end to end.
pub(super) fn is_name(text: &str) -> bool {
    let text = text.trim_end_matches([',', ' ']);
    after(text, 0).is_some_and(|name| name.start == 0 && name.end == text.len())
}

/// Whether a full stop after these words ends a sentence, rather than an initial or an abbreviation.
pub(super) fn ends_sentence(before: &str) -> bool {
    let word = before.split([' ', '\n', '(']).next_back().unwrap_or_default();
    // `S.A. on 3 May`: letters with stops between them.
    let initials = word.contains('.')
        && word
            .split('.')
            .all(|part| part.chars().count() <= 1 && part.chars().all(char::is_alphabetic));
    !initials
        && (word.chars().count() > 1 || word.bytes().all(|byte| byte.is_ascii_digit()))
        && !word.to_lowercase().starts_with("dipl.-")
        // `Mgr. A. Bell` is a title, `A. Bell, Mgr.` an office.
        && (word != "Mgr" || before.trim_end_matches(word).trim_end().ends_with(','))
        && !matches!(
            word.to_lowercase().as_str(),
            "dr" | "med" | "wm" | "mr"
                | "ms"
                | "mrs"
                | "prof"
                | "st"
                | "jr"
                | "sr"
                | "rev"
                | "ver"
                | "ed"
                | "no"
                | "nr"
                | "ing"
                | "mag"
                | "capt"
                | "lic"
                | "apr"
                | "dir"
                | "coord"
                | "dept"
                | "dra"
                | "exec"
                | "gez"
                | "sgd"
                | "dipl"
                | "bc"
                | "bca"
                | "mga"
                | "judr"
                | "rndr"
                | "dr.-ing"
                | "ph.d"
                | "phdr"
                | "mudr"
                | "mvdr"
                | "avv"
                | "dott"
                | "habil"
                | "mme"
        )
}

/// Words that lead to the day or the number of a decision.
const LEADS: [&str; 18] = [
    "on",
    "of",
    "in",
    "at",
    "dated",
    "sitting",
    "meeting",
    "session",
    "minutes",
    "decision",
    "resolution",
    "act",
    "case",
    "item",
    "minute",
    "order",
    "no",
    "nr",
];

/// A name without what leads to the day behind it: `Board, sitting of 3 May 2026`, `Board, resolution 12/2026 of 3 May 2026`.
pub(super) fn before_date(value: &str, dated: bool) -> &str {
    let marks = [',', ';', '(', '-', '–', '—', '.', ' ', '|'];
    let mut name = value.trim().trim_end_matches(marks);
    let leads = |word: &str| LEADS.contains(&word.trim_matches(marks));
    let numbers = |word: &str| {
        word.contains(|c: char| c.is_ascii_digit())
            && word.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '-' | '.'))
    };
    while dated
        && let Some((rest, last)) = name.rsplit_once(' ')
        && (leads(last) || numbers(last) && rest.rsplit(' ').next().is_some_and(leads))
    {
        name = rest.trim_end_matches(marks);
    }
    name.trim()
}

/// Words before a name that say what whoever bears it did, or where.
const ACTS: [&str; 8] = [
    "signed off by ",
    "approved by ",
    "signed by ",
    "authorised by ",
    "authorized by ",
    "by ",
    "yes (",
    "at the ",
];

/// A name without the words that lead to it: `signed off by the COO`, `yes (A. Bell`, `at the board meeting`.
pub(super) fn without_act(name: &str) -> &str {
    let starts =
        |act: &&&str| name.get(..act.len()).is_some_and(|own| own.eq_ignore_ascii_case(act));
    let act = ACTS.iter().find(starts).map_or(0, |act| act.len());
    let bare = name.get(act..).unwrap_or(name);
    // The bracket that was opened before it.
    if bare.contains('(') { bare } else { bare.trim_end_matches(')') }
}

/// `not yet named`, `to be appointed`, `14 Mar`: nobody.
pub(super) fn starts_unnamed(name: &str) -> bool {
    let lower = name.to_lowercase();
    let unnamed = [
        "not ",
        "to be ",
        "nobody",
        "no one",
        "vacant",
        "n/a",
        "none",
        "unknown",
        "pending",
        "awaiting",
        "signed for",
        "the person ",
        "person who",
        "a person ",
        "whoever",
        "someone",
        "anyone",
    ];
    // `14 Mar '26` is a day in a form that is not read.
    unnamed.iter().any(|start| lower.starts_with(start))
        || name.split(' ').next().is_some_and(|first| first.bytes().all(|b| b.is_ascii_digit()))
}

/// A value up to its first full stop; the stop after an initial or a title ends nothing.
pub(super) fn name_sentence(value: &str) -> &str {
    let end = value
        .match_indices(". ")
        .chain(value.match_indices(".\n"))
        .map(|(at, _)| at)
        .filter(|at| value.get(..*at).is_some_and(ends_sentence));
    value.get(..end.min().unwrap_or(value.len())).unwrap_or(value)
}

/// `head of planning`, `director` behind a name and a comma.
fn is_role(word: &str, before: Option<&str>) -> bool {
    before.is_some_and(|before| before.contains(", "))
        && [
            "head",
            "director",
            "manager",
            "officer",
            "chair",
            "chairman",
            "chairwoman",
            "president",
            "secretary",
            "lead",
            "partner",
            "counsel",
            "engineer",
            "executive",
            "chief",
            "deputy",
            "acting",
            "security",
            "information",
            "quality",
            "data",
            "risk",
            "safety",
            "internal",
            "control",
            "technical",
            "managing",
            "operations",
            "product",
            "asset",
            "editor-in-chief",
            "owner",
            "model",
            "business",
            "compliance",
            "steward",
            "analyst",
            "board",
        ]
        .contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<&str> {
        after(text, 0).and_then(|range| text.get(range))
    }

    #[test]
    fn a_name_ends_where_its_words_end() {
        assert_eq!(
            name(": Dr. A. Bell, head of planning, 3 May 2026"),
            Some("Dr. A. Bell, head of planning")
        );
        assert_eq!(name("by the Board of Yards on 3 May 2026"), Some("the Board of Yards"));
        assert_eq!(name(" COO (Ann Bell). Next"), Some("COO (Ann Bell)"));
        assert_eq!(name("A. Bell and asked for more"), Some("A. Bell"));
        assert_eq!(name("Board (minute of 3 May 2026)"), Some("Board"));
        assert_eq!(name("by the board on 3 May 2026 (case 7)"), Some("the board"));
        assert_eq!(name("Yard operations, A. Bell. Next"), Some("Yard operations, A. Bell"));
        assert_eq!(
            name("A. Bell, IT manager, for the yard meeting of May"),
            Some("A. Bell, IT manager")
        );
        assert_eq!(name("Dipl.-Inf. A. Bell. Next"), Some("Dipl.-Inf. A. Bell"));
        assert_eq!(name("Mgr. A. Bell, IT manager. Next"), Some("Mgr. A. Bell, IT manager"));
        assert_eq!(name("A. Bell, Mgr. Next"), Some("A. Bell, Mgr"));
        assert_eq!(name("Bc. A. Bell, director of IT. Next"), Some("Bc. A. Bell, director of IT"));
        assert_eq!(name("Dipl.-Ing. A. Bell. Next"), Some("Dipl.-Ing. A. Bell"));
        for none in ["suppliers only", "12 of 14", "Yes", "Pending review", ""] {
            assert_eq!(name(none), None, "{none}");
        }
        assert!(is_name("Head of Planning Ann Bell") && !is_name("Ann said that Bell"));
    }

    #[test]
    fn what_leads_to_a_day_is_no_part_of_a_name() {
        assert_eq!(before_date("Board, resolution 12/2026 of ", true), "Board");
        assert_eq!(
            before_date("A. Bell (managing partner) | ", true),
            "A. Bell (managing partner)"
        );
        assert_eq!(before_date("Committee of 12", false), "Committee of 12");
    }
}
