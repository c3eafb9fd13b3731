//! The passage index on this machine: a tantivy index for words, and a memory-mapped file of vectors.
//!
//! The vectors are committed first and the words second, each with the marker. A crash between the two leaves the
//! vectors ahead; the lower marker counts then.

mod mapping;
#[cfg(test)]
mod tests;
mod text;
mod vectors;

use crate::near::NEAR;
use crate::{Embedder, Hit, IndexError, Near, NearPassage, PassageIndex, Within};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use sufficit_evidence::{Document, DocumentId, Probe};
use text::{TextIndex, TextWriter};
use vectors::{VectorFile, VectorWriter};

/// Raised with each change of what is written to disk.
const FORMAT: u32 = 1;
/// What the name of a folder ends with that is filled anew beside another.
const ANEW: &str = "anew";

/// A [`PassageIndex`] in a folder of this machine.
pub struct EmbeddedIndex {
    embedder: Arc<Embedder>,
    text: TextIndex,
    vectors: VectorFile,
    writers: Mutex<Option<Writers>>,
    folder: PathBuf,
}

struct Writers {
    /// Held as long as it lives.
    _lock: File,
    text: TextWriter,
    vectors: VectorWriter,
}

/// What an index was made by and with.
#[derive(PartialEq, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    model: String,
}

impl EmbeddedIndex {
    /// Opens the index in `folder`, or makes one there.
    ///
    /// One that was made by another model or in another format, or whose files are damaged, is emptied:
    /// [`committed`](PassageIndex::committed) is `None` then, and the caller fills it again.
    pub fn open(folder: &Path, embedder: Arc<Embedder>) -> Result<Self, IndexError> {
        let manifest = Manifest { format: FORMAT, model: embedder.version().to_owned() };
        let written = fs::read(folder.join("manifest.json"))
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
        if written.as_ref() != Some(&manifest) {
            begin_anew(folder, &manifest)?;
        }
        match Self::open_parts(folder, &embedder) {
            Ok(index) if index.is_whole() => return Ok(index),
            Ok(_) => {}
            Err(fault @ IndexError::Io { .. }) => return Err(fault),
            Err(fault) => tracing::warn!("{}: {fault}", folder.display()),
        }
        tracing::warn!("{}: the index is not whole and is made anew", folder.display());
        begin_anew(folder, &manifest)?;
        Self::open_parts(folder, &embedder)
    }

    /// Whether both parts hold something, or neither. Where one was lost, the other may hold what the store no longer has.
    fn is_whole(&self) -> bool {
        self.text.committed().is_some() == self.vectors.committed().is_some()
    }

    fn open_parts(folder: &Path, embedder: &Arc<Embedder>) -> Result<Self, IndexError> {
        Ok(Self {
            text: TextIndex::open(&folder.join("text"))?,
            vectors: VectorFile::open(&folder.join("vectors"), embedder.dimensions())?,
            embedder: Arc::clone(embedder),
            writers: Mutex::new(None),
            folder: folder.to_owned(),
        })
    }

    /// Hands the writers to `work`; the first call takes the folder's write lock, which is held until the index is dropped.
    fn write<R>(
        &self,
        work: impl FnOnce(&mut Writers) -> Result<R, IndexError>,
    ) -> Result<R, IndexError> {
        let mut slot = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writers = match slot.take() {
            Some(writers) => writers,
            None => Writers {
                _lock: lock(&self.folder)?,
                text: self.text.writer()?,
                vectors: self.vectors.writer()?,
            },
        };
        let result = work(&mut writers);
        *slot = Some(writers);
        result
    }

    /// What lies nearest to a text and its vector, at most `limit` by each measure.
    fn near(
        &self,
        text: &str,
        vector: &[f32],
        _within: &Within,
        limit: usize,
    ) -> Result<Near, IndexError> {
        let found = |(score, document, passage)| NearPassage { document, passage, score };
        let lexical = self.text.search(text, limit)?.into_iter().map(found).collect();
        let (mean, deviation) = self.embedder.background().similarity(vector);
        let mut semantic = Vec::new();
        if deviation > 0.0 {
            let near = self.vectors.search(vector, mean + NEAR * deviation, limit);
            semantic.extend(near.into_iter().map(|(similarity, document, passage)| {
                found(((similarity - mean) / deviation, document, passage))
            }));
        }
        Ok(Near { lexical, semantic })
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
        Ok(self.near(query, &vector, within, Near::list_length(limit))?.fused(limit))
    }

    fn candidates(
        &self,
        probes: &[Probe],
        within: &Within,
        limit: usize,
    ) -> Result<Vec<Near>, IndexError> {
        let vectors = self.embedder.embed_probes(probes)?;
        let near =
            |(probe, vector): (&Probe, &Vec<f32>)| self.near(&probe.text, vector, within, limit);
        probes.iter().zip(&vectors).map(near).collect()
    }

    fn anew(&self) -> Result<Box<dyn PassageIndex>, IndexError> {
        let folder = self.folder.with_extension(ANEW);
        gone(fs::remove_dir_all(&folder)).map_err(IndexError::io(&folder))?;
        Ok(Box::new(Self::open(&folder, Arc::clone(&self.embedder))?))
    }

    fn take_over(self: Box<Self>) -> Result<(), IndexError> {
        let (folder, place) = (self.folder.clone(), self.folder.with_extension(""));
        // Its files are closed before they move.
        drop(self);
        gone(fs::remove_dir_all(&place)).map_err(IndexError::io(&place))?;
        fs::rename(&folder, &place).map_err(IndexError::io(&folder))
    }
}

/// Takes the write lock of `folder`, as long as the file lives; `Busy` where it is taken.
fn lock(folder: &Path) -> Result<File, IndexError> {
    let path = folder.join("lock");
    let file = File::create(&path).map_err(IndexError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(IndexError::Busy(folder.to_owned())),
        Err(TryLockError::Error(fault)) => Err(IndexError::io(&path)(fault)),
    }
}

/// Empties `folder` and writes the manifest of an index that has yet to be filled.
fn begin_anew(folder: &Path, manifest: &Manifest) -> Result<(), IndexError> {
    fs::create_dir_all(folder).map_err(IndexError::io(folder))?;
    let _lock = lock(folder)?;
    let (note, text, vectors) =
        (folder.join("manifest.json"), folder.join("text"), folder.join("vectors"));
    // The manifest goes first and comes last: a crash in between leaves no manifest, and so an index to be made anew.
    gone(fs::remove_file(&note)).map_err(IndexError::io(&note))?;
    gone(fs::remove_dir_all(&text)).map_err(IndexError::io(&text))?;
    gone(fs::remove_file(&vectors)).map_err(IndexError::io(&vectors))?;
    fs::create_dir_all(&text).map_err(IndexError::io(&text))?;
    let json = serde_json::json!(manifest).to_string();
    fs::write(&note, json).map_err(IndexError::io(&note))
}

/// A removal, where what was not there is gone as well.
fn gone(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}
