use super::{Archive, List, allowance::Counted, tar};
use crate::fault::Fault;
use flate2::read::{GzDecoder, MultiGzDecoder};
use std::io::{Cursor, Read};

/// A TAR behind the compression, or the one file that it holds.
pub(super) fn each(archive: &Archive<'_>, list: &mut List<'_, '_>) -> Result<(), Fault> {
    let mut stream = Counted::new(MultiGzDecoder::new(archive.bytes), list.allowance);
    let mut head = Vec::new();
    // What is wrong with the stream comes again where it is read on, and is told there.
    let _ = (&mut stream).take(tar::HEADER as u64).read_to_end(&mut head);
    if let Some(over) = list.allowance.exhausted() {
        return Err(over);
    }
    let is_tar = tar::is_tar(&head);
    let stream = Cursor::new(head).chain(stream);
    if is_tar {
        return tar::each(stream, list);
    }
    let Some(path) = list.enter(&own_name(archive))? else { return Ok(()) };
    let body = list.unpack(stream)?;
    list.put(path, body)
}

/// The name that the header gives the file, or the archive's own without its last extension.
fn own_name(archive: &Archive<'_>) -> String {
    let named = GzDecoder::new(archive.bytes)
        .header()
        .and_then(|header| header.filename())
        .map(|name| encoding_rs::mem::decode_latin1(name).into_owned());
    let own = archive.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = match own.rsplit_once('.') {
        Some((stem, extension)) if extension.eq_ignore_ascii_case("tgz") => format!("{stem}.tar"),
        Some((stem, _)) => stem.to_owned(),
        None => own.to_owned(),
    };
    let named = named.as_deref().and_then(|name| name.rsplit(['/', '\\']).next()).unwrap_or(&stem);
    // A name that begins with a dot is the packer's temporary file, not one that somebody hid.
    let visible = named.trim_start_matches('.');
    if visible.is_empty() { "unnamed".to_owned() } else { visible.to_owned() }
}
