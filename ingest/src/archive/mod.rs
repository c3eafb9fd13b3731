//! Archives: what lies in them, one member at a time, within what the whole file that was given may still take.

mod allowance;
mod gz;
mod mbox;
mod path;
mod tar;
#[cfg(test)]
mod tests;
mod zip;

pub(crate) use allowance::Allowance;
pub(crate) use mbox::is_mailbox;
pub(crate) use path::{Distinct, segment};
pub(crate) use tar::is_tar;

use crate::{Limits, fault::Fault, walk};
use allowance::Counted;
use std::{collections::HashSet, io::Read};

/// How an archive is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Zip,
    Tar,
    /// One compressed file, or a compressed TAR.
    Gz,
    /// Several mails in one file.
    Mailbox,
}

impl Kind {
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Zip => "application/zip",
            Self::Tar => "application/x-tar",
            Self::Gz => "application/gzip",
            Self::Mailbox => "application/mbox",
        }
    }
}

/// An archive's bytes, and what is needed to open it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Archive<'a> {
    pub(crate) kind: Kind,
    pub(crate) bytes: &'a [u8],
    /// The archive's own name: a GZ that does not name its file is named after it.
    pub(crate) name: &'a str,
    /// Tried in turn on members that are encrypted.
    pub(crate) passwords: &'a [String],
}

/// Something in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// Relative, with `/` between its parts, leading nowhere outside, and of one member only.
    pub(crate) path: String,
    pub(crate) body: MemberBody,
}

/// What became of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MemberBody {
    /// It was unpacked.
    Bytes(Vec<u8>),
    /// Not to be read, by the rules that hold for folders; why, as a sentence. A folder comes as one member.
    Skipped(String),
    /// It should have been read and could not be; why, as a sentence.
    Refused(String),
}

/// Who is told of each member. A fault ends the reading and is handed on.
pub(crate) type Visit<'a> = dyn FnMut(Member) -> Result<(), Fault> + 'a;

/// Visits the members of an archive in its order, each unpacked only when its turn comes. A member's fault is that
/// member's; what is wrong with the archive itself, or exceeds what its members may take together, ends the reading once the
/// members before it were visited.
///
/// The `allowance` is the whole given file's: a visitor that opens an archive within this one hands on the same.
pub(crate) fn each_member(
    archive: &Archive<'_>,
    limits: &Limits,
    allowance: &Allowance,
    visit: &mut Visit<'_>,
) -> Result<(), Fault> {
    let mut list = List {
        limits,
        allowance,
        visit,
        paths: Distinct::default(),
        skipped_folders: HashSet::new(),
    };
    match archive.kind {
        Kind::Zip => zip::each(archive, &mut list),
        Kind::Tar => tar::each(Counted::new(archive.bytes, allowance), &mut list),
        Kind::Gz => gz::each(archive, &mut list),
        Kind::Mailbox => mbox::each(archive.bytes, &mut list),
    }
}

/// Why a link in an archive is not read.
const LINK: &str = "A link in the archive; what it leads to is listed where it lies.";

/// Where the readers of the kinds of archives put what they find.
struct List<'a, 'v> {
    limits: &'a Limits,
    allowance: &'a Allowance,
    visit: &'a mut Visit<'v>,
    paths: Distinct,
    skipped_folders: HashSet<String>,
}

impl List<'_, '_> {
    /// The path that a member is to have, or `None` where the rules for folders keep it from being read: then
    /// it was listed so.
    fn enter(&mut self, name: &str) -> Result<Option<String>, Fault> {
        self.allowance.member()?;
        let path = path::safe(name);
        let mut end = 0;
        for own in path.split('/') {
            let whole = end + own.len() == path.len();
            end += own.len();
            let reached = path.get(..end).unwrap_or_default();
            if let Some(reason) = walk::unwanted(own) {
                if whole {
                    self.put(path, MemberBody::Skipped(reason.to_owned()))?;
                } else if self.skipped_folders.insert(reached.to_owned()) {
                    self.put(reached.to_owned(), MemberBody::Skipped(reason.to_owned()))?;
                }
                return Ok(None);
            }
            end += 1;
        }
        Ok(Some(path))
    }

    fn put(&mut self, path: String, body: MemberBody) -> Result<(), Fault> {
        (self.visit)(Member { path: self.paths.name(path), body })
    }

    /// Reads a member to its end; over the limit of a file it is refused.
    fn unpack(&self, reader: impl Read) -> Result<MemberBody, Fault> {
        let most = self.limits.file_bytes;
        let mut bytes = Vec::new();
        match reader.take(most.saturating_add(1)).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() as u64 > most => Ok(MemberBody::Refused(format!(
                "Unpacked, it is over the limit of {most} bytes for a file; split it into smaller ones and give those."
            ))),
            Ok(_) => Ok(MemberBody::Bytes(bytes)),
            Err(fault) => match self.allowance.exhausted() {
                Some(over) => Err(over),
                None => Ok(MemberBody::Refused(format!(
                    "It could not be unpacked ({fault}); pack it anew, or give the file by itself."
                ))),
            },
        }
    }
}
