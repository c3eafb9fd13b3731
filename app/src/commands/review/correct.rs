use super::Desk;
use crate::failure::Failure;
use sufficit_evidence::{Action, Decision, DocumentId, FactField, Seen, SourceRef, Subject};
use sufficit_review::NewDecision;

/// A fact of a document and what it is.
pub(super) struct Correction<'a> {
    /// The document's path or SHA-256.
    pub(super) document: &'a str,
    pub(super) field: FactField,
    /// `None`: the document does not say.
    pub(super) value: Option<String>,
    pub(super) why: &'a str,
}

impl Desk {
    /// Sets a fact of a document right.
    pub(super) async fn correct(&self, correction: Correction<'_>) -> Result<Decision, Failure> {
        let Correction { document, field, value, why } = correction;
        let view = self.view().await?;
        let all = || view.proposed.sources.iter();
        let named = |(id, sources): &(&DocumentId, &Vec<SourceRef>)| {
            id.as_str() == document || sources.iter().any(|source| source.path == document)
        };
        let mut found =
            all().filter(named).filter_map(|(id, sources)| Some((id, sources.first()?)));
        let (Some((id, source)), None) = (found.next(), found.next()) else {
            return Err(Failure::usage(
                format!("no one document is called {document}"),
                "Name it by a path that `sufficit status` lists, or by its SHA-256.",
            ));
        };
        let known = view.ledger.of_document(id, std::slice::from_ref(source));
        let run = view.run.as_ref().map(|run| run.id.clone());
        let new = NewDecision {
            by: self.by.clone(),
            subject: Subject::Document { source: source.clone() },
            seen: Seen { document: Some(id.clone()), run, ..Seen::default() },
            action: Action::Correct { field, value },
            why: why.to_owned(),
            expected: known.last(),
        };
        Ok(self.store.decide(&new).await?)
    }
}
