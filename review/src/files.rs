use crate::commit::{Boundary, commit};
use crate::json::{signed, unsigned};
use crate::store::now;
use crate::{Store, StoreError, changes, documents, json};
use sqlx::SqliteConnection;
use std::collections::HashSet;
use sufficit_evidence::{Document, DocumentId, FileRecord};

/// A file that was met, on its way into the record.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFile {
    /// What became of it. Its path is relative to the root.
    pub record: FileRecord,
    /// Size in bytes, as the folder says.
    pub size: u64,
    /// When it was last modified, in nanoseconds since 1970.
    pub modified: i64,
    /// The version of the extractor that looked at it.
    pub extractor: String,
    /// What was read; `None` where nothing was, or where `record.document` is in the record already.
    pub content: Option<Document>,
}

/// What the record knows of a file. Where size, time and extractor are the same, it need not be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// What became of it when it was last met.
    pub record: FileRecord,
    /// Size in bytes then.
    pub size: u64,
    /// When it was last modified then, in nanoseconds since 1970.
    pub modified: i64,
    /// The version of the extractor that looked at it.
    pub extractor: String,
}

/// What a file held for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The root that the file lies under.
    pub root: String,
    /// From 1, for each source.
    pub number: u32,
    /// What it held.
    pub document: DocumentId,
    /// Since when, RFC 3339 in UTC.
    pub recorded: String,
    /// Until when; `None` where it does still.
    pub superseded: Option<String>,
}

type FileColumns =
    (String, i64, i64, String, String, String, Option<String>, String, Option<u32>, u32);

impl Store {
    /// What is known of the files under `root` that are there, by path.
    ///
    /// `root` is the canonical path of a folder or file that was given, as text; a root that was never
    /// recorded has no files.
    pub async fn files(&self, root: &str) -> Result<Vec<KnownFile>, StoreError> {
        let rows: Vec<FileColumns> = sqlx::query_as(
            "SELECT source.path, size, modified, extractor, outcome, reason, document, media_type,
                    pages, passages
             FROM source JOIN root ON root.id = source.root
             WHERE root.path = ? AND vanished IS NULL ORDER BY source.path",
        )
        .bind(root)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(known_file).collect()
    }

    /// A number that is another one whenever something was put down of a file since.
    pub async fn filed(&self) -> Result<u64, StoreError> {
        let number = sqlx::query_scalar("SELECT number FROM filed").fetch_one(&self.pool).await?;
        Ok(unsigned(number))
    }

    /// The roots that have files, sorted.
    pub async fn roots(&self) -> Result<Vec<String>, StoreError> {
        let roots = sqlx::query_scalar(
            "SELECT DISTINCT root.path FROM source JOIN root ON root.id = source.root
             WHERE vanished IS NULL ORDER BY root.path",
        );
        Ok(roots.fetch_all(&self.pool).await?)
    }

    /// Every file that is there, of all roots, by root and path.
    pub async fn status(&self) -> Result<Vec<FileRecord>, StoreError> {
        let rows: Vec<FileColumns> = sqlx::query_as(
            "SELECT source.path, size, modified, extractor, outcome, reason, document, media_type,
                    pages, passages
             FROM source JOIN root ON root.id = source.root
             WHERE vanished IS NULL ORDER BY root.path, source.path",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(|row| known_file(row).map(|known| known.record)).collect()
    }

    /// Records a batch of files under `root`, all or none.
    ///
    /// When it returns, each path has the outcome given, and its document (if any) is current. A
    /// document that is stored already gains a path; one that a different extractor read is replaced
    /// by the content given. What a path held before is closed as a version and kept. Recording the
    /// same again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::UnknownDocument`] where a record names a document that came with no content and is
    /// not stored, [`StoreError::WrongContent`] and [`StoreError::PassageText`] where the parts of a
    /// file disagree.
    pub async fn record_files(&self, root: &str, batch: &[NewFile]) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        let root = root_key(&mut transaction, root).await?;
        let moment = now();
        let mut touched = Vec::new();
        for file in batch {
            record_file(&mut transaction, root, file, &moment, &mut touched).await?;
        }
        changes::settle(&mut transaction, &touched).await?;
        commit(transaction, Boundary::Files).await?;
        Ok(())
    }

    /// Closes the files under `root` whose paths are not in `seen`, and returns their paths in order.
    ///
    /// They leave the current view; their versions stay in the history. `seen` has to name members of
    /// archives too. A file that comes back is recorded like a new one.
    pub async fn mark_vanished(
        &self,
        root: &str,
        seen: &HashSet<&str>,
    ) -> Result<Vec<String>, StoreError> {
        let mut transaction = self.write().await?;
        let known: Vec<(i64, String, Option<String>)> = sqlx::query_as(
            "SELECT source.id, source.path, document FROM source JOIN root ON root.id = source.root
             WHERE root.path = ? AND vanished IS NULL ORDER BY source.path",
        )
        .bind(root)
        .fetch_all(&mut *transaction)
        .await?;
        let moment = now();
        let mut touched = Vec::new();
        let mut gone = Vec::new();
        for (source, path, document) in known {
            if seen.contains(path.as_str()) {
                continue;
            }
            close_version(&mut transaction, source, &moment).await?;
            sqlx::query("UPDATE source SET document = NULL, vanished = ? WHERE id = ?")
                .bind(&moment)
                .bind(source)
                .execute(&mut *transaction)
                .await?;
            touched.extend(document.map(DocumentId::new));
            gone.push(path);
        }
        changes::settle(&mut transaction, &touched).await?;
        commit(transaction, Boundary::Vanished).await?;
        Ok(gone)
    }

    /// The paths of files that were there once and are no more, of all roots, by root and path.
    pub async fn vanished(&self) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT source.path FROM source JOIN root ON root.id = source.root
             WHERE vanished IS NOT NULL ORDER BY root.path, source.path",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// What the file or files at `path` have held, by root, oldest first.
    pub async fn versions(&self, path: &str) -> Result<Vec<Version>, StoreError> {
        let rows: Vec<(String, u32, String, String, Option<String>)> = sqlx::query_as(
            "SELECT root.path, number, version.document, recorded, superseded
             FROM version JOIN source ON source.id = version.source
                          JOIN root ON root.id = source.root
             WHERE source.path = ? ORDER BY root.path, number",
        )
        .bind(path)
        .fetch_all(&self.pool)
        .await?;
        let version = |(root, number, document, recorded, superseded): (_, _, String, _, _)| {
            Version { root, number, document: DocumentId::new(document), recorded, superseded }
        };
        Ok(rows.into_iter().map(version).collect())
    }
}

fn known_file(columns: FileColumns) -> Result<KnownFile, StoreError> {
    let (path, size, modified, extractor, outcome, reason, document, media_type, pages, passages) =
        columns;
    let outcome = json::read_name("file's outcome", outcome)?;
    let document = document.map(DocumentId::new);
    let record = FileRecord { path, outcome, reason, document, media_type, pages, passages };
    Ok(KnownFile { record, size: unsigned(size), modified, extractor })
}

async fn root_key(connection: &mut SqliteConnection, root: &str) -> Result<i64, StoreError> {
    sqlx::query("INSERT INTO root (path) VALUES (?) ON CONFLICT DO NOTHING")
        .bind(root)
        .execute(&mut *connection)
        .await?;
    Ok(sqlx::query_scalar("SELECT id FROM root WHERE path = ?")
        .bind(root)
        .fetch_one(connection)
        .await?)
}

async fn record_file(
    connection: &mut SqliteConnection,
    root: i64,
    file: &NewFile,
    moment: &str,
    touched: &mut Vec<DocumentId>,
) -> Result<(), StoreError> {
    let document = document_of(connection, file).await?;
    let record = &file.record;
    let before: Option<(i64, Option<String>)> =
        sqlx::query_as("SELECT id, document FROM source WHERE root = ? AND path = ?")
            .bind(root)
            .bind(&record.path)
            .fetch_optional(&mut *connection)
            .await?;
    let source: i64 = sqlx::query_scalar(
        "INSERT INTO source
            (root, path, size, modified, extractor, outcome, reason, document, media_type, pages, passages)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (root, path) DO UPDATE SET
            size = excluded.size, modified = excluded.modified, extractor = excluded.extractor,
            outcome = excluded.outcome, reason = excluded.reason, document = excluded.document,
            media_type = excluded.media_type, pages = excluded.pages, passages = excluded.passages,
            vanished = NULL
         RETURNING id",
    )
    .bind(root)
    .bind(&record.path)
    .bind(signed(file.size))
    .bind(file.modified)
    .bind(&file.extractor)
    .bind(json::write_name("file's outcome", record.outcome)?)
    .bind(&record.reason)
    .bind(document.map(DocumentId::as_str))
    .bind(&record.media_type)
    .bind(record.pages)
    .bind(record.passages)
    .fetch_one(&mut *connection)
    .await?;

    let held = before.as_ref().and_then(|(_, held)| held.as_deref());
    if held == document.map(DocumentId::as_str) {
        return Ok(());
    }
    if before.is_some() {
        close_version(connection, source, moment).await?;
    }
    if let Some(document) = document {
        sqlx::query(
            "INSERT INTO version (source, number, document, recorded)
             SELECT ?1, 1 + coalesce(max(number), 0), ?2, ?3 FROM version WHERE source = ?1",
        )
        .bind(source)
        .bind(document.as_str())
        .bind(moment)
        .execute(connection)
        .await?;
    }
    touched.extend(held.map(DocumentId::from));
    touched.extend(document.cloned());
    Ok(())
}

/// The document that `file` holds, stored.
async fn document_of<'a>(
    connection: &mut SqliteConnection,
    file: &'a NewFile,
) -> Result<Option<&'a DocumentId>, StoreError> {
    match (&file.record.document, &file.content) {
        (Some(recorded), Some(content)) if *recorded != content.id => {
            Err(StoreError::WrongContent {
                path: file.record.path.clone(),
                recorded: recorded.clone(),
                content: content.id.clone(),
            })
        }
        (_, Some(content)) => {
            documents::store(connection, content, &file.extractor).await?;
            Ok(Some(&content.id))
        }
        (Some(recorded), None) => {
            let stored: Option<i64> =
                sqlx::query_scalar("SELECT id FROM document WHERE sha256 = ?")
                    .bind(recorded.as_str())
                    .fetch_optional(connection)
                    .await?;
            match stored {
                Some(_) => Ok(Some(recorded)),
                None => Err(StoreError::UnknownDocument(recorded.clone())),
            }
        }
        (None, None) => Ok(None),
    }
}

async fn close_version(
    connection: &mut SqliteConnection,
    source: i64,
    moment: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE version SET superseded = ? WHERE source = ? AND superseded IS NULL")
        .bind(moment)
        .bind(source)
        .execute(connection)
        .await?;
    Ok(())
}
