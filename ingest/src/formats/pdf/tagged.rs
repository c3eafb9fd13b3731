use super::words::Words;
use crate::{
    block::Block,
    budget::Budget,
    fault::Fault,
    formats::table,
    pdf::{PdfLine, TagRole},
};
use std::collections::BTreeSet;

/// A line as a row of a tagged table: the table's number, and whether the row names the columns.
pub(super) fn row_of(line: &PdfLine) -> Option<(u32, bool)> {
    match line.tag?.role {
        TagRole::Cell { table, header, .. } => Some((table, header)),
        _ => None,
    }
}

/// Longest title of a table in words.
const MOST_TITLE_WORDS: usize = 16;

/// How many rows at a table's top are its title: one bold cell, where the rows below have more.
pub(super) fn titles(lines: &[PdfLine]) -> usize {
    let is_title = |line: &&PdfLine| {
        line.cells.len() == 1
            && line.bold
            && line.text.split_whitespace().count() <= MOST_TITLE_WORDS
            && !line.text.ends_with(['.', ':', '?'])
    };
    let count = lines.iter().take_while(is_title).count();
    if count < lines.len() { count } else { 0 }
}

/// Lines that are rows of one table as a table. Its first row is its header where it is tagged as one, or looks like one.
pub(super) fn table(lines: &[PdfLine], words: &Words, budget: &mut Budget) -> Result<Block, Fault> {
    let used: BTreeSet<u16> =
        lines.iter().flat_map(|line| &line.cells).filter_map(|cell| cell.column).collect();
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(lines.len());
    for line in lines {
        let mut row: Vec<String> = Vec::new();
        for cell in &line.cells {
            // A value that was filled in has no column of its own: it goes with the cell before it.
            let column = match cell.column {
                Some(column) => used.range(..column).count(),
                None => row.len().saturating_sub(1),
            };
            if column >= row.len() {
                budget.empty_cells(column + 1 - row.len())?;
                row.resize(column + 1, String::new());
            }
            if let Some(text) = row.get_mut(column) {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&words.join_cell(&cell.text));
            }
        }
        rows.push(row);
    }
    let is_header = |line: &PdfLine| row_of(line).is_some_and(|(_, header)| header);
    let named = lines.first().is_some_and(|line| line.cells.len() > 1 && is_header(line))
        && !lines.iter().all(is_header);
    let header = (named || table::header_row(&rows) == Some(0)).then(|| rows.remove(0));
    Ok(Block::Table { header, rows })
}
