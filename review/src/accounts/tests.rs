use super::*;
use crate::Store;

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";

fn at(hours: i64) -> Timestamp {
    moment(1_780_000_000 + hours * 3600)
}

async fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(&folder.path().join("record.sqlite")).await.expect("it opens");
    (folder, store)
}

async fn with_ana() -> (tempfile::TempDir, Store) {
    let (folder, store) = store().await;
    store.add_user("Ana", Role::Reviewer, HASH, at(0)).await.expect("is added");
    (folder, store)
}

/// The session of Ana, who gave the password that she has now.
async fn begin(store: &Store, digest: &str) {
    let ana = store.user_secret("ana").await.expect("is read").expect("is there");
    store.begin_session(digest, SessionHolder::User(&ana), at(0)).await.expect("begins");
}

async fn holds(store: &Store, digest: &str, now: Timestamp) -> Option<Session> {
    store.session(digest, now).await.expect("is read")
}

fn refused(result: Result<(), StoreError>) -> String {
    match result {
        Err(StoreError::Refused(why)) => why,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_name_is_taken_once_whatever_its_case() {
    let (_folder, store) = with_ana().await;
    let again = store.add_user("ANA", Role::Admin, HASH, at(0)).await;
    assert_eq!(refused(again), "there is a user ANA already");
    assert_eq!(store.users().await.expect("are read").len(), 1);
    let secret = store.user_secret("ana").await.expect("is read").expect("is there");
    assert_eq!((secret.name.as_str(), secret.password.as_str()), ("Ana", HASH));
}

#[tokio::test]
async fn a_name_holds_nothing_that_could_pass_for_something_else() {
    let (_folder, store) = store().await;
    let long = "x".repeat(NAME + 1);
    for name in ["", " ana", "ana ", "a\nb", "ana (token)", "<b>", &long] {
        let why = refused(store.add_user(name, Role::Viewer, HASH, at(0)).await);
        assert!(why.starts_with("a name has 1 to 64"), "{name:?}: {why}");
    }
    for name in ["Ana María O'Neill", "ana.weber@example.com", "łukasz"] {
        store.add_user(name, Role::Viewer, HASH, at(0)).await.expect("is a name");
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_at_last_in_any_case() {
    let (_folder, store) = with_ana().await;
    begin(&store, "d1").await;
    let session = holds(&store, "d1", at(1)).await.expect("holds");
    assert_eq!((session.name.as_str(), session.role), ("Ana", Role::Reviewer));
    assert!(holds(&store, "d1", at(8)).await.is_none(), "unused for eight hours");
    assert!(holds(&store, "other", at(1)).await.is_none());
    let used = (1..=7 * 24).step_by(7);
    for hour in used {
        store.note_session_use("d1", at(hour)).await.expect("is noted");
    }
    assert!(holds(&store, "d1", at(7 * 24 - 1)).await.is_some());
    assert!(holds(&store, "d1", at(7 * 24)).await.is_none(), "a week old");
}

#[tokio::test]
async fn use_is_noted_now_and_then_and_never_backwards() {
    let (_folder, store) = with_ana().await;
    begin(&store, "d1").await;
    assert!(!holds(&store, "d1", at(0)).await.expect("holds").to_note);
    assert!(holds(&store, "d1", at(1)).await.expect("holds").to_note);
    store.note_session_use("d1", at(2)).await.expect("is noted");
    store.note_session_use("d1", at(1)).await.expect("is noted");
    assert!(!holds(&store, "d1", at(2)).await.expect("holds").to_note);
}

#[tokio::test]
async fn sessions_end_with_the_user_the_password_or_by_themselves() {
    let (_folder, store) = with_ana().await;
    for digest in ["d1", "d2"] {
        begin(&store, digest).await;
    }
    store.end_session("d1").await.expect("ends");
    assert!(holds(&store, "d1", at(0)).await.is_none());
    store.set_role("Ana", Role::Viewer).await.expect("is set");
    assert_eq!(holds(&store, "d2", at(0)).await.expect("holds").role, Role::Viewer);
    store.set_password("Ana", "another").await.expect("is set");
    assert!(holds(&store, "d2", at(0)).await.is_none(), "the password changed");
    begin(&store, "d3").await;
    store.remove_user("ana").await.expect("is removed");
    store.add_user("Ana", Role::Admin, HASH, at(0)).await.expect("is added");
    assert!(holds(&store, "d3", at(0)).await.is_none(), "it was another Ana's");
    assert!(refused(store.remove_user("Bo").await).starts_with("there is no user Bo"));
}

#[tokio::test]
async fn a_login_that_the_password_or_the_user_did_not_outlive_begins_no_session() {
    let (_folder, store) = with_ana().await;
    let verified = store.user_secret("ana").await.expect("is read").expect("is there");
    store.set_password("Ana", "another").await.expect("is set");
    let late = store.begin_session("d1", SessionHolder::User(&verified), at(0)).await;
    assert!(refused(late).contains("changed meanwhile"));
    assert!(holds(&store, "d1", at(0)).await.is_none());
    begin(&store, "d2").await;
    store.remove_user("Ana").await.expect("is removed");
    store.add_user("Ana", Role::Admin, HASH, at(0)).await.expect("is added");
    let other = UserSecret { name: "Ana".to_owned(), password: "another".to_owned() };
    refused(store.begin_session("d3", SessionHolder::User(&other), at(0)).await);
    refused(store.begin_session("d4", SessionHolder::Vouched("idp 1"), at(0)).await);
    store.vouched_user("idp 1", "bo", Role::Viewer, at(0)).await.expect("is added");
    store.begin_session("d5", SessionHolder::Vouched("idp 1"), at(0)).await.expect("begins");
    assert_eq!(holds(&store, "d5", at(0)).await.expect("holds").name, "bo");
}

#[tokio::test]
async fn whom_a_service_vouches_for_keeps_the_name_and_takes_nobodys() {
    let (_folder, store) = with_ana().await;
    let name = store.vouched_user("idp 1", "bo", Role::Viewer, at(0)).await.expect("is added");
    assert_eq!(name, "bo");
    let name = store.vouched_user("idp 1", "Ana", Role::Admin, at(1)).await.expect("is known");
    assert_eq!(name, "bo");
    assert_eq!(store.users().await.expect("are read")[1].role, Role::Admin);
    for taken in ["ana", "Bo"] {
        let other = store.vouched_user("idp 2", taken, Role::Admin, at(1)).await;
        let why = refused(other.map(|_| ()));
        assert_eq!(why, format!("{taken} is the name of another user here"));
    }
}

#[tokio::test]
async fn who_sits_at_the_machine_is_let_in_as_long_as_there_are_no_users() {
    let (_folder, store) = store().await;
    assert!(!store.has_users().await.expect("is read"));
    store.begin_session("d1", SessionHolder::Person("jo"), at(0)).await.expect("begins");
    let session = holds(&store, "d1", at(0)).await.expect("holds");
    assert_eq!((session.name.as_str(), session.role), ("jo", Role::Admin));
    store.add_user("Ana", Role::Viewer, HASH, at(0)).await.expect("is added");
    assert!(store.has_users().await.expect("is read"));
    assert!(holds(&store, "d1", at(0)).await.is_none());
}

#[tokio::test]
async fn a_token_lets_in_until_it_expires_or_is_taken_out() {
    let (_folder, store) = store().await;
    let nightly = Token {
        name: "nightly".into(),
        role: Role::Viewer,
        added: at(0),
        expires: at(24),
        last_used: None,
    };
    store.add_token(&nightly, "d1").await.expect("is added");
    assert_eq!(refused(store.add_token(&nightly, "d2").await), "there is a token nightly already");
    assert_eq!(store.token("d1", at(23)).await.expect("is read"), Some(nightly));
    assert_eq!(store.token("d1", at(24)).await.expect("is read"), None);
    assert_eq!(store.token("nightly", at(1)).await.expect("is read"), None);
    let day = "2026-11-20".parse().expect("a day");
    store.note_token_use("nightly", day).await.expect("is noted");
    assert_eq!(store.tokens().await.expect("are read")[0].last_used, Some(day));
    store.remove_token("Nightly").await.expect("is removed");
    assert_eq!(store.token("d1", at(1)).await.expect("is read"), None);
    assert!(refused(store.remove_token("nightly").await).starts_with("there is no token nightly"));
}
