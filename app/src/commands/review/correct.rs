use super::Desk;
use crate::failure::Failure;
use crate::web::Item;
use crate::web::wish::Deed;
use sufficit_evidence::{Action, Decision, DocumentId, FactField, SourceRef};

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
        let named = |(id, sources): &(&DocumentId, &Vec<SourceRef>)| {
            id.as_str() == document || sources.iter().any(|source| source.path == document)
        };
        let mut found = view.proposed.sources.iter().filter(named);
        let (Some((id, _)), None) = (found.next(), found.next()) else {
            return Err(Failure::usage(
                format!("no one document is called {document}"),
                "Name it by a path that `sufficit status` lists, or by its SHA-256.",
            ));
        };
        let deed = Deed::Act(Action::Correct { field, value });
        Ok(self.take_down(&view, &Item::Document(id.clone()), deed, why).await?)
    }
}
