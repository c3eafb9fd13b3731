use crate::formats::office::Tag;

/// The fields that are open, from the outermost: codes such as `PAGEREF`, and what they came out as.
#[derive(Debug, Default)]
pub(super) struct Fields {
    open: Vec<Field>,
    /// A form's field that is being read.
    form: Form,
}

#[derive(Debug, Default)]
struct Field {
    code: String,
    in_result: bool,
    /// It, or one around it, shows a table of contents.
    in_contents: bool,
}

/// A form's tick box or choice.
#[derive(Debug, Default)]
struct Form {
    chosen: Option<usize>,
    ticked: bool,
    choices: Vec<String>,
}

/// Choices of a form's field that are kept.
const MOST_CHOICES: usize = 1_000;

impl Fields {
    /// A mark between a field's code, its result and what follows.
    pub(super) fn step(&mut self, step: &str) {
        match step {
            "begin" => {
                let in_contents = self.in_contents();
                self.open.push(Field { in_contents, ..Field::default() });
            }
            "separate" => {
                if let Some(field) = self.open.last_mut() {
                    field.in_result = true;
                    field.in_contents |= field.code.trim_start().starts_with("TOC");
                }
            }
            "end" => {
                self.open.pop();
            }
            _ => {}
        }
    }

    pub(super) fn code(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut().filter(|field| !field.in_result) {
            field.code.push_str(text);
        }
    }

    /// Whether text that comes now is part of a field's code and not shown.
    pub(super) fn in_code(&self) -> bool {
        self.open.last().is_some_and(|field| !field.in_result)
    }

    pub(super) fn in_contents(&self) -> bool {
        self.open.last().is_some_and(|field| field.in_contents)
    }

    /// A paragraph ended: a code that never came to its result hides nothing of the next one.
    pub(super) fn end_paragraph(&mut self) {
        for field in &mut self.open {
            field.in_result = true;
        }
    }

    /// A property of a form's field.
    pub(super) fn form(&mut self, tag: &Tag<'_>) {
        let value = || tag.attribute("val").unwrap_or_default();
        match tag.name {
            "checkBox" | "ddList" => self.form = Form::default(),
            "default" | "checked" => self.form.ticked = tag.is_on(),
            "result" => self.form.chosen = value().parse().ok(),
            "listEntry" if self.form.choices.len() < MOST_CHOICES => {
                self.form.choices.push(value())
            }
            _ => {}
        }
    }

    /// What a form's field shows, at its end.
    pub(super) fn form_shows(&mut self, name: &str) -> String {
        let form = std::mem::take(&mut self.form);
        match name {
            "checkBox" => if form.ticked { "☒" } else { "☐" }.to_owned(),
            _ => form.choices.into_iter().nth(form.chosen.unwrap_or(0)).unwrap_or_default(),
        }
    }
}
