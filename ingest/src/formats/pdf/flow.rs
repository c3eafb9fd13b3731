use super::{
    Document,
    grid::{self, Grid},
    list::Lists,
    look::{self, Spot},
    paragraph::Paragraph,
    tagged,
};
use crate::{
    block::Block,
    budget::Budget,
    fault::Fault,
    formats::{markdown, text},
    pdf::{PdfLine, PdfPage, TagRole},
};
use regex::Regex;
use std::{collections::BTreeMap, sync::LazyLock};

/// A gap of this many times the page's usual one parts paragraphs.
const PARAGRAPH_GAP: f32 = 1.35;
/// A first line is set in by so many line heights, at least and at most.
const FIRST_LINE_INDENT: std::ops::Range<f32> = 0.8..5.0;
/// Lines of a heading stand this close, in line heights.
const HEADING_GAP: f32 = 1.6;
/// Lines that begin within this many points of each other may belong to one column.
const COLUMN: f32 = 20.0;
/// Lines before and after one that show how wide its column is, if so many of them fill it but for this share.
const AROUND: usize = 8;
const FILLED_LINES: usize = 4;
const RAGGED: f32 = 0.15;

static LEADERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxlIVXL]{1,6})$|…{2,}\s*\d{1,4}$|_{4,}\s*\d{1,4}$")
        .ok()
});

/// Turns the lines of one page after the other into blocks.
pub(super) struct Flow<'a> {
    document: &'a Document,
    /// The lines that come are a table of contents.
    contents: bool,
    lists: Lists,
    open: Paragraph,
    budget: Budget,
    pub(super) blocks: Vec<Block>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(document: &'a Document, budget: Budget) -> Self {
        Self {
            document,
            contents: false,
            lists: Lists::default(),
            open: Paragraph::default(),
            budget,
            blocks: Vec::new(),
        }
    }

    pub(super) fn page(&mut self, number: usize, page: &PdfPage) -> Result<(), Fault> {
        let words = &self.document.words;
        let usual = look::usual_gap(page);
        let rooms = Rooms::of(page);
        let mut grid = Grid::default();
        let mut index = 0;
        while let Some(line) = page.lines.get(index) {
            let spot = Spot { lines: &page.lines, index, usual };
            let next = page.lines.get(index + 1);
            index += 1;
            let trimmed = line.text.trim();
            if self.document.furniture.holds(page, spot.index, usual) {
                grid.flush(words, &mut self.budget, &mut self.blocks)?;
                self.close_paragraph();
                self.blocks.push(Block::Furniture(grid::joined_cells(line, words)));
                continue;
            }
            if let Some((table, _)) = tagged::row_of(line) {
                grid.flush(words, &mut self.budget, &mut self.blocks)?;
                self.close_paragraph();
                let first = spot.index;
                let is_row =
                    |line: &&PdfLine| tagged::row_of(line).is_some_and(|(other, _)| other == table);
                index = first + page.lines.iter().skip(first).take_while(is_row).count();
                let rows = page.lines.get(first..index).unwrap_or_default();
                let (titles, rows) = rows.split_at(tagged::titles(rows));
                for (above, line) in titles.iter().enumerate() {
                    let spot = Spot { lines: &page.lines, index: first + above, usual };
                    let level = self.document.look.level_of(line);
                    self.heading(level, number, &spot);
                }
                self.blocks.push(tagged::table(rows, words, &mut self.budget)?);
                continue;
            }
            let marked = self.document.marked.level(number, spot.index);
            if self.is_contents(line, next) && marked.is_none() {
                grid.flush(words, &mut self.budget, &mut self.blocks)?;
                self.close_paragraph();
                self.blocks.push(Block::Contents(trimmed.to_owned()));
                continue;
            }
            let named = marked.or_else(|| look::tagged_level(line));
            // A heading between two tables may begin where a column does.
            let is_heading = named.is_some()
                || line.cells.is_empty()
                    && spot.is_apart()
                    && self.document.look.heading_level(&spot).is_some();
            let narrow = line.cells.len() <= grid::WIDEST && !is_heading;
            if narrow && !grid.is_empty() && grid.goes_on(line, usual)
                || narrow
                    && line.cells.len() >= 2
                    && next.is_some_and(|next| grid::aligned(line, next))
            {
                self.close_paragraph();
                grid.push(line);
                continue;
            }
            grid.flush(words, &mut self.budget, &mut self.blocks)?;
            if markdown::is_contents_title(trimmed) {
                self.close_paragraph();
                self.contents = true;
                self.blocks
                    .push(Block::Heading { level: named.unwrap_or(1), text: trimmed.to_owned() });
                continue;
            }
            let item = match named {
                Some(_) => None,
                None => self.lists.item(line),
            };
            let is_bullet = item.as_ref().is_some_and(|item| item.marker.is_empty());
            let level = match is_bullet {
                true => None,
                false => named
                    .or_else(|| self.document.look.heading_level(&spot))
                    .or_else(|| self.title_above(&spot)),
            };
            if let Some(level) = level {
                self.heading(level, number, &spot);
                continue;
            }
            self.contents = false;
            let room = rooms.at(spot.index);
            if let Some(item) = item {
                self.close_paragraph();
                self.open.open_item(item.level, item.marker);
                self.open.push(item.text, line, room, next);
            } else {
                let before = spot.index.checked_sub(1).and_then(|index| page.lines.get(index));
                if before.is_none_or(|before| self.parts(before, line, usual)) {
                    self.close_paragraph();
                }
                if self.open.is_empty() {
                    self.lists.close(line.x);
                }
                self.open.push(grid::joined_cells(line, words), line, room, next);
            }
        }
        grid.flush(words, &mut self.budget, &mut self.blocks)?;
        self.close_paragraph();
        Ok(())
    }

    fn close_paragraph(&mut self) {
        self.open.flush(&self.document.words, &mut self.blocks);
    }

    /// The level of the heading right above, if the line goes on with it.
    fn title_above(&self, spot: &Spot<'_>) -> Option<u8> {
        match self.blocks.last() {
            Some(Block::Heading { level, .. })
                if self.open.is_empty() && spot.goes_on_in_bold() =>
            {
                Some(*level)
            }
            _ => None,
        }
    }

    fn heading(&mut self, level: u8, page: usize, spot: &Spot<'_>) {
        self.close_paragraph();
        self.lists = Lists::default();
        self.contents = false;
        let Some(line) = spot.lines.get(spot.index) else { return };
        let text = line.text.trim();
        let before = spot.index.checked_sub(1).and_then(|index| spot.lines.get(index));
        let same_element = before.is_some_and(|before| {
            line.tag.is_some()
                && before.tag.map(|tag| tag.element) == line.tag.map(|tag| tag.element)
        });
        let goes_on = self.document.marked.goes_on(page, spot.index)
            || same_element
            || self.document.marked.level(page, spot.index).is_none()
                && line.gap_before.is_some_and(|gap| gap < HEADING_GAP)
                && before.is_some_and(|before| {
                    before.bold == line.bold && (before.size - line.size).abs() < 0.5
                })
                && text::numbering(text).is_none();
        match self.blocks.last_mut() {
            Some(Block::Heading { level: above, text: title }) if *above == level && goes_on => {
                *title = self.document.words.join([title.as_str(), text], |_| false);
            }
            _ => self.blocks.push(Block::Heading { level, text: text.to_owned() }),
        }
    }

    /// Whether a line stands in a table of contents.
    fn is_contents(&self, line: &PdfLine, next: Option<&PdfLine>) -> bool {
        let ends_in_number =
            |line: &PdfLine| line.text.trim_end().ends_with(|c: char| c.is_ascii_digit());
        let has_leaders = |line: &PdfLine| {
            ["..", ". .", "…", "____"].iter().any(|leader| line.text.contains(leader))
                && LEADERS.as_ref().is_some_and(|leaders| leaders.is_match(line.text.trim()))
        };
        line.tag.is_some_and(|tag| tag.role == TagRole::Contents)
            || has_leaders(line)
            || self.contents
                && (ends_in_number(line)
                    // An entry that goes on in the next line.
                    || next.is_some_and(|next| {
                        has_leaders(next) && next.text.starts_with(char::is_lowercase)
                    }))
    }

    /// Whether a paragraph begins between two lines.
    fn parts(&self, before: &PdfLine, line: &PdfLine, usual: f32) -> bool {
        let elements = before.tag.map(|tag| tag.element).zip(line.tag.map(|tag| tag.element));
        let goes_on = line.text.trim_start().starts_with(char::is_lowercase);
        match elements {
            Some((before, line)) if before == line => return false,
            // Some producers tag each line as a paragraph.
            Some(_) if !goes_on => return true,
            _ => {}
        }
        let ended = before.text.trim_end().ends_with(['.', ':', '!', '?', '”', '"']);
        let set_in = (line.x - before.x) / line.size.max(1.0);
        line.gap_before.is_none_or(|gap| gap > usual * PARAGRAPH_GAP)
            || self.lists.is_left(line.x)
            || ended && text::numbering(line.text.trim()).is_some()
            || ended && FIRST_LINE_INDENT.contains(&set_in) && self.lists.is_empty()
    }
}

/// Where columns of text end on the right.
struct Rooms<'a> {
    lines: &'a [PdfLine],
    /// By where lines begin.
    rooms: BTreeMap<i32, f32>,
}

impl<'a> Rooms<'a> {
    fn of(page: &'a PdfPage) -> Self {
        let mut rooms = BTreeMap::new();
        for line in page.lines.iter().filter(|line| line.cells.is_empty()) {
            let right = rooms.entry(column(line.x)).or_insert(line.right);
            *right = line.right.max(*right);
        }
        Self { lines: &page.lines, rooms }
    }

    /// Where the column of a line ends: as far as the lines around it reach, if they fill it, else as far as any below or above.
    fn at(&self, index: usize) -> f32 {
        let Some(line) = self.lines.get(index) else { return 0.0 };
        let filled = |lines: &[PdfLine]| {
            let rights = lines
                .iter()
                .filter(|other| other.cells.is_empty() && (other.x - line.x).abs() < 2.0 * COLUMN)
                .map(|other| other.right);
            let right = rights.clone().fold(line.right, f32::max);
            let edge = right - RAGGED * (right - line.x);
            (rights.filter(|right| *right >= edge).count() >= FILLED_LINES).then_some(right)
        };
        let before = self.lines.get(index.saturating_sub(AROUND)..=index).and_then(filled);
        let after = self.lines.get(index..self.lines.len().min(index + AROUND)).and_then(filled);
        if let Some(right) = before.into_iter().chain(after).reduce(f32::min) {
            return right;
        }
        let column = column(line.x);
        let near = self.rooms.range(column.saturating_sub(2)..=column.saturating_add(2));
        near.map(|(_, right)| *right).fold(line.right, f32::max)
    }
}

fn column(x: f32) -> i32 {
    (x / COLUMN).round() as i32
}
