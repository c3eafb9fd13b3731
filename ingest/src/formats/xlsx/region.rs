//! Parting a sheet's rows into rectangles that hold one table each.

use super::{
    cells::{Left, Row},
    sheet::Area,
};
use crate::{Limits, fault::Fault};
use std::collections::{BTreeMap, BTreeSet};

/// Longest text that is repeated in each row of a merged cell.
const REPEATED_CHARS: usize = 80;

/// A rectangle of cells with blank rows or columns around it.
pub(super) type Region = Vec<Row>;

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
