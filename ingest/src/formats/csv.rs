use super::{Content, table};
use crate::{Limits, budget::Budget, fault::Fault};

/// Delimited text as a table; rows of unequal length are kept as they are.
pub(crate) fn read(text: &str, delimiter: u8, limits: &Limits) -> Result<Content, Fault> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut budget = Budget::of(limits);
    let mut rows = Vec::new();
    for record in reader.records() {
        // The text is UTF-8 and lengths may differ: nothing else can be wrong with a record.
        let Ok(record) = record else { continue };
        let last = record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).last();
        let filled = last.map_or(0, |(n, _)| n + 1);
        if filled > limits.columns {
            return Err(Fault::OverLimit {
                what: "the number of columns".into(),
                limit: limits.columns as u64,
            });
        }
        let row: Vec<String> = record.iter().take(filled).map(str::to_owned).collect();
        row.iter().try_for_each(|cell| budget.cell(cell))?;
        rows.push(row);
        if rows.len() > limits.rows {
            return Err(Fault::OverLimit {
                what: "the number of rows".into(),
                limit: limits.rows as u64,
            });
        }
    }
    Ok(Content { blocks: table::from_grid(rows), properties: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Block;

    #[test]
    fn the_header_row_is_found_below_a_title() -> Result<(), Fault> {
        let text =
            "Supplier register,,\n\nid,name,\"since, if known\"\nS-1,Acme,2024-01-02\nS-2,Bolt,\n";
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let expected = vec![
            Block::Paragraph("Supplier register".into()),
            Block::Table {
                header: Some(row(&["id", "name", "since, if known"])),
                rows: vec![row(&["S-1", "Acme", "2024-01-02"]), row(&["S-2", "Bolt"])],
            },
        ];
        assert_eq!(read(text, b',', &Limits::default())?.blocks, expected);
        Ok(())
    }

    #[test]
    fn no_column_goes_missing_and_empty_cells_do_not_multiply() {
        let over = |text: &str, limits: &Limits| {
            matches!(read(text, b',', limits), Err(Fault::OverLimit { .. }))
        };
        let limits = Limits { columns: 3, text_chars: 100, ..Limits::default() };
        assert!(!over("a,b,c,,,\n1,2,3,,,\n", &limits));
        assert!(over("a,b,c\n1,2,3,4\n", &limits));
        assert!(over(&",,c\n".repeat(20), &limits));
    }
}
