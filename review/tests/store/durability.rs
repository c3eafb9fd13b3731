use crate::evidence::{ROOT, Workspace, file};
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;
use sufficit_review::Store;

#[tokio::test]
async fn a_batch_that_is_dropped_midway_leaves_nothing() {
    let workspace = Workspace::new().await;
    let batch: Vec<_> = (0..400).map(|n| file(&n.to_string(), &format!("text {n}"))).collect();
    let cut_off =
        tokio::time::timeout(Duration::from_millis(3), workspace.store.record_files(ROOT, &batch));
    assert!(cut_off.await.is_err(), "the batch was meant to take longer");
    let store = Store::open(&workspace.path()).await.expect("a store");
    assert!(store.status().await.expect("it is listed").is_empty());
    workspace.record(&batch).await;
    assert_eq!(store.status().await.expect("it is listed").len(), 400);
}

/// Copies of a record's files as they lie at any moment are what a killed process leaves behind.
#[tokio::test]
async fn what_was_acknowledged_outlives_a_kill() {
    let workspace = Workspace::new().await;
    workspace.record(&[file("a", "one"), file("b", "two")]).await;
    let options = SqliteConnectOptions::new().filename(workspace.path());
    let mut unfinished = options.connect().await.expect("a connection");
    sqlx::raw_sql(
        "PRAGMA cache_size = 1; BEGIN; DELETE FROM version; UPDATE source SET document = NULL",
    )
    .execute(&mut unfinished)
    .await
    .expect("the write is under way");
    let after = tempfile::tempdir().expect("a temporary folder");
    copy(workspace.folder.path(), after.path());
    drop(unfinished);

    let store = Store::open(&after.path().join("record.sqlite")).await.expect("a store");
    let current = store.current_documents().await.expect("they are listed");
    let paths: HashSet<_> = current.into_iter().flat_map(|document| document.paths).collect();
    assert_eq!(paths, HashSet::from(["a".to_owned(), "b".to_owned()]));
    store.record_files(ROOT, &[file("c", "three")]).await.expect("it can be written again");
}

fn copy(from: &Path, to: &Path) {
    for entry in from.read_dir().expect("the folder is listed") {
        let entry = entry.expect("an entry");
        // The shared-memory file is rebuilt from the log by whoever comes next.
        if !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("the file is copied");
        }
    }
}
