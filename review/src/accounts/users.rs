use super::{Role, checked, is_taken, moment};
use crate::{Store, StoreError};
use jiff::Timestamp;

/// A person who logs in.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct User {
    /// As decisions name them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// When they were added.
    pub added: Timestamp,
}

/// What a login is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSecret {
    /// The user's name as it was added, whatever its letters' case at login.
    pub name: String,
    /// The password's argon2id hash in PHC form; empty where no password lets this user in.
    pub password: String,
}

impl Store {
    /// Adds a user; `password` is the argon2id hash in PHC form.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the name is taken (in any case of its letters) or can be none.
    pub async fn add_user(
        &self,
        name: &str,
        role: Role,
        password: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let added =
            sqlx::query("INSERT INTO user (name, role, password, added) VALUES (?, ?, ?, ?)")
                .bind(checked(name)?)
                .bind(role.name())
                .bind(password)
                .bind(now.as_second())
                .execute(&self.pool)
                .await;
        match added {
            Ok(_) => Ok(()),
            Err(error) if is_taken(&error) => {
                Err(StoreError::Refused(format!("there is a user {name} already")))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a user out, and ends their sessions. What they decided stays.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where there is no such user.
    pub async fn remove_user(&self, name: &str) -> Result<(), StoreError> {
        let removed = sqlx::query("DELETE FROM user WHERE name = ?").bind(name);
        known(name, removed.execute(&self.pool).await?.rows_affected())
    }

    /// Gives a user another role, which holds from their next request on.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where there is no such user.
    pub async fn set_role(&self, name: &str, role: Role) -> Result<(), StoreError> {
        let set =
            sqlx::query("UPDATE user SET role = ? WHERE name = ?").bind(role.name()).bind(name);
        known(name, set.execute(&self.pool).await?.rows_affected())
    }

    /// Gives a user another password, as an argon2id hash in PHC form, and ends their sessions.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where there is no such user.
    pub async fn set_password(&self, name: &str, password: &str) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        let set =
            sqlx::query("UPDATE user SET password = ? WHERE name = ?").bind(password).bind(name);
        known(name, set.execute(&mut *transaction).await?.rows_affected())?;
        sqlx::query("DELETE FROM session WHERE user = (SELECT id FROM user WHERE name = ?)")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// The name of the user whom another service knows as `subject`. Who was not there yet is added under `name`; who was
    /// keeps theirs, whatever the service calls them now, as decisions name them by it. `role` holds from now on.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the name is another's, or can be none.
    pub async fn vouched_user(
        &self,
        subject: &str,
        name: &str,
        role: Role,
        now: Timestamp,
    ) -> Result<String, StoreError> {
        let mut transaction = self.write().await?;
        let known: Option<String> =
            sqlx::query_scalar("UPDATE user SET role = ? WHERE subject = ? RETURNING name")
                .bind(role.name())
                .bind(subject)
                .fetch_optional(&mut *transaction)
                .await?;
        if let Some(known) = known {
            transaction.commit().await?;
            return Ok(known);
        }
        let added = sqlx::query(
            "INSERT INTO user (name, role, password, added, subject) VALUES (?, ?, '', ?, ?)",
        )
        .bind(checked(name)?)
        .bind(role.name())
        .bind(now.as_second())
        .bind(subject)
        .execute(&mut *transaction)
        .await;
        match added {
            Ok(_) => transaction.commit().await?,
            Err(error) if is_taken(&error) => {
                return Err(StoreError::Refused(format!(
                    "{name} is the name of another user here"
                )));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(name.to_owned())
    }

    /// Every user, by name.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT name, role, added FROM user ORDER BY name")
                .fetch_all(&self.pool)
                .await?;
        let user = |(name, role, added): (String, String, i64)| User {
            name,
            role: Role::stored(&role),
            added: moment(added),
        };
        Ok(rows.into_iter().map(user).collect())
    }

    /// Whether anybody has to log in.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM user)").fetch_one(&self.pool).await?)
    }

    /// What a login as `name` is held against; `None` where there is no such user.
    pub async fn user_secret(&self, name: &str) -> Result<Option<UserSecret>, StoreError> {
        let row: Option<(String, String)> =
            sqlx::query_as("SELECT name, password FROM user WHERE name = ?")
                .bind(name)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|(name, password)| UserSecret { name, password }))
    }
}

fn known(name: &str, rows: u64) -> Result<(), StoreError> {
    if rows > 0 {
        return Ok(());
    }
    Err(StoreError::Refused(format!("there is no user {name}; `sufficit user list` lists them")))
}
