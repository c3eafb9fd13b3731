use crate::{Limits, fault::Fault};
use std::{
    cell::Cell,
    io::{self, Read},
};

/// Up to here an archive may grow by any ratio: small archives of logs and tables pack very well.
const ANY_RATIO: u64 = 64 << 20;

/// What the members of one given file may still take, however they are nested. Everything counts as it is really unpacked:
/// an archive within an archive, and then its own members.
#[derive(Debug)]
pub(crate) struct Allowance {
    members: Cell<usize>,
    /// `None` once it was overdrawn.
    bytes: Cell<Option<u64>>,
    most_members: usize,
    most_bytes: u64,
}

impl Allowance {
    /// For a given file of `packed` bytes.
    pub(crate) fn of(limits: &Limits, packed: u64) -> Self {
        let most = packed.saturating_mul(limits.ratio).max(ANY_RATIO).min(limits.members_bytes);
        Self {
            members: Cell::new(limits.members),
            bytes: Cell::new(Some(most)),
            most_members: limits.members,
            most_bytes: most,
        }
    }

    /// Takes one member.
    pub(crate) fn member(&self) -> Result<(), Fault> {
        let left = self.members.get().checked_sub(1).ok_or_else(|| Fault::OverLimit {
            what: "the number of files in the archive".into(),
            limit: self.most_members as u64,
        })?;
        self.members.set(left);
        Ok(())
    }

    /// Takes bytes that were unpacked.
    pub(crate) fn take(&self, bytes: u64) -> Result<(), Fault> {
        self.bytes.set(self.bytes.get().and_then(|left| left.checked_sub(bytes)));
        self.exhausted().map_or(Ok(()), Err)
    }

    /// The fault, once more was unpacked than is allowed.
    pub(super) fn exhausted(&self) -> Option<Fault> {
        self.bytes.get().is_none().then(|| Fault::OverLimit {
            what: "the archive's size in bytes, once unpacked,".into(),
            limit: self.most_bytes,
        })
    }
}

/// A reader whose bytes are taken from the allowance as they come; it fails once that is exhausted.
pub(super) struct Counted<'a, R> {
    inner: R,
    allowance: &'a Allowance,
}

impl<'a, R: Read> Counted<'a, R> {
    pub(super) fn new(inner: R, allowance: &'a Allowance) -> Self {
        Self { inner, allowance }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.allowance.take(count as u64).map_err(io::Error::other)?;
        Ok(count)
    }
}
