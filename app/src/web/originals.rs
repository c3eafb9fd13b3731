//! The files that documents were read from, as they lie there now: only bytes that were read are ever given.

use crate::reading::Reader;
use crate::web::incoming::fits;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
#[cfg(unix)]
use std::time::UNIX_EPOCH;
use std::time::{Duration, Instant, SystemTime};
use sufficit_evidence::{DocumentId, SourceRef};
use sufficit_ingest::{WITHIN, document_id, hashed_id};
use tokio::sync::Semaphore;

/// Files of which it is known what they hold.
const KNOWN: usize = 256;
/// Bytes that are read at a time.
const BLOCK: usize = 1 << 16;
/// A file that was changed less than this ago may be changed again without that showing in its times.
const SETTLED: Duration = Duration::from_secs(2);
/// The largest document that is taken out of an archive to be shown, in bytes: one at a time is held in memory.
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

/// A file that holds a document, open at its start.
#[derive(Debug)]
pub(crate) struct Original {
    pub(crate) file: File,
    /// What told that it holds the document: as long as this is so, it does.
    pub(crate) stamp: Stamp,
}

impl Originals {
    /// The file at `source`, where it still holds the document `wanted` of `size` bytes. Reads it, where that is not known:
    /// not for the async runtime's threads.
    pub(crate) fn file(
        &self,
        source: &SourceRef,
        wanted: &DocumentId,
        size: u64,
    ) -> Option<Original> {
        let path = place(source, &source.path);
        // A file of another size is another document; it may be too large to be read at all.
        let is_it = |known: &Metadata| known.is_file() && known.len() == size;
        fs::metadata(&path).ok().filter(is_it)?;
        let mut file = File::open(&path).ok()?;
        let now = SystemTime::now();
        let stamp = Stamp::of(&file.metadata().ok().filter(is_it)?);
        let holds = self.holds(path, stamp, now, wanted, || read_id(&mut file));
        holds.then_some(Original { file, stamp })
    }

    /// Whether the file at `path`, which has `stamp` at the moment `now`, holds the document `wanted`: as is known of it, or as
    /// `read` finds.
    fn holds(
        &self,
        path: PathBuf,
        stamp: Stamp,
        now: SystemTime,
        wanted: &DocumentId,
        read: impl FnOnce() -> io::Result<DocumentId>,
    ) -> bool {
        let is_known = |(at, then, held): &(PathBuf, Stamp, DocumentId)| {
            *at == path && *then == stamp && held == wanted
        };
        if self.known().iter().any(is_known) {
            return true;
        }
        if !read().is_ok_and(|held| held == *wanted) {
            return false;
        }
        if stamp.is_settled(now) {
            let mut known = self.known();
            known.retain(|(at, ..)| *at != path);
            known.truncate(KNOWN - 1);
            known.push_front((path, stamp, wanted.clone()));
        }
        true
    }

    fn known(&self) -> std::sync::MutexGuard<'_, VecDeque<(PathBuf, Stamp, DocumentId)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether it is listed as something in an archive or a mail.
pub(crate) fn is_member(source: &SourceRef) -> bool {
    source.path.contains(WITHIN)
}

/// The document `wanted` of `size` bytes, which lies at `source` in an archive or a mail, where it still does: taken out by
/// `reader`'s worker until `until`, into a file in `folder` that nobody else sees and that goes when it is closed. Waits for
/// it: not for the async runtime's threads.
///
/// # Errors
/// Where it cannot be had: why, as a sentence.
pub(crate) fn member(
    reader: &Reader,
    source: &SourceRef,
    (wanted, size): (&DocumentId, u64),
    folder: &Path,
    until: Instant,
) -> Result<Original, String> {
    let changed = || "It is gone, or was changed since it was read.".to_owned();
    let (path, name) = container(source).ok_or_else(changed)?;
    if size > LARGEST_MEMBER {
        return Err(format!("It has more than {} MiB.", LARGEST_MEMBER >> 20));
    }
    let bytes = reader.member(&path, name, &source.path, size, until)?;
    if document_id(&bytes) != *wanted {
        return Err(changed());
    }
    laid_down(folder, &bytes).map_err(|error| format!("It could not be written down ({error})."))
}

/// The archive or mail in which `source` lies, and what that is listed as: the first part of its path that is a file, for
/// a folder's name may end in an exclamation mark, too.
fn container(source: &SourceRef) -> Option<(PathBuf, &str)> {
    let ends = source.path.match_indices(WITHIN);
    ends.filter_map(|(end, _)| source.path.get(..end))
        .map(|name| (place(source, name), name))
        .find(|(path, _)| path.is_file())
}

/// `bytes` in a file without a name on the disk of `folder`.
fn laid_down(folder: &Path, bytes: &[u8]) -> io::Result<Original> {
    fs::create_dir_all(folder)?;
    if !fits(folder, bytes.len() as u64) {
        return Err(io::ErrorKind::StorageFull.into());
    }
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.rewind()?;
    let stamp = Stamp::of(&file.metadata()?);
    Ok(Original { file, stamp })
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
            None | Some([]) => return Ok(hashed_id(hash)),
            Some(part) => hash.update(part),
        }
    }
}

/// What tells of a file that it has not been changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Which file it is, and when anything of it was last changed, which nobody can set back.
    #[cfg(unix)]
    inode: (u64, u64, i64, i64),
}

impl Stamp {
    pub(crate) fn of(known: &Metadata) -> Self {
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

    /// Whether the next change of the file would show in it, for one that the file has at the moment `now`.
    fn is_settled(&self, now: SystemTime) -> bool {
        let age = self.changed().and_then(|changed| now.duration_since(changed).ok());
        age.is_some_and(|age| age > SETTLED)
    }

    /// When the file was last changed. What a file says of its own change anybody may set, so the system is asked.
    #[cfg(unix)]
    fn changed(&self) -> Option<SystemTime> {
        let (.., seconds, nanoseconds) = self.inode;
        let since = Duration::new(seconds.try_into().ok()?, nanoseconds.try_into().ok()?);
        UNIX_EPOCH.checked_add(since)
    }

    #[cfg(not(unix))]
    fn changed(&self) -> Option<SystemTime> {
        self.modified
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

    #[test]
    fn a_folder_is_no_archive_whatever_it_is_called() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let inner = folder.path().join("old!/in!");
        fs::create_dir_all(&inner).expect("is made");
        fs::write(inner.join("a.md"), "one").expect("is written");
        fs::write(inner.join("b.zip"), "no archive").expect("is written");
        let root = folder.path().to_string_lossy().into_owned();
        let at = |path: &str| SourceRef { root: root.clone(), path: path.to_owned() };
        let given = Originals::default().file(&at("old!/in!/a.md"), &id("one"), 3);
        assert!(given.is_some());
        let (source, nowhere) = (at("old!/in!/b.zip!/x!/y.md"), at("old!/gone.zip!/y.md"));
        let found = container(&source);
        assert_eq!(found, Some((inner.join("b.zip"), "old!/in!/b.zip")));
        assert_eq!(container(&nowhere), None);
    }

    #[test]
    fn what_was_taken_out_lies_where_nobody_else_sees_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut original = laid_down(folder.path(), b"one").expect("is written");
        assert_eq!(read_id(&mut original.file).expect("is read"), id("one"));
        assert_eq!(folder.path().read_dir().expect("is listed").count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn what_a_file_holds_is_read_once_until_it_is_changed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (originals, path) = (Originals::default(), folder.path().join("a.md"));
        let reads = std::cell::Cell::new(0);
        let holds = |text: &str, now: SystemTime| {
            let mut file = File::open(&path).expect("opens");
            let stamp = Stamp::of(&file.metadata().expect("is there"));
            originals.holds(path.clone(), stamp, now, &id(text), || {
                reads.set(reads.get() + 1);
                read_id(&mut file)
            })
        };
        let write = |text: &str, modified: SystemTime| {
            fs::write(&path, text).expect("is written");
            let file = File::options().write(true).open(&path).expect("opens");
            file.set_modified(modified).expect("is set");
        };
        let hour = Duration::from_secs(3600);
        let (just_now, later) = (SystemTime::now(), SystemTime::now() + hour);
        // Whatever it says of its own age.
        for modified in [just_now - hour, just_now + 2 * hour] {
            write("one", modified);
            reads.set(0);
            assert!(holds("one", just_now) && holds("one", just_now));
            assert_eq!(reads.get(), 2, "it may be changed again in the same moment");
            assert!(holds("one", later) && holds("one", later));
            assert_eq!(reads.get(), 3);
            assert!(!holds("two", later), "another document");
            // The same size, and its time set back: it is another file all the same.
            fs::remove_file(&path).expect("is removed");
            write("two", modified);
            assert!(!holds("one", later) && holds("two", later) && holds("two", later));
            assert_eq!(reads.get(), 6);
            assert_eq!(originals.known().len(), 1);
        }
    }
}
