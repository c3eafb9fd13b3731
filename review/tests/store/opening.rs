use crate::evidence::{ROOT, Workspace, file};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use sufficit_review::{Store, StoreError};

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let workspace = Workspace::new().await;
    let path = workspace.path();
    workspace.store.clone().close().await;
    let options = SqliteConnectOptions::new().filename(&path);
    let mut connection = options.connect().await.expect("a connection");
    sqlx::raw_sql("PRAGMA user_version = 9").execute(&mut connection).await.expect("it is set");
    connection.close().await.expect("it is closed");
    let before = std::fs::read(&path).expect("the file is read");
    let refused = Store::open(&path).await.expect_err("it is refused");
    assert!(matches!(refused, StoreError::Newer { found: 9, .. }));
    assert!(refused.to_string().ends_with("use the newer sufficit that wrote it"));
    assert_eq!(std::fs::read(&path).expect("the file is read"), before);
}

#[tokio::test]
async fn a_record_of_the_first_schema_is_brought_to_the_newest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("record.sqlite");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut connection = options.connect().await.expect("a connection");
    let first = include_str!("../../migrations/0001_record.sql");
    sqlx::raw_sql(first).execute(&mut connection).await.expect("it is made");
    let held = "INSERT INTO document VALUES (1, 'ab', 'text/plain', 1, 'e', 1, '', '\"unknown\"', '[]', '{}', 'x');
                INSERT INTO mapping (fingerprint, document) VALUES ('f', 1);";
    sqlx::raw_sql(held).execute(&mut connection).await.expect("it is filled");
    connection.close().await.expect("it is closed");
    let store = Store::open(&path).await.expect("it is opened");
    assert_eq!(store.mapped("f").await.expect("they are listed").len(), 1);
    assert!(store.likenesses("f").await.expect("they are listed").is_empty());
}

#[tokio::test]
async fn what_is_not_a_record_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("foreign.sqlite");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut connection = options.connect().await.expect("a connection");
    sqlx::raw_sql("CREATE TABLE t (x)").execute(&mut connection).await.expect("it is made");
    connection.close().await.expect("it is closed");
    assert!(matches!(Store::open(&path).await, Err(StoreError::Foreign { .. })));

    let path = folder.path().join("text.sqlite");
    std::fs::write(&path, "no database at all, but long enough to be looked at".repeat(40))
        .expect("it is written");
    assert!(matches!(Store::open(&path).await, Err(StoreError::Foreign { .. })));

    std::fs::write(folder.path().join("file"), "").expect("it is written");
    let below_a_file = folder.path().join("file/record.sqlite");
    assert!(matches!(Store::open(&below_a_file).await, Err(StoreError::Open { .. })));
}

#[cfg(unix)]
#[tokio::test]
async fn every_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(&folder.path().join("new/folder/record.sqlite")).await;
    let store = store.expect("a store");
    store.record_files(ROOT, &[file("a", "one")]).await.expect("it is recorded");
    let _lock = store.lock().expect("nobody else has it");
    let mode =
        |path: &std::path::Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    let inner = folder.path().join("new/folder");
    assert_eq!(mode(&inner), 0o700);
    for entry in inner.read_dir().expect("the folder is listed") {
        let path = entry.expect("an entry").path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_open_and_write_one_record_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("record.sqlite");
    let writers: Vec<_> = (0..6)
        .map(|writer| {
            let path = path.clone();
            tokio::spawn(async move {
                let store = Store::open(&path).await?;
                for turn in 0..5 {
                    let name = format!("{writer}/{turn}");
                    store.record_files(ROOT, &[file(&name, &name)]).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("no panic").expect("all is recorded");
    }
    let store = Store::open(&path).await.expect("a store");
    assert_eq!(store.files(ROOT).await.expect("they are listed").len(), 30);
    assert_eq!(store.changes_since(0).await.expect("they are listed").len(), 30);
}

#[tokio::test]
async fn one_at_a_time_may_ingest() {
    let workspace = Workspace::new().await;
    let second = Store::open(&workspace.path()).await.expect("reading needs no lock");
    let lock = workspace.store.lock().expect("nobody else has it");
    assert!(matches!(second.lock(), Err(StoreError::Locked { .. })));
    drop(lock);
    second.lock().expect("it was given up");
}
