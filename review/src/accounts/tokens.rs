use super::{Role, checked, is_taken, moment};
use crate::{Store, StoreError};
use jiff::Timestamp;
use sufficit_evidence::Date;

/// What lets a program ask the HTTP API.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Token {
    /// As decisions name the program.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was added.
    pub added: Timestamp,
    /// From when on it lets nobody in.
    pub expires: Timestamp,
    /// The day on which it was last used; `None` before the first.
    pub last_used: Option<Date>,
}

type Row = (String, String, i64, i64, Option<String>);

impl Store {
    /// Adds a token whose secret has the digest `digest`; `added` and `expires` of `token` are kept to the second.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the name is taken (in any case of its letters) or can be none.
    pub async fn add_token(&self, token: &Token, digest: &str) -> Result<(), StoreError> {
        let added = sqlx::query(
            "INSERT INTO token (name, digest, role, added, expires) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(checked(&token.name)?)
        .bind(digest)
        .bind(token.role.name())
        .bind(token.added.as_second())
        .bind(token.expires.as_second())
        .execute(&self.pool)
        .await;
        match added {
            Ok(_) => Ok(()),
            Err(error) if is_taken(&error) => {
                Err(StoreError::Refused(format!("there is a token {} already", token.name)))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a token out; it lets nobody in from now on.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where there is no such token.
    pub async fn remove_token(&self, name: &str) -> Result<(), StoreError> {
        let removed =
            sqlx::query("DELETE FROM token WHERE name = ?").bind(name).execute(&self.pool).await?;
        if removed.rows_affected() > 0 {
            return Ok(());
        }
        Err(StoreError::Refused(format!(
            "there is no token {name}; `sufficit token list` lists them"
        )))
    }

    /// Every token, by name; those that have expired, too.
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT name, role, added, expires, last_used FROM token ORDER BY name")
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.into_iter().map(token).collect())
    }

    /// The token whose secret has the digest `digest`, where it still lets anybody in at `now`.
    pub async fn token(&self, digest: &str, now: Timestamp) -> Result<Option<Token>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT name, role, added, expires, last_used FROM token WHERE digest = ? AND expires > ?",
        )
        .bind(digest)
        .bind(now.as_second())
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(token))
    }

    /// Notes the day on which a token was used.
    pub async fn note_token_use(&self, name: &str, day: Date) -> Result<(), StoreError> {
        sqlx::query("UPDATE token SET last_used = ?1 WHERE name = ?2 AND last_used IS NOT ?1")
            .bind(day.to_string())
            .bind(name)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

fn token((name, role, added, expires, last_used): Row) -> Token {
    Token {
        name,
        role: Role::stored(&role),
        added: moment(added),
        expires: moment(expires),
        last_used: last_used.and_then(|day| day.parse().ok()),
    }
}
