use super::chars::Chars;
use sufficit_evidence::{Document, Passage, PassageShape, Span};

/// What separates the cells of a row in the canonical text.
const CELLS: &str = " | ";
/// What an item of a list begins with.
const DASHES: [&str; 4] = ["- ", "* ", "• ", "– "];

/// A piece of a text that is laid out as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// A heading, `depth` from 0.
    Heading {
        depth: usize,
        line: Line,
    },
    Paragraph(Vec<Line>),
    List(Vec<Line>),
    /// Rows of cells; where `header` is set, the first row says what the columns hold.
    Table {
        header: bool,
        rows: Vec<Vec<Line>>,
    },
}

/// Words that stand in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) span: Span,
}

impl Block {
    /// Its first character.
    pub(crate) fn start(&self) -> usize {
        self.lines().next().map_or(0, |line| line.span.start)
    }

    /// One past its last character.
    pub(crate) fn end(&self) -> usize {
        self.lines().last().map_or(0, |line| line.span.end)
    }

    fn lines(&self) -> Box<dyn Iterator<Item = &Line> + '_> {
        match self {
            Self::Heading { line, .. } => Box::new(std::iter::once(line)),
            Self::Paragraph(lines) | Self::List(lines) => Box::new(lines.iter()),
            Self::Table { rows, .. } => Box::new(rows.iter().flatten()),
        }
    }
}

/// Whether the character only marks an item or a cell, and is not shown where HTML marks it.
pub(crate) fn is_ornament(c: char) -> bool {
    "-*•–|".contains(c)
}

/// The document's text in blocks, in order; all of it but blanks, dashes of lists and bars of tables.
pub(crate) fn blocks(document: &Document, chars: &Chars) -> Vec<Block> {
    let mut found = Vec::new();
    let mut end = 0;
    let mut header: Option<&str> = None;
    for passage in &document.passages {
        between(chars, Span::new(end, passage.span.start), &passage.heading, &mut found);
        let start = passage.span.start.max(end);
        let span = Span::new(start, passage.span.end.max(start));
        header = inside(chars, passage, span, header, &mut found);
        end = span.end;
    }
    between(chars, Span::new(end, chars.len()), &[], &mut found);
    found
}

/// What stands between passages: the headings of the one that follows, and what no passage holds.
fn between(chars: &Chars, span: Span, heading: &[String], found: &mut Vec<Block>) {
    for line in lines(chars, span) {
        let words = chars.slice(line.span);
        match heading.iter().position(|known| known.trim() == words) {
            Some(depth) => found.push(Block::Heading { depth, line }),
            None => found.push(Block::Paragraph(vec![line])),
        }
    }
}

/// A passage's blocks. Gives the header row that the next passage names where it goes on with the same table.
fn inside<'a>(
    chars: &Chars<'a>,
    passage: &Passage,
    span: Span,
    header: Option<&'a str>,
    found: &mut Vec<Block>,
) -> Option<&'a str> {
    match passage.shape {
        PassageShape::Table => return table(chars, passage, span, header, found),
        PassageShape::List => list(chars, span, found),
        PassageShape::Prose => {
            for paragraph in paragraphs(chars, span) {
                found.push(Block::Paragraph(paragraph));
            }
        }
    }
    None
}

fn table<'a>(
    chars: &Chars<'a>,
    passage: &Passage,
    span: Span,
    header: Option<&'a str>,
    found: &mut Vec<Block>,
) -> Option<&'a str> {
    let mut rows: Vec<Vec<Line>> =
        whole_lines(chars, span).into_iter().map(|line| cells(chars, line)).collect();
    if let Some(known) = header.filter(|known| passage.context.as_deref() == Some(known))
        && let Some(Block::Table { header, rows: before }) = found.last_mut()
    {
        *header = true;
        before.append(&mut rows);
        return Some(known);
    }
    let first = lines(chars, span).first().map(|line| chars.slice(line.span));
    if !rows.is_empty() {
        found.push(Block::Table { header: false, rows });
    }
    first
}

/// The cells of a row. The first and the last may be empty, and the blank beside their bar cut off with the passage.
fn cells(chars: &Chars, line: Line) -> Vec<Line> {
    let mut row = chars.slice(line.span);
    let mut start = line.span.start;
    let mut cells = Vec::new();
    if let Some(rest) = row.strip_prefix(CELLS.trim_start()) {
        cells.push(Line { span: Span::new(start, start) });
        start += row.len() - rest.len();
        row = rest;
    }
    for cell in row.split(CELLS) {
        let end = start + cell.chars().count();
        let words = cell.strip_suffix(CELLS.trim_end()).unwrap_or(cell);
        cells.push(Line { span: Span::new(start, start + words.chars().count()) });
        start = end + CELLS.len();
    }
    cells
}

fn list(chars: &Chars, span: Span, found: &mut Vec<Block>) {
    for line in lines(chars, span) {
        let words = chars.slice(line.span);
        let Some(dash) = DASHES.iter().find(|dash| words.starts_with(**dash)) else {
            found.push(Block::Paragraph(vec![line]));
            continue;
        };
        let item = Line { span: Span::new(line.span.start + dash.chars().count(), line.span.end) };
        match found.last_mut() {
            Some(Block::List(items)) => items.push(item),
            _ => found.push(Block::List(vec![item])),
        }
    }
}

/// Lines that follow on each other without a blank one between them.
fn paragraphs(chars: &Chars, span: Span) -> Vec<Vec<Line>> {
    let mut found: Vec<Vec<Line>> = Vec::new();
    for line in lines(chars, span) {
        let before = found.last_mut().filter(|before| {
            before.last().is_some_and(|last| {
                let gap = chars.slice(Span::new(last.span.end, line.span.start));
                gap.matches('\n').count() < 2 && !gap.contains('\u{c}')
            })
        });
        match before {
            Some(before) => before.push(line),
            None => found.push(vec![line]),
        }
    }
    found
}

/// The lines of a span that hold more than blanks, without the blanks around them.
fn lines(chars: &Chars, span: Span) -> Vec<Line> {
    let trimmed = |line: Line| {
        let whole = chars.slice(line.span);
        let from = line.span.start + whole.chars().take_while(|c| c.is_whitespace()).count();
        Line { span: Span::new(from, from + whole.trim().chars().count()) }
    };
    whole_lines(chars, span).into_iter().map(trimmed).collect()
}

/// The lines of a span that hold more than blanks.
fn whole_lines(chars: &Chars, span: Span) -> Vec<Line> {
    let mut start = span.start;
    let mut found = Vec::new();
    for line in chars.slice(span).split(['\n', '\u{c}']) {
        let end = start + line.chars().count();
        if !line.trim().is_empty() {
            found.push(Line { span: Span::new(start, end) });
        }
        start = end + 1;
    }
    found
}
