use super::styles::Inherited;

/// A paragraph that is being read.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub(super) text: String,
    pub(super) inherited: Inherited,
    pub(super) outline: Option<u8>,
    /// List and level of its own.
    pub(super) list: Option<String>,
    pub(super) level: Option<u8>,
    /// Letters that are bold, and all letters.
    pub(super) bold: usize,
    pub(super) letters: usize,
    /// Notes that it refers to, by key.
    pub(super) notes: Vec<String>,
    /// State of the run that is open.
    pub(super) run_bold: Option<bool>,
    pub(super) run_hidden: bool,
    pub(super) in_contents: bool,
}

impl Paragraph {
    pub(super) fn push(&mut self, text: &str) {
        if self.run_hidden {
            return;
        }
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        self.letters += letters;
        if self.run_bold.unwrap_or(self.inherited.bold) {
            self.bold += letters;
        }
        self.text.push_str(text);
    }

    /// Whether all of it is bold.
    pub(super) fn is_bold(&self) -> bool {
        self.letters > 0 && self.bold == self.letters
    }

    /// The list that it belongs to, with the level; `numId` 0 takes a style's list away.
    pub(super) fn listed(&self) -> Option<(String, u8)> {
        let (list, level) = match (&self.list, &self.inherited.list) {
            (Some(list), style) => {
                (list.clone(), self.level.or(style.as_ref().map(|(_, level)| *level)).unwrap_or(0))
            }
            (None, Some((list, level))) => (list.clone(), self.level.unwrap_or(*level)),
            (None, None) => return None,
        };
        (list != "0" && !list.is_empty()).then_some((list, level))
    }
}

/// What a symbol of the Wingdings fonts shows, as far as forms use them.
pub(super) fn symbol(code: &str) -> &'static str {
    match code.to_ascii_uppercase().trim_start_matches("F0") {
        "FE" | "52" | "53" | "54" | "78" => "☒",
        "FC" => "✓",
        "A8" | "6F" | "71" | "A3" => "☐",
        "B7" | "A7" => "•",
        "E0" | "E8" => "→",
        _ => "",
    }
}
