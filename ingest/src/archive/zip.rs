use super::{Archive, List, MemberBody, allowance::Counted};
use crate::fault::Fault;
use std::io::Cursor;
// The stable reader keeps the whole directory in memory, however many entries it declares, and of entries of one name only the last.
use zip::unstable::read::ZipIterable;
use zip::{
    ZipReadOptions,
    read::{Config, OwnedZipFileEntry, read_zipfile_from_stream},
    result::ZipError,
};

/// What the first entry begins with; a zip without entries has none.
const ENTRY: &[u8] = b"PK\x03\x04";

/// How a zip that has a directory is read; one without, as a broken download leaves it, is read from its start as far as it goes.
pub(super) fn each(archive: &Archive<'_>, list: &mut List<'_, '_>) -> Result<(), Fault> {
    match ZipIterable::try_new(Cursor::new(archive.bytes), Config::default()) {
        Ok(mut directory) => by_directory(&mut directory, archive, list),
        Err(fault) => from_start(archive.bytes, &fault, list),
    }
}

fn by_directory(
    directory: &mut ZipIterable<Cursor<&[u8]>>,
    archive: &Archive<'_>,
    list: &mut List<'_, '_>,
) -> Result<(), Fault> {
    let damaged = |fault: ZipError| Fault::Archive(format!("has a damaged directory ({fault})"));
    let mut listed = false;
    for entry in directory.files().map_err(damaged)? {
        listed = true;
        let entry = OwnedZipFileEntry::from(entry.map_err(damaged)?);
        if entry.is_dir() {
            continue;
        }
        let Some(path) = list.enter(&name_of(&entry))? else { continue };
        let body = if entry.is_symlink() {
            MemberBody::Skipped(super::LINK.into())
        } else if entry.encrypted() {
            decrypt(&entry, archive, list)?
        } else {
            open(&entry, archive.bytes, None, list)?
        };
        list.put(path, body)?;
    }
    match !listed && archive.bytes.starts_with(ENTRY) {
        true => Err(Fault::Archive("holds files that its directory does not list".into())),
        false => Ok(()),
    }
}

/// Every password in turn: some methods tell a wrong one only by what comes out.
fn decrypt(
    entry: &OwnedZipFileEntry,
    archive: &Archive<'_>,
    list: &List<'_, '_>,
) -> Result<MemberBody, Fault> {
    for password in archive.passwords {
        let body = open(entry, archive.bytes, Some(password.as_bytes()), list)?;
        if matches!(body, MemberBody::Bytes(_)) {
            return Ok(body);
        }
    }
    let reason = match archive.passwords {
        [] => {
            "It is encrypted and needs a password; put that into a file and name it with --password-file, or unpack the archive and give the folder."
        }
        _ => {
            "It is encrypted and none of the given passwords opens it; add its own to the password file, or unpack the archive and give the folder."
        }
    };
    Ok(MemberBody::Refused(reason.into()))
}

fn open(
    entry: &OwnedZipFileEntry,
    bytes: &[u8],
    password: Option<&[u8]>,
    list: &List<'_, '_>,
) -> Result<MemberBody, Fault> {
    let mut source = Cursor::new(bytes);
    match entry.as_ref().with_reader(&mut source, ZipReadOptions::new().password(password)) {
        Ok(file) => list.unpack(Counted::new(file, list.allowance)),
        Err(ZipError::CompressionMethodNotSupported(method)) => Ok(MemberBody::Refused(format!(
            "It is compressed by a method that is not read (number {method}); unpack the archive and give the folder."
        ))),
        Err(fault) => Ok(MemberBody::Refused(format!(
            "It could not be unpacked ({fault}); pack it anew, or give the file by itself."
        ))),
    }
}

/// The members in front of where the archive breaks off, and then that it does.
fn from_start(bytes: &[u8], fault: &ZipError, list: &mut List<'_, '_>) -> Result<(), Fault> {
    let mut source = Cursor::new(bytes);
    let mut last = "its start".to_owned();
    while let Ok(Some(mut file)) = read_zipfile_from_stream(&mut source) {
        if file.is_dir() {
            continue;
        }
        let name = decode(file.name_raw());
        let Some(path) = list.enter(&name)? else { continue };
        let body = list.unpack(Counted::new(&mut file, list.allowance))?;
        last.clone_from(&path);
        let broken = matches!(body, MemberBody::Refused(_));
        list.put(path, body)?;
        if broken {
            break;
        }
    }
    Err(Fault::Archive(format!("is damaged or cut off after {last} ({fault})")))
}

fn name_of(entry: &OwnedZipFileEntry) -> String {
    entry.name().map_or_else(|_| decode(entry.name_raw()), |name| name.into_owned())
}

fn decode(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
