use super::{body::Piece, numbering::Numbering, styles::Inherited};
use crate::formats::{office::Tag, run_in};

/// How letters look, as far as a run or style says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Letters {
    bold: Option<bool>,
    hidden: Option<bool>,
    capitals: Option<bool>,
    /// In half points.
    size: Option<u16>,
}

impl Letters {
    /// Takes what a property says of letters, and leaves other properties alone.
    pub(super) fn read(&mut self, tag: &Tag<'_>) {
        match tag.name {
            "b" => self.bold = Some(tag.is_on()),
            "vanish" => self.hidden = Some(tag.is_on()),
            "caps" | "smallCaps" => self.capitals = Some(tag.is_on()),
            "sz" => self.size = tag.attribute("val").and_then(|size| size.parse().ok()),
            _ => {}
        }
    }

    /// What is said here, and where nothing is, what `below` says.
    pub(super) fn or(self, below: &Self) -> Self {
        Self {
            bold: self.bold.or(below.bold),
            hidden: self.hidden.or(below.hidden),
            capitals: self.capitals.or(below.capitals),
            size: self.size.or(below.size),
        }
    }
}

/// How a paragraph stands out from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Of its smallest letters, in half points; 0 where it has none.
    pub(super) size: u16,
    /// All of it is bold.
    pub(super) bold: bool,
    /// All of it is in capitals.
    pub(super) capitals: bool,
    /// How many letters it has.
    pub(super) letters: usize,
}

/// Word's own size where a file names none, in half points.
const STANDARD_SIZE: u16 = 20;

/// A paragraph that is being read.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub(super) text: String,
    pub(super) inherited: Inherited,
    pub(super) outline: Option<u8>,
    /// List and level of its own.
    pub(super) list: Option<String>,
    pub(super) level: Option<u8>,
    /// Notes and drawings that it refers to, by key.
    pub(super) references: Vec<String>,
    /// What stands in text boxes that are anchored in it.
    pub(super) boxed: Vec<Piece>,
    pub(super) in_contents: bool,
    /// The run that is open.
    pub(super) run: Letters,
    look: Look,
    bold: usize,
    small: usize,
    /// Where the first line ends, or the bold heading that begins it, and how that looks.
    first_line: Option<(usize, Look)>,
    /// A control's hint is open: what was to be filled in, and was not.
    in_hint: bool,
}

impl Paragraph {
    pub(super) fn of(inherited: Inherited) -> Self {
        Self { inherited, ..Self::default() }
    }

    /// Adds text that is part of the document.
    pub(super) fn push(&mut self, text: &str) {
        self.end_hint();
        self.add(text);
    }

    /// Adds the hint of a control that nobody filled in, in square brackets: a blank, no text.
    pub(super) fn push_hint(&mut self, text: &str) {
        if !self.in_hint && !text.trim().is_empty() && !text.trim_start().starts_with(['[', '<']) {
            self.in_hint = true;
            self.add("[");
        }
        self.add(text);
    }

    pub(super) fn end_hint(&mut self) {
        if std::mem::take(&mut self.in_hint) {
            self.add("]");
        }
    }

    fn add(&mut self, text: &str) {
        // A style that hides whole paragraphs is believed less than one that hides words: nothing may go missing unseen.
        if self.run.hidden == Some(true) {
            return;
        }
        let letters = self.run.clone().or(&self.inherited.letters);
        let count = text.chars().filter(|c| c.is_alphabetic()).count();
        let is_bold = letters.bold == Some(true);
        let ends_bold = count > 0 && !is_bold && self.is_bold();
        if ends_bold && self.first_line.is_none() && run_in(&self.text).is_some() {
            self.first_line = Some((self.text.len(), self.look()));
        }
        if count > 0 {
            let size = letters.size.unwrap_or(STANDARD_SIZE);
            self.look.size = if self.look.letters == 0 { size } else { self.look.size.min(size) };
            self.look.letters += count;
            self.bold += if is_bold { count } else { 0 };
            if letters.capitals != Some(true) {
                self.small += text.chars().filter(|c| c.is_lowercase()).count();
            }
        }
        if text == "\n" && self.first_line.is_none() && self.look.letters > 0 {
            self.first_line = Some((self.text.len(), self.look()));
        }
        self.text.push_str(text);
    }

    /// Takes off the first line where it stands out from the others as a heading does from its text.
    pub(super) fn split_title(&mut self) -> Option<(String, Look)> {
        let (end, first) = self.first_line?;
        let look = self.look();
        let stands_out = first.bold && !look.bold || first.size > look.size;
        if !stands_out || look.letters == first.letters || self.text.get(..end)?.contains('\n') {
            return None;
        }
        let rest = self.text.split_off(end);
        let title = std::mem::replace(&mut self.text, rest);
        self.look.letters = look.letters.saturating_sub(first.letters);
        self.bold = self.bold.saturating_sub(if first.bold { first.letters } else { 0 });
        let begins_line = !self.text.starts_with('\n');
        let heading = run_in(&title).filter(|_| begins_line).map(str::to_owned);
        Some((heading.unwrap_or(title), first))
    }

    /// Whether all letters so far are bold.
    fn is_bold(&self) -> bool {
        self.look.letters > 0 && self.bold == self.look.letters
    }

    pub(super) fn look(&self) -> Look {
        let letters = self.look.letters;
        Look {
            bold: self.is_bold(),
            capitals: letters > 1 && self.small == 0 && self.text.chars().any(char::is_uppercase),
            ..self.look
        }
    }

    /// The list that it belongs to, with the level; `numId` 0 takes a style's list away.
    pub(super) fn listed(&self, numbering: &Numbering) -> Option<(String, u8)> {
        let list = self.list.as_ref().or(self.inherited.list.as_ref())?;
        if list == "0" || list.is_empty() {
            return None;
        }
        let by_style = || numbering.level_of_style(list, &self.inherited.list_style);
        let level = self.level.or(self.inherited.level).or_else(by_style).unwrap_or(0);
        Some((list.clone(), level))
    }
}

/// What a symbol of the fonts for signs shows, as far as documents use them.
pub(in crate::formats) fn symbol(font: &str, code: &str) -> &'static str {
    let code = code.to_ascii_uppercase();
    let code = code.trim_start_matches("F0").trim_start_matches("00");
    match (font.to_ascii_lowercase().as_str(), code) {
        ("symbol", "A3") => "≤",
        ("symbol", "B3") => "≥",
        ("symbol", "B1") => "±",
        ("symbol", "B4") => "×",
        ("symbol", "B9") => "≠",
        ("symbol", "BB") => "≈",
        ("symbol", "AE" | "DE") => "→",
        ("symbol", "61") => "α",
        ("symbol", "62") => "β",
        ("symbol", "6D") => "μ",
        ("symbol", "53") => "Σ",
        ("symbol", "2D") => "-",
        ("symbol", "D2" | "E2") => "®",
        ("symbol", "D3" | "E3") => "©",
        ("symbol", "D4" | "E4") => "™",
        ("symbol", "B7") => "•",
        ("symbol", _) => "",
        ("wingdings 2", "50") => "✓",
        ("wingdings 2", "4F") => "✗",
        (_, "FE" | "52" | "53" | "54" | "78") => "☒",
        (_, "FC") => "✓",
        (_, "FB") => "✗",
        (_, "A8" | "6F" | "71" | "A3") => "☐",
        (_, "B7" | "A7" | "6C" | "6E") => "•",
        (_, "E0" | "E8") => "→",
        _ => "",
    }
}
