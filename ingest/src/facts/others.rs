//! What a text says of another document that it only refers to.

use super::{labels::TEXTS, names};
use regex::Regex;
use std::sync::LazyLock;

/// Words that lead to another document.
static REFERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\b(?i:under|according\sto|in\sline\swith|pursuant\sto|based\son|as\sper|see|laid\sdown\s(?:in|by)|set\sout\sin)\s(?:(?i:the|our|its)\s|[*"“«'_]|[A-Z])"#)
    .ok()
});

/// Labels of another document: what stands behind them to the end of the sentence is said of it.
static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?i:method|template|behind\s(?:it|this|them)|governing\s\w+):\s").ok()
});

/// Names of laws and standards that one writes documents under, and that no company approves.
static LAW: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:ISO|IEC|EN|EU|GDPR|DORA|NIS|Act|Regulation|Article|Art\.|Law|Code)\b").ok()
});

/// Words with which the text comes back to itself, or goes on to say something: what follows is not said of the other document.
static RETURNS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:[Tt]his|[Ii]t|[Ww]e|was|is|are|were|has|have|been)\b").ok());

/// Whether the words before a version or an approval make it that of another document: `Kept under the Yard Standard, edition 4,
/// approved by the Board`. Only words of its own sentence count. A reference that is itself an aside ends with the comma
/// or the bracket behind it: `Gate policy, based on the YS-2 template, version 4`.
pub(super) fn refers(ahead: &str) -> bool {
    let sentence = ahead.get(sentence_start(ahead)..).unwrap_or_default();
    let begins = |regex: &LazyLock<Option<Regex>>| regex.as_ref()?.find_iter(sentence).last();
    if let Some(label) = begins(&NAMES) {
        return !returns(sentence.get(label.end()..).unwrap_or_default());
    }
    let Some(found) = begins(&REFERS) else {
        return false;
    };
    let before = sentence.get(..found.start()).unwrap_or_default().trim_end();
    let between = sentence.get(found.end()..).unwrap_or_default();
    let in_bracket = between.rfind('(') > between.rfind(')');
    let is_aside = before.is_empty() || before.ends_with([',', '(']);
    let named = sentence.get(found.start()..).unwrap_or_default();
    let named = named.split([',', '(']).next().unwrap_or_default();
    let is_law = LAW.as_ref().is_some_and(|law| law.is_match(named));
    let goes_on = in_bracket || !is_aside && !is_law || !between.contains([',', ')']);
    goes_on && !returns(between)
}

/// Whether words before a place open a bracket behind the name of a document in mid-sentence: `carries out section 6 of the Gate Policy (`.
pub(super) fn names_in_aside(ahead: &str) -> bool {
    let Some(open) = ahead
        .rfind('(')
        .filter(|open| ahead.get(*open..).is_some_and(|aside| !aside.contains(')')))
    else {
        return false;
    };
    let sentence = ahead.get(sentence_start(ahead)..open).unwrap_or_default().trim_end();
    let last = sentence.split(' ').next_back().unwrap_or_default();
    let document =
        last.starts_with(char::is_uppercase) && TEXTS.contains(&last.to_lowercase().as_str());
    document && [" of the ", " the ", " our "].iter().any(|within| sentence.contains(within))
}

fn returns(between: &str) -> bool {
    RETURNS.as_ref().is_some_and(|returns| returns.is_match(between))
}

/// Where the sentence, cell or part begins that goes on behind these words.
fn sentence_start(ahead: &str) -> usize {
    let mut from = 0;
    for (at, mark) in
        [". ", " | ", " · ", "; ", "\n\n"].iter().flat_map(|mark| ahead.match_indices(mark))
    {
        let ends = mark != ". " || ahead.get(..at).is_some_and(names::ends_sentence);
        if ends {
            from = from.max(at + mark.len());
        }
    }
    from
}

/// `of the AI policy was`: goes on to say something of a thing.
static OF_A_THING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s+of\s(?:the|an?|our)\s[^.;,|]{1,60}\s(?:was|were|has|have|had|is|are|will)\b")
        .ok()
});

/// Whether what stands behind a version makes it that of something else, of which a sentence tells: `Version 2 of the AI policy was
/// put to the board`.
pub(super) fn is_of_a_thing(behind: &str) -> bool {
    OF_A_THING.as_ref().is_some_and(|of_a_thing| of_a_thing.is_match(behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_is_referred_to_is_told_from_the_document() {
        for ahead in [
            "Opened under the Yard Standard (YS-2, ",
            "Opened under the IT Yard Standard (IS-2, version 2.0, ",
            "Kept under *Plan for gates* ",
            "Kept under *Plan for gates*, edition 3, ",
            "Governing rules: Gate standard v2.1, owner Yards, ",
            "Method: YM-4 ",
            "Rules behind it: \"Gates\", edition 3, ",
            "See the Plan for gates, YP-1 (",
        ] {
            assert!(refers(ahead), "{ahead}");
        }
        for ahead in [
            "Yard Standard, ",
            "Opened under the Yard Standard. ",
            "Kept under lock, ",
            "In line with the Gate Act, this policy was ",
            "Pursuant to Article 4 of the Gate Act this policy has been ",
            "Based on the talks of March, ",
            "Gate policy, based on the YS-2 template, ",
            "Gate policy (based on the YS-2 template) ",
            "Policy under the EU Gate Act, v1.3, ",
            "Gap assessment against ISO/IEC 42001, version 1.2, ",
            "",
        ] {
            assert!(!refers(ahead), "{ahead}");
        }
    }
}
