use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Chunks kept before the cache starts anew. Real text has some tens of thousands of distinct ones.
const MOST_CHUNKS: usize = 1 << 16;
/// Longer chunks (addresses, encoded data) hardly come twice, in bytes.
const LONGEST_CHUNK: usize = 48;

/// What was made of a text's white-space-delimited chunks, kept for as long as there is room.
///
/// Tokenising and stemming do not look across white space, so what was found for a chunk once holds
/// wherever it stands.
#[derive(Debug)]
pub(crate) struct ChunkCache<V> {
    known: HashMap<Box<str>, V>,
}

impl<V> Default for ChunkCache<V> {
    fn default() -> Self {
        Self { known: HashMap::new() }
    }
}

impl<V> ChunkCache<V> {
    /// Hands to `visit` what `make` finds for each chunk of `text`, in order.
    pub(crate) fn each(
        &mut self,
        text: &str,
        mut make: impl FnMut(&str) -> V,
        mut visit: impl FnMut(&V),
    ) {
        for chunk in text.split_whitespace() {
            if chunk.len() > LONGEST_CHUNK {
                visit(&make(chunk));
                continue;
            }
            if let Some(value) = self.known.get(chunk) {
                visit(value);
                continue;
            }
            if self.known.len() >= MOST_CHUNKS {
                self.known.clear();
            }
            visit(self.known.entry(chunk.into()).or_insert_with(|| make(chunk)));
        }
    }
}

/// Values that threads borrow in turn: as many come to be as threads work at once.
#[derive(Debug)]
pub(crate) struct Pool<T> {
    idle: Mutex<Vec<T>>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { idle: Mutex::new(Vec::new()) }
    }
}

impl<T> Pool<T> {
    /// Lends an idle value, or a new one, to `work`.
    pub(crate) fn with<R>(&self, new: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut value = idle.unwrap_or_else(new);
        let result = work(&mut value);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(value);
        result
    }
}
