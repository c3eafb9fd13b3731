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

mod assessments;
mod changes;
mod documents;
mod error;
mod files;
mod forget;
mod json;
mod lock;
mod matches;
mod runs;
mod schema;
mod span_bytes;
mod store;

pub use changes::{Change, ChangeKind};
pub use documents::CurrentDocument;
pub use error::StoreError;
pub use files::{KnownFile, NewFile, Version};
pub use forget::{Forgotten, ForgottenFile};
pub use lock::WriterLock;
pub use matches::{Mapping, MatchFilter, StoredMatch};
pub use store::Store;
