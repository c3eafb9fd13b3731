//! The words of all passages, in a tantivy index.

mod allowed;
mod nearest;
mod schema;
mod terms;

use crate::words::english;
use crate::{IndexError, Within};
use allowed::Allowed;
use schema::{ENGLISH, Fields};
use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use sufficit_evidence::{Document, DocumentId};
use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError};
use terms::{Lengths, WeighedTexts};

/// Memory that writing may take before a segment is written out, in bytes.
const WRITER_MEMORY: usize = 64 << 20;

/// A passage found by its words: its score, its document and its ordinal there.
pub(super) type Found = (f32, DocumentId, u32);

/// The words of all passages.
pub(super) struct TextIndex {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    state: RwLock<Arc<State>>,
}

/// What was committed at one time.
struct State {
    searcher: Searcher,
    lengths: Lengths,
    marker: Option<u64>,
}

/// The passages of one time that lie within what was asked for.
pub(super) struct View {
    state: Arc<State>,
    fields: Fields,
    allowed: Option<Allowed>,
}

/// The write side.
pub(super) struct TextWriter {
    writer: IndexWriter,
    fields: Fields,
}

impl TextIndex {
    /// Opens the index in `folder`, or makes one there.
    pub(super) fn open(folder: &Path) -> Result<Self, IndexError> {
        let (fields, schema) = Fields::new();
        let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
        let index = Index::open_or_create(directory, schema)?;
        index.tokenizers().register(ENGLISH, english());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let state = RwLock::new(Arc::new(State::of(&index, &reader, &fields)?));
        Ok(Self { index, reader, fields, state })
    }

    fn state(&self) -> Arc<State> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins to write; nobody else may be writing.
    pub(super) fn writer(&self) -> Result<TextWriter, IndexError> {
        let writer = self.index.writer_with_num_threads(1, WRITER_MEMORY)?;
        Ok(TextWriter { writer, fields: self.fields })
    }

    /// Makes what was written durable and visible, under `marker`.
    pub(super) fn commit(&self, writer: &mut TextWriter, marker: u64) -> Result<(), IndexError> {
        let mut prepared = writer.writer.prepare_commit()?;
        prepared.set_payload(&marker.to_string());
        prepared.commit()?;
        let state = State::of(&self.index, &self.reader, &self.fields)?;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        Ok(())
    }

    /// The marker of the last commit.
    pub(super) fn committed(&self) -> Option<u64> {
        self.state().marker
    }

    /// In how many parts the words lie.
    #[cfg(test)]
    pub(super) fn segments(&self) -> usize {
        self.state().searcher.segment_readers().len()
    }

    /// What was committed, as far as it lies within.
    pub(super) fn view(&self, within: &Within) -> Result<View, IndexError> {
        let state = self.state();
        let filter = self.fields.filter(within);
        let allowed = filter.map(|filter| Allowed::of(&state.searcher, &filter)).transpose()?;
        Ok(View { state, fields: self.fields, allowed })
    }
}

impl State {
    fn of(index: &Index, reader: &IndexReader, fields: &Fields) -> tantivy::Result<Self> {
        // Read first, so that it is no newer than what is there.
        let marker = index.load_metas()?.payload.and_then(|payload| payload.parse().ok());
        reader.reload()?;
        let searcher = reader.searcher();
        Ok(Self { lengths: Lengths::of(&searcher, fields)?, searcher, marker })
    }
}

impl View {
    /// The documents that lie within; `None` where all do.
    pub(super) fn documents(&self) -> Option<&HashSet<DocumentId>> {
        self.allowed.as_ref().map(|allowed| &allowed.documents)
    }

    /// For each of `texts` the passages that share most with its words, by BM25, best first, at most `limit`. Equals
    /// stand by document and passage.
    pub(super) fn nearest(&self, texts: &[&str], limit: usize) -> tantivy::Result<Vec<Vec<Found>>> {
        let State { searcher, lengths, .. } = &*self.state;
        let weighed = WeighedTexts::new(texts, &self.fields, searcher, lengths)?;
        nearest::nearest(searcher, &weighed, self.allowed.as_ref(), limit)
    }
}

impl TextWriter {
    /// Puts a document's passages in, in place of those that are there.
    pub(super) fn put(&mut self, document: &Document) -> Result<(), IndexError> {
        self.remove(&document.id);
        for passage in &document.passages {
            self.writer.add_document(self.fields.entry(document, passage))?;
        }
        Ok(())
    }

    /// Takes a document's passages out.
    pub(super) fn remove(&mut self, document: &DocumentId) {
        self.writer.delete_term(self.fields.name(document));
    }

    /// Waits until small parts that are being brought together are: dropping the writer breaks that off, and each commit would leave
    /// one part more for every search to walk.
    pub(super) fn finish(self) -> tantivy::Result<()> {
        self.writer.wait_merging_threads()
    }
}
