//! Content streams cut into operations. Arrays and dictionaries are flattened: no operator that
//! shows text needs their nesting, and without nesting there is nothing to recurse into. Junk
//! between tokens is stepped over, so a damaged spot costs an operation and not the page.

use std::borrow::Cow;

/// Operands beyond this many before one operator are dropped.
const MOST_OPERANDS: usize = 100_000;
/// How far after `BI` its `ID` is looked for, in bytes.
const LONGEST_IMAGE_DICTIONARY: usize = 4096;

/// What an operator is given.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand<'a> {
    Number(f64),
    Text(Cow<'a, [u8]>),
    Name(Cow<'a, [u8]>),
}

/// A content stream on its way through.
pub(super) struct Tokens<'a> {
    data: &'a [u8],
    at: usize,
    /// No inline image ends in what is left: not to be searched for again.
    no_image_ends: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, no_image_ends: false }
    }

    /// The next operator, its operands left in `operands`; `None` at the end of the stream.
    /// Inline images are stepped over and come as the operator `BI`.
    pub(super) fn next_operation(&mut self, operands: &mut Vec<Operand<'a>>) -> Option<&'a [u8]> {
        operands.clear();
        loop {
            let operand = match self.peek()? {
                b'(' => Operand::Text(self.literal()),
                b'<' if self.data.get(self.at + 1) == Some(&b'<') => {
                    self.at += 2;
                    continue;
                }
                b'<' => Operand::Text(self.hexadecimal()),
                b'/' => Operand::Name(self.name()),
                b'0'..=b'9' | b'+' | b'-' | b'.' => Operand::Number(self.number()),
                b'%' => {
                    self.skip_while(|byte| byte != b'\n' && byte != b'\r');
                    continue;
                }
                byte if is_regular(byte) => {
                    let start = self.at;
                    self.skip_while(is_regular);
                    match &self.data[start..self.at] {
                        b"true" | b"false" | b"null" => continue,
                        operator @ b"BI" => {
                            self.skip_inline_image();
                            return Some(operator);
                        }
                        operator => return Some(operator),
                    }
                }
                _ => {
                    self.at += 1;
                    continue;
                }
            };
            if operands.len() < MOST_OPERANDS {
                operands.push(operand);
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    fn skip_while(&mut self, matches: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&matches) {
            self.at += 1;
        }
    }

    /// `(text)`, borrowed where nothing in it is escaped.
    fn literal(&mut self) -> Cow<'a, [u8]> {
        let start = self.at + 1;
        self.at = start;
        let mut depth = 1usize;
        let mut plain = true;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => {
                    plain = false;
                    self.at += 1;
                }
                b'\r' => plain = false,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            self.at += 1;
        }
        let end = self.at.min(self.data.len());
        self.at = end + 1;
        let raw = &self.data[start.min(end)..end];
        if plain { Cow::Borrowed(raw) } else { Cow::Owned(unescape(raw)) }
    }

    /// `<hexadecimal digits>`; an odd digit at the end counts as if a zero followed.
    fn hexadecimal(&mut self) -> Cow<'a, [u8]> {
        self.at += 1;
        let mut bytes = Vec::new();
        let mut high = None;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(digit) = (byte as char).to_digit(16) else { continue };
            let digit = digit as u8;
            match high.take() {
                None => high = Some(digit),
                Some(high) => bytes.push(high << 4 | digit),
            }
        }
        bytes.extend(high.map(|high| high << 4));
        Cow::Owned(bytes)
    }

    /// `/Name`, with `#20` resolved.
    fn name(&mut self) -> Cow<'a, [u8]> {
        let start = self.at + 1;
        self.at = start;
        self.skip_while(is_regular);
        let raw = &self.data[start..self.at];
        if !raw.contains(&b'#') {
            return Cow::Borrowed(raw);
        }
        let mut bytes = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((&byte, after)) = rest.split_first() {
            let digit = |index: usize| after.get(index).and_then(|b| (*b as char).to_digit(16));
            if let (b'#', Some(high), Some(low)) = (byte, digit(0), digit(1)) {
                bytes.push((high << 4 | low) as u8);
                rest = &after[2..];
            } else {
                bytes.push(byte);
                rest = after;
            }
        }
        Cow::Owned(bytes)
    }

    /// A number as producers write them: `-.5`, `--3`, `12.`, and `1.2-3` with its stray sign.
    fn number(&mut self) -> f64 {
        let (mut value, mut scale, mut negative, mut fraction) = (0.0, 1.0, false, false);
        let start = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b'-' if self.at == start => negative = true,
                b'-' | b'+' => {}
                b'.' if fraction => break,
                b'.' => fraction = true,
                b'0'..=b'9' => {
                    value = value * 10.0 + f64::from(byte - b'0');
                    if fraction {
                        scale *= 10.0;
                    }
                }
                _ => break,
            }
            self.at += 1;
        }
        // A second point starts the next number (`0.5.5`); it must not be met again unread.
        if self.at == start {
            self.at += 1;
        }
        let value: f64 = value / scale;
        match (value.is_finite(), negative) {
            (false, _) => 0.0,
            (true, true) => -value,
            (true, false) => value,
        }
    }

    /// From after `BI` to after its `EI`: a word of its own with something like an operation
    /// behind it, for the image's bytes can hold those two letters too.
    fn skip_inline_image(&mut self) {
        if self.no_image_ends {
            return;
        }
        let data = &self.data[self.at..];
        let dictionary = &data[..data.len().min(LONGEST_IMAGE_DICTIONARY)];
        let mut from = find(dictionary, b"ID").map_or(0, |at| at + 2);
        while let Some(found) = data.get(from..).and_then(|rest| find(rest, b"EI")) {
            let (start, end) = (from + found, from + found + 2);
            let own_word = data.get(start.wrapping_sub(1)).is_none_or(u8::is_ascii_whitespace)
                && data.get(end).is_none_or(u8::is_ascii_whitespace);
            let text_follows = data[end..]
                .iter()
                .take(8)
                .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
            if own_word && text_follows {
                self.at += end;
                return;
            }
            from = end;
        }
        // Without an end the rest may still hold text; the image's bytes are junk to step over.
        self.no_image_ends = true;
    }
}

fn find(data: &[u8], word: &[u8; 2]) -> Option<usize> {
    data.windows(2).position(|window| window == word)
}

fn is_regular(byte: u8) -> bool {
    !matches!(
        byte,
        b'\0'
            | b'\t'
            | b'\n'
            | b'\x0c'
            | b'\r'
            | b' '
            | b'('
            | b')'
            | b'<'
            | b'>'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'/'
            | b'%'
    )
}

/// Escapes of a literal string resolved (ISO 32000-1, 7.3.4.2).
fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        at += 1;
        match byte {
            b'\r' => {
                bytes.push(b'\n');
                at += usize::from(raw.get(at) == Some(&b'\n'));
            }
            b'\\' => {
                let Some(&escaped) = raw.get(at) else { break };
                at += 1;
                match escaped {
                    b'n' => bytes.push(b'\n'),
                    b'r' => bytes.push(b'\r'),
                    b't' => bytes.push(b'\t'),
                    b'b' => bytes.push(8),
                    b'f' => bytes.push(12),
                    b'\r' => at += usize::from(raw.get(at) == Some(&b'\n')),
                    b'\n' => {}
                    b'0'..=b'7' => {
                        let mut code = u32::from(escaped - b'0');
                        for _ in 0..2 {
                            let Some(digit @ b'0'..=b'7') = raw.get(at) else { break };
                            code = code * 8 + u32::from(digit - b'0');
                            at += 1;
                        }
                        bytes.push(code as u8);
                    }
                    other => bytes.push(other),
                }
            }
            other => bytes.push(other),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn operations(data: &[u8]) -> Vec<(String, Vec<Operand<'_>>)> {
        let (mut tokens, mut operands, mut found) = (Tokens::new(data), Vec::new(), Vec::new());
        while let Some(operator) = tokens.next_operation(&mut operands) {
            found.push((String::from_utf8_lossy(operator).into_owned(), operands.clone()));
        }
        found
    }

    fn text(bytes: &[u8]) -> Operand<'_> {
        Operand::Text(Cow::Borrowed(bytes))
    }

    #[test]
    fn operands_come_flat_with_their_operator() {
        let found = operations(b"BT /F#31 12 Tf [(a) -120.5 <6263>] TJ ET");
        assert_eq!(found.len(), 4);
        assert_eq!(
            found[1],
            ("Tf".into(), vec![Operand::Name(Cow::Borrowed(b"F1")), Operand::Number(12.0)])
        );
        assert_eq!(found[2], ("TJ".into(), vec![text(b"a"), Operand::Number(-120.5), text(b"bc")]));
    }

    #[test]
    fn dictionaries_come_flat_too() {
        let found = operations(b"/Span <</ActualText<61>>> BDC");
        let names = [b"Span".as_slice(), b"ActualText"].map(|name| Operand::Name(name.into()));
        assert_eq!(found[0].1[..2], names);
        assert_eq!(found[0].1[2], text(b"a"));
    }

    #[test]
    fn strings_nest_and_escape() {
        assert_eq!(operations(b"(a(b)c) Tj")[0].1, [text(b"a(b)c")]);
        assert_eq!(operations(b"(a\\)\\101\\\nb\\7) Tj")[0].1, [text(b"a)Ab\x07")]);
    }

    #[test]
    fn numbers_are_read_as_producers_write_them() {
        let values: Vec<_> = operations(b"-.5 --3 12. +4 0.5.25 Tm").remove(0).1;
        let expected = [-0.5, -3.0, 12.0, 4.0, 0.5, 0.25];
        assert_eq!(values, expected.map(Operand::Number));
    }

    #[test]
    fn an_inline_image_is_stepped_over() {
        let found = operations(b"BI /W 1 ID \x01EI\x02 x EI\nBT (after) Tj ET");
        let operators: Vec<_> = found.iter().map(|(operator, _)| operator.as_str()).collect();
        assert_eq!(operators, ["BI", "BT", "Tj", "ET"]);
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(data in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(operations(&data).len() <= data.len());
        }
    }
}
