use super::{Content, office, table, zip::Container};
use crate::{Limits, block::Block, budget::Budget, fault::Fault};
use calamine::{Data, DataRef, Reader, SheetVisible, Xlsx, XlsxError};
use std::{collections::BTreeSet, io::Cursor};

/// A workbook: each sheet under a heading of its name, its rows as a table.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, Fault> {
    let mut container = Container::open(bytes, limits)?;
    container.check_parts()?;
    let properties = office::core_properties(&mut container, limits);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let sheets = workbook.sheets_metadata().to_vec();
    let mut blocks = Vec::new();
    let mut left = Left { rows: limits.rows, cells: limits.elements, text: Budget::of(limits) };
    for sheet in sheets {
        let rows = match rows(&mut workbook, &sheet.name, &mut left, limits) {
            Ok(rows) => dense(rows, &mut left.text, limits)?,
            // A chart or dialog sheet has no cells.
            Err(Fault::Nothing(_)) => continue,
            Err(fault) => return Err(fault),
        };
        let grid = table::from_grid(rows);
        if grid.is_empty() {
            continue;
        }
        let hidden = if sheet.visible == SheetVisible::Visible { "" } else { " (hidden sheet)" };
        blocks.push(Block::Heading { level: 1, text: format!("{}{hidden}", sheet.name) });
        blocks.extend(grid);
    }
    Ok(Content { blocks, properties })
}

/// What the sheets that are still to come may hold together.
struct Left {
    rows: usize,
    /// Empty ones too: the same sheet may be named many times over.
    cells: usize,
    text: Budget,
}

/// A row's cells that hold something, each with its column.
type Cells = Vec<(u32, String)>;

/// The cells row by row, streamed: a sheet that claims to reach to its last cell costs nothing.
fn rows(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    left: &mut Left,
    limits: &Limits,
) -> Result<Vec<Cells>, Fault> {
    let mut reader = match workbook.worksheet_cells_reader(sheet) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => {
            return Err(Fault::Nothing("cells"));
        }
        Err(other) => return Err(fault(other)),
    };
    let over = |what: &str, limit: usize| Fault::OverLimit {
        what: format!("the number of {what}"),
        limit: limit as u64,
    };
    let mut rows: Vec<Cells> = Vec::new();
    let mut current = None;
    while let Some(cell) = reader.next_cell().map_err(fault)? {
        left.cells = left.cells.checked_sub(1).ok_or_else(|| over("cells", limits.elements))?;
        let (row, column) = cell.get_position();
        let text = match cell.get_value() {
            DataRef::SharedString(text) => (*text).to_owned(),
            other => shown(&Data::from(other.clone())),
        };
        if text.trim().is_empty() {
            continue;
        }
        left.text.cell(&text)?;
        if current != Some(row) {
            current = Some(row);
            left.rows = left.rows.checked_sub(1).ok_or_else(|| over("rows", limits.rows))?;
            rows.push(Vec::new());
        }
        if let Some(cells) = rows.last_mut() {
            cells.push((column, text));
        }
    }
    Ok(rows)
}

/// Rows with their cells in line: empty ones where a column holds something in other rows only.
fn dense(rows: Vec<Cells>, left: &mut Budget, limits: &Limits) -> Result<Vec<Vec<String>>, Fault> {
    let used: BTreeSet<u32> = rows.iter().flatten().map(|(column, _)| *column).collect();
    if used.len() > limits.columns {
        return Err(Fault::OverLimit {
            what: "the number of columns".into(),
            limit: limits.columns as u64,
        });
    }
    let used: Vec<u32> = used.into_iter().collect();
    rows.into_iter()
        .map(|cells| {
            let mut row: Vec<String> = Vec::new();
            for (column, text) in cells {
                let Ok(at) = used.binary_search(&column) else { continue };
                if at >= row.len() {
                    left.empty_cells(at - row.len())?;
                    row.resize(at + 1, String::new());
                }
                row[at] = text;
            }
            Ok(row)
        })
        .collect()
}

/// A cell as its reader would write it down: dates as ISO dates, whole numbers without a fraction.
fn shown(value: &Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => float(*number),
        Data::Bool(truth) => if *truth { "yes" } else { "no" }.to_owned(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(moment) if moment.is_duration() => {
            let minutes = (moment.as_f64() * 24.0 * 60.0).round() as i64;
            format!("{}:{:02}", minutes / 60, minutes % 60)
        }
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, _, _) = moment.to_ymd_hms_milli();
            match (moment.as_f64() < 1.0, hour, minute) {
                (true, ..) => format!("{hour:02}:{minute:02}"),
                (false, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
            }
        }
    }
}

fn float(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn fault(fault: XlsxError) -> Fault {
    match fault {
        XlsxError::Password => Fault::Encrypted,
        other => Fault::Workbook(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_written() {
        assert_eq!([float(3.0), float(0.25), float(-1.5e3)], ["3", "0.25", "-1500"]);
    }

    #[test]
    fn far_columns_move_up_and_empty_cells_do_not_multiply() -> Result<(), Fault> {
        let cell = |column: u32| (column, column.to_string());
        let rows = vec![vec![cell(0), cell(9_000)], vec![cell(700)], vec![cell(9_000)]];
        let limits = Limits { columns: 3, ..Limits::default() };
        let expected = vec![vec!["0", "", "9000"], vec!["", "700"], vec!["", "", "9000"]];
        assert_eq!(dense(rows.clone(), &mut Budget::of(&limits), &limits)?, expected);
        let narrow = Limits { columns: 2, ..Limits::default() };
        let short = Limits { text_chars: 11, ..Limits::default() };
        for limits in [narrow, short] {
            let found = dense(rows.clone(), &mut Budget::of(&limits), &limits);
            assert!(matches!(found, Err(Fault::OverLimit { .. })));
        }
        Ok(())
    }
}
