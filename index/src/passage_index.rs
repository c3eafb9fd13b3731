use crate::IndexError;
use sufficit_evidence::{Document, DocumentId};

/// All passages of a workspace, for free search. It is derived: everything in it can be made again from the store.
///
/// - Writes are seen by [`search`](Self::search) after the next [`commit`](Self::commit), all of them at once.
/// - What was committed survives a crash at any later moment. What was not is forgotten, by a crash and by dropping
///   the index alike; a crash within `commit` leaves either the state before it or the one after it, or a state
///   between them that [`committed`](Self::committed) reports with the *older* marker.
/// - So after opening, the caller replays every change behind `committed()`. Writes are idempotent for each
///   document, so that replaying what was already there changes nothing.
/// - One process writes at a time; any number may search, each seeing what was committed when it opened the index
///   or committed itself.
pub trait PassageIndex: Send + Sync {
    /// Puts the passages of `documents` in, in place of what was there under their ids.
    ///
    /// After an error the batch may be in, in part or not at all; writing it again mends that.
    fn upsert(&self, documents: &[Document]) -> Result<(), IndexError>;

    /// Takes the passages of a document out; nothing happens where there are none.
    fn remove(&self, document: &DocumentId) -> Result<(), IndexError>;

    /// Makes everything written so far durable and visible, under the caller's `marker`: how far in the store it
    /// reaches.
    fn commit(&self, marker: u64) -> Result<(), IndexError>;

    /// The marker of the last commit; `None` where nothing was committed yet, or where it was made by another model
    /// or an older format and starts anew.
    fn committed(&self) -> Option<u64>;

    /// The passages nearest to `query`, best first, at most `limit`: by words and by meaning. None where it shares
    /// no word with any passage and is near to none.
    fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>, IndexError>;
}

/// A passage found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its document.
    pub document: DocumentId,
    /// Its ordinal there.
    pub passage: u32,
    /// BM25 score over body, headings and title; 0 where it was not among the best by words.
    pub lexical: f32,
    /// Similarity to the query, in standard deviations above that of unrelated text; 0 where it was not among the best
    /// by meaning.
    pub semantic: f32,
    /// Both in one number, above 0: the sum of 1 / (60 + rank) over both lists.
    pub score: f32,
}
