use crate::json::{signed, unsigned};
use crate::{Store, StoreError, json};
use sqlx::SqliteConnection;
use sufficit_evidence::DocumentId;

/// A change to the set of current documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number; grows with each change, and is never given twice.
    pub seq: u64,
    /// The document.
    pub document: DocumentId,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It came into the current view, or was read anew by another extractor.
    Stored,
    /// It left the current view: superseded, vanished or forgotten.
    Removed,
}

impl Store {
    /// What happened after the change `marker` (0: ever), oldest first; each document once, with what
    /// happened to it last.
    ///
    /// An index that applies all of these and then remembers the last `seq` holds exactly the current
    /// documents. Applying one twice must do no harm.
    ///
    /// # Errors
    /// [`StoreError::MarkerAhead`] where the index has followed changes that this record never made.
    pub async fn changes_since(&self, marker: u64) -> Result<Vec<Change>, StoreError> {
        let latest = self.latest_change().await?;
        if marker > latest {
            return Err(StoreError::MarkerAhead { marker, latest });
        }
        let rows: Vec<(i64, String, bool)> =
            sqlx::query_as("SELECT seq, document, removed FROM change WHERE seq > ? ORDER BY seq")
                .bind(signed(marker))
                .fetch_all(&self.pool)
                .await?;
        let change = |(seq, document, removed)| Change {
            seq: unsigned(seq),
            document: DocumentId::new(document),
            kind: if removed { ChangeKind::Removed } else { ChangeKind::Stored },
        };
        Ok(rows.into_iter().map(change).collect())
    }

    /// The number of the last change; 0 where there was none.
    pub async fn latest_change(&self) -> Result<u64, StoreError> {
        let seq: Option<i64> =
            sqlx::query_scalar("SELECT max(seq) FROM change").fetch_one(&self.pool).await?;
        Ok(seq.map_or(0, unsigned))
    }
}

/// Settles which of `touched` are current now, and notes those that were not before or are no more.
pub(crate) async fn settle(
    connection: &mut SqliteConnection,
    touched: &[DocumentId],
) -> Result<(), StoreError> {
    let touched = json::write("list of documents", touched)?;
    let turned: Vec<(String, bool)> = sqlx::query_as(
        "UPDATE document
         SET current = EXISTS (SELECT 1 FROM source WHERE source.document = document.sha256)
         WHERE sha256 IN (SELECT value FROM json_each(?))
           AND current <> EXISTS (SELECT 1 FROM source WHERE source.document = document.sha256)
         RETURNING sha256, current",
    )
    .bind(touched)
    .fetch_all(&mut *connection)
    .await?;
    for (document, current) in turned {
        note(connection, &document, !current).await?;
    }
    Ok(())
}

/// Notes that `document` was stored or removed, in place of what was noted of it before.
pub(crate) async fn note(
    connection: &mut SqliteConnection,
    document: &str,
    removed: bool,
) -> Result<(), StoreError> {
    sqlx::query("INSERT OR REPLACE INTO change (document, removed) VALUES (?, ?)")
        .bind(document)
        .bind(removed)
        .execute(connection)
        .await?;
    Ok(())
}
