//! Turns the bytes of a file into a [`Document`]: canonical text, pages, facts and passages.
//!
//! The one decision that shapes this crate: every format is first turned into the same few blocks (headings, paragraphs,
//! list items, tables, page starts), and everything after that (text, spans, passages, facts) is made from
//! blocks by code that knows nothing of formats. So a policy reads the same as DOCX, PDF and Markdown.
//!
//! Nothing here trusts its input: a file's name and extension settle at most a tie, sizes that a file declares are ignored,
//! and every reader works within [`Limits`]. What cannot be read is said to be unread, with the reason; it is never
//! empty text.

mod block;
mod budget;
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
mod sentence;
mod sniff;
mod walk;

pub use limits::Limits;
pub use outside::{Answer, Ask, OldOffice, RecognisedPage, Request};
pub use walk::{FoundFile, walk};

use fault::Fault;
use formats::Content;
use sha2::{Digest, Sha256};
use sniff::Format;
use std::{fmt::Write, panic};
use sufficit_evidence::{Document, DocumentId};

/// Raised with every change that alters text, facts or passages; a file read by an older version is read again.
pub const EXTRACTOR_VERSION: &str = "2";

/// Characters of a file's property, or of its name, that are kept.
const PROPERTY_CHARS: usize = 300;

/// What became of a file's bytes. The reasons are sentences for people: what was wrong and what to do.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all values are the large variant")]
pub enum Extraction {
    /// Its text is there.
    Read(Document),
    /// It holds nothing to read, or a format that is not read.
    Skipped {
        /// What the bytes are.
        media_type: String,
        /// Why, and what to do.
        reason: String,
    },
    /// It should have been read, and could not be.
    Failed {
        /// What the bytes are, as far as was seen.
        media_type: String,
        /// Why, and what to do.
        reason: String,
    },
    /// It holds pictures of text only.
    NeedsOcr {
        /// What the bytes are.
        media_type: String,
        /// How many pages, where the format has any.
        pages: Option<u32>,
        /// Why, and what to do.
        reason: String,
    },
}

/// The id of a file's content: the SHA-256 of its bytes.
pub fn document_id(bytes: &[u8]) -> DocumentId {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    DocumentId::new(hex)
}

/// Reads a file's `bytes`. Its `name` breaks ties between text formats (Markdown or plain, CSV or plain) and
/// influences nothing else: the same bytes under two names of one kind give the same document.
pub fn extract(bytes: &[u8], name: &str, limits: &Limits) -> Extraction {
    let size = bytes.len() as u64;
    if size > limits.file_bytes {
        return Extraction::Failed {
            media_type: sniff::by_magic(bytes),
            reason: sentence_of(&Fault::OverLimit {
                what: format!("the file ({size} bytes)"),
                limit: limits.file_bytes,
            }),
        };
    }
    let format = sniff::sniff(bytes, name);
    let media_type = format.media_type().to_owned();
    match panic::catch_unwind(|| read(bytes, &format, limits)) {
        Ok(extraction) => extraction,
        Err(_) => {
            tracing::error!(%media_type, bytes = size, "a reader panicked");
            Extraction::Failed {
                media_type,
                reason: "The reader of this format stopped at a place it did not foresee. Open the file in its own program, save it again and give that; please report the file.".into(),
            }
        }
    }
}

fn read(bytes: &[u8], format: &Format, limits: &Limits) -> Extraction {
    let media_type = format.media_type().to_owned();
    let content = match format {
        Format::Docx => formats::docx::read(bytes, limits),
        Format::Xlsx => formats::xlsx::read(bytes, limits),
        Format::Pdf => formats::pdf::read(bytes, limits),
        Format::Markdown(text) => Ok(formats::markdown::read(text)),
        Format::Html(text) => formats::html::read(text, limits),
        Format::Csv { text, delimiter } => formats::csv::read(text, *delimiter, limits),
        Format::Json(text) => formats::json::read(text, limits),
        Format::Text { text, .. } => Ok(formats::text::read(text)),
        Format::Image(_) => {
            return Extraction::NeedsOcr {
                media_type,
                pages: None,
                reason: "This is a picture; reading text out of pictures (OCR) comes in a later version. Until then, run `tesseract FILE out pdf` and give the PDF that it writes.".into(),
            };
        }
        Format::Encrypted(_) => Err(Fault::Encrypted),
        Format::Unread { reason, .. } => {
            return Extraction::Skipped { media_type, reason: reason.clone() };
        }
    };
    match content.and_then(|content| document(bytes, &media_type, content, limits)) {
        Ok(document) => Extraction::Read(document),
        Err(Fault::PicturesOnly { pages }) => Extraction::NeedsOcr {
            media_type,
            pages: Some(pages),
            reason: format!(
                "{pages} {} with pictures only and no text; reading text out of pictures (OCR) comes in a later version. Until then, run `ocrmypdf IN.pdf OUT.pdf` (it uses Tesseract) and give the PDF that it writes.",
                if pages == 1 { "page" } else { "pages" }
            ),
        },
        Err(fault @ Fault::Nothing(_)) => {
            Extraction::Skipped { media_type, reason: sentence_of(&fault) }
        }
        Err(fault) => Extraction::Failed { media_type, reason: sentence_of(&fault) },
    }
}

fn document(
    bytes: &[u8],
    media_type: &str,
    content: Content,
    limits: &Limits,
) -> Result<Document, Fault> {
    let layout = block::layout(content.blocks, limits)?;
    if layout.places.is_empty() {
        return Err(Fault::Nothing("text"));
    }
    let passages = passage::cut(&layout);
    Ok(Document {
        id: document_id(bytes),
        media_type: media_type.to_owned(),
        bytes: bytes.len() as u64,
        language: language::of(&passages),
        facts: facts::read(&layout, &clean(content.properties)),
        passages,
        text: layout.text,
        pages: layout.pages,
    })
}

/// Properties as the text is cleaned: what a file says of itself beside its text is shown to people as well.
fn clean(properties: Vec<(String, String)>) -> Vec<(String, String)> {
    let short = |text: &str| -> String {
        block::one_line(text).chars().take(PROPERTY_CHARS).collect::<String>().trim_end().to_owned()
    };
    properties
        .into_iter()
        .map(|(name, value)| (short(&name), short(&value)))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// A fault as a sentence: with a capital and a full stop.
fn sentence_of(fault: &Fault) -> String {
    // Names of parts come from the file.
    let clause = block::one_line(&fault.to_string());
    let mut chars = clause.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).chain(['.']).collect())
        .unwrap_or_default()
}
