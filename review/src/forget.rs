use crate::commit::{Boundary, commit};
use crate::store::now;
use crate::{Store, StoreError, assessments, changes};
use sqlx::SqliteConnection;
use sufficit_evidence::DocumentId;

/// What [`Store::forget`] has taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// The documents that are gone, with their text, passages and matches; sorted.
    pub removed: Vec<DocumentId>,
    /// The documents that the file held and that another path holds or held too; sorted.
    pub kept: Vec<DocumentId>,
    /// Whether no byte of them is left in the record's files. `false` where another process was reading
    /// meanwhile; the bytes then go with a later write.
    pub erased: bool,
}

/// A file that was forgotten: all that is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgottenFile {
    /// The root that it lay under.
    pub root: String,
    /// Its path under that root.
    pub path: String,
    /// A document that it held; `None` where nothing was ever read from it.
    pub document: Option<DocumentId>,
    /// When it was forgotten, RFC 3339 in UTC.
    pub forgotten: String,
    /// Why.
    pub why: String,
}

impl Store {
    /// Takes the file at `path`, or every file in the folder of that path, out of the record for good, and with an archive or a mail
    /// all that is in it (`PATH!/...`): the sources, their versions, and every document that no other path holds or held, with text, passages and matches. Quotes from those go from the assessments of past runs as well; their grades stay.
    ///
    /// When it returns, the bytes are overwritten in the database and gone from the write-ahead log,
    /// where [`Forgotten::erased`] says so. What the file itself and backups hold is not ours. One entry
    /// for each document that the file held, with `why`, is all that stays. A file that still lies in its
    /// folder is read again by the next ingest.
    ///
    /// # Errors
    /// [`StoreError::UnknownPath`] where no file has or had this path or lies in it, [`StoreError::AmbiguousPath`] where
    /// files under several roots do: then the path has to begin with the root's.
    pub async fn forget(&self, path: &str, why: &str) -> Result<Forgotten, StoreError> {
        let mut transaction = self.write().await?;
        let mut held: Vec<DocumentId> = Vec::new();
        for source in sources_at(&mut transaction, path).await? {
            held.extend(held_by(&mut transaction, source).await?);
            note_forgotten(&mut transaction, source, why).await?;
            sqlx::query("DELETE FROM source WHERE id = ?")
                .bind(source)
                .execute(&mut *transaction)
                .await?;
        }
        held.sort();
        held.dedup();

        let mut removed = Vec::new();
        for document in &held {
            let elsewhere: Option<i64> =
                sqlx::query_scalar("SELECT source FROM version WHERE document = ? LIMIT 1")
                    .bind(document.as_str())
                    .fetch_optional(&mut *transaction)
                    .await?;
            if elsewhere.is_none() {
                remove_document(&mut transaction, document).await?;
                removed.push(document.clone());
            }
        }
        held.retain(|document| !removed.contains(document));
        changes::settle(&mut transaction, &held).await?;
        commit(transaction, Boundary::Forgotten).await?;

        let (blocked, _, _): (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&self.pool).await?;
        Ok(Forgotten { removed, kept: held, erased: blocked == 0 })
    }

    /// Whether a file has or had this path, or lies in the folder of this path.
    ///
    /// # Errors
    /// As [`forget`](Self::forget): where none has or had it, or files under several roots have.
    pub async fn knows(&self, path: &str) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await?;
        sources_at(&mut connection, path).await.map(|_| ())
    }

    /// What was forgotten, oldest first.
    pub async fn forgotten(&self) -> Result<Vec<ForgottenFile>, StoreError> {
        let rows: Vec<(String, String, Option<String>, String, String)> =
            sqlx::query_as("SELECT root, path, sha256, forgotten, why FROM forgotten ORDER BY id")
                .fetch_all(&self.pool)
                .await?;
        let file = |(root, path, document, forgotten, why): (_, _, Option<String>, _, _)| {
            ForgottenFile { root, path, document: document.map(DocumentId::new), forgotten, why }
        };
        Ok(rows.into_iter().map(file).collect())
    }
}

/// The source whose path, with or without its root's before it, is `path`, and those of what is in it; where there is none, those in the
/// folder of that path, which may be a root, but lies around none.
async fn sources_at(connection: &mut SqliteConnection, path: &str) -> Result<Vec<i64>, StoreError> {
    let files = "SELECT source.id, root.path FROM source JOIN root ON root.id = source.root
         WHERE source.path = ?1 OR root.path || '/' || source.path = ?1 ORDER BY root.path";
    if let [source] = *only_root(connection, files, path).await? {
        return with_members(connection, source).await;
    }
    let within = "SELECT source.id, root.path FROM source JOIN root ON root.id = source.root
         WHERE substr(source.path, 1, length(?1) + 1) = ?1 || '/' OR root.path = ?1
            OR (substr(?1, 1, length(root.path) + 1) = root.path || '/'
                AND substr(root.path || '/' || source.path, 1, length(?1) + 1) = ?1 || '/')
         ORDER BY root.path, source.path";
    let found = only_root(connection, within, path).await?;
    if path.is_empty() || found.is_empty() {
        return Err(StoreError::UnknownPath(path.to_owned()));
    }
    Ok(found)
}

/// The sources that a query for `path` finds, all of one root.
async fn only_root(
    connection: &mut SqliteConnection,
    query: &'static str,
    path: &str,
) -> Result<Vec<i64>, StoreError> {
    let found: Vec<(i64, String)> = sqlx::query_as(query).bind(path).fetch_all(connection).await?;
    let mut roots: Vec<String> = found.iter().map(|(_, root)| root.clone()).collect();
    roots.dedup();
    if roots.len() > 1 {
        return Err(StoreError::AmbiguousPath { path: path.to_owned(), roots });
    }
    Ok(found.into_iter().map(|(source, _)| source).collect())
}

/// A source and those of what is in it.
async fn with_members(
    connection: &mut SqliteConnection,
    source: i64,
) -> Result<Vec<i64>, StoreError> {
    let all = sqlx::query_scalar(
        "SELECT within.id FROM source JOIN source AS within ON within.root = source.root
         WHERE source.id = ?1 AND (within.id = ?1
            OR substr(within.path, 1, length(source.path) + 2) = source.path || '!/')
         ORDER BY within.path",
    );
    Ok(all.bind(source).fetch_all(connection).await?)
}

/// Every document that a source holds or held, sorted.
async fn held_by(
    connection: &mut SqliteConnection,
    source: i64,
) -> Result<Vec<DocumentId>, StoreError> {
    let held: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT document FROM version WHERE source = ? ORDER BY document",
    )
    .bind(source)
    .fetch_all(connection)
    .await?;
    Ok(held.into_iter().map(DocumentId::new).collect())
}

async fn note_forgotten(
    connection: &mut SqliteConnection,
    source: i64,
    why: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO forgotten (root, path, sha256, forgotten, why)
         SELECT DISTINCT root.path, source.path, version.document, ?, ?
         FROM source JOIN root ON root.id = source.root
                     LEFT JOIN version ON version.source = source.id
         WHERE source.id = ? ORDER BY version.number",
    )
    .bind(now())
    .bind(why)
    .bind(source)
    .execute(connection)
    .await?;
    Ok(())
}

async fn remove_document(
    connection: &mut SqliteConnection,
    document: &DocumentId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM document WHERE sha256 = ?")
        .bind(document.as_str())
        .execute(&mut *connection)
        .await?;
    assessments::drop_quotes(connection, document).await?;
    changes::note(connection, document.as_str(), true).await
}
