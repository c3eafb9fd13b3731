//! Embedded font programs: what they say of their glyphs where the PDF itself says nothing.
//!
//! A program is read when a string first shows a glyph without text, which most documents never do.

use super::encoding::glyph_text;
use super::objects::{as_dictionary, entry};
use super::streams::stream_bytes;
use lopdf::{Dictionary, Document, Object, Stream};
use std::cell::OnceCell;
use std::collections::HashMap;
use ttf_parser::{GlyphId, PlatformId, RawFace, Tag, cff, cmap, post};

/// Bytes of a program that are read; complete fonts for Chinese have about as many.
const MOST_BYTES: usize = 24 << 20;
/// Bytes of a Type 1 program in which its encoding is looked for: the rest is charstrings.
const CLEAR_TEXT: usize = 128 << 10;
/// Glyphs of a font, and characters that its map is asked for (the Basic Multilingual Plane).
const MOST_GLYPHS: u16 = u16::MAX;

/// The font program of a font, if it is in the file.
pub(super) struct Embedded<'a> {
    document: &'a Document,
    stream: Option<&'a Stream>,
    limit: usize,
    glyphs: OnceCell<Glyphs>,
}

impl<'a> Embedded<'a> {
    /// Of a font's descriptor.
    pub(super) fn of(
        document: &'a Document,
        descriptor: Option<&'a Dictionary>,
        limit: usize,
    ) -> Self {
        let file = |key: &[u8]| match entry(document, descriptor?, key) {
            Some(Object::Stream(stream)) => Some(stream),
            _ => None,
        };
        let stream =
            [b"FontFile".as_slice(), b"FontFile2", b"FontFile3"].into_iter().find_map(file);
        Self { document, stream, limit: limit.min(MOST_BYTES), glyphs: OnceCell::new() }
    }

    /// Whether there is one.
    pub(super) fn is_there(&self) -> bool {
        self.stream.is_some()
    }

    /// What it says of its glyphs.
    pub(super) fn glyphs(&self) -> &Glyphs {
        self.glyphs.get_or_init(|| {
            let bytes =
                self.stream.and_then(|stream| stream_bytes(self.document, stream, self.limit));
            bytes.map(|bytes| Glyphs::read(&bytes)).unwrap_or_default()
        })
    }
}

/// The texts of a program's glyphs.
#[derive(Debug, Default)]
pub(super) struct Glyphs {
    /// By the code of its own encoding.
    by_code: HashMap<u8, Box<str>>,
    /// By glyph: the CID in a program made of CIDs, else the glyph's index.
    by_glyph: HashMap<u32, Box<str>>,
    /// Glyphs by name, where names tell no text.
    by_name: HashMap<Box<[u8]>, u32>,
}

impl Glyphs {
    /// The text of a code in the program's own encoding.
    pub(super) fn code(&self, code: u8) -> Option<&str> {
        self.by_code.get(&code).map(AsRef::as_ref)
    }

    /// The text of a glyph.
    pub(super) fn glyph(&self, glyph: u32) -> Option<&str> {
        self.by_glyph.get(&glyph).map(AsRef::as_ref)
    }

    /// The text of the glyph of that name.
    pub(super) fn named(&self, name: &[u8]) -> Option<&str> {
        self.glyph(*self.by_name.get(name)?)
    }

    fn read(program: &[u8]) -> Self {
        if let Ok(face) = RawFace::parse(program, 0) {
            return Self::read_open_type(&face);
        }
        match cff::Table::parse(program) {
            Some(table) => Self::read_compact(&table),
            None => Self::read_type1(program),
        }
    }

    fn read_open_type(face: &RawFace<'_>) -> Self {
        let table = |tag| face.table(Tag::from_bytes(tag));
        let mut glyphs = table(b"CFF ")
            .and_then(cff::Table::parse)
            .map(|table| Self::read_compact(&table))
            .unwrap_or_default();
        let maps = table(b"cmap").and_then(cmap::Table::parse).map(|table| table.subtables);
        let maps: Vec<_> = maps.into_iter().flatten().filter(|map| is_cheap(&map.format)).collect();
        let names = table(b"post").and_then(post::Table::parse);
        if let Some(names) = &names {
            for (glyph, name) in (0..MOST_GLYPHS).zip(names.names()) {
                glyphs.name(glyph.into(), name.as_bytes());
            }
        }
        if let Some(map) = maps.iter().find(|map| map.is_unicode()) {
            // Downwards, so that of several characters with one glyph the first stays.
            for code in (1..=u32::from(MOST_GLYPHS)).rev() {
                if let Some(glyph) = map.glyph_index(code).filter(|glyph| glyph.0 != 0)
                    && let Some(character) = char::from_u32(code)
                    && !is_private(character)
                {
                    glyphs.by_glyph.insert(glyph.0.into(), character.to_string().into());
                }
            }
        }
        // The maps by which single bytes find their glyphs (ISO 32000-1, 9.6.6.4).
        for map in maps.iter().rev().filter(|map| !map.is_unicode()) {
            let first = if map.platform_id == PlatformId::Windows { 0xf000 } else { 0 };
            for code in 0..=u8::MAX {
                let found = map.glyph_index(first + u32::from(code));
                let found = found.or_else(|| map.glyph_index(code.into()));
                let text = found.and_then(|glyph| glyphs.by_glyph.get(&glyph.0.into()));
                if let Some(text) = text.cloned() {
                    glyphs.by_code.insert(code, text);
                }
            }
        }
        glyphs
    }

    fn read_compact(table: &cff::Table<'_>) -> Self {
        let mut glyphs = Self::default();
        for glyph in (0..table.number_of_glyphs()).map(GlyphId) {
            if let Some(name) = table.glyph_name(glyph) {
                glyphs.name(glyph.0.into(), name.as_bytes());
            }
        }
        for code in 0..=u8::MAX {
            let found = table.glyph_index(code).filter(|glyph| glyph.0 != 0);
            let text = found.and_then(|glyph| glyphs.by_glyph.get(&glyph.0.into()));
            if let Some(text) = text.cloned() {
                glyphs.by_code.insert(code, text);
            }
        }
        glyphs
    }

    /// A Type 1 program names the glyphs of its encoding in clear text: `dup 65 /A put`.
    fn read_type1(program: &[u8]) -> Self {
        let mut glyphs = Self::default();
        let clear = &program[..program.len().min(CLEAR_TEXT)];
        let Some(start) = clear.windows(9).position(|word| word == b"/Encoding") else {
            return glyphs;
        };
        let clear = String::from_utf8_lossy(&clear[start + 9..]).replace('/', " /");
        let mut words = clear.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "def" | "readonly" | "eexec" => break,
                "dup" => {
                    let (code, name) = (words.next().and_then(type1_code), words.next());
                    let text = name.and_then(|name| glyph_text(name.strip_prefix('/')?.as_bytes()));
                    if let (Some(code), Some(text)) = (code, text) {
                        glyphs.by_code.insert(code, text.into());
                    }
                }
                _ => {}
            }
        }
        glyphs
    }

    fn name(&mut self, glyph: u32, name: &[u8]) {
        match glyph_text(name) {
            Some(text) => drop(self.by_glyph.insert(glyph, text.into())),
            None => drop(self.by_name.insert(name.into(), glyph)),
        }
    }
}

/// Whether a lookup takes a bounded number of steps, whatever the table says of itself.
fn is_cheap(format: &cmap::Format<'_>) -> bool {
    matches!(
        format,
        cmap::Format::ByteEncodingTable(_)
            | cmap::Format::SegmentMappingToDeltaValues(_)
            | cmap::Format::TrimmedTableMapping(_)
            | cmap::Format::TrimmedArray(_)
            | cmap::Format::SegmentedCoverage(_)
    )
}

fn is_private(character: char) -> bool {
    ('\u{e000}'..='\u{f8ff}').contains(&character)
}

/// A code as Type 1 programs write it: `65`, or with its base `8#101`.
fn type1_code(word: &str) -> Option<u8> {
    match word.split_once('#') {
        Some((base, digits)) => {
            let base = base.parse().ok().filter(|base| (2..=36).contains(base))?;
            u8::from_str_radix(digits, base).ok()
        }
        None => word.parse().ok(),
    }
}

/// The descriptor of a simple font, or of a composite font's descendant.
pub(super) fn descriptor<'a>(
    document: &'a Document,
    font: &'a Dictionary,
) -> Option<&'a Dictionary> {
    as_dictionary(entry(document, font, b"FontDescriptor")?)
}
