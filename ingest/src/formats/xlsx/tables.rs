//! A sheet's regions as tables, each with its own header, and what stands above them.

use super::{
    cells::Left,
    header::{self, Header},
    region::Region,
    sheet::Sheet,
};
use crate::{Limits, block::Block, facts, fault::Fault, formats::table};
use std::collections::BTreeSet;

/// Words of a title.
const TITLE_WORDS: usize = 14;

/// What a sheet turns into.
#[derive(Default)]
pub(super) struct Tables {
    /// The line at the top of the sheet that names it.
    pub(super) title: Option<String>,
    pub(super) blocks: Vec<Block>,
    /// The columns of the last table, which a region without a header of its own goes on; or of a row of names that stands alone.
    columns: Option<Vec<u32>>,
}

impl Tables {
    pub(super) fn add(
        &mut self,
        region: Region,
        sheet: &Sheet,
        left: &mut Left,
        limits: &Limits,
    ) -> Result<(), Fault> {
        let used: BTreeSet<u32> = region.iter().flat_map(|row| row.cells.keys().copied()).collect();
        let columns: Vec<u32> = used.into_iter().collect();
        if columns.len() > limits.columns {
            let what = "the number of columns".into();
            return Err(Fault::OverLimit { what, limit: limits.columns as u64 });
        }
        let mut rows = dense(&region, &columns, left)?;
        let header = header::find(&region, &rows, &columns, sheet);
        let has_header = matches!(self.blocks.last(), Some(Block::Table { header: Some(_), .. }));
        let goes_on = self.columns.as_ref().filter(|above| {
            let own = header.is_some_and(|header| {
                header.is_declared
                    || region.get(header.at).is_some_and(|row| row.is_bold)
                    || header::names_values(&rows, header.at)
            });
            has_header
                && region.iter().any(|row| row.cells.len() > 1)
                && !own
                && columns.iter().all(|column| above.contains(column))
        });
        if let (Some(above), Some(Block::Table { rows, .. })) = (goes_on, self.blocks.last_mut()) {
            rows.extend(dense(&region, above, left)?);
            return Ok(());
        }
        if header.is_none() && self.heads(&columns) {
            if let Some(Block::Table { header, rows: above }) = self.blocks.last_mut() {
                (*header, *above) = (above.pop(), rows);
            }
            return Ok(());
        }
        let Some(Header { at, lines, .. }) = header else {
            self.columns = Some(columns)
                .filter(|_| region.len() == 1 && rows.iter().all(|row| table::names_columns(row)));
            self.above(rows, &region, false);
            return Ok(());
        };
        let mut below = rows.split_off(at);
        self.above(rows, &region, true);
        let names: Vec<Vec<String>> = below.drain(..lines.min(below.len())).collect();
        let names = match names.len() {
            0 | 1 => names.into_iter().next().unwrap_or_default(),
            _ => table::one_header(header::over_their_columns(names, &region, at, &columns, sheet)),
        };
        self.blocks.push(Block::Table { header: Some(names), rows: below });
        self.columns = Some(columns);
        Ok(())
    }

    /// Whether a single row stands above that names these columns, with a blank row below it.
    fn heads(&self, columns: &[u32]) -> bool {
        let names = |row: &[String]| {
            row.len() > 1 && !row.first().is_some_and(|cell| facts::is_label(cell))
        };
        self.columns.as_deref() == Some(columns)
            && matches!(self.blocks.last(), Some(Block::Table { header: None, rows }) if matches!(rows.as_slice(), [row] if names(row)))
    }

    /// Lines above a table, or those of a region without one: single cells are titles and remarks, others labels with values.
    fn above(&mut self, rows: Vec<Vec<String>>, region: &Region, heads_table: bool) {
        let mut labels: Vec<Vec<String>> = Vec::new();
        let last = rows.len().saturating_sub(1);
        let is_bold = |n: usize| region.get(n).is_some_and(|row| row.is_bold);
        let width = rows.iter().map(|row| filled(row)).max().unwrap_or(0);
        for (n, row) in rows.into_iter().enumerate() {
            let mut cells: Vec<String> = row;
            // A table without a header keeps its rows whole, single cells among them.
            if filled(&cells) > 1 || !heads_table && width > 1 && n > 0 {
                if heads_table {
                    cells.retain(|cell| !cell.trim().is_empty());
                }
                labels.push(cells);
                continue;
            }
            self.table(&mut labels);
            let text = cells.into_iter().find(|cell| !cell.trim().is_empty()).unwrap_or_default();
            let names = is_title(&text);
            if names && self.title.is_none() && self.blocks.is_empty() {
                self.title = Some(text);
            } else if names && (is_bold(n) || heads_table && n == last && !self.blocks.is_empty()) {
                self.blocks.push(Block::Heading { level: 3, text });
            } else {
                self.blocks.push(Block::Paragraph(text));
            }
        }
        self.table(&mut labels);
    }

    fn table(&mut self, rows: &mut Vec<Vec<String>>) {
        if !rows.is_empty() {
            self.blocks.push(Block::Table { header: None, rows: std::mem::take(rows) });
        }
    }
}

fn is_title(text: &str) -> bool {
    let text = text.trim();
    text.split_whitespace().count() <= TITLE_WORDS
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !text.contains(['\n', ':', '_', '@'])
        && !text.ends_with(['.', ',', ';'])
        && facts::dates::find(text).is_empty()
}

fn filled(row: &[String]) -> usize {
    row.iter().filter(|cell| !cell.trim().is_empty()).count()
}

/// Rows with their cells in line: empty ones where a column holds something in other rows only.
fn dense(region: &Region, columns: &[u32], left: &mut Left) -> Result<Vec<Vec<String>>, Fault> {
    region
        .iter()
        .map(|row| {
            let mut cells: Vec<String> = Vec::new();
            for (column, text) in &row.cells {
                let Ok(at) = columns.binary_search(column) else { continue };
                left.text.empty_cells(at.saturating_sub(cells.len()))?;
                cells.resize(at, String::new());
                cells.push(text.clone());
            }
            Ok(cells)
        })
        .collect()
}
