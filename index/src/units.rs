use sufficit_evidence::{PassageShape, abbreviates, names_columns};

/// A part of a passage that says one thing: a sentence, a list item or a table row. Bytes of the passage's text.
pub(crate) type Unit = std::ops::Range<usize>;

/// Cuts `text` into its units, in order. They hold all of it but white space between them, and none is empty.
pub(crate) fn units(text: &str, shape: PassageShape) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut start = 0;
    for (position, c) in text.char_indices() {
        let end = position + c.len_utf8();
        let boundary = match c {
            '\x0c' => true,
            '\n' => line_ends_unit(&text[end..], shape),
            _ if shape == PassageShape::Table => false,
            '.' | '!' | '?' => ends_sentence(&text[start..end], &text[end..]),
            _ => false,
        };
        if boundary {
            push(&mut units, text, start, end);
            start = end;
        }
    }
    push(&mut units, text, start, text.len());
    units
}

/// What a unit is to those beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// It stands by itself.
    None,
    /// It only leads in what stands beneath: a table's header row, a line that ends with a colon, a heading that begins its paragraph.
    /// It is no quote.
    Leads,
    /// It stands beneath the lead-in with this index.
    Beneath(usize),
}

/// What each of a text's units is to the others. `headed` says that a table's header row stands elsewhere.
pub(crate) fn frames(text: &str, units: &[Unit], shape: PassageShape, headed: bool) -> Vec<Frame> {
    let at = |n: usize| units.get(n).map_or("", |unit| &text[unit.clone()]);
    let mut frames = vec![Frame::None; units.len()];
    if shape == PassageShape::Table {
        if !headed && units.len() > 1 && names_columns(at(0)) {
            frames[0] = Frame::Leads;
        }
        return frames;
    }
    let goes_on = |n: usize| {
        let (Some(unit), Some(next)) = (units.get(n), units.get(n + 1)) else { return false };
        !text[unit.end..next.start].contains('\n') && !starts_item(at(n + 1))
    };
    let begins = |n: usize| {
        let before = n.checked_sub(1).and_then(|n| units.get(n)).zip(units.get(n));
        before.is_none_or(|(above, unit)| text[above.end..unit.start].contains('\n'))
    };
    let mut lead = None;
    for (n, frame) in frames.iter_mut().enumerate() {
        if at(n).ends_with(':') && n + 1 < units.len() {
            if !says_something(at(n)) {
                *frame = Frame::Leads;
            }
            lead = Some(n);
        } else if begins(n) && goes_on(n) && is_run_in(at(n)) {
            *frame = Frame::Leads;
            lead = None;
        } else if let Some(above) = lead {
            // A paragraph goes on for one sentence, a list until it ends.
            if starts_item(at(n)) || n == above + 1 {
                *frame = Frame::Beneath(above);
            } else {
                lead = None;
            }
        }
    }
    frames
}

/// Words of a heading that begins its paragraph, and of one that has a number.
const RUN_IN: (usize, usize) = (2, 4);

/// Whether a sentence is so short that it heads its paragraph: `Purpose.`, `4. Audits and corrective actions.`
fn is_run_in(unit: &str) -> bool {
    let mut words = unit.split_whitespace().peekable();
    let numbered = words
        .next_if(|word| {
            let inner = word.trim_end_matches(['.', ')']);
            !inner.is_empty() && inner.chars().all(|c| c.is_ascii_digit() || c == '.')
        })
        .is_some();
    let most = if numbered { RUN_IN.1 } else { RUN_IN.0 };
    let first = words.peek().and_then(|word| word.chars().next());
    unit.ends_with('.')
        && first.is_some_and(char::is_uppercase)
        && (1..=most).contains(&words.count())
}

/// Words from which a lead-in says something by itself: `The AI officer reviews each model every year against:`.
const SAYS_SOMETHING: usize = 6;

/// Whether a lead-in is also a sentence that could be quoted: long enough, and none that only points ahead.
fn says_something(lead: &str) -> bool {
    let lower = lead.to_lowercase();
    let points = lower.contains("following") || lower.contains("as follows");
    lead.split_whitespace().count() >= SAYS_SOMETHING && !points
}

/// Adds the unit from `start` to `end` without white space at its ends, where anything is left.
fn push(units: &mut Vec<Unit>, text: &str, start: usize, end: usize) {
    let part = &text[start..end];
    let from = start + part.len() - part.trim_start().len();
    let to = from + part.trim().len();
    if from < to {
        units.push(from..to);
    }
}

/// Whether a unit ends with a line, given what follows the line break.
fn line_ends_unit(rest: &str, shape: PassageShape) -> bool {
    let line = rest.split('\n').next().unwrap_or_default().trim_start();
    match shape {
        PassageShape::Table => true,
        PassageShape::List | PassageShape::Prose => line.is_empty() || starts_item(line),
    }
}

/// Whether a line begins with the mark of a list item: a bullet, `1.`, `2)`, `(a)` or `iv)`.
fn starts_item(line: &str) -> bool {
    let Some(mark) = line.split_whitespace().next().filter(|mark| mark.len() < line.len()) else {
        return false;
    };
    if matches!(
        mark,
        "-" | "*"
            | "+"
            | "•"
            | "‣"
            | "◦"
            | "▪"
            | "●"
            | "○"
            | "–"
            | "—"
            | "☐"
            | "☒"
            | "□"
            | "■"
    ) {
        return true;
    }
    let inner = mark.trim_start_matches('(').trim_end_matches([')', '.', ':']);
    if is_reference(inner) && line[mark.len()..].trim_start().starts_with(char::is_uppercase) {
        return true;
    }
    inner.len() < mark.len()
        && !inner.is_empty()
        && inner.len() <= 4
        && (inner.chars().all(|c| c.is_ascii_digit() || c == '.')
            || inner.len() == 1 && inner.chars().all(|c| c.is_ascii_alphabetic())
            || inner.chars().all(|c| matches!(c, 'i' | 'v' | 'x')))
}

/// Whether a word is what an item is referred to by: `D2`, `R-03`, `AC12`.
fn is_reference(word: &str) -> bool {
    let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
    let number = word[letters..].trim_start_matches('-');
    (1..=2).contains(&letters)
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a full stop, a question mark or an exclamation mark at the end of `before` ends a sentence, given what
/// stands behind it.
fn ends_sentence(before: &str, after: &str) -> bool {
    let after = after.trim_start_matches(['"', '\'', ')', ']', '”', '’']);
    let rest = after.trim_start();
    if rest.len() == after.len() || rest.is_empty() {
        return false;
    }
    if rest.chars().next().is_some_and(char::is_lowercase) {
        return false;
    }
    let Some(before) = before.strip_suffix('.') else {
        return true;
    };
    if in_brackets(before, rest) {
        return false;
    }
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let number_of_item =
        before.trim_start() == word && word.chars().all(|c| c.is_ascii_digit() || c == '.');
    !(initial || number_of_item || abbreviates(word, rest))
}

/// Bytes that may stand between brackets beside a full stop that ends no sentence.
const IN_BRACKETS: usize = 60;

/// Whether a full stop between `before` and `rest` stands in short brackets: `the service desk (ext. 400)`.
fn in_brackets(before: &str, rest: &str) -> bool {
    let opened = before.rfind('(').filter(|at| !before[*at..].contains(')'));
    let closed = rest.find(')').filter(|at| !rest[..*at].contains('('));
    opened.zip(closed).is_some_and(|(at, end)| before.len() - at + end <= IN_BRACKETS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str, shape: PassageShape) -> Vec<&str> {
        units(text, shape).into_iter().map(|unit| &text[unit]).collect()
    }

    #[test]
    fn prose_is_cut_into_sentences() {
        let text = "Models are reviewed (e.g. The main one) by J. Smith. \
                    Is it so? \"Yes.\" See Art. 6 and v2.1 of\nthe plan. Done";
        insta::assert_debug_snapshot!(cut(text, PassageShape::Prose), @r#"
        [
            "Models are reviewed (e.g. The main one) by J. Smith.",
            "Is it so?",
            "\"Yes.",
            "\" See Art. 6 and v2.1 of\nthe plan.",
            "Done",
        ]
        "#);
    }

    #[test]
    fn a_list_is_cut_into_items_and_a_table_into_rows() {
        let list =
            "1. The owner signs\n   each release.\n2. Logs are kept. Always.\n(a) first\n\n- last";
        insta::assert_debug_snapshot!(cut(list, PassageShape::List), @r#"
        [
            "1. The owner signs\n   each release.",
            "2. Logs are kept.",
            "Always.",
            "(a) first",
            "- last",
        ]
        "#);
        let table = "Risk | Owner\nBias. High | Ann\n\nDrift | Bo";
        assert_eq!(
            cut(table, PassageShape::Table),
            ["Risk | Owner", "Bias. High | Ann", "Drift | Bo"]
        );
        let referred = "D1 The fence is raised. (Ann)\nD2 Gates are shut on\nA4 paper.";
        assert_eq!(
            cut(referred, PassageShape::Prose),
            ["D1 The fence is raised.", "(Ann)", "D2 Gates are shut on\nA4 paper."]
        );
    }

    #[test]
    fn a_full_stop_in_short_brackets_ends_nothing() {
        let text = "Call the gate (ext. 400). The guard (Mr. Bell.) comes.";
        assert_eq!(
            cut(text, PassageShape::Prose),
            ["Call the gate (ext. 400).", "The guard (Mr. Bell.) comes."]
        );
    }

    #[test]
    fn what_heads_its_paragraph_is_no_quote() {
        let frames = |text: &str| {
            let shape = PassageShape::Prose;
            frames(text, &units(text, shape), shape, false)
        };
        let minutes = "4. Gates and open actions. All are shut. Ann has the key.\n\n5. Other. None.\nPaint is ordered.";
        let [leads, none] = [Frame::Leads, Frame::None];
        assert_eq!(frames(minutes), [leads, none, none, leads, none, none]);
        assert_eq!(frames("Purpose. Gates are shut."), [leads, none]);
        for text in [
            "4. Gates and open actions.\nAll are shut.",
            "Guards shut gates. Ann has the key.",
            "4. Guards shut all of the gates. Ann has the key.",
            "All are shut. Ever. Ann has the key.",
            "1. Gates shut.\n2. Keys kept.",
        ] {
            assert!(frames(text).iter().all(|frame| *frame == none), "{text}");
        }
    }

    #[test]
    fn what_leads_in_is_told_from_what_stands_beneath() {
        let frames = |text: &str, shape, headed| frames(text, &units(text, shape), shape, headed);
        let list = "Each gate is:\n- shut at ten\n- seen by a guard\n\nGuards walk.";
        assert_eq!(
            frames(list, PassageShape::List, false),
            [Frame::Leads, Frame::Beneath(0), Frame::Beneath(0), Frame::None]
        );
        let table = "Gate | Shut by | Seen\nNorth | Ann | 3 May";
        assert_eq!(frames(table, PassageShape::Table, false), [Frame::Leads, Frame::None]);
        assert_eq!(frames(table, PassageShape::Table, true), [Frame::None, Frame::None]);
        assert_eq!(frames("Each gate is shut:", PassageShape::Prose, false), [Frame::None]);
        let scaled = "Gate | Rust (1-5) | Gap (cm, max. 9)\nNorth | 2 | 3";
        assert_eq!(frames(scaled, PassageShape::Table, false), [Frame::Leads, Frame::None]);
        let measured = "North (1) | 2 | 3\nSouth (2) | 3 | 3";
        assert_eq!(frames(measured, PassageShape::Table, false), [Frame::None, Frame::None]);
        let says = "The yard officer looks at each gate every year for:\n- rust\n- gaps";
        assert_eq!(
            frames(says, PassageShape::List, false),
            [Frame::None, Frame::Beneath(0), Frame::Beneath(0)],
            "a lead-in that says something is also quoted"
        );
        let label = "Yard owner | Ann Bell\nNorth gate | shut";
        assert_eq!(frames(label, PassageShape::Table, false), [Frame::None, Frame::None]);
    }

    proptest! {
        #[test]
        fn units_hold_everything_but_white_space_in_order(
            text in "[a-zA-Z0-9 .?!()\\n\\f\\-•é|]{0,120}",
            shape in prop_oneof![
                Just(PassageShape::Prose), Just(PassageShape::List), Just(PassageShape::Table)
            ],
        ) {
            let units = units(&text, shape);
            let bare = |s: &str| s.split_whitespace().collect::<String>();
            let joined: String = units.iter().map(|unit| bare(&text[unit.clone()])).collect();
            prop_assert_eq!(joined, bare(&text));
            prop_assert!(units.windows(2).all(|pair| pair[0].end <= pair[1].start));
            prop_assert!(units.iter().all(|unit| !unit.is_empty()));
        }
    }
}
