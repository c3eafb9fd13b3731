use crate::commit::{Boundary, commit};
use crate::{Store, StoreError, json};
use sqlx::{QueryBuilder, SqliteConnection};
use std::collections::{HashMap, HashSet};
use sufficit_evidence::{
    DocumentId, FrameworkId, Likeness, Match, RequirementId, RequirementRef, Sufficiency,
};

/// Which matches to give; by default all of the latest run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchFilter {
    /// Made under this fingerprint; `None`: the latest finished run's.
    pub fingerprint: Option<String>,
    /// Of this framework.
    pub framework: Option<FrameworkId>,
    /// Of this requirement.
    pub requirement: Option<RequirementId>,
    /// Of this document.
    pub document: Option<DocumentId>,
    /// At least this sufficient.
    pub min_sufficiency: Sufficiency,
}

/// What holding one document against the catalogue gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// The document and what it is known by among copies and versions.
    pub likeness: Likeness,
    /// Its matches; none is an answer too.
    pub matches: Vec<Match>,
    /// Number of the last decision that set one of its facts right before it was held; 0 for none.
    pub corrected: u64,
}

/// A match of a current document.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredMatch {
    /// The match.
    pub proposal: Match,
    /// Where the document lies; sorted, at least one.
    pub paths: Vec<String>,
}

impl Store {
    /// The documents, current or not, that were held against the catalogue under `fingerprint`, with or
    /// without a match, each with its [`Mapping::corrected`].
    pub async fn mapped(&self, fingerprint: &str) -> Result<HashMap<DocumentId, u64>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT sha256, corrected FROM mapping JOIN document ON document.id = mapping.document
             WHERE fingerprint = ?",
        )
        .bind(fingerprint)
        .fetch_all(&self.pool)
        .await?;
        let mapped = |(id, corrected)| (DocumentId::new(id), json::unsigned(corrected));
        Ok(rows.into_iter().map(mapped).collect())
    }

    /// What each current document that was mapped under `fingerprint` is known by, in order of their ids.
    pub async fn likenesses(&self, fingerprint: &str) -> Result<Vec<Likeness>, StoreError> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT likeness FROM mapping JOIN document ON document.id = mapping.document
             WHERE fingerprint = ? AND document.current AND likeness IS NOT NULL
             ORDER BY sha256",
        )
        .bind(fingerprint)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|likeness| json::read("document's likeness", likeness)).collect()
    }

    /// Records, all or none, what holding each document against the catalogue under `fingerprint` gave, in place of
    /// what was recorded of it before.
    ///
    /// # Errors
    /// [`StoreError::UnknownDocument`] where one is not in the record.
    pub async fn record_matches(
        &self,
        fingerprint: &str,
        batch: &[Mapping],
    ) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        for mapping in batch {
            record(&mut transaction, fingerprint, mapping).await?;
        }
        commit(transaction, Boundary::Matches).await?;
        Ok(())
    }

    /// The matches of current documents that `filter` lets through, by framework and requirement, best
    /// first (sufficiency, then relevance, then the document's id).
    pub async fn matches(&self, filter: &MatchFilter) -> Result<Vec<StoredMatch>, StoreError> {
        // Conditions that do not hold are left out, so that SQLite can take the index on the requirement.
        let mut query = QueryBuilder::new(
            "SELECT document_match.body,
                    (SELECT json_group_array(path) FROM
                        (SELECT DISTINCT path FROM source WHERE source.document = sha256 ORDER BY path))
             FROM mapping JOIN document ON document.id = mapping.document
                          JOIN document_match ON document_match.mapping = mapping.id
             WHERE document.current AND mapping.fingerprint = coalesce(",
        );
        query.push_bind(filter.fingerprint.as_deref());
        query.push(
            ", (SELECT fingerprint FROM run WHERE finished IS NOT NULL ORDER BY id DESC LIMIT 1))
               AND sufficiency >= ",
        );
        query.push_bind(filter.min_sufficiency.level());
        let wanted = [
            (" AND framework = ", filter.framework.as_ref().map(FrameworkId::as_str)),
            (" AND requirement = ", filter.requirement.as_ref().map(RequirementId::as_str)),
            (" AND sha256 = ", filter.document.as_ref().map(DocumentId::as_str)),
        ];
        for (condition, value) in wanted {
            if let Some(value) = value {
                query.push(condition).push_bind(value);
            }
        }
        query.push(" ORDER BY framework, requirement, sufficiency DESC, relevance DESC, sha256");
        let rows: Vec<(String, String)> = query.build_query_as().fetch_all(&self.pool).await?;
        let stored = |(body, paths): (String, String)| {
            Ok(StoredMatch {
                proposal: json::read("match", &body)?,
                paths: json::read("list of paths", &paths)?,
            })
        };
        rows.into_iter().map(stored).collect()
    }

    /// The current documents that have a match under `fingerprint` (of the latest run where it is `None`), by requirement.
    pub async fn matched(
        &self,
        fingerprint: Option<&str>,
    ) -> Result<HashMap<RequirementRef, HashSet<DocumentId>>, StoreError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT framework, requirement, sha256
             FROM mapping JOIN document ON document.id = mapping.document
                          JOIN document_match ON document_match.mapping = mapping.id
             WHERE document.current AND mapping.fingerprint = coalesce(?,
                   (SELECT fingerprint FROM run WHERE finished IS NOT NULL ORDER BY id DESC LIMIT 1))",
        )
        .bind(fingerprint)
        .fetch_all(&self.pool)
        .await?;
        let mut matched: HashMap<RequirementRef, HashSet<DocumentId>> = HashMap::new();
        for (framework, requirement, document) in rows {
            let name = RequirementRef {
                framework: FrameworkId::new(framework),
                requirement: RequirementId::new(requirement),
            };
            matched.entry(name).or_default().insert(DocumentId::new(document));
        }
        Ok(matched)
    }
}

async fn record(
    connection: &mut SqliteConnection,
    fingerprint: &str,
    Mapping { likeness, matches, corrected }: &Mapping,
) -> Result<(), StoreError> {
    let document = &likeness.document;
    sqlx::query(
        "DELETE FROM mapping
         WHERE fingerprint = ? AND document = (SELECT id FROM document WHERE sha256 = ?)",
    )
    .bind(fingerprint)
    .bind(document.as_str())
    .execute(&mut *connection)
    .await?;
    let mapping: Option<i64> = sqlx::query_scalar(
        "INSERT INTO mapping (fingerprint, likeness, corrected, document)
         SELECT ?, ?, ?, id FROM document WHERE sha256 = ? RETURNING id",
    )
    .bind(fingerprint)
    .bind(json::write("document's likeness", likeness)?)
    .bind(json::signed(*corrected))
    .bind(document.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(mapping) = mapping else {
        return Err(StoreError::UnknownDocument(document.clone()));
    };
    sqlx::query(
        "INSERT INTO document_match (mapping, framework, requirement, sufficiency, relevance, body)
         SELECT ?, value ->> 'framework', value ->> 'requirement', value ->> 'sufficiency',
                value ->> 'relevance', value
         FROM json_each(?)",
    )
    .bind(mapping)
    .bind(json::write("list of matches", matches)?)
    .execute(connection)
    .await?;
    Ok(())
}
