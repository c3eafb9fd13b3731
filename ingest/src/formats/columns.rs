use super::drawn::go_on;
use crate::block::Block;

/// What may stand between two columns.
const GAP: [char; 4] = [' ', '|', '+', '\t'];

/// How many of these lines, from the first, are a table whose columns are parted by blanks, and that table: a header, beneath it a rule
/// of dashes with a gap between any two columns, and rows that keep to the columns. A rule may stand above the header and beneath the
/// rows. A row in which one cell alone is filled, and not the first, goes on with the one above it.
pub(super) fn table(lines: &[&str]) -> Option<(usize, Block)> {
    let above = usize::from(lines.first().is_some_and(|line| columns(line).is_some()));
    let starts = columns(lines.get(above + 1)?)?;
    let header = cells(lines.get(above)?, &starts)?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut used = above + 2;
    let mut below_rule = false;
    for line in lines.get(used..)? {
        if columns(line).is_some() {
            (used, below_rule) = (used + 1, !rows.is_empty());
            continue;
        }
        let Some(row) = cells(line, &starts).filter(|_| !counts_rows(line)) else { break };
        let filled = row.iter().filter(|cell| !cell.is_empty()).count();
        // Below a rule stands a row, or what follows the table.
        if below_rule && filled == 1 {
            break;
        }
        (used, below_rule) = (used + 1, false);
        let is_beneath = filled == 1 && row.first().is_some_and(String::is_empty);
        match rows.last_mut() {
            Some(above) if is_beneath => go_on(above, &row),
            _ => rows.push(row),
        }
    }
    let is_table = !rows.is_empty() && header.iter().all(|name| columns(name).is_none());
    is_table.then_some((used, Block::Table { header: Some(header), rows }))
}

/// Whether a database says beneath its rows how many there are: `(12 rows)`.
fn counts_rows(line: &str) -> bool {
    let inner = line.trim().strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    inner.is_some_and(|inner| inner.ends_with(" rows") || inner.ends_with(" row"))
}

/// Columns beyond which dashes are an ornament: each row of a table has all its cells.
const MOST_COLUMNS: usize = 64;

/// Where, in characters, the columns begin that a rule such as `----  ------` or `----+------` draws: two or more.
fn columns(line: &str) -> Option<Vec<usize>> {
    let is_drawn = |c: char| matches!(c, '-' | '=');
    if !line.chars().all(|c| is_drawn(c) || GAP.contains(&c)) {
        return None;
    }
    let mut before = ' ';
    let mut starts = Vec::new();
    for (n, c) in line.chars().enumerate() {
        if is_drawn(c) && !is_drawn(before) {
            starts.push(n);
        }
        before = c;
    }
    // Bars at both ends are those of another kind of table.
    ((2..=MOST_COLUMNS).contains(&starts.len()) && !line.trim().starts_with(['|', '+']))
        .then_some(starts)
}

/// What stands in each column of a line; nothing where a word runs over from one into the next, or where all are empty.
fn cells(line: &str, starts: &[usize]) -> Option<Vec<String>> {
    let letters: Vec<char> = line.trim_end().chars().collect();
    let first = starts.first()?;
    let outside = letters.iter().take(*first).any(|c| !c.is_whitespace());
    let runs_over = starts
        .iter()
        .skip(1)
        .any(|start| letters.get(start - 1).is_some_and(|before| !GAP.contains(before)));
    if outside || runs_over {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([letters.len()]);
    let row: Vec<String> = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let inside = letters.get(*start..end.min(letters.len())).unwrap_or_default();
            inside.iter().collect::<String>().trim_matches([' ', '\t', '|']).to_owned()
        })
        .collect();
    row.iter().any(|cell| !cell.is_empty()).then_some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(usize, Block)> {
        table(&text.lines().collect::<Vec<_>>())
    }

    fn made(header: [&str; 3], rows: &[[&str; 3]], lines: usize) -> Option<(usize, Block)> {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = rows.iter().copied().map(row).collect();
        Some((lines, Block::Table { header: Some(row(header)), rows }))
    }

    #[test]
    fn columns_stand_beneath_their_dashes() {
        let text = " Time   Step               Result\n -----  -----------------  ------\n 06:00  Network opened     ok, no route\n 07:04  Restore started\n        and watched\n 09:12  Network wiped      ok\n\nTime to restore: 3 h";
        let rows = [
            ["06:00", "Network opened", "ok, no route"],
            ["07:04", "Restore started and watched", ""],
            ["09:12", "Network wiped", "ok"],
        ];
        assert_eq!(read(text), made(["Time", "Step", "Result"], &rows, 6));
    }

    #[test]
    fn rules_around_the_table_and_bars_between_the_columns_are_no_text() {
        let rows = [["1", "Ann", "ok"], ["2", "Bö", "late"]];
        let ruled = "==  ====  =====\nNo  Who   How\n==  ====  =====\n1   Ann   ok\n2   Bö    late\n==  ====  =====\nEnd";
        assert_eq!(read(ruled), made(["No", "Who", "How"], &rows, 6));
        let of_a_database =
            " No | Who | How\n----+-----+------\n  1 | Ann | ok\n  2 | Bö  | late\n(2 rows)\n";
        assert_eq!(read(of_a_database), made(["No", "Who", "How"], &rows, 4));
    }

    #[test]
    fn a_blank_cell_or_a_rule_merges_no_records() {
        let text = "By   Account  Result\n---  -------  -------\nAnn  svc-a    kept\n     svc-b    revoked\n---  -------  -------\nCy   svc-c\n";
        let rows = [["Ann", "svc-a", "kept"], ["", "svc-b", "revoked"], ["Cy", "svc-c", ""]];
        assert_eq!(read(text), made(["By", "Account", "Result"], &rows, 6));
    }

    #[test]
    fn what_keeps_to_no_columns_is_no_table() {
        for text in [
            "Results\n-------\nAll ok",
            "Signed by          Seen by\n-----------------  ---------------",
            "Ann Bell and Bo Carr\n--------  ------\nx  y",
            "-- --\n-- --\n-- --",
            &format!("a\n{}\na\n", "- ".repeat(100)),
            "| a | b |\n|---|---|\n| c | d |",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
