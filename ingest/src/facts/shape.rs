//! What a document's rows and sentences say of its kind, where neither its title nor its own words do.

use super::dates;
use crate::block::{Layout, Role};
use std::collections::HashSet;
use std::ops::Range;
use sufficit_evidence::{DocumentKind, Facts};

/// Words of duty.
const DUTIES: [&str; 15] = [
    " must ",
    " shall ",
    " may not ",
    " may only ",
    " never ",
    " has to ",
    " have to ",
    " is required ",
    " are required ",
    " is not allowed",
    " are not allowed",
    " is forbidden",
    " are forbidden",
    " nobody ",
    " no one ",
];
/// Rows from which a table says something of its kind.
const ROWS: usize = 3;

/// What a text consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Shape {
    words: usize,
    words_in_rows: usize,
    rows: usize,
    /// Rows that name a day.
    dated_rows: usize,
    /// Days outside tables.
    days: usize,
    /// Sentences of duty.
    duties: usize,
    /// Paragraphs and items that begin with a number.
    clauses: usize,
    /// A column of ids, keys or numbers.
    ids: bool,
}

/// The kind that the shape of a text tells, with the reason.
pub(super) fn kind(layout: &Layout, facts: &Facts) -> Option<(DocumentKind, &'static str)> {
    let shape = measure(layout);
    let of_rows = shape.rows >= ROWS && shape.words_in_rows * 2 >= shape.words;
    if of_rows && shape.dated_rows * 10 >= shape.rows * 6 {
        let reason = "most rows of its table carry the day of an event";
        let kind = if shape.ids { DocumentKind::Register } else { DocumentKind::Record };
        return Some((kind, reason));
    }
    if of_rows && shape.ids {
        return Some((DocumentKind::Register, "most of it is a table of items with ids"));
    }
    // What somebody writes to somebody lays nothing down.
    let kept = facts.version.is_some() || facts.approver.is_some() || facts.next_review.is_some();
    let dense = shape.duties * if kept { 120 } else { 60 } >= shape.words && !is_letter(layout);
    if shape.duties >= 3 && dense && shape.days <= shape.duties && shape.dated_rows < ROWS {
        return Some((DocumentKind::Procedure, "it says what must be done"));
    }
    // The days of approval and review are not yet a practice that is told.
    let told = shape.days.saturating_sub(2) + shape.dated_rows;
    if told >= 4 && told * 60 >= shape.words && shape.duties < 3 {
        return Some((DocumentKind::Record, "it tells what happened on which days"));
    }
    let decided = facts.approver.is_some() || facts.next_review.is_some();
    if decided && shape.clauses >= 4 && shape.days <= 4 && shape.dated_rows == 0 {
        return Some((DocumentKind::Procedure, "it is set out in numbered clauses"));
    }
    None
}

/// Whether a row, such as `Owner | A. Bell, 3 May 2026`, is a field of the document.
pub(super) fn is_field(layout: &Layout, cells: &[Range<usize>]) -> bool {
    cells.first().is_some_and(|cell| super::is_label(at(layout, cell)))
}

/// What stands twice in the text counts once.
fn measure(layout: &Layout) -> Shape {
    let mut shape = Shape::default();
    let mut told = HashSet::new();
    let mut columns: &[Range<usize>] = &[];
    for place in &layout.places {
        let text = layout.text_of(place);
        let is_new = told.insert(text.trim());
        match &place.role {
            Role::Furniture | Role::Contents => {}
            Role::Row { header: true, cells, .. } => {
                columns = cells;
                shape.ids |=
                    cells.iter().take(2).enumerate().any(|(n, cell)| is_id(n, at(layout, cell)));
            }
            _ if !is_new => {}
            Role::Row { cells, .. } => {
                let words = text.split_whitespace().count();
                shape.words += words;
                if !is_field(layout, cells) {
                    shape.words_in_rows += words;
                    shape.rows += 1;
                    shape.dated_rows += usize::from(cells.iter().enumerate().any(|(n, cell)| {
                        let column = columns.get(n).map_or("", |column| at(layout, column));
                        !is_ahead(column) && !days(at(layout, cell)).is_empty()
                    }));
                }
            }
            Role::Heading(_) | Role::Paragraph | Role::Item => {
                shape.words += text.split_whitespace().count();
                shape.days += days(text).len();
                let padded = format!(" {} ", text.to_lowercase().replace('\n', " "));
                shape.duties += padded
                    .split_inclusive(['.', ';'])
                    .filter(|sentence| DUTIES.iter().any(|duty| sentence.contains(duty)))
                    .count();
                shape.clauses += text.lines().filter(|line| is_numbered(line)).count();
            }
        }
    }
    shape
}

/// The whole days of a text: a month says when something is due, a day when it was.
fn days(text: &str) -> Vec<dates::Found> {
    let mut found = dates::find(text);
    found.retain(|date| !matches!(date.reading, dates::Reading::Month(_)));
    found
}

fn at<'a>(layout: &'a Layout, range: &Range<usize>) -> &'a str {
    layout.text.get(range.clone()).unwrap_or_default()
}

/// Whether a column, one of the first two, tells the rows' things apart.
fn is_id(n: usize, column: &str) -> bool {
    const IDS: [&str; 9] = ["id", "ref", "reference", "no", "nr", "key", "tag", "number", "serial"];
    const THINGS: [&str; 10] = [
        "asset",
        "system",
        "supplier",
        "vendor",
        "tool",
        "device",
        "model",
        "application",
        "risk",
        "control",
    ];
    let column = column.to_lowercase();
    column
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| IDS.contains(&word) || n == 0 && THINGS.contains(&word))
}

/// Whether a column's days are still to come: `Valid until`, `Due`, `Next review`.
fn is_ahead(column: &str) -> bool {
    let column = column.to_lowercase();
    column.split(|c: char| !c.is_alphanumeric()).any(|word| {
        matches!(
            word,
            "until"
                | "due"
                | "valid"
                | "next"
                | "expires"
                | "expiry"
                | "target"
                | "planned"
                | "deadline"
        )
    })
}

/// Whether a text begins as mail does.
fn is_letter(layout: &Layout) -> bool {
    layout.places.iter().take(2).any(|place| {
        let text = layout.text_of(place).to_lowercase();
        ["from:", "von:", "de:", "to:", "re:", "fwd:", "dear ", "hi "]
            .iter()
            .any(|start| text.starts_with(start))
    })
}

/// `1. Who may enter`, `§ 2 ...`, `Article 3 ...`, `b) ...`.
fn is_numbered(line: &str) -> bool {
    let line = line.trim_start_matches(['*', ' ', '§']);
    let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
    let bare = mark.trim_end_matches(['.', ')', ':', '*']);
    let number = !bare.is_empty()
        && bare.len() <= 5
        && bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        || bare.len() == 1 && mark.len() > 1;
    let article = mark.eq_ignore_ascii_case("article") || mark.eq_ignore_ascii_case("section");
    (number || article) && rest.split_whitespace().count() >= 3
}

#[cfg(test)]
mod tests {
    use super::super::tests::facts;
    use sufficit_evidence::DocumentKind;

    #[test]
    fn rows_of_days_are_a_record_and_rows_of_ids_a_register() {
        let record = "date,gate,who,remark\n2026-03-02,north,Ann,late\n2026-03-03,north,Bob,ok\n2026-03-05,south,Ann,ok\n";
        assert_eq!(facts(&table(record)).kind(), DocumentKind::Record);
        let register =
            "key,thing,place,keeper\nG-1,gate,north,Ann\nG-2,gate,south,Bob\nG-3,mast,yard,Ann\n";
        assert_eq!(facts(&table(register)).kind(), DocumentKind::Register);
    }

    #[test]
    fn duties_are_a_procedure_and_days_that_are_told_a_record() {
        let duties = "# Gates\n\nThe guard must shut the gate at dusk. Nobody may enter without a badge. A lost badge has to be told at once. Visitors shall sign the book.\n";
        assert_eq!(facts(duties).kind(), DocumentKind::Procedure);
        let told = "# Gates\n\nOn 2 March 2026 the north gate stuck. Freed on 3 March 2026 by Ann. On 5 March 2026 the mast fell. Set up on 6 March 2026. Checked 7 March 2026, and again on 9 March 2026.\n";
        assert_eq!(facts(told).kind(), DocumentKind::Record);
        let clauses = "# Gates\n\nOwner: Ann Bell. Approved by the Board on 3 March 2026.\n\n1. The gate is shut at dusk by the guard.\n2. Visitors sign the book at the lodge.\n3. Badges are worn where one sees them.\n4. Lost badges are told to the lodge at once.\n";
        assert_eq!(facts(clauses).kind(), DocumentKind::Procedure);
        assert_eq!(
            facts("# Gates\n\nWe like our gates. They are green.\n").kind(),
            DocumentKind::Other
        );
    }

    fn table(csv: &str) -> String {
        let mut rows: Vec<String> =
            csv.lines().map(|line| format!("| {} |", line.replace(',', " | "))).collect();
        rows.insert(1, "|---|---|---|---|".into());
        rows.join("\n")
    }
}
