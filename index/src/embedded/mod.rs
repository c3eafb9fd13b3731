//! The passage index on this machine: a tantivy index for words, and a memory-mapped file of vectors.
//!
//! The vectors are committed first and the words second, each with the marker. A crash between the two leaves the
//! vectors ahead; the lower marker counts then.

mod folder;
mod mapping;
mod ranked;
#[cfg(test)]
mod tests;
mod text;
mod vectors;

use crate::near::NEAR;
use crate::{Embedder, Hit, IndexError, Near, NearPassage, PassageIndex, Within};
use folder::Folder;
use rayon::prelude::*;
use std::fs::{self, File};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use sufficit_evidence::{Document, DocumentId, Probe};
use text::{TextIndex, TextWriter};
use vectors::{Query, VectorFile, VectorWriter};

/// A [`PassageIndex`] in a folder of this machine.
pub struct EmbeddedIndex {
    embedder: Arc<Embedder>,
    text: TextIndex,
    vectors: VectorFile,
    writers: Mutex<Option<Writers>>,
    folder: Folder,
    edition: u32,
    /// The edition beside which this one was made, as long as it has not taken over.
    beside: Option<u32>,
}

struct Writers {
    /// Held as long as it lives.
    _lock: File,
    text: TextWriter,
    vectors: VectorWriter,
}

impl EmbeddedIndex {
    /// Opens the index in `folder`, or makes one there.
    ///
    /// One that was made by another model or in another format, or whose files are damaged, is emptied:
    /// [`committed`](PassageIndex::committed) is `None` then, and the caller fills it again.
    pub fn open(folder: &Path, embedder: Arc<Embedder>) -> Result<Self, IndexError> {
        let place = Folder::new(folder, embedder.version());
        let mut is_new = false;
        loop {
            let edition = match place.current() {
                Some(edition) => edition,
                None => {
                    is_new = true;
                    place.begin(None)?
                }
            };
            let opened = Self::open_edition(&place, edition, &embedder);
            if place.current() != Some(edition) {
                // Another took its place while it was being opened.
                continue;
            }
            match opened {
                Ok(index) if index.is_whole() => {
                    place.clear_before(edition);
                    return Ok(index);
                }
                Ok(_) => {}
                Err(fault) if is_new || matches!(fault, IndexError::Io { .. }) => {
                    return Err(fault);
                }
                Err(fault) => tracing::warn!("{}: {fault}", folder.display()),
            }
            tracing::warn!("{}: the index is not whole and is made anew", folder.display());
            is_new = true;
            place.begin(Some(edition))?;
        }
    }

    /// Whether both parts hold something, or neither. Where one was lost, the other may hold what the store no longer has.
    fn is_whole(&self) -> bool {
        self.text.committed().is_some() == self.vectors.committed().is_some()
    }

    fn open_edition(
        folder: &Folder,
        edition: u32,
        embedder: &Arc<Embedder>,
    ) -> Result<Self, IndexError> {
        let path = folder.edition(edition);
        let text = path.join("text");
        fs::create_dir_all(&text).map_err(IndexError::io(&text))?;
        Ok(Self {
            text: TextIndex::open(&text)?,
            vectors: VectorFile::open(&path.join("vectors"), embedder.dimensions())?,
            embedder: Arc::clone(embedder),
            writers: Mutex::new(None),
            folder: folder.clone(),
            edition,
            beside: None,
        })
    }

    /// Hands the writers to `work`; the first call takes the write lock, which is held until the index is dropped.
    fn write<R>(
        &self,
        work: impl FnOnce(&mut Writers) -> Result<R, IndexError>,
    ) -> Result<R, IndexError> {
        let mut slot = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writers = match slot.take() {
            Some(writers) => writers,
            None => self.writers()?,
        };
        let result = work(&mut writers);
        *slot = Some(writers);
        result
    }

    fn writers(&self) -> Result<Writers, IndexError> {
        if self.beside.is_none() {
            self.folder.still(self.edition)?;
        }
        let lock = self.folder.lock(self.edition)?;
        if self.beside.is_none() {
            // Once it is locked nobody takes its place; somebody may have before.
            self.folder.still(self.edition)?;
        }
        Ok(Writers { _lock: lock, text: self.text.writer()?, vectors: self.vectors.writer()? })
    }

    /// For each of these texts and their vectors what lies nearest to it, at most `limit` by each measure.
    fn near(
        &self,
        texts: &[&str],
        vectors: &[Vec<f32>],
        within: &Within,
        limit: usize,
    ) -> Result<Vec<Near>, IndexError> {
        let view = self.text.view(within)?;
        let background = self.embedder.background();
        let spreads: Vec<(f32, f32)> =
            vectors.iter().map(|vector| background.similarity(vector)).collect();
        let queries: Vec<Query<'_>> = vectors
            .iter()
            .zip(&spreads)
            .map(|(vector, &(mean, deviation))| Query {
                vector,
                floor: if deviation > 0.0 { mean + NEAR * deviation } else { f32::INFINITY },
            })
            .collect();
        let lexical = view.nearest(texts, limit)?;
        let semantic = self.vectors.nearest(&queries, view.documents(), limit);
        let passage = |(score, document, passage)| NearPassage { document, passage, score };
        let near = lexical.into_iter().zip(semantic).zip(spreads);
        Ok(near
            .map(|((lexical, semantic), (mean, deviation))| Near {
                lexical: lexical.into_iter().map(passage).collect(),
                semantic: semantic
                    .into_iter()
                    .map(|(similarity, document, ordinal)| {
                        passage(((similarity - mean) / deviation, document, ordinal))
                    })
                    .collect(),
            })
            .collect())
    }
}

impl Drop for EmbeddedIndex {
    fn drop(&mut self) {
        let slot = self.writers.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some(Writers { _lock, text, .. }) = slot.take() else { return };
        if let Err(fault) = text.finish() {
            tracing::warn!("the index's words stay in many parts: {fault}");
        }
    }
}

impl PassageIndex for EmbeddedIndex {
    fn upsert(&self, documents: &[Document]) -> Result<(), IndexError> {
        let embedded: Vec<Vec<Vec<f32>>> = documents
            .par_iter()
            .map(|document| {
                let texts: Vec<&str> =
                    document.passages.iter().map(|passage| passage.text.as_str()).collect();
                self.embedder.embed_passages(&texts)
            })
            .collect::<Result<_, _>>()?;
        self.write(|writers| {
            for (document, vectors) in documents.iter().zip(&embedded) {
                writers.text.put(document)?;
                writers.vectors.put(&document.id, vectors)?;
            }
            Ok(())
        })
    }

    fn remove(&self, document: &DocumentId) -> Result<(), IndexError> {
        self.write(|writers| {
            writers.text.remove(document);
            writers.vectors.remove(document)
        })
    }

    fn commit(&self, marker: u64) -> Result<(), IndexError> {
        self.write(|writers| {
            self.vectors.commit(&mut writers.vectors, marker)?;
            self.text.commit(&mut writers.text, marker)
        })
    }

    fn committed(&self) -> Option<u64> {
        Some(self.vectors.committed()?.min(self.text.committed()?))
    }

    fn search(&self, query: &str, within: &Within, limit: usize) -> Result<Vec<Hit>, IndexError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let vector = self.embedder.embed_query(query)?;
        let near = self.near(&[query], &[vector], within, Near::list_length(limit))?;
        Ok(near.into_iter().flat_map(|near| near.fused(limit)).collect())
    }

    fn candidates(
        &self,
        probes: &[Probe],
        within: &Within,
        limit: usize,
    ) -> Result<Vec<Near>, IndexError> {
        let vectors = self.embedder.embed_probes(probes)?;
        let texts: Vec<&str> = probes.iter().map(|probe| probe.text.as_str()).collect();
        self.near(&texts, &vectors, within, limit)
    }

    fn anew(&self) -> Result<Box<dyn PassageIndex>, IndexError> {
        let current = self.beside.unwrap_or(self.edition);
        let edition = self.folder.beside(current)?;
        let mut index = Self::open_edition(&self.folder, edition, &self.embedder)?;
        index.beside = Some(current);
        // It is locked from the start, so that nobody takes it for what was left behind.
        index.write(|_| Ok(()))?;
        Ok(Box::new(index))
    }

    fn take_over(self: Box<Self>) -> Result<(), IndexError> {
        let Some(current) = self.beside else {
            // It stands in its place already.
            return Ok(());
        };
        let (folder, edition) = (self.folder.clone(), self.edition);
        folder.replace(current, edition, || drop(self))
    }
}
