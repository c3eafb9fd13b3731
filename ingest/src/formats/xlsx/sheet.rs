//! What a sheet's parts say of it beside its cells: what is hidden or merged, where tables begin, comments and text boxes.

use super::comment;
use crate::{
    Limits,
    fault::Fault,
    formats::{
        office::{self, Tag, Xml},
        zip::Container,
    },
};
use std::{collections::HashMap, ops::RangeInclusive};

/// Cells, and what stands in them, make several elements each.
const ELEMENTS_OF_A_CELL: usize = 8;
/// Merged regions that are looked at.
const MOST_MERGED: usize = 20_000;
/// Tables that are looked for.
const MOST_TABLES: usize = 200;
/// Ranges of hidden rows that are named.
const MOST_HIDDEN: usize = 20;

/// A rectangle of cells; rows and columns count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) rows: RangeInclusive<u32>,
    pub(super) columns: RangeInclusive<u32>,
}

#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) merged: Vec<Area>,
    /// Areas whose first row names the columns: filtered ones and tables.
    pub(super) tables: Vec<Area>,
    pub(super) comments: Vec<String>,
    /// Texts of shapes and charts that float over the cells.
    pub(super) drawn: Vec<String>,
    hidden_rows: Vec<RangeInclusive<u32>>,
    hidden_columns: Vec<RangeInclusive<u32>>,
}

impl Sheet {
    /// Which rows and columns a reader does not see, for them to know that a quote stands there.
    pub(super) fn hidden(&self) -> Option<String> {
        let list = |ranges: &[RangeInclusive<u32>], name: &dyn Fn(u32) -> String| {
            let mut named: Vec<String> = ranges
                .iter()
                .take(MOST_HIDDEN)
                .map(|range| match range.start() == range.end() {
                    true => name(*range.start()),
                    false => format!("{}-{}", name(*range.start()), name(*range.end())),
                })
                .collect();
            if ranges.len() > MOST_HIDDEN {
                named.push("and more".into());
            }
            named.join(", ")
        };
        let rows = list(&self.hidden_rows, &|row| row.saturating_add(1).to_string());
        let columns = list(&self.hidden_columns, &column_name);
        match (rows.is_empty(), columns.is_empty()) {
            (true, true) => None,
            (false, true) => Some(format!("Hidden in the workbook: rows {rows}.")),
            (true, false) => Some(format!("Hidden in the workbook: columns {columns}.")),
            (false, false) => {
                Some(format!("Hidden in the workbook: rows {rows}; columns {columns}."))
            }
        }
    }
}

fn column_name(column: u32) -> String {
    let mut name = String::new();
    let mut left = column.saturating_add(1);
    while left > 0 {
        name.insert(0, char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    name
}

/// The parts of a workbook's sheets by name.
pub(super) fn parts(
    container: &mut Container<'_>,
    limits: &Limits,
) -> Result<HashMap<String, String>, Fault> {
    let main = main_part(container)?;
    let links = container.relationships(&main)?;
    let mut parts = HashMap::new();
    let Some(xml) = container.text(&main)? else { return Ok(parts) };
    office::each(&main, &xml, limits, |event| {
        if let Xml::Open(tag) = event
            && tag.name == "sheet"
            && let (Some(name), Some(id)) = (tag.attribute("name"), tag.attribute("id"))
        {
            let part = links.iter().find(|link| link.id == id).and_then(|link| link.part.clone());
            parts.extend(part.map(|part| (name, part)));
        }
        Ok(())
    })?;
    Ok(parts)
}

pub(super) fn main_part(container: &mut Container<'_>) -> Result<String, Fault> {
    let links = container.relationships("")?;
    let main = links.into_iter().find(|link| link.kind == "officeDocument");
    Ok(main.and_then(|link| link.part).unwrap_or_else(|| "xl/workbook.xml".into()))
}

/// Reads what stands beside a sheet's cells. What is damaged is left out: the cells are worth reading without it.
pub(super) fn read(container: &mut Container<'_>, part: &str, limits: &Limits) -> Sheet {
    let mut sheet = Sheet::default();
    let wide =
        Limits { elements: limits.elements.saturating_mul(ELEMENTS_OF_A_CELL), ..limits.clone() };
    if let Ok(Some(xml)) = container.text(part) {
        let outcome = office::each(part, &xml, &wide, |event| {
            if let Xml::Open(tag) = event {
                sheet.note(&tag);
            }
            Ok(())
        });
        if outcome.is_err() {
            sheet = Sheet::default();
        }
    }
    let links = container.relationships(part).unwrap_or_default();
    for link in &links {
        let Some(part) = &link.part else { continue };
        match link.kind.as_str() {
            "table" => {
                let _ = each_tag(container, part, limits, |tag| {
                    if tag.name == "table"
                        && tag.attribute("headerRowCount").as_deref() != Some("0")
                    {
                        sheet.tables.extend(tag.attribute("ref").as_deref().and_then(area));
                    }
                });
            }
            "drawing" => {
                sheet.drawn.extend(office::words(container, part, limits).unwrap_or_default());
                for link in container.relationships(part).unwrap_or_default() {
                    if let (Some(part), "chart" | "chartEx" | "diagramData") =
                        (&link.part, link.kind.as_str())
                    {
                        sheet
                            .drawn
                            .extend(office::words(container, part, limits).unwrap_or_default());
                    }
                }
            }
            _ => {}
        }
    }
    sheet.tables.truncate(MOST_TABLES);
    sheet.comments = comment::comments(container, &links, limits);
    sheet
}

impl Sheet {
    fn note(&mut self, tag: &Tag<'_>) {
        let number = |name: &str| {
            tag.attribute(name)
                .and_then(|value| value.parse::<u32>().ok())
                .and_then(|n| n.checked_sub(1))
        };
        let is_hidden = || matches!(tag.attribute("hidden").as_deref(), Some("1" | "true"));
        match tag.name {
            "row" if is_hidden() => {
                if let Some(row) = number("r") {
                    join(&mut self.hidden_rows, row..=row);
                }
            }
            "col" if is_hidden() => {
                if let (Some(from), Some(to)) = (number("min"), number("max")) {
                    join(&mut self.hidden_columns, from..=to);
                }
            }
            "mergeCell" if self.merged.len() < MOST_MERGED => {
                self.merged.extend(tag.attribute("ref").as_deref().and_then(area));
            }
            "autoFilter" => self.tables.extend(tag.attribute("ref").as_deref().and_then(area)),
            _ => {}
        }
    }
}

/// Adds a range to those before it, to the last where it follows on that.
fn join(ranges: &mut Vec<RangeInclusive<u32>>, range: RangeInclusive<u32>) {
    match ranges.last_mut() {
        Some(last) if last.end().checked_add(1) == Some(*range.start()) => {
            *last = *last.start()..=*range.end();
        }
        _ => ranges.push(range),
    }
}

/// `B2:D9` as an area.
fn area(reference: &str) -> Option<Area> {
    let (from, to) = reference.split_once(':').unwrap_or((reference, reference));
    let ((top, left), (bottom, right)) = (position(from)?, position(to)?);
    (top <= bottom && left <= right).then_some(Area { rows: top..=bottom, columns: left..=right })
}

/// `B2` as row and column from 0.
fn position(cell: &str) -> Option<(u32, u32)> {
    let cell = cell.replace('$', "");
    let letters = cell.find(|c: char| c.is_ascii_digit())?;
    let (column, row) = cell.split_at(letters);
    let column = column.bytes().try_fold(0_u32, |sum, letter| {
        let digit = letter.to_ascii_uppercase().checked_sub(b'A').filter(|digit| *digit < 26)?;
        sum.checked_mul(26)?.checked_add(u32::from(digit) + 1)
    })?;
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

pub(super) fn each_tag(
    container: &mut Container<'_>,
    part: &str,
    limits: &Limits,
    mut sink: impl FnMut(&Tag<'_>),
) -> Result<(), Fault> {
    let Some(xml) = container.text(part)? else { return Ok(()) };
    office::each(part, &xml, limits, |event| {
        if let Xml::Open(tag) = event {
            sink(&tag);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_areas_and_columns_have_names() {
        let expected = Area { rows: 1..=8, columns: 1..=27 };
        assert_eq!(area("$B$2:AB9"), Some(expected));
        assert_eq!([0, 25, 26, 701, 702].map(column_name), ["A", "Z", "AA", "ZZ", "AAA"]);
        for wrong in ["", "B", "2", "B0", "D9:B2", "ÄÖ2", "ZZZZZZZZZ9"] {
            assert_eq!(area(wrong), None, "{wrong}");
        }
    }
}
