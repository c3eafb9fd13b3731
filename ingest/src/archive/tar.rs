use super::{List, MemberBody};
use crate::fault::Fault;
use std::io::Read;
use tar::{EntryType, PaxExtensions};

/// Bytes of a TAR header.
pub(super) const HEADER: usize = 512;
/// Bytes of a long name or of a member's extended header.
const EXTENDED: u64 = 1 << 20;

/// Whether bytes begin with a TAR header: its checksum tells, for old archives carry no mark.
pub(crate) fn is_tar(bytes: &[u8]) -> bool {
    let Some(block) = bytes.get(..HEADER) else { return false };
    let sum: u32 = block
        .iter()
        .enumerate()
        .map(|(n, byte)| if (148..156).contains(&n) { 32 } else { u32::from(*byte) })
        .sum();
    let header = tar::Header::from_byte_slice(block);
    header.cksum().is_ok_and(|declared| declared == sum) && block.first() != Some(&0)
}

/// What stands before a member and is about it.
#[derive(Default)]
struct Ahead {
    name: Option<String>,
    sparse: bool,
    /// Its size, where its own header may not hold it.
    size: Option<Option<u64>>,
}

/// Headers are taken as they stand and not joined by the library, which would keep names of any length.
pub(super) fn each(reader: impl Read, list: &mut List<'_, '_>) -> Result<(), Fault> {
    let mut archive = tar::Archive::new(reader);
    let mut ahead = Ahead::default();
    let mut last = "its start".to_owned();
    let damaged = |list: &List<'_, '_>, last: &str, fault: &std::io::Error| {
        list.allowance.exhausted().unwrap_or_else(|| {
            Fault::Archive(format!("is damaged or cut off after {last} ({fault})"))
        })
    };
    let entries = archive.entries().map_err(|fault| damaged(list, &last, &fault))?.raw(true);
    for entry in entries {
        let mut entry = entry.map_err(|fault| damaged(list, &last, &fault))?;
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName | EntryType::XHeader => {
                let mut bytes = Vec::new();
                (&mut entry)
                    .take(EXTENDED)
                    .read_to_end(&mut bytes)
                    .map_err(|fault| damaged(list, &last, &fault))?;
                extend(&mut ahead, kind, &bytes);
                continue;
            }
            EntryType::GNULongLink | EntryType::XGlobalHeader => continue,
            _ => {}
        }
        let ahead = std::mem::take(&mut ahead);
        // Where a size only stands ahead, the library does not know it, and would take the file's content for headers.
        if ahead.size.is_some_and(|size| size != Some(entry.size())) {
            return Err(Fault::Archive(format!(
                "holds a file larger than its header can say after {last}, and what comes after that was not read"
            )));
        }
        let name = ahead.name.unwrap_or_else(|| text(&entry.header().path_bytes()));
        // Old archives mark a folder by its name alone.
        if kind == EntryType::Directory || name.ends_with('/') {
            continue;
        }
        let Some(path) = list.enter(&name)? else { continue };
        let body = match kind {
            EntryType::Regular | EntryType::Continuous if ahead.sparse => sparse(),
            EntryType::Regular | EntryType::Continuous => {
                let size = entry.size();
                let body = list.unpack(entry)?;
                if let MemberBody::Bytes(bytes) = &body
                    && (bytes.len() as u64) < size
                {
                    let cut = "The archive ends in the middle of it; pack it anew, or give the file by itself.";
                    list.put(path.clone(), MemberBody::Refused(cut.into()))?;
                    return Err(Fault::Archive(format!("ends in the middle of {path}")));
                }
                body
            }
            EntryType::GNUSparse => sparse(),
            EntryType::Symlink | EntryType::Link => MemberBody::Skipped(super::LINK.into()),
            _ => MemberBody::Skipped("Not a regular file (a device, pipe or socket).".into()),
        };
        last.clone_from(&path);
        list.put(path, body)?;
    }
    Ok(())
}

fn extend(ahead: &mut Ahead, kind: EntryType, bytes: &[u8]) {
    if kind == EntryType::GNULongName {
        ahead.name = Some(text(bytes.split(|byte| *byte == 0).next().unwrap_or_default()));
        return;
    }
    for extension in PaxExtensions::new(bytes).flatten() {
        match extension.key_bytes() {
            b"path" => ahead.name = Some(text(extension.value_bytes())),
            b"size" => {
                ahead.size = Some(extension.value().ok().and_then(|value| value.parse().ok()));
            }
            key if key.starts_with(b"GNU.sparse.") => ahead.sparse = true,
            _ => {}
        }
    }
}

fn sparse() -> MemberBody {
    MemberBody::Refused(
        "A sparse file, as disk images are packed; if it is evidence, give the file by itself."
            .into(),
    )
}

fn text(name: &[u8]) -> String {
    std::str::from_utf8(name).map_or_else(
        |_| encoding_rs::WINDOWS_1252.decode_without_bom_handling(name).0.into_owned(),
        str::to_owned,
    )
}
