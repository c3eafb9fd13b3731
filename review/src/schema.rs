use crate::StoreError;
use sqlx::{Connection, SqliteConnection, raw_sql};
use std::path::Path;

/// Each brings a record from the schema of its position to the next; each ends by setting `user_version`.
const MIGRATIONS: [&str; 7] = [
    include_str!("../migrations/0001_record.sql"),
    include_str!("../migrations/0002_likeness.sql"),
    include_str!("../migrations/0003_decisions.sql"),
    include_str!("../migrations/0004_corrections.sql"),
    include_str!("../migrations/0005_accounts.sql"),
    include_str!("../migrations/0006_subjects.sql"),
    include_str!("../migrations/0007_filed.sql"),
];

/// `suff` in SQLite's `application_id`, set by the first migration.
const APPLICATION: i64 = 0x7375_6666;

/// Whether SQLite says that the file is none of its databases (SQLITE_NOTADB).
fn is_no_database(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "26")
}

/// Brings the record at `path` to the newest schema, in one transaction; refuses what is not ours or newer than we know, without writing.
pub(crate) async fn migrate(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<(), StoreError> {
    let version: i64 =
        match sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await {
            Err(error) if is_no_database(&error) => {
                return Err(StoreError::Foreign { path: path.to_owned() });
            }
            version => version?,
        };
    let application: i64 =
        sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *connection).await?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&mut *connection)
        .await?;
    let fresh = version == 0 && application == 0 && tables == 0;
    if !fresh && application != APPLICATION {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    let known = MIGRATIONS.len() as i64;
    if version > known {
        return Err(StoreError::Newer { path: path.to_owned(), found: version, known });
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for migration in MIGRATIONS.into_iter().skip(usize::try_from(version).unwrap_or(0)) {
        raw_sql(migration).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}
