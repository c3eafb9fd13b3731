mod member;
#[cfg(test)]
mod tests;

use crate::{
    Limits,
    archive::{self, Allowance, Archive, MemberBody},
    block, facts,
    fault::Fault,
    formats::{self, Content},
    language,
    outside::{Answer, Ask, Request},
    passage,
    sniff::{self, Format},
};
pub(crate) use member::member;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::HashSet, fmt::Write, panic};
use sufficit_evidence::{Document, DocumentId};

/// Characters of a file's property, or of its name, that are kept.
const PROPERTY_CHARS: usize = 300;

/// What became of a file's bytes. The reasons are sentences for people: what was wrong and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::large_enum_variant, reason = "nearly all values are the large variant")]
pub enum Extraction {
    /// Its text is there.
    Read(Document),
    /// It is an archive: what it holds is listed by itself.
    Opened {
        /// What the bytes are.
        media_type: String,
        /// Members listed, those of archives in it not counted.
        members: usize,
    },
    /// It holds nothing to read, or a format that is not read.
    Skipped {
        /// What the bytes are.
        media_type: String,
        /// Why, and what to do.
        reason: String,
    },
    /// It should have been read, and could not be.
    Failed {
        /// What the bytes are, as far as was seen.
        media_type: String,
        /// Why, and what to do.
        reason: String,
    },
    /// It holds pictures of text only.
    NeedsOcr {
        /// What the bytes are.
        media_type: String,
        /// How many pages, where the format has any.
        pages: Option<u32>,
        /// Why, and what to do.
        reason: String,
    },
}

/// A file or member and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    /// The file's name as given; a member's behind it: `evidence.zip!/policies/ai.docx`.
    pub path: String,
    /// What became of it.
    pub extraction: Extraction,
}

/// What [`extract_all`] reports as it goes.
#[derive(Debug)]
pub enum Step<'a> {
    /// What lies at this path is in hand now.
    Begun(&'a str),
    /// A path is done; members come before what holds them.
    Done(Box<Extracted>),
}

/// What reading hangs on beside the bytes.
pub struct Reading<'a> {
    /// What may be taken in and put out.
    pub limits: &'a Limits,
    /// Tried in turn, after the empty one, on what is encrypted.
    pub passwords: &'a [String],
    /// Paths that are left out with all that is in them.
    pub skip: &'a HashSet<String>,
    /// Paths whose pages are not drawn for recognition: doing so ended a reader.
    pub undrawn: &'a HashSet<String>,
    /// Does what a reader cannot do itself.
    pub ask: &'a mut Ask<'a>,
}

/// The id of a file's content: the SHA-256 of its bytes.
pub fn document_id(bytes: &[u8]) -> DocumentId {
    hashed_id(Sha256::new_with_prefix(bytes))
}

/// The same for a content that went into `hash` piece by piece.
pub fn hashed_id(hash: Sha256) -> DocumentId {
    let mut hex = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    DocumentId::new(hex)
}

/// Reads a file's `bytes` by itself, with nobody to ask and no passwords. Its `name` breaks ties between text formats
/// (Markdown or plain, CSV or plain) and influences nothing else: the same bytes under two names of one kind give the same
/// document. Of an archive and of a mail's attachments nothing but what becomes of the file itself is told.
pub fn extract(bytes: &[u8], name: &str, limits: &Limits) -> Extraction {
    let mut own = None;
    let mut nobody = |request: Request| missing(&request);
    let none = HashSet::new();
    let mut reading =
        Reading { limits, passwords: &[], skip: &none, undrawn: &none, ask: &mut nobody };
    extract_all(bytes, name, &mut reading, &mut |step| {
        if let Step::Done(extracted) = step
            && extracted.path == name
        {
            own = Some(extracted.extraction);
        }
    });
    own.unwrap_or_else(|| Extraction::Failed {
        media_type: sniff::by_magic(bytes),
        reason: "It was left out.".into(),
    })
}

/// Reads a file and everything in it: members of archives, attachments of mails, and theirs. Each is told to `visit` by
/// itself, so that one is in memory at a time.
pub fn extract_all(
    bytes: &[u8],
    name: &str,
    reading: &mut Reading<'_>,
    visit: &mut dyn FnMut(Step<'_>),
) {
    let allowance = Allowance::of(reading.limits, bytes.len() as u64);
    Opening { reading, allowance: &allowance, visit }.open(bytes, name, 0);
}

/// What stands between the path of an archive or a mail and that of something in it.
pub const WITHIN: &str = "!/";

/// A file being opened.
struct Opening<'r, 'a> {
    /// What all that is in it may still take.
    allowance: &'r Allowance,
    reading: &'r mut Reading<'a>,
    visit: &'r mut dyn FnMut(Step<'_>),
}

impl Opening<'_, '_> {
    /// Reads what lies at `path`, within as many containers as `depth` says.
    fn open(&mut self, bytes: &[u8], path: &str, depth: usize) {
        if self.reading.skip.contains(path) {
            return;
        }
        (self.visit)(Step::Begun(path));
        let mut media_type = sniff::by_magic(bytes);
        let read = panic::AssertUnwindSafe(|| {
            let size = bytes.len() as u64;
            let limit = self.reading.limits.file_bytes;
            if size > limit {
                return Err(Fault::OverLimit { what: format!("the file ({size} bytes)"), limit });
            }
            let format = sniff::sniff(bytes, path);
            media_type = format.media_type().to_owned();
            self.read(bytes, path, format, depth)
        });
        let extraction = match panic::catch_unwind(read) {
            Ok(Ok(extraction)) => extraction,
            Ok(Err(fault)) => unread(media_type, &fault),
            Err(_) => {
                tracing::error!(%media_type, bytes = bytes.len(), "a reader panicked");
                let reason = "The reader of this format stopped at a place it did not foresee. Open the file in its own program, save it again and give that; please report the file.".into();
                Extraction::Failed { media_type, reason }
            }
        };
        self.done(path, extraction);
    }

    fn read(
        &mut self,
        bytes: &[u8],
        path: &str,
        format: Format,
        depth: usize,
    ) -> Result<Extraction, Fault> {
        let media_type = format.media_type().to_owned();
        match format {
            Format::Archive(kind) => {
                let members = self.members(bytes, path, kind, depth)?;
                Ok(Extraction::Opened { media_type, members })
            }
            Format::Mail(kind) => {
                let mail = formats::mail::read(bytes, kind, self.reading.limits)?;
                // What came with it is opened whatever becomes of its own text.
                let document = document(bytes, &media_type, mail.content, self.reading.limits);
                for attachment in mail.attachments {
                    let path = format!("{path}{WITHIN}{}", attachment.name);
                    self.enclosed(&attachment.bytes, &path, depth);
                }
                document.map(Extraction::Read)
            }
            Format::Unread { reason, .. } => Ok(Extraction::Skipped { media_type, reason }),
            format => {
                let content = content(bytes, path, format, self.reading)?;
                document(bytes, &media_type, content, self.reading.limits).map(Extraction::Read)
            }
        }
    }

    /// Opens an archive's members one after the other; how many it has.
    fn members(
        &mut self,
        bytes: &[u8],
        path: &str,
        kind: archive::Kind,
        depth: usize,
    ) -> Result<usize, Fault> {
        let limits = self.reading.limits;
        if depth > limits.archive_depth {
            return Err(Fault::TooDeep(limits.archive_depth));
        }
        let archive = Archive { kind, bytes, name: path, passwords: self.reading.passwords };
        let mut members = 0;
        let allowance = self.allowance;
        archive::each_member(&archive, limits, allowance, &mut |member| {
            members += 1;
            let path = format!("{path}{WITHIN}{}", member.path);
            let media_type = String::from("application/octet-stream");
            match member.body {
                MemberBody::Bytes(bytes) => self.open(&bytes, &path, depth + 1),
                MemberBody::Skipped(reason) => {
                    self.done(&path, Extraction::Skipped { media_type, reason });
                }
                MemberBody::Refused(reason) => {
                    self.done(&path, Extraction::Failed { media_type, reason });
                }
            }
            Ok(())
        })?;
        match members {
            0 => Err(Fault::Nothing("file")),
            members => Ok(members),
        }
    }

    /// Opens what came with a mail. What it takes is already unpacked; it counts as a member all the same.
    fn enclosed(&mut self, bytes: &[u8], path: &str, depth: usize) {
        let limit = self.reading.limits.archive_depth;
        // A mail may hold a mail without end, and costs hardly a line for each.
        let shallow = if depth > limit { Err(Fault::TooDeep(limit)) } else { Ok(()) };
        let taken = shallow
            .and_then(|()| self.allowance.member())
            .and_then(|()| self.allowance.take(bytes.len() as u64));
        match taken {
            Ok(()) => self.open(bytes, path, depth + 1),
            Err(fault) => self.done(path, unread(sniff::by_magic(bytes), &fault)),
        }
    }

    fn done(&mut self, path: &str, extraction: Extraction) {
        if self.reading.skip.contains(path) {
            return;
        }
        (self.visit)(Step::Done(Box::new(Extracted { path: path.to_owned(), extraction })));
    }
}

/// Nobody is there to do what is asked.
fn missing(request: &Request) -> Answer {
    Answer::Missing(match request {
        Request::Recognise(_) => "Reading text out of pictures needs Tesseract.".into(),
        Request::Convert(..) => "Old office files are read through LibreOffice.".into(),
    })
}

/// What a fault makes of a file.
fn unread(media_type: String, fault: &Fault) -> Extraction {
    let reason = sentence_of(fault);
    match fault {
        Fault::NeedsOcr { pages, .. } => Extraction::NeedsOcr { media_type, pages: *pages, reason },
        Fault::Nothing(_) | Fault::NotInstalled(_) => Extraction::Skipped { media_type, reason },
        _ => Extraction::Failed { media_type, reason },
    }
}

fn content(
    bytes: &[u8],
    path: &str,
    format: Format,
    reading: &mut Reading<'_>,
) -> Result<Content, Fault> {
    let limits = reading.limits;
    if let Format::Markdown(text) | Format::Text { text, .. } = &format
        && text.chars().count() > limits.text_chars
    {
        // Known before it is cut into pieces, which takes many times its size.
        return Err(block::too_long(limits));
    }
    match format {
        Format::Docx => formats::docx::read(bytes, limits),
        Format::Xlsx => formats::xlsx::read(bytes, limits),
        Format::Xlsb => formats::xlsx::read_binary(bytes, limits),
        Format::Pptx => formats::pptx::read(bytes, limits),
        Format::Xml(text) => formats::xml::read(&text, limits),
        Format::Rtf => formats::rtf::read(bytes, limits),
        Format::OpenDocument(kind) => formats::odf::read(bytes, kind, limits),
        Format::FlatOpenDocument { text, kind } => formats::odf::read_flat(&text, kind, limits),
        Format::Pdf => formats::pdf::read(bytes, path, reading),
        Format::Markdown(text) => Ok(formats::markdown::read(&text)),
        Format::Html(text) => formats::html::read(&text, limits),
        Format::Csv { text, delimiter } => formats::csv::read(&text, delimiter, limits),
        Format::Log(text) => Ok(formats::log::read(&text, limits)),
        Format::Json(text) => formats::json::read(&text, limits),
        Format::Text { text, .. } => Ok(formats::text::read(&text)),
        Format::Image(_) => formats::picture::read(bytes, reading),
        Format::Old(office) => match (reading.ask)(Request::Convert(office, bytes.to_vec())) {
            Answer::Converted(new) => match sniff::sniff(&new, "") {
                format @ (Format::Docx | Format::Xlsx | Format::Pptx) => {
                    content(&new, path, format, reading)
                }
                _ => Err(Fault::Converted("LibreOffice made no file of a known form of it".into())),
            },
            Answer::Missing(how) => Err(Fault::NotInstalled(how)),
            Answer::Failed(reason) => Err(Fault::Converted(reason)),
            Answer::Recognised(_) => {
                Err(Fault::Converted("the answer was of the wrong kind".into()))
            }
        },
        Format::Encrypted(_) => Err(Fault::Encrypted),
        Format::Archive(_) | Format::Mail(_) | Format::Unread { .. } => Err(Fault::Nothing("text")),
    }
}

fn document(
    bytes: &[u8],
    media_type: &str,
    content: Content,
    limits: &Limits,
) -> Result<Document, Fault> {
    let layout = block::layout(content.blocks, limits)?;
    if layout.places.is_empty() {
        return Err(Fault::Nothing("text"));
    }
    let passages = passage::cut(&layout);
    Ok(Document {
        id: document_id(bytes),
        media_type: media_type.to_owned(),
        bytes: bytes.len() as u64,
        language: language::of(&passages),
        facts: facts::read(&layout, &clean(content.properties)),
        passages,
        text: layout.text,
        pages: layout.pages,
    })
}

/// Properties as the text is cleaned: what a file says of itself beside its text is shown to people as well.
fn clean(properties: Vec<(String, String)>) -> Vec<(String, String)> {
    let short = |text: &str| -> String {
        block::one_line(text).chars().take(PROPERTY_CHARS).collect::<String>().trim_end().to_owned()
    };
    properties
        .into_iter()
        .map(|(name, value)| (short(&name), short(&value)))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// A fault as a sentence: with a capital and a full stop.
fn sentence_of(fault: &Fault) -> String {
    // Names of parts come from the file.
    let clause = block::one_line(&fault.to_string());
    let mut chars = clause.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect::<String>())
        .map(|sentence| if sentence.ends_with('.') { sentence } else { sentence + "." })
        .unwrap_or_default()
}
