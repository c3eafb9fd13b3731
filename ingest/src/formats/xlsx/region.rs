//! A sheet's rows as tables, each with its own header, and what stands above them.

use super::{
    cells::{Left, Row},
    sheet::{Area, Sheet},
};
use crate::{Limits, block::Block, fault::Fault, formats::table};
use std::collections::{BTreeMap, BTreeSet};

/// Longest text that is repeated in each row of a merged cell.
const REPEATED_CHARS: usize = 80;
/// Rows below names over names that show whether they are a header.
const SAMPLE: usize = 200;
/// Words of a title.
const TITLE_WORDS: usize = 14;

/// A rectangle of cells with blank rows or columns around it.
type Region = Vec<Row>;

/// Gives each row of a cell that was merged downwards its text: a row is read by itself.
pub(super) fn spread(
    rows: &mut [Row],
    merged: &[Area],
    left: &mut Left,
    limits: &Limits,
) -> Result<(), Fault> {
    let at = |rows: &[Row], number: u32| rows.binary_search_by_key(&number, |row| row.number).ok();
    for area in merged.iter().filter(|area| area.rows.start() < area.rows.end()) {
        let column = *area.columns.start();
        let Some(first) = at(rows, *area.rows.start()) else { continue };
        let text = rows.get(first).and_then(|row| row.cells.get(&column)).cloned();
        let Some(text) = text.filter(|text| text.chars().count() <= REPEATED_CHARS) else {
            continue;
        };
        let below = rows.iter_mut().skip(first + 1);
        for row in below.take_while(|row| area.rows.contains(&row.number)) {
            left.cell(limits)?;
            if let std::collections::btree_map::Entry::Vacant(cell) = row.cells.entry(column) {
                left.text.cell(&text)?;
                cell.insert(text.clone());
            }
        }
    }
    Ok(())
}

/// Parts rows where rows are blank, and where columns are blank between tables that do not stand side by side row for row.
pub(super) fn regions(rows: Vec<Row>) -> Vec<Region> {
    let mut groups: Vec<Region> = Vec::new();
    for row in rows {
        let follows = groups
            .last()
            .and_then(|group| group.last())
            .is_some_and(|last| last.number.checked_add(1) == Some(row.number));
        match groups.last_mut().filter(|_| follows) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups.into_iter().flat_map(by_columns).collect()
}

fn by_columns(group: Region) -> Vec<Region> {
    let mut held: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for row in &group {
        for column in row.cells.keys() {
            held.entry(*column).or_default().insert(row.number);
        }
    }
    // Runs of columns without a blank one between them, with the rows that hold something there.
    let mut runs: Vec<(u32, u32, BTreeSet<u32>)> = Vec::new();
    for (column, rows) in held {
        match runs.last_mut() {
            Some((_, end, own)) if end.checked_add(1) == Some(column) => {
                *end = column;
                own.extend(rows);
            }
            _ => runs.push((column, column, rows)),
        }
    }
    let mut bounds: Vec<u32> = Vec::new();
    for pair in runs.windows(2) {
        let [(first, last, before), (from, to, after)] = pair else { continue };
        let common = before.intersection(after).count();
        // A single column beside a table is a remark or a column of it, no table.
        let wide = first < last && from < to;
        if wide && before.len().min(after.len()) > 1 && common * 2 < before.len().max(after.len()) {
            bounds.push(*from);
        }
    }
    if bounds.is_empty() {
        return vec![group];
    }
    let mut parts: Vec<Region> = vec![Vec::new(); bounds.len() + 1];
    for row in group {
        let mut cells = row.cells;
        for (n, part) in parts.iter_mut().enumerate() {
            let rest = bounds.get(n).map(|bound| cells.split_off(bound)).unwrap_or_default();
            if !cells.is_empty() {
                part.push(Row { number: row.number, cells, is_bold: row.is_bold });
            }
            cells = rest;
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// What a sheet turns into.
#[derive(Default)]
pub(super) struct Tables {
    /// The line at the top of the sheet that names it.
    pub(super) title: Option<String>,
    pub(super) blocks: Vec<Block>,
    /// The columns of the last table, which one without a header of its own goes on.
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
        let header = header(&region, &rows, &columns, sheet);
        let has_header = matches!(self.blocks.last(), Some(Block::Table { header: Some(_), .. }));
        let goes_on = self.columns.as_ref().filter(|above| {
            let own = header
                .is_some_and(|(at, _, sure)| sure || region.get(at).is_some_and(|row| row.is_bold));
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
        let Some((at, lines, _)) = header else {
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
            _ => table::one_header(over_their_columns(names, &region, at, &columns, sheet)),
        };
        self.blocks.push(Block::Table { header: Some(names), rows: below });
        self.columns = Some(columns);
        Ok(())
    }

    /// Whether a single row stands above that names these columns, with a blank row below it.
    fn heads(&self, columns: &[u32]) -> bool {
        let names = |row: &[String]| {
            row.len() > 1 && !row.first().is_some_and(|cell| crate::facts::is_label(cell))
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
        && crate::facts::dates::find(text).is_empty()
}

fn filled(row: &[String]) -> usize {
    row.iter().filter(|cell| !cell.trim().is_empty()).count()
}

/// The row that names the columns, how many rows it takes, and whether the workbook itself says so.
fn header(
    region: &Region,
    rows: &[Vec<String>],
    columns: &[u32],
    sheet: &Sheet,
) -> Option<(usize, usize, bool)> {
    let begins = |row: &Row| {
        row.cells.len() > 1
            && sheet.tables.iter().any(|area| {
                *area.rows.start() == row.number
                    && row.cells.keys().any(|column| area.columns.contains(column))
            })
    };
    if let Some(at) = region.iter().position(begins).filter(|at| at + 1 < region.len()) {
        return Some((at, 1, true));
    }
    let two = |at: &usize| {
        let (Some(first), Some(second)) = (region.get(*at), region.get(at + 1)) else {
            return false;
        };
        let groups = sheet.merged.iter().any(|area| {
            area.rows.start() == area.rows.end()
                && *area.rows.start() == first.number
                && area.columns.start() < area.columns.end()
                && columns.iter().any(|column| !area.columns.contains(column))
        });
        let names = rows.get(*at..at + 2).filter(|_| groups && second.cells.len() > 1);
        names.filter(|names| names.iter().all(|row| table::names_columns(row))).is_some_and(
            |names| {
                let names = over_their_columns(names.to_vec(), region, *at, columns, sheet);
                let below = rows.iter().skip(at + 2).take(SAMPLE).cloned();
                let whole: Vec<_> = [table::one_header(names)].into_iter().chain(below).collect();
                table::header_row(&whole) == Some(0)
            },
        )
    };
    if let Some(at) = (0..table::LOOKED_AT).find(two) {
        return Some((at, 2, false));
    }
    let bold = || {
        let typical = table::typical_width(rows);
        region.windows(2).take(table::LOOKED_AT).position(|pair| match pair {
            [row, next] => {
                row.is_bold
                    && !next.is_bold
                    && row.cells.len() > 1
                    && row.cells.len() * 10 >= typical * 7
            }
            _ => false,
        })
    };
    table::header_row(rows).or_else(bold).map(|at| (at, 1, false))
}

/// A header's rows with each name over all columns that it was merged over.
fn over_their_columns(
    mut names: Vec<Vec<String>>,
    region: &Region,
    at: usize,
    columns: &[u32],
    sheet: &Sheet,
) -> Vec<Vec<String>> {
    for (row, names) in region.iter().skip(at).zip(&mut names) {
        names.resize(columns.len(), String::new());
        for area in sheet.merged.iter().filter(|area| *area.rows.start() == row.number) {
            let Some(text) = row.cells.get(area.columns.start()) else { continue };
            for (name, column) in names.iter_mut().zip(columns) {
                if name.is_empty() && area.columns.contains(column) {
                    name.clone_from(text);
                }
            }
        }
    }
    names
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
