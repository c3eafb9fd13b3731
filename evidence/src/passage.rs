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
