//! The vectors of all passages in one file that only grows.
//!
//! It begins with two headers in turn: the newer of those whose digest is right holds. Behind them stand entries,
//! each a document with its vectors, or a document's removal; a later entry stands in place of an earlier one of the
//! same document. A commit writes the entries through to the disk before the header that counts them, so a torn
//! write is never read. All numbers are little-endian.

mod nearest;

pub(super) use nearest::{Found, Query};

use super::folder::synced;
use super::mapping::map;
use crate::IndexError;
use memmap2::Mmap;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use sufficit_evidence::DocumentId;

const MAGIC: &[u8; 8] = b"SUFVEC01";
/// Room for one header: a disk's sector, which is written as a whole.
const HEADER_ROOM: u64 = 512;
/// Magic, generation, end, marker, digest.
const HEADER_LENGTH: usize = 8 + 8 + 8 + 8 + 16;
/// Where the entries begin.
const BEGIN: u64 = 2 * HEADER_ROOM;
/// Tag (1: vectors, 0: removal), passages, bytes of the id.
const ENTRY_LENGTH: usize = 1 + 4 + 2;
/// Bytes before a vector's numbers: its scale.
const SCALE_LENGTH: usize = 4;
/// Superseded entries are cleared out once they outweigh the others and this, in bytes.
const CLEAR_FROM: u64 = 16 << 20;

/// The vectors as of the last commit.
pub(super) struct VectorFile {
    path: PathBuf,
    dimensions: usize,
    state: RwLock<Arc<Snapshot>>,
}

/// What was committed at one time.
struct Snapshot {
    header: Option<Header>,
    bytes: Option<Mmap>,
    /// Where each document's vectors stand.
    extents: BTreeMap<DocumentId, Extent>,
}

#[derive(Clone, Copy)]
struct Header {
    generation: u64,
    /// One past the last committed byte.
    end: u64,
    marker: u64,
}

#[derive(Clone, Copy)]
struct Extent {
    /// Where its entry begins.
    entry: u64,
    /// Where its first vector begins.
    first: u64,
    passages: u32,
}

/// The write side.
pub(super) struct VectorWriter {
    path: PathBuf,
    file: File,
    header: Option<Header>,
    end: u64,
    extents: BTreeMap<DocumentId, Extent>,
}

impl VectorFile {
    /// Opens the file at `path`; where there is none, nothing was committed.
    pub(super) fn open(path: &Path, dimensions: usize) -> Result<Self, IndexError> {
        let snapshot = Snapshot::load(path, dimensions)?;
        Ok(Self { path: path.to_owned(), dimensions, state: RwLock::new(Arc::new(snapshot)) })
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The marker of the last commit.
    pub(super) fn committed(&self) -> Option<u64> {
        self.snapshot().header.map(|header| header.marker)
    }

    /// Begins to write behind what is committed on the disk by now.
    pub(super) fn writer(&self) -> Result<VectorWriter, IndexError> {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.path)
            .map_err(IndexError::io(&self.path))?;
        let Snapshot { header, extents, .. } = Snapshot::load(&self.path, self.dimensions)?;
        let end = header.map_or(BEGIN, |header| header.end);
        Ok(VectorWriter { path: self.path.clone(), file, header, end, extents })
    }

    /// Makes what was written durable and visible, under `marker`.
    pub(super) fn commit(&self, writer: &mut VectorWriter, marker: u64) -> Result<(), IndexError> {
        let live: u64 = writer.extents.values().map(|extent| self.length(extent)).sum();
        let dead = (writer.end - BEGIN).saturating_sub(live);
        writer.seal(marker)?;
        // What is sealed is committed, whether or not there is room on the disk for a copy without what is superseded.
        if dead > live.max(CLEAR_FROM)
            && let Err(fault) = self.clear_out(writer, marker)
        {
            tracing::warn!("superseded vectors stay for now: {fault}");
        }
        let bytes = map(&writer.file, writer.end as usize).map_err(IndexError::io(&self.path))?;
        let snapshot =
            Snapshot { header: writer.header, bytes: Some(bytes), extents: writer.extents.clone() };
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }

    /// Bytes of a document's entry.
    fn length(&self, extent: &Extent) -> u64 {
        let row = (SCALE_LENGTH + self.dimensions) as u64;
        extent.first - extent.entry + u64::from(extent.passages) * row
    }

    /// Puts a file without superseded entries in place of this one.
    fn clear_out(&self, writer: &mut VectorWriter, marker: u64) -> Result<(), IndexError> {
        let path = self.path.with_extension("new");
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path)
            .map_err(IndexError::io(&path))?;
        let old = map(&writer.file, writer.end as usize).map_err(IndexError::io(&self.path))?;
        let mut new = VectorWriter {
            path: self.path.clone(),
            file,
            header: writer.header,
            end: BEGIN,
            extents: BTreeMap::new(),
        };
        for (document, extent) in &writer.extents {
            let entry = extent.entry as usize..(extent.entry + self.length(extent)) as usize;
            let moved = Extent {
                entry: new.end,
                first: new.end + (extent.first - extent.entry),
                passages: extent.passages,
            };
            new.append(&old[entry])?;
            new.extents.insert(document.clone(), moved);
        }
        new.seal(marker)?;
        fs::rename(&path, &self.path).map_err(IndexError::io(&path))?;
        if let Some(folder) = self.path.parent() {
            synced(folder)?;
        }
        *writer = new;
        Ok(())
    }

    /// For each of `queries` the passages nearest to it, best first, at most `limit`; equals by document and passage.
    /// Where `documents` are named, only theirs.
    ///
    /// Every vector is looked at: exact, and in time proportional to their number.
    pub(super) fn nearest(
        &self,
        queries: &[Query<'_>],
        documents: Option<&HashSet<DocumentId>>,
        limit: usize,
    ) -> Vec<Vec<Found>> {
        let snapshot = self.snapshot();
        let Some(bytes) = &snapshot.bytes else {
            return vec![Vec::new(); queries.len()];
        };
        let extents = snapshot.extents.iter();
        let extents: Vec<(&DocumentId, &[u8])> = extents
            .filter(|(document, _)| documents.is_none_or(|documents| documents.contains(*document)))
            .map(|(document, extent)| {
                let first = extent.first as usize;
                let length = extent.passages as usize * (SCALE_LENGTH + self.dimensions);
                (document, &bytes[first..first + length])
            })
            .collect();
        nearest::nearest(&extents, self.dimensions, queries, limit)
    }
}

impl VectorWriter {
    /// Puts a document's vectors in, in place of those that are there.
    pub(super) fn put(
        &mut self,
        document: &DocumentId,
        vectors: &[Vec<f32>],
    ) -> Result<(), IndexError> {
        let mut entry = entry_head(1, vectors.len() as u32, document);
        let extent = Extent {
            entry: self.end,
            first: self.end + entry.len() as u64,
            passages: vectors.len() as u32,
        };
        for vector in vectors {
            let (numbers, scale) = quantise(vector);
            entry.extend(scale.to_le_bytes());
            entry.extend(numbers.iter().map(|number| number.cast_unsigned()));
        }
        self.append(&entry)?;
        self.extents.insert(document.clone(), extent);
        Ok(())
    }

    /// Takes a document's vectors out.
    pub(super) fn remove(&mut self, document: &DocumentId) -> Result<(), IndexError> {
        if self.extents.contains_key(document) {
            self.append(&entry_head(0, 0, document))?;
            self.extents.remove(document);
        }
        Ok(())
    }

    /// Writes `entry` behind the others. After an error the next one is written over what this left.
    fn append(&mut self, entry: &[u8]) -> Result<(), IndexError> {
        self.file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| self.file.write_all(entry))
            .map_err(IndexError::io(&self.path))?;
        self.end += entry.len() as u64;
        Ok(())
    }

    /// Writes everything through to the disk, and then the header that counts it, over the older of the two.
    fn seal(&mut self, marker: u64) -> Result<(), IndexError> {
        let generation = self.header.map_or(0, |header| header.generation + 1);
        let header = Header { generation, end: self.end, marker };
        let file = &mut self.file;
        let written = file
            .sync_all()
            .and_then(|()| file.seek(SeekFrom::Start(generation % 2 * HEADER_ROOM)))
            .and_then(|_| file.write_all(&header.to_bytes()))
            // Without entries the file would end before the place where they begin, and could not be mapped.
            .and_then(|()| if self.end == BEGIN { file.set_len(BEGIN) } else { Ok(()) })
            .and_then(|()| file.sync_all());
        written.map_err(IndexError::io(&self.path))?;
        self.header = Some(header);
        Ok(())
    }
}

impl Header {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for number in [self.generation, self.end, self.marker] {
            bytes.extend(number.to_le_bytes());
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend(&digest[..16]);
        bytes
    }

    /// The header in `bytes`, where its digest is right.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let header = Self { generation: number(8)?, end: number(16)?, marker: number(24)? };
        (bytes.get(..HEADER_LENGTH)? == header.to_bytes()).then_some(header)
    }
}

impl Snapshot {
    /// Reads where the committed entries stand; their vectors are not touched.
    fn load(path: &Path, dimensions: usize) -> Result<Self, IndexError> {
        let nothing = Self { header: None, bytes: None, extents: BTreeMap::new() };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(nothing),
            Err(fault) => return Err(IndexError::io(path)(fault)),
        };
        let length = file.metadata().map_err(IndexError::io(path))?.len();
        let mut headers = Vec::new();
        (&file).take(BEGIN).read_to_end(&mut headers).map_err(IndexError::io(path))?;
        let newest = [0, HEADER_ROOM as usize]
            .into_iter()
            .filter_map(|at| Header::from_bytes(headers.get(at..at + HEADER_LENGTH)?))
            .filter(|header| (BEGIN..=length).contains(&header.end))
            .max_by_key(|header| header.generation);
        let Some(header) = newest else {
            return Ok(nothing);
        };
        let bytes = map(&file, header.end as usize).map_err(IndexError::io(path))?;
        let extents =
            extents(&bytes, dimensions).ok_or_else(|| IndexError::Damaged(path.to_owned()))?;
        Ok(Self { header: Some(header), bytes: Some(bytes), extents })
    }
}

/// Walks the entries; `None` where they do not end where the file ends.
fn extents(bytes: &[u8], dimensions: usize) -> Option<BTreeMap<DocumentId, Extent>> {
    let mut extents = BTreeMap::new();
    let mut at = BEGIN as usize;
    while at < bytes.len() {
        let head = bytes.get(at..at + ENTRY_LENGTH)?;
        let passages = u32::from_le_bytes(head[1..5].try_into().ok()?);
        let id_length = usize::from(u16::from_le_bytes(head[5..7].try_into().ok()?));
        let first = at + ENTRY_LENGTH + id_length;
        let id = std::str::from_utf8(bytes.get(at + ENTRY_LENGTH..first)?).ok()?;
        if head[0] == 1 {
            let extent = Extent { entry: at as u64, first: first as u64, passages };
            extents.insert(DocumentId::new(id), extent);
            at = first + passages as usize * (SCALE_LENGTH + dimensions);
        } else {
            extents.remove(&DocumentId::new(id));
            at = first;
        }
    }
    (at == bytes.len()).then_some(extents)
}

/// What stands before an entry's vectors.
fn entry_head(tag: u8, passages: u32, document: &DocumentId) -> Vec<u8> {
    // An id is 64 digits; one that is longer than its length can say is cut, and then never found again.
    let id = document.as_str().as_bytes();
    let id = &id[..id.len().min(usize::from(u16::MAX))];
    let mut head = vec![tag];
    head.extend(passages.to_le_bytes());
    head.extend((id.len() as u16).to_le_bytes());
    head.extend(id);
    head
}

/// The numbers of `vector` as whole ones from -127 to 127, and what each is to be multiplied with to have it back.
fn quantise(vector: &[f32]) -> (Vec<i8>, f32) {
    let largest = vector.iter().fold(0f32, |largest, number| largest.max(number.abs()));
    let scale = largest / 127.0;
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    (vector.iter().map(|number| (number * inverse).round() as i8).collect(), scale)
}
