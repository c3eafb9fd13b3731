//! What a text says of another document that it only refers to.

use super::names;
use regex_lite::Regex;
use std::sync::LazyLock;

static REFERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?x)
        \b(?i:under|according\sto|in\sline\swith|pursuant\sto|based\son|against|as\sper|see|laid\sdown\s(?:in|by)|set\sout\sin)\s(?:(?i:the|our|its)\s|[*"“«'_]|[A-Z])
        | \b(?i:method|template|basis|behind\s(?:it|this|them)):\s"#)
    .ok()
});

/// Whether the words before a version or an approval make it that of another document: `Kept under the Yard Standard
/// (YS-2, version 4, approved by the Board)`. Only those of its own sentence count.
pub(super) fn refers(ahead: &str) -> bool {
    let mut from = 0;
    for (at, mark) in
        [". ", " | ", " · ", "; ", "\n\n"].iter().flat_map(|mark| ahead.match_indices(mark))
    {
        let ends = mark != ". " || ahead.get(..at).is_some_and(names::ends_sentence);
        if ends {
            from = from.max(at + mark.len());
        }
    }
    let sentence = ahead.get(from..).unwrap_or_default();
    REFERS.as_ref().is_some_and(|refers| refers.is_match(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_is_referred_to_is_told_from_the_document() {
        for ahead in [
            "Opened under the Yard Standard (YS-2, ",
            "Kept under *Plan for gates*, ",
            "Method: YM-4 ",
            "Rules behind it: \"Gates\", ",
        ] {
            assert!(refers(ahead), "{ahead}");
        }
        for ahead in
            ["Yard Standard, ", "Opened under the Yard Standard. ", "Kept under lock, ", ""]
        {
            assert!(!refers(ahead), "{ahead}");
        }
    }
}
