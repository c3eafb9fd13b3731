use super::{body::Body, place::Place};
use crate::{
    block::Block,
    fault::Fault,
    formats::{
        office::Tag,
        slides::one_text,
        sparse::{self, Cells},
        table,
    },
};

/// Cells of all tables, those that a span covers or that are repeated among them.
const MOST_CELLS: usize = 1_000_000;

/// A table that is being read.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<(u32, Vec<Block>)>>,
    row: Vec<(u32, Vec<Block>)>,
    column: u32,
    repeat: usize,
    headers: usize,
    pub(super) in_header: bool,
}

impl Body<'_> {
    pub(super) fn open_table(&mut self, name: &str, tag: &Tag<'_>) {
        let count = |name: &str| {
            let count = tag.attribute(name).and_then(|count| count.parse::<usize>().ok());
            count.unwrap_or(1).max(1)
        };
        match name {
            "table" => self.tables.push(Table::default()),
            "table-header-rows" => {
                if let Some(table) = self.tables.last_mut() {
                    table.in_header = true;
                }
            }
            "table-row" => {
                let repeat = count("number-rows-repeated");
                if let Some(table) = self.tables.last_mut() {
                    (table.row, table.column, table.repeat) = (Vec::new(), 0, repeat);
                }
            }
            "table-cell" | "covered-table-cell" if !self.tables.is_empty() => {
                let columns = count("number-columns-repeated").min(u32::MAX as usize) as u32;
                self.sink(Place::Cell { columns });
            }
            _ => {}
        }
    }

    pub(super) fn close_cell(&mut self, columns: u32, blocks: Vec<Block>) -> Result<(), Fault> {
        self.count_cells(if blocks.is_empty() { 1 } else { columns as usize })?;
        if let Some(table) = self.tables.last_mut() {
            let first = table.column;
            table.column = first.saturating_add(columns);
            if !blocks.is_empty() {
                let columns = first..table.column;
                table.row.extend(columns.map(|column| (column, blocks.clone())));
            }
        }
        Ok(())
    }

    fn count_cells(&mut self, cells: usize) -> Result<(), Fault> {
        self.cells = self.cells.saturating_add(cells);
        if self.cells > MOST_CELLS {
            let what = "the number of table cells".into();
            return Err(Fault::OverLimit { what, limit: MOST_CELLS as u64 });
        }
        Ok(())
    }

    pub(super) fn close_row(&mut self) -> Result<(), Fault> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        let row = std::mem::take(&mut table.row);
        if row.is_empty() {
            return Ok(());
        }
        let (repeat, cells) = (table.repeat, row.len());
        table.headers += usize::from(table.in_header);
        self.count_cells(repeat.saturating_mul(cells))?;
        if let Some(table) = self.tables.last_mut() {
            table.rows.extend(std::iter::repeat_n(row, repeat));
        }
        Ok(())
    }

    pub(super) fn close_table(&mut self) -> Result<(), Fault> {
        let Some(table) = self.tables.pop() else { return Ok(()) };
        // A table of one column only lays out the page.
        if table.rows.iter().flatten().all(|(column, _)| *column == 0) {
            return table
                .rows
                .into_iter()
                .flatten()
                .flat_map(|(_, blocks)| blocks)
                .try_for_each(|block| self.emit(block));
        }
        let cell = |(column, blocks): (u32, Vec<Block>)| (column, one_text(&blocks));
        let rows: Vec<Cells> =
            table.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
        let mut rows = sparse::dense(rows, &mut self.budget, self.limits)?;
        let has_header =
            rows.len() > 1 && (table.headers > 0 || table::header_row(&rows) == Some(0));
        let header = has_header.then(|| rows.remove(0));
        self.emit(Block::Table { header, rows })
    }
}
