//! Turns the bytes of a file into a [`Document`]: canonical text, pages, facts and passages.
//!
//! The one decision that shapes this crate: every format is first turned into the same few blocks (headings, paragraphs,
//! list items, tables, page starts), and everything after that (text, spans, passages, facts) is made from
//! blocks by code that knows nothing of formats. So a policy reads the same as DOCX, PDF and Markdown.
//!
//! Nothing here trusts its input: a file's name and extension settle at most a tie, sizes that a file declares are ignored,
//! and every reader works within [`Limits`]. What cannot be read is said to be unread, with the reason; it is never
//! empty text.

mod archive;
mod block;
mod budget;
pub mod confine;
mod extract;
mod facts;
mod fault;
mod formats;
mod language;
mod limits;
mod outside;
mod passage;
mod pdf;
#[cfg(test)]
mod proofs;
mod render;
mod sentence;
mod sniff;
mod stamp;
pub mod tools;
mod walk;
pub mod worker;

pub use extract::{
    Extracted, Extraction, Reading, Step, WITHIN, document_id, extract, extract_all, hashed_id,
};
pub use limits::Limits;
pub use outside::{Answer, Ask, OldOffice, RecognisedPage, Request};
pub use walk::{FoundFile, walk};

/// Raised with every change that alters text, facts or passages; a file read by an older version is read again.
pub const EXTRACTOR_VERSION: &str = "15";
