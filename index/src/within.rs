use jiff::civil::Date;
use sufficit_evidence::{Document, DocumentId, DocumentKind, Language};

/// Which documents a search is about. What is empty or `None` leaves nothing out, so the default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Within {
    /// One of these.
    pub documents: Vec<DocumentId>,
    /// Of one of these kinds.
    pub kinds: Vec<DocumentKind>,
    /// Written in one of these languages, as ISO 639-3 codes.
    pub languages: Vec<String>,
    /// Dated on this day or later.
    pub from: Option<Date>,
    /// Dated on this day or earlier.
    pub to: Option<Date>,
}

/// The day that a document is dated by: the latest on which it was issued, approved or reviewed, as far as it says so.
pub(crate) fn dated(document: &Document) -> Option<Date> {
    let facts = &document.facts;
    let dates = [&facts.issued, &facts.approved, &facts.reviewed];
    dates.into_iter().flatten().map(|fact| fact.value.earliest()).max()
}

/// The code of the language that a document is written in; empty where it is not known.
pub(crate) fn language(document: &Document) -> &str {
    match &document.language {
        Language::Supported(code) | Language::Unsupported(code) => code,
        Language::Unknown => "",
    }
}
