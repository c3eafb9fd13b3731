use super::{
    numbering::Numbering,
    paragraph::{Paragraph, symbol},
    styles::Styles,
};
use crate::{
    block::Block,
    fault::Fault,
    formats::{
        office::{Space, Tag, Xml},
        table,
    },
};
use std::collections::HashMap;

/// Level of a caption that stands within its table.
const CAPTION_LEVEL: u8 = 3;
/// Cells of a part's tables, those that a span covers among them: a span is cheap to write down.
const MOST_CELLS: usize = 1_000_000;

/// A block with what its look says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) block: Block,
    /// All of it is bold.
    pub(super) bold: bool,
    /// It is the document's title or a table's caption: no heading that shows that headings are styled.
    pub(super) is_title: bool,
}

/// Reads the paragraphs and tables of a part (body, header, note) from its events.
pub(super) struct Body<'a> {
    styles: &'a Styles,
    numbering: Numbering,
    notes: HashMap<String, String>,
    pieces: Vec<Piece>,
    /// Open paragraphs: a text box stands within another's run.
    paragraphs: Vec<Paragraph>,
    tables: Vec<Table>,
    cells: usize,
    /// Names of elements that are left out with all they hold, from the outermost that is open.
    skipped: usize,
    in_text: bool,
    in_run: usize,
    in_mark: bool,
    /// For each open `mc:AlternateContent`, whether its choice was taken.
    choices: Vec<bool>,
    /// For each open content control, whether it holds a table of contents.
    controls: Vec<bool>,
    /// Depth of field codes whose result has not begun, and whether one is a table of contents.
    fields: Vec<Field>,
}

#[derive(Default)]
struct Field {
    code: String,
    in_result: bool,
    /// It, or one around it, shows a table of contents.
    in_contents: bool,
}

#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    cell: Option<Vec<Piece>>,
    span: usize,
    goes_on: bool,
}

#[derive(Default)]
struct Row {
    cells: Vec<Vec<Piece>>,
    is_header: bool,
    /// Columns after which empty ones follow, for cells that span several.
    spans: Vec<usize>,
}

impl<'a> Body<'a> {
    pub(super) fn new(
        styles: &'a Styles,
        numbering: Numbering,
        notes: HashMap<String, String>,
    ) -> Self {
        Self {
            styles,
            numbering,
            notes,
            pieces: Vec::new(),
            paragraphs: Vec::new(),
            tables: Vec::new(),
            cells: 0,
            skipped: 0,
            in_text: false,
            in_run: 0,
            in_mark: false,
            choices: Vec::new(),
            controls: Vec::new(),
            fields: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Vec<Piece> {
        self.pieces
    }

    pub(super) fn event(&mut self, event: Xml<'_>) -> Result<(), Fault> {
        match event {
            Xml::Open(_) if self.skipped > 0 => self.skipped += 1,
            Xml::Close { .. } if self.skipped > 0 => self.skipped -= 1,
            Xml::Open(tag) => self.open(&tag),
            Xml::Close { space, name } => self.close(space, name),
            Xml::Text(text) if self.in_text && self.skipped == 0 => self.text(text),
            Xml::Text(_) => {}
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
            _ => {}
        }
    }

    fn open_word(&mut self, name: &str, tag: &Tag<'_>) {
        let value = || tag.attribute("val").unwrap_or_default();
        match name {
            "del" | "moveFrom" | "delText" | "rPrChange" | "pPrChange" | "tblPrChange"
            | "trPrChange" | "tcPrChange" | "sectPrChange" | "numberingChange" | "rubyPr"
            | "rt" | "tblGrid" => self.skipped = 1,
            "sdt" => self.controls.push(false),
            "docPartGallery" if value() == "Table of Contents" => {
                if let Some(control) = self.controls.last_mut() {
                    *control = true;
                }
            }
            "p" => self.paragraphs.push(Paragraph {
                in_contents: self.controls.contains(&true),
                ..Paragraph::default()
            }),
            "tbl" => self.tables.push(Table::default()),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push(Row::default());
                }
            }
            "tblHeader" if tag.is_on() => {
                if let Some(row) = self.tables.last_mut().and_then(|table| table.rows.last_mut()) {
                    row.is_header = true;
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    (table.cell, table.span, table.goes_on) = (Some(Vec::new()), 1, false);
                }
            }
            "gridSpan" => {
                if let Some(table) = self.tables.last_mut() {
                    table.span = value().parse().unwrap_or(1).clamp(1, 60);
                }
            }
            "vMerge" => {
                if let Some(table) = self.tables.last_mut() {
                    table.goes_on = value() != "restart";
                }
            }
            "r" => self.in_run += 1,
            "pPr" => self.in_mark = true,
            "t" => self.in_text = true,
            "instrText" => self.in_text = true,
            "fldChar" => self.field(&tag.attribute("fldCharType").unwrap_or_default()),
            _ => {
                let in_mark = self.in_mark;
                let in_run = self.in_run > 0 && !in_mark;
                let Some(paragraph) = self.paragraphs.last_mut() else { return };
                match name {
                    "pStyle" => paragraph.inherited = self.styles.of(&value()),
                    "outlineLvl" => {
                        paragraph.outline = value()
                            .parse::<u8>()
                            .ok()
                            .filter(|level| *level < 9)
                            .map(|level| level + 1)
                    }
                    "numId" => paragraph.list = Some(value()),
                    "ilvl" => paragraph.level = value().parse().ok(),
                    "b" if in_run => paragraph.run_bold = Some(tag.is_on()),
                    "vanish" if in_run => paragraph.run_hidden = tag.is_on(),
                    "tab" | "ptab" if in_run => paragraph.push("\t"),
                    "br" | "cr" if in_run => paragraph.push("\n"),
                    "noBreakHyphen" => paragraph.push("-"),
                    "sym" => paragraph.push(symbol(&tag.attribute("char").unwrap_or_default())),
                    "footnoteReference" => {
                        paragraph.notes.extend(tag.attribute("id").map(|id| format!("f{id}")))
                    }
                    "endnoteReference" => {
                        paragraph.notes.extend(tag.attribute("id").map(|id| format!("e{id}")))
                    }
                    _ => {}
                }
            }
        }
    }

    fn close(&mut self, space: Space, name: &str) {
        match (space, name) {
            (Space::Compatibility, "AlternateContent") => {
                self.choices.pop();
            }
            (Space::Word, "sdt") => {
                self.controls.pop();
            }
            (Space::Word, "t" | "instrText") => self.in_text = false,
            (Space::Word, "pPr") => self.in_mark = false,
            (Space::Word, "r") => {
                self.in_run = self.in_run.saturating_sub(1);
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    (paragraph.run_bold, paragraph.run_hidden) = (None, false);
                }
            }
            (Space::Word, "p") => self.close_paragraph(),
            (Space::Word, "tc") => {
                self.cells += self.tables.last().map_or(1, |table| table.span);
                if let Some(table) = self.tables.last_mut()
                    && let Some(cell) = table.cell.take()
                {
                    let (cell, span) = (if table.goes_on { Vec::new() } else { cell }, table.span);
                    if let Some(row) = table.rows.last_mut() {
                        row.cells.push(cell);
                        row.spans.push(span);
                    }
                }
            }
            (Space::Word, "tbl") => {
                if let Some(table) = self.tables.pop() {
                    for piece in table.finish() {
                        self.emit(piece);
                    }
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(field) = self.fields.last_mut()
            && !field.in_result
        {
            field.code.push_str(text);
            return;
        }
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.push(text);
        }
    }

    fn field(&mut self, step: &str) {
        match step {
            "begin" => {
                let in_contents = self.fields.last().is_some_and(|around| around.in_contents);
                self.fields.push(Field { in_contents, ..Field::default() });
            }
            "separate" => {
                if let Some(field) = self.fields.last_mut() {
                    field.in_result = true;
                    field.in_contents |= field.code.trim_start().starts_with("TOC");
                }
            }
            "end" => {
                self.fields.pop();
            }
            _ => {}
        }
    }

    fn close_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        let notes: Vec<String> =
            paragraph.notes.iter().filter_map(|key| self.notes.remove(key)).collect();
        let listed = paragraph
            .listed()
            .and_then(|(list, level)| Some((self.numbering.next(&list, level)?, level)));
        if !paragraph.text.trim().is_empty() {
            let heading = paragraph.inherited.heading.or(paragraph.outline);
            let contents = paragraph.inherited.is_contents
                || paragraph.in_contents
                || self.fields.last().is_some_and(|field| field.in_contents);
            let (bold, is_title) = (
                paragraph.is_bold(),
                heading == Some(1) && listed.is_none() && self.pieces.is_empty(),
            );
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
            self.emit(Piece { block, bold, is_title });
        }
        for note in notes {
            self.emit(Piece { block: Block::Paragraph(note), bold: false, is_title: false });
        }
    }

    /// To the innermost open cell, else to the document.
    fn emit(&mut self, piece: Piece) {
        match self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            Some(cell) => cell.push(piece),
            None => self.pieces.push(piece),
        }
    }
}

impl Table {
    fn finish(self) -> Vec<Piece> {
        // A table of one column only lays out the page.
        if self.rows.iter().all(|row| row.cells.len() <= 1) {
            return self.rows.into_iter().flat_map(|row| row.cells.into_iter().flatten()).collect();
        }
        let mut table = self;
        let mut above = Vec::new();
        let most = table.rows.len().saturating_sub(2);
        let captions = table.rows.iter().take(most).take_while(|row| row.is_caption()).count();
        for row in table.rows.drain(..captions) {
            let bold = row.cells.iter().flatten().all(|piece| piece.bold);
            let text = row.finish().into_iter().find(|text| !text.is_empty()).unwrap_or_default();
            let short = text.split_whitespace().count() <= 10;
            let block = if short {
                Block::Heading { level: CAPTION_LEVEL, text }
            } else {
                Block::Paragraph(text)
            };
            above.push(Piece { block, bold, is_title: short });
        }
        above.push(table.body());
        above
    }

    fn body(self) -> Piece {
        let marked = self.rows.first().is_some_and(|row| row.is_header);
        let bold = self.rows.first().is_some_and(|row| {
            row.cells.iter().all(|cell| !cell.is_empty() && cell.iter().all(|piece| piece.bold))
        });
        let bold_below = self.rows.iter().skip(1).any(|row| {
            row.cells.len() > 1
                && row
                    .cells
                    .iter()
                    .all(|cell| cell.iter().all(|piece| piece.bold) && !cell.is_empty())
        });
        let mut rows: Vec<Vec<String>> = self.rows.into_iter().map(Row::finish).collect();
        let has_header = rows.len() > 1
            && rows.first().is_some_and(|row| row.len() > 1)
            && (marked || bold && !bold_below || table::header_row(&rows) == Some(0));
        let header = has_header.then(|| rows.remove(0));
        Piece { block: Block::Table { header, rows }, bold: false, is_title: false }
    }
}

impl Row {
    /// One cell over the table's whole width, above its header: a caption.
    fn is_caption(&self) -> bool {
        let filled = |cell: &&Vec<Piece>| !cell.is_empty();
        let whole = self.cells.len() == 1 && self.spans.first().is_some_and(|span| *span > 1);
        whole && self.cells.iter().filter(filled).count() == 1
    }

    fn finish(self) -> Vec<String> {
        let mut cells = Vec::new();
        let mut open = 0;
        for (cell, span) in self.cells.into_iter().zip(self.spans) {
            let mut text = String::new();
            for piece in cell {
                let is_item = matches!(piece.block, Block::Item { .. });
                for line in lines(piece.block) {
                    if !text.is_empty() {
                        text.push_str(if is_item && !text.ends_with([':', ';', '.', ',']) {
                            "; "
                        } else {
                            " "
                        });
                    }
                    text.push_str(line.trim());
                }
            }
            // The empty cells of a span only where something follows: spans are cheap to write down.
            cells.resize(cells.len() + open, String::new());
            cells.push(text);
            open = span - 1;
        }
        cells
    }
}

/// A block's text by lines, for places where only text can stand: cells, page headers, notes.
pub(super) fn lines(block: Block) -> Vec<String> {
    match block {
        Block::Heading { text, .. }
        | Block::Paragraph(text)
        | Block::Furniture(text)
        | Block::Contents(text) => vec![text],
        Block::Item { marker, text, .. } if marker.is_empty() => vec![text],
        Block::Item { marker, text, .. } => vec![format!("{marker} {text}")],
        Block::Table { header, rows } => {
            header.into_iter().chain(rows).map(|row| row.join(" | ")).collect()
        }
        Block::PageStart(_) | Block::Recognised(_) => Vec::new(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, formats::office};

    fn read(body: &str) -> Result<Vec<Piece>, Fault> {
        let styles = Styles::default();
        let mut read = Body::new(&styles, Numbering::default(), HashMap::new());
        let space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
        let xml = format!("<w:body xmlns:w=\"{space}\">{body}</w:body>");
        office::each("body", &xml, &Limits::default(), |event| read.event(event))?;
        Ok(read.finish())
    }

    fn cell(span: usize, text: &str) -> String {
        format!(
            "<w:tc><w:gridSpan w:val=\"{span}\"/><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
        )
    }

    #[test]
    fn captions_stand_above_their_table() -> Result<(), Fault> {
        let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
        let captions = row(&[cell(2, "c")]).repeat(20_000);
        let rest = row(&[cell(1, "a"), cell(2, "")]) + &row(&[cell(1, "b"), cell(1, "d")]);
        let found = read(&format!("<w:tbl>{captions}{rest}</w:tbl>"))?;
        assert_eq!(found.len(), 20_001);
        let Some(Block::Table { rows, .. }) = found.last().map(|piece| &piece.block) else {
            panic!("a table stands last");
        };
        assert_eq!(rows.last().map(Vec::as_slice), Some(&["b".to_owned(), "d".to_owned()][..]));
        Ok(())
    }

    #[test]
    fn spans_do_not_multiply_without_end() {
        let row = format!("<w:tr>{}{}</w:tr>", cell(60, ""), cell(1, "a"));
        let found = read(&format!("<w:tbl>{}</w:tbl>", row.repeat(20_000)));
        assert!(matches!(found, Err(Fault::OverLimit { .. })));
    }
}
