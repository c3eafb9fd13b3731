use super::{
    encoding::{Letters, character_set, code_page},
    goal::{Goal, Group},
    place::{Kind, Look, Place, block, marker, packed_date, remark},
    tokens::Token,
};
use crate::{
    Limits,
    block::Block,
    budget::Budget,
    fault::Fault,
    formats::{
        Content,
        docx::{heading_level, symbol},
        slides::one_text,
    },
};
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};
use std::collections::HashMap;

#[derive(Debug, Default)]
struct Style {
    heading: Option<u8>,
    is_contents: bool,
}

pub(super) struct Reader<'a> {
    limits: &'a Limits,
    budget: Budget,
    groups: Vec<Group>,
    pub(super) now: Group,
    default: &'static Encoding,
    default_font: Option<i32>,
    fonts: HashMap<i32, Letters>,
    styles: HashMap<i32, Style>,
    /// Bytes that are not yet characters: letters of two bytes come one by one.
    bytes: Vec<u8>,
    surrogate: Option<u16>,
    /// Characters still to be left out.
    left_out: usize,
    /// Text of a font, style, property, marker or date that is being read.
    pub(super) aside: String,
    pub(super) author: String,
    pub(super) property: String,
    style: Option<i32>,
    style_outline: Option<u8>,
    pub(super) places: Vec<Place>,
    furniture: [Vec<String>; 2],
    properties: Vec<(String, String)>,
    pub(super) has_pictures: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            budget: Budget::of(limits),
            groups: Vec::new(),
            now: Group {
                goal: Goal::Text,
                letters: Letters::In(WINDOWS_1252),
                font: None,
                fallback: 1,
                hidden: false,
                deleted: false,
                look: Look::default(),
                opened: false,
                starred: false,
            },
            default: WINDOWS_1252,
            default_font: None,
            fonts: HashMap::new(),
            styles: HashMap::new(),
            bytes: Vec::new(),
            surrogate: None,
            left_out: 0,
            aside: String::new(),
            author: String::new(),
            property: String::new(),
            style: None,
            style_outline: None,
            places: vec![Place::new(Kind::Body)],
            furniture: [Vec::new(), Vec::new()],
            properties: Vec::new(),
            has_pictures: false,
        }
    }

    pub(super) fn finish(mut self) -> Result<Content, Fault> {
        while !self.groups.is_empty() {
            self.close()?;
        }
        self.decode();
        self.close_paragraph()?;
        self.close_table()?;
        let [headers, footers] = self.furniture;
        let body = self.places.into_iter().next().map(|place| place.blocks).unwrap_or_default();
        if body.is_empty() && self.has_pictures {
            let why = "it shows pictures without text; save it as PDF and give that: pictures in a PDF are read through Tesseract";
            return Err(Fault::NeedsOcr { pages: None, why: why.into() });
        }
        let mut blocks: Vec<Block> = headers.into_iter().map(Block::Furniture).collect();
        blocks.extend(body);
        blocks.extend(footers.into_iter().map(Block::Furniture));
        Ok(Content { blocks, properties: self.properties })
    }

    pub(super) fn token(&mut self, token: Token<'_>) -> Result<(), Fault> {
        match token {
            Token::Open => {
                self.decode();
                self.left_out = 0;
                if self.groups.len() >= self.limits.depth {
                    return Err(Fault::OverLimit {
                        what: "the nesting of groups".into(),
                        limit: self.limits.depth as u64,
                    });
                }
                self.groups.push(self.now.clone());
                (self.now.opened, self.now.starred) = (false, false);
                if matches!(self.now.goal, Goal::Fonts | Goal::Styles) {
                    self.aside.clear();
                }
            }
            Token::Close => {
                self.decode();
                self.left_out = 0;
                self.close()?;
            }
            _ if self.now.goal == Goal::Skip => {}
            Token::Word(word, number) => {
                if self.left_out > 0 && word != "u" {
                    self.left_out -= 1;
                } else {
                    if word != "u" {
                        self.decode();
                    }
                    self.word(word, number)?;
                }
                self.now.starred = false;
            }
            Token::Symbol(symbol) => self.symbol(symbol)?,
            Token::Byte(_) if self.left_out > 0 => self.left_out -= 1,
            Token::Byte(byte) => self.bytes.push(byte),
            Token::Text(text) => {
                let kept = text.get(self.left_out.min(text.len())..).unwrap_or_default();
                self.left_out = self.left_out.saturating_sub(text.len());
                self.bytes.extend(kept);
            }
        }
        Ok(())
    }

    fn symbol(&mut self, symbol: u8) -> Result<(), Fault> {
        if symbol == b'*' {
            self.now.starred = true;
            return Ok(());
        }
        if self.left_out > 0 {
            self.left_out -= 1;
            return Ok(());
        }
        self.decode();
        match symbol {
            b'~' => self.push(" "),
            b'_' => self.push("-"),
            b'\\' | b'{' | b'}' => self.push(char::from(symbol).encode_utf8(&mut [0; 4])),
            b'\r' | b'\n' => self.close_paragraph()?,
            b'\t' => self.push("\t"),
            _ => {}
        }
        Ok(())
    }

    fn word(&mut self, word: &str, number: Option<i32>) -> Result<(), Fault> {
        if self.goal(word) {
            return Ok(());
        }
        let is_on = number != Some(0);
        match word {
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.now.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16),
            "ansicpg" => {
                self.default = code_page(number.unwrap_or(0));
                self.now.letters = Letters::In(self.default);
            }
            "mac" => {
                self.default = MACINTOSH;
                self.now.letters = Letters::In(self.default);
            }
            "deff" => self.default_font = number,
            "f" => self.font(number),
            "fcharset" if self.now.goal == Goal::Fonts => {
                if let (Some(font), Some(set)) = (self.now.font, number) {
                    self.fonts.insert(font, character_set(set, self.default));
                }
            }
            "plain" => {
                (self.now.hidden, self.now.deleted) = (false, false);
                self.font(self.default_font);
            }
            "v" => self.now.hidden = is_on,
            "deleted" => self.now.deleted = is_on,
            "pard" => self.now.look = Look::default(),
            "s" if self.now.goal == Goal::Styles => self.style = number,
            "s" => self.now.look.style = number,
            "outlinelevel" => {
                let level = number.and_then(|level| u8::try_from(level).ok());
                let level = level.filter(|level| *level < 9).map(|level| level + 1);
                match self.now.goal {
                    Goal::Styles => self.style_outline = level,
                    _ => self.now.look.outline = level,
                }
            }
            "ilvl" => {
                self.now.look.level = number.map_or(0, |level| level.clamp(0, 8) as u8);
            }
            "intbl" => self.now.look.in_table = is_on,
            "itap" => self.now.look.in_table = number.unwrap_or(0) > 0,
            "par" | "sect" | "page" | "column" => self.close_paragraph()?,
            "cell" => self.close_cell()?,
            "row" => {
                if let Some(place) = self.places.last_mut() {
                    place.table.close_row();
                }
            }
            "nestcell" => self.push(" | "),
            "line" | "nestrow" | "softline" => self.push("\n"),
            "yr" | "mo" | "dy" if matches!(self.now.goal, Goal::Property(_)) => {
                let dash = if self.aside.is_empty() { "" } else { "-" };
                self.aside.push_str(&format!("{dash}{:02}", number.unwrap_or(0)));
            }
            _ => match character(word) {
                Some(text) => self.push(text),
                None => {
                    if let Some(place) = self.places.last_mut() {
                        place.table.define(word, number, self.limits);
                    }
                }
            },
        }
        Ok(())
    }

    fn font(&mut self, number: Option<i32>) {
        self.now.font = number;
        let default = Letters::In(self.default);
        self.now.letters =
            number.and_then(|font| self.fonts.get(&font).copied()).unwrap_or(default);
    }

    fn unicode(&mut self, number: i32) {
        self.decode();
        self.left_out = self.now.fallback;
        let unit = (number & 0xffff) as u16;
        let pair = self.surrogate.take().map(|high| [high, unit]);
        let decoded = match (pair, unit) {
            (Some(pair), _) => char::decode_utf16(pair).next().and_then(Result::ok),
            (None, 0xd800..=0xdbff) => {
                self.surrogate = Some(unit);
                None
            }
            (None, _) => char::from_u32(u32::from(unit)),
        };
        match decoded {
            Some(c @ '\u{f000}'..='\u{f0ff}') => {
                self.sign(u32::from(c) & 0xff);
            }
            Some(c) => self.push(c.encode_utf8(&mut [0; 4])),
            None => {}
        }
    }

    fn decode(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        match self.now.letters {
            Letters::In(encoding) => {
                let text = encoding.decode_without_bom_handling(&bytes).0;
                self.push(&text);
            }
            Letters::Symbols { .. } => {
                for byte in bytes {
                    match byte {
                        b' ' | b'\t' => self.push(" "),
                        byte => self.sign(u32::from(byte)),
                    }
                }
            }
        }
    }

    /// A sign of a font for signs.
    fn sign(&mut self, code: u32) {
        let greek = self.now.letters == Letters::Symbols { greek: true };
        self.push(symbol(if greek { "symbol" } else { "" }, &format!("F0{code:02X}")));
    }

    fn push(&mut self, text: &str) {
        match self.now.goal {
            Goal::Quiet | Goal::Skip => {}
            Goal::Text if self.now.hidden || self.now.deleted => {}
            Goal::Text => {
                let look = self.now.look;
                if let Some(place) = self.places.last_mut() {
                    if place.paragraph.text.is_empty() {
                        place.paragraph.look = look;
                    }
                    place.paragraph.text.push_str(text);
                }
            }
            _ => self.aside.push_str(text),
        }
    }

    /// Ends a group: what was read aside is settled, a place that it opened is closed.
    fn close(&mut self) -> Result<(), Fault> {
        let Some(around) = self.groups.pop() else { return Ok(()) };
        let ended = std::mem::replace(&mut self.now, around);
        match ended.goal {
            Goal::Styles => self.close_style(),
            Goal::Fonts => {
                let name = std::mem::take(&mut self.aside);
                let font = ended.font.and_then(|font| self.fonts.get_mut(&font));
                if let Some(Letters::Symbols { greek }) = font {
                    *greek |= name.trim().starts_with("Symbol");
                }
            }
            Goal::Property(name) if self.now.goal == Goal::Quiet => {
                let value = std::mem::take(&mut self.aside);
                if !value.trim().is_empty() && !name.is_empty() {
                    self.properties.push((name, value));
                }
            }
            Goal::PropertyName if self.now.goal != Goal::PropertyName => {
                self.property = std::mem::take(&mut self.aside);
            }
            Goal::Marker if self.now.goal != Goal::Marker => {
                let marker = marker(&std::mem::take(&mut self.aside));
                if let Some(place) = self.places.last_mut() {
                    place.paragraph.marker = marker;
                }
            }
            Goal::Author if self.now.goal != Goal::Author => {
                self.author = std::mem::take(&mut self.aside);
            }
            Goal::Date if self.now.goal != Goal::Date => {
                let packed = packed_date(&std::mem::take(&mut self.aside));
                if let Some(Place { kind: Kind::Comment { date, .. }, .. }) = self.places.last_mut()
                {
                    *date = packed;
                }
            }
            _ => {}
        }
        if ended.opened { self.leave() } else { Ok(()) }
    }

    fn close_style(&mut self) {
        let name = std::mem::take(&mut self.aside);
        let outline = self.style_outline.take();
        let Some(style) = self.style.take() else { return };
        let name = name.trim().trim_end_matches(';').to_lowercase().replace([' ', '-', '_'], "");
        let contents = name.strip_prefix("toc").or_else(|| name.strip_prefix("contents"));
        let is_contents = contents.is_some_and(|rest| rest.parse::<u8>().is_ok());
        let heading = heading_level(&name).or(outline).filter(|_| !is_contents);
        self.styles.insert(style, Style { heading, is_contents });
    }

    fn leave(&mut self) -> Result<(), Fault> {
        self.close_paragraph()?;
        self.close_table()?;
        let Some(Place { kind, blocks, .. }) = self.places.pop() else { return Ok(()) };
        match kind {
            Kind::Header | Kind::Footer => {
                let text = one_text(&blocks);
                let [headers, footers] = &mut self.furniture;
                let found = if kind == Kind::Header { headers } else { footers };
                if !text.trim().is_empty() && !found.contains(&text) {
                    found.push(text);
                }
            }
            Kind::Note | Kind::Comment { .. } => {
                if let Some(place) = self.places.last_mut() {
                    place.paragraph.after.extend(remark(kind, &blocks));
                }
            }
            Kind::Body | Kind::Inset => {
                if let Some(place) = self.places.last_mut() {
                    place.paragraph.after.extend(blocks);
                }
            }
        }
        Ok(())
    }

    fn close_paragraph(&mut self) -> Result<(), Fault> {
        let Some(place) = self.places.last_mut() else { return Ok(()) };
        let mut paragraph = std::mem::take(&mut place.paragraph);
        if paragraph.text.is_empty() {
            paragraph.look = self.now.look;
        }
        let look = paragraph.look;
        let after = std::mem::take(&mut paragraph.after);
        let style = look.style.and_then(|style| self.styles.get(&style));
        let heading = style.and_then(|style| style.heading).or(look.outline);
        let own = block(paragraph, heading, style.is_some_and(|style| style.is_contents));
        if !look.in_table {
            self.close_table()?;
        }
        for block in own.into_iter().chain(after) {
            self.budget.text(&one_text(std::slice::from_ref(&block)))?;
            if let Some(place) = self.places.last_mut() {
                match look.in_table {
                    true => place.table.open.push(block),
                    false => place.blocks.push(block),
                }
            }
        }
        Ok(())
    }

    fn close_cell(&mut self) -> Result<(), Fault> {
        // What stands in a cell is in a table, whatever its paragraph says.
        self.now.look.in_table = true;
        if let Some(place) = self.places.last_mut() {
            place.paragraph.look.in_table = true;
        }
        self.close_paragraph()?;
        self.budget.empty_cells(1)?;
        if let Some(place) = self.places.last_mut() {
            place.table.close_cell();
        }
        Ok(())
    }

    fn close_table(&mut self) -> Result<(), Fault> {
        let Some(place) = self.places.last_mut() else { return Ok(()) };
        if !place.table.is_empty() {
            let blocks = place.table.finish(&mut self.budget, self.limits)?;
            place.blocks.extend(blocks);
        }
        Ok(())
    }
}

/// The character that a word stands for.
fn character(word: &str) -> Option<&'static str> {
    Some(match word {
        "tab" => "\t",
        "emdash" => "—",
        "endash" => "–",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "bullet" => "•",
        "emspace" | "enspace" | "qmspace" => " ",
        _ => return None,
    })
}
