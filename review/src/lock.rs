use crate::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// The right to be the one process that ingests or maps; given up when dropped, and by the system when the process ends in any way.
#[derive(Debug)]
pub struct WriterLock {
    _file: File,
}

impl WriterLock {
    pub(crate) fn try_take(record: &Path) -> Result<Self, StoreError> {
        let path = beside(record, "lock");
        let file = open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path }),
            Err(TryLockError::Error(source)) => Err(StoreError::Open { path, source }),
        }
    }
}

/// Held while a record is opened: its making, migration and the switch to WAL are for one at a time. Blocks.
pub(crate) struct OpeningLock {
    _file: File,
}

impl OpeningLock {
    pub(crate) fn take(record: &Path) -> Result<Self, StoreError> {
        let path = beside(record, "opening");
        let file = open(&path)?;
        match file.lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(source) => Err(StoreError::Open { path, source }),
        }
    }
}

fn beside(record: &Path, extension: &str) -> PathBuf {
    let mut name = record.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

fn open(path: &Path) -> Result<File, StoreError> {
    private(OpenOptions::new().create(true).write(true).truncate(false))
        .open(path)
        .map_err(|source| StoreError::Open { path: path.to_owned(), source })
}

/// `options` so that a file made with them can be read by its owner only.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
