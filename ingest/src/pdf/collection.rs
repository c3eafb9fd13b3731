//! Adobe's character collections: which character a glyph number (CID) of a font for Japanese,
//! Chinese or Korean stands for.
//!
//! Each collection numbers the characters of its country's standard in the standard's own order, so
//! that the numbers need no table: they are counted through the standard's rows. What was numbered
//! later (rare and variant forms) is not known here; nor is the one for traditional Chinese, which
//! keeps to no order.

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A collection that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collection {
    Japan,
    China,
    Korea,
}

/// Characters in a row of the standards, and the byte before the first of them.
const ROW: u16 = 94;
const BEFORE_ROW: u16 = 0xa0;

/// Codes from the first to the last, all in one row or all rows from one to another, and the glyph
/// of the first code.
type Run = (u16, u16, u32);

const JAPAN: [Run; 17] = [
    (0xa1a1, 0xa1fe, 633),
    (0xa2a1, 0xa2ae, 727),
    (0xa2ba, 0xa2c1, 741),
    (0xa2ca, 0xa2d0, 749),
    (0xa2dc, 0xa2ea, 756),
    (0xa2f2, 0xa2f9, 771),
    (0xa2fe, 0xa2fe, 779),
    (0xa3b0, 0xa3b9, 780),
    (0xa3c1, 0xa3da, 790),
    (0xa3e1, 0xa3fa, 816),
    (0xa4a1, 0xa4f3, 842),
    (0xa5a1, 0xa5f6, 925),
    (0xa6a1, 0xa6b8, 1011),
    (0xa6c1, 0xa6d8, 1035),
    (0xa7a1, 0xa7c1, 1059),
    (0xa7d1, 0xa7f1, 1092),
    (0xb0a1, 0xcfd3, 1125),
];
const JAPAN_SECOND_LEVEL: Run = (0xd0a1, 0xf4a4, 4090);

const CHINA: [Run; 16] = [
    (0xa1a1, 0xa1fe, 96),
    (0xa2b1, 0xa2e2, 190),
    (0xa2e5, 0xa2ee, 240),
    (0xa2f1, 0xa2fc, 250),
    (0xa3a1, 0xa3fe, 262),
    (0xa4a1, 0xa4f3, 356),
    (0xa5a1, 0xa5f6, 439),
    (0xa6a1, 0xa6b8, 525),
    (0xa6c1, 0xa6d8, 549),
    (0xa7a1, 0xa7c1, 592),
    (0xa7d1, 0xa7f1, 625),
    (0xa8a1, 0xa8ba, 658),
    (0xa8c5, 0xa8e9, 684),
    (0xa9a4, 0xa9ef, 721),
    (0xb0a1, 0xd7f9, 939),
    (0xd8a1, 0xf7fe, 4694),
];

const KOREA: [Run; 18] = [
    (0xa1a1, 0xa1fe, 101),
    (0xa2a1, 0xa2e5, 195),
    (0xa3a1, 0xa3fe, 264),
    (0xa4a1, 0xa4d3, 358),
    (0xa4d5, 0xa4fe, 409),
    (0xa5a1, 0xa5aa, 451),
    (0xa5b0, 0xa5b9, 461),
    (0xa5c1, 0xa5d8, 471),
    (0xa5e1, 0xa5f8, 495),
    (0xa6a1, 0xa6e4, 519),
    (0xa7a1, 0xa7ef, 587),
    (0xa8b1, 0xa8fe, 679),
    (0xa9a1, 0xa9fe, 757),
    (0xaaa1, 0xaaf3, 851),
    (0xaba1, 0xabf6, 934),
    (0xaca1, 0xacc1, 1020),
    (0xacd1, 0xacf1, 1053),
    (0xb0a1, 0xc8fe, 1086),
];

/// Characters by glyph and glyphs by character.
#[derive(Default)]
struct Table {
    characters: HashMap<u32, char>,
    glyphs: HashMap<char, u32>,
}

impl Collection {
    /// The collection of that name (`/Ordering`).
    pub(super) fn named(ordering: &[u8]) -> Option<Self> {
        match ordering {
            b"Japan1" => Some(Self::Japan),
            b"GB1" => Some(Self::China),
            b"Korea1" => Some(Self::Korea),
            _ => None,
        }
    }

    /// The character of a glyph.
    pub(super) fn text(self, glyph: u32) -> Option<char> {
        self.table().characters.get(&glyph).copied()
    }

    /// The glyph of a character.
    pub(super) fn glyph(self, character: char) -> Option<u32> {
        self.table().glyphs.get(&character).copied()
    }

    fn table(self) -> &'static Table {
        static JAPANESE: LazyLock<Table> = LazyLock::new(|| {
            let mut table = Table::default();
            table.count(231, ' '..='~');
            table.count(327, '\u{ff61}'..='\u{ff9f}');
            table.fill(EUC_JP, JAPAN.iter().chain([&JAPAN_SECOND_LEVEL]));
            table
        });
        static CHINESE: LazyLock<Table> = LazyLock::new(|| {
            let mut table = Table::default();
            table.count(814, ' '..='~');
            table.fill(GBK, CHINA.iter());
            table
        });
        static KOREAN: LazyLock<Table> = LazyLock::new(|| {
            let mut table = Table::default();
            table.count(8094, ' '..='~');
            table.fill(EUC_KR, KOREA.iter());
            table
        });
        match self {
            Self::Japan => &JAPANESE,
            Self::China => &CHINESE,
            Self::Korea => &KOREAN,
        }
    }
}

impl Table {
    /// Glyphs one after the other, and the proportional Latin letters with which each begins.
    fn count(&mut self, first: u32, characters: impl Iterator<Item = char>) {
        for (glyph, character) in (first..).zip(characters).chain((1..).zip(' '..='~')) {
            self.characters.insert(glyph, character);
            self.glyphs.insert(character, glyph);
        }
    }

    fn fill<'r>(&mut self, encoding: &'static Encoding, runs: impl Iterator<Item = &'r Run>) {
        for &(first, last, glyph) in runs {
            let row_of = |code: u16| code >> 8;
            let codes = (row_of(first)..=row_of(last))
                .flat_map(|row| (1..=ROW).map(move |cell| row << 8 | (BEFORE_ROW + cell)));
            let codes = codes.filter(|code| (first..=last).contains(code));
            for (glyph, code) in (glyph..).zip(codes) {
                let bytes = code.to_be_bytes();
                let (text, damaged) = encoding.decode_without_bom_handling(&bytes);
                if let Some(character) = text.chars().next().filter(|_| !damaged) {
                    self.characters.insert(glyph, character);
                    self.glyphs.entry(character).or_insert(glyph);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_are_counted_through_the_standards() {
        let text = |collection: Collection, glyph| collection.text(glyph);
        assert_eq!(text(Collection::Japan, 1), Some(' '));
        assert_eq!(text(Collection::Japan, 34), Some('A'));
        assert_eq!(text(Collection::Japan, 843), Some('あ'));
        assert_eq!(text(Collection::Japan, 1125), Some('亜'));
        assert_eq!(text(Collection::Japan, 4090), Some('弌'));
        assert_eq!(text(Collection::Japan, 7477), Some('瑤'));
        assert_eq!(text(Collection::China, 939), Some('啊'));
        assert_eq!(text(Collection::China, 4694), Some('亍'));
        assert_eq!(text(Collection::Korea, 1086), Some('가'));
        assert_eq!(text(Collection::Korea, 3435), Some('힝'));
        assert_eq!(text(Collection::Korea, 99_999), None);
        assert_eq!(Collection::Japan.glyph('亜'), Some(1125));
        assert_eq!(Collection::named(b"Identity"), None);
    }
}
