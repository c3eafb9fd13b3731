use super::{
    Body, Letter,
    attachment::Part,
    compose, eml, person,
    properties::{Properties, Storage},
    rtf,
};
use crate::{Limits, fault::Fault};
use std::path::Path;

/// Bytes before the fixed properties: of a file's own message, of a message within it, of recipients and attachments.
const TOP: usize = 32;
const WITHIN: usize = 24;
const PART: usize = 8;

/// Reads an MSG.
pub(super) fn letter(bytes: &[u8], limits: &Limits) -> Result<Letter, Fault> {
    let mut storage = Storage::open(bytes)?;
    message(&mut storage, Path::new("/"), TOP, limits.archive_depth)
}

/// A message, and those within it up to `depth`.
fn message(
    storage: &mut Storage<'_>,
    path: &Path,
    header: usize,
    depth: usize,
) -> Result<Letter, Fault> {
    let own = storage.properties(path, header, None)?;
    let mut letter = Letter {
        // The subject, or the topic of its conversation.
        subject: storage.first(&own, &[0x0037, 0x0070])?.unwrap_or_default(),
        ..Letter::default()
    };
    let mut body = Body { text: storage.text(&own, 0x1000)?, html: html(storage, &own)? };
    if let Some(packed) = storage.binary(&own, 0x1009)?.filter(|_| body.html.is_none()) {
        rich_text(&packed, &mut body, &mut letter);
    }
    letter.bodies.push(body);
    let mut recipients = Recipients::default();
    for path in &own.storages {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        if name.starts_with("__recip_version1.0_") {
            let of = storage.properties(path, PART, Some(&own))?;
            recipients.add(storage, &of)?;
        } else if name.starts_with("__attach_version1.0_") {
            let of = storage.properties(path, PART, Some(&own))?;
            attachment(storage, &of, depth, &mut letter)?;
        }
    }
    letter.headers = headers(storage, &own, recipients)?;
    let class = storage.text(&own, 0x001a)?.unwrap_or_default().to_ascii_lowercase();
    if class.starts_with("ipm.note.smime") {
        unwrap_signed(&mut letter, depth)?;
    }
    Ok(letter)
}

/// The body as HTML: bytes in the mail's charset, or a string.
fn html(storage: &mut Storage<'_>, own: &Properties) -> Result<Option<String>, Fault> {
    const HTML: u16 = 0x1013;
    match storage.binary(own, HTML)? {
        Some(bytes) => Ok(Some(match std::str::from_utf8(&bytes) {
            Ok(text) => text.trim_end_matches('\0').to_owned(),
            Err(_) => own.decode(&bytes),
        })),
        None => storage.text(own, HTML),
    }
}

/// The body as rich text: HTML wrapped in it, or a document of its own where there is no other form.
fn rich_text(packed: &[u8], body: &mut Body, letter: &mut Letter) {
    let Some(rich) = rtf::unpack(packed) else {
        if body.text.is_none() {
            letter.unread.push("the body".into());
        }
        return;
    };
    match rtf::unwrap(&rich) {
        Some(rtf::Wrapped::Html(html)) => body.html = Some(html),
        Some(rtf::Wrapped::Text(text)) => body.text = body.text.take().or(Some(text)),
        None if body.text.is_none() => letter.parts.push(Part {
            name: Some("body.rtf".into()),
            media_type: "application/rtf".into(),
            inline: false,
            bytes: rich,
        }),
        None => {}
    }
}

#[derive(Default)]
struct Recipients {
    to: Vec<String>,
    cc: Vec<String>,
}

impl Recipients {
    fn add(&mut self, storage: &mut Storage<'_>, of: &Properties) -> Result<(), Fault> {
        let name = storage.first(of, &[0x3001, 0x5ff6])?.unwrap_or_default();
        let address = address(storage, of, &[0x39fe, 0x3003])?;
        let list = match of.long(0x0c15) {
            Some(2) => &mut self.cc,
            // Of those who got it unseen, the others did not know; this copy need not tell them.
            Some(3) => return Ok(()),
            _ => &mut self.to,
        };
        list.extend(person(&name, &address));
        Ok(())
    }
}

/// The first address that is one of the internet's; Exchange keeps its own kind in the same places.
fn address(storage: &mut Storage<'_>, of: &Properties, ids: &[u16]) -> Result<String, Fault> {
    for id in ids {
        if let Some(address) = storage.text(of, *id)?.filter(|address| address.contains('@')) {
            return Ok(address);
        }
    }
    Ok(String::new())
}

fn headers(
    storage: &mut Storage<'_>,
    own: &Properties,
    recipients: Recipients,
) -> Result<Vec<(&'static str, String)>, Fault> {
    let name = storage.first(own, &[0x0042, 0x0c1a])?.unwrap_or_default();
    let address = address(storage, own, &[0x5d02, 0x0065, 0x5d01, 0x0c1f])?;
    let list = |people: Vec<String>| (!people.is_empty()).then(|| people.join(", "));
    let to = match list(recipients.to) {
        Some(to) => Some(to),
        None => storage.text(own, 0x0e04)?,
    };
    let cc = match list(recipients.cc) {
        Some(cc) => Some(cc),
        None => storage.text(own, 0x0e03)?,
    };
    // Sent, delivered, created.
    let date = [0x0039, 0x0e06, 0x3007].into_iter().find_map(|id| own.time(id));
    let mut found = vec![("From", person(&name, &address)), ("To", to), ("Cc", cc), ("Date", date)];
    // What a message lacks may stand in the headers that it came with, and addresses that were resolved to names do.
    if let Some(raw) = storage.text(own, 0x007d)? {
        for (name, value) in eml::headers_of(raw.as_bytes()) {
            if let Some((_, place)) = found.iter_mut().find(|(own, _)| *own == name)
                && place.as_ref().is_none_or(|own| !own.contains('@') && value.contains('@'))
            {
                *place = Some(value);
            }
        }
    }
    // Appointments.
    found.extend([("Start", own.time(0x0060)), ("End", own.time(0x0061))]);
    Ok(found.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

fn attachment(
    storage: &mut Storage<'_>,
    of: &Properties,
    depth: usize,
    letter: &mut Letter,
) -> Result<(), Fault> {
    const DATA: u16 = 0x3701;
    const EMBEDDED: u32 = 5;
    let name = storage.first(of, &[0x3707, 0x3704, 0x3001])?;
    let within = of.storages.first().filter(|_| of.long(0x3705) == Some(EMBEDDED));
    if let Some(path) = within {
        let Some(depth) = depth.checked_sub(1) else {
            letter.unread.push(name.unwrap_or_else(|| "a mail deep within others".into()));
            return Ok(());
        };
        let inner = message(storage, path, WITHIN, depth)?;
        let subject = Some(&inner.subject).filter(|subject| !subject.is_empty()).or(name.as_ref());
        letter.parts.push(Part {
            name: Some(format!("{}.eml", subject.map_or("mail", String::as_str))),
            media_type: "message/rfc822".into(),
            inline: false,
            bytes: compose::eml(inner),
        });
        return Ok(());
    }
    let Some(bytes) = storage.binary(of, DATA)? else {
        // A link to a file elsewhere, or an object that only its own program opens.
        letter.unread.push(name.unwrap_or_else(|| "an embedded object".into()));
        return Ok(());
    };
    let named = storage.text(of, 0x370e)?;
    let media_type = named
        .or_else(|| infer::get(&bytes).map(|kind| kind.mime_type().to_owned()))
        .unwrap_or_default()
        .to_ascii_lowercase();
    /// Shown where the body's HTML has it.
    const RENDERED: u32 = 4;
    let inline = of.flag(0x7ffe) || of.long(0x3714).is_some_and(|flags| flags & RENDERED != 0);
    letter.parts.push(Part { name, media_type, inline, bytes });
    Ok(())
}

/// Of a signed mail Outlook keeps only what was signed, as its one attachment; of an encrypted one what was encrypted.
fn unwrap_signed(letter: &mut Letter, depth: usize) -> Result<(), Fault> {
    let Some(part) = letter.parts.pop_if(|part| part.media_type != "message/rfc822") else {
        return Ok(());
    };
    let is_cms = part.bytes.first() == Some(&0x30);
    letter.take_body(match is_cms {
        true => eml::unwrapped(&part.bytes, depth)?,
        false => eml::letter(&part.bytes, depth)?,
    });
    Ok(())
}
