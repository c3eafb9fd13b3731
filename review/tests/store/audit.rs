use crate::decisions::new;
use crate::evidence::Workspace;
use proptest::prelude::*;
use sqlx::{ConnectOptions, SqliteConnection, raw_sql, sqlite::SqliteConnectOptions};
use sufficit_evidence::{Action, Sufficiency};
use sufficit_review::{Audit, AuditFault, NewDecision};

/// A record with `count` decisions, each on a document of its own, and the heads after each of them.
async fn chain(count: u64) -> (Workspace, Vec<String>) {
    let workspace = Workspace::new().await;
    let mut heads = vec![workspace.store.audit_head().await.expect("it is read").1];
    for number in 1..=count {
        let action = match number % 3 {
            0 => Action::Comment,
            1 => Action::Reject,
            _ => Action::Override { sufficiency: Sufficiency::PARTIAL },
        };
        let decision = new("ada", &format!("d{number}"), action, 0);
        workspace.store.decide(&decision).await.expect("it is taken down");
        let (last, head) = workspace.store.audit_head().await.expect("it is read");
        assert_eq!(last, number);
        heads.push(head);
    }
    (workspace, heads)
}

async fn audit(workspace: &Workspace, head: Option<&str>) -> Audit {
    workspace.store.audit(head).await.expect("it is read")
}

async fn connection(workspace: &Workspace) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(workspace.path());
    options.connect().await.expect("it opens")
}

/// What somebody who can write to the file does once the triggers are out of the way.
async fn tamper(workspace: &Workspace, sql: &str) {
    let unguarded = format!(
        "DROP TRIGGER IF EXISTS decision_is_final; DROP TRIGGER IF EXISTS decision_stays; {sql}"
    );
    raw_sql(sqlx::AssertSqlSafe(unguarded))
        .execute(&mut connection(workspace).await)
        .await
        .expect("is valid SQL");
}

async fn faults_after(count: u64, sql: &str) -> Vec<AuditFault> {
    let (workspace, _) = chain(count).await;
    tamper(&workspace, sql).await;
    audit(&workspace, None).await.faults
}

#[tokio::test]
async fn a_chain_that_nobody_touched_is_sound() {
    let (workspace, heads) = chain(4).await;
    for (number, head) in (0..).zip(&heads) {
        let audit = audit(&workspace, Some(&format!(" {} ", head.to_uppercase()))).await;
        assert_eq!(
            (audit.decisions, audit.known_head, audit.faults),
            (4, Some(number), Vec::new())
        );
        assert_eq!(Some(&audit.head), heads.last());
    }
    let empty = Workspace::new().await;
    assert_ne!(audit(&empty, None).await.head, heads[0], "each record has a chain of its own");
}

#[tokio::test]
async fn the_record_itself_refuses_to_change_or_drop_a_decision() {
    let (workspace, _) = chain(2).await;
    for sql in ["UPDATE decision SET body = '{}'", "DELETE FROM decision WHERE number = 2"] {
        let refused = raw_sql(sql).execute(&mut connection(&workspace).await).await;
        assert!(
            refused.is_err_and(|fault| fault.to_string().contains("a decision is never")),
            "{sql}"
        );
    }
    assert_eq!(audit(&workspace, None).await.faults, []);
}

#[tokio::test]
async fn a_changed_text_is_found() {
    let sql = "UPDATE decision SET body = replace(body, 'ada', 'eve') WHERE number = 2";
    assert_eq!(faults_after(4, sql).await, [AuditFault::Changed { number: 2 }]);
}

#[tokio::test]
async fn a_changed_hash_is_found() {
    let sql = "UPDATE decision SET hash = substr(hash, 2) || '0' WHERE number = 2";
    let changed = |number| AuditFault::Changed { number };
    assert_eq!(faults_after(4, sql).await, [changed(2), changed(3)]);
}

#[tokio::test]
async fn a_removed_row_is_found() {
    let faults = faults_after(5, "DELETE FROM decision WHERE number IN (2, 3)").await;
    assert_eq!(faults, [AuditFault::Gap { from: 2, to: 3 }, AuditFault::Changed { number: 4 }]);
}

#[tokio::test]
async fn rows_that_changed_places_are_found() {
    let sql = "UPDATE decision SET number = -2 WHERE number = 2; UPDATE decision SET number = 2 WHERE number = 3;
               UPDATE decision SET number = 3 WHERE number = -2";
    let faults = faults_after(4, sql).await;
    for number in [2, 3] {
        assert!(faults.contains(&AuditFault::Changed { number }), "{faults:?}");
        assert!(faults.contains(&AuditFault::Misfiled { number }), "{faults:?}");
    }
}

#[tokio::test]
async fn a_row_that_is_found_by_something_else_is_found() {
    let misfiled = [AuditFault::Misfiled { number: 3 }];
    for change in [
        "verdict = 1",
        "document = NULL",
        "subject = (SELECT subject FROM decision WHERE number = 1)",
    ] {
        let sql = format!("UPDATE decision SET {change} WHERE number = 3");
        assert_eq!(faults_after(3, &sql).await, misfiled, "{sql}");
    }
}

#[tokio::test]
async fn a_cut_tail_is_found_by_whoever_noted_the_head() {
    let (workspace, heads) = chain(4).await;
    tamper(&workspace, "DELETE FROM decision WHERE number > 2").await;
    assert_eq!(audit(&workspace, None).await.faults, []);
    assert_eq!(audit(&workspace, Some(&heads[2])).await.known_head, Some(2));
    let unknown = AuditFault::HeadUnknown { head: heads[4].clone() };
    assert_eq!(audit(&workspace, Some(&heads[4])).await.faults, [unknown]);
}

#[tokio::test]
async fn a_chain_made_anew_is_found_by_whoever_noted_the_head() {
    let (workspace, heads) = chain(3).await;
    tamper(&workspace, "DELETE FROM decision WHERE number > 1").await;
    for n in 2..=3 {
        let forged = NewDecision {
            why: "As I please.".to_owned(),
            ..new("eve", &format!("d{n}"), Action::Reject, 0)
        };
        workspace.store.decide(&forged).await.expect("it is taken down");
    }
    assert_eq!(audit(&workspace, None).await.faults, []);
    assert_eq!(audit(&workspace, Some(&heads[1])).await.faults, []);
    let unknown = AuditFault::HeadUnknown { head: heads[3].clone() };
    assert_eq!(audit(&workspace, Some(&heads[3])).await.faults, [unknown]);
}

/// One change to one row of a chain.
#[derive(Clone, Copy, Debug)]
enum Tampering {
    Body(&'static str),
    Hash,
    Filing(&'static str),
    Removal,
    Renumbering(u64),
}

impl Tampering {
    fn sql(self, row: u64, count: u64) -> String {
        match self {
            Self::Body(change) => {
                format!("UPDATE decision SET body = {change} WHERE number = {row}")
            }
            Self::Hash => {
                format!("UPDATE decision SET hash = '{}' WHERE number = {row}", "0".repeat(64))
            }
            Self::Filing(change) => format!("UPDATE decision SET {change} WHERE number = {row}"),
            Self::Removal => format!("DELETE FROM decision WHERE number = {row}"),
            Self::Renumbering(by) => {
                format!("UPDATE decision SET number = {} WHERE number = {row}", count + by)
            }
        }
    }
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let bodies = [
        "body || ' '",
        "'{}'",
        "''",
        "replace(body, '\"number\"', '\"numbers\"')",
        "replace(body, 'ada', 'eve')",
    ];
    let filings = ["verdict = 1 - verdict", "document = 'x'", "subject = '{}'"];
    prop_oneof![
        prop::sample::select(bodies.to_vec()).prop_map(Tampering::Body),
        Just(Tampering::Hash),
        prop::sample::select(filings.to_vec()).prop_map(Tampering::Filing),
        Just(Tampering::Removal),
        (1..4_u64).prop_map(Tampering::Renumbering),
    ]
}

fn names(fault: &AuditFault, row: u64) -> bool {
    match fault {
        AuditFault::Gap { from, to } => (*from..=*to).contains(&row),
        AuditFault::Changed { number } | AuditFault::Misfiled { number } => *number == row,
        AuditFault::HeadUnknown { .. } => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_change_to_any_row_is_found_and_named(count in 1..6_u64, place in 0..6_u64, change in tampering()) {
        let row = 1 + place % count;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
        let (found, unknown) = runtime.block_on(async {
            let (workspace, heads) = chain(count).await;
            tamper(&workspace, &change.sql(row, count)).await;
            let audit = audit(&workspace, heads.last().map(String::as_str)).await;
            let unknown = audit.faults.iter().any(|fault| matches!(fault, AuditFault::HeadUnknown { .. }));
            (audit.faults.iter().any(|fault| names(fault, row)), unknown)
        });
        // The last one, taken out, is missed by its hash alone.
        prop_assert!(found || (row == count && unknown));
    }
}
