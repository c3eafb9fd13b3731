use crate::fault::Fault;
use cfb::CompoundFile;
use encoding_rs::Encoding;
use std::{
    collections::HashMap,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

/// Types of property that are read ([MS-OXCDATA] 2.11.1).
const LONG: u16 = 0x0003;
const BOOLEAN: u16 = 0x000b;
const STRING8: u16 = 0x001e;
const UNICODE: u16 = 0x001f;
const TIME: u16 = 0x0040;
const BINARY: u16 = 0x0102;

/// An Outlook file: storages with properties, each storage a message, a recipient or an attachment ([MS-OXMSG]).
pub(super) struct Storage<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    /// Bytes that its streams may still hold. They share no sector, so that together they are no larger than the file;
    /// those of a hostile file may.
    left: u64,
}

/// The properties of one storage.
#[derive(Default)]
pub(super) struct Properties {
    /// Values of up to eight bytes, by id and type.
    fixed: HashMap<(u16, u16), u64>,
    /// Longer values, by id and type.
    streams: HashMap<(u16, u16), PathBuf>,
    /// Storages within this one, in the order of their names.
    pub(super) storages: Vec<PathBuf>,
    code_page: Option<&'static Encoding>,
}

fn damaged(fault: std::io::Error) -> Fault {
    Fault::Mail(format!("it is damaged: {fault}"))
}

impl<'a> Storage<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let file = CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
        Ok(Self { file, left: bytes.len() as u64 })
    }

    /// The properties in the storage at `path`, whose fixed ones stand behind `header` bytes. Its strings are in the code page of
    /// `message`, where it is not a message itself.
    pub(super) fn properties(
        &mut self,
        path: &Path,
        header: usize,
        message: Option<&Properties>,
    ) -> Result<Properties, Fault> {
        let mut found = Properties::default();
        let entries: Vec<_> = self.file.read_storage(path).map_err(damaged)?.collect();
        for entry in entries {
            let name = entry.name();
            if entry.is_storage() {
                found.storages.push(entry.path().to_owned());
            } else if name.eq_ignore_ascii_case("__properties_version1.0") {
                let bytes = self.bytes(entry.path())?;
                found.fixed = fixed(bytes.get(header..).unwrap_or_default());
            } else if let Some(tag) = tag(name) {
                found.streams.insert(tag, entry.path().to_owned());
            }
        }
        found.storages.sort();
        found.code_page = match message {
            Some(message) => message.code_page,
            // The message's own code page, or that of its mail.
            None => [0x3ffd, 0x3fde].into_iter().find_map(|id| code_page(found.long(id)?)),
        };
        Ok(found)
    }

    /// A property of text; `None` where there is none, or nothing in it.
    pub(super) fn text(&mut self, of: &Properties, id: u16) -> Result<Option<String>, Fault> {
        let text = if let Some(path) = of.streams.get(&(id, UNICODE)) {
            encoding_rs::UTF_16LE.decode_without_bom_handling(&self.bytes(path)?).0.into_owned()
        } else if let Some(path) = of.streams.get(&(id, STRING8)) {
            self.bytes(path).map(|bytes| of.decode(&bytes))?
        } else {
            return Ok(None);
        };
        let text = text.trim_matches(['\0', ' ', '\r', '\n', '\t']);
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// The first of several properties that has text.
    pub(super) fn first(&mut self, of: &Properties, ids: &[u16]) -> Result<Option<String>, Fault> {
        for id in ids {
            if let Some(text) = self.text(of, *id)? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// A property of bytes.
    pub(super) fn binary(&mut self, of: &Properties, id: u16) -> Result<Option<Vec<u8>>, Fault> {
        of.streams.get(&(id, BINARY)).map(|path| self.bytes(path)).transpose()
    }

    fn bytes(&mut self, path: &Path) -> Result<Vec<u8>, Fault> {
        let stream = self.file.open_stream(path).map_err(damaged)?;
        let mut bytes = Vec::new();
        stream.take(self.left.saturating_add(1)).read_to_end(&mut bytes).map_err(damaged)?;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or_else(|| {
            Fault::Mail("it is damaged: its parts are larger than the whole".into())
        })?;
        Ok(bytes)
    }
}

impl Properties {
    pub(super) fn long(&self, id: u16) -> Option<u32> {
        self.fixed.get(&(id, LONG)).map(|value| *value as u32)
    }

    pub(super) fn flag(&self, id: u16) -> bool {
        self.fixed.get(&(id, BOOLEAN)).is_some_and(|value| value & 0xff != 0)
    }

    /// A moment, as mails show it: UTC, for the sender's own zone is not kept.
    pub(super) fn time(&self, id: u16) -> Option<String> {
        /// Seconds from 1601, where Windows counts from, to 1970.
        const EPOCH: i64 = 11_644_473_600;
        let ticks = *self.fixed.get(&(id, TIME))?;
        let seconds = i64::try_from(ticks / 10_000_000).ok()?.checked_sub(EPOCH)?;
        let moment = jiff::Timestamp::from_second(seconds).ok()?;
        Some(moment.strftime("%Y-%m-%d %H:%M +00:00").to_string())
    }

    /// Text in the message's code page; one that names none, or the wrong one, is told from its bytes.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        if let Some(encoding) = self.code_page {
            let (text, broken) = encoding.decode_without_bom_handling(bytes);
            if !broken {
                return text.into_owned();
            }
        }
        super::told(bytes)
    }
}

/// The id and type in the name of a property's stream: `__substg1.0_0037001F`. Values of lists have more behind that.
fn tag(name: &str) -> Option<(u16, u16)> {
    let tag = u32::from_str_radix(name.strip_prefix("__substg1.0_")?, 16).ok()?;
    Some(((tag >> 16) as u16, tag as u16))
}

/// Entries of sixteen bytes: type, id, flags, value.
fn fixed(bytes: &[u8]) -> HashMap<(u16, u16), u64> {
    let (entries, _) = bytes.as_chunks::<16>();
    entries
        .iter()
        .map(|[t0, t1, i0, i1, _, _, _, _, value @ ..]| {
            let id = u16::from_le_bytes([*i0, *i1]);
            let kind = u16::from_le_bytes([*t0, *t1]);
            ((id, kind), u64::from_le_bytes(*value))
        })
        .collect()
}

fn code_page(number: u32) -> Option<&'static Encoding> {
    u16::try_from(number).ok().and_then(codepage::to_encoding)
}
