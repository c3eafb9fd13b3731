use super::{Content, markdown, table, text};
use crate::{
    Reading,
    block::Block,
    budget::Budget,
    fault::Fault,
    pdf::{self, PdfFault, PdfLine, PdfPage},
};
use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::LazyLock,
};

/// Lines this many times as large as the body's are headings.
const HEADING_SIZE: f32 = 1.12;
/// A gap of this many times the page's usual one parts paragraphs.
const PARAGRAPH_GAP: f32 = 1.35;
/// Share of a page's height at its top and foot where page headers and footers stand.
const MARGIN: f32 = 0.12;
/// Points by which the beginnings of a column's cells may differ.
const COLUMN_SLACK: f32 = 9.0;
/// A line with more cells, or a grid with more columns, is none of a table's.
const WIDEST: usize = 200;

static PAGE_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:page\s*)?[-–|]?\s*\d{1,4}\s*[-–|]?(?:\s*(?:of|/|\|)\s*\d{1,4})?$").ok()
});
static LEADERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:\.\s?){4,}\s*\d{1,4}$|…{2,}\s*\d{1,4}$").ok());

/// A PDF's lines as blocks.
pub(crate) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Result<Content, Fault> {
    let limits = reading.limits;
    let pdf = pdf::extract(bytes, limits, reading.passwords).map_err(|fault| match fault {
        PdfFault::Encrypted => Fault::Locked,
        other => Fault::Pdf(other.to_string()),
    })?;
    if pdf.pages.iter().all(|page| page.lines.iter().all(|line| line.text.trim().is_empty())) {
        let pictures = pdf.pages.iter().any(|page| page.has_images)
            || pdf
                .pages
                .iter()
                .any(|page| page.status == sufficit_evidence::PageStatus::Undecodable);
        return Err(if pictures {
            Fault::NeedsOcr {
                pages: Some(pdf.pages.len() as u32),
                why: "Its pages are pictures without text".into(),
            }
        } else {
            Fault::Nothing("text")
        });
    }
    let look = Look::of(&pdf.pages);
    let mut blocks = Vec::new();
    let mut contents = false;
    let mut budget = Budget::of(limits);
    for page in &pdf.pages {
        blocks.push(Block::PageStart(page.status));
        look.page(page, &mut contents, &mut budget, &mut blocks)?;
    }
    let properties =
        pdf.properties.into_iter().map(|(name, value)| (format!("/{name}"), value)).collect();
    Ok(Content { blocks, properties })
}

/// What a document's lines look like as a whole.
struct Look {
    body: f32,
    /// Heading sizes in half points, largest first.
    sizes: Vec<i32>,
    bold_is_rare: bool,
    /// Lines (digits as `#`) that stand at the same height on several pages.
    repeated: HashSet<(String, i32)>,
    words: HashSet<String>,
    hyphenates: bool,
}

impl Look {
    fn of(pages: &[PdfPage]) -> Self {
        let mut by_size: BTreeMap<i32, usize> = BTreeMap::new();
        let (mut bold, mut all, mut hyphens, mut lines) = (0, 0, 0, 0);
        let mut seen: HashMap<(String, i32), usize> = HashMap::new();
        let mut words = HashSet::new();
        for page in pages {
            for line in &page.lines {
                let chars = line.text.chars().count();
                // Tables are often set smaller than the text around them.
                let weight = if line.cells.is_empty() { chars * 4 } else { chars };
                *by_size.entry(half_points(line.size)).or_default() += weight;
                all += chars;
                lines += 1;
                bold += if line.bold { chars } else { 0 };
                hyphens += usize::from(line.text.ends_with('-'));
                words.extend(
                    line.text
                        .split(|c: char| !c.is_alphanumeric() && c != '-')
                        .map(str::to_lowercase),
                );
                if in_margin(line, page) {
                    *seen.entry((shape(&line.text), line.y.round() as i32)).or_default() += 1;
                }
            }
        }
        let body = by_size.iter().max_by_key(|(_, chars)| **chars).map_or(20, |(size, _)| *size)
            as f32
            / 2.0;
        let mut sizes: Vec<i32> = by_size
            .keys()
            .copied()
            .filter(|size| *size as f32 / 2.0 >= body * HEADING_SIZE)
            .collect();
        sizes.reverse();
        let enough = if pages.len() < 6 { 2 } else { 3 };
        let repeated =
            seen.into_iter().filter(|(_, count)| *count >= enough).map(|(line, _)| line).collect();
        Self {
            body,
            sizes,
            bold_is_rare: bold * 2 < all,
            repeated,
            words,
            hyphenates: hyphens * 40 > lines,
        }
    }

    fn page(
        &self,
        page: &PdfPage,
        contents: &mut bool,
        budget: &mut Budget,
        blocks: &mut Vec<Block>,
    ) -> Result<(), Fault> {
        let usual = usual_gap(page);
        let widest = page.lines.iter().map(|line| line.text.chars().count()).max().unwrap_or(0);
        let mut open = Paragraph { widest, ..Paragraph::default() };
        let mut lines = page.lines.iter().peekable();
        let mut grid = Grid::default();
        while let Some(line) = lines.next() {
            let trimmed = line.text.trim();
            if trimmed.is_empty() {
                continue;
            }
            if self.is_furniture(line, page) {
                grid.flush(budget, blocks)?;
                open.flush(self, blocks);
                blocks.push(Block::Furniture(joined_cells(line)));
                continue;
            }
            let narrow = line.cells.len() <= WIDEST;
            let continues = narrow && !grid.lines.is_empty() && grid.goes_on(line, usual);
            if continues
                || narrow
                    && line.cells.len() >= 2
                    && lines.peek().is_some_and(|next| aligned(line, next))
            {
                open.flush(self, blocks);
                grid.push(line);
                continue;
            }
            grid.flush(budget, blocks)?;
            if LEADERS.as_ref().is_some_and(|leaders| leaders.is_match(trimmed)) {
                open.flush(self, blocks);
                blocks.push(Block::Contents(trimmed.to_owned()));
                continue;
            }
            if let Some(level) = self.heading_level(line, usual, lines.peek().copied()) {
                open.flush(self, blocks);
                *contents = markdown::is_contents_title(trimmed);
                match blocks.last_mut() {
                    Some(Block::Heading { level: above, text })
                        if *above == level
                            && line.gap_before.is_some_and(|gap| gap < 1.6)
                            && text::numbering(trimmed).is_none() =>
                    {
                        text.push(' ');
                        text.push_str(trimmed);
                    }
                    _ => blocks.push(Block::Heading { level, text: trimmed.to_owned() }),
                }
                continue;
            }
            if *contents && trimmed.ends_with(|c: char| c.is_ascii_digit()) {
                open.flush(self, blocks);
                blocks.push(Block::Contents(trimmed.to_owned()));
                continue;
            }
            *contents = false;
            let apart = line.gap_before.is_none_or(|gap| gap > usual * PARAGRAPH_GAP);
            if let Some((level, marker, body)) = text::item(trimmed) {
                open.flush(self, blocks);
                open.item = Some((level, marker));
                open.lines.push(body);
            } else {
                if apart {
                    open.flush(self, blocks);
                }
                open.lines.push(joined_cells(line));
            }
        }
        grid.flush(budget, blocks)?;
        open.flush(self, blocks);
        Ok(())
    }

    fn is_furniture(&self, line: &PdfLine, page: &PdfPage) -> bool {
        in_margin(line, page)
            && (line.artifact
                || self.repeated.contains(&(shape(&line.text), line.y.round() as i32))
                || PAGE_NUMBER.as_ref().is_some_and(|number| number.is_match(line.text.trim())))
    }

    /// A line's level as heading: by its size, or, in the body's size, by weight and numbering.
    fn heading_level(&self, line: &PdfLine, usual: f32, next: Option<&PdfLine>) -> Option<u8> {
        let words = line.text.split_whitespace().count();
        let letters = line.text.chars().filter(|c| c.is_alphabetic()).count();
        if words > 16 || letters < 2 {
            return None;
        }
        let size = half_points(line.size);
        let in_sentence =
            line.text.trim().starts_with(char::is_lowercase) || line.text.trim_end().ends_with('.');
        if in_sentence && line.size < self.body * 1.5 {
            return None;
        }
        if let Ok(rank) = self.sizes.binary_search_by(|known| size.cmp(known)) {
            return Some((rank + 1).min(6) as u8);
        }
        let apart = line.gap_before.is_none_or(|gap| gap > usual * 1.1);
        let followed_by_bold = next
            .is_some_and(|next| next.bold && next.gap_before.is_some_and(|gap| gap <= usual * 1.1));
        let bold = line.bold && self.bold_is_rare && line.size >= self.body * 0.95;
        let ends = line.text.trim_end().ends_with(['.', ',', ';', ':', '?']);
        let numbering = text::numbering(line.text.trim());
        (bold
            && words <= 12
            && !ends
            && line.cells.is_empty()
            && (apart || numbering.is_some())
            && !followed_by_bold)
            .then(|| self.sizes.len().min(3) as u8 + numbering.map_or(1, |(depth, _)| depth.min(3)))
    }

    /// Joins a paragraph's lines; a hyphen at a line's end goes where the whole word is known from elsewhere in the document.
    fn join(&self, lines: &[String], widest: usize) -> String {
        let mut text = String::new();
        let mut previous = "";
        for line in lines {
            if !text.is_empty() {
                let broken = text.ends_with('-') && line.starts_with(char::is_lowercase);
                if broken && self.is_one_word(previous, line) {
                    text.pop();
                } else if !broken {
                    // A line that ends early was ended on purpose.
                    let early = previous.chars().count() * 10 < widest * 6;
                    text.push(if early { '\n' } else { ' ' });
                }
            }
            text.push_str(line);
            previous = line;
        }
        text
    }

    fn is_one_word(&self, before: &str, after: &str) -> bool {
        let part = |c: char| !c.is_alphanumeric() && c != '-';
        let first =
            before.trim_end_matches('-').rsplit(part).next().unwrap_or_default().to_lowercase();
        let second = after.split(part).next().unwrap_or_default().to_lowercase();
        if self.words.contains(&format!("{first}-{second}")) {
            return false;
        }
        self.words.contains(&format!("{first}{second}")) || self.hyphenates
    }
}

#[derive(Default)]
struct Paragraph {
    lines: Vec<String>,
    item: Option<(u8, String)>,
    widest: usize,
}

impl Paragraph {
    fn flush(&mut self, look: &Look, blocks: &mut Vec<Block>) {
        if self.lines.is_empty() {
            return;
        }
        let text = look.join(&std::mem::take(&mut self.lines), self.widest);
        blocks.push(match self.item.take() {
            Some((level, marker)) => Block::Item { level, marker, text },
            None => Block::Paragraph(text),
        });
    }
}

fn half_points(size: f32) -> i32 {
    (size * 2.0).round() as i32
}

fn in_margin(line: &PdfLine, page: &PdfPage) -> bool {
    page.height > 0.0 && (line.y < page.height * MARGIN || line.y > page.height * (1.0 - MARGIN))
}

/// A line with its digits made equal, so that page numbers do not tell pages apart.
fn shape(line: &str) -> String {
    line.trim()
        .chars()
        .map(|c| if c.is_ascii_digit() { '#' } else { c })
        .collect::<String>()
        .replace("##", "#")
        .replace("##", "#")
}

/// The distance between most lines of a page, in line heights.
fn usual_gap(page: &PdfPage) -> f32 {
    let mut gaps: Vec<f32> = page
        .lines
        .iter()
        .filter_map(|line| line.gap_before)
        .filter(|gap| (0.8..2.5).contains(gap))
        .collect();
    gaps.sort_by(f32::total_cmp);
    gaps.get(gaps.len() / 3).copied().unwrap_or(1.2).max(1.0)
}

fn joined_cells(line: &PdfLine) -> String {
    if line.cells.is_empty() {
        return line.text.trim().to_owned();
    }
    line.cells.iter().map(|cell| cell.text.trim()).collect::<Vec<_>>().join(" | ")
}

fn aligned(line: &PdfLine, next: &PdfLine) -> bool {
    if next.cells.len() > WIDEST {
        return false;
    }
    if next.cells.len() >= 2 {
        let shared = next
            .cells
            .iter()
            .filter(|cell| line.cells.iter().any(|own| near(own.x, cell.x)))
            .count();
        return shared >= 2;
    }
    // The next line may be one cell's second line.
    line.cells.iter().skip(1).any(|cell| near(cell.x, next.x))
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() <= COLUMN_SLACK
}

/// A place on a page, so that places can be kept in order.
fn hundredths(points: f32) -> i32 {
    (points * 100.0).round() as i32
}

/// Lines that may be a table's, with the places where their cells begin.
#[derive(Default)]
struct Grid<'a> {
    lines: Vec<&'a PdfLine>,
    /// In hundredths of a point.
    starts: BTreeSet<i32>,
}

impl<'a> Grid<'a> {
    fn push(&mut self, line: &'a PdfLine) {
        self.starts.extend(line.cells.iter().map(|cell| hundredths(cell.x)));
        self.lines.push(line);
    }

    fn goes_on(&self, line: &PdfLine, usual: f32) -> bool {
        if line.gap_before.is_none_or(|gap| gap > usual * 3.5) {
            return false;
        }
        let slack = hundredths(COLUMN_SLACK);
        let starts_at = |x: f32| {
            let x = hundredths(x);
            self.starts.range(x.saturating_sub(slack)..=x.saturating_add(slack)).next_back()
        };
        if line.cells.len() >= 2 {
            return line.cells.iter().filter(|cell| starts_at(cell.x).is_some()).count() >= 2;
        }
        let Some(first) = self.starts.first() else { return false };
        starts_at(line.x).is_some_and(|start| *start > first.saturating_add(slack))
            || hundredths(line.x).abs_diff(*first) <= slack.unsigned_abs()
                && line.gap_before.is_some_and(|gap| gap <= usual * 1.1)
                && line.text.chars().count() < 28
    }

    /// Lines with cells at the same places as a table; a line that has nothing in the first column goes on with the row above.
    fn flush(&mut self, budget: &mut Budget, blocks: &mut Vec<Block>) -> Result<(), Fault> {
        let lines = std::mem::take(self).lines;
        if lines.is_empty() {
            return Ok(());
        }
        let mut columns: Vec<f32> = Vec::new();
        for cell in lines.iter().flat_map(|line| &line.cells) {
            if !columns.iter().any(|column| near(*column, cell.x)) {
                columns.push(cell.x);
            }
            if columns.len() > WIDEST {
                blocks.extend(lines.iter().map(|line| Block::Paragraph(joined_cells(line))));
                return Ok(());
            }
        }
        columns.sort_by(f32::total_cmp);
        let column_of =
            |x: f32| columns.iter().rposition(|column| *column <= x + COLUMN_SLACK).unwrap_or(0);
        let mut rows: Vec<Vec<String>> = Vec::new();
        for line in &lines {
            let parts: Vec<(usize, &str)> = match line.cells.len() {
                0 | 1 => vec![(column_of(line.x), line.text.trim())],
                _ => line.cells.iter().map(|cell| (column_of(cell.x), cell.text.trim())).collect(),
            };
            let goes_on = parts.first().is_some_and(|(column, _)| *column > 0) || parts.len() == 1;
            if rows.is_empty() || !goes_on {
                budget.empty_cells(columns.len())?;
                rows.push(vec![String::new(); columns.len()]);
            }
            if let Some(row) = rows.last_mut() {
                for (column, part) in parts {
                    if let Some(cell) = row.get_mut(column) {
                        if !cell.is_empty() {
                            cell.push(' ');
                        }
                        cell.push_str(part);
                    }
                }
            }
        }
        let header = if table::header_row(&rows) == Some(0) { Some(rows.remove(0)) } else { None };
        blocks.push(Block::Table { header, rows });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::pdf::PdfCell;
    use sufficit_evidence::PageStatus;

    fn line(places: &[f32]) -> PdfLine {
        PdfLine {
            text: "cells".into(),
            size: 10.0,
            bold: false,
            x: places.first().copied().unwrap_or_default(),
            y: 400.0,
            gap_before: Some(1.2),
            artifact: false,
            cells: places.iter().map(|x| PdfCell { text: format!("at {x}"), x: *x }).collect(),
        }
    }

    fn blocks(lines: Vec<PdfLine>, limits: &Limits) -> Result<Vec<Block>, Fault> {
        let status = PageStatus::Ok;
        let page = PdfPage { status, lines, has_images: false, width: 600.0, height: 800.0 };
        let mut blocks = Vec::new();
        let look = Look::of(std::slice::from_ref(&page));
        look.page(&page, &mut false, &mut Budget::of(limits), &mut blocks)?;
        Ok(blocks)
    }

    #[test]
    fn rows_that_go_on_join_their_grid() -> Result<(), Fault> {
        let lines = vec![line(&[50.0, 200.0]), line(&[52.0, 205.0, 400.0]), line(&[50.0, 396.0])];
        let blocks = blocks(lines, &Limits::default())?;
        let [Block::Table { header: None, rows }] = blocks.as_slice() else {
            panic!("one table: {blocks:?}");
        };
        assert_eq!(rows[2], ["at 50", "", "at 396"]);
        Ok(())
    }

    #[test]
    fn a_grid_s_empty_cells_are_counted_and_its_columns_limited() -> Result<(), Fault> {
        let long: Vec<PdfLine> = (0..4000).map(|_| line(&[50.0, 70.0, 90.0, 110.0])).collect();
        let short = Limits { text_chars: 20_000, ..Limits::default() };
        assert!(matches!(blocks(long, &short), Err(Fault::OverLimit { .. })));
        let drifting = |n: u16| line(&[f32::from(n) * 10.0, f32::from(n + 1) * 10.0, 5.0]);
        let lines = (0..20_000).map(drifting).collect();
        let blocks = blocks(lines, &Limits::default())?;
        assert_eq!(blocks.len(), 20_000);
        assert_eq!(blocks[7], Block::Paragraph("at 70 | at 80 | at 5".into()));
        Ok(())
    }
}
