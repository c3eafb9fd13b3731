//! Finding the rows that name a table's columns.

use super::{cells::Row, region::Region, sheet::Sheet};
use crate::formats::table;

/// Rows below names that show whether they are a header.
const SAMPLE: usize = 200;

/// The rows of a region that name its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The first of them.
    pub(super) at: usize,
    pub(super) lines: usize,
    /// The workbook itself says so: a table or a filter begins there.
    pub(super) is_declared: bool,
}

pub(super) fn find(
    region: &Region,
    rows: &[Vec<String>],
    columns: &[u32],
    sheet: &Sheet,
) -> Option<Header> {
    let begins = |row: &Row| {
        row.cells.len() > 1
            && sheet.tables.iter().any(|area| {
                *area.rows.start() == row.number
                    && row.cells.keys().any(|column| area.columns.contains(column))
            })
    };
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
    if let Some(at) = region.iter().position(begins).filter(|at| at + 1 < region.len()) {
        // A filter stands on the last of the rows with names.
        let above = at.checked_sub(1).filter(two);
        let lines = if above.is_some() { 2 } else { 1 };
        return Some(Header { at: above.unwrap_or(at), lines, is_declared: true });
    }
    if let Some(at) = (0..table::LOOKED_AT).find(two) {
        return Some(Header { at, lines: 2, is_declared: false });
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
    table::header_row(rows).or_else(bold).map(|at| Header { at, lines: 1, is_declared: false })
}

/// Whether a row names a column of numbers, dates or ids below it: a row of data has a value of that kind itself.
pub(super) fn names_values(rows: &[Vec<String>], at: usize) -> bool {
    let has_digit = |text: &String| text.contains(|c: char| c.is_ascii_digit());
    let Some(names) = rows.get(at) else { return false };
    names.iter().enumerate().any(|(column, name)| {
        let below = rows.iter().skip(at + 1).take(SAMPLE).filter_map(|row| row.get(column));
        let mut values = below.filter(|text| !text.trim().is_empty()).peekable();
        !name.trim().is_empty()
            && !has_digit(name)
            && values.peek().is_some()
            && values.all(has_digit)
    })
}

/// A header's rows with each name over all columns that it was merged over.
pub(super) fn over_their_columns(
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
