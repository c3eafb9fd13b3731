use super::{columns::Columns, words::Words};
use crate::{block::Block, budget::Budget, fault::Fault, formats::table, pdf::PdfLine};
use std::collections::BTreeSet;

/// Points by which the beginnings of a column's cells may differ.
pub(super) const COLUMN_SLACK: f32 = 9.0;
/// A line with more cells, or a grid with more columns, is none of a table's.
pub(super) const WIDEST: usize = 200;

/// A line's text with its cells parted.
pub(super) fn joined_cells(line: &PdfLine, words: &Words) -> String {
    if line.cells.is_empty() {
        return line.text.trim().to_owned();
    }
    line.cells.iter().map(|cell| words.join_cell(&cell.text)).collect::<Vec<_>>().join(" | ")
}

/// Whether two lines may be rows of one table.
pub(super) fn aligned(line: &PdfLine, next: &PdfLine) -> bool {
    if next.cells.len() > WIDEST {
        return false;
    }
    if stacked(line, next) {
        return true;
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

/// Whether two lines have as many cells, three or more, each above the other's: cells may be centred.
fn stacked(line: &PdfLine, next: &PdfLine) -> bool {
    line.cells.len() > 2
        && line.cells.len() == next.cells.len()
        && line
            .cells
            .iter()
            .zip(&next.cells)
            .all(|(above, below)| above.x < below.right && below.x < above.right)
}

pub(super) fn near(a: f32, b: f32) -> bool {
    (a - b).abs() <= COLUMN_SLACK
}

/// A place on a page, so that places can be kept in order.
fn hundredths(points: f32) -> i32 {
    (points * 100.0).round() as i32
}

/// Lines that may be a table's, with the places where their cells begin.
#[derive(Default)]
pub(super) struct Grid<'a> {
    lines: Vec<&'a PdfLine>,
    /// In hundredths of a point.
    starts: BTreeSet<i32>,
}

impl<'a> Grid<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn push(&mut self, line: &'a PdfLine) {
        self.starts.extend(line.cells.iter().map(|cell| hundredths(cell.x)));
        self.lines.push(line);
    }

    /// Whether a line belongs to the table above it.
    pub(super) fn goes_on(&self, line: &PdfLine, usual: f32) -> bool {
        if line.gap_before.is_none_or(|gap| gap > usual * 3.5) {
            return false;
        }
        let slack = hundredths(COLUMN_SLACK);
        let starts_at = |x: f32| {
            let x = hundredths(x);
            self.starts.range(x.saturating_sub(slack)..=x.saturating_add(slack)).next_back()
        };
        if self.lines.last().is_some_and(|last| stacked(last, line)) {
            return true;
        }
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
    pub(super) fn flush(
        &mut self,
        words: &Words,
        budget: &mut Budget,
        blocks: &mut Vec<Block>,
    ) -> Result<(), Fault> {
        let lines = std::mem::take(self).lines;
        if lines.is_empty() {
            return Ok(());
        }
        let Some(columns) = Columns::of(&lines) else {
            blocks.extend(lines.iter().map(|line| Block::Paragraph(joined_cells(line, words))));
            return Ok(());
        };
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut bold = false;
        for line in &lines {
            let parts: Vec<(usize, String)> = match line.cells.len() {
                0 | 1 => vec![(columns.at(line.x), line.text.trim().to_owned())],
                _ => line
                    .cells
                    .iter()
                    .map(|cell| (columns.at(cell.x), words.join_cell(&cell.text)))
                    .collect(),
            };
            // What follows a bold row in plain type is no part of it, though the first cell may be empty.
            let as_bold = line.bold || !bold;
            let goes_on = as_bold
                && (parts.first().is_some_and(|(column, _)| *column > 0) || parts.len() == 1);
            bold = line.bold;
            if rows.is_empty() || !goes_on {
                budget.empty_cells(columns.count())?;
                rows.push(vec![String::new(); columns.count()]);
            }
            if let Some(row) = rows.last_mut() {
                for (column, part) in parts {
                    if let Some(cell) = row.get_mut(column) {
                        if !cell.is_empty() {
                            cell.push(' ');
                        }
                        cell.push_str(&part);
                    }
                }
            }
        }
        let header = if table::header_row(&rows) == Some(0) { Some(rows.remove(0)) } else { None };
        blocks.push(Block::Table { header, rows });
        Ok(())
    }
}
