use crate::evidence::{Workspace, assessment, file, id, mapping, proposal, run, unread};
use std::collections::HashSet;
use sufficit_review::{MatchFilter, StoreError};

const SECRET: &str = "Salary of Ms Xylophage: 81223";

#[tokio::test]
async fn what_one_path_alone_held_is_gone_from_every_byte() {
    let workspace = Workspace::new().await;
    workspace.record(&[file("a", SECRET), file("b", "two")]).await;
    workspace.record(&[file("a", "newer")]).await;
    let forgotten =
        workspace.store.forget("a", "asked for by Ms X").await.expect("it is forgotten");
    let mut removed = vec![id(SECRET), id("newer")];
    removed.sort();
    assert_eq!(forgotten.removed, removed);
    assert!(forgotten.kept.is_empty() && forgotten.erased);
    assert_eq!(workspace.store.document(&id(SECRET)).await.expect("it is read"), None);
    assert_eq!(workspace.followed().await, HashSet::from([id("two")]));
    assert_eq!(workspace.current().await, [["b"]]);

    let listed = workspace.store.forgotten().await.expect("they are listed");
    let held: Vec<_> = listed.iter().map(|file| file.document.clone()).collect();
    assert_eq!(held, [Some(id(SECRET)), Some(id("newer"))]);
    assert_eq!((listed[0].path.as_str(), listed[0].why.as_str()), ("a", "asked for by Ms X"));

    for entry in workspace.folder.path().read_dir().expect("the folder is listed") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("the file is read");
        let found = bytes.windows(9).any(|window| window == b"Xylophage");
        assert!(!found, "{} still holds it", path.display());
    }
}

#[tokio::test]
async fn a_document_that_another_path_holds_stays() {
    let workspace = Workspace::new().await;
    workspace.record(&[file("a", "shared"), file("b", "shared")]).await;
    let forgotten = workspace.store.forget("a", "").await.expect("it is forgotten");
    assert_eq!((forgotten.removed.len(), forgotten.kept), (0, vec![id("shared")]));
    assert_eq!(workspace.current().await, [["b"]]);

    // Held by "b" once is reason enough to keep it in b's history, though no longer in the view.
    workspace.record(&[file("b", "newer"), file("c", "shared")]).await;
    let forgotten = workspace.store.forget("c", "").await.expect("it is forgotten");
    assert_eq!(forgotten.kept, [id("shared")]);
    assert_eq!(workspace.followed().await, HashSet::from([id("newer")]));
}

#[tokio::test]
async fn with_an_archive_goes_what_is_in_it() {
    let workspace = Workspace::new().await;
    let members = ["e.zip!/a", "e.zip!/in.zip!/b", "e.zip"];
    let files: Vec<_> =
        members.iter().chain(&["e.zippy", "f"]).map(|path| file(path, path)).collect();
    workspace.record(&files).await;
    let forgotten = workspace.store.forget("e.zip", "").await.expect("it is forgotten");
    assert_eq!(forgotten.removed.len(), 3);
    assert_eq!(workspace.current().await, [["e.zippy"], ["f"]]);
}

#[tokio::test]
async fn matches_and_quotes_go_with_the_document() {
    let workspace = Workspace::new().await;
    let store = &workspace.store;
    workspace.record(&[file("a", "one"), file("b", "two")]).await;
    let begun = store.begin_run("f").await.expect("it begins");
    let batch: Vec<_> = ["one", "two"]
        .map(|text| mapping(text, vec![proposal(&id(text), "A.2.2", 3)]))
        .into_iter()
        .collect();
    store.record_matches("f", &batch).await.expect("they are recorded");
    let given = [assessment("A.2.2", &id("one"), &begun), assessment("A.2.3", &id("two"), &begun)];
    store.finish_run(&run(&begun), &given).await.expect("it is finished");

    store.forget("a", "").await.expect("it is forgotten");
    let matches = store.matches(&MatchFilter::default()).await.expect("they are listed");
    assert_eq!(matches.len(), 1);
    assert_eq!(matches[0].paths, ["b"]);
    let left = store.assessments(None, None).await.expect("they are listed");
    assert_eq!(left[0].checks[0].citation, None);
    assert!(left[0].checks[0].met);
    assert!(left[0].systems.is_empty(), "a name that it alone says goes too");
    assert_eq!(left[0].contradictions[0].sides[0].citation, None);
    assert_eq!(left[1], given[1]);
}

#[tokio::test]
async fn only_what_is_known_can_be_forgotten() {
    let workspace = Workspace::new().await;
    workspace.record(&[unread("scan.pdf")]).await;
    let refused = workspace.store.forget("b", "").await;
    assert!(matches!(refused, Err(StoreError::UnknownPath(path)) if path == "b"));
    let forgotten = workspace.store.forget("scan.pdf", "").await.expect("it is forgotten");
    assert!(forgotten.removed.is_empty());
    assert_eq!(workspace.store.forgotten().await.expect("they are listed")[0].document, None);
}
