use crate::{Limits, budget::Budget, fault::Fault};
use std::collections::BTreeSet;

/// A row's cells that hold something, each with its column.
pub(super) type Cells = Vec<(u32, String)>;

/// Rows with their cells in line: empty ones where a column holds something in other rows only.
pub(super) fn dense(
    rows: Vec<Cells>,
    left: &mut Budget,
    limits: &Limits,
) -> Result<Vec<Vec<String>>, Fault> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
