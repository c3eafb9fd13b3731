use super::{
    field::Fields,
    grid::Grid,
    numbering::Numbering,
    paragraph::{Look, Paragraph, symbol},
    styles::{self, Styles},
};
use crate::{
    Limits,
    block::Block,
    budget::Budget,
    fault::Fault,
    formats::office::{Space, Tag, Xml},
};
use std::collections::HashMap;

/// Cells of a part's tables, those that a span covers among them: a span is cheap to write down.
const MOST_CELLS: usize = 1_000_000;

/// A block with what its look says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) block: Block,
    pub(super) look: Look,
    /// It is the document's title or a table's caption: no heading that shows that headings are styled.
    pub(super) is_title: bool,
}

impl Piece {
    pub(super) fn plain(block: Block) -> Self {
        Self { block, look: Look::default(), is_title: false }
    }
}

/// What paragraphs refer to and stands in other parts, by key: notes (`f1`, `e1`), drawings and inserted parts (by their relationship's id).
pub(super) type Elsewhere = HashMap<String, Vec<Block>>;

/// Reads the paragraphs and tables of a part (body, header, note) from its events.
pub(super) struct Body<'a> {
    styles: &'a Styles,
    numbering: Numbering,
    elsewhere: Elsewhere,
    budget: Budget,
    /// What was read, for the part itself and each cell and text box that is open.
    pieces: Vec<Vec<Piece>>,
    /// Open paragraphs: a text box stands within another's run.
    paragraphs: Vec<Paragraph>,
    tables: Vec<Grid>,
    cells: usize,
    /// Elements that are open within one that is left out, itself among them.
    skipped: usize,
    text: Text,
    in_run: usize,
    in_mark: bool,
    in_row_mark: bool,
    /// For each open `mc:AlternateContent`, whether its choice was taken.
    choices: Vec<bool>,
    controls: Vec<Control>,
    fields: Fields,
}

/// What text that comes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    /// Space between elements.
    None,
    Shown,
    Code,
}

/// A content control that is open.
#[derive(Clone, Copy, Debug, Default)]
struct Control {
    holds_contents: bool,
    /// It shows its hint: nobody filled it in.
    is_blank: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(styles: &'a Styles, limits: &Limits) -> Self {
        Self {
            styles,
            numbering: Numbering::default(),
            elsewhere: Elsewhere::new(),
            budget: Budget::of(limits),
            pieces: vec![Vec::new()],
            paragraphs: Vec::new(),
            tables: Vec::new(),
            cells: 0,
            skipped: 0,
            text: Text::None,
            in_run: 0,
            in_mark: false,
            in_row_mark: false,
            choices: Vec::new(),
            controls: Vec::new(),
            fields: Fields::default(),
        }
    }

    pub(super) fn with(self, numbering: Numbering, elsewhere: Elsewhere) -> Self {
        Self { numbering, elsewhere, ..self }
    }

    pub(super) fn finish(self) -> Vec<Piece> {
        self.pieces.into_iter().flatten().collect()
    }

    pub(super) fn event(&mut self, event: Xml<'_>) -> Result<(), Fault> {
        match event {
            Xml::Open(_) if self.skipped > 0 => self.skipped += 1,
            Xml::Close { .. } if self.skipped > 0 => self.skipped -= 1,
            Xml::Open(tag) => self.open(&tag),
            Xml::Close { space, name } => self.close(space, name)?,
            Xml::Text(_) if self.skipped > 0 => {}
            Xml::Text(text) => match self.text {
                Text::Shown if !self.fields.in_code() => self.show(text),
                Text::Code => self.fields.code(text),
                _ => {}
            },
        }
        if self.cells > MOST_CELLS {
            let what = "the number of table cells".into();
            return Err(Fault::OverLimit { what, limit: MOST_CELLS as u64 });
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match (tag.space, tag.name) {
            (Space::Compatibility, "AlternateContent") => self.choices.push(false),
            (Space::Compatibility, "Choice" | "Fallback") => match self.choices.last_mut() {
                Some(taken) if *taken => self.skipped = 1,
                Some(taken) => *taken = true,
                None => {}
            },
            (Space::Word, name) => self.open_word(name, tag),
            (Space::Math, "t") => self.text = Text::Shown,
            // A watermark is a shape with its text as a path.
            (Space::Other, "textpath") => {
                if let Some(text) = tag.attribute("string") {
                    self.emit(Piece::plain(Block::Paragraph(text)));
                }
            }
            (Space::Chart, "chart") => self.refer(tag.attribute("id")),
            (Space::Diagram, "relIds") => self.refer(tag.attribute("dm")),
            _ => {}
        }
    }

    fn open_word(&mut self, name: &str, tag: &Tag<'_>) {
        let value = || tag.attribute("val").unwrap_or_default();
        match name {
            "trPr" => self.in_row_mark = true,
            "del" if self.in_row_mark => self.property(tag),
            "del" | "moveFrom" | "delText" | "delInstrText" | "rPrChange" | "pPrChange"
            | "tblPrChange" | "tblPrExChange" | "trPrChange" | "tcPrChange" | "sectPrChange"
            | "numberingChange" | "rubyPr" | "rt" | "tblGrid" => self.skipped = 1,
            "sdt" => self.controls.push(Control::default()),
            "docPartGallery" | "showingPlcHdr" => {
                if let Some(control) = self.controls.last_mut() {
                    control.holds_contents |= value() == "Table of Contents";
                    control.is_blank |= name == "showingPlcHdr" && tag.is_on();
                }
            }
            "p" => {
                let mut paragraph = Paragraph::of(self.styles.of(""));
                paragraph.in_contents = self.controls.iter().any(|control| control.holds_contents);
                self.paragraphs.push(paragraph);
            }
            "tbl" => self.tables.push(Grid::default()),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.open_row();
                }
            }
            "tc" => {
                self.pieces.push(Vec::new());
                if let Some(table) = self.tables.last_mut() {
                    table.open_cell();
                }
            }
            "txbxContent" => self.pieces.push(Vec::new()),
            "tblHeader" | "gridBefore" | "gridSpan" | "vMerge" | "hMerge" | "cellDel" => {
                self.property(tag);
            }
            "r" => self.in_run += 1,
            "pPr" => self.in_mark = true,
            "t" => self.text = Text::Shown,
            "instrText" => self.text = Text::Code,
            "fldChar" => self.fields.step(&tag.attribute("fldCharType").unwrap_or_default()),
            "checkBox" | "ddList" | "default" | "checked" | "result" | "listEntry" => {
                self.fields.form(tag);
            }
            "altChunk" => self.refer(tag.attribute("id")),
            "footnoteReference" => self.refer(tag.attribute("id").map(|id| format!("f{id}"))),
            "endnoteReference" => self.refer(tag.attribute("id").map(|id| format!("e{id}"))),
            "tab" | "ptab" if self.in_shown_run() => self.show("\t"),
            "br" | "cr" if self.in_shown_run() => self.show("\n"),
            "noBreakHyphen" if self.in_shown_run() => self.show("-"),
            "sym" if self.in_shown_run() => {
                let [font, code] =
                    ["font", "char"].map(|name| tag.attribute(name).unwrap_or_default());
                self.show(symbol(&font, &code));
            }
            _ => {
                let Some(paragraph) = self.paragraphs.last_mut() else { return };
                match name {
                    "pStyle" => paragraph.inherited = self.styles.of(&value()),
                    "outlineLvl" => paragraph.outline = styles::outline(&value()),
                    "numId" => paragraph.list = Some(value()),
                    "ilvl" => paragraph.level = value().parse().ok(),
                    "rStyle" if self.in_run > 0 && !self.in_mark => {
                        paragraph.run = self.styles.letters_of(&value());
                    }
                    _ if self.in_run > 0 && !self.in_mark => paragraph.run.read(tag),
                    _ => {}
                }
            }
        }
    }

    fn in_shown_run(&self) -> bool {
        self.in_run > 0 && !self.in_mark && !self.fields.in_code()
    }

    fn property(&mut self, tag: &Tag<'_>) {
        if let Some(table) = self.tables.last_mut() {
            let value = tag.attribute("val").unwrap_or_default();
            table.property(tag.name, &value, tag.is_on());
        }
    }

    fn close(&mut self, space: Space, name: &str) -> Result<(), Fault> {
        match (space, name) {
            (Space::Compatibility, "AlternateContent") => {
                self.choices.pop();
            }
            (Space::Word, "sdt") => {
                self.controls.pop();
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.end_hint();
                }
            }
            (Space::Word | Space::Math, "t") | (Space::Word, "instrText") => self.text = Text::None,
            (Space::Word, "pPr") => self.in_mark = false,
            (Space::Word, "trPr") => self.in_row_mark = false,
            (Space::Word, "r") => {
                self.in_run = self.in_run.saturating_sub(1);
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.run = Default::default();
                }
            }
            (Space::Word, "checkBox" | "ddList") => {
                let shown = self.fields.form_shows(name);
                self.show(&shown);
            }
            (Space::Word, "p") => self.close_paragraph()?,
            (Space::Word, "tc") => {
                let pieces = self.pieces.pop().unwrap_or_default();
                match self.tables.last_mut() {
                    Some(table) => self.cells += table.close_cell(pieces),
                    None => pieces.into_iter().for_each(|piece| self.emit(piece)),
                }
            }
            (Space::Word, "txbxContent") => {
                let pieces = self.pieces.pop().unwrap_or_default();
                match self.paragraphs.last_mut() {
                    Some(paragraph) => paragraph.boxed.extend(pieces),
                    None => pieces.into_iter().for_each(|piece| self.emit(piece)),
                }
            }
            (Space::Word, "tbl") => {
                let pieces = self.tables.pop().map(Grid::finish).unwrap_or_default();
                pieces.into_iter().for_each(|piece| self.emit(piece));
            }
            _ => {}
        }
        Ok(())
    }

    /// Adds text to the paragraph that is open.
    fn show(&mut self, text: &str) {
        let is_blank = self.controls.last().is_some_and(|control| control.is_blank);
        match self.paragraphs.last_mut() {
            Some(paragraph) if is_blank => paragraph.push_hint(text),
            Some(paragraph) => paragraph.push(text),
            None => {}
        }
    }

    /// Notes what the paragraph that is open refers to; outside one, puts it there.
    fn refer(&mut self, key: Option<String>) {
        let Some(key) = key else { return };
        match self.paragraphs.last_mut() {
            Some(paragraph) => paragraph.references.push(key),
            None => self.insert(&key),
        }
    }

    /// What stands elsewhere, once.
    fn insert(&mut self, key: &str) {
        for block in self.elsewhere.remove(key).unwrap_or_default() {
            self.emit(Piece::plain(block));
        }
    }

    fn close_paragraph(&mut self) -> Result<(), Fault> {
        let Some(mut paragraph) = self.paragraphs.pop() else { return Ok(()) };
        paragraph.end_hint();
        let listed = paragraph
            .listed(&self.numbering)
            .and_then(|(list, level)| Some((self.numbering.next(&list, level)?, level)));
        let (references, boxed) = (paragraph.references.split_off(0), paragraph.boxed.split_off(0));
        if !paragraph.text.trim().is_empty() {
            self.budget.text(&paragraph.text)?;
            if let Some((marker, _)) = &listed {
                self.budget.text(marker)?;
            }
            let is_plain =
                listed.is_none() && paragraph.inherited.heading.or(paragraph.outline).is_none();
            let title = if is_plain { paragraph.split_title() } else { None };
            if let Some((text, look)) = title {
                self.emit(Piece { block: Block::Paragraph(text), look, is_title: false });
            }
            let piece = self.piece(paragraph, listed);
            self.emit(piece);
        }
        if self.paragraphs.is_empty() {
            self.fields.end_paragraph();
        }
        boxed.into_iter().for_each(|piece| self.emit(piece));
        references.iter().for_each(|key| self.insert(key));
        Ok(())
    }

    fn piece(&self, paragraph: Paragraph, listed: Option<(String, u8)>) -> Piece {
        let heading = paragraph.inherited.heading.or(paragraph.outline);
        let contents =
            paragraph.inherited.is_contents || paragraph.in_contents || self.fields.in_contents();
        let first = self.pieces.len() == 1 && self.pieces.iter().all(Vec::is_empty);
        let is_title = heading == Some(1) && listed.is_none() && first;
        let look = paragraph.look();
        let text = paragraph.text;
        let block = match (heading, listed) {
            _ if contents => Block::Contents(text),
            (Some(level), Some((marker, _))) if !marker.is_empty() => {
                Block::Heading { level, text: format!("{marker} {text}") }
            }
            (Some(level), _) => Block::Heading { level, text },
            (None, Some((marker, level))) => Block::Item { level, marker, text },
            (None, None) => typed_item(text),
        };
        Piece { block, look, is_title }
    }

    /// To the innermost open cell or text box, else to the part.
    fn emit(&mut self, piece: Piece) {
        if let Some(pieces) = self.pieces.last_mut() {
            pieces.push(piece);
        }
    }
}

/// A bullet typed by hand makes an item of a paragraph.
fn typed_item(text: String) -> Block {
    let trimmed = text.trim_start();
    match trimmed.strip_prefix(['•', '▪', '●', '◦', '\u{f0b7}']) {
        Some(rest) if !rest.trim().is_empty() => {
            Block::Item { level: 0, marker: String::new(), text: rest.trim_start().to_owned() }
        }
        _ => Block::Paragraph(text),
    }
}
