//! Single-byte encodings and glyph names, both from lopdf's tables.

use lopdf::{Dictionary, Document, Encoding, Object};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// The character of each code.
pub(super) type Table = [Option<char>; 256];

/// The encodings a font can be based on (ISO 32000-1, annex D).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Standard,
    WinAnsi,
    MacRoman,
    MacExpert,
    Symbol,
    Dingbats,
    Wingdings,
}

impl Base {
    /// The encoding of that name, if it is one that a font can be based on.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"StandardEncoding" => Some(Self::Standard),
            b"WinAnsiEncoding" => Some(Self::WinAnsi),
            b"MacRomanEncoding" => Some(Self::MacRoman),
            b"MacExpertEncoding" => Some(Self::MacExpert),
            _ => None,
        }
    }

    /// The encoding built into a font of that name, where it is a well-known symbol font.
    pub(super) fn built_in(font: &str) -> Option<Self> {
        match font {
            "Symbol" | "SymbolMT" => Some(Self::Symbol),
            _ if font.starts_with("ZapfDingbats") => Some(Self::Dingbats),
            _ if font.starts_with("Wingdings") => Some(Self::Wingdings),
            _ => None,
        }
    }

    /// Its table.
    pub(super) fn table(self) -> &'static Table {
        static TABLES: LazyLock<[Table; 7]> = LazyLock::new(|| {
            let mut win_ansi = read_table("WinAnsiEncoding");
            // The hyphen and the space of WinAnsi have two codes each, and its unused codes are
            // bullets (annex D.2, footnotes).
            win_ansi[0xa0] = Some(' ');
            win_ansi[0xad] = Some('-');
            for slot in &mut win_ansi[0x7f..0xa0] {
                slot.get_or_insert('\u{2022}');
            }
            [
                read_table("StandardEncoding"),
                win_ansi,
                read_table("MacRomanEncoding"),
                read_table("MacExpertEncoding"),
                symbol_table(),
                std::array::from_fn(|code| dingbat(code as u8)),
                std::array::from_fn(|code| Some(symbol(0xf000 + code as u32))),
            ]
        });
        &TABLES[self as usize]
    }
}

/// lopdf keeps its tables to itself but decodes with them.
fn read_table(name: &str) -> Table {
    let document = Document::new();
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Name(name.as_bytes().to_vec()));
    let Ok(encoding) = font.get_font_encoding(&document) else { return [None; 256] };
    std::array::from_fn(|code| {
        let text = Document::decode_text(&encoding, &[code as u8]).ok()?;
        text.chars().next().filter(|character| !character.is_control())
    })
}

/// Adobe's Symbol (ISO 32000-1, annex D.5): Greek in place of the letters, signs of mathematics.
/// The parts from which large brackets are put together are left out.
fn symbol_table() -> Table {
    let mut table = read_table("StandardEncoding");
    table[0x80..].fill(None);
    for (first, signs) in [
        (usize::from(b'A'), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"),
        (usize::from(b'a'), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"),
        (0xa1, "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…"),
        (0xc0, "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑"),
        (0xf1, "〉∫"),
    ] {
        for (slot, sign) in table[first..].iter_mut().zip(signs.chars()) {
            *slot = Some(sign);
        }
    }
    for (code, sign) in [
        (b'"', '∀'),
        (b'$', '∃'),
        (b'\'', '∋'),
        (b'*', '∗'),
        (b'-', '−'),
        (b'@', '≅'),
        (b'\\', '∴'),
        (b'^', '⊥'),
        (b'~', '∼'),
    ] {
        table[usize::from(code)] = Some(sign);
    }
    table
}

/// Adobe's ZapfDingbats: ticks and crosses as such, since forms are filled in with them, and
/// numbers in circles, which number lists; any other ornament serves as a bullet.
fn dingbat(code: u8) -> Option<char> {
    let counted = |first: char, from: u8| char::from_u32(first as u32 + u32::from(code - from));
    match code {
        0..=0x1f => None,
        b' ' => Some(' '),
        b'3' | b'4' => Some('\u{2713}'),
        b'5'..=b'8' => Some('\u{2717}'),
        0xac..=0xb5 => counted('\u{2460}', 0xac),
        0xb6..=0xd3 => counted('\u{2776}', 0xb6),
        0xd5 => Some('\u{2192}'),
        _ => Some('\u{2022}'),
    }
}

/// The text that a glyph's name stands for: a name of the Adobe Glyph List, `uni0041`, `u1F600`,
/// or several joined by `_`, each with or without a suffix (`a.sc`). The rules are those of the
/// Adobe Glyph List Specification, section 2.
pub(super) fn glyph_text(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    let base = name.split('.').next().filter(|base| !base.is_empty())?;
    if let Some(text) = component_text(base) {
        return Some(text);
    }
    let parts = base.split('_').map(component_text);
    if base.contains('_') { parts.collect() } else { None }
}

/// The number of a numbered glyph (`g24`, `cid108`, `a65`): few letters and then digits only.
pub(super) fn numbered(name: &[u8]) -> Option<u32> {
    let digits = name.iter().position(u8::is_ascii_digit).filter(|at| (1..=6).contains(at))?;
    let (letters, digits) = name.split_at(digits);
    let whole =
        letters.iter().all(u8::is_ascii_alphabetic) && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| whole)?.parse().ok()
}

fn component_text(name: &str) -> Option<String> {
    let character = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    if let Some(digits) = name.strip_prefix("uni")
        && digits.len() >= 4
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return (0..digits.len() / 4).map(|n| character(&digits[n * 4..n * 4 + 4])).collect();
    }
    if let Some(digits) = name.strip_prefix('u')
        && (4..=6).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return character(digits).map(String::from);
    }
    listed_text(name)
}

fn listed_text(name: &str) -> Option<String> {
    let document = Document::new();
    let mut differences = Dictionary::new();
    let glyph = vec![Object::Integer(1), Object::Name(name.as_bytes().to_vec())];
    differences.set("Differences", Object::Array(glyph));
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Dictionary(differences));
    let encoding = font.get_font_encoding(&document).ok()?;
    // Anything else is lopdf's fallback for a name that it does not know.
    let Encoding::Differences(_) = encoding else { return None };
    Document::decode_text(&encoding, &[1]).ok().filter(|text| !text.is_empty())
}

/// Appends a glyph's text as it should be read: ligatures expanded, the private codes of symbol
/// fonts turned into the signs that they draw, every space a plain one, controls dropped.
pub(super) fn push_readable(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            ' '..='~' => out.push(character),
            '\u{fb00}' => out.push_str("ff"),
            '\u{fb01}' => out.push_str("fi"),
            '\u{fb02}' => out.push_str("fl"),
            '\u{fb03}' => out.push_str("ffi"),
            '\u{fb04}' => out.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => out.push_str("st"),
            // Hebrew and Arabic letters in the form that their place in a word gives them.
            '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                out.extend(std::iter::once(character).nfkc());
            }
            // A soft hyphen that a page shows is one that a line breaks at.
            '\u{ad}' => out.push('-'),
            '\u{f000}'..='\u{f0ff}' => out.push(symbol(character as u32)),
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{feff}' => {}
            _ if character.is_whitespace() => out.push(' '),
            _ if character.is_control() => {}
            _ => out.push(character),
        }
    }
}

/// The sign that Word's symbol fonts draw for a private code: check boxes tell whether a form was
/// filled in, so they are kept apart; the rest serves as a bullet.
fn symbol(code: u32) -> char {
    match code & 0xff {
        0x6f | 0x71 | 0xa8 => '\u{2610}',
        0x52 | 0xfe => '\u{2611}',
        0x78 | 0xfd => '\u{2612}',
        0xfc => '\u{2713}',
        0xfb => '\u{2717}',
        0xe0 => '\u{2192}',
        0x20 => ' ',
        _ => '\u{2022}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_hold_what_their_names_say() {
        assert_eq!(Base::WinAnsi.table()[0x80], Some('\u{20ac}'));
        assert_eq!(Base::WinAnsi.table()[0xad], Some('-'));
        assert_eq!(Base::MacRoman.table()[0x8a], Some('\u{e4}'));
        assert_eq!(Base::Standard.table()[0xae], Some('\u{fb01}'));
        assert_eq!(Base::Standard.table()[0x41], Some('A'));
        let symbols = [0x61, 0xb3, 0xbc, 0xde, 0xe5, 0xf2].map(|code| Base::Symbol.table()[code]);
        assert_eq!(symbols, ['α', '≥', '…', '⇒', '∑', '∫'].map(Some));
        let dingbats =
            [b'4', 0xac, 0xd3, 0xd5].map(|code| Base::Dingbats.table()[usize::from(code)]);
        assert_eq!(dingbats, ['✓', '①', '➓', '→'].map(Some));
    }

    #[test]
    fn glyph_names_are_read_by_the_rules_of_their_list() {
        let text = |name: &str| glyph_text(name.as_bytes());
        assert_eq!(text("Adieresis").as_deref(), Some("\u{c4}"));
        assert_eq!(text("a.sc").as_deref(), Some("a"));
        assert_eq!(text("uni00410042").as_deref(), Some("AB"));
        assert_eq!(text("u1F600").as_deref(), Some("\u{1f600}"));
        assert_eq!(text("T_h").as_deref(), Some("Th"));
        assert_eq!(text("union").as_deref(), Some("\u{222a}"));
        assert_eq!(text("g23"), None);
        assert_eq!(text(".notdef"), None);
    }

    #[test]
    fn numbered_glyphs_have_letters_before_their_number() {
        assert_eq!(numbered(b"g24"), Some(24));
        assert_eq!(numbered(b"cid00108"), Some(108));
        assert_eq!(
            ["24", "g24a", "g", "Ndotaccent1x"].map(|name| numbered(name.as_bytes())),
            [None; 4]
        );
    }

    #[test]
    fn ligatures_and_symbols_become_readable() {
        let mut out = String::new();
        push_readable("o\u{fb03}\u{ad}ce\u{a0}\u{f0fe}\u{f0b7}\u{1}", &mut out);
        assert_eq!(out, "offi-ce \u{2611}\u{2022}");
    }
}
