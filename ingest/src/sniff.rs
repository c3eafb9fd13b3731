//! What a file's bytes are. The extension settles only which kind of text a text is, and only where its content allows it.

use crate::{
    OldOffice, archive,
    formats::{log, mail, odf, zip::Container},
};
use std::borrow::Cow;

#[cfg(test)]
mod tests;

/// A format, with the text where it is one of text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Format {
    Pdf,
    Docx,
    Xlsx,
    /// A binary workbook.
    Xlsb,
    Pptx,
    Rtf,
    OpenDocument(odf::Kind),
    /// All its parts in one XML file.
    FlatOpenDocument {
        text: String,
        kind: odf::Kind,
    },
    Markdown(String),
    Html(String),
    Csv {
        text: String,
        delimiter: u8,
    },
    Json(String),
    Xml(String),
    Log(String),
    Text {
        text: String,
        media_type: &'static str,
    },
    Mail(mail::Kind),
    Archive(archive::Kind),
    Image(&'static str),
    /// An office file of before 2007.
    Old(OldOffice),
    /// An office file behind a password.
    Encrypted(&'static str),
    /// Known, or known to be no document, and not read.
    Unread {
        media_type: Cow<'static, str>,
        reason: String,
    },
}

impl Format {
    pub(crate) fn media_type(&self) -> &str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xlsb => "application/vnd.ms-excel.sheet.binary.macroenabled.12",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::Rtf => "application/rtf",
            Self::OpenDocument(kind) | Self::FlatOpenDocument { kind, .. } => kind.media_type(),
            Self::Markdown(_) => "text/markdown",
            Self::Html(_) => "text/html",
            Self::Csv { .. } => "text/csv",
            Self::Json(_) => "application/json",
            Self::Xml(_) => "application/xml",
            Self::Log(_) => "text/plain",
            Self::Mail(kind) => kind.media_type(),
            Self::Archive(kind) => kind.media_type(),
            Self::Text { media_type, .. }
            | Self::Image(media_type)
            | Self::Encrypted(media_type) => media_type,
            Self::Old(OldOffice::Word) => "application/msword",
            Self::Old(OldOffice::Excel) => "application/vnd.ms-excel",
            Self::Old(OldOffice::PowerPoint) => "application/vnd.ms-powerpoint",
            Self::Unread { media_type, .. } => media_type,
        }
    }
}

/// The media type that the first bytes tell, for a file that nobody reads.
pub(crate) fn by_magic(bytes: &[u8]) -> String {
    infer::get(bytes).map_or("application/octet-stream", |kind| kind.mime_type()).to_owned()
}

/// Looks at the bytes; `name` is asked for its extension only where two kinds of text are left.
pub(crate) fn sniff(bytes: &[u8], name: &str) -> Format {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return unread("application/x-empty", "The file is empty.");
    }
    let head = bytes.get(..1024.min(bytes.len())).unwrap_or_default();
    if let Some(at) = find(head, b"%PDF-")
        && head.get(..at).is_some_and(|before| !before.contains(&b'<'))
    {
        return Format::Pdf;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return container(bytes, &extension(name));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return compound(bytes);
    }
    if let Some(format) = magic(bytes) {
        return format;
    }
    if archive::is_mailbox(bytes) {
        return Format::Archive(archive::Kind::Mailbox);
    }
    if mail::is_mail(bytes, &extension(name)) {
        return Format::Mail(mail::Kind::Eml);
    }
    match decode(bytes) {
        Some(text) => text_format(text, &extension(name)),
        None => unread(
            "application/octet-stream",
            "Binary data of no known format; if it is a document, save it as DOCX, PDF or text.",
        ),
    }
}

fn magic(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"{\\rtf") {
        return Some(Format::Rtf);
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Some(Format::Archive(archive::Kind::Gz));
    }
    if archive::is_tar(bytes) {
        return Some(Format::Archive(archive::Kind::Tar));
    }
    if bytes.starts_with(&[0x78, 0x9f, 0x3e, 0x22]) {
        return Some(unread(
            "application/ms-tnef",
            "Outlook's wrapping of a mail's attachments (winmail.dat) is not opened; save the attachments in Outlook, or let the sender send it as HTML or plain text.",
        ));
    }
    let kind = infer::get(bytes)?;
    let mime = kind.mime_type();
    match kind.matcher_type() {
        infer::MatcherType::Image => Some(Format::Image(mime)),
        infer::MatcherType::Archive if mime == "application/pdf" => Some(Format::Pdf),
        infer::MatcherType::Archive => Some(unread(
            mime,
            "Archives of this kind are not opened; unpack it and give the folder, or pack it as ZIP or TAR.GZ.",
        )),
        infer::MatcherType::Audio | infer::MatcherType::Video => Some(unread(
            mime,
            "Sound and film are not read; give a transcript where it is evidence.",
        )),
        infer::MatcherType::Font => Some(unread(mime, "A font, no document.")),
        infer::MatcherType::App => Some(unread(mime, "A program or its data, no document.")),
        infer::MatcherType::Book => Some(unread(mime, "Books are not read yet; save it as PDF.")),
        infer::MatcherType::Doc => {
            Some(unread(mime, "This office format is not read yet; save it as DOCX, XLSX or PDF."))
        }
        // Scripts and markup are text; that they are told from their content is our own work below.
        infer::MatcherType::Text | infer::MatcherType::Custom => None,
    }
}

/// A zip: an office file is told by its root relationship and content types, never by its name.
/// Where it does not open, the parts whose names it still shows tell what it was meant to be, and last its extension.
fn container(bytes: &[u8], extension: &str) -> Format {
    let kind = Container::open(bytes, &crate::Limits::default())
        .ok()
        .map(|mut container| container.main_type());
    // One that does not open is told by its extension alone: its reader says why.
    let named = kind.as_deref().unwrap_or(extension);
    if let Some(kind) = odf::Kind::of(named) {
        return Format::OpenDocument(kind);
    }
    match kind.as_deref() {
        Some("docx") => Format::Docx,
        Some("xlsx") => Format::Xlsx,
        Some("pptx") => Format::Pptx,
        Some("xlsb") => Format::Xlsb,
        Some("vsdx") => unread(
            "application/vnd.ms-visio.drawing",
            "Drawings (VSDX) are not read yet; save it as PDF.",
        ),
        Some("epub") => {
            unread("application/epub+zip", "Books (EPUB) are not read yet; save it as PDF.")
        }
        Some(_) if bytes.get(30..).is_some_and(|name| name.starts_with(b"META-INF/")) => {
            unread("application/java-archive", "A program (JAR), no document.")
        }
        Some(_) if find(bytes, b"Index/Document.iwa").is_some() => unread(
            "application/vnd.apple.iwork",
            "Files of Pages, Numbers and Keynote are not read; export it as DOCX, XLSX, PPTX or PDF.",
        ),
        Some(_) => Format::Archive(archive::Kind::Zip),
        // A zip that does not open: let the reader of the format that it was meant to be say why.
        None if names_part(bytes, b"word/") => Format::Docx,
        None if names_part(bytes, b"xl/") => Format::Xlsx,
        None if names_part(bytes, b"ppt/") => Format::Pptx,
        None if matches!(extension, "docx" | "docm" | "dotx") => Format::Docx,
        None if matches!(extension, "xlsx" | "xlsm" | "xltx") => Format::Xlsx,
        None if matches!(extension, "pptx" | "pptm" | "ppsx" | "potx") => Format::Pptx,
        None => Format::Archive(archive::Kind::Zip),
    }
}

/// Whether a damaged zip shows the name of a part in this folder: at its beginning, not within another name.
fn names_part(bytes: &[u8], folder: &[u8]) -> bool {
    let mut rest = bytes;
    let mut before = None;
    while let Some(at) = find(rest, folder) {
        let last = at.checked_sub(1).and_then(|at| rest.get(at)).copied().or(before);
        if last.is_none_or(|byte| !byte.is_ascii_alphanumeric()) {
            return true;
        }
        before = folder.last().copied();
        rest = rest.get(at + folder.len()..).unwrap_or_default();
    }
    false
}

/// The container of old office files, of Outlook messages and of encrypted new office files.
fn compound(bytes: &[u8]) -> Format {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(bytes, &wide).is_some()
    };
    if holds("EncryptedPackage") {
        Format::Encrypted("application/x-ole-storage")
    } else if holds("__properties_version1.0") {
        Format::Mail(mail::Kind::Msg)
    } else if holds("WordDocument") {
        Format::Old(OldOffice::Word)
    } else if holds("PowerPoint Document") {
        Format::Old(OldOffice::PowerPoint)
    } else if holds("Workbook") || holds("Book") {
        Format::Old(OldOffice::Excel)
    } else {
        unread(
            "application/x-ole-storage",
            "An old office container of unknown content; save it as DOCX, XLSX or PDF.",
        )
    }
}

/// Text from bytes: by byte order mark, as UTF-8, or by the encoding that its letters suggest. `None` where it is no text.
fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _, broken) = encoding.decode(bytes);
        return (!broken || is_text(&text)).then(|| text.into_owned());
    }
    if let Some(encoding) = wide(bytes) {
        return Some(encoding.decode_without_bom_handling(bytes).0.into_owned());
    }
    let nul = bytes.iter().filter(|byte| **byte == 0).count();
    if nul * 100 > bytes.len() {
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) if let Some(encoding) = declared(bytes) => {
            encoding.decode_without_bom_handling(bytes).0
        }
        Err(_) => {
            let mut detector =
                chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
            encoding.decode_without_bom_handling(bytes).0
        }
    };
    is_text(&text).then(|| text.into_owned())
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes.get(..200.min(bytes.len()))?;
    let end = find(head, b"?>").filter(|_| head.starts_with(b"<?xml"))?;
    let head = std::str::from_utf8(head.get(..end)?).ok()?;
    let (_, rest) = head.split_once("encoding=")?;
    let name = rest.split(['"', '\'']).nth(1)?;
    encoding_rs::Encoding::for_label(name.as_bytes())
}

/// UTF-16 without a byte order mark: nearly every other byte is zero.
fn wide(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let sample = bytes.get(..4096.min(bytes.len()))?;
    if sample.len() < 8 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros =
        |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count() * 2;
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > sample.len() * 7 && even * 20 < sample.len() {
        Some(encoding_rs::UTF_16LE)
    } else if even * 10 > sample.len() * 7 && odd * 20 < sample.len() {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
}

fn is_text(text: &str) -> bool {
    let sample = text.chars().take(100_000);
    let (mut all, mut odd) = (0_usize, 0_usize);
    for c in sample {
        all += 1;
        let control =
            c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}' | '\u{8}');
        odd += usize::from(control || c == char::REPLACEMENT_CHARACTER);
    }
    odd * 50 <= all
}

fn text_format(text: String, extension: &str) -> Format {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if is_json(start, extension) {
        return Format::Json(text);
    }
    if let Some(kind) = flat_document(start) {
        return Format::FlatOpenDocument { text, kind };
    }
    if is_html(start, extension) {
        return Format::Html(text);
    }
    if is_xml(start, extension) {
        return Format::Xml(text);
    }
    if is_markdown(&text, extension) {
        return Format::Markdown(text);
    }
    if extension == "log" && log::is_log(&text, true) {
        return Format::Log(text);
    }
    if let Some(delimiter) = delimiter(&text, extension) {
        return Format::Csv { text, delimiter };
    }
    if log::is_log(&text, false) {
        return Format::Log(text);
    }
    let media_type = match extension {
        "yaml" | "yml" => "application/yaml",
        _ => "text/plain",
    };
    Format::Text { text, media_type }
}

fn is_json(start: &str, extension: &str) -> bool {
    if !start.starts_with(['{', '[']) {
        return false;
    }
    if matches!(extension, "json" | "jsonl" | "ndjson") {
        return true;
    }
    let first = start.lines().next().unwrap_or_default();
    let whole = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    whole(start) || first.len() > 2 && first.starts_with('{') && whole(first)
}

/// An OpenDocument file as one XML file, by the media type that its root states.
fn flat_document(start: &str) -> Option<odf::Kind> {
    let head = start.get(..start.floor_char_boundary(8000)).filter(|head| head.starts_with('<'))?;
    let (_, stated) = head.split_once("office:mimetype=")?;
    odf::Kind::of(stated.trim_start_matches(['"', '\'']))
}

fn is_html(start: &str, extension: &str) -> bool {
    let head: String = start.chars().take(2000).collect::<String>().to_ascii_lowercase();
    let opening =
        head.trim_start_matches("<?xml version=\"1.0\" encoding=\"utf-8\"?>").trim_start();
    let strong = ["<!doctype html", "<html", "<head", "<body"];
    let block = ["<div", "<p>", "<table", "<article", "<section", "<main", "<ul>", "<h1"];
    strong.iter().any(|tag| opening.starts_with(tag))
        || head.starts_with("<!--") && strong.iter().any(|tag| head.contains(tag))
        || head.starts_with("<?xml") && head.contains("<html")
        || matches!(extension, "html" | "htm" | "xhtml")
            && (block.iter().any(|tag| opening.starts_with(tag))
                || head.contains('<') && head.contains("</"))
}

fn is_xml(start: &str, extension: &str) -> bool {
    start.starts_with("<?xml")
        || start.starts_with("<!DOCTYPE ")
        || start.starts_with('<') && matches!(extension, "xml" | "dita" | "ditamap" | "dbk")
}

/// Whether the text carries Markdown's marks: with the extension one is enough, without one or against another three kinds.
fn is_markdown(text: &str, extension: &str) -> bool {
    if matches!(extension, "md" | "markdown" | "mdown" | "mdx") {
        return true;
    }
    if matches!(extension, "csv" | "tsv" | "yaml" | "yml" | "log") {
        return false;
    }
    let (mut headings, mut tables, mut bold, mut links, mut fences) = (0, 0, 0, 0, 0);
    for line in text.lines().take(400) {
        let line = line.trim_start();
        let marks = line.len() - line.trim_start_matches('#').len();
        headings += usize::from(
            (1..=6).contains(&marks) && line.get(marks..).is_some_and(|rest| rest.starts_with(' ')),
        );
        tables += usize::from(line.starts_with('|') && line.contains("---"));
        bold += line.matches("**").count() / 2;
        links += line.matches("](").count();
        fences += usize::from(line.starts_with("```"));
    }
    let kinds = [headings > 1, tables > 0, bold > 1, links > 0, fences > 1]
        .into_iter()
        .filter(|seen| *seen)
        .count();
    kinds >= if extension.is_empty() { 2 } else { 3 } && headings > 0
}

/// The delimiter, where the lines agree on one. Quoted fields may hold delimiters and line breaks; so only most lines need to agree.
fn delimiter(text: &str, extension: &str) -> Option<u8> {
    let named = matches!(extension, "csv" | "tsv" | "tab");
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(60).collect();
    if lines.len() < if named { 1 } else { 3 } {
        return None;
    }
    let by_first = best_delimiter(&lines, named, |counts| counts.first().copied());
    if !named {
        return by_first;
    }
    // Above a named table may stand its title, with other cells or none.
    let by_most = || best_delimiter(&lines, named, most_common);
    by_first.or_else(by_most).or(Some(if extension == "csv" { b',' } else { b'\t' }))
}

/// The delimiter that the most lines have as often as is `usual`.
fn best_delimiter(
    lines: &[&str],
    named: bool,
    usual: impl Fn(&[usize]) -> Option<usize>,
) -> Option<u8> {
    let mut best: Option<(usize, u8)> = None;
    for delimiter in [b',', b';', b'\t', b'|'] {
        let counts: Vec<usize> = lines.iter().map(|line| outside_quotes(line, delimiter)).collect();
        let usual = usual(&counts)?;
        let agree = counts.iter().filter(|count| **count == usual).count();
        let enough = if named {
            usual >= 1 && agree * 2 >= counts.len()
        } else {
            usual >= 2 && agree * 20 >= counts.len() * 19
        };
        if enough && best.is_none_or(|(most, _)| agree * usual > most) {
            best = Some((agree * usual, delimiter));
        }
    }
    best.map(|(_, delimiter)| delimiter)
}

/// The count that most lines have; of equals the greatest.
fn most_common(counts: &[usize]) -> Option<usize> {
    let lines_with = |count: usize| counts.iter().filter(|other| **other == count).count();
    counts.iter().copied().max_by_key(|count| (lines_with(*count), *count))
}

fn outside_quotes(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    line.bytes()
        .filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted && *byte == delimiter
        })
        .count()
}

fn extension(name: &str) -> String {
    let own = name.rsplit(['/', '\\']).next().unwrap_or_default();
    own.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        if bytes.get(from + at..)?.starts_with(needle) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

fn unread(media_type: &'static str, reason: &str) -> Format {
    Format::Unread { media_type: Cow::Borrowed(media_type), reason: reason.to_owned() }
}
