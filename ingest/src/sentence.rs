//! Where sentences and words end.

use std::ops::Range;
use sufficit_evidence::abbreviates;

/// Byte ranges of the sentences of `text`, without the white space between them. A line break followed by a blank or
/// by a label ends a sentence too.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().copied();
        let ends = match c {
            '.' | '!' | '?' | '…' => {
                closes(next)
                    && !(c == '.' && is_abbreviation(&text[start..at], &text[at + 1..]))
                    && !goes_on(&text[at + c.len_utf8()..])
            }
            '。' | '！' | '？' => true,
            '\n' => true,
            _ => false,
        };
        if ends {
            let mut end = at + c.len_utf8();
            while let Some((quote, mark)) = chars.peek().copied() {
                if !matches!(mark, '"' | '”' | '’' | '\'' | ')' | ']' | '»') {
                    break;
                }
                end = quote + mark.len_utf8();
                chars.next();
            }
            push(text, start..end, &mut found);
            start = end;
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

/// Cuts `text` at white space into ranges that fit; a word that does not fit by itself is cut within.
pub(crate) fn chunks(text: &str, fits: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for word in words(text) {
        if end > start && !fits(&text[start..word.end]) {
            push(text, start..end, &mut found);
            start = word.start;
        }
        end = word.end;
        // A word that does not fit by itself.
        if start == word.start {
            loop {
                let most = longest(&text[start..end], &fits);
                if most == end - start || most == 0 {
                    break;
                }
                push(text, start..start + most, &mut found);
                start += most;
            }
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

/// Bytes of the longest beginning of `text` that fits, found by doubling: a long text is not looked at as a whole.
fn longest(text: &str, fits: impl Fn(&str) -> bool) -> usize {
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (mut low, mut high) = (0, 64);
    while high < text.len() && fits(&text[..floor(high)]) {
        low = high;
        high *= 2;
    }
    if high >= text.len() && fits(text) {
        return text.len();
    }
    high = high.min(text.len());
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if fits(&text[..floor(middle)]) { low = middle } else { high = middle }
    }
    floor(low)
}

/// Byte ranges of the words of `text`: runs without white space.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    text.split_whitespace().map(move |word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        start..start + word.len()
    })
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let piece = &text[range.clone()];
    let trimmed = piece.trim();
    if !trimmed.is_empty() {
        let start = range.start + (piece.len() - piece.trim_start().len());
        found.push(start..start + trimmed.len());
    }
}

fn closes(next: Option<(usize, char)>) -> bool {
    next.is_none_or(|(_, c)| {
        c.is_whitespace() || matches!(c, '"' | '”' | '’' | '\'' | ')' | ']' | '»')
    })
}

fn is_abbreviation(before: &str, rest: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    abbreviates(word, rest)
        || word.chars().count() == 1 && word.chars().all(char::is_uppercase)
        || !word.is_empty()
            && word.chars().all(|c| c.is_ascii_digit())
            && before.trim_start() == word
}

/// Whether a small letter follows: the stop was no end.
fn goes_on(after: &str) -> bool {
    after.trim_start_matches([' ', '"', ')', '”']).chars().next().is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn sentences_end_where_a_reader_would_end_them() {
        assert_eq!(
            split("See Art. 5, e.g. the log. Dr. Wu signs v1.2 first! \"Done?\" Yes"),
            ["See Art. 5, e.g. the log.", "Dr. Wu signs v1.2 first!", "\"Done?\"", "Yes"]
        );
        assert_eq!(
            split("Approved by Ing. Marek Bell. Done."),
            ["Approved by Ing. Marek Bell.", "Done."]
        );
        assert_eq!(
            split("1. Scope of this\nOwner: A. Bell"),
            ["1. Scope of this", "Owner: A. Bell"]
        );
    }

    #[test]
    fn chunks_keep_every_character() {
        let text = "aaaa bbbbbbbbbbbb cc";
        let parts: Vec<_> =
            chunks(text, |piece| piece.len() <= 5).into_iter().map(|range| &text[range]).collect();
        assert_eq!(parts, ["aaaa", "bbbbb", "bbbbb", "bb cc"]);
    }
}
