//! Fonts: bytes of a string to glyphs with their text and width.

use super::cmap::{CMap, Code};
use super::encoding::{Base, glyph_text};
use super::metrics::standard_width;
use super::objects::{
    dictionary_entry, entry, name_entry, number, number_entry, numbers_entry, resolve, stream_bytes,
};
use encoding_rs::Encoding;
use lopdf::{Dictionary, Document, Object};
use std::borrow::Cow;
use std::collections::HashMap;

/// Widths of a composite font beyond this many are dropped.
const MOST_WIDTHS: usize = 200_000;
/// Entries of a `/Differences` array beyond this many are not read.
const MOST_DIFFERENCES: usize = 4_096;
/// Flags of a font descriptor (ISO 32000-1, table 123).
const FORCE_BOLD: u32 = 1 << 18;
/// Font weight from which a font counts as bold (the scale is CSS's).
const BOLD_WEIGHT: f64 = 600.0;

/// A font, ready to decode strings.
pub(super) struct Font {
    kind: Kind,
    /// Bold by its name, weight or flags.
    pub(super) bold: bool,
    /// Width of a space, in ems.
    pub(super) space: f64,
    /// Ems for a unit of the text's size: 1, except where a Type 3 font draws in its own scale.
    pub(super) em: f64,
    /// Written from top to bottom.
    pub(super) vertical: bool,
}

enum Kind {
    Simple(Box<[Slot; 256]>),
    Composite(Box<Composite>),
}

/// What a single-byte code shows.
#[derive(Clone, Debug, Default, PartialEq)]
struct Slot {
    text: Option<Box<str>>,
    /// In ems.
    width: f64,
}

struct Composite {
    codes: Codes,
    to_unicode: ToUnicode,
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

enum ToUnicode {
    Missing,
    /// Codes are Unicode.
    Identity,
    Map(CMap),
}

/// A glyph as decoded from a string.
pub(super) struct Shown<'f> {
    /// `None` where nothing says which character the glyph is.
    pub(super) text: Option<Cow<'f, str>>,
    /// Advance in ems.
    pub(super) width: f64,
    /// Word spacing applies to it.
    pub(super) spaces_words: bool,
}

impl Font {
    /// Reads a font's dictionary. What is missing or broken is replaced by a default: a string
    /// that cannot be decoded shows up as glyphs without text. `limit` bounds each of its streams.
    pub(super) fn read(document: &Document, font: &Dictionary, limit: usize) -> Self {
        let subtype = name_entry(document, font, b"Subtype");
        if subtype == b"Type0" {
            return read_composite(document, font, limit);
        }
        let name = base_name(document, font);
        let slots = read_simple(document, font, subtype, &name, limit);
        let space = slots[32].width;
        Self {
            bold: is_bold(document, font, &name),
            space: if space > 0.0 { space } else { 0.25 },
            em: if subtype == b"Type3" { type3_em(document, font) } else { 1.0 },
            vertical: false,
            kind: Kind::Simple(slots),
        }
    }

    /// Hands each glyph of a string to `show`, in order.
    pub(super) fn decode<'f>(&'f self, bytes: &[u8], mut show: impl FnMut(Shown<'f>)) {
        match &self.kind {
            Kind::Simple(slots) => {
                for &code in bytes {
                    let slot = &slots[usize::from(code)];
                    let text = slot.text.as_deref().map(Cow::Borrowed);
                    show(Shown { text, width: slot.width, spaces_words: code == b' ' });
                }
            }
            Kind::Composite(font) => {
                let mut rest = bytes;
                while !rest.is_empty() {
                    let code = font.codes.next(rest);
                    let glyph = font.codes.glyph(code.value);
                    let width = font.widths.get(&glyph).copied().unwrap_or(font.default_width);
                    show(Shown {
                        text: font.text(code),
                        width,
                        spaces_words: code == Code { value: 32, bytes: 1 },
                    });
                    rest = rest.get(code.bytes.max(1)..).unwrap_or_default();
                }
            }
        }
    }
}

impl Composite {
    fn text(&self, code: Code) -> Option<Cow<'_, str>> {
        let mapped = match &self.to_unicode {
            ToUnicode::Missing => None,
            ToUnicode::Identity => {
                char::from_u32(code.value).map(|character| Cow::Owned(character.to_string()))
            }
            ToUnicode::Map(map) => map.text(code.value).map(Cow::Borrowed),
        };
        mapped.filter(|text| is_text(text)).or_else(|| self.codes.text(code).map(Cow::Owned))
    }
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

    fn glyph(&self, code: u32) -> u32 {
        match self {
            Self::Map(map) => map.glyph(code),
            Self::Identity | Self::Legacy { .. } => code,
        }
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

fn read_composite(document: &Document, font: &Dictionary, limit: usize) -> Font {
    let (codes, vertical) = match entry(document, font, b"Encoding") {
        Some(Object::Stream(stream)) => {
            let program = stream_bytes(document, stream, limit).unwrap_or_default();
            (
                Codes::Map(CMap::parse(&program)),
                number_entry(document, &stream.dict, b"WMode") == Some(1.0),
            )
        }
        encoding => {
            let name = encoding.and_then(|object| object.as_name().ok()).unwrap_or_default();
            let name = String::from_utf8_lossy(name);
            (legacy_codes(&name).unwrap_or(Codes::Identity), name == "V" || name.ends_with("-V"))
        }
    };
    let descendant = entry(document, font, b"DescendantFonts")
        .and_then(|object| object.as_array().ok())
        .and_then(|fonts| resolve(document, fonts.first()?).as_dict().ok());
    let name = base_name(document, font);
    let default_width = descendant.and_then(|font| number_entry(document, font, b"DW"));
    Font {
        bold: is_bold(document, descendant.unwrap_or(font), &name),
        space: 0.25,
        em: 1.0,
        vertical,
        kind: Kind::Composite(Box::new(Composite {
            codes,
            to_unicode: read_to_unicode(document, font, limit),
            widths: descendant.map(|font| composite_widths(document, font)).unwrap_or_default(),
            default_width: default_width.unwrap_or(1000.0) / 1000.0,
        })),
    }
}

fn read_to_unicode(document: &Document, font: &Dictionary, limit: usize) -> ToUnicode {
    match entry(document, font, b"ToUnicode") {
        Some(Object::Stream(stream)) => {
            let program = stream_bytes(document, stream, limit).unwrap_or_default();
            let map = CMap::parse(&program);
            if map.is_textless() { ToUnicode::Missing } else { ToUnicode::Map(map) }
        }
        Some(Object::Name(name)) if name.starts_with(b"Identity") => ToUnicode::Identity,
        _ => ToUnicode::Missing,
    }
}

/// The `/W` array: `first [width ...]` and `first last width` (ISO 32000-1, 9.7.4.3).
fn composite_widths(document: &Document, font: &Dictionary) -> HashMap<u32, f64> {
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

fn read_simple(
    document: &Document,
    font: &Dictionary,
    subtype: &[u8],
    name: &str,
    limit: usize,
) -> Box<[Slot; 256]> {
    let mut slots = Box::new(std::array::from_fn(|_| Slot::default()));
    fill_encoding(document, font, subtype, name, &mut slots);
    fill_widths(document, font, subtype, name, &mut slots);
    match read_to_unicode(document, font, limit) {
        ToUnicode::Map(map) => {
            for (code, slot) in (0..).zip(slots.iter_mut()) {
                if let Some(text) = map.text(code).filter(|text| is_text(text)) {
                    slot.text = Some(text.into());
                }
            }
        }
        ToUnicode::Identity | ToUnicode::Missing => {}
    }
    slots
}

fn fill_encoding(
    document: &Document,
    font: &Dictionary,
    subtype: &[u8],
    name: &str,
    slots: &mut [Slot; 256],
) {
    let encoding = entry(document, font, b"Encoding");
    let details = encoding.and_then(|object| object.as_dict().ok());
    let base = match (encoding, details) {
        (Some(Object::Name(name)), _) => Base::named(name),
        (_, Some(details)) => Base::named(name_entry(document, details, b"BaseEncoding")),
        _ => None,
    };
    let fallback = if subtype == b"TrueType" { Base::WinAnsi } else { Base::Standard };
    let table = Base::built_in(name).or(base).unwrap_or(fallback).table();
    // A Type 3 font shows nothing but what its own encoding names.
    if subtype != b"Type3" {
        for (slot, character) in slots.iter_mut().zip(table) {
            slot.text = character.map(|character| character.to_string().into());
        }
    }
    let differences = details
        .and_then(|details| entry(document, details, b"Differences"))
        .and_then(|object| object.as_array().ok());
    let mut code = 0usize;
    for item in differences.into_iter().flatten().take(MOST_DIFFERENCES) {
        match resolve(document, item) {
            Object::Integer(first) => code = usize::try_from(*first).unwrap_or(usize::MAX),
            Object::Name(glyph) => {
                if let Some(slot) = slots.get_mut(code) {
                    slot.text = if glyph == b".notdef" {
                        Some("".into())
                    } else {
                        glyph_text(glyph).map(Into::into)
                    };
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
}

fn fill_widths(
    document: &Document,
    font: &Dictionary,
    subtype: &[u8],
    name: &str,
    slots: &mut [Slot; 256],
) {
    let unit = match numbers_entry::<6>(document, font, b"FontMatrix") {
        Some([x, ..]) if subtype == b"Type3" => x.abs(),
        _ => 0.001,
    };
    let missing = dictionary_entry(document, font, b"FontDescriptor")
        .and_then(|descriptor| number_entry(document, descriptor, b"MissingWidth"));
    let widths = entry(document, font, b"Widths").and_then(|object| object.as_array().ok());
    let Some(widths) = widths else {
        for slot in slots {
            let character = slot.text.as_deref().and_then(|text| text.chars().next());
            let standard = standard_width(name, character.unwrap_or('0'));
            slot.width = standard.or(missing).unwrap_or(500.0) * 0.001;
        }
        return;
    };
    for slot in slots.iter_mut() {
        slot.width = missing.unwrap_or(0.0) * unit;
    }
    let first = number_entry(document, font, b"FirstChar").unwrap_or(0.0).max(0.0) as usize;
    for (slot, width) in slots.iter_mut().skip(first).zip(widths) {
        if let Some(width) = number(resolve(document, width)) {
            slot.width = width * unit;
        }
    }
}

/// A Type 3 font's glyphs are as high as its bounding box says, in its own scale.
fn type3_em(document: &Document, font: &Dictionary) -> f64 {
    let scale = numbers_entry::<6>(document, font, b"FontMatrix").map_or(0.001, |m| m[3].abs());
    let height =
        numbers_entry::<4>(document, font, b"FontBBox").map_or(0.0, |b| (b[3] - b[1]).abs());
    let em = height * scale;
    if (0.05..100.0).contains(&em) { em } else { 1.0 }
}

/// The name of the font without its subset tag (`ABCDEF+`).
fn base_name(document: &Document, font: &Dictionary) -> String {
    let name = String::from_utf8_lossy(name_entry(document, font, b"BaseFont"));
    match name.split_once('+') {
        Some((tag, name)) if tag.len() == 6 => name.to_owned(),
        _ => name.into_owned(),
    }
}

fn is_bold(document: &Document, font: &Dictionary, name: &str) -> bool {
    let heavy = ["Bold", "bold", "BOLD", "Black", "Heavy", "Semibold", "Demi"];
    if heavy.iter().any(|word| name.contains(word)) {
        return true;
    }
    let Some(descriptor) = dictionary_entry(document, font, b"FontDescriptor") else {
        return false;
    };
    let flags = number_entry(document, descriptor, b"Flags").unwrap_or(0.0) as u32;
    let weight = number_entry(document, descriptor, b"FontWeight").unwrap_or(0.0);
    flags & FORCE_BOLD != 0 || weight >= BOLD_WEIGHT
}

/// Whether a map's text is text: some maps answer with U+0000 or U+FFFD for what they lack.
fn is_text(text: &str) -> bool {
    text.chars().any(|c| c.is_whitespace() || !c.is_control() && c != char::REPLACEMENT_CHARACTER)
}
