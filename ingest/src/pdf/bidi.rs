//! Right-to-left text: from the order in which a page shows it to the order in which it is read.
//!
//! A page shows glyphs from left to right, or each to the left of the one before. Fragments hold
//! them from left to right in either case; here their text is turned round, numbers and words in
//! other scripts staying as they are.

use super::fragment::Fragment;
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};

/// First character that is written from right to left.
const FIRST: char = '\u{590}';
/// Text longer than this is turned as if it held no other script.
const LONGEST: usize = 20_000;

/// Whether a text holds letters that are written from right to left.
pub(super) fn is_right_to_left(text: &str) -> bool {
    text.chars().any(is_turned)
}

fn is_turned(character: char) -> bool {
    character >= FIRST && matches!(bidi_class(character), BidiClass::R | BidiClass::AL)
}

/// Text as it stands on a line from left to right, as it is read; and the other way round.
pub(super) fn turn(text: &str) -> String {
    if text.len() > LONGEST {
        return text.chars().rev().collect();
    }
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    let turned = text.chars().filter(|character| is_turned(*character)).count();
    let base = if turned * 2 >= letters { Level::rtl() } else { Level::ltr() };
    let info = BidiInfo::new(text, Some(base));
    let turn = |paragraph| info.reorder_line(paragraph, paragraph.range.clone());
    info.paragraphs.iter().map(turn).collect()
}

/// Brings the text of a page's fragments into the order in which it is read.
pub(super) fn straighten(fragments: Vec<Fragment>) -> Vec<Fragment> {
    // Each with whether any of it is read from right to left, so that its text is looked at once.
    let mut straight: Vec<(Fragment, bool)> = Vec::with_capacity(fragments.len());
    for fragment in fragments {
        let turned = is_right_to_left(&fragment.text);
        match straight.last_mut() {
            Some((last, other)) if (*other || turned) && follows(last, &fragment) => {
                append(last, fragment);
                *other |= turned;
            }
            _ => straight.push((fragment, turned)),
        }
    }
    let finish = |(mut fragment, turned): (Fragment, bool)| {
        if turned {
            fragment.text = turn(&fragment.text);
        }
        fragment
    };
    straight.into_iter().map(finish).collect()
}

/// Whether a fragment stands to the right of the one before on the same line, near enough to be of
/// one sentence.
fn follows(last: &Fragment, next: &Fragment) -> bool {
    let step = next.start.from(last.end);
    let gap = step.along(last.style.direction);
    last.style.artifact == next.style.artifact
        && last.style.direction.along(next.style.direction) > 0.99
        && step.across(last.style.direction).abs() < 0.15 * next.style.size
        && gap > -0.5 * next.style.size
        && gap <= next.wide_gap()
}

fn append(last: &mut Fragment, next: Fragment) {
    let gap = next.start.from(last.end).along(last.style.direction);
    let spaced = next.space_before || last.parts_words(gap, &next.style);
    if spaced && !last.text.ends_with(' ') {
        last.text.push(' ');
    }
    last.text.push_str(&next.text);
    last.end = next.end;
    last.characters += next.characters;
    last.bold_characters += next.bold_characters;
    last.space_after = next.space_after;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_turn_and_numbers_stay() {
        assert_eq!(
            turn("\u{5d3}\u{5d5}\u{5d3} 42 \u{5d0}\u{5d1}"),
            "\u{5d1}\u{5d0} 42 \u{5d3}\u{5d5}\u{5d3}"
        );
        assert_eq!(
            turn("ISO 42001 \u{5d1}\u{5d0}\u{5d2}\u{5d3}"),
            "\u{5d3}\u{5d2}\u{5d0}\u{5d1} ISO 42001"
        );
        assert_eq!(turn("see \u{5d1}\u{5d0} there"), "see \u{5d0}\u{5d1} there");
        assert_eq!(turn(""), "");
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "[\u{5d0}-\u{5d5}\u{627}-\u{62a}a-c0-3 ().,/-]{0,40}") {
            let mut before: Vec<char> = text.chars().collect();
            let mut after: Vec<char> = turn(&text).chars().collect();
            before.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(before, after);
        }
    }
}
