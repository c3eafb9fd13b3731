use crate::cli::Common;
use crate::failure::Failure;
use console::Term;
use serde::Serialize;
use std::io::{BufWriter, StdoutLock, Write};

/// Standard output, buffered: it carries the result and nothing else.
pub(crate) fn out() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(std::io::stdout().lock())
}

/// Writes a line of text to `out`.
pub(crate) fn line(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    Ok(writeln!(out, "{text}")?)
}

/// Prints `value` as indented JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let mut out = out();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

/// Prints each value as one line of JSON.
pub(crate) fn json_lines<T: Serialize>(values: impl IntoIterator<Item = T>) -> Result<(), Failure> {
    let mut out = out();
    for value in values {
        serde_json::to_writer(&mut out, &value)?;
        writeln!(out)?;
    }
    Ok(out.flush()?)
}

/// Prints a header and rows as CSV. A cell that a spreadsheet would take for a formula gets a `'` before it.
pub(crate) fn csv_rows(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(out());
    let fault = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::from(error),
        other => Failure::internal(format!("{other:?}")),
    };
    writer.write_record(header).map_err(fault)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| defused(cell))).map_err(fault)?;
    }
    Ok(writer.flush()?)
}

fn defused(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t']) { format!("'{cell}") } else { cell.to_owned() }
}

/// Colour only on a terminal that wants it (NO_COLOR, TERM=dumb) and unless `--no-color` is given.
pub(crate) fn wants_colour(common: &Common, term: &Term) -> bool {
    !common.no_color
        && term.is_term()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var("TERM").is_ok_and(|value| value != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(defused("=1+1"), "'=1+1");
        assert_eq!(defused("A.5.1"), "A.5.1");
    }
}
