use super::styles::Styles;
use crate::{
    Limits,
    block::Block,
    budget::Budget,
    fault::Fault,
    formats::{
        self,
        office::{Space, Tag, Xml},
        sparse::{self, Cells},
        table,
    },
};

/// Reads the sheets of a workbook, each under a heading of its name. Repeated empty rows and cells cost nothing; those that
/// hold something count against the limits as often as they are repeated.
pub(super) struct Sheets<'a> {
    styles: &'a Styles,
    limits: &'a Limits,
    budget: Budget,
    rows: usize,
    cells: usize,
    blocks: Vec<Block>,
    sheet: Option<Sheet>,
    cell: Option<Cell>,
    comment: Option<Comment>,
    /// What a paragraph outside a cell says: a shape on the sheet.
    loose: Vec<String>,
    in_paragraph: usize,
    in_field: Option<Field>,
    skipped: usize,
}

struct Sheet {
    title: String,
    rows: Vec<Cells>,
    row: Cells,
    column: u32,
    repeat: usize,
    remarks: Vec<Block>,
}

struct Cell {
    text: String,
    /// A date or a value that is not shown as text.
    value: Option<String>,
    is_date: bool,
    columns: u32,
}

#[derive(Default)]
struct Comment {
    author: String,
    date: String,
    text: String,
}

#[derive(Clone, Copy)]
enum Field {
    Author,
    Date,
}

impl<'a> Sheets<'a> {
    pub(super) fn new(styles: &'a Styles, limits: &'a Limits) -> Self {
        Self {
            styles,
            limits,
            budget: Budget::of(limits),
            rows: limits.rows,
            cells: limits.elements,
            blocks: Vec::new(),
            sheet: None,
            cell: None,
            comment: None,
            loose: Vec::new(),
            in_paragraph: 0,
            in_field: None,
            skipped: 0,
        }
    }

    pub(super) fn finish(self) -> Vec<Block> {
        self.blocks
    }

    pub(super) fn event(&mut self, event: Xml<'_>) -> Result<(), Fault> {
        match event {
            Xml::Open(_) if self.skipped > 0 => self.skipped += 1,
            Xml::Close { .. } if self.skipped > 0 => self.skipped -= 1,
            Xml::Open(tag) => self.open(&tag),
            Xml::Close { space, name } => return self.close(space, name),
            Xml::Text(text) if self.skipped == 0 => self.text(text),
            Xml::Text(_) => {}
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match (tag.space, tag.name) {
            (
                Space::OpenTable,
                "tracked-changes"
                | "content-validations"
                | "dde-links"
                | "named-expressions"
                | "database-ranges",
            )
            | (Space::OpenOffice, "forms" | "binary-data" | "automatic-styles" | "master-styles")
            | (Space::Other, "title" | "desc") => self.skipped = 1,
            (Space::OpenTable, "table") if self.sheet.is_none() => {
                let name = tag.attribute("name").unwrap_or_default();
                let style = tag.attribute("style-name").unwrap_or_default();
                let hidden = if self.styles.is_hidden(&style) { " (hidden sheet)" } else { "" };
                self.sheet = Some(Sheet {
                    title: format!("{name}{hidden}"),
                    rows: Vec::new(),
                    row: Vec::new(),
                    column: 0,
                    repeat: 1,
                    remarks: Vec::new(),
                });
            }
            // A chart's data, or a table within a shape.
            (Space::OpenTable, "table") => self.skipped = 1,
            (Space::OpenTable, "table-row") => {
                if let Some(sheet) = &mut self.sheet {
                    (sheet.column, sheet.repeat) = (0, count(tag, "number-rows-repeated"));
                }
            }
            (Space::OpenTable, "table-cell" | "covered-table-cell") => {
                let date = tag.attribute("date-value");
                self.cell = Some(Cell {
                    text: String::new(),
                    is_date: date.is_some(),
                    value: date
                        .map(|date| date.trim_end_matches("T00:00:00").replace('T', " "))
                        .or_else(|| tag.attribute("string-value"))
                        .or_else(|| tag.attribute("value")),
                    columns: u32::try_from(count(tag, "number-columns-repeated"))
                        .unwrap_or(u32::MAX),
                });
            }
            (Space::OpenOffice, "annotation") => self.comment = Some(Comment::default()),
            (Space::Dublin, "creator") => self.in_field = Some(Field::Author),
            (Space::Dublin, "date") => self.in_field = Some(Field::Date),
            (Space::OpenText, "p" | "h") => {
                self.in_paragraph += 1;
                if self.comment.is_none() && self.cell.is_none() && self.sheet.is_some() {
                    self.loose.push(String::new());
                }
                self.push("\n");
            }
            (Space::OpenText, "s" | "tab" | "line-break") => self.push(" "),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match (self.in_field, &mut self.comment) {
            (Some(Field::Author), Some(comment)) => comment.author.push_str(text),
            (Some(Field::Date), Some(comment)) => comment.date.push_str(text),
            _ => self.push(text),
        }
    }

    fn push(&mut self, text: &str) {
        if self.in_paragraph == 0 {
            return;
        }
        match (&mut self.comment, &mut self.cell, self.loose.last_mut()) {
            (Some(comment), ..) => comment.text.push_str(text),
            (None, Some(cell), _) => cell.text.push_str(text),
            (None, None, Some(line)) => line.push_str(text),
            (None, None, None) => {}
        }
    }

    fn close(&mut self, space: Space, name: &str) -> Result<(), Fault> {
        match (space, name) {
            (Space::OpenText, "p" | "h") => self.in_paragraph = self.in_paragraph.saturating_sub(1),
            (Space::Dublin, _) => self.in_field = None,
            (Space::OpenOffice, "annotation") => {
                if let (Some(comment), Some(sheet)) = (self.comment.take(), &mut self.sheet)
                    && !comment.text.trim().is_empty()
                {
                    let date: String = comment.date.chars().take(10).collect();
                    self.budget.text(&comment.text)?;
                    sheet.remarks.push(formats::comment(&comment.author, &date, &comment.text));
                }
            }
            (Space::OpenTable, "table-cell" | "covered-table-cell") => self.close_cell()?,
            (Space::OpenTable, "table-row") => self.close_row()?,
            (Space::OpenTable, "table") => self.close_sheet()?,
            _ => {}
        }
        Ok(())
    }

    fn close_cell(&mut self) -> Result<(), Fault> {
        let (Some(cell), Some(sheet)) = (self.cell.take(), &mut self.sheet) else { return Ok(()) };
        let first = sheet.column;
        sheet.column = first.saturating_add(cell.columns);
        let shown = Some(cell.text).filter(|text| !text.trim().is_empty());
        let text = if cell.is_date { cell.value.or(shown) } else { shown.or(cell.value) };
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(()) };
        if cell.columns as usize > self.limits.columns {
            let what = "the number of columns".into();
            return Err(Fault::OverLimit { what, limit: self.limits.columns as u64 });
        }
        sheet.row.extend((first..sheet.column).map(|column| (column, text.trim().to_owned())));
        Ok(())
    }

    fn close_row(&mut self) -> Result<(), Fault> {
        let Some(sheet) = &mut self.sheet else { return Ok(()) };
        let row = std::mem::take(&mut sheet.row);
        if row.is_empty() {
            return Ok(());
        }
        let over = |what: &str, limit: usize| Fault::OverLimit {
            what: format!("the number of {what}"),
            limit: limit as u64,
        };
        let repeat = sheet.repeat;
        self.rows = self.rows.checked_sub(repeat).ok_or_else(|| over("rows", self.limits.rows))?;
        self.cells = self
            .cells
            .checked_sub(repeat.saturating_mul(row.len()))
            .ok_or_else(|| over("cells", self.limits.elements))?;
        for _ in 0..repeat {
            row.iter().try_for_each(|(_, text)| self.budget.cell(text))?;
            sheet.rows.push(row.clone());
        }
        Ok(())
    }

    fn close_sheet(&mut self) -> Result<(), Fault> {
        let Some(sheet) = self.sheet.take() else { return Ok(()) };
        let grid = table::from_grid(sparse::dense(sheet.rows, &mut self.budget, self.limits)?);
        let loose = std::mem::take(&mut self.loose).into_iter();
        let loose: Vec<Block> =
            loose.filter(|line| !line.trim().is_empty()).map(Block::Paragraph).collect();
        if !grid.is_empty() || !loose.is_empty() || !sheet.remarks.is_empty() {
            self.blocks.push(Block::Heading { level: 1, text: sheet.title });
        }
        self.blocks.extend(grid);
        self.blocks.extend(loose);
        self.blocks.extend(sheet.remarks);
        Ok(())
    }
}

fn count(tag: &Tag<'_>, name: &str) -> usize {
    let count = tag.attribute(name).and_then(|count| count.parse::<usize>().ok());
    count.unwrap_or(1).max(1)
}
