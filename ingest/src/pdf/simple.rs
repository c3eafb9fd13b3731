//! Simple fonts: a byte a code.

use super::encoding::{Base, glyph_text, numbered};
use super::fonts::{Font, Kind, Shown, ToUnicode, base_name, is_bold};
use super::metrics::standard_width;
use super::objects::{
    dictionary_entry, entry, name_entry, number, number_entry, numbers_entry, resolve,
};
use super::program::{Embedded, descriptor};
use lopdf::{Dictionary, Document, Object};
use std::borrow::Cow;

/// Entries of a `/Differences` array beyond this many are not read.
const MOST_DIFFERENCES: usize = 4_096;

/// A font of 256 codes.
pub(super) struct Simple<'a> {
    slots: Box<[Slot; 256]>,
    program: Embedded<'a>,
}

/// What a code shows.
#[derive(Clone, Debug, Default)]
struct Slot {
    /// As the file says.
    text: Option<Box<str>>,
    /// The name of its glyph, where that is no text.
    name: Option<Box<[u8]>>,
    /// What it probably is, where neither the file nor the font program tell.
    guess: Option<char>,
    /// In ems.
    width: f64,
}

impl<'a> Simple<'a> {
    pub(super) fn read(
        document: &'a Document,
        font: &'a Dictionary,
        subtype: &[u8],
        limit: usize,
    ) -> Font<'a> {
        let name = base_name(document, font);
        let program = Embedded::of(document, descriptor(document, font), limit);
        let mut slots = Box::new(std::array::from_fn(|_| Slot::default()));
        fill_encoding(document, font, subtype, &name, program.is_there(), &mut slots);
        fill_widths(document, font, subtype, &name, &mut slots);
        // An Identity map is meant for composite fonts; bytes are no Unicode.
        if let map @ ToUnicode::Map(_) = ToUnicode::read(document, font, limit) {
            for (code, slot) in (0..).zip(slots.iter_mut()) {
                if let Some(text) = map.text(code) {
                    slot.text = Some(text.into());
                }
            }
        }
        let space = slots[32].width;
        Font {
            bold: is_bold(document, font, &name),
            space: if space > 0.0 { space } else { 0.2 },
            em: if subtype == b"Type3" { type3_em(document, font) } else { 1.0 },
            vertical: false,
            kind: Kind::Simple(Box::new(Self { slots, program })),
        }
    }

    pub(super) fn decode<'f>(&'f self, bytes: &[u8], mut show: impl FnMut(Shown<'f>)) {
        for &code in bytes {
            let slot = &self.slots[usize::from(code)];
            let text = match &slot.text {
                Some(text) => Some(Cow::Borrowed(text.as_ref())),
                None => self.text_of_glyph(code, slot),
            };
            show(Shown { text, width: slot.width, spaces_words: code == b' ' });
        }
    }

    /// The text of a code of which the file says nothing, or only a name that is no text.
    fn text_of_glyph(&self, code: u8, slot: &Slot) -> Option<Cow<'_, str>> {
        let found = match &slot.name {
            None if self.program.is_there() => self.program.glyphs().code(code),
            Some(name) if self.program.is_there() => {
                let glyphs = self.program.glyphs();
                glyphs.named(name).or_else(|| glyphs.glyph(numbered(name)?))
            }
            _ => None,
        };
        found.map(Cow::Borrowed).or_else(|| Some(slot.guess?.to_string().into()))
    }
}

fn fill_encoding(
    document: &Document,
    font: &Dictionary,
    subtype: &[u8],
    name: &str,
    embedded: bool,
    slots: &mut [Slot; 256],
) {
    let encoding = entry(document, font, b"Encoding");
    let details = encoding.and_then(|object| object.as_dict().ok());
    let base = match (encoding, details) {
        (Some(Object::Name(name)), _) => Base::named(name),
        (_, Some(details)) => Base::named(name_entry(document, details, b"BaseEncoding")),
        _ => None,
    };
    let standard = subtype != b"TrueType" || standard_width(name, '0').is_some();
    let fallback = if standard { Base::Standard } else { Base::WinAnsi };
    let said = Base::built_in(name).or(base);
    let table = said.unwrap_or(fallback).table();
    // A Type 3 font shows nothing but what its own encoding names.
    if subtype != b"Type3" {
        for (slot, character) in slots.iter_mut().zip(table) {
            // Without an encoding the font program's own holds.
            if said.is_none() && embedded {
                slot.guess = *character;
            } else {
                slot.text = character.map(|character| character.to_string().into());
            }
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
                    name_glyph(slot, code, glyph);
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
}

fn name_glyph(slot: &mut Slot, code: usize, glyph: &[u8]) {
    if glyph == b".notdef" {
        slot.text = Some("".into());
        return;
    }
    slot.text = glyph_text(glyph).map(Into::into);
    if slot.text.is_none() {
        slot.name = Some(glyph.into());
        // Producers that number glyphs by their codes (`a65`) mean the characters of those codes.
        let is_code = numbered(glyph).is_some_and(|number| number as usize == code);
        slot.guess = if is_code { Base::WinAnsi.table()[code & 0xff] } else { None };
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
            let standard = standard_width(name, character.or(slot.guess).unwrap_or('0'));
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
