use crate::commit::{Boundary, commit};
use crate::store::now;
use crate::{Store, StoreError, audit, json};
use sqlx::SqliteConnection;
use sufficit_evidence::{
    Action, Decision, DocumentId, RequirementRef, Seen, Subject, decision_fault,
};

/// A decision on its way into the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDecision {
    /// Who decides.
    pub by: String,
    /// What it is about.
    pub subject: Subject,
    /// What was proposed.
    pub seen: Seen,
    /// What is decided.
    pub action: Action,
    /// Why.
    pub why: String,
    /// Number of the last decision on the subject that the person had before them; 0 for none.
    pub expected: u64,
}

impl Store {
    /// Takes a decision down. When it returns, the decision is on the disk with its number and moment, chained to the one
    /// before it. What the same person sent twice is taken down once, and the first is given both times.
    ///
    /// # Errors
    /// [`StoreError::DecidedMeanwhile`] where a verdict would follow one that its author had not seen,
    /// [`StoreError::Refused`] where a reason is missing or an undo names no decision on this subject that still holds.
    pub async fn decide(&self, new: &NewDecision) -> Result<Decision, StoreError> {
        if let Some(fault) = decision_fault(&new.subject, &new.action, &new.why) {
            return Err(StoreError::Refused(fault.to_owned()));
        }
        let mut transaction = self.write().await?;
        let since = verdicts_since(&mut transaction, new).await?;
        if let Some(other) = since.last() {
            if let Some(same) = since.first().filter(|first| repeats(new, first))
                && since.len() == 1
            {
                return Ok(same.clone());
            }
            return Err(StoreError::DecidedMeanwhile(Box::new(other.clone())));
        }
        if let Action::Undo { number } = new.action {
            undoable(&mut transaction, &new.subject, number).await?;
        }
        let (last, head) = audit::head(&mut transaction, self.identity()).await?;
        let decision = Decision {
            number: last + 1,
            at: now(),
            by: new.by.clone(),
            subject: new.subject.clone(),
            seen: new.seen.clone(),
            action: new.action.clone(),
            why: new.why.trim().to_owned(),
        };
        let body = json::write("decision", &decision)?;
        sqlx::query(
            "INSERT INTO decision (number, subject, document, verdict, body, hash)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(json::signed(decision.number))
        .bind(json::write("subject", &decision.subject)?)
        .bind(decision.seen.document.as_ref().map(DocumentId::as_str))
        .bind(decision.action.is_verdict())
        .bind(&body)
        .bind(audit::chained(&head, &body))
        .execute(&mut *transaction)
        .await?;
        commit(transaction, Boundary::Decision).await?;
        Ok(decision)
    }

    /// Every decision whose number is above `after`, oldest first.
    pub async fn decisions(&self, after: u64) -> Result<Vec<Decision>, StoreError> {
        let bodies: Vec<String> =
            sqlx::query_scalar("SELECT body FROM decision WHERE number > ? ORDER BY number")
                .bind(json::signed(after))
                .fetch_all(&self.pool)
                .await?;
        bodies.iter().map(|body| json::read("decision", body)).collect()
    }

    /// The number of the last decision; 0 before the first.
    pub async fn last_decision(&self) -> Result<u64, StoreError> {
        let last: i64 = sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM decision")
            .fetch_one(&self.pool)
            .await?;
        Ok(json::unsigned(last))
    }
}

/// The verdicts on the subject, or on the version that was seen for the same requirement, that its author had not seen.
async fn verdicts_since(
    connection: &mut SqliteConnection,
    new: &NewDecision,
) -> Result<Vec<Decision>, StoreError> {
    if !new.action.is_verdict() {
        return Ok(Vec::new());
    }
    let requirement: Option<&RequirementRef> = new.subject.requirement();
    let about = |part: fn(&RequirementRef) -> &str| requirement.map(part);
    let bodies: Vec<String> = sqlx::query_scalar(
        "SELECT body FROM decision
         WHERE number > ?1 AND verdict AND (subject = ?2 OR (document = ?3
               AND subject ->> 'framework' = ?4 AND subject ->> 'requirement' = ?5))
         ORDER BY number",
    )
    .bind(json::signed(new.expected))
    .bind(json::write("subject", &new.subject)?)
    .bind(new.subject.source().and(new.seen.document.as_ref()).map(DocumentId::as_str))
    .bind(about(|requirement| requirement.framework.as_str()))
    .bind(about(|requirement| requirement.requirement.as_str()))
    .fetch_all(connection)
    .await?;
    bodies.iter().map(|body| json::read("decision", body)).collect()
}

/// Whether `first` is what `new` says, sent before.
fn repeats(new: &NewDecision, first: &Decision) -> bool {
    first.by == new.by
        && first.subject == new.subject
        && first.action == new.action
        && first.why == new.why.trim()
        && first.seen == new.seen
}

/// Refuses an undo of what is no verdict on `subject`, or is taken back already.
async fn undoable(
    connection: &mut SqliteConnection,
    subject: &Subject,
    number: u64,
) -> Result<(), StoreError> {
    let bodies: Vec<String> =
        sqlx::query_scalar("SELECT body FROM decision WHERE subject = ? ORDER BY number")
            .bind(json::write("subject", subject)?)
            .fetch_all(connection)
            .await?;
    let decisions: Vec<Decision> =
        bodies.iter().map(|body| json::read("decision", body)).collect::<Result<_, _>>()?;
    let stands = crate::standing(&decisions).holding.is_some_and(|held| held.number == number);
    if stands {
        Ok(())
    } else {
        Err(StoreError::Refused(format!(
            "Decision {number} is not the one that holds here; load the page again to see which is."
        )))
    }
}
