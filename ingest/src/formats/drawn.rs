use super::columns;
use crate::block::Block;

/// What parts the cells of a row.
const BARS: [char; 4] = ['|', '│', '┃', '║'];

/// How many of these lines, from the first, are drawn as a table's are, and the table that they make, where they do.
///
/// Each line is a row, but for those that go on with the row above: of a grid, whose header is ruled off by `=` and whose rows by rules,
/// all between two rules; else those whose first cell is empty, where rules stand between rows or one other cell alone is filled.
/// Columns may be parted by blanks alone where a rule shows them (`columns`).
pub(super) fn table(lines: &[&str]) -> (usize, Option<Block>) {
    if let Some((drawn, table)) = columns::table(lines) {
        return (drawn, Some(table));
    }
    let drawn = lines.iter().take_while(|line| is_rule(line) || cells(line).is_some()).count();
    (drawn, lines.get(..drawn).and_then(made_of))
}

fn made_of(lines: &[&str]) -> Option<Block> {
    let mut parts: Vec<Vec<Vec<&str>>> = vec![Vec::new()];
    let (mut is_grid, mut is_markdown) = (false, false);
    for line in lines {
        match (cells(line).filter(|_| !is_rule(line)), parts.last_mut()) {
            (Some(row), Some(part)) => part.push(row),
            (_, Some(part)) if part.is_empty() => {}
            _ => {
                is_markdown |= parts.len() == 1 && line.contains('|');
                is_grid |= parts.len() == 1 && line.contains('=');
                parts.push(Vec::new());
            }
        }
    }
    parts.retain(|part| !part.is_empty());
    let rows_drawn: usize = parts.iter().map(Vec::len).sum();
    let columns = parts.first()?.first()?.len();
    let is_even = parts.iter().flatten().all(|row| row.len() == columns);
    let is_ruled = rows_drawn < lines.len();
    if rows_drawn < 2 && !is_ruled || columns < 2 || !is_even {
        return None;
    }
    let between_rules = parts.len() > 2;
    let goes_on = |row: &[&str]| {
        let filled = row.iter().filter(|cell| !cell.is_empty()).count();
        let is_beneath = row.first().is_some_and(|cell| cell.is_empty());
        is_grid && between_rules || !is_markdown && is_beneath && (filled == 1 || between_rules)
    };
    let parts: Vec<Vec<Vec<String>>> =
        parts.iter().map(|part| rows(part, columns, goes_on)).collect();
    let heads = |first: &Vec<Vec<String>>| {
        first.len() == 1 && parts.iter().skip(1).any(|part| part.len() > 1)
    };
    let names_columns =
        parts.len() > 1 && (is_grid || is_markdown || parts.first().is_some_and(heads));
    let mut rows = parts.concat();
    let header = (names_columns && rows.len() > 1).then(|| rows.remove(0));
    Some(Block::Table { header, rows })
}

/// The rows that lines between two rules make, a line that goes on with the row above read into it cell by cell.
fn rows(
    lines: &[Vec<&str>],
    columns: usize,
    goes_on: impl Fn(&[&str]) -> bool,
) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines {
        if rows.is_empty() || !goes_on(line) {
            rows.push(vec![String::new(); columns]);
        }
        if let Some(row) = rows.last_mut() {
            go_on(row, line);
        }
    }
    rows
}

/// Reads a line that goes on with a row into it, cell by cell.
pub(super) fn go_on(row: &mut [String], line: &[impl AsRef<str>]) {
    for (whole, cell) in row.iter_mut().zip(line) {
        let cell = cell.as_ref();
        if !whole.is_empty() && !cell.is_empty() {
            whole.push(' ');
        }
        whole.push_str(cell);
    }
}

/// Whether a line only draws: `+-----+---+`, `├─────┼───┤`, `|-----|---|`.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let draws = |cell: &&str| cell.len() > 2 && cell.chars().all(|c| matches!(c, '-' | ':'));
    if cells(line).is_some_and(|cells| cells.iter().all(draws)) {
        return true;
    }
    let of_boxes = |c| ('\u{2500}'..='\u{257f}').contains(&c) && !BARS.contains(&c);
    let is_ascii = line.starts_with('+')
        && line.ends_with('+')
        && line.len() > 2
        && line.chars().all(|c| matches!(c, '+' | '-' | '=' | ':'));
    is_ascii || line.chars().nth(1).is_some() && line.chars().all(|c| of_boxes(c) || c == ' ')
}

/// The cells of a line that stands between bars.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix(BARS)?.strip_suffix(BARS)?;
    Some(inner.split(BARS).map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table that the text begins with, and its lines.
    fn read(text: &str) -> Option<(Block, usize)> {
        let lines: Vec<&str> = text.lines().collect();
        let (drawn, table) = table(&lines);
        Some((table?, drawn))
    }

    fn drawn(
        header: Option<Vec<String>>,
        rows: &[Vec<String>],
        lines: usize,
    ) -> Option<(Block, usize)> {
        Some((Block::Table { header, rows: rows.to_vec() }, lines))
    }

    fn row(cells: [&str; 2]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn a_row_between_rules_may_run_over_lines() {
        let text = "+-------+--------+\n| Owner | Ann    |\n|       | Lee    |\n+-------+--------+\n| Signed| B. Orr |\n+-------+--------+\nText";
        let rows = vec![row(["Owner", "Ann Lee"]), row(["Signed", "B. Orr"])];
        assert_eq!(read(text), drawn(None, &rows, 6));
        let grid = "+---+---+\n| No | What |\n+===+===+\n| 1 | all |\n| and 2 | keys |\n+---+---+\n| 3 | cards |\n+---+---+";
        let rows = vec![row(["1 and 2", "all keys"]), row(["3", "cards"])];
        assert_eq!(read(grid), drawn(Some(row(["No", "What"])), &rows, 8));
    }

    #[test]
    fn only_a_ruled_off_first_row_names_the_columns() {
        let rows = vec![row(["1", "keys"]), row(["2", "cards"])];
        let header = Some(row(["No", "What"]));
        let ruled = "+--+--+\n| No | What |\n+--+--+\n| 1 | keys |\n| 2 | cards |\n+--+--+";
        assert_eq!(read(ruled), drawn(header.clone(), &rows, 6));
        let double =
            "+--+--+\n| No | What |\n+==+==+\n| 1 | keys |\n+--+--+\n| 2 | cards |\n+--+--+";
        assert_eq!(read(double), drawn(header.clone(), &rows, 7));
        let markdown = "| No | What |\n|---|:---|\n| 1 | keys |\n| 2 | cards |";
        assert_eq!(read(markdown), drawn(header, &rows, 4));
        let boxed = "┌──┬──┐\n│ Owner │ Ann │\n├──┼──┤\n│ Version │ 2 │\n└──┴──┘";
        assert_eq!(read(boxed), drawn(None, &[row(["Owner", "Ann"]), row(["Version", "2"])], 5));
    }

    #[test]
    fn a_blank_cell_or_a_second_rule_merges_no_records() {
        let three = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let text = "+-----+-------+---------+\n| By | Account | Result |\n+-----+-------+---------+\n| Ann | svc-a | kept |\n|     | svc-b | revoked |\n| Cy  | svc-c | |\n+-----+-------+---------+";
        let rows = [["Ann", "svc-a", "kept"], ["", "svc-b", "revoked"], ["Cy", "svc-c", ""]];
        let header = Some(three(["By", "Account", "Result"]));
        assert_eq!(read(text), drawn(header, &rows.map(three), 7));

        let totals = "+---+---+\n| Who | What |\n+---+---+\n| Ann | drift |\n| Bob | leak |\n+---+---+\n| Cy | bias |\n| Di | none |\n+---+---+";
        let rows = [["Ann", "drift"], ["Bob", "leak"], ["Cy", "bias"], ["Di", "none"]].map(row);
        assert_eq!(read(totals), drawn(Some(row(["Who", "What"])), &rows, 9));

        let undone = "+---+---+\n| Step | Done |\n+---+---+\n| Encrypted | yes |\n| Restored | |\n| Logged | |\n+---+---+";
        let rows = [["Encrypted", "yes"], ["Restored", ""], ["Logged", ""]].map(row);
        assert_eq!(read(undone), drawn(Some(row(["Step", "Done"])), &rows, 7));
        let unruled = "| Approved by | |\n| Version | |\n| Owner | Ann |";
        let rows = [["Approved by", ""], ["Version", ""], ["Owner", "Ann"]].map(row);
        assert_eq!(read(unruled), drawn(None, &rows, 3));
        let outline =
            "+---+---+\n| By | Result |\n+===+===+\n| Ann | kept |\n| Bob | revoked |\n+---+---+";
        let rows = [["Ann", "kept"], ["Bob", "revoked"]].map(row);
        assert_eq!(read(outline), drawn(Some(row(["By", "Result"])), &rows, 6));

        let markdown =
            "| What | Count |\n|---|---|\n| Audits | 3 |\n| | 9 |\n|---|---|\n| Tests | 4 |";
        let rows = [["Audits", "3"], ["", "9"], ["Tests", "4"]].map(row);
        assert_eq!(read(markdown), drawn(Some(row(["What", "Count"])), &rows, 6));
    }

    #[test]
    fn lines_between_bars_are_rows_without_any_rule() {
        let rows = vec![row(["Owner", "Ann"]), row(["Version", "2"])];
        assert_eq!(read("| Owner | Ann |\n| Version | 2 |"), drawn(None, &rows, 2));
    }

    #[test]
    fn what_only_looks_like_a_table_is_none() {
        for text in
            ["| one line |", "+ an item", "+--+", "──────", "| a | b |\n| c |", "|x| is |y|"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
