use super::{
    Body, Letter,
    attachment::Part,
    mime::{self, Leaf},
    signed,
};
use crate::fault::Fault;
use mail_parser::{Addr, Address, DateTime, HeaderName, HeaderValue, Message, MimeHeaders};
use std::collections::HashMap;

/// The subject of a mail.
pub(crate) fn subject(bytes: &[u8]) -> Option<String> {
    let (headers, _) = mime::split(opened(bytes));
    let subject = headers?.subject()?.trim().to_owned();
    (!subject.is_empty()).then_some(subject)
}

/// Reads an EML. What was signed may be wrapped in its signature, up to `depth` times.
pub(super) fn letter(bytes: &[u8], depth: usize) -> Result<Letter, Fault> {
    let bytes = opened(bytes);
    let (top, _) = mime::split(bytes);
    let mut letter = Letter::default();
    if let Some(top) = &top {
        if top.is_content_type("multipart", "encrypted") {
            return Err(Fault::EncryptedMail("PGP"));
        }
        letter.subject = top.subject().unwrap_or_default().trim().to_owned();
        letter.headers = headers(top);
    }
    // The body that each choice of forms makes.
    let mut choices = HashMap::new();
    for leaf in mime::leaves(bytes) {
        let media_type = leaf.media_type();
        let is_cms =
            matches!(media_type.as_str(), "application/pkcs7-mime" | "application/x-pkcs7-mime");
        if is_cms && leaf.whole {
            letter.take_body(unwrapped(&leaf.bytes(), depth)?);
        } else if is_body(&leaf, &media_type) {
            let place = leaf.choice.and_then(|choice| choices.get(&choice).copied());
            let place = place.unwrap_or_else(|| {
                letter.bodies.push(Body::default());
                letter.bodies.len() - 1
            });
            if let Some(choice) = leaf.choice {
                choices.insert(choice, place);
            }
            if let Some(body) = letter.bodies.get_mut(place) {
                let form = if media_type == "text/html" { &mut body.html } else { &mut body.text };
                let form = form.get_or_insert_default();
                form.push_str(&leaf.text());
                form.push('\n');
            }
        } else {
            letter.parts.push(file(&leaf, media_type));
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

/// The mail within a cryptographic message, where that is only signed.
pub(super) fn unwrapped(cms: &[u8], depth: usize) -> Result<Letter, Fault> {
    let content = signed::content(cms).ok_or(Fault::EncryptedMail("S/MIME"))?;
    let depth = depth
        .checked_sub(1)
        .ok_or_else(|| Fault::Mail("its body is wrapped in too many signatures".into()))?;
    letter(&content, depth)
}

/// The headers of a mail that come before its body.
pub(super) fn headers_of(bytes: &[u8]) -> Vec<(&'static str, String)> {
    mime::split(opened(bytes)).0.map_or_else(Vec::new, |message| headers(&message))
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

/// Whether a part is of the body: text that is neither named nor sent as a file. Of a choice it is one form, whatever its name.
fn is_body(leaf: &Leaf<'_>, media_type: &str) -> bool {
    // A multipart in which no part was found is read as what stands there.
    let readable = matches!(media_type, "text/plain" | "text/html" | "text/enriched")
        || media_type.starts_with("multipart/")
        || leaf.whole && media_type.starts_with("text/");
    readable
        && !leaf.is_attached()
        && (leaf.name().is_none() || leaf.choice.is_some() || leaf.whole)
}

/// A part that is a file of its own.
fn file(leaf: &Leaf<'_>, media_type: String) -> Part {
    let bytes = leaf.bytes();
    // Bytes in a charset that only the mail names would be read wrongly once they stand alone; all others go out as they came in.
    let bytes = match media_type.starts_with("text/") && std::str::from_utf8(&bytes).is_err() {
        true => leaf.text().into_bytes(),
        false => bytes,
    };
    let name = match media_type.as_str() {
        "message/rfc822" | "message/global" => {
            subject(&bytes).map(|subject| format!("{subject}.eml")).or_else(|| leaf.name())
        }
        _ => leaf.name(),
    };
    Part { name, media_type, inline: leaf.is_inline(), bytes }
}
