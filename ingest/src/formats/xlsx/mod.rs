//! Workbooks: each sheet under a heading, its rows as tables with their headers.
//!
//! calamine gives the cells; what it does not tell (what is hidden, tables, comments, text boxes) is read from the XML beside them.
//! Hidden sheets, rows and columns are read: registers are filtered, and lists kept out of sight are evidence all the same. But a person
//! who opens the file does not see them, so each is marked.

mod cells;
mod comment;
mod header;
mod region;
mod sheet;
mod tables;
#[cfg(test)]
mod tests;
mod value;

use super::{Content, office, zip::Container};
use crate::{Limits, block::Block, fault::Fault};
use calamine::{Reader, Sheet as Listed, SheetVisible, Xlsb, Xlsx};
use cells::{Left, Row};
use sheet::Sheet;
use std::io::Cursor;
use tables::Tables;

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, Fault> {
    let mut container = Container::open(bytes, limits)?;
    container.check_parts()?;
    let parts = sheet::parts(&mut container, limits).unwrap_or_default();
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(cells::fault)?;
    // With an allowance of its own: each part is unpacked a second time.
    let mut beside = Container::open(bytes, limits)?;
    let mut left = Left::of(limits);
    let mut blocks = Vec::new();
    for listed in workbook.sheets_metadata().to_vec() {
        let Some(rows) = cells::of_xlsx(&mut workbook, &listed.name, &mut left, limits)? else {
            continue;
        };
        let sheet = parts
            .get(&listed.name)
            .map(|part| sheet::read(&mut beside, part, limits))
            .unwrap_or_default();
        add(&mut blocks, &listed, rows, &sheet, &mut left, limits)?;
    }
    Ok(Content { blocks, properties: office::properties(&mut beside, limits) })
}

/// Reads a binary workbook (XLSB): the same, without what stands beside its cells.
pub(crate) fn read_binary(bytes: &[u8], limits: &Limits) -> Result<Content, Fault> {
    let mut container = Container::open(bytes, limits)?;
    container.check_parts()?;
    let mut workbook: Xlsb<_> = Xlsb::new(Cursor::new(bytes)).map_err(cells::binary_fault)?;
    let mut left = Left::of(limits);
    let mut blocks = Vec::new();
    for listed in workbook.sheets_metadata().to_vec() {
        let rows = cells::of_xlsb(&mut workbook, &listed.name, &mut left, limits)?;
        add(&mut blocks, &listed, rows.unwrap_or_default(), &Sheet::default(), &mut left, limits)?;
    }
    Ok(Content { blocks, properties: office::properties(&mut container, limits) })
}

fn add(
    blocks: &mut Vec<Block>,
    listed: &Listed,
    mut rows: Vec<Row>,
    sheet: &Sheet,
    left: &mut Left,
    limits: &Limits,
) -> Result<(), Fault> {
    region::spread(&mut rows, &sheet.merged, left, limits)?;
    let mut tables = Tables::default();
    for region in region::regions(rows) {
        tables.add(region, sheet, left, limits)?;
    }
    let remarks = sheet.drawn.iter().chain(&sheet.comments).cloned().map(Block::Paragraph);
    tables.blocks.extend(remarks);
    if tables.blocks.is_empty() && tables.title.is_none() {
        return Ok(());
    }
    let hidden = if listed.visible == SheetVisible::Visible { "" } else { " (hidden sheet)" };
    let name = format!("{}{hidden}", listed.name);
    // A name that the program gave says nothing, unless it parts this sheet from the one before.
    let is_given = hidden.is_empty() && is_given_name(&listed.name);
    let headed = blocks.iter().any(|block| matches!(block, Block::Heading { .. }));
    match tables.title.take() {
        Some(title) if is_given || same(&title, &listed.name) && hidden.is_empty() => {
            blocks.push(Block::Heading { level: 1, text: title });
        }
        // The title is what a person sees first; it names the document where the sheet is its first.
        Some(title) => {
            blocks.push(Block::Heading { level: 1, text: title });
            blocks.push(Block::Heading { level: 2, text: name });
        }
        None if is_given && !headed => {}
        None => blocks.push(Block::Heading { level: 1, text: name }),
    }
    blocks.extend(sheet.hidden().map(Block::Furniture));
    blocks.append(&mut tables.blocks);
    Ok(())
}

/// Whether two names say the same, whatever stands between their words.
fn same(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    letters(one) == letters(other)
}

/// Whether a sheet is called as programs call new ones: `Sheet1`, `Tabelle2`.
fn is_given_name(name: &str) -> bool {
    let word =
        name.trim().trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').to_lowercase();
    [
        "sheet", "tabelle", "feuil", "feuille", "hoja", "foglio", "blad", "planilha", "arkusz",
        "лист", "list",
    ]
    .contains(&word.as_str())
}
