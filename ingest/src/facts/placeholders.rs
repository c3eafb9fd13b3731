//! Blanks that nobody filled in.

use regex::Regex;
use std::{ops::Range, sync::LazyLock};

/// Words that make a bracketed text a blank rather than a remark.
const CUES: &str = r"name|date|insert|compan|organi[sz]ation|your|tbd|tbc|title|role|enter|specify|yyyy|mm|dd|nnn|xx+|address|e-?mail|number|version|signature|describe|list|e\.g|department|person|owner|system|fill|add|provide|here|url|link|id|contact|phone|amount|frequency|placeholder|template|select|choose|example|state|client|customer|supplier|vendor|reference|location|value|text|initials|city|country|period|days";

static BLANKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        \[(?P<square>[^\[\]\n]{2,})\]
        | <(?P<angle>[a-z][^<>\n@]+)>
        | \{\{[^{}\n]+\}\}
        | _{4,}(?:\x20?/\x20?_{2,})*
        | \.{8,} | …{3,}
        | \b(?:tbd|tbc|to\x20be\x20(?:determined|confirmed|completed|defined|decided|agreed|filled|advised)|lorem\x20ipsum)\b
        | \b(?-i:XX)[./-](?-i:XX)[./-](?-i:20XX|XXXX|XX)\b | \b(?-i:20XX|XXXX-XX-XX)\b
        | \b(?:insert|enter|add)\x20(?:your\x20|the\x20)?(?:company|organi[sz]ation)\x20name\b
        | \bnoch\x20(?:festzulegen|zu\x20ergänzen)\b | \bà\x20(?:compléter|définir)\b
        | \b(?:dd|mm)[/.-](?:mm|dd)[/.-]yy(?:yy)?\b | \byyyy-mm-dd\b
        | click\x20(?:or\x20tap\x20)?here\x20to\x20enter\x20(?:text|a\x20date) | click\x20(?:or\x20tap\x20)?to\x20enter\x20a\x20date | choose\x20an\x20item
        "
    )
    .ok()
});
static CUE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)\b(?:{CUES})")).ok());

/// Characters of a blank with its brackets. Counted here: within the pattern it would be compiled as so many copies.
const MOST: usize = 82;

/// What a text with a blank in it holds, in small letters; most texts hold none of these, and are not looked at further.
const SIGNS: [&str; 26] = [
    "[",
    "<",
    "{{",
    "____",
    "........",
    "………",
    "tbd",
    "tbc",
    "to be ",
    "lorem",
    "dd/mm",
    "dd-mm",
    "dd.mm",
    "mm/dd",
    "mm-dd",
    "mm.dd",
    "yyyy",
    "click",
    "choose an",
    "xx",
    "company name",
    "organisation name",
    "organization name",
    "noch ",
    "à compl",
    "à défin",
];

/// Byte ranges of the blanks in a text.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let small = text.to_ascii_lowercase();
    if !SIGNS.iter().any(|sign| small.contains(sign)) {
        return found;
    }
    let Some(blanks) = BLANKS.as_ref() else { return found };
    let is_cue = |inner: &str| CUE.as_ref().is_some_and(|cue| cue.is_match(inner));
    let mut from = 0;
    while let Some(captures) = blanks.captures_at(text, from) {
        let Some(whole) = captures.get(0) else { break };
        let bracketed = whole.as_str().starts_with(['[', '<', '{']);
        if bracketed && whole.as_str().chars().nth(MOST).is_some() {
            // What stands within may hold a blank.
            from = whole.start() + 1;
            continue;
        }
        from = whole.end();
        let is_blank = match (captures.name("square"), captures.name("angle")) {
            (Some(inner), _) => {
                let inner = inner.as_str();
                let open = inner.trim();
                open.len() >= 2 && open.bytes().all(|byte| byte == b'_')
                    || is_cue(inner)
                        && inner.split_whitespace().count() <= 10
                        && !inner.contains("://")
                        && !inner.starts_with(['"', '\''])
                        && !is_citation(inner)
            }
            (_, Some(inner)) => {
                is_cue(inner.as_str())
                    && !inner.as_str().contains("://")
                    && !inner.as_str().contains('=')
            }
            _ => !leads(whole.as_str(), text.get(whole.end()..).unwrap_or_default()),
        };
        if is_blank {
            found.push(whole.range());
        }
    }
    found
}

/// Whether dots lead to a value in their line: `Issue ........ : 3.0`, `Scope ........ 4`.
fn leads(dots: &str, after: &str) -> bool {
    let line = after.split('\n').next().unwrap_or_default().trim();
    let value = line.trim_start_matches(':').trim_start();
    dots.starts_with(['.', '…'])
        && !value.contains("...")
        && !value.contains("__")
        && (line.starts_with(':') && !value.is_empty()
            || line.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a value was left open: empty, lines to write on, `TBD`, `N/A`, a bracketed blank.
pub(super) fn is_blank(value: &str) -> bool {
    let value = value.trim().trim_end_matches(['.', ',', ';']);
    let open = |c: char| {
        matches!(
            c,
            '_' | '.' | '-' | '–' | '—' | '…' | '/' | '[' | ']' | '(' | ')' | '☐' | '*' | ':' | '?'
        ) || c.is_whitespace()
    };
    if value.chars().all(open) {
        return true;
    }
    let lower = value.to_lowercase();
    let named = [
        "tbd",
        "tbc",
        "tba",
        "n/a",
        "na",
        "none",
        "not applicable",
        "xx",
        "xxx",
        "nil",
        "pending",
        "x.x",
        "vx.x",
        "x",
        "unassigned",
    ];
    if named.contains(&lower.trim_matches(['[', ']', '<', '>', '(', ')'])) {
        return true;
    }
    let blanks = find(value);
    let covered: usize = blanks.iter().map(|range| range.len()).sum();
    covered * 2 > value.len()
}

fn is_citation(inner: &str) -> bool {
    inner.starts_with('^')
        || inner.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_told_from_remarks() {
        let text = "[Company Name] hired <date> ____ at TBD, see [1], [sic], <https://x.y>, [x] and {{owner}} on DD/MM/YYYY";
        let found: Vec<_> = find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["[Company Name]", "<date>", "____", "TBD", "{{owner}}", "DD/MM/YYYY"]);
        let text = "Valid from XX.XX.20XX or XX.XX.XXXX, 20XX, insert company name, tasks to be assigned, [ __ ], XXL and 20 XX";
        let found: Vec<_> = find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["XX.XX.20XX", "XX.XX.XXXX", "20XX", "insert company name", "[ __ ]"]);
        let long = format!("[{} and TBD {}]", "name ".repeat(20), "of it ".repeat(20));
        let found: Vec<_> = find(&long).into_iter().map(|range| &long[range]).collect();
        assert_eq!(found, ["TBD"]);
    }

    #[test]
    fn open_values_are_blank_and_roles_are_not() {
        for value in [
            "",
            "____________",
            "TBD",
            "[Name]",
            "<date>",
            "N/A",
            "- ",
            "__/__/____",
            "[Insert name of owner]",
        ] {
            assert!(is_blank(value), "{value}");
        }
        for value in ["CISO", "Jane Doe", "1.0", "12 March 2026", "Head of AI [acting]"] {
            assert!(!is_blank(value), "{value}");
        }
    }
}
