use super::{Role, UserSecret};
use crate::{Store, StoreError};
use jiff::Timestamp;

/// A session that was not used for so long has ended: a working day.
pub const SESSION_IDLE_SECONDS: i64 = 8 * 60 * 60;
/// However much it is used, it ends after a week.
pub const SESSION_SECONDS: i64 = 7 * 24 * 60 * 60;
/// A session's last use is noted to so many seconds, so that reading pages does not write the record.
const USE_NOTED: i64 = 5 * 60;

/// Whose session begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionHolder<'a> {
    /// The user who gave the password of this hash.
    User(&'a UserSecret),
    /// The user whom another service knows as this subject.
    Vouched(&'a str),
    /// Who sits at the machine, by the system's name. Such a session holds as long as there are no users.
    Person(&'a str),
}

/// A session that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who asks, as decisions name them.
    pub name: String,
    /// What they may do now.
    pub role: Role,
    /// Whether its use is to be noted, by [`Store::note_session_use`].
    pub to_note: bool,
}

impl Store {
    /// Begins a session whose secret has the digest `digest`. Those that have ended are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where there is no such user any more, or their password is another by now: a change of it ends
    /// all sessions, also those that are about to begin.
    pub async fn begin_session(
        &self,
        digest: &str,
        holder: SessionHolder<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let now = now.as_second();
        let mut transaction = self.write().await?;
        let (user, person): (Option<i64>, _) = match holder {
            SessionHolder::User(user) => {
                let known =
                    sqlx::query_scalar("SELECT id FROM user WHERE name = ? AND password = ?")
                        .bind(&user.name)
                        .bind(&user.password)
                        .fetch_optional(&mut *transaction)
                        .await?;
                (Some(known.ok_or_else(changed)?), None)
            }
            SessionHolder::Vouched(subject) => {
                let known = sqlx::query_scalar("SELECT id FROM user WHERE subject = ?")
                    .bind(subject)
                    .fetch_optional(&mut *transaction)
                    .await?;
                (Some(known.ok_or_else(changed)?), None)
            }
            SessionHolder::Person(name) => (None, Some(name)),
        };
        sqlx::query("DELETE FROM session WHERE begun <= ? OR seen <= ?")
            .bind(now - SESSION_SECONDS)
            .bind(now - SESSION_IDLE_SECONDS)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO session (digest, user, person, begun, seen) VALUES (?1, ?2, ?3, ?4, ?4)",
        )
        .bind(digest)
        .bind(user)
        .bind(person)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// The session whose secret has the digest `digest`, where it still holds at `now`.
    pub async fn session(
        &self,
        digest: &str,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let now = now.as_second();
        let row: Option<(String, String, i64)> = sqlx::query_as(
            "SELECT coalesce(user.name, session.person), coalesce(user.role, 'admin'), session.seen
             FROM session LEFT JOIN user ON user.id = session.user
             WHERE session.digest = ? AND session.begun > ? AND session.seen > ?
               AND (user.id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM user))",
        )
        .bind(digest)
        .bind(now - SESSION_SECONDS)
        .bind(now - SESSION_IDLE_SECONDS)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(name, role, seen)| Session {
            name,
            role: Role::stored(&role),
            to_note: now - seen >= USE_NOTED,
        }))
    }

    /// Notes that a session was used at `now`, so that it does not end for want of use.
    pub async fn note_session_use(&self, digest: &str, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE session SET seen = max(seen, ?) WHERE digest = ?")
            .bind(now.as_second())
            .bind(digest)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends a session; one that there is not has ended already.
    pub async fn end_session(&self, digest: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session WHERE digest = ?")
            .bind(digest)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

fn changed() -> StoreError {
    let why = "the user or the password was changed meanwhile; log in once more";
    StoreError::Refused(why.to_owned())
}
