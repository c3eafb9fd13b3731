//! Streams unpacked.
//!
//! lopdf unpacks all filters but keeps to itself where a stream broke off: what it could unpack
//! passes for the whole. Nearly all streams with text are deflated and nothing else; those are
//! unpacked here, so that a page knows that it lacks a part.

use super::objects::{entry, resolve};
use flate2::{Decompress, FlushDecompress, Status};
use lopdf::{Document, Object, Stream};

/// Bytes by which the room for a stream grows at least.
const ROOM: usize = 32 << 10;

/// Acrobat ends streams with a flush and no last block.
const FLUSH: &[u8] = &[0, 0, 0xff, 0xff];

/// What a stream holds.
pub(super) struct Plain {
    pub(super) bytes: Vec<u8>,
    /// It did not break off.
    pub(super) whole: bool,
}

/// The unpacked bytes of a stream; nothing where they are more than `limit`, their filter is
/// unknown or their data is damaged from the start.
pub(super) fn unpack(document: &Document, stream: &Stream, limit: usize) -> Option<Plain> {
    if is_only_deflated(document, stream)
        && let Some(plain) = inflate(&stream.content, limit)
        && (plain.whole || !plain.bytes.is_empty())
    {
        return (plain.bytes.len() <= limit).then_some(plain);
    }
    let bytes = unpack_any(document, stream, limit)?;
    let whole = !bytes.is_empty() || stream.content.iter().all(u8::is_ascii_whitespace);
    Some(Plain { bytes, whole })
}

/// The same without asking whether it is all.
pub(super) fn stream_bytes(document: &Document, stream: &Stream, limit: usize) -> Option<Vec<u8>> {
    unpack(document, stream, limit).map(|plain| plain.bytes)
}

fn is_only_deflated(document: &Document, stream: &Stream) -> bool {
    let is_deflate =
        |filter: &Object| matches!(resolve(document, filter).as_name(), Ok(b"FlateDecode" | b"Fl"));
    let filtered = match entry(document, &stream.dict, b"Filter") {
        Some(Object::Array(filters)) => matches!(&filters[..], [filter] if is_deflate(filter)),
        Some(filter) => is_deflate(filter),
        None => false,
    };
    filtered && !stream.dict.has(b"DecodeParms") && !stream.dict.has(b"DP")
}

/// Deflated data, with the header of zlib or without; its checksum is not looked at, producers get
/// it wrong. A little more than `limit` may come out, and then not all.
fn inflate(data: &[u8], limit: usize) -> Option<Plain> {
    let body = match data {
        [first, second, body @ ..]
            if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0 =>
        {
            body
        }
        _ => return None,
    };
    let mut inflater = Decompress::new(false);
    let mut bytes = Vec::with_capacity(body.len().saturating_mul(4).clamp(ROOM, 1 << 20));
    loop {
        let taken = usize::try_from(inflater.total_in()).ok()?;
        let made = bytes.len();
        if made == bytes.capacity() {
            bytes.reserve(made.clamp(ROOM, limit.max(ROOM)));
        }
        let rest = body.get(taken..).unwrap_or_default();
        let status = inflater.decompress_vec(rest, &mut bytes, FlushDecompress::None);
        let stuck = inflater.total_in() as usize == taken && bytes.len() == made;
        match status {
            Ok(Status::StreamEnd) => return Some(Plain { bytes, whole: true }),
            Ok(_) if !stuck && bytes.len() <= limit => {}
            Ok(_) => return Some(Plain { whole: stuck && body.ends_with(FLUSH), bytes }),
            Err(_) => return Some(Plain { bytes, whole: false }),
        }
    }
}

fn unpack_any(document: &Document, stream: &Stream, limit: usize) -> Option<Vec<u8>> {
    let indirect = |key: &[u8]| match stream.dict.get(key) {
        Ok(object @ Object::Reference(_)) => Some(resolve(document, object)),
        _ => None,
    };
    let (filter, parameters) = (indirect(b"Filter"), indirect(b"DecodeParms"));
    if filter.is_none() && parameters.is_none() {
        return stream.get_plain_content_with_limit(limit).ok();
    }
    // lopdf does not follow references here and would take the compressed bytes for plain ones.
    let mut direct = stream.clone();
    for (key, value) in [("Filter", filter), ("DecodeParms", parameters)] {
        if let Some(value) = value {
            direct.dict.set(key, value.clone());
        }
    }
    direct.get_plain_content_with_limit(limit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use lopdf::dictionary;
    use std::io::Write;

    fn deflated(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    fn unpacked(content: Vec<u8>, limit: usize) -> Option<Plain> {
        let stream = Stream::new(dictionary! { "Filter" => "FlateDecode" }, content);
        unpack(&Document::new(), &stream, limit)
    }

    #[test]
    fn what_breaks_off_says_so() {
        let text: Vec<u8> = (0..60_000_u32).flat_map(u32::to_be_bytes).collect();
        let mut packed = deflated(&text);
        let whole = unpacked(packed.clone(), 1 << 20).expect("it unpacks");
        assert!(whole.whole && whole.bytes == text);
        packed.truncate(packed.len() / 2);
        let part = unpacked(packed, 1 << 20).expect("a part unpacks");
        assert!(!part.whole && text.starts_with(&part.bytes) && part.bytes.len() > 1_000);
    }

    #[test]
    fn a_wrong_checksum_is_no_damage() {
        let mut packed = deflated(b"text");
        packed.truncate(packed.len() - 4);
        assert!(unpacked(packed, 100).expect("it unpacks").whole);
    }

    #[test]
    fn a_flush_ends_a_stream_too() {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(b"text").expect("memory takes it");
        encoder.flush().expect("memory takes it");
        let plain = unpacked(encoder.get_ref().clone(), 100).expect("it unpacks");
        assert!(plain.whole && plain.bytes == b"text");
    }

    #[test]
    fn a_stream_over_the_limit_is_none() {
        assert!(unpacked(deflated(&[0; 1 << 20]), 1 << 10).is_none());
    }
}
