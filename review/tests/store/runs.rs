use crate::evidence::{ROOT, Workspace, assessment, file, id, mapping, proposal, run};
use std::collections::HashSet;
use sufficit_evidence::{FrameworkId, RequirementId, RunId, Sufficiency};
use sufficit_review::{Mapping, MatchFilter, StoreError};

async fn mapped_workspace() -> Workspace {
    let workspace = Workspace::new().await;
    workspace.record(&[file("a", "one"), file("b", "two"), file("c", "two")]).await;
    let begun = workspace.store.begin_run("f1").await.expect("it begins");
    let batch = [
        mapping("one", vec![proposal(&id("one"), "A.2.2", 1), proposal(&id("one"), "A.2.3", 4)]),
        mapping("two", vec![proposal(&id("two"), "A.2.2", 3)]),
    ];
    workspace.store.record_matches("f1", &batch).await.expect("they are recorded");
    let given = [assessment("A.2.3", &id("one"), &begun), assessment("A.2.2", &id("two"), &begun)];
    workspace.store.finish_run(&run(&begun), &given).await.expect("it is finished");
    workspace
}

#[tokio::test]
async fn matches_come_back_best_first_with_all_paths() {
    let workspace = mapped_workspace().await;
    let matches = workspace.store.matches(&MatchFilter::default()).await.expect("they are listed");
    let expected = [
        (proposal(&id("two"), "A.2.2", 3), vec!["b".to_owned(), "c".to_owned()]),
        (proposal(&id("one"), "A.2.2", 1), vec!["a".to_owned()]),
        (proposal(&id("one"), "A.2.3", 4), vec!["a".to_owned()]),
    ];
    let given: Vec<_> = matches.into_iter().map(|found| (found.proposal, found.paths)).collect();
    assert_eq!(given, expected);
}

#[tokio::test]
async fn a_filter_lets_through_what_it_names() {
    let workspace = mapped_workspace().await;
    let count = async |filter: MatchFilter| {
        workspace.store.matches(&filter).await.expect("they are listed").len()
    };
    let all = MatchFilter::default;
    assert_eq!(
        count(MatchFilter { framework: Some(FrameworkId::from("iso42001")), ..all() }).await,
        3
    );
    assert_eq!(
        count(MatchFilter { framework: Some(FrameworkId::from("iso27001")), ..all() }).await,
        0
    );
    assert_eq!(
        count(MatchFilter { requirement: Some(RequirementId::from("A.2.2")), ..all() }).await,
        2
    );
    assert_eq!(count(MatchFilter { document: Some(id("one")), ..all() }).await, 2);
    assert_eq!(count(MatchFilter { min_sufficiency: Sufficiency::DEFINED, ..all() }).await, 2);
    assert_eq!(count(MatchFilter { fingerprint: Some("f0".to_owned()), ..all() }).await, 0);
}

#[tokio::test]
async fn superseded_documents_have_no_matches_to_show() {
    let workspace = mapped_workspace().await;
    workspace.record(&[file("a", "newer")]).await;
    let matches = workspace.store.matches(&MatchFilter::default()).await.expect("they are listed");
    assert_eq!(matches.len(), 1);
    assert_eq!(workspace.store.mapped("f1").await.expect("they are listed").len(), 2);
}

#[tokio::test]
async fn a_document_mapped_again_has_its_new_matches_only() {
    let workspace = mapped_workspace().await;
    let none = [Mapping { corrected: 7, ..mapping("one", Vec::new()) }];
    workspace.store.record_matches("f1", &none).await.expect("they are recorded");
    let filter = MatchFilter { document: Some(id("one")), ..MatchFilter::default() };
    assert!(workspace.store.matches(&filter).await.expect("they are listed").is_empty());
    let mapped = workspace.store.mapped("f1").await.expect("they are listed");
    assert_eq!((mapped.get(&id("one")), mapped.get(&id("two"))), (Some(&7), Some(&0)));
    let unknown = [mapping("two", Vec::new()), mapping("three", Vec::new())];
    let refused = workspace.store.record_matches("f1", &unknown).await;
    assert!(
        matches!(refused, Err(StoreError::UnknownDocument(document)) if document == id("three"))
    );
    assert_eq!(
        workspace.store.matches(&MatchFilter::default()).await.expect("they are listed").len(),
        1
    );
}

#[tokio::test]
async fn ids_grow_and_a_run_that_was_cut_off_is_taken_up() {
    let workspace = mapped_workspace().await;
    let store = &workspace.store;
    let cut_off = store.begin_run("f2").await.expect("it begins");
    assert_eq!(cut_off, RunId::from("run-2"));
    assert_eq!(store.begin_run("f2").await.expect("it begins"), cut_off);
    assert_eq!(
        store.latest_run().await.expect("it is read").map(|run| run.id),
        Some("run-1".into())
    );
    assert_eq!(store.begin_run("f3").await.expect("it begins"), RunId::from("run-3"));
    let unknown = RunId::from("run-9");
    let refused = store.finish_run(&run(&unknown), &[]).await;
    assert!(matches!(refused, Err(StoreError::UnknownRun(run)) if run == unknown));
}

#[tokio::test]
async fn matches_of_the_last_two_fingerprints_and_all_assessments_stay() {
    let workspace = mapped_workspace().await;
    let store = &workspace.store;
    for fingerprint in ["f2", "f3"] {
        let begun = store.begin_run(fingerprint).await.expect("it begins");
        let batch = [mapping("one", vec![proposal(&id("one"), "A.2.2", 2)])];
        store.record_matches(fingerprint, &batch).await.expect("they are recorded");
        let given = [assessment("A.2.2", &id("one"), &begun)];
        store.finish_run(&run(&begun), &given).await.expect("it is finished");
    }
    for (fingerprint, mapped) in [("f1", 0), ("f2", 1), ("f3", 1)] {
        assert_eq!(store.mapped(fingerprint).await.expect("they are listed").len(), mapped);
    }
    assert_eq!(store.runs().await.expect("they are listed").len(), 3);
    assert_eq!(store.latest_fingerprint().await.expect("it is read").as_deref(), Some("f3"));
    let first = store.assessments(Some(&"run-1".into()), None).await.expect("they are listed");
    let order: Vec<_> = first.iter().map(|one| one.requirement.as_str().to_owned()).collect();
    assert_eq!(order, ["A.2.3", "A.2.2"]);
    let other = FrameworkId::from("iso27001");
    assert!(store.assessments(None, Some(&other)).await.expect("they are listed").is_empty());
}

#[tokio::test]
async fn what_current_documents_are_known_by_comes_out_as_it_went_in() {
    let workspace = mapped_workspace().await;
    let store = &workspace.store;
    let known = store.likenesses("f1").await.expect("they are listed");
    let mut given = [mapping("one", Vec::new()).likeness, mapping("two", Vec::new()).likeness];
    given.sort_by(|a, b| a.document.cmp(&b.document));
    assert_eq!(known, given);
    store.mark_vanished(ROOT, &HashSet::from(["a"])).await.expect("it is noted");
    let left = store.likenesses("f1").await.expect("they are listed");
    assert_eq!(left, [mapping("one", Vec::new()).likeness]);
    assert!(store.likenesses("f2").await.expect("they are listed").is_empty());
}
