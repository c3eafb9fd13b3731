//! The files that documents were read from, as they lie there now: only bytes that were read are ever given.

use crate::reading::Reader;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use sufficit_evidence::{DocumentId, SourceRef};
use sufficit_ingest::WITHIN;
use tokio::sync::Semaphore;

/// Files of which it is known what they hold.
const KNOWN: usize = 256;
/// Bytes that are read at a time.
const BLOCK: usize = 1 << 16;
/// A file that was changed less than this ago may be changed again without that showing in its times.
const SETTLED: Duration = Duration::from_secs(2);
/// The largest document that is taken out of an archive to be shown, in bytes: it is held in memory.
const LARGEST_MEMBER: u64 = 64 << 20;

/// What is known of original files.
#[derive(Debug)]
pub(crate) struct Originals {
    /// Files with the document that each was found to hold, and what told then that it had not changed. A file that is asked
    /// for in parts is so read once, and not once a part.
    known: Mutex<VecDeque<(PathBuf, Stamp, DocumentId)>>,
    /// Turns to take something out of an archive, which takes a worker and memory.
    pub(crate) turns: Arc<Semaphore>,
}

impl Default for Originals {
    fn default() -> Self {
        Self { known: Mutex::default(), turns: Arc::new(Semaphore::new(1)) }
    }
}

impl Originals {
    /// The file at `source`, where it still holds the document `wanted` of `size` bytes. Reads it, where that is not known:
    /// not for the async runtime's threads.
    pub(crate) fn file(&self, source: &SourceRef, wanted: &DocumentId, size: u64) -> Option<File> {
        if is_member(source) {
            return None;
        }
        let path = place(source, &source.path);
        // A file of another size is another document; it may be too large to be read at all.
        let is_it = |known: &Metadata| known.is_file() && known.len() == size;
        std::fs::metadata(&path).ok().filter(is_it)?;
        let mut file = File::open(&path).ok()?;
        let stamp = Stamp::of(&file.metadata().ok().filter(is_it)?);
        let is_known = |(at, then, held): &(PathBuf, Stamp, DocumentId)| {
            *at == path && *then == stamp && held == wanted
        };
        if self.known().iter().any(is_known) {
            return Some(file);
        }
        if read_id(&mut file).ok()? != *wanted {
            return None;
        }
        if stamp.is_settled() {
            let mut known = self.known();
            known.retain(|(at, ..)| *at != path);
            known.truncate(KNOWN - 1);
            known.push_front((path, stamp, wanted.clone()));
        }
        Some(file)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, VecDeque<(PathBuf, Stamp, DocumentId)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether it lies in an archive or a mail.
pub(crate) fn is_member(source: &SourceRef) -> bool {
    source.path.contains(WITHIN)
}

/// The bytes of the document `wanted` of `size` bytes, which lies at `source` in an archive or a mail, where it still does. They
/// are taken out by `reader`'s worker, into memory. Waits for it: not for the async runtime's threads.
pub(crate) fn member(
    reader: &Reader,
    source: &SourceRef,
    wanted: &DocumentId,
    size: u64,
) -> Option<Vec<u8>> {
    let (name, _) = source.path.split_once(WITHIN).filter(|_| size <= LARGEST_MEMBER)?;
    let bytes = reader.member(&place(source, name), name, &source.path)?;
    (read_id(&mut bytes.as_slice()).ok()? == *wanted).then_some(bytes)
}

/// Where the file lies that `source` lists as `name`: under its root, or at it where a single file was read.
fn place(source: &SourceRef, name: &str) -> PathBuf {
    let root = Path::new(&source.root);
    if root.is_file() { root.to_owned() } else { root.join(name) }
}

/// The id of the document that all that `bytes` gives would be.
pub(crate) fn read_id(bytes: &mut impl Read) -> io::Result<DocumentId> {
    let mut hash = Sha256::new();
    let mut block = vec![0; BLOCK];
    loop {
        let read = bytes.read(&mut block)?;
        match block.get(..read) {
            None | Some([]) => break,
            Some(part) => hash.update(part),
        }
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(DocumentId::new(hex))
}

/// What tells of a file that it has not been changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Which file it is, and when anything of it was last changed, which nobody can set back.
    #[cfg(unix)]
    inode: (u64, u64, i64, i64),
}

impl Stamp {
    fn of(known: &Metadata) -> Self {
        #[cfg(unix)]
        let inode = {
            use std::os::unix::fs::MetadataExt;
            (known.dev(), known.ino(), known.ctime(), known.ctime_nsec())
        };
        Self {
            size: known.len(),
            modified: known.modified().ok(),
            #[cfg(unix)]
            inode,
        }
    }

    fn is_settled(&self) -> bool {
        let age = self.modified.and_then(|modified| modified.elapsed().ok());
        age.is_some_and(|age| age > SETTLED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn id(text: &str) -> DocumentId {
        read_id(&mut text.as_bytes()).expect("is read")
    }

    #[test]
    fn only_the_bytes_that_were_read_are_given() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().to_string_lossy().into_owned();
        let originals = Originals::default();
        fs::write(folder.path().join("a.md"), "one").expect("is written");
        let at = |path: &str| SourceRef { root: root.clone(), path: path.to_owned() };
        let given = |path: &str| originals.file(&at(path), &id("one"), 3).is_some();
        assert!(given("a.md"));
        assert!(!given("a.zip!/a.md"));
        assert!(!given("gone.md"));
        fs::write(folder.path().join("a.md"), "two").expect("is written");
        assert!(!given("a.md"));
        fs::write(folder.path().join("b.md"), "one").expect("is written");
        let alone = SourceRef { root: format!("{root}/b.md"), path: "b.md".to_owned() };
        assert!(originals.file(&alone, &id("one"), 3).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn what_a_file_holds_is_known_until_it_is_changed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().to_string_lossy().into_owned();
        let (originals, path) = (Originals::default(), folder.path().join("a.md"));
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        let write = |text: &str| {
            fs::write(&path, text).expect("is written");
            let file = File::options().write(true).open(&path).expect("opens");
            file.set_modified(long_ago).expect("is set");
        };
        let source = SourceRef { root, path: "a.md".to_owned() };
        write("one");
        assert!(originals.file(&source, &id("one"), 3).is_some());
        assert_eq!(originals.known().len(), 1);
        assert!(originals.file(&source, &id("one"), 3).is_some());
        assert!(originals.file(&source, &id("two"), 3).is_none(), "another document");
        // The same size, and its time set back: it is another file all the same.
        fs::remove_file(&path).expect("is removed");
        write("two");
        assert!(originals.file(&source, &id("one"), 3).is_none());
        assert!(originals.file(&source, &id("two"), 3).is_some());
        assert_eq!(originals.known().len(), 1);
    }
}
