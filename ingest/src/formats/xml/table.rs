use super::tree::{Child, Element, Tree};
use crate::{Limits, block::Block, budget::Budget, fault::Fault, formats::table};

/// Columns of records that are told by name.
const COLUMNS: usize = 60;

/// What may still be put out as rows.
pub(super) struct Rows<'a> {
    pub(super) left: usize,
    pub(super) limits: &'a Limits,
}

impl Rows<'_> {
    fn take(&mut self, row: &[String], budget: &mut Budget) -> Result<(), Fault> {
        let over = |what: &str, limit: usize| Fault::OverLimit {
            what: format!("the number of {what}"),
            limit: limit as u64,
        };
        self.left = self.left.checked_sub(1).ok_or_else(|| over("rows", self.limits.rows))?;
        if row.len() > self.limits.columns {
            return Err(over("columns", self.limits.columns));
        }
        row.iter().try_for_each(|cell| budget.cell(cell))
    }
}

/// Whether an element is a table by its name and has rows; its dialects name these much alike.
pub(super) fn is_table(tree: &Tree, element: &Element) -> bool {
    matches!(
        element.name.to_ascii_lowercase().as_str(),
        "table" | "informaltable" | "tgroup" | "simpletable" | "properties"
    ) && tree.children(element).any(|child| {
        is_row(&child.name)
            || tree.children(child).any(|inner| {
                is_row(&inner.name) || tree.children(inner).any(|row| is_row(&row.name))
            })
    })
}

fn is_row(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "row" | "tr" | "strow" | "sthead" | "prophead" | "property"
    )
}

/// The rows of a table by its names; a table within a cell is text of that cell.
pub(super) fn of_rows(
    tree: &Tree,
    element: &Element,
    rows: &mut Rows<'_>,
    budget: &mut Budget,
) -> Result<Vec<Block>, Fault> {
    let mut blocks = Vec::new();
    let mut grid: Vec<Vec<String>> = Vec::new();
    let mut marked = false;
    let mut pending: Vec<&Element> = vec![element];
    while let Some(next) = pending.pop() {
        let name = next.name.to_ascii_lowercase();
        if is_row(&name) {
            let mut row: Vec<String> = Vec::new();
            for cell in tree.children(next) {
                marked |= grid.is_empty() && cell.name.eq_ignore_ascii_case("th");
                // `ss:Index` of the old XML workbooks: cells before it are empty and left out.
                let index = cell.attributes.iter().find(|(name, _)| name == "Index");
                let index = index.and_then(|(_, index)| index.parse::<usize>().ok()).unwrap_or(0);
                let gap = index.saturating_sub(1).min(rows.limits.columns);
                if gap > row.len() {
                    row.resize(gap, String::new());
                }
                row.push(tree.text(cell));
            }
            marked |= grid.is_empty() && matches!(name.as_str(), "sthead" | "prophead");
            rows.take(&row, budget)?;
            grid.push(row);
        } else if matches!(name.as_str(), "title" | "caption") {
            let text = tree.text(next);
            budget.text(&text)?;
            blocks.push(Block::Paragraph(text));
        } else {
            marked |= name == "thead" && grid.is_empty();
            let inner: Vec<&Element> = tree.children(next).collect();
            pending.extend(inner.into_iter().rev());
        }
    }
    if marked && grid.len() > 1 {
        let header = Some(grid.remove(0));
        blocks.push(Block::Table { header, rows: grid });
    } else {
        blocks.extend(table::from_grid(grid));
    }
    Ok(blocks)
}

/// The columns of an element that holds nothing but flat records of one name; `None` where it is something else.
pub(super) fn columns<'a>(tree: &'a Tree, element: &'a Element) -> Option<Vec<&'a str>> {
    if element.has_text() {
        return None;
    }
    let first = tree.children(element).next()?;
    let mut columns: Vec<&str> = Vec::new();
    let mut count = 0;
    for record in tree.children(element) {
        if record.name != first.name || record.has_text() {
            return None;
        }
        count += 1;
        let fields = tree.children(record);
        let names = record.attributes.iter().map(|(name, _)| name.as_str());
        for field in fields {
            if !field.is_leaf() || !field.attributes.is_empty() {
                return None;
            }
            if !columns.contains(&field.name.as_str()) {
                columns.push(&field.name);
            }
        }
        for name in names {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        if columns.len() > COLUMNS {
            return None;
        }
    }
    (count > 1 && columns.len() > 1).then_some(columns)
}

/// Flat records as a table.
pub(super) fn of_records(
    tree: &Tree,
    element: &Element,
    columns: &[&str],
    rows: &mut Rows<'_>,
    budget: &mut Budget,
) -> Result<Block, Fault> {
    let mut grid = Vec::new();
    for record in tree.children(element) {
        let row: Vec<String> = columns
            .iter()
            .map(|column| {
                let own = record.attributes.iter().filter(|(name, _)| name == column);
                let fields = record.children.iter().filter_map(|child| match child {
                    Child::Element(at) => tree.get(*at).filter(|field| field.name == *column),
                    Child::Text(_) => None,
                });
                let values = own.map(|(_, value)| value.clone());
                let values = values.chain(fields.map(|field| tree.text(field)));
                values.collect::<Vec<_>>().join(", ")
            })
            .collect();
        rows.take(&row, budget)?;
        grid.push(row);
    }
    let header = Some(columns.iter().map(|column| (*column).to_owned()).collect());
    Ok(Block::Table { header, rows: grid })
}
