use crate::{Store, StoreError, json};
use std::collections::HashMap;
use sufficit_evidence::{DocumentId, Facts, Language};

/// What lists need of a document: all but its text, its passages, and the parts of its facts that are long.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// What the bytes are.
    pub media_type: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// The language that it is written in.
    pub language: Language,
    /// What it says of itself, without the mentions of dates and the placeholders.
    pub facts: Facts,
}

impl Store {
    /// The profile of every current document. Reads no text.
    pub async fn profiles(&self) -> Result<HashMap<DocumentId, Profile>, StoreError> {
        type Row = (String, String, i64, String, String);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT sha256, media_type, bytes, language,
                    json_replace(facts, '$.dates', json('[]'), '$.placeholders', json('[]'))
             FROM document WHERE current",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(id, media_type, bytes, language, facts)| {
                let profile = Profile {
                    media_type,
                    bytes: json::unsigned(bytes),
                    language: json::read("language", &language)?,
                    facts: json::read("document's facts", &facts)?,
                };
                Ok((DocumentId::new(id), profile))
            })
            .collect()
    }
}
