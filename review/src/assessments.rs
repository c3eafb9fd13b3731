use crate::runs::key_of;
use crate::{Store, StoreError, json};
use sqlx::SqliteConnection;
use sufficit_evidence::{Assessment, DocumentId, FrameworkId, RunId};

impl Store {
    /// The assessments of `run`, or of the latest run, in the order in which they were recorded; only
    /// those of `framework`, where one is named. Empty where the run has none.
    pub async fn assessments(
        &self,
        run: Option<&RunId>,
        framework: Option<&FrameworkId>,
    ) -> Result<Vec<Assessment>, StoreError> {
        let run = run.map(key_of).transpose()?;
        let bodies: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM assessment
             WHERE run = coalesce(?1, (SELECT max(id) FROM run WHERE finished IS NOT NULL))
               AND (?2 IS NULL OR framework = ?2)
             ORDER BY position",
        )
        .bind(run)
        .bind(framework.map(FrameworkId::as_str))
        .fetch_all(&self.pool)
        .await?;
        bodies.iter().map(|body| json::read("assessment", body)).collect()
    }
}

/// Makes `assessments` those of the run `key`.
pub(crate) async fn replace(
    connection: &mut SqliteConnection,
    key: i64,
    assessments: &[Assessment],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM assessment WHERE run = ?").bind(key).execute(&mut *connection).await?;
    sqlx::query(
        "INSERT INTO assessment (run, position, framework, requirement, body)
         SELECT ?, key, value ->> 'framework', value ->> 'requirement', value FROM json_each(?)",
    )
    .bind(key)
    .bind(json::write("list of assessments", assessments)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes what `document` was quoted with, and the systems that it alone names, out of every assessment; grades and the document's id stay.
pub(crate) async fn drop_quotes(
    connection: &mut SqliteConnection,
    document: &DocumentId,
) -> Result<(), StoreError> {
    let quoting: Vec<(i64, i64, String)> =
        sqlx::query_as("SELECT run, position, body FROM assessment WHERE instr(body, ?) > 0")
            .bind(document.as_str())
            .fetch_all(&mut *connection)
            .await?;
    for (run, position, body) in quoting {
        let mut assessment: Assessment = json::read("assessment", &body)?;
        for check in &mut assessment.checks {
            if check.document.as_ref() == Some(document) {
                check.citation = None;
            }
        }
        // A system's name may stand in this document alone.
        for share in &mut assessment.systems {
            share.documents.retain(|other| other != document);
        }
        assessment.systems.retain(|share| !share.documents.is_empty());
        for side in assessment.contradictions.iter_mut().flat_map(|found| &mut found.sides) {
            if side.document == *document {
                side.citation = None;
            }
        }
        sqlx::query("UPDATE assessment SET body = ? WHERE run = ? AND position = ?")
            .bind(json::write("assessment", &assessment)?)
            .bind(run)
            .bind(position)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
