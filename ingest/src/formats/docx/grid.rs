use super::{body::Piece, paragraph::Look};
use crate::{block::Block, formats::table};

/// Level of a caption that stands within its table.
const CAPTION_LEVEL: u8 = 3;
/// Words of a caption.
const CAPTION_WORDS: usize = 10;
/// Columns that one cell may say it spans.
const MOST_SPANNED: usize = 60;

/// A table that is being read.
#[derive(Debug, Default)]
pub(super) struct Grid {
    rows: Vec<Row>,
    /// Of the cell that is open.
    span: usize,
    part: Part,
}

#[derive(Debug, Default)]
struct Row {
    cells: Vec<Cell>,
    is_header: bool,
    is_deleted: bool,
    /// Columns that it leaves out at its beginning.
    before: usize,
}

#[derive(Debug)]
struct Cell {
    pieces: Vec<Piece>,
    span: usize,
    part: Part,
}

/// What a cell is of one that was merged from several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    /// The whole, or its beginning.
    #[default]
    Own,
    /// It goes on: what stands in it is not shown.
    Rest,
    /// It was deleted, and the deletion is not accepted yet.
    Deleted,
}

impl Grid {
    pub(super) fn open_row(&mut self) {
        self.rows.push(Row::default());
    }

    pub(super) fn open_cell(&mut self) {
        (self.span, self.part) = (1, Part::Own);
    }

    /// A property of the row or cell that is open.
    pub(super) fn property(&mut self, name: &str, value: &str, is_on: bool) {
        let columns = |value: &str| value.parse().unwrap_or(0_usize).min(MOST_SPANNED);
        match name {
            "gridSpan" => self.span = columns(value).max(1),
            "vMerge" | "hMerge" if value != "restart" => self.part = Part::Rest,
            "cellDel" => self.part = Part::Deleted,
            _ => {
                let Some(row) = self.rows.last_mut() else { return };
                match name {
                    "tblHeader" => row.is_header = is_on,
                    "gridBefore" => row.before = columns(value),
                    "del" => row.is_deleted = true,
                    _ => {}
                }
            }
        }
    }

    /// Takes the cell that is open, with what stands in it, and gives how many columns it covers.
    pub(super) fn close_cell(&mut self, pieces: Vec<Piece>) -> usize {
        let pieces = if self.part == Part::Own { pieces } else { Vec::new() };
        let span = self.span.max(1);
        let Some(row) = self.rows.last_mut() else { return span };
        let before = if row.cells.is_empty() { row.before } else { 0 };
        if self.part != Part::Deleted {
            row.cells.push(Cell { pieces, span, part: self.part });
        }
        before + span
    }

    pub(super) fn finish(mut self) -> Vec<Piece> {
        self.rows.retain(|row| !row.is_deleted && !row.cells.is_empty());
        if self.only_lays_out() {
            return self.rows.into_iter().flat_map(Row::pieces).collect();
        }
        let mut above = Vec::new();
        let most = self.rows.len().saturating_sub(2);
        let captions = self.rows.iter().take(most).take_while(|row| row.is_caption()).count();
        for row in self.rows.drain(..captions) {
            let look =
                row.cells.iter().flat_map(|cell| &cell.pieces).map(|piece| piece.look).next();
            let text = row.finish().into_iter().find(|text| !text.is_empty()).unwrap_or_default();
            let short = text.split_whitespace().count() <= CAPTION_WORDS;
            let block = match short {
                true => Block::Heading { level: CAPTION_LEVEL, text },
                false => Block::Paragraph(text),
            };
            above.push(Piece { block, look: look.unwrap_or_default(), is_title: short });
        }
        above.push(self.body());
        above
    }

    /// One column, or a few cells that hold tables and sections of their own: it places them on the page and says nothing.
    fn only_lays_out(&self) -> bool {
        let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.pieces.is_empty()).count();
        if self.rows.iter().all(|row| row.cells.len() <= 1) {
            return true;
        }
        let holds_more = |cell: &Cell| {
            cell.pieces.iter().any(|piece| match &piece.block {
                Block::Heading { .. } => cell.pieces.len() > 1,
                Block::Table { header, rows } => header.is_some() || rows.len() > 1,
                _ => false,
            })
        };
        self.rows.iter().filter(|row| filled(row) > 1).count() <= 1
            && self.rows.iter().flat_map(|row| &row.cells).any(holds_more)
    }

    fn body(self) -> Piece {
        let lines = self.header_lines();
        let heads: Vec<Vec<String>> = self.rows.iter().take(lines).map(Row::spread).collect();
        let mut rows: Vec<Vec<String>> = self.rows.into_iter().map(Row::finish).collect();
        // Empty columns at the edge place the table on the page.
        let is_empty =
            |row: &Vec<String>, n: usize| row.get(n).is_none_or(|cell| cell.trim().is_empty());
        let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
        let edge = (0..widest).take_while(|n| rows.iter().all(|row| is_empty(row, *n))).count();
        for row in &mut rows {
            row.drain(..edge.min(row.len()));
        }
        let is_grid = rows.len() > 1 && rows.first().is_some_and(|row| row.len() > 1);
        let lines = lines.max(usize::from(table::header_row(&rows) == Some(0)));
        let header = (is_grid && lines > 0).then(|| {
            let mut names = rows.remove(0);
            if lines > 1 {
                rows.drain(..(lines - 1).min(rows.len()));
                names = table::one_header(heads);
                names.drain(..edge.min(names.len()));
            }
            names
        });
        Piece { block: Block::Table { header, rows }, look: Look::default(), is_title: false }
    }

    /// How many rows name the columns: those that are marked so, else a bold one, or two where the first one groups the second's names.
    fn header_lines(&self) -> usize {
        let most = self.rows.len().saturating_sub(1);
        let marked = self.rows.iter().take_while(|row| row.is_header).count();
        if marked > 0 {
            return marked.min(most);
        }
        let groups =
            self.rows.first().is_some_and(|row| row.cells.iter().any(|cell| cell.span > 1));
        let bold = self.rows.iter().take_while(|row| row.cells.len() > 1 && row.is_bold()).count();
        let bold_below =
            self.rows.iter().skip(bold).any(|row| row.cells.len() > 1 && row.is_bold());
        match bold {
            _ if bold_below => 0,
            1 => 1,
            2 if groups && most > 1 => 2,
            _ => 0,
        }
    }
}

impl Row {
    fn pieces(self) -> impl Iterator<Item = Piece> {
        self.cells.into_iter().flat_map(|cell| cell.pieces)
    }

    /// One cell over the table's whole width, above its header: a caption.
    fn is_caption(&self) -> bool {
        matches!(self.cells.as_slice(), [cell] if cell.span > 1 && !cell.pieces.is_empty())
    }

    fn is_bold(&self) -> bool {
        self.cells.iter().all(|cell| {
            !cell.pieces.is_empty() && cell.pieces.iter().all(|piece| piece.look.bold)
                || cell.part == Part::Rest
        })
    }

    /// Its cells, each over all columns that it covers.
    fn spread(&self) -> Vec<String> {
        let mut cells = vec![String::new(); self.before];
        for cell in &self.cells {
            cells.resize(cells.len() + cell.span, text(cell.pieces.clone()));
        }
        cells
    }

    fn finish(self) -> Vec<String> {
        let mut cells = Vec::new();
        // The empty cells of a span only where something follows: spans are cheap to write down.
        let mut open = self.before;
        for cell in self.cells {
            cells.resize(cells.len() + open, String::new());
            cells.push(text(cell.pieces));
            open = cell.span - 1;
        }
        cells
    }
}

/// What stands in a cell, on one line.
fn text(pieces: Vec<Piece>) -> String {
    let mut text = String::new();
    for piece in pieces {
        let parted = matches!(piece.block, Block::Item { .. } | Block::Table { .. });
        for line in lines(piece.block, ", ") {
            if !text.is_empty() {
                let ends = text.ends_with([':', ';', '.', ',']);
                text.push_str(if parted && !ends { "; " } else { " " });
            }
            text.push_str(line.trim());
        }
    }
    text
}

/// A block's text by lines, for places where only text can stand: cells, page headers, notes. `between` parts the cells of a table.
pub(super) fn lines(block: Block, between: &str) -> Vec<String> {
    match block {
        Block::Heading { text, .. }
        | Block::Paragraph(text)
        | Block::Furniture(text)
        | Block::Contents(text) => vec![text],
        Block::Item { marker, text, .. } if marker.is_empty() => vec![text],
        Block::Item { marker, text, .. } => vec![format!("{marker} {text}")],
        Block::Table { header, rows } => header
            .into_iter()
            .chain(rows)
            .map(|row| {
                row.into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(between)
            })
            .collect(),
        Block::PageStart(_) | Block::Recognised(_) => Vec::new(),
    }
}
