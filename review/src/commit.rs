use crate::StoreError;
use sqlx::{Sqlite, Transaction};

/// What becomes part of the record with a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Boundary {
    Files,
    Vanished,
    Forgotten,
    RunBegun,
    Matches,
    RunFinished,
    Decision,
}

/// Commits. When it returns, what was written is on the disk.
pub(crate) async fn commit(
    transaction: Transaction<'_, Sqlite>,
    boundary: Boundary,
) -> Result<(), StoreError> {
    fail_point(boundary, "before");
    transaction.commit().await?;
    fail_point(boundary, "after");
    Ok(())
}

/// Ends the process on the spot where a test asks for it: `SUFFICIT_FAIL_POINT` names side and boundary, as `before Matches`.
/// In what is shipped there is no such thing.
#[cfg(debug_assertions)]
fn fail_point(boundary: Boundary, side: &str) {
    if std::env::var("SUFFICIT_FAIL_POINT").is_ok_and(|at| at == format!("{side} {boundary:?}")) {
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
fn fail_point(_: Boundary, _: &str) {}
