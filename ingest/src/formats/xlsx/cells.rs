//! A sheet's cells, streamed: a sheet that claims to reach to its last cell costs nothing.

use super::value::{Look, shown};
use crate::{Limits, budget::Budget, fault::Fault};
use calamine::{Cell, Data, DataRef, Xlsb, XlsbError, Xlsx, XlsxError};
use std::{collections::BTreeMap, io::Cursor};

/// What the sheets that are still to come may hold together.
pub(super) struct Left {
    rows: usize,
    /// Empty ones too: the same sheet may be named many times over.
    cells: usize,
    pub(super) text: Budget,
}

/// The cells of a row that hold something, by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// From 0.
    pub(super) number: u32,
    pub(super) cells: BTreeMap<u32, String>,
    /// All of them are bold.
    pub(super) is_bold: bool,
}

impl Left {
    pub(super) fn of(limits: &Limits) -> Self {
        Self { rows: limits.rows, cells: limits.elements, text: Budget::of(limits) }
    }

    pub(super) fn cell(&mut self, limits: &Limits) -> Result<(), Fault> {
        let what = "the number of cells".into();
        let over = Fault::OverLimit { what, limit: limits.elements as u64 };
        self.cells = self.cells.checked_sub(1).ok_or(over)?;
        Ok(())
    }

    fn row(&mut self, limits: &Limits) -> Result<(), Fault> {
        let what = "the number of rows".into();
        let over = Fault::OverLimit { what, limit: limits.rows as u64 };
        self.rows = self.rows.checked_sub(1).ok_or(over)?;
        Ok(())
    }
}

/// The rows of a sheet; `None` where it has no cells, as a chart's sheet.
pub(super) fn of_xlsx(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    left: &mut Left,
    limits: &Limits,
) -> Result<Option<Vec<Row>>, Fault> {
    let mut reader = match workbook.worksheet_cells_reader(sheet) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => return Ok(None),
        Err(other) => return Err(fault(other)),
    };
    let looks: Vec<Look> = reader.styles().iter().map(Look::of).collect();
    let next = || {
        let found = reader.next_cell_with_style_id().map_err(fault)?;
        Ok(found.map(|(cell, style)| (cell, looks.get(style).copied().unwrap_or_default())))
    };
    rows(next, left, limits).map(Some)
}

/// The same of a binary workbook, which gives no styles.
pub(super) fn of_xlsb(
    workbook: &mut Xlsb<Cursor<&[u8]>>,
    sheet: &str,
    left: &mut Left,
    limits: &Limits,
) -> Result<Option<Vec<Row>>, Fault> {
    let mut reader = match workbook.worksheet_cells_reader(sheet) {
        Ok(reader) => reader,
        Err(XlsbError::WorksheetNotFound(_)) => return Ok(None),
        Err(other) => return Err(binary_fault(other)),
    };
    let next = || {
        let found = reader.next_cell().map_err(binary_fault)?;
        Ok(found.map(|cell| (cell, Look::default())))
    };
    rows(next, left, limits).map(Some)
}

fn rows<'a>(
    mut next: impl FnMut() -> Result<Option<(Cell<DataRef<'a>>, Look)>, Fault>,
    left: &mut Left,
    limits: &Limits,
) -> Result<Vec<Row>, Fault> {
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    while let Some((cell, look)) = next()? {
        left.cell(limits)?;
        let (number, column) = cell.get_position();
        let text = match cell.get_value() {
            DataRef::SharedString(text) => (*text).to_owned(),
            other => shown(&Data::from(other.clone()), look),
        };
        if text.trim().is_empty() {
            continue;
        }
        left.text.cell(&text)?;
        if !rows.contains_key(&number) {
            left.row(limits)?;
        }
        let row =
            rows.entry(number).or_insert_with(|| Row { number, is_bold: true, ..Row::default() });
        row.is_bold &= look.is_bold;
        row.cells.insert(column, text);
    }
    Ok(rows.into_values().collect())
}

pub(super) fn fault(fault: XlsxError) -> Fault {
    match fault {
        XlsxError::Password => Fault::Encrypted,
        other => Fault::Workbook(other.to_string()),
    }
}

pub(super) fn binary_fault(fault: XlsbError) -> Fault {
    match fault {
        XlsbError::Password => Fault::Encrypted,
        other => Fault::Workbook(other.to_string()),
    }
}
