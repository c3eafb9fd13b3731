use crate::evidence::{Workspace, document, file, id};
use proptest::prelude::*;
use sufficit_review::{NewFile, Profile, StoreError};

#[tokio::test]
async fn a_document_comes_back_as_it_went_in() {
    let workspace = Workspace::new().await;
    let text = "The äußere Policy – 日本\nsecond line\n\nfourth";
    workspace.record(&[file("a.txt", text)]).await;
    let back = workspace.store.document(&id(text)).await.expect("it is read");
    assert_eq!(back, Some(document(text)));
    assert_eq!(workspace.store.document(&id("other")).await.expect("it is read"), None);
}

#[tokio::test]
async fn a_passage_comes_back_alone() {
    let workspace = Workspace::new().await;
    let text = "日本 first\nzweiter, größer\nthird";
    workspace.record(&[file("a.txt", text)]).await;
    for expected in document(text).passages {
        let ordinal = expected.ordinal;
        let back = workspace.store.passage(&id(text), ordinal).await.expect("it is read");
        assert_eq!(back, Some(expected));
    }
    assert_eq!(workspace.store.passage(&id(text), 3).await.expect("it is read"), None);
}

#[tokio::test]
async fn profiles_are_of_current_documents_without_the_long_parts_of_their_facts() {
    let workspace = Workspace::new().await;
    workspace.record(&[file("a.txt", "the first"), file("b.txt", "the second")]).await;
    workspace.record(&[file("a.txt", "the third, in its place")]).await;
    let profiles = workspace.store.profiles().await.expect("they are read");
    let whole = document("the second");
    let mut facts = whole.facts.clone();
    facts.dates.clear();
    facts.placeholders.clear();
    let expected = Profile {
        media_type: whole.media_type,
        bytes: whole.bytes,
        language: whole.language,
        facts,
    };
    assert_eq!(profiles.get(&id("the second")), Some(&expected));
    assert!(profiles.contains_key(&id("the third, in its place")));
    assert_eq!(profiles.len(), 2);
}

#[tokio::test]
async fn a_passage_that_is_not_its_text_is_refused_with_its_batch() {
    let workspace = Workspace::new().await;
    let mut wrong = file("b.txt", "one\ntwo");
    if let Some(content) = &mut wrong.content {
        content.passages[1].span.end += 1;
    }
    let batch: [NewFile; 2] = [file("a.txt", "good"), wrong];
    let refused = workspace.store.record_files("/evidence", &batch).await;
    assert!(matches!(refused, Err(StoreError::PassageText { ordinal: 1, .. })));
    assert!(workspace.current().await.is_empty());
    assert!(workspace.store.status().await.expect("it is listed").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_text_comes_back(text in "\\PC{0,80}(\n\\PC{0,40}){0,4}") {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let workspace = Workspace::new().await;
            workspace.record(&[file("a.txt", &text)]).await;
            let back = workspace.store.document(&id(&text)).await.expect("it is read");
            prop_assert_eq!(back, Some(document(&text)));
            Ok(())
        })?;
    }
}
