//! Mail: EML (RFC 5322 and MIME) and MSG (Outlook). Both become one [`Letter`], and that becomes blocks and attachments.

mod attachment;
mod compose;
mod eml;
mod msg;
mod properties;
mod quotes;
mod rtf;
#[cfg(test)]
mod tests;

pub(crate) use attachment::Attachment;
pub(crate) use eml::subject;

use super::{Content, html, text};
use crate::{Limits, block::Block, fault::Fault};
use attachment::Part;

/// Which form a mail has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Eml,
    Msg,
}

impl Kind {
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Eml => "message/rfc822",
            Self::Msg => "application/vnd.ms-outlook",
        }
    }
}

/// What a mail says, and the files that came with it.
#[derive(Debug)]
pub(crate) struct Mail {
    pub(crate) content: Content,
    pub(crate) attachments: Vec<Attachment>,
}

/// A mail as either form gives it.
#[derive(Debug, Default)]
struct Letter {
    subject: String,
    /// `From`, `To`, `Cc`, `Date`, each once and only where it is filled in, in this order.
    headers: Vec<(&'static str, String)>,
    text: Option<String>,
    html: Option<String>,
    parts: Vec<Part>,
    /// Attachments that are named and could not be taken out.
    unread: Vec<String>,
}

/// Reads a mail. Its text is that of a reader's window: subject, headers, body, names of the attachments.
pub(crate) fn read(bytes: &[u8], kind: Kind, limits: &Limits) -> Result<Mail, Fault> {
    let letter = match kind {
        Kind::Eml => eml::letter(bytes)?,
        Kind::Msg => msg::letter(bytes, limits)?,
    };
    mail(letter, limits)
}

fn mail(mut letter: Letter, limits: &Limits) -> Result<Mail, Fault> {
    let body = body(&mut letter, limits)?;
    let attachments = attachment::listed(letter.parts);
    let mut lines: Vec<String> =
        letter.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    if !letter.subject.is_empty() {
        lines.push(format!("Subject: {}", letter.subject));
    }
    let names: Vec<String> = attachments
        .iter()
        .map(|attachment| attachment.name.clone())
        .chain(letter.unread.iter().map(|name| format!("{name} (not read)")))
        .collect();
    if !names.is_empty() {
        lines.push(format!("Attachments: {}", names.join(", ")));
    }
    if lines.is_empty() && body.is_empty() {
        return Err(Fault::Nothing("text"));
    }
    let mut blocks =
        vec![Block::Heading { level: 1, text: letter.subject }, Block::Paragraph(lines.join("\n"))];
    blocks.extend(body);
    Ok(Mail { content: Content { blocks, properties: Vec::new() }, attachments })
}

/// The body's blocks, from the form that says more. Both say the same in most mails, and then the plain text is what
/// the sender wrote, while HTML has been through programs; but only HTML keeps a table's rows, and many a text form
/// only says that there is another.
fn body(letter: &mut Letter, limits: &Limits) -> Result<Vec<Block>, Fault> {
    let plain = letter.text.take().filter(|text| !text.trim().is_empty());
    let page = letter.html.take().filter(|html| !html.trim().is_empty());
    if let Some(text) = &plain {
        refuse_armour(text)?;
    }
    let page = match page {
        Some(html) => match html::read(&html, limits) {
            Ok(content) => Some(content.blocks),
            Err(_) if plain.is_some() => None,
            Err(fault) => return Err(fault),
        },
        None => None,
    };
    let blocks = match (plain, page) {
        (Some(text), Some(blocks)) => {
            let fuller = words_of(&blocks) > text.split_whitespace().count() * 3 / 2;
            let tables =
                blocks.iter().any(|block| matches!(block, Block::Table { header: Some(_), .. }));
            if fuller || tables { blocks } else { quotes::of_text(&text) }
        }
        (Some(text), None) => quotes::of_text(&text),
        (None, Some(blocks)) => blocks,
        (None, None) => Vec::new(),
    };
    Ok(quotes::told_apart(blocks))
}

fn words_of(blocks: &[Block]) -> usize {
    let count = |text: &str| text.split_whitespace().count();
    blocks
        .iter()
        .map(|block| match block {
            Block::Heading { text, .. }
            | Block::Paragraph(text)
            | Block::Item { text, .. }
            | Block::Furniture(text)
            | Block::Contents(text) => count(text),
            Block::Table { header, rows } => {
                header.iter().chain(rows).flatten().map(|cell| count(cell)).sum()
            }
            Block::PageStart(_) | Block::Recognised(_) => 0,
        })
        .sum()
}

/// A body that is nothing but an armoured PGP message says nothing to anybody without the key.
fn refuse_armour(text: &str) -> Result<(), Fault> {
    let text = text.trim();
    if text.starts_with("-----BEGIN PGP MESSAGE-----")
        && text.ends_with("-----END PGP MESSAGE-----")
    {
        return Err(Fault::EncryptedMail("PGP"));
    }
    Ok(())
}

/// A person as mail programs write one: `Jane Doe <jane@example.com>`.
fn person(name: &str, address: &str) -> Option<String> {
    let (name, address) = (name.trim(), address.trim());
    match (name.is_empty(), address.is_empty()) {
        (true, true) => None,
        (true, false) => Some(address.to_owned()),
        (false, true) => Some(name.to_owned()),
        (false, false) if name.eq_ignore_ascii_case(address) => Some(name.to_owned()),
        (false, false) => Some(format!("{name} <{address}>")),
    }
}

/// Text in the charset that its bytes suggest.
fn told(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}
