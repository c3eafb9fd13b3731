//! A file on its way in: written beside the uploads first, so that no half of it is ever read as evidence.

use crate::web::originals::read_id;
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use sufficit_evidence::DocumentId;
use sufficit_ingest::hashed_id;
use tokio::io::AsyncWriteExt;

/// Room on the disk that uploads leave for the record and the index, in bytes.
const RESERVE: u64 = 128 << 20;
/// Bytes after which it is looked again whether there is room: others write, too, and not every file says how large it is.
const LOOK: u64 = 4 << 20;

/// Tells the files that come in at the same time apart.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// What became of a file that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is there now.
    Stored,
    /// It is there now, in place of another version.
    Replaced,
    /// The same bytes were there already.
    Duplicate,
}

/// A file that is being written; taken away when dropped.
#[derive(Debug)]
pub(crate) struct Incoming {
    path: PathBuf,
    file: tokio::fs::File,
    hash: Sha256,
    bytes: u64,
    /// Bytes that the disk is to have left.
    reserve: u64,
    /// Bytes that were written since it was looked whether it has.
    unlooked: u64,
}

impl Incoming {
    /// A new file in `folder`, which is made where it is not there.
    pub(crate) async fn new(folder: &Path) -> io::Result<Self> {
        Self::leaving(folder, RESERVE).await
    }

    async fn leaving(folder: &Path, reserve: u64) -> io::Result<Self> {
        tokio::fs::create_dir_all(folder).await?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{number}", std::process::id()));
        let file = tokio::fs::File::create(&path).await?;
        Ok(Self { path, file, hash: Sha256::new(), bytes: 0, reserve, unlooked: 0 })
    }

    /// Adds to its end.
    ///
    /// # Errors
    /// [`io::ErrorKind::StorageFull`] also before the disk is full: when it has no room to spare any more.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.unlooked += bytes.len() as u64;
        if self.unlooked >= LOOK {
            self.unlooked = 0;
            if !has_left(&self.path, self.reserve) {
                return Err(io::ErrorKind::StorageFull.into());
            }
        }
        self.file.write_all(bytes).await
    }

    /// How many bytes it has.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Puts it at `path` under `root`. When this returns it is on the disk, to outlast a power cut.
    pub(crate) async fn keep(
        mut self,
        root: PathBuf,
        path: String,
    ) -> io::Result<(Kept, DocumentId)> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let id = hashed_id(std::mem::take(&mut self.hash));
        let known = id.clone();
        let kept = tokio::task::spawn_blocking(move || put(&self, &root, &path, &known))
            .await
            .map_err(io::Error::other)??;
        Ok((kept, id))
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Where it was moved to its place there is nothing left to take away; what cannot be is taken away at the next start.
        let _ = fs::remove_file(&self.path);
    }
}

/// Takes away what was still coming in when the server was last stopped.
pub(crate) fn clear(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!("{} could not be emptied: {error}", folder.display());
    }
}

/// Whether `more` bytes fit on the disk of `folder` with room to spare. Where the system does not say, it is tried.
pub(crate) fn fits(folder: &Path, more: u64) -> bool {
    has_left(folder, more.saturating_add(RESERVE))
}

/// Whether the disk on which `place` lies has so many bytes left.
fn has_left(place: &Path, bytes: u64) -> bool {
    #[cfg(unix)]
    if let Ok(disk) = rustix::fs::statvfs(place) {
        return disk.f_bavail.saturating_mul(disk.f_frsize) >= bytes;
    }
    let _ = (place, bytes);
    true
}

fn put(incoming: &Incoming, root: &Path, path: &str, id: &DocumentId) -> io::Result<Kept> {
    let target = root.join(path);
    let there = fs::symlink_metadata(&target).ok();
    if let Some(there) = &there
        && there.is_file()
        && there.len() == incoming.bytes
        && read_id(&mut fs::File::open(&target)?)? == *id
    {
        return Ok(Kept::Duplicate);
    }
    let folder = target.parent().unwrap_or(root);
    fs::create_dir_all(folder)?;
    fs::rename(&incoming.path, &target)?;
    // Folders that were made for it are entries of the folders around them.
    for folder in folder.ancestors().take_while(|folder| folder.starts_with(root)) {
        sync(folder)?;
    }
    root.parent().map_or(Ok(()), sync)?;
    Ok(if there.is_some() { Kept::Replaced } else { Kept::Stored })
}

/// Puts the entries of a folder on the disk, where the system has that done by hand.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(folder: &Path, path: &str, bytes: &[u8]) -> io::Result<(Kept, DocumentId)> {
        let mut incoming = Incoming::new(&folder.join("incoming")).await?;
        incoming.write(bytes).await?;
        incoming.keep(folder.join("uploads"), path.to_owned()).await
    }

    #[tokio::test]
    async fn a_file_is_kept_once_and_named_by_its_bytes() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (kept, id) = sent(folder.path(), "a/b.txt", b"one").await?;
        assert_eq!(kept, Kept::Stored);
        assert_eq!(id.as_str().len(), 64);
        assert_eq!(sent(folder.path(), "a/b.txt", b"one").await?, (Kept::Duplicate, id));
        assert_eq!(sent(folder.path(), "a/b.txt", b"two").await?.0, Kept::Replaced);
        assert_eq!(fs::read(folder.path().join("uploads/a/b.txt"))?, b"two");
        assert_eq!(
            fs::read_dir(folder.path().join("incoming"))?.count(),
            0,
            "nothing is left over"
        );
        Ok(())
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_disk_that_fills_up_meanwhile_ends_the_writing() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut incoming = Incoming::leaving(folder.path(), u64::MAX).await?;
        let half = vec![b'x'; usize::try_from(LOOK / 2).expect("is small")];
        incoming.write(&half).await?;
        let fault = incoming.write(&half).await.expect_err("nothing is to spare");
        assert_eq!(fault.kind(), io::ErrorKind::StorageFull);
        drop(incoming);
        assert_eq!(fs::read_dir(folder.path())?.count(), 0);
        Ok(())
    }

    #[tokio::test]
    async fn what_is_given_up_or_has_no_place_leaves_nothing() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut incoming = Incoming::new(&folder.path().join("incoming")).await?;
        incoming.write(b"half of").await?;
        drop(incoming);
        sent(folder.path(), "a", b"a file").await?;
        assert!(sent(folder.path(), "a/b", b"under a file").await.is_err());
        sent(folder.path(), "c/d", b"in a folder").await?;
        assert!(sent(folder.path(), "c", b"where a folder is").await.is_err());
        assert_eq!(fs::read_dir(folder.path().join("incoming"))?.count(), 0);
        Ok(())
    }
}
