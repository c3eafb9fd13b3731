use crate::lock::{OpeningLock, WriterLock, private};
use crate::{StoreError, schema};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Sqlite, Transaction};
use std::fs::{DirBuilder, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a statement waits for another process's write before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// One writes, the others read beside it (WAL).
const CONNECTIONS: u32 = 4;

/// The record of one workspace, open.
///
/// Every method is one transaction. What a method has written is on the disk when it returns, and
/// outlives a kill, a crash and a power cut from then on; where it fails, or its future is dropped,
/// nothing of it is left. Any number of stores may be open on one record, in one process or many.
#[derive(Clone, Debug)]
pub struct Store {
    path: PathBuf,
    identity: String,
    pub(crate) pool: SqlitePool,
}

impl Store {
    /// Opens the record in the file `path`, making it and its folder (both for their owner only) where
    /// there are none, and bringing an older schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] leave the file as it is.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let opening = opening_lock(path).await?;
        make_file(path)?;

        let plain = SqliteConnectOptions::new().filename(path).busy_timeout(BUSY_TIMEOUT);
        let mut connection = plain.clone().connect().await?;
        schema::migrate(&mut connection, path).await?;
        let identity =
            sqlx::query_scalar("SELECT identity FROM record").fetch_one(&mut connection).await?;
        connection.close().await?;

        // FULL costs one fsync a transaction, and a transaction holds a batch of files. With NORMAL
        // a power cut could take back changes that the index has already followed.
        let options = plain
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            .pragma("cache_size", "-16384");
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        drop(opening);
        Ok(Self { path: path.to_owned(), identity, pool })
    }

    /// A text drawn at random when the record was made. An index built from another record has another.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Takes the right to ingest and map, which one process at a time may hold. Reading needs no lock.
    ///
    /// The transactions keep two writers from damaging the record; the lock keeps them from doing
    /// each other's work. It does not wait.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another has it.
    pub fn lock(&self) -> Result<WriterLock, StoreError> {
        WriterLock::try_take(&self.path)
    }

    /// Waits for what is under way and closes the file. Dropping the store does the same, later.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// A transaction that may write from its first statement on, so that two never wait for each other.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }
}

async fn opening_lock(path: &Path) -> Result<OpeningLock, StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(folder)
            .map_err(|source| StoreError::Open { path: folder.to_owned(), source })?;
    }
    let record = path.to_owned();
    tokio::task::spawn_blocking(move || OpeningLock::take(&record)).await.unwrap_or_else(|fault| {
        Err(StoreError::Open { path: path.to_owned(), source: std::io::Error::other(fault) })
    })
}

/// Makes an empty file for its owner only. SQLite gives the files that it puts beside it the same permissions.
///
/// Only under the opening lock: closing a second handle on a database that this process has open would drop SQLite's own locks on it.
fn make_file(path: &Path) -> Result<(), StoreError> {
    match private(OpenOptions::new().create_new(true).write(true)).open(path) {
        Ok(_) => Ok(()),
        Err(fault) if fault.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(StoreError::Open { path: path.to_owned(), source }),
    }
}

/// The present moment as the record writes it.
pub(crate) fn now() -> String {
    jiff::Timestamp::now().to_string()
}
