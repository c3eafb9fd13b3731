use super::{Letter, attachment::Part};
use crate::fault::Fault;
use base64::{
    alphabet,
    engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig},
};
use mail_parser::{
    Addr, Address, DateTime, HeaderName, HeaderValue, Message, MessageParser, MessagePart,
    MimeHeaders, PartType, decoders::quoted_printable::quoted_printable_decode,
};
use std::{borrow::Cow, collections::BTreeSet};

/// Mails within one mail at most. Each may stand within the last, and the parser's tree of them is taken down by recursion.
const MAILS: usize = 500;

/// The subject of a mail.
pub(crate) fn subject(bytes: &[u8]) -> Option<String> {
    let message = MessageParser::default().parse_headers(opened(bytes))?;
    message.subject().map(str::to_owned).filter(|subject| !subject.trim().is_empty())
}

/// Reads an EML.
pub(super) fn letter(bytes: &[u8]) -> Result<Letter, Fault> {
    let bytes = opened(bytes);
    if nested_at_most(bytes) > MAILS {
        return Err(Fault::OverLimit {
            what: "the number of mails within the mail".into(),
            limit: MAILS as u64,
        });
    }
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| Fault::Mail("it has no headers".into()))?;
    refuse_encrypted(&message)?;
    let mut letter = Letter {
        subject: message.subject().unwrap_or_default().to_owned(),
        headers: headers(&message),
        ..Letter::default()
    };
    bodies(&message, bytes, &mut letter);
    let body: BTreeSet<u32> = message.text_body.iter().chain(&message.html_body).copied().collect();
    for (n, part) in message.parts.iter().enumerate() {
        let in_body = body.contains(&(n as u32));
        match &part.body {
            PartType::Multipart(_) => {}
            PartType::Text(_) | PartType::Html(_) if in_body => {}
            _ => letter.parts.extend(file(part, bytes)),
        }
    }
    Ok(letter)
}

/// The mail without what programs put before it: a byte order mark, a mailbox's line, the length that Apple Mail keeps.
fn opened(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let begin = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let bytes = bytes.get(begin..).unwrap_or_default();
    let Some(end) = bytes.iter().take(300).position(|byte| *byte == b'\n') else { return bytes };
    let (line, rest) = bytes.split_at_checked(end + 1).unwrap_or((bytes, &[]));
    if line.starts_with(b"From ") || line.starts_with(b">From ") {
        return rest;
    }
    match std::str::from_utf8(line).ok().and_then(|line| line.trim().parse::<usize>().ok()) {
        Some(length) => rest.get(..length).unwrap_or(rest),
        None => bytes,
    }
}

/// How many mails may stand within each other, going by the media types that begin one.
fn nested_at_most(bytes: &[u8]) -> usize {
    let begins = |at: &[u8]| {
        [&b"/rfc822"[..], b"/global", b"/digest"]
            .iter()
            .any(|kind| at.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind)))
    };
    bytes
        .iter()
        .enumerate()
        .filter(|(n, byte)| **byte == b'/' && bytes.get(*n..).is_some_and(begins))
        .count()
}

fn refuse_encrypted(message: &Message<'_>) -> Result<(), Fault> {
    let Some(kind) = message.content_type() else { return Ok(()) };
    let subtype = kind.subtype().unwrap_or_default().to_ascii_lowercase();
    match (kind.ctype().to_ascii_lowercase().as_str(), subtype.as_str()) {
        ("multipart", "encrypted") => Err(Fault::EncryptedMail("PGP")),
        ("application", "pkcs7-mime" | "x-pkcs7-mime") => match kind.attribute("smime-type") {
            Some(signed) if signed.eq_ignore_ascii_case("signed-data") => {
                Err(Fault::Mail("its body is wrapped in a signature (S/MIME)".into()))
            }
            _ => Err(Fault::EncryptedMail("S/MIME")),
        },
        _ => Ok(()),
    }
}

/// The headers of a mail that come before its body.
pub(super) fn headers_of(bytes: &[u8]) -> Vec<(&'static str, String)> {
    MessageParser::default()
        .parse_headers(opened(bytes))
        .map_or_else(Vec::new, |message| headers(&message))
}

fn headers(message: &Message<'_>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (name, header) in [
        ("From", HeaderName::From),
        ("To", HeaderName::To),
        ("Cc", HeaderName::Cc),
        ("Date", HeaderName::Date),
    ] {
        let value = match message.header(header.clone()) {
            Some(HeaderValue::Address(people)) => addresses(people),
            Some(HeaderValue::DateTime(date)) if date.is_valid() => moment(date),
            Some(HeaderValue::Text(text)) => text.trim().to_owned(),
            Some(HeaderValue::TextList(texts)) => texts.join(", "),
            // What the parser makes nothing of still stands there.
            Some(_) => message.header_raw(header).unwrap_or_default().trim().to_owned(),
            None => String::new(),
        };
        if !value.is_empty() {
            found.push((name, value));
        }
    }
    found
}

fn addresses(people: &Address<'_>) -> String {
    let list =
        |people: &[Addr<'_>]| people.iter().filter_map(person).collect::<Vec<_>>().join(", ");
    match people {
        Address::List(people) => list(people),
        Address::Group(groups) => groups
            .iter()
            .map(|group| match &group.name {
                Some(name) => format!("{name}: {}", list(&group.addresses)),
                None => list(&group.addresses),
            })
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn person(person: &Addr<'_>) -> Option<String> {
    super::person(person.name().unwrap_or_default(), person.address().unwrap_or_default())
}

/// A date with its day first as ISO 8601 has it: the form that is one in every language.
fn moment(date: &DateTime) -> String {
    let sign = if date.tz_before_gmt { '-' } else { '+' };
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02} {sign}{:02}:{:02}",
        date.year, date.month, date.day, date.hour, date.minute, date.tz_hour, date.tz_minute
    )
}

/// The body in both forms. A body that mixes them, with no other form of either, is one of HTML.
fn bodies(message: &Message<'_>, raw: &[u8], letter: &mut Letter) {
    let parts = |ids: &[u32]| -> Vec<&MessagePart<'_>> {
        ids.iter()
            .filter_map(|id| message.parts.get(*id as usize))
            .filter(|part| part.is_text())
            .collect()
    };
    let (plain, page) = (parts(&message.text_body), parts(&message.html_body));
    if !plain.is_empty() && plain.iter().all(|part| !part.is_text_html()) {
        letter.text =
            Some(plain.iter().map(|part| text(part, raw)).collect::<Vec<_>>().join("\n\n"));
    }
    if page.iter().any(|part| part.is_text_html()) {
        let pieces = page.iter().map(|part| {
            let text = text(part, raw);
            if part.is_text_html() {
                return text.into_owned();
            }
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
            format!("<pre>{escaped}</pre>")
        });
        letter.html = Some(pieces.collect::<Vec<_>>().join("\n"));
    }
}

/// The text of a part. Where its charset was not named, or wrongly, it is told from the bytes.
fn text<'a>(part: &'a MessagePart<'_>, raw: &[u8]) -> Cow<'a, str> {
    let (PartType::Text(text) | PartType::Html(text)) = &part.body else { return "".into() };
    if !part.is_encoding_problem && !text.contains(char::REPLACEMENT_CHARACTER) {
        return text.as_ref().into();
    }
    let bytes = decoded(part, raw);
    if std::str::from_utf8(&bytes).is_ok() && !part.is_encoding_problem {
        return text.as_ref().into();
    }
    super::told(&bytes).into()
}

/// A part's bytes, taken from the mail itself and as far as they decode.
fn decoded(part: &MessagePart<'_>, raw: &[u8]) -> Vec<u8> {
    let body = raw
        .get(part.raw_body_offset() as usize..part.raw_end_offset() as usize)
        .unwrap_or_default();
    let encoding = part.content_transfer_encoding().unwrap_or_default().to_ascii_lowercase();
    match encoding.as_str() {
        "base64" => lenient_base64(body),
        "quoted-printable" => quoted_printable_decode(body).unwrap_or_else(|| body.to_vec()),
        _ => body.to_vec(),
    }
}

/// Decodes base64 up to where it breaks off.
fn lenient_base64(body: &[u8]) -> Vec<u8> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let digits: Vec<u8> = body
        .iter()
        .copied()
        .filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        .collect();
    // One digit alone is not yet a byte.
    let whole = if digits.len() % 4 == 1 { digits.len() - 1 } else { digits.len() };
    GeneralPurpose::new(&alphabet::STANDARD, config)
        .decode(digits.get(..whole).unwrap_or_default())
        .unwrap_or_default()
}

/// A part that is a file of its own.
fn file(part: &MessagePart<'_>, raw: &[u8]) -> Option<Part> {
    let kind = part.content_type();
    let media_type = kind.map_or_else(String::new, |kind| {
        format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_ascii_lowercase()
    });
    let disposition = part.content_disposition();
    let attached = disposition.is_some_and(|disposition| disposition.is_attachment());
    let inline = !attached
        && (part.content_id().is_some()
            || disposition.is_some_and(|disposition| disposition.is_inline()));
    let name = part.attachment_name().map(str::to_owned);
    let (name, bytes) = match &part.body {
        PartType::Message(message) => {
            let bytes = match part.encoding {
                mail_parser::Encoding::None => decoded(part, raw),
                _ => message.raw_message().to_vec(),
            };
            let subject = message.subject().filter(|subject| !subject.trim().is_empty());
            (subject.map(|subject| format!("{subject}.eml")).or(name), bytes)
        }
        PartType::Text(_) | PartType::Html(_) => {
            // Bytes in a charset that only the mail names would be read wrongly once they stand alone; all others go out as they came in.
            let bytes = decoded(part, raw);
            let alone = part.is_encoding_problem || std::str::from_utf8(&bytes).is_ok();
            (name, if alone { bytes } else { text(part, raw).into_owned().into_bytes() })
        }
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => (name, bytes.to_vec()),
        PartType::Multipart(_) => return None,
    };
    Some(Part { name, media_type, inline, bytes })
}
