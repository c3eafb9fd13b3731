use crate::commit::{Boundary, commit};
use crate::store::now;
use crate::{Store, StoreError, assessments, json};
use sqlx::SqliteConnection;
use sufficit_evidence::{Assessment, Run, RunId};

impl Store {
    /// Begins a run under `fingerprint`, a text that is equal for two runs exactly where the same
    /// document gives the same matches in both: made from the run's versions and its day.
    ///
    /// The id is never given again, except for a run that was cut off: where the last run has the same
    /// fingerprint and was not finished, it is taken up, with the matches that it has already.
    pub async fn begin_run(&self, fingerprint: &str) -> Result<RunId, StoreError> {
        let mut transaction = self.write().await?;
        let last: Option<(i64, String, Option<String>)> =
            sqlx::query_as("SELECT id, fingerprint, finished FROM run ORDER BY id DESC LIMIT 1")
                .fetch_optional(&mut *transaction)
                .await?;
        let key = match last {
            Some((key, known, None)) if known == fingerprint => key,
            _ => {
                sqlx::query_scalar(
                    "INSERT INTO run (fingerprint, started) VALUES (?, ?) RETURNING id",
                )
                .bind(fingerprint)
                .bind(now())
                .fetch_one(&mut *transaction)
                .await?
            }
        };
        commit(transaction, Boundary::RunBegun).await?;
        Ok(RunId::new(format!("run-{key}")))
    }

    /// Finishes a run that was begun: from now on it is the latest, and `assessments` (in the order
    /// given) are what holds. Matches of all but the two fingerprints that were used last are dropped;
    /// runs and their assessments stay.
    ///
    /// # Errors
    /// [`StoreError::UnknownRun`] where `run.id` was never begun.
    pub async fn finish_run(
        &self,
        run: &Run,
        assessments: &[Assessment],
    ) -> Result<(), StoreError> {
        let key = key_of(&run.id)?;
        let mut transaction = self.write().await?;
        let updated = sqlx::query("UPDATE run SET finished = ?, body = ? WHERE id = ?")
            .bind(&run.finished)
            .bind(json::write("run", run)?)
            .bind(key)
            .execute(&mut *transaction)
            .await?;
        if updated.rows_affected() == 0 {
            return Err(StoreError::UnknownRun(run.id.clone()));
        }
        assessments::replace(&mut transaction, key, assessments).await?;
        drop_old_matches(&mut transaction).await?;
        commit(transaction, Boundary::RunFinished).await?;
        Ok(())
    }

    /// The run that was finished last (the highest id); `None` before the first.
    pub async fn latest_run(&self) -> Result<Option<Run>, StoreError> {
        let body: Option<String> = sqlx::query_scalar(
            "SELECT body FROM run WHERE finished IS NOT NULL ORDER BY id DESC LIMIT 1",
        )
        .fetch_optional(&self.pool)
        .await?;
        body.map(|body| json::read("run", &body)).transpose()
    }

    /// The fingerprint of the latest run; `None` before the first.
    pub async fn latest_fingerprint(&self) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT fingerprint FROM run WHERE finished IS NOT NULL ORDER BY id DESC LIMIT 1",
        )
        .fetch_optional(&self.pool)
        .await?)
    }

    /// Every finished run, newest first.
    pub async fn runs(&self) -> Result<Vec<Run>, StoreError> {
        let bodies: Vec<String> =
            sqlx::query_scalar("SELECT body FROM run WHERE finished IS NOT NULL ORDER BY id DESC")
                .fetch_all(&self.pool)
                .await?;
        bodies.iter().map(|body| json::read("run", body)).collect()
    }
}

/// The number in a run's id.
pub(crate) fn key_of(run: &RunId) -> Result<i64, StoreError> {
    run.as_str()
        .strip_prefix("run-")
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| StoreError::UnknownRun(run.clone()))
}

async fn drop_old_matches(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM mapping WHERE fingerprint NOT IN (
            SELECT fingerprint FROM run GROUP BY fingerprint ORDER BY max(id) DESC LIMIT 2)",
    )
    .execute(connection)
    .await?;
    Ok(())
}
