//! Composite fonts: codes of one to four bytes, glyphs by number (CID).

use super::cmap::{CMap, Code};
use super::collection::Collection;
use super::encoding::Base;
use super::fonts::{Font, Kind, Shown, ToUnicode, base_name, is_bold};
use super::metrics::standard_width;
use super::objects::{dictionary_entry, entry, number, number_entry, resolve};
use super::program::{Embedded, descriptor};
use super::streams::stream_bytes;
use encoding_rs::Encoding;
use lopdf::{Dictionary, Document, Object, Stream};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

/// Widths of a composite font beyond this many are dropped.
const MOST_WIDTHS: usize = 200_000;
/// Bytes of a `/CIDToGIDMap`: two for each of all CIDs.
const GLYPH_MAP_BYTES: usize = 2 << 16;

/// A font of glyphs by number.
pub(super) struct Composite<'a> {
    document: &'a Document,
    codes: Codes,
    to_unicode: ToUnicode,
    collection: Option<Collection>,
    program: Embedded<'a>,
    /// From CIDs to the glyphs of the program; the same where there is none.
    glyph_map: Option<&'a Stream>,
    glyphs: OnceCell<Vec<u8>>,
    /// It is not in the file and has the glyphs of the fonts that every system has, in their order.
    common: bool,
    /// By glyph (CID), in ems.
    widths: HashMap<u32, f64>,
    default_width: f64,
}

enum Codes {
    /// Two bytes a code, and the code is the glyph.
    Identity,
    Map(CMap),
    /// A predefined CMap whose codes are those of a character encoding.
    Legacy {
        encoding: &'static Encoding,
        seven_bit: bool,
    },
}

impl<'a> Composite<'a> {
    pub(super) fn read(document: &'a Document, font: &'a Dictionary, limit: usize) -> Font<'a> {
        let (codes, vertical) = read_codes(document, font, limit);
        let descendant = entry(document, font, b"DescendantFonts")
            .and_then(|object| object.as_array().ok())
            .and_then(|fonts| resolve(document, fonts.first()?).as_dict().ok());
        let name = base_name(document, font);
        let default_width = descendant.and_then(|font| number_entry(document, font, b"DW"));
        let program =
            Embedded::of(document, descendant.and_then(|font| descriptor(document, font)), limit);
        let collection = descendant
            .and_then(|font| dictionary_entry(document, font, b"CIDSystemInfo"))
            .and_then(|system| entry(document, system, b"Ordering"))
            .and_then(|ordering| Collection::named(ordering.as_str().ok()?));
        let glyph_map = match descendant.and_then(|font| entry(document, font, b"CIDToGIDMap")) {
            Some(Object::Stream(stream)) => Some(stream),
            _ => None,
        };
        let composite = Self {
            document,
            codes,
            to_unicode: ToUnicode::read(document, font, limit),
            collection,
            glyph_map,
            glyphs: OnceCell::new(),
            common: !program.is_there() && standard_width(&name.replace(' ', ""), '0').is_some(),
            program,
            widths: descendant.map(|font| read_widths(document, font)).unwrap_or_default(),
            default_width: default_width.unwrap_or(1000.0) / 1000.0,
        };
        Font {
            bold: is_bold(document, descendant.unwrap_or(font), &name),
            space: 0.2,
            em: 1.0,
            vertical,
            kind: Kind::Composite(Box::new(composite)),
        }
    }

    pub(super) fn decode<'f>(&'f self, bytes: &[u8], mut show: impl FnMut(Shown<'f>)) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let code = self.codes.next(rest);
            let glyph = self.glyph(code);
            show(Shown {
                text: self.text(code, glyph),
                width: self.widths.get(&glyph).copied().unwrap_or(self.default_width),
                spaces_words: code == Code { value: 32, bytes: 1 },
            });
            rest = rest.get(code.bytes.max(1)..).unwrap_or_default();
        }
    }

    /// The glyph (CID) of a code.
    fn glyph(&self, code: Code) -> u32 {
        match &self.codes {
            Codes::Map(map) => map.glyph(code.value),
            Codes::Identity => code.value,
            Codes::Legacy { .. } => {
                let character = self.codes.text(code).and_then(|text| text.chars().next());
                let glyph = self.collection.zip(character).and_then(|(c, text)| c.glyph(text));
                glyph.unwrap_or(code.value)
            }
        }
    }

    fn text(&self, code: Code, glyph: u32) -> Option<Cow<'_, str>> {
        self.to_unicode
            .text(code.value)
            .or_else(|| self.codes.text(code).map(Cow::Owned))
            .or_else(|| self.collection?.text(glyph).map(|c| c.to_string().into()))
            .or_else(|| self.text_of_glyph(glyph))
    }

    fn text_of_glyph(&self, glyph: u32) -> Option<Cow<'_, str>> {
        if self.common {
            return common_glyph(glyph).map(|character| character.to_string().into());
        }
        if !self.program.is_there() {
            return None;
        }
        let glyph = match self.glyph_map {
            None => glyph,
            Some(stream) => {
                let map = self.glyphs.get_or_init(|| {
                    stream_bytes(self.document, stream, GLYPH_MAP_BYTES).unwrap_or_default()
                });
                let at = usize::try_from(glyph).ok()?.checked_mul(2)?;
                let [high, low] = *map.get(at..at + 2)? else { return None };
                u32::from(high) << 8 | u32::from(low)
            }
        };
        self.program.glyphs().glyph(glyph).map(Cow::Borrowed)
    }
}

/// The fonts that come with Windows and macOS (Arial, Times New Roman, Courier New) begin with the
/// Macintosh's glyphs in its order: the printable ones of ASCII, then those of Mac Roman.
fn common_glyph(glyph: u32) -> Option<char> {
    let code = match glyph {
        3..=97 => glyph + 29,
        98..=225 => glyph + 30,
        _ => return None,
    };
    *Base::MacRoman.table().get(code as usize)?
}

impl Codes {
    /// The first code of a string that is not empty.
    fn next(&self, bytes: &[u8]) -> Code {
        let length = match self {
            Self::Map(map) if map.has_spaces() => return map.code(bytes),
            Self::Legacy { encoding, seven_bit: false } => legacy_length(encoding, bytes),
            _ => 2,
        };
        let cut = &bytes[..length.min(bytes.len())];
        let value = cut.iter().fold(0, |value, byte| value << 8 | u32::from(*byte));
        Code { value, bytes: cut.len() }
    }

    fn text(&self, code: Code) -> Option<String> {
        let Self::Legacy { encoding, seven_bit } = self else { return None };
        let mut bytes = code.value.to_be_bytes()[4 - code.bytes.clamp(1, 4)..].to_vec();
        if *seven_bit {
            bytes.iter_mut().for_each(|byte| *byte |= 0x80);
        }
        let (text, damaged) = encoding.decode_without_bom_handling(&bytes);
        (!damaged).then(|| text.into_owned())
    }
}

fn read_codes(document: &Document, font: &Dictionary, limit: usize) -> (Codes, bool) {
    match entry(document, font, b"Encoding") {
        Some(Object::Stream(stream)) => {
            let program = stream_bytes(document, stream, limit).unwrap_or_default();
            let vertical = number_entry(document, &stream.dict, b"WMode") == Some(1.0);
            (Codes::Map(CMap::parse(&program)), vertical)
        }
        encoding => {
            let name = encoding.and_then(|object| object.as_name().ok()).unwrap_or_default();
            let name = String::from_utf8_lossy(name);
            (legacy_codes(&name).unwrap_or(Codes::Identity), name == "V" || name.ends_with("-V"))
        }
    }
}

fn legacy_length(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let half_width_kana =
        encoding == encoding_rs::SHIFT_JIS && matches!(bytes.first(), Some(0xa0..=0xdf));
    match bytes.first() {
        _ if encoding == encoding_rs::UTF_16BE => 2,
        Some(0x81..) if !half_width_kana => 2,
        _ => 1,
    }
}

/// The encoding behind a predefined CMap (ISO 32000-1, table 118).
fn legacy_codes(name: &str) -> Option<Codes> {
    let encoding = match name {
        _ if name.contains("UCS2") || name.contains("UTF16") => encoding_rs::UTF_16BE,
        _ if name.contains("RKSJ") => encoding_rs::SHIFT_JIS,
        _ if name.starts_with("GB") => encoding_rs::GBK,
        _ if name.starts_with("KSC") => encoding_rs::EUC_KR,
        _ if name.contains("B5") => encoding_rs::BIG5,
        "EUC-H" | "EUC-V" | "H" | "V" => encoding_rs::EUC_JP,
        _ => return None,
    };
    Some(Codes::Legacy { encoding, seven_bit: matches!(name, "H" | "V") })
}

/// The `/W` array: `first [width ...]` and `first last width` (ISO 32000-1, 9.7.4.3).
fn read_widths(document: &Document, font: &Dictionary) -> HashMap<u32, f64> {
    let mut widths = HashMap::new();
    let Some(array) = entry(document, font, b"W").and_then(|object| object.as_array().ok()) else {
        return widths;
    };
    let mut items = array.iter().map(|object| resolve(document, object));
    while let (Some(first), Some(second)) = (items.next().and_then(number), items.next()) {
        let first = first as u32;
        if let Object::Array(each) = second {
            for (glyph, width) in (first..).zip(each) {
                if let Some(width) = number(resolve(document, width)) {
                    widths.insert(glyph, width / 1000.0);
                }
            }
        } else if let (Some(last), Some(width)) = (number(second), items.next().and_then(number)) {
            let last = (last as u32).min(first.saturating_add(0xffff));
            widths.extend((first..=last).map(|glyph| (glyph, width / 1000.0)));
        }
        if widths.len() > MOST_WIDTHS {
            break;
        }
    }
    widths
}
