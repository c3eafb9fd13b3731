use crate::Span;
use serde::{Deserialize, Serialize};

/// A span of the canonical text that is matched as one piece.
///
/// **Invariant:** `text` is the canonical text at `span`, verbatim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Position among the document's passages, from 0.
    pub ordinal: u32,
    /// Where it stands in the canonical text.
    pub span: Span,
    /// The page that it begins on, from 1; `None` where the format has no pages.
    pub page: Option<u32>,
    /// Headings above it, outermost first (a sheet's or slide's name counts as one).
    pub heading: Vec<String>,
    /// Added for matching and never quoted: a table's header row where the passage does not hold it.
    pub context: Option<String>,
    /// How its text is laid out.
    pub shape: PassageShape,
    /// The text at `span`.
    pub text: String,
}

/// How a passage's text is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PassageShape {
    /// Sentences.
    #[default]
    Prose,
    /// Items of a list.
    List,
    /// Rows of a table, one a line, cells joined by ` | `.
    Table,
}

/// Whether a table's row, cells joined by ` | `, names its columns: three short cells or more, without numbers. Two may be a label
/// and its value.
pub fn names_columns(row: &str) -> bool {
    let cells: Vec<&str> = row.split(" | ").collect();
    cells.len() > 2
        && cells.iter().all(|cell| cell.split_whitespace().count() <= 4 && !holds_number(cell))
}

/// Whether the first of a table's rows, cells joined by ` | `, names its columns: by itself ([`names_columns`]), or beside the others,
/// where none of three cells or more is a number or a day and most of those below one are.
pub fn is_header_of<'t>(first: &str, others: impl Iterator<Item = &'t str>) -> bool {
    if names_columns(first) {
        return true;
    }
    let names: Vec<&str> = first.split(" | ").collect();
    if names.len() < 3 || names.iter().any(|name| is_value(name)) {
        return false;
    }
    let (mut rows, mut values) = (0, vec![0; names.len()]);
    for row in others {
        rows += 1;
        for (cell, values) in row.split(" | ").zip(&mut values) {
            *values += usize::from(is_value(cell));
        }
    }
    rows > 1 && values.iter().any(|values| 3 * values >= 2 * rows)
}

/// Whether a cell is a number or a day: it begins with a digit, and half of its letters and digits are digits.
fn is_value(cell: &str) -> bool {
    let known = || cell.chars().filter(|c| c.is_alphanumeric());
    let digits = known().filter(char::is_ascii_digit).count();
    known().next().is_some_and(|first| first.is_ascii_digit()) && 2 * digits >= known().count()
}

/// Whether a cell holds a number, other than a scale at its end: `Impact (1-5)`.
fn holds_number(cell: &str) -> bool {
    let scaled = cell.strip_suffix(')').and_then(|cell| cell.rsplit_once('('));
    let name = scaled.map_or(cell, |(name, _)| name.trim());
    name.is_empty() && scaled.is_some() || name.contains(|c: char| c.is_ascii_digit())
}

/// Words after which a full stop ends no sentence.
const ABBREVIATIONS: [&str; 29] = [
    "e.g", "i.e", "etc", "cf", "vs", "no", "nos", "nr", "art", "arts", "sec", "para", "fig", "mr",
    "mrs", "ms", "dr", "prof", "ing", "mgr", "dipl", "st", "inc", "ltd", "co", "corp", "dept",
    "approx", "resp",
];

/// Words of which that holds where a number follows: `ext. 400`.
const BEFORE_NUMBERS: [&str; 7] = ["ref", "rev", "ver", "vol", "pp", "tel", "ext"];

/// Whether a word, without the full stop behind it, is a short form, so that the stop ends no sentence: `Ing. Marek Bell`. `rest` is what
/// follows the stop.
pub fn abbreviates(word: &str, rest: &str) -> bool {
    let lower = word.to_lowercase();
    let is_numbered = || rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
    ABBREVIATIONS.contains(&lower.as_str())
        || BEFORE_NUMBERS.contains(&lower.as_str()) && is_numbered()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_names_columns_has_short_cells_and_no_numbers() {
        for row in ["Gate | Shut by | Seen", "Gate | Rust (1-5) | Gap (cm, max. 9)"] {
            assert!(names_columns(row), "{row}");
        }
        for row in [
            "Gate | Ann",
            "North | Ann | 3 May",
            "North (1) | 2 | 3",
            "North | Bo | (5)",
            "North | Bo | shut at ten by whoever comes",
        ] {
            assert!(!names_columns(row), "{row}");
        }
    }

    #[test]
    fn a_header_may_be_told_by_the_rows_below_it() {
        let is_header = |table: &str| {
            let mut rows = table.lines();
            rows.next().is_some_and(|first| is_header_of(first, rows))
        };
        let courses = "No | Name | AI-100 done | Result seen by the manager on the job\n10442 | Doyle | 2026-02-11 | ok\n10443 | Lacey | 2026-05-12 | ok";
        assert!(is_header(courses));
        assert!(is_header("Slice | Units | MAPE 1-7 d\nAll | 1,062 | 8.3 %\nWards | 402 | 7.1 %"));
        assert!(!is_header("All | 1,062 | 8.3 %\nWards | 402 | 7.1 %\nBeds | 4 | 9 %"));
        let named = "North gate | Ann | shut at ten by whoever comes\nSouth gate | Bo | never shut\nYard | Cy | seen";
        assert!(!is_header(named));
    }
}
