use crate::commit::{Boundary, commit};
use crate::store::now;
use crate::{Store, StoreError, audit, json, standing};
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
    /// before it. What the same person sent twice is taken down once, and the first is given both times. An undo is taken
    /// down on the subject of the decision that it takes back.
    ///
    /// # Errors
    /// [`StoreError::DecidedMeanwhile`] where a verdict would follow one that its author had not seen,
    /// [`StoreError::Refused`] where a reason is missing or an undo names no decision that still holds.
    pub async fn decide(&self, new: &NewDecision) -> Result<Decision, StoreError> {
        if let Some(fault) = decision_fault(&new.subject, &new.action, &new.why) {
            return Err(StoreError::Refused(fault.to_owned()));
        }
        let mut transaction = self.write().await?;
        let since =
            about(&mut transaction, &new.subject, new.seen.document.as_ref(), new.expected).await?;
        if let Some(sent) = sent_before(new, &since) {
            return Ok(sent.clone());
        }
        let other = since.into_iter().rfind(|decision| decision.action.is_verdict());
        if let Some(other) = other.filter(|_| new.action.is_verdict()) {
            return Err(StoreError::DecidedMeanwhile(Box::new(other)));
        }
        let subject = match new.action {
            Action::Undo { number } => undone_subject(&mut transaction, new, number).await?,
            _ => new.subject.clone(),
        };
        let (last, head) = audit::head(&mut transaction, self.identity()).await?;
        let decision = Decision {
            number: last + 1,
            at: now(),
            by: new.by.clone(),
            subject,
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

/// The decisions above the number `after` on `subject`, or on the version `document` at any place for the same requirement;
/// oldest first.
async fn about(
    connection: &mut SqliteConnection,
    subject: &Subject,
    document: Option<&DocumentId>,
    after: u64,
) -> Result<Vec<Decision>, StoreError> {
    let part = |of: fn(&RequirementRef) -> &str| subject.requirement().map(of);
    let bodies: Vec<String> = sqlx::query_scalar(
        "SELECT body FROM decision
         WHERE number > ?1 AND (subject = ?2 OR (document = ?3
               AND subject ->> 'framework' IS ?4 AND subject ->> 'requirement' IS ?5))
         ORDER BY number",
    )
    .bind(json::signed(after))
    .bind(json::write("subject", subject)?)
    .bind(subject.source().and(document).map(DocumentId::as_str))
    .bind(part(|name| name.framework.as_str()))
    .bind(part(|name| name.requirement.as_str()))
    .fetch_all(connection)
    .await?;
    bodies.iter().map(|body| json::read("decision", body)).collect()
}

/// What `new` says, where it was sent before and nobody gave another verdict `since`.
fn sent_before<'d>(new: &NewDecision, since: &'d [Decision]) -> Option<&'d Decision> {
    let sent = since.iter().rfind(|decision| repeats(new, decision))?;
    let overtakes = |other: &Decision| match &sent.action {
        verdict if verdict.is_verdict() => other.action.is_verdict() && other != sent,
        _ => other.number > sent.number && says_otherwise(&sent.action, &other.action),
    };
    (!since.iter().any(overtakes)).then_some(sent)
}

/// Whether the later action is on the same as an earlier assignment, comment or correction, so that doing the earlier again
/// does something.
fn says_otherwise(earlier: &Action, later: &Action) -> bool {
    match (earlier, later) {
        (Action::Assign { .. }, Action::Assign { .. }) => true,
        (Action::Correct { field, .. }, Action::Correct { field: other, .. }) => field == other,
        _ => false,
    }
}

/// Whether `first` is what `new` says, sent before. Another run may have come between.
fn repeats(new: &NewDecision, first: &Decision) -> bool {
    let is_undo = matches!(new.action, Action::Undo { .. });
    first.by == new.by
        && (is_undo || first.subject == new.subject)
        && first.action == new.action
        && first.why == new.why.trim()
        && first.seen.document == new.seen.document
}

/// The subject of the decision `number` that `new` takes back; refuses where it is on something else, is no verdict, or
/// holds no more.
async fn undone_subject(
    connection: &mut SqliteConnection,
    new: &NewDecision,
    number: u64,
) -> Result<Subject, StoreError> {
    let body: Option<String> = sqlx::query_scalar("SELECT body FROM decision WHERE number = ?")
        .bind(json::signed(number))
        .fetch_optional(&mut *connection)
        .await?;
    let undone: Option<Decision> = body.map(|body| json::read("decision", &body)).transpose()?;
    let same = |undone: &Decision| {
        undone.subject.requirement() == new.subject.requirement()
            && undone.subject.source().is_some() == new.subject.source().is_some()
    };
    if let Some(undone) = undone.filter(same) {
        let all = about(connection, &undone.subject, undone.seen.document.as_ref(), 0).await?;
        if standing(&all).holding.is_some_and(|held| held.number == number) {
            return Ok(undone.subject);
        }
    }
    Err(StoreError::Refused(format!(
        "Decision {number} is not the one that holds here; load the page again to see which is."
    )))
}
