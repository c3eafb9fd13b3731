use crate::{
    formats::text,
    pdf::{PdfLine, TagRole},
};

/// An item whose marker stands this much farther to the right is set in deeper, in points.
const INDENT: f32 = 6.0;
/// Levels that are told apart.
const LEVELS: usize = 8;
/// Signs that open items beside those that plain text uses.
const BULLETS: &str =
    "·∙⋅■□▪▫◆◇○◎►▸▶➢➤→✓✔✗❖⁃\u{f0a7}\u{f0a8}\u{f0d8}\u{f0fc}\u{f076}\u{f06e}\u{f071}\u{f02d}";

/// Signs that bullets of symbol fonts come out as; before a number they are what they say.
const LOOSE_BULLETS: &str = "§Øü";

/// The lists that are open, by where their markers stand.
#[derive(Default)]
pub(super) struct Lists {
    markers: Vec<f32>,
}

/// A line that opens a list item.
pub(super) struct Item {
    pub(super) level: u8,
    pub(super) marker: String,
    pub(super) text: String,
}

impl Lists {
    /// The line as a list item, by its marker or its tag.
    pub(super) fn item(&mut self, line: &PdfLine) -> Option<Item> {
        let tagged = line.tag.and_then(|tag| match tag.role {
            TagRole::Item(level) => Some(level),
            _ => None,
        });
        let (marker, text) = self.marker(line.text.trim())?;
        let level = self.level(line.x);
        Some(Item { level: tagged.unwrap_or(level), marker, text })
    }

    /// Text outside lists stands here.
    pub(super) fn close(&mut self, x: f32) {
        if self.markers.first().is_some_and(|first| x < first + INDENT) {
            self.markers.clear();
        }
    }

    /// Whether none is open.
    pub(super) fn is_empty(&self) -> bool {
        self.markers.is_empty()
    }

    /// Whether a line stands to the left of the innermost list.
    pub(super) fn is_left(&self, x: f32) -> bool {
        self.markers.last().is_some_and(|marker| x < marker - INDENT / 2.0)
    }

    fn marker(&self, line: &str) -> Option<(String, String)> {
        if let Some((_, marker, text)) = text::item(line) {
            return Some((marker, text));
        }
        let mut characters = line.chars();
        let sign = characters.next()?;
        let text = characters.as_str();
        // Courier's `o` is the bullet of a second level; at the first it is a word in some languages.
        let before_word = text.trim_start().starts_with(char::is_alphabetic);
        let bullet = BULLETS.contains(sign)
            || LOOSE_BULLETS.contains(sign) && before_word
            || sign == 'o' && !self.markers.is_empty();
        (bullet && text.starts_with(' ') && !text.trim().is_empty())
            .then(|| (String::new(), text.trim().to_owned()))
    }

    fn level(&mut self, x: f32) -> u8 {
        while self.markers.last().is_some_and(|marker| x < marker - INDENT) {
            self.markers.pop();
        }
        if self.markers.len() < LEVELS
            && self.markers.last().is_none_or(|marker| x > marker + INDENT)
        {
            self.markers.push(x);
        }
        self.markers.len().saturating_sub(1) as u8
    }
}
