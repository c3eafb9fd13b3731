//! What a file's bytes are. The extension settles only which kind of text a text is, and only where its content allows it.

use crate::{
    OldOffice, archive,
    formats::{mail, zip::Container},
};
use std::borrow::Cow;

/// A format, with the text where it is one of text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Format {
    Pdf,
    Docx,
    Xlsx,
    /// A binary workbook.
    Xlsb,
    Markdown(String),
    Html(String),
    Csv {
        text: String,
        delimiter: u8,
    },
    Json(String),
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
            Self::Markdown(_) => "text/markdown",
            Self::Html(_) => "text/html",
            Self::Csv { .. } => "text/csv",
            Self::Json(_) => "application/json",
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
        return Some(unread(
            "application/rtf",
            "Rich text (RTF) is not read yet; save it as DOCX or PDF.",
        ));
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
    match kind.as_deref() {
        Some("docx") => Format::Docx,
        Some("xlsx") => Format::Xlsx,
        Some("pptx") => unread(
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "Slides (PPTX) are not read yet; save them as PDF.",
        ),
        Some("xlsb") => Format::Xlsb,
        Some("vsdx") => unread(
            "application/vnd.ms-visio.drawing",
            "Drawings (VSDX) are not read yet; save it as PDF.",
        ),
        Some("odt") => unread(
            "application/vnd.oasis.opendocument.text",
            "OpenDocument texts are not read yet; save it as DOCX or PDF.",
        ),
        Some("ods") => unread(
            "application/vnd.oasis.opendocument.spreadsheet",
            "OpenDocument sheets are not read yet; save it as XLSX.",
        ),
        Some("odp") => unread(
            "application/vnd.oasis.opendocument.presentation",
            "OpenDocument slides are not read yet; save them as PDF.",
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
        None if find(bytes, b"word/").is_some() => Format::Docx,
        None if find(bytes, b"xl/").is_some() => Format::Xlsx,
        None if matches!(extension, "docx" | "docm" | "dotx") => Format::Docx,
        None if matches!(extension, "xlsx" | "xlsm" | "xltx") => Format::Xlsx,
        None => Format::Archive(archive::Kind::Zip),
    }
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
    if is_html(start, extension) {
        return Format::Html(text);
    }
    if is_markdown(&text, extension) {
        return Format::Markdown(text);
    }
    if let Some(delimiter) = delimiter(&text, extension) {
        return Format::Csv { text, delimiter };
    }
    let media_type = match extension {
        "yaml" | "yml" => "application/yaml",
        "xml" if start.starts_with('<') => "application/xml",
        _ if start.starts_with("<?xml") => "application/xml",
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
    let mut best: Option<(usize, u8)> = None;
    for delimiter in [b',', b';', b'\t', b'|'] {
        let counts: Vec<usize> = lines.iter().map(|line| outside_quotes(line, delimiter)).collect();
        let first = *counts.first()?;
        let agree = counts.iter().filter(|count| **count == first).count();
        let enough = if named {
            first >= 1 && agree * 2 >= counts.len()
        } else {
            first >= 2 && agree * 20 >= counts.len() * 19
        };
        if enough && best.is_none_or(|(most, _)| agree * first > most) {
            best = Some((agree * first, delimiter));
        }
    }
    best.map(|(_, delimiter)| delimiter)
        .or_else(|| named.then_some(if extension == "csv" { b',' } else { b'\t' }))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn media_type(bytes: &[u8], name: &str) -> String {
        sniff(bytes, name).media_type().to_owned()
    }

    #[test]
    fn content_settles_the_format_and_the_extension_only_ties() {
        assert_eq!(media_type(b"%PDF-1.4\n", "notes.md"), "application/pdf");
        assert_eq!(media_type(b"<!DOCTYPE html><p>x</p>", "a.txt"), "text/html");
        assert_eq!(media_type(b"{\"a\": 1}", "a.txt"), "application/json");
        assert_eq!(media_type("<div>".repeat(900).as_bytes(), "a.html"), "text/html");
        assert_eq!(media_type(b"plain words", "a.md"), "text/markdown");
        assert_eq!(media_type(b"plain words", "a.docx"), "text/plain");
        assert_eq!(media_type(b"a,b,c\n1,2,3\n4,5,6\n", "x"), "text/csv");
        assert_eq!(media_type(b"a;b\n1;2\n", "x.csv"), "text/csv");
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n0000", "x.pdf"), "image/png");
        assert_eq!(
            media_type(b"From: a@b\nTo: c@d\nMIME-Version: 1.0\n\nhello", "x"),
            "message/rfc822"
        );
        assert_eq!(media_type(b"\0\0\x01\x02\0\0\0\0\0\x7f", "x.txt"), "application/octet-stream");
        assert_eq!(media_type(b"  \n", "x.txt"), "application/x-empty");
    }

    #[test]
    fn a_damaged_office_file_is_still_one() {
        let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let start = b"PK\x03\x04\x14\0\0\0\x08\0";
        assert_eq!(media_type(&[start, &b"word/styles.xml"[..]].concat(), "a"), docx);
        assert_eq!(media_type(&[start, &b"[Content_Types].xml"[..]].concat(), "a.docx"), docx);
        assert_eq!(media_type(&[start, &b"[Content_Types].xml"[..]].concat(), "a.xlsx"), xlsx);
        assert_eq!(media_type(start, "a.zip"), "application/zip");
        let read = crate::extract(start, "a.docx", &crate::Limits::default());
        assert!(matches!(read, crate::Extraction::Failed { .. }), "{read:?}");
    }

    #[test]
    fn encodings_are_told_from_the_bytes() {
        let text = |bytes: &[u8]| match sniff(bytes, "a.txt") {
            Format::Text { text, .. } => text,
            other => other.media_type().to_owned(),
        };
        let utf16: Vec<u8> = "zwölf Rollen".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&utf16), "zwölf Rollen");
        assert_eq!(text(b"\xef\xbb\xbfx\xc3\xa9"), "xé");
        assert_eq!(
            text(b"Gesch\xe4ftsf\xfchrung und Pr\xfcfung der Unterlagen f\xfcr M\xe4rz"),
            "Geschäftsführung und Prüfung der Unterlagen für März"
        );
    }
}
