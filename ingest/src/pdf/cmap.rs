//! CMaps: which bytes make a code, which text or which glyph a code stands for.

use std::collections::HashMap;

/// Codes beyond this many are not mapped; a real font has at most 65,536.
const MOST_CODES: usize = 400_000;
/// Codespace ranges beyond this many are not read: each code is held against all of them.
const MOST_SPACES: usize = 256;
/// Tokens beyond this many are not read.
const MOST_TOKENS: usize = 2_000_000;

/// A code as cut from a string: its value and how many bytes it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) value: u32,
    pub(super) bytes: usize,
}

/// A character map, of a `/ToUnicode` or of a composite font's `/Encoding`.
#[derive(Debug, Default)]
pub(super) struct CMap {
    spaces: Vec<Range>,
    text: HashMap<u32, String>,
    /// First code, last code, first glyph.
    glyphs: Vec<(u32, u32, u32)>,
    /// Entries read so far: ranges may map the same codes over and over, so the map's size does
    /// not bound the work.
    entries: usize,
}

#[derive(Debug)]
struct Range {
    bytes: usize,
    first: u32,
    last: u32,
}

impl CMap {
    /// Reads a CMap program; what cannot be understood is left out.
    pub(super) fn parse(program: &[u8]) -> Self {
        let tokens = lex(program);
        let mut map = Self::default();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            let Token::Keyword(keyword) = token else { continue };
            at = match *keyword {
                b"begincodespacerange" => map.read_spaces(&tokens, at),
                b"beginbfchar" => map.read_characters(&tokens, at),
                b"beginbfrange" => map.read_ranges(&tokens, at),
                b"begincidrange" => map.read_glyph_ranges(&tokens, at),
                b"begincidchar" => map.read_glyphs(&tokens, at),
                _ => at,
            };
        }
        map.glyphs.sort_unstable();
        map
    }

    /// Whether it maps no code to text.
    pub(super) fn is_textless(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it says which bytes make a code.
    pub(super) fn has_spaces(&self) -> bool {
        !self.spaces.is_empty()
    }

    /// The text that a code stands for.
    pub(super) fn text(&self, code: u32) -> Option<&str> {
        self.text.get(&code).map(String::as_str)
    }

    /// The glyph (CID) that a code stands for; the code itself where the map is silent.
    pub(super) fn glyph(&self, code: u32) -> u32 {
        let after = self.glyphs.partition_point(|(first, _, _)| *first <= code);
        match after.checked_sub(1).and_then(|index| self.glyphs.get(index)) {
            Some((first, last, glyph)) if code <= *last => glyph.wrapping_add(code - first),
            _ => code,
        }
    }

    /// The code at the start of `bytes`, which must not be empty: the shortest that lies in a
    /// codespace range, else as many bytes as the shortest range has, so that codes the map does
    /// not know leave the following ones in step.
    pub(super) fn code(&self, bytes: &[u8]) -> Code {
        for length in 1..=bytes.len().min(4) {
            let value = big_endian(&bytes[..length]);
            let within = |space: &Range| {
                space.bytes == length && (space.first..=space.last).contains(&value)
            };
            if self.spaces.iter().any(within) {
                return Code { value, bytes: length };
            }
        }
        let shortest = self.spaces.iter().map(|space| space.bytes).min().unwrap_or(2);
        let length = shortest.min(bytes.len());
        Code { value: big_endian(&bytes[..length]), bytes: length }
    }

    fn read_spaces(&mut self, tokens: &[Token<'_>], mut at: usize) -> usize {
        while let [Token::Hex(first), Token::Hex(last), ..] = &tokens[at..] {
            if self.spaces.len() < MOST_SPACES {
                self.spaces.push(Range {
                    bytes: first.len().clamp(1, 4),
                    first: big_endian(first),
                    last: big_endian(last),
                });
            }
            at += 2;
        }
        at
    }

    fn read_characters(&mut self, tokens: &[Token<'_>], mut at: usize) -> usize {
        while let [Token::Hex(code), second, ..] = &tokens[at..] {
            if let Token::Hex(text) = second {
                self.map(big_endian(code), utf16(text));
            }
            at += 2;
        }
        at
    }

    fn read_ranges(&mut self, tokens: &[Token<'_>], mut at: usize) -> usize {
        loop {
            match &tokens[at..] {
                [Token::Hex(first), Token::Hex(last), Token::Hex(text), ..] => {
                    let first = big_endian(first);
                    for code in first..=big_endian(last) {
                        if self.entries >= MOST_CODES {
                            break;
                        }
                        self.map(code, utf16(&advanced(text, code - first)));
                    }
                    at += 3;
                }
                [Token::Hex(first), Token::Hex(_), Token::Open, ..] => {
                    let mut code = big_endian(first);
                    at += 3;
                    while let Some(Token::Hex(text)) = tokens.get(at) {
                        self.map(code, utf16(text));
                        code = code.wrapping_add(1);
                        at += 1;
                    }
                    at += usize::from(matches!(tokens.get(at), Some(Token::Close)));
                }
                _ => return at,
            }
        }
    }

    fn read_glyph_ranges(&mut self, tokens: &[Token<'_>], mut at: usize) -> usize {
        while let [Token::Hex(first), Token::Hex(last), Token::Number(glyph), ..] = &tokens[at..] {
            self.glyphs.push((big_endian(first), big_endian(last), *glyph));
            at += 3;
        }
        at
    }

    fn read_glyphs(&mut self, tokens: &[Token<'_>], mut at: usize) -> usize {
        while let [Token::Hex(code), Token::Number(glyph), ..] = &tokens[at..] {
            let code = big_endian(code);
            self.glyphs.push((code, code, *glyph));
            at += 2;
        }
        at
    }

    fn map(&mut self, code: u32, text: String) {
        if self.entries < MOST_CODES {
            self.entries += 1;
            self.text.insert(code, text);
        }
    }
}

enum Token<'a> {
    Hex(Vec<u8>),
    Number(u32),
    Open,
    Close,
    Keyword(&'a [u8]),
}

fn lex(program: &[u8]) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let run = |from: usize, matches: fn(&u8) -> bool| {
        program[from..].iter().position(|byte| !matches(byte)).map_or(program.len(), |n| from + n)
    };
    while let Some(&byte) = program.get(at) {
        if tokens.len() >= MOST_TOKENS {
            break;
        }
        let start = at;
        at += 1;
        match byte {
            b'%' => at = run(start, |byte| *byte != b'\n' && *byte != b'\r'),
            b'<' if program.get(at) == Some(&b'<') => at += 1,
            b'<' => {
                let end = run(at, |byte| *byte != b'>');
                tokens.push(Token::Hex(hexadecimal(&program[at..end])));
                at = (end + 1).min(program.len());
            }
            b'[' => tokens.push(Token::Open),
            b']' => tokens.push(Token::Close),
            b'0'..=b'9' => {
                at = run(start, u8::is_ascii_digit);
                let digits = std::str::from_utf8(&program[start..at]).unwrap_or_default();
                tokens.extend(digits.parse().ok().map(Token::Number));
            }
            b'a'..=b'z' | b'A'..=b'Z' => {
                at = run(start, u8::is_ascii_alphanumeric);
                tokens.push(Token::Keyword(&program[start..at]));
            }
            _ => {}
        }
    }
    tokens
}

fn hexadecimal(digits: &[u8]) -> Vec<u8> {
    let mut values: Vec<u8> =
        digits.iter().filter_map(|byte| (*byte as char).to_digit(16)).map(|v| v as u8).collect();
    if values.len() % 2 == 1 {
        values.push(0);
    }
    values.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |value, byte| value << 8 | u32::from(*byte))
}

/// The text of a range's code that lies `by` after its first.
fn advanced(text: &[u8], by: u32) -> Vec<u8> {
    let mut bytes = text.to_vec();
    let mut carry = by;
    for byte in bytes.iter_mut().rev() {
        let sum = u32::from(*byte) + (carry & 0xff);
        *byte = sum as u8;
        carry = (carry >> 8) + (sum >> 8);
    }
    bytes
}

/// Big-endian UTF-16; a single byte, which some producers write, is a character of its own.
fn utf16(bytes: &[u8]) -> String {
    if let [byte] = bytes {
        return char::from(*byte).to_string();
    }
    let units = bytes
        .chunks(2)
        .map(|pair| u16::from(pair[0]) << 8 | u16::from(pair.get(1).copied().unwrap_or(0)));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn characters_and_ranges_map_to_text() {
        let map = CMap::parse(
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange
              2 beginbfchar <0003> <0020> <0010> <00660069> endbfchar
              2 beginbfrange <0024> <0026> <0041> <0030> <0031> [<0061> <D83DDE00>] endbfrange",
        );
        assert_eq!(map.text(0x0003), Some(" "));
        assert_eq!(map.text(0x0010), Some("fi"));
        assert_eq!(map.text(0x0026), Some("C"));
        assert_eq!(map.text(0x0030), Some("a"));
        assert_eq!(map.text(0x0031), Some("\u{1f600}"));
        assert_eq!(map.text(0x0027), None);
    }

    #[test]
    fn unknown_codes_leave_the_next_in_step() {
        let map = CMap::parse(b"begincodespacerange <00> <80> <8140> <9ffc> endcodespacerange");
        assert_eq!(map.code(b"A\x81"), Code { value: 0x41, bytes: 1 });
        assert_eq!(map.code(b"\x81\x40A"), Code { value: 0x8140, bytes: 2 });
        assert_eq!(map.code(b"\xff\x41"), Code { value: 0xff, bytes: 1 });
    }

    #[test]
    fn glyph_ranges_count_up_from_their_first() {
        let map =
            CMap::parse(b"begincidrange <20> <7e> 1 endcidrange begincidchar <80> 500 endcidchar");
        assert_eq!([map.glyph(0x21), map.glyph(0x80), map.glyph(0x90)], [2, 500, 0x90]);
    }

    #[test]
    fn a_range_over_all_codes_is_cut() {
        let map = CMap::parse(b"beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange");
        assert_eq!(map.text.len(), MOST_CODES);
    }

    proptest! {
        #[test]
        fn any_program_can_be_read(program in "(begin(bf|cid)(char|range) |<[0-9a-f]{0,6}> |\\[|\\]|[0-9]{1,11} |[ -~]){0,60}") {
            let map = CMap::parse(program.as_bytes());
            prop_assert!(map.code(b"\x01").bytes == 1);
        }
    }
}
