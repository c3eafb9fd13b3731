//! Finding the row that names a table's columns, in grids that do not say which it is.

use crate::block::Block;

/// Rows looked at from the top.
pub(super) const LOOKED_AT: usize = 12;

/// Characters of a column's name that may end with a full stop: `Ref. No.`
const ABBREVIATION: usize = 8;

/// A grid as blocks: lines above the header row as paragraphs or label and value rows, then the table.
/// Columns that are empty throughout are dropped.
pub(super) fn from_grid(rows: Vec<Vec<String>>) -> Vec<Block> {
    let rows: Vec<Vec<String>> =
        rows.into_iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let rows = without_empty_columns(rows);
    let Some(header) = header_row(&rows) else {
        return vec![Block::Table { header: None, rows }];
    };
    let mut blocks = Vec::new();
    let mut above: Vec<Vec<String>> = Vec::new();
    let mut rows = rows.into_iter();
    for row in rows.by_ref().take(header) {
        if filled(&row) == 1 {
            flush(&mut above, &mut blocks);
            blocks.push(Block::Paragraph(
                row.into_iter().find(|cell| !cell.trim().is_empty()).unwrap_or_default(),
            ));
        } else {
            above.push(row.into_iter().filter(|cell| !cell.trim().is_empty()).collect());
        }
    }
    flush(&mut above, &mut blocks);
    let header = rows.next();
    blocks.push(Block::Table { header, rows: rows.collect() });
    blocks
}

fn flush(above: &mut Vec<Vec<String>>, blocks: &mut Vec<Block>) {
    if !above.is_empty() {
        blocks.push(Block::Table { header: None, rows: std::mem::take(above) });
    }
}

/// The row that names the columns: the first whose cells are short, distinct, words rather than values, and about as many as the rows
/// below have. `None` for a list of labels and values, or where nothing looks like one.
pub(super) fn header_row(rows: &[Vec<String>]) -> Option<usize> {
    if rows.len() < 2 {
        return None;
    }
    let typical = typical_width(rows);
    if typical < 2 {
        return None;
    }
    rows.iter().take(LOOKED_AT).position(|row| {
        let cells: Vec<&str> =
            row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        let mut distinct = cells.clone();
        distinct.sort_unstable();
        distinct.dedup();
        cells.len() >= 2
            && cells.len() * 10 >= typical * 7
            && distinct.len() == cells.len()
            && cells.iter().all(|cell| names_a_column(cell))
            && !(cells.len() == 2
                && crate::facts::is_label(cells[0])
                && !crate::facts::is_label(cells[1]))
    })
}

/// Cells that hold something in most rows of a grid.
pub(super) fn typical_width(rows: &[Vec<String>]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(|row| filled(row)).collect();
    widths.sort_unstable();
    widths.get(widths.len() * 3 / 4).copied().unwrap_or(0)
}

/// Whether a row holds names of columns and nothing else.
pub(super) fn names_columns(row: &[String]) -> bool {
    let mut cells = row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).peekable();
    cells.peek().is_some() && cells.all(names_a_column)
}

/// Rows that name the columns together as one: each column's names from top to bottom, one that is repeated once.
pub(super) fn one_header(rows: Vec<Vec<String>>) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut names: Vec<Vec<String>> = vec![Vec::new(); width];
    for row in rows {
        for (names, cell) in names.iter_mut().zip(row) {
            let cell = cell.trim().to_owned();
            if !cell.is_empty() && names.last() != Some(&cell) {
                names.push(cell);
            }
        }
    }
    names.into_iter().map(|names| names.join(" ")).collect()
}

fn names_a_column(cell: &str) -> bool {
    let chars = cell.chars().count();
    // `#` and `No.` count rows.
    let counts = matches!(cell, "#" | "№") || cell.ends_with('.') && chars <= ABBREVIATION;
    counts
        || chars <= 60
            && cell.chars().any(char::is_alphabetic)
            && !cell.ends_with(['.', ':'])
            && cell.parse::<f64>().is_err()
            && !cell.contains("://")
            && crate::facts::dates::find(cell).is_empty()
}

fn filled(row: &[String]) -> usize {
    row.iter().filter(|cell| !cell.trim().is_empty()).count()
}

fn without_empty_columns(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let mut used = vec![false; rows.iter().map(Vec::len).max().unwrap_or(0)];
    for row in &rows {
        for (used, cell) in used.iter_mut().zip(row) {
            *used |= !cell.trim().is_empty();
        }
    }
    rows.into_iter()
        .map(|row| {
            row.into_iter()
                .enumerate()
                .filter(|(n, _)| used.get(*n) == Some(&true))
                .map(|(_, cell)| cell)
                .collect()
        })
        .collect()
}
