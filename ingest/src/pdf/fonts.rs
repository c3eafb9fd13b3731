//! Fonts: bytes of a string to glyphs with their text and width.

use super::cmap::CMap;
use super::composite::Composite;
use super::objects::{dictionary_entry, entry, name_entry, number_entry};
use super::simple::Simple;
use super::streams::stream_bytes;
use lopdf::{Dictionary, Document, Object};
use std::borrow::Cow;

/// Flags of a font descriptor (ISO 32000-1, table 123).
const FORCE_BOLD: u32 = 1 << 18;
/// Font weight from which a font counts as bold (the scale is CSS's).
const BOLD_WEIGHT: f64 = 600.0;

/// A font, ready to decode strings.
pub(super) struct Font<'a> {
    pub(super) kind: Kind<'a>,
    /// Bold by its name, weight or flags.
    pub(super) bold: bool,
    /// Width of a space, in ems.
    pub(super) space: f64,
    /// Ems for a unit of the text's size: 1, except where a Type 3 font draws in its own scale.
    pub(super) em: f64,
    /// Written from top to bottom.
    pub(super) vertical: bool,
}

/// How its strings are cut into codes.
pub(super) enum Kind<'a> {
    /// A byte a code.
    Simple(Box<Simple<'a>>),
    /// As its encoding says.
    Composite(Box<Composite<'a>>),
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

impl<'a> Font<'a> {
    /// Reads a font's dictionary. What is missing or broken is replaced by a default: a string
    /// that cannot be decoded shows up as glyphs without text. `limit` bounds each of its streams.
    pub(super) fn read(document: &'a Document, font: &'a Dictionary, limit: usize) -> Self {
        match name_entry(document, font, b"Subtype") {
            b"Type0" => Composite::read(document, font, limit),
            subtype => Simple::read(document, font, subtype, limit),
        }
    }

    /// Hands each glyph of a string to `show`, in order.
    pub(super) fn decode<'f>(&'f self, bytes: &[u8], show: impl FnMut(Shown<'f>)) {
        match &self.kind {
            Kind::Simple(font) => font.decode(bytes, show),
            Kind::Composite(font) => font.decode(bytes, show),
        }
    }
}

/// What a font's `/ToUnicode` says.
pub(super) enum ToUnicode {
    Missing,
    /// Codes are Unicode.
    Identity,
    Map(CMap),
}

impl ToUnicode {
    pub(super) fn read(document: &Document, font: &Dictionary, limit: usize) -> Self {
        match entry(document, font, b"ToUnicode") {
            Some(Object::Stream(stream)) => {
                let program = stream_bytes(document, stream, limit).unwrap_or_default();
                let map = CMap::parse(&program);
                if map.is_textless() { Self::Missing } else { Self::Map(map) }
            }
            Some(Object::Name(name)) if name.starts_with(b"Identity") => Self::Identity,
            _ => Self::Missing,
        }
    }

    /// The text of a code, if there is any: some maps answer with U+0000 or U+FFFD for what they
    /// lack.
    pub(super) fn text(&self, code: u32) -> Option<Cow<'_, str>> {
        let text = match self {
            Self::Missing => None,
            Self::Identity => char::from_u32(code).map(|character| character.to_string().into()),
            Self::Map(map) => map.text(code).map(Cow::Borrowed),
        };
        let is_text =
            |c: char| c.is_whitespace() || !c.is_control() && c != char::REPLACEMENT_CHARACTER;
        text.filter(|text| text.chars().any(is_text))
    }
}

/// The name of the font without its subset tag (`ABCDEF+`).
pub(super) fn base_name(document: &Document, font: &Dictionary) -> String {
    let name = String::from_utf8_lossy(name_entry(document, font, b"BaseFont"));
    match name.split_once('+') {
        Some((tag, name)) if tag.len() == 6 => name.to_owned(),
        _ => name.into_owned(),
    }
}

/// Whether a font is bold by its name, flags or weight.
pub(super) fn is_bold(document: &Document, font: &Dictionary, name: &str) -> bool {
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
