use crate::IndexError;
use crate::near::Near;
use crate::within::Within;
use sufficit_evidence::{Document, DocumentId, Probe};

/// All passages of a workspace, for free search and for what lies nearest to a check. It is derived: everything in it
/// can be made again from the store.
///
/// - Writes are seen at the latest after the next [`commit`](Self::commit), by the index itself and by those that open it later.
/// - What was committed survives a crash at any later moment. What was not may be there or not, by passages, after a
///   crash and after dropping the index alike; [`committed`](Self::committed) then reports a marker that is no newer than
///   what is there.
/// - So after opening, the caller replays every change behind `committed()`. Writes are idempotent for each
///   document, so that replaying what was already there changes nothing.
/// - Any number of threads may write and search through one index. A second index that writes to the same place is refused
///   as [`Busy`](IndexError::Busy), or does no harm: the same document gives the same passages, whoever writes them.
/// - An index that came about in many steps finds the same documents as one that was made in one. The embedded one gives
///   them the same scores to the last digit; one on a server may not, which counts for a while what was taken out among the
///   texts in which a word is rare, counts each shard by itself, and looks for what is near by approximation.
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

    /// The marker of the last commit; `None` where nothing was committed yet, or where the index starts anew since it
    /// was lost or cannot be read.
    fn committed(&self) -> Option<u64>;

    /// The passages nearest to `query`, best first, at most `limit`: by words and by meaning. None where it shares
    /// no word with any passage and is near to none.
    fn search(&self, query: &str, within: &Within, limit: usize) -> Result<Vec<Hit>, IndexError>;

    /// For each of `probes`, in their order, the passages nearest to it by words and by meaning, at most `limit` of each.
    /// What they are worth is for the code above to say.
    fn candidates(
        &self,
        probes: &[Probe],
        within: &Within,
        limit: usize,
    ) -> Result<Vec<Near>, IndexError>;

    /// An empty index of the same kind beside this one, to be filled anew while this one goes on answering. What an earlier
    /// one left, that never took over, is gone.
    fn anew(&self) -> Result<Box<dyn PassageIndex>, IndexError>;

    /// Puts an index made by [`anew`](Self::anew) in the place of the one that made it, whose passages are dropped for good.
    /// Who opens the index from now on gets this one, as far as it was committed; the old one is to be closed before.
    fn take_over(self: Box<Self>) -> Result<(), IndexError>;
}

/// A passage found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its document.
    pub document: DocumentId,
    /// Its ordinal there.
    pub passage: u32,
    /// BM25 score over body, headings and title; 0 where it shares no word with the query, and where it was found by
    /// meaning alone and the index measures by words only the best by words.
    pub lexical: f32,
    /// Similarity to the query, in standard deviations above that of unrelated text; 0 where it is not near, and where it
    /// was found by words alone and the index measures by meaning only the best by meaning.
    pub semantic: f32,
    /// Both in one number, above 0: the sum of 1 / (60 + rank) over both lists.
    pub score: f32,
}
