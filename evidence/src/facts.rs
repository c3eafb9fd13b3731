use crate::{Citation, DateValue, DocumentKind, Span};
use serde::{Deserialize, Serialize};

/// What a document says of itself. `None` and empty mean: looked for, not found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Its title.
    pub title: Option<Fact<String>>,
    /// What sort of evidence it is.
    pub kind: Option<Fact<DocumentKind>>,
    /// Who answers for it.
    pub owner: Option<Fact<String>>,
    /// Who approved or signed it.
    pub approver: Option<Fact<String>>,
    /// Its version, as written.
    pub version: Option<Fact<String>>,
    /// Draft, approved, superseded ...
    pub status: Option<Fact<DocumentStatus>>,
    /// When it was issued, published or made effective.
    pub issued: Option<Fact<DateValue>>,
    /// When it was approved or signed.
    pub approved: Option<Fact<DateValue>>,
    /// When it was last reviewed.
    pub reviewed: Option<Fact<DateValue>>,
    /// When it is to be reviewed again, or expires.
    pub next_review: Option<Fact<DateValue>>,
    /// AI systems that it says it is about, in order, each once (20 at most); names that merely stand in the text are not
    /// among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<Fact<String>>,
    /// Every mention of a date in the text, in order, those named above included (2,000 at most).
    pub dates: Vec<Fact<DateValue>>,
    /// Blanks that were never filled in: `[Company name]`, `TBD`, `<date>`, `____`, lorem ipsum (200 at most).
    pub placeholders: Vec<Citation>,
}

impl Facts {
    /// What the document is called; empty where it has no title.
    pub fn title_text(&self) -> &str {
        self.title.as_ref().map_or("", |title| title.value.as_str())
    }

    /// The document's kind, `Other` where none was found.
    pub fn kind(&self) -> DocumentKind {
        self.kind.as_ref().map_or(DocumentKind::Other, |fact| fact.value)
    }
}

/// A value with the place that it was read from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    #[serde(flatten)]
    pub origin: Origin,
}

/// Where a fact was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// In the text.
    Citation(Citation),
    /// In a property of the file, named as the format names it (`dc:creator`, `/Title`).
    Property(String),
    /// Concluded from the text as a whole, for the reason given.
    Inferred(String),
}

/// Facts about a document's own control in one passage, from which the passage is its control block.
const CONTROL_FACTS: usize = 3;
/// Bytes for each of them up to which there is little else in the passage.
const BYTES_A_CONTROL_FACT: usize = 60;

impl Facts {
    /// Whether a passage at this place is the document's control block: it says who owns and approved the document, its version, status
    /// and dates, and nothing of what the document is about.
    pub fn is_control_block(&self, passage: Span) -> bool {
        fn stands<T>(fact: &Option<Fact<T>>, passage: Span) -> bool {
            let citation = fact.as_ref().and_then(|fact| fact.origin.citation());
            citation.is_some_and(|citation| citation.span.overlaps(passage))
        }
        let names = [&self.owner, &self.approver, &self.version].map(|fact| stands(fact, passage));
        let dates = [&self.issued, &self.approved, &self.reviewed, &self.next_review]
            .map(|fact| stands(fact, passage));
        let status = [stands(&self.status, passage)];
        let found = names.iter().chain(&dates).chain(&status).filter(|stands| **stands).count();
        found >= CONTROL_FACTS && passage.len() <= found * BYTES_A_CONTROL_FACT
    }
}

impl Origin {
    /// The place in the text, where that is where it was read.
    pub fn citation(&self) -> Option<&Citation> {
        match self {
            Self::Citation(citation) => Some(citation),
            Self::Property(_) | Self::Inferred(_) => None,
        }
    }
}

/// The state that a document claims for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentStatus {
    /// Not finished, or waiting for approval.
    Draft,
    /// Approved, published, final, in force.
    Approved,
    /// Replaced, withdrawn, archived.
    Superseded,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(value: &str, start: usize) -> Option<Fact<String>> {
        let span = Span::new(start, start + value.len());
        let quote = value.to_owned();
        let citation = Citation { page: None, heading: Vec::new(), span, quote };
        Some(Fact { value: value.to_owned(), origin: Origin::Citation(citation) })
    }

    #[test]
    fn a_control_block_is_full_of_the_documents_own_control() {
        let facts = Facts {
            owner: fact("Ines Calder, Head of AI Assurance", 10),
            approver: fact("Rufus Lindqvist", 60),
            version: fact("2.0", 90),
            ..Facts::default()
        };
        assert!(facts.is_control_block(Span::new(0, 120)));
        assert!(!facts.is_control_block(Span::new(0, 300)), "a whole letter with its signature");
        assert!(!facts.is_control_block(Span::new(55, 120)), "two of them alone");
    }
}
