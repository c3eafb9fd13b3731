//! The record: what was read, what was made of it, and when, kept in one SQLite file.
//!
//! Files that were met go in with [`Store::record_files`] and come out as current [`Document`]s
//! with all their paths; matches and assessments go in under the run that made them and come out
//! for the documents that are current now. What a file held before is kept as a version, until
//! [`Store::forget`] takes it out for good.
//!
//! The one decision that shapes this crate: **the record is the truth, and everything else is
//! derived from it**. So each method is one transaction that is on the disk when it returns
//! (`synchronous = FULL`), and every change to the set of current documents has a growing number
//! ([`Store::changes_since`]) by which an index finds out what it has missed.
//!
//! [`Document`]: sufficit_evidence::Document

mod accounts;
mod agreement;
mod assessments;
mod audit;
mod changes;
mod commit;
mod counted;
mod decisions;
mod documents;
mod error;
mod files;
mod forget;
mod json;
mod ledger;
mod lock;
mod matches;
mod profiles;
mod proposals;
mod queue;
mod runs;
mod schema;
mod span_bytes;
mod standing;
mod store;

pub use accounts::{
    Role, SESSION_IDLE_SECONDS, SESSION_SECONDS, Session, SessionHolder, Token, User, UserSecret,
};
pub use agreement::{Agreement, agreement};
pub use audit::{Audit, AuditFault};
pub use changes::{Change, ChangeKind};
pub use counted::{counted, held, unproposed};
pub use decisions::NewDecision;
pub use documents::CurrentDocument;
pub use error::StoreError;
pub use files::{KnownFile, NewFile, Version};
pub use forget::{Forgotten, ForgottenFile};
pub use ledger::Ledger;
pub use lock::WriterLock;
pub use matches::{Mapping, MatchFilter, StoredMatch};
pub use profiles::Profile;
pub use proposals::{MatchHead, match_head, seen_of_assessment, unproposed_head};
pub use queue::{
    Need, Reviewed, ReviewedMatch, ReviewedRequirement, reviewed_match, reviewed_requirement,
};
pub use standing::{Assignment, Standing, standing};
pub use store::Store;
