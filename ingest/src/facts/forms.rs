//! How much of a form was filled in.

use super::{fields, placeholders};
use crate::block::{Layout, Role};

/// What a document asks to be filled in, and what of it is blank.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Form {
    /// Labels with a place for a value, and table rows with cells to fill.
    pub(super) fields: usize,
    /// Those that nobody filled in.
    pub(super) blank: usize,
    /// Blanks in running text.
    pub(super) in_text: usize,
    /// Words that are no labels.
    pub(super) words: usize,
    /// Whether its first lines call it a template.
    pub(super) called: bool,
}

impl Form {
    /// The reason why this is a form that nobody filled in, if it is one. A filled-in document with a blank left over is none.
    pub(super) fn is_unfilled(&self, title: Option<&str>) -> Option<String> {
        let called = title.is_some_and(|title| {
            let lower = title.to_lowercase();
            ["template", "blank form", "sample form"].iter().any(|word| lower.contains(word))
        });
        let blanks = self.blank + self.in_text;
        let share = self.blank as f32 / self.fields.max(1) as f32;
        let dense = self.in_text * 60 >= self.words.max(60);
        let unfilled = self.blank >= 4 && share >= 0.5
            || called && (self.blank >= 2 && share >= 0.25 || blanks >= 4)
            || self.in_text >= 6 && dense && share >= 0.2
            // A workbook of instructions, examples and a blank sheet: most of its rows are filled all the same.
            || self.called && self.in_text >= 20 && self.in_text * 100 >= self.words;
        unfilled.then(|| {
            format!(
                "{} of {} fields are blank, and {} blanks stand in its text",
                self.blank, self.fields, self.in_text
            )
        })
    }
}

/// Places in which a document says what it is.
const OPENING: usize = 4;

/// Counts a document's fields and blanks.
pub(super) fn count(layout: &Layout, blanks_in_text: usize) -> Form {
    let called = layout.places.iter().take(OPENING).any(|place| {
        place.bytes.len() < 300 && layout.text_of(place).to_lowercase().contains("template")
    });
    let mut form = Form { in_text: blanks_in_text, called, ..Form::default() };
    let mut width = 0;
    let mut current = None;
    for place in &layout.places {
        let text = layout.text_of(place);
        match &place.role {
            Role::Row { table, header, cells } => {
                if current != Some(*table) {
                    current = Some(*table);
                    width = cells.len();
                }
                width = width.max(cells.len());
                if !header {
                    row(layout, cells, width, &mut form);
                }
            }
            Role::Paragraph | Role::Item => {
                form.words += text.split_whitespace().count();
                for line in fields::lines(layout, place) {
                    labelled(layout.text.get(line).unwrap_or_default(), &mut form);
                }
            }
            Role::Heading(_) | Role::Furniture | Role::Contents => {}
        }
    }
    form
}

/// A label and a value, or a row of a list: it counts as one field, blank where at most its first cell says something.
fn row(layout: &Layout, cells: &[std::ops::Range<usize>], width: usize, form: &mut Form) {
    if width < 2 {
        return;
    }
    let text =
        |n: usize| cells.get(n).and_then(|cell| layout.text.get(cell.clone())).unwrap_or_default();
    form.words += (0..cells.len()).map(|n| text(n).split_whitespace().count()).sum::<usize>();
    form.fields += 1;
    let open =
        (1..width).filter(|n| placeholders::is_blank(text(*n)) || is_choice(text(*n))).count();
    let mostly_open = if width <= 3 { open == width - 1 } else { open * 4 >= (width - 1) * 3 };
    form.blank += usize::from(mostly_open);
}

fn labelled(line: &str, form: &mut Form) {
    let Some((label, value)) = line.split_once(':') else { return };
    let words = label.split_whitespace().count();
    if words == 0 || words > 8 || value.starts_with("//") {
        return;
    }
    let value = value.trim();
    // `The plan covers:` leads a list in; only lines to write on, or a known label, make an empty value a blank.
    let asks = !value.is_empty() || super::labels::lookup(label).is_some();
    if asks && value.split_whitespace().count() <= 12 {
        form.fields += 1;
        form.blank += usize::from(placeholders::is_blank(value) || is_choice(value));
    }
}

/// Boxes of which none is ticked: `☐ Yes ☐ No`, `[ ] Low [ ] High`.
fn is_choice(value: &str) -> bool {
    let open =
        value.matches('☐').count() + value.matches("[ ]").count() + value.matches("□").count();
    let ticked = ["☒", "☑", "✓", "✔", "[x]", "[X]", "■"].iter().any(|mark| value.contains(mark));
    open > 0 && !ticked
}
