use super::{Content, office, table, zip::Container};
use crate::{Limits, block::Block, fault::Fault};
use calamine::{Data, DataRef, Reader, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;

/// A workbook: each sheet under a heading of its name, its rows as a table.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, Fault> {
    let mut container = Container::open(bytes, limits)?;
    container.check_parts()?;
    let properties = office::core_properties(&mut container, limits);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let sheets = workbook.sheets_metadata().to_vec();
    let mut blocks = Vec::new();
    let mut left = limits.rows;
    for sheet in sheets {
        let rows = match rows(&mut workbook, &sheet.name, left, limits) {
            Ok(rows) => rows,
            // A chart or dialog sheet has no cells.
            Err(Fault::Nothing(_)) => continue,
            Err(fault) => return Err(fault),
        };
        left = left.saturating_sub(rows.len());
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

/// The cells row by row, streamed: a sheet that claims to reach to its last cell costs nothing.
fn rows(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    left: usize,
    limits: &Limits,
) -> Result<Vec<Vec<String>>, Fault> {
    let mut reader = match workbook.worksheet_cells_reader(sheet) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => {
            return Err(Fault::Nothing("cells"));
        }
        Err(other) => return Err(fault(other)),
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut current = None;
    while let Some(cell) = reader.next_cell().map_err(fault)? {
        let (row, column) = cell.get_position();
        let text = match cell.get_value() {
            DataRef::SharedString(text) => (*text).to_owned(),
            other => shown(&Data::from(other.clone())),
        };
        let column = column as usize;
        if text.trim().is_empty() || column >= limits.columns {
            continue;
        }
        if current != Some(row) {
            current = Some(row);
            rows.push(Vec::new());
            if rows.len() > left {
                return Err(Fault::OverLimit {
                    what: "the number of rows".into(),
                    limit: limits.rows as u64,
                });
            }
        }
        if let Some(cells) = rows.last_mut() {
            cells.resize(cells.len().max(column + 1), String::new());
            cells[column] = text;
        }
    }
    Ok(rows)
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
}
