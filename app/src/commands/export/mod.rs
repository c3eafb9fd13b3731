//! What is known, in the form that others take it in. Every export says where the chain of decisions stood.

mod decisions;
mod matches;

pub(crate) use decisions::decisions;
pub(crate) use matches::{csv, matches};

use crate::cli::Common;
use crate::failure::Failure;
use serde::Serialize;
use std::fmt;
use std::io::Write;
use sufficit_review::Store;

/// The last decision's number and hash. Noted elsewhere, it shows later whether the record was cut or made anew.
#[derive(Debug, Serialize)]
struct Head {
    number: u64,
    hash: String,
}

impl Head {
    async fn of(store: &Store) -> Result<Self, Failure> {
        let (number, hash) = store.audit_head().await?;
        Ok(Self { number, hash })
    }

    /// Tells it beside an export whose form has no room for it.
    fn tell(&self, common: &Common) {
        if !common.quiet {
            // Where stderr is gone there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "{self}");
        }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "head {} (decision {})", self.hash, self.number)
    }
}
