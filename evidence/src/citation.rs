use serde::{Deserialize, Serialize};

/// A range of a document's canonical text, counted in characters (Unicode scalar values), end exclusive.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// How many characters it covers.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether the two spans share a character.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The part of `text` that the span covers, or `None` where it reaches past the end.
    pub fn of(self, text: &str) -> Option<&str> {
        let mut bytes =
            text.char_indices().map(|(byte, _)| byte).chain(std::iter::once(text.len()));
        let start = bytes.nth(self.start)?;
        if self.end <= self.start {
            return text.get(start..start);
        }
        let end = bytes.nth(self.end - self.start - 1)?;
        text.get(start..end)
    }
}

/// Where in a document a claim is shown: page, heading path, span and the words themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// Page, from 1; `None` where the format has no pages.
    pub page: Option<u32>,
    /// Headings above the quote, outermost first.
    pub heading: Vec<String>,
    /// Where the quote stands in the document's canonical text.
    #[serde(flatten)]
    pub span: Span,
    /// The words at `span`, verbatim.
    pub quote: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_counts_characters_not_bytes() {
        assert_eq!(Span::new(1, 3).of("é日本語"), Some("日本"));
        assert_eq!(Span::new(4, 4).of("é日本語"), Some(""));
        assert_eq!(Span::new(2, 5).of("é日本語"), None);
    }
}
