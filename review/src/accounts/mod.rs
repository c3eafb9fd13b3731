//! Who may ask the web application: people who log in, the sessions that they have, and tokens of programs. Secrets never
//! come here: of a password its argon2id hash, of a session or token its digest.

mod sessions;
mod tokens;
mod users;

use crate::StoreError;
use jiff::Timestamp;
use std::fmt;

pub use sessions::{SESSION_IDLE_SECONDS, SESSION_SECONDS, Session, SessionHolder};
pub use tokens::Token;
pub use users::{User, UserSecret};

/// The longest name, in characters.
const NAME: usize = 64;

/// What a person or program may do; a later role may do what an earlier may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks at everything.
    Viewer,
    /// Decides and uploads, too.
    Reviewer,
    /// Manages who may ask, too.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Reviewer, Self::Admin];

    /// Its name on the command line, in the record and in pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
        }
    }

    /// The role of this name. One that is not known gives the least, so that a damaged record lets nobody do more.
    fn stored(name: &str) -> Self {
        Self::ALL.into_iter().find(|role| role.name() == name).unwrap_or(Self::Viewer)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Refuses what cannot be the name of a user or token: decisions and log lines name people by it.
fn checked(name: &str) -> Result<&str, StoreError> {
    let allowed = |c: char| c.is_alphanumeric() || " ._-@+'".contains(c);
    let fits = !name.is_empty()
        && name.chars().count() <= NAME
        && name.trim() == name
        && name.chars().all(allowed);
    if fits {
        return Ok(name);
    }
    Err(StoreError::Refused(format!(
        "a name has 1 to {NAME} letters, digits, blanks inside and any of . _ - @ + '"
    )))
}

/// The moment that was stored as `seconds`.
fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Whether SQLite says that the name is there already.
fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

#[cfg(test)]
mod tests;
