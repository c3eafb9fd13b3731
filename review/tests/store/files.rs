use crate::evidence::{ROOT, Workspace, document, file, file_read_by, id, mapping, unread};
use std::collections::HashSet;
use sufficit_evidence::FileOutcome;
use sufficit_review::StoreError;

#[tokio::test]
async fn recording_the_same_again_changes_nothing() {
    let workspace = Workspace::new().await;
    let batch = [file("a.txt", "one"), file("b/c.txt", "two"), unread("scan.pdf")];
    workspace.record(&batch).await;
    let files = workspace.store.files(ROOT).await.expect("the files are listed");
    let latest = workspace.store.latest_change().await.expect("it is read");
    workspace.record(&batch).await;
    assert_eq!(workspace.store.files(ROOT).await.expect("the files are listed"), files);
    assert_eq!(workspace.store.latest_change().await.expect("it is read"), latest);
    assert_eq!(workspace.store.versions("a.txt").await.expect("they are listed").len(), 1);

    let status = workspace.store.status().await.expect("it is listed");
    let given: Vec<_> = batch.iter().map(|file| file.record.clone()).collect();
    assert_eq!(status, given);
    assert_eq!(files[2].record.outcome, FileOutcome::NeedsOcr);
    assert_eq!((files[0].size, files[0].modified), (batch[0].size, batch[0].modified));
    assert_eq!(files[0].extractor, "e1");
    assert!(workspace.store.files("/elsewhere").await.expect("none are listed").is_empty());
}

#[tokio::test]
async fn a_changed_file_gets_a_version_that_supersedes_the_old_one() {
    let workspace = Workspace::new().await;
    for text in ["one", "two", "one"] {
        workspace.record(&[file("a.txt", text)]).await;
    }
    let versions = workspace.store.versions("a.txt").await.expect("they are listed");
    let held: Vec<_> = versions.iter().map(|version| version.document.clone()).collect();
    assert_eq!(held, [id("one"), id("two"), id("one")]);
    assert!(versions[0].superseded.is_some() && versions[1].superseded.is_some());
    assert!(versions[2].superseded.is_none());
    assert_eq!(versions[2].number, 3);
    let old = workspace.store.document(&id("two")).await.expect("it is read");
    assert_eq!(old, Some(document("two")));
    assert_eq!(workspace.followed().await, HashSet::from([id("one")]));
}

#[tokio::test]
async fn a_file_that_can_no_longer_be_read_holds_nothing() {
    let workspace = Workspace::new().await;
    workspace.record(&[file("a.txt", "one")]).await;
    workspace.record(&[unread("a.txt")]).await;
    assert!(workspace.current().await.is_empty());
    let versions = workspace.store.versions("a.txt").await.expect("they are listed");
    assert!(versions[0].superseded.is_some());
}

#[tokio::test]
async fn the_same_bytes_at_five_paths_are_one_document() {
    let workspace = Workspace::new().await;
    let paths = ["a", "b", "c/d", "e", "z.zip!/f"];
    let mut batch: Vec<_> = paths.iter().map(|path| file(path, "same")).collect();
    batch[4].content = None;
    workspace.record(&batch).await;
    assert_eq!(workspace.current().await, [paths.map(str::to_owned)]);
    assert_eq!(workspace.store.latest_change().await.expect("it is read"), 1);

    workspace.store.record_files("/other", &[file("b", "same")]).await.expect("it is recorded");
    assert_eq!(workspace.current().await, [paths.map(str::to_owned)]);
    assert_eq!(workspace.store.status().await.expect("it is listed").len(), 6);
}

#[tokio::test]
async fn a_document_without_content_has_to_be_known() {
    let workspace = Workspace::new().await;
    let mut unknown = file("a.txt", "one");
    unknown.content = None;
    let refused = workspace.store.record_files(ROOT, &[unknown]).await;
    assert!(matches!(refused, Err(StoreError::UnknownDocument(document)) if document == id("one")));

    let mut crossed = file("a.txt", "one");
    crossed.content = Some(document("two"));
    let refused = workspace.store.record_files(ROOT, &[crossed]).await;
    assert!(matches!(refused, Err(StoreError::WrongContent { .. })));
}

#[tokio::test]
async fn another_extractor_replaces_what_was_read() {
    let workspace = Workspace::new().await;
    workspace.record(&[file("a.txt", "one\ntwo"), file("b.txt", "one\ntwo")]).await;
    let batch = [mapping("one\ntwo", Vec::new())];
    workspace.store.record_matches("f", &batch).await.expect("they are recorded");

    let mut reread = file_read_by("e2", "a.txt", "one\ntwo");
    if let Some(content) = &mut reread.content {
        content.passages.truncate(1);
    }
    workspace.record(std::slice::from_ref(&reread)).await;
    let back = workspace.store.document(&id("one\ntwo")).await.expect("it is read");
    assert_eq!(back, reread.content);
    assert!(workspace.store.mapped("f").await.expect("it is read").is_empty());
    let changes = workspace.store.changes_since(1).await.expect("they are listed");
    assert_eq!(changes.len(), 1, "an index has to take it in again");
    assert_eq!(workspace.store.versions("a.txt").await.expect("they are listed").len(), 1);
}

#[tokio::test]
async fn vanished_files_leave_the_view_and_stay_in_the_history() {
    let workspace = Workspace::new().await;
    workspace.record(&[file("a", "one"), file("b", "two"), file("c", "two")]).await;
    let gone = workspace.store.mark_vanished(ROOT, &HashSet::from(["c"])).await;
    assert_eq!(gone.expect("they are closed"), ["a", "b"]);
    assert_eq!(workspace.current().await, [["c"]]);
    assert_eq!(workspace.followed().await, HashSet::from([id("two")]));
    assert_eq!(workspace.store.vanished().await.expect("they are listed"), ["a", "b"]);
    assert_eq!(workspace.store.files(ROOT).await.expect("they are listed").len(), 1);
    let again = workspace.store.mark_vanished(ROOT, &HashSet::from(["c"])).await;
    assert!(again.expect("nothing is left to close").is_empty());

    workspace.record(&[file("a", "one")]).await;
    let versions = workspace.store.versions("a").await.expect("they are listed");
    assert_eq!(versions.len(), 2);
    assert!(versions[0].superseded.is_some() && versions[1].superseded.is_none());
    assert_eq!(workspace.store.vanished().await.expect("they are listed"), ["b"]);
}

#[tokio::test]
async fn whatever_is_put_down_of_a_file_shows() {
    let workspace = Workspace::new().await;
    let filed = async || workspace.store.filed().await.expect("it is read");
    let mut before = filed().await;
    for batch in [vec![file("a", "a")], vec![file("copy", "a")], vec![unread("b")]] {
        workspace.record(&batch).await;
        let now = filed().await;
        assert_ne!(now, before, "{batch:?}");
        before = now;
    }
    workspace.store.mark_vanished(ROOT, &["a", "b"].into()).await.expect("it is noted");
    assert_ne!(filed().await, before);
}
