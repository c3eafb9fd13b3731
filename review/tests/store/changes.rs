use crate::evidence::{ROOT, Workspace, file, id};
use proptest::prelude::*;
use std::collections::HashSet;
use sufficit_review::{ChangeKind, StoreError};

#[tokio::test]
async fn an_index_catches_up_from_its_marker() {
    let workspace = Workspace::new().await;
    workspace.record(&[file("a", "one"), file("b", "two")]).await;
    let marker = workspace.store.latest_change().await.expect("it is read");
    workspace.record(&[file("a", "three")]).await;
    let changes = workspace.store.changes_since(marker).await.expect("they are listed");
    let mut seen: Vec<_> =
        changes.iter().map(|change| (change.document.clone(), change.kind)).collect();
    seen.sort_by_key(|(document, _)| document.clone());
    let mut expected = vec![(id("one"), ChangeKind::Removed), (id("three"), ChangeKind::Stored)];
    expected.sort_by_key(|(document, _)| document.clone());
    assert_eq!(seen, expected);
    assert!(changes.iter().all(|change| change.seq > marker));
}

#[tokio::test]
async fn the_index_of_another_record_is_told_so() {
    let workspace = Workspace::new().await;
    let refused = workspace.store.changes_since(1).await;
    assert!(matches!(refused, Err(StoreError::MarkerAhead { marker: 1, latest: 0 })));
    let other = Workspace::new().await;
    assert_ne!(workspace.store.identity(), other.store.identity());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever happens to five files and three texts, an index that follows the changes, in one go or
    /// step by step, holds the current documents.
    #[test]
    fn following_the_changes_gives_the_current_documents(
        steps in proptest::collection::vec((0..5_usize, 0..5_usize), 1..16),
    ) {
        const PATHS: [&str; 5] = ["a", "b", "c", "d", "e"];
        const TEXTS: [&str; 3] = ["one", "two", "three"];
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let workspace = Workspace::new().await;
            let store = &workspace.store;
            let (mut index, mut marker) = (HashSet::new(), 0);
            for (path, act) in steps {
                let path = PATHS[path];
                match act {
                    0..3 => workspace.record(&[file(path, TEXTS[act])]).await,
                    3 => {
                        let seen = PATHS.into_iter().filter(|seen| *seen != path).collect();
                        store.mark_vanished(ROOT, &seen).await.expect("it is closed");
                    }
                    _ => {
                        // A path that nothing was ever recorded at cannot be forgotten, and need not be.
                        if !store.versions(path).await.expect("they are listed").is_empty() {
                            store.forget(path, "test").await.expect("it is forgotten");
                        }
                    }
                }
                for change in store.changes_since(marker).await.expect("they are listed") {
                    marker = change.seq;
                    match change.kind {
                        ChangeKind::Stored => index.insert(change.document),
                        ChangeKind::Removed => index.remove(&change.document),
                    };
                }
                let current = store.current_documents().await.expect("they are listed");
                let current: HashSet<_> = current.into_iter().map(|document| document.id).collect();
                prop_assert_eq!(&index, &current);
                prop_assert_eq!(&workspace.followed().await, &current);
            }
            Ok(())
        })?;
    }
}
