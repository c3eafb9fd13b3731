//! Where an index lies: a folder with a manifest, and beside it numbered folders, *editions*, each of them an index.
//!
//! The manifest names the edition that holds, and is only ever replaced as a whole. So an edition takes another's
//! place in one step, and a crash before or after it leaves an edition that nobody needs, which the next to come
//! removes.

use crate::IndexError;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Raised with each change of what is written to disk.
const FORMAT: u32 = 2;
const MANIFEST: &str = "manifest.json";

/// The folder of an index that this model made.
#[derive(Clone)]
pub(super) struct Folder {
    path: PathBuf,
    model: String,
}

/// What an index was made by and with, and which edition holds.
#[derive(Serialize, Deserialize)]
struct Manifest {
    format: u32,
    model: String,
    edition: u32,
}

impl Folder {
    pub(super) fn new(path: &Path, model: &str) -> Self {
        Self { path: path.to_owned(), model: model.to_owned() }
    }

    /// Where an edition lies.
    pub(super) fn edition(&self, number: u32) -> PathBuf {
        self.path.join(number.to_string())
    }

    /// The edition that holds; `None` where there is none of this format and model.
    pub(super) fn current(&self) -> Option<u32> {
        let bytes = fs::read(self.path.join(MANIFEST)).ok()?;
        let manifest: Manifest = serde_json::from_slice(&bytes).ok()?;
        (manifest.format == FORMAT && manifest.model == self.model).then_some(manifest.edition)
    }

    /// Takes the write lock of an edition, as long as the file lives; `Busy` where it is taken.
    pub(super) fn lock(&self, number: u32) -> Result<File, IndexError> {
        let path = self.edition(number).join("lock");
        let file = File::create(&path).map_err(IndexError::io(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(IndexError::Busy(self.path.clone())),
            Err(TryLockError::Error(fault)) => Err(IndexError::io(&path)(fault)),
        }
    }

    /// Makes an empty edition that holds, in place of all that is there, unless another than `damaged` holds by now. Gives
    /// the number of the one that holds.
    pub(super) fn begin(&self, damaged: Option<u32>) -> Result<u32, IndexError> {
        fs::create_dir_all(&self.path).map_err(IndexError::io(&self.path))?;
        let _turn = self.turn()?;
        if let Some(current) = self.current().filter(|current| Some(*current) != damaged) {
            return Ok(current);
        }
        let old = self.editions()?;
        let held: Vec<File> =
            old.iter().map(|number| self.lock(*number)).collect::<Result<_, _>>()?;
        // The manifest goes first and comes last: a crash in between leaves none, and so an index to be made anew.
        let manifest = self.path.join(MANIFEST);
        gone(fs::remove_file(&manifest)).map_err(IndexError::io(&manifest))?;
        // Whoever takes a lock from now on finds that its edition holds no longer.
        drop(held);
        for number in &old {
            self.remove(*number)?;
        }
        self.remove_first_format()?;
        let number = old.last().map_or(1, |last| last.saturating_add(1));
        let edition = self.edition(number);
        fs::create_dir(&edition).map_err(IndexError::io(&edition))?;
        self.declare(number)?;
        Ok(number)
    }

    /// Makes an empty edition beside the one of this number. It holds nothing yet, and whoever comes next removes it.
    pub(super) fn beside(&self, current: u32) -> Result<u32, IndexError> {
        let _turn = self.turn()?;
        self.still(current)?;
        for number in self.editions()?.into_iter().filter(|number| *number != current) {
            self.lock(number)?;
            self.remove(number)?;
        }
        let number = current.saturating_add(1);
        let edition = self.edition(number);
        fs::create_dir(&edition).map_err(IndexError::io(&edition))?;
        Ok(number)
    }

    /// Has edition `number` hold in place of `current`, which nobody may be writing to and which is removed. `close` closes
    /// the files of the new one.
    pub(super) fn replace(
        &self,
        current: u32,
        number: u32,
        close: impl FnOnce(),
    ) -> Result<(), IndexError> {
        let _turn = self.turn()?;
        close();
        self.still(current)?;
        let held = self.lock(current)?;
        self.declare(number)?;
        drop(held);
        self.remove(current)
    }

    /// Fails where another edition holds by now.
    pub(super) fn still(&self, current: u32) -> Result<(), IndexError> {
        if self.current() == Some(current) {
            return Ok(());
        }
        let fault = io::Error::other("another index has taken this one's place; open it again");
        Err(IndexError::io(&self.path)(fault))
    }

    /// Removes what a crash left of editions that held before `current`. What cannot be removed now is left for another
    /// time: it does no harm.
    pub(super) fn clear_before(&self, current: u32) {
        for number in self.editions().unwrap_or_default() {
            if number < current
                && let Err(fault) = self.remove(number)
            {
                tracing::debug!("{fault}");
            }
        }
    }

    /// Waits until nobody else is changing which editions there are, and keeps others waiting as long as the file lives.
    fn turn(&self) -> Result<File, IndexError> {
        let path = self.path.join("lock");
        let file = File::create(&path).map_err(IndexError::io(&path))?;
        file.lock().map_err(IndexError::io(&path))?;
        Ok(file)
    }

    /// The numbers of all editions that are there, ascending.
    fn editions(&self) -> Result<Vec<u32>, IndexError> {
        let entries = fs::read_dir(&self.path).map_err(IndexError::io(&self.path))?;
        let mut numbers: Vec<u32> = entries
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn remove(&self, number: u32) -> Result<(), IndexError> {
        let edition = self.edition(number);
        gone(fs::remove_dir_all(&edition)).map_err(IndexError::io(&edition))
    }

    /// The first format had no editions.
    fn remove_first_format(&self) -> Result<(), IndexError> {
        let text = self.path.join("text");
        gone(fs::remove_dir_all(&text)).map_err(IndexError::io(&text))?;
        for vectors in ["vectors", "vectors.new"].map(|name| self.path.join(name)) {
            gone(fs::remove_file(&vectors)).map_err(IndexError::io(&vectors))?;
        }
        Ok(())
    }

    /// Writes the manifest that says that this edition holds.
    fn declare(&self, edition: u32) -> Result<(), IndexError> {
        let manifest = Manifest { format: FORMAT, model: self.model.clone(), edition };
        let (path, draft) = (self.path.join(MANIFEST), self.path.join("manifest.new"));
        let written = File::create(&draft)
            .and_then(|mut file| {
                file.write_all(serde_json::json!(manifest).to_string().as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&draft, &path));
        written.map_err(IndexError::io(&path))?;
        synced(&self.path)
    }
}

/// Has the entries of a folder survive a crash, where a folder can be opened for that.
pub(super) fn synced(folder: &Path) -> Result<(), IndexError> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(IndexError::io(folder))?;
    }
    Ok(())
}

/// A removal, where what was not there is gone as well.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}
