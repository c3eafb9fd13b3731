use crate::{fault::Fault, limits::Limits};
use std::{borrow::Cow, ops::Range};
use sufficit_evidence::{Page, PageStatus, Span};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// One piece of a document as an extractor found it, in reading order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// A heading; level 1 is the outermost.
    Heading { level: u8, text: String },
    /// Running text. Line breaks in it are kept: labelled lines (`Owner: ...`) hang on them.
    Paragraph(String),
    /// An item of a list; level 0 is the outermost. The marker is `-` or the number as shown (`1.`, `a)`).
    Item { level: u8, marker: String, text: String },
    /// A table. The header is the row that names the columns, where there is one.
    Table { header: Option<Vec<String>>, rows: Vec<Vec<String>> },
    /// A page begins.
    PageStart(PageStatus),
    /// The page that began was recognised from a picture, as surely as this says: 0 to 1.
    Recognised(f32),
    /// A header or footer that stands on many pages. It is part of the canonical text, so that a fact can cite it, and of no passage.
    Furniture(String),
    /// A line of a table of contents. Part of the canonical text and of no passage.
    Contents(String),
}

/// The canonical text of a document and what stands where in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Layout {
    pub(crate) text: String,
    pub(crate) places: Vec<Place>,
    pub(crate) pages: Vec<Page>,
}

/// A block (or a table's row) within the canonical text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) role: Role,
    /// In characters.
    pub(crate) span: Span,
    /// The same in bytes.
    pub(crate) bytes: Range<usize>,
    pub(crate) page: Option<u32>,
}

/// What a [`Place`] holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Role {
    Heading(u8),
    Paragraph,
    Item,
    /// A table's row; `table` counts the document's tables, `cells` are byte ranges of the text.
    Row {
        table: u32,
        header: bool,
        cells: Vec<Range<usize>>,
    },
    Furniture,
    Contents,
}

impl Layout {
    /// The text of a place.
    pub(crate) fn text_of(&self, place: &Place) -> &str {
        self.text.get(place.bytes.clone()).unwrap_or_default()
    }
}

/// Joins blocks into the canonical text: a blank line between blocks, list items and table rows one a line,
/// cells joined by ` | `, pages joined by a form feed.
///
/// Text is put into Unicode NFC; control characters, soft hyphens and zero-width marks are dropped; no-break and other
/// special spaces become spaces, and runs of them one.
pub(crate) fn layout(blocks: Vec<Block>, limits: &Limits) -> Result<Layout, Fault> {
    let mut writer = Writer::default();
    for block in blocks {
        writer.block(block);
        if writer.chars > limits.text_chars {
            return Err(too_long(limits));
        }
    }
    writer.end_page();
    Ok(writer.layout)
}

/// The text is longer than is read.
pub(crate) fn too_long(limits: &Limits) -> Fault {
    Fault::OverLimit {
        what: "the number of characters of its text".into(),
        limit: limits.text_chars as u64,
    }
}

#[derive(Default)]
struct Writer {
    layout: Layout,
    chars: usize,
    page: Option<OpenPage>,
    tables: u32,
    /// What the last block was, for the separator before the next.
    last: Option<Join>,
}

/// A page whose end is still to come.
#[derive(Clone, Copy)]
struct OpenPage {
    number: u32,
    status: PageStatus,
    recognised: Option<f32>,
    start: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Join {
    Item,
    Row(u32),
    Contents,
    Other,
}

impl Writer {
    fn block(&mut self, block: Block) {
        match block {
            Block::Heading { level, text } => {
                let text = one_line(&text);
                self.place(Role::Heading(level), Join::Other, &text);
            }
            Block::Paragraph(text) => self.place(Role::Paragraph, Join::Other, &lines(&text)),
            Block::Item { level, marker, text } => {
                let text = one_line(&text);
                if !text.is_empty() {
                    let indent = "  ".repeat(usize::from(level.min(8)));
                    let marker = one_line(&marker);
                    let line = match marker.is_empty() {
                        true => format!("{indent}- {text}"),
                        false => format!("{indent}{marker} {text}"),
                    };
                    self.place(Role::Item, Join::Item, &line);
                }
            }
            Block::Table { header, rows } => {
                let table = self.tables;
                self.tables += 1;
                for (row, is_header) in header
                    .into_iter()
                    .map(|row| (row, true))
                    .chain(rows.into_iter().map(|row| (row, false)))
                {
                    self.row(table, is_header, row);
                }
            }
            Block::PageStart(status) => {
                self.end_page();
                let number = self.layout.pages.len() as u32 + 1;
                if number > 1 {
                    self.push("\u{c}");
                }
                self.page = Some(OpenPage { number, status, recognised: None, start: self.chars });
                self.last = None;
            }
            Block::Recognised(confidence) => {
                if let Some(page) = &mut self.page {
                    page.recognised = Some(confidence);
                }
            }
            Block::Furniture(text) => self.place(Role::Furniture, Join::Other, &lines(&text)),
            Block::Contents(text) => self.place(Role::Contents, Join::Contents, &one_line(&text)),
        }
    }

    fn row(&mut self, table: u32, header: bool, cells: Vec<String>) {
        let mut cells: Vec<String> = cells.iter().map(|cell| one_line(cell)).collect();
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.is_empty() {
            return;
        }
        self.separate(Join::Row(table));
        let (start, first) = (self.chars, self.layout.text.len());
        let mut ranges = Vec::with_capacity(cells.len());
        for (n, cell) in cells.iter().enumerate() {
            if n > 0 {
                self.push(" | ");
            }
            let from = self.layout.text.len();
            self.push(cell);
            ranges.push(from..self.layout.text.len());
        }
        self.finish(Role::Row { table, header, cells: ranges }, start, first);
    }

    fn place(&mut self, role: Role, join: Join, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.separate(join);
        let (start, first) = (self.chars, self.layout.text.len());
        self.push(text);
        self.finish(role, start, first);
    }

    fn finish(&mut self, role: Role, start: usize, first: usize) {
        self.layout.places.push(Place {
            role,
            span: Span::new(start, self.chars),
            bytes: first..self.layout.text.len(),
            page: self.page.map(|page| page.number),
        });
    }

    fn separate(&mut self, join: Join) {
        match self.last {
            None => {}
            Some(last) if last == join && join != Join::Other => self.push("\n"),
            Some(_) => self.push("\n\n"),
        }
        self.last = Some(join);
    }

    fn push(&mut self, text: &str) {
        self.layout.text.push_str(text);
        self.chars += text.chars().count();
    }

    fn end_page(&mut self) {
        if let Some(OpenPage { number, status, recognised, start }) = self.page.take() {
            let span = Span::new(start, self.chars);
            self.layout.pages.push(Page { page: number, status, recognised, span });
        }
    }
}

/// Cleans text and puts it on one line.
pub(crate) fn one_line(text: &str) -> String {
    let clean = clean(text);
    let mut line = String::with_capacity(clean.len());
    for word in clean.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Cleans text and keeps its lines, without blank ones.
fn lines(text: &str) -> String {
    let clean = clean(text);
    let mut kept = String::with_capacity(clean.len());
    for line in clean.lines() {
        let mut words = line.split_whitespace().peekable();
        if words.peek().is_some() && !kept.is_empty() {
            kept.push('\n');
        }
        let mut first = true;
        for word in words {
            if !first {
                kept.push(' ');
            }
            kept.push_str(word);
            first = false;
        }
    }
    kept
}

fn clean(text: &str) -> Cow<'_, str> {
    let odd = |c: char| {
        c.is_control() && c != '\n' || is_invisible(c) || c == '\u{2028}' || c == '\u{2029}'
    };
    if text.is_ascii() && !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' | '\u{c}' => out.push(' '),
            c if c.is_control() || is_invisible(c) => {}
            c => out.push(c),
        }
    }
    match is_nfc_quick(out.chars()) {
        IsNormalized::Yes => Cow::Owned(out),
        _ => Cow::Owned(out.nfc().collect()),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_text_with_spans_in_characters() -> Result<(), Fault> {
        let blocks = vec![
            Block::PageStart(PageStatus::Ok),
            Block::Heading { level: 1, text: "Überblick".into() },
            Block::Paragraph("one\u{a0}two\r\nthree\0".into()),
            Block::Item { level: 0, marker: String::new(), text: "a".into() },
            Block::Item { level: 1, marker: "1.".into(), text: "b".into() },
            Block::PageStart(PageStatus::Empty),
            Block::PageStart(PageStatus::Ok),
            Block::Table {
                header: Some(vec!["x".into(), "y".into()]),
                rows: vec![vec!["1".into(), String::new()]],
            },
        ];
        let layout = layout(blocks, &Limits::default())?;
        assert_eq!(layout.text, "Überblick\n\none two\nthree\n\n- a\n  1. b\u{c}\u{c}x | y\n1");
        for place in &layout.places {
            assert_eq!(place.span.of(&layout.text), Some(layout.text_of(place)));
        }
        let pages: Vec<_> = layout.pages.iter().map(|page| page.span.of(&layout.text)).collect();
        assert_eq!(pages.len(), 3);
        assert_eq!(pages[1], Some(""));
        assert_eq!(pages[2], Some("x | y\n1"));
        Ok(())
    }

    #[test]
    fn text_over_the_limit_is_refused() {
        let limits = Limits { text_chars: 3, ..Limits::default() };
        assert!(matches!(
            layout(vec![Block::Paragraph("four".into())], &limits),
            Err(Fault::OverLimit { .. })
        ));
    }
}
