//! Mail: EML (RFC 5322 and MIME) and MSG (Outlook). Both become one [`Letter`], and that becomes blocks and attachments.

mod attachment;
mod compose;
mod eml;
mod mime;
mod msg;
mod properties;
mod quotes;
mod rtf;
mod signed;
mod sniff;
#[cfg(test)]
mod tests;
mod transfer;

pub(crate) use attachment::Attachment;
pub(crate) use eml::subject;
pub(crate) use sniff::is_mail;

use super::{Content, html, text};
use crate::{Limits, block::Block, fault::Fault};
use attachment::Part;
use std::collections::HashSet;

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
    /// Most mails have one; pictures or files may stand between several.
    bodies: Vec<Body>,
    parts: Vec<Part>,
    /// Attachments that are named and could not be taken out.
    unread: Vec<String>,
}

/// A body, in the forms that there are of it.
#[derive(Debug, Default)]
struct Body {
    text: Option<String>,
    html: Option<String>,
}

impl Letter {
    /// Makes the body of another mail, which was wrapped in this one, its own.
    fn take_body(&mut self, inner: Letter) {
        if !inner.bodies.is_empty() {
            self.bodies = inner.bodies;
        }
        self.parts.extend(inner.parts);
    }
}

/// Reads a mail. Its text is that of a reader's window: subject, headers, body, names of the attachments.
pub(crate) fn read(bytes: &[u8], kind: Kind, limits: &Limits) -> Result<Mail, Fault> {
    let letter = match kind {
        Kind::Eml => eml::letter(bytes, limits.archive_depth)?,
        Kind::Msg => msg::letter(bytes, limits)?,
    };
    mail(letter, limits)
}

fn mail(letter: Letter, limits: &Limits) -> Result<Mail, Fault> {
    let mut body = Vec::new();
    for own in letter.bodies {
        body.extend(blocks(own, limits)?);
    }
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

/// The body's blocks. Both forms say the same in most mails, and then the plain text is what the sender wrote, while HTML has
/// been through programs; but only HTML keeps a table's rows, and many a text form only says that there is another. Where
/// each says what the other does not, both stand.
fn blocks(body: Body, limits: &Limits) -> Result<Vec<Block>, Fault> {
    let plain = body.text.filter(|text| !text.trim().is_empty());
    let page = body.html.filter(|html| !html.trim().is_empty());
    if let Some(text) = &plain {
        refuse_armour(text)?;
    }
    let page = match page.map(|html| html::read(&html, limits)) {
        Some(Ok(content)) => Some(content.blocks).filter(|blocks| !blocks.is_empty()),
        Some(Err(fault)) if plain.is_none() => return Err(fault),
        _ => None,
    };
    let blocks = match (plain.map(|text| quotes::of_text(&text)), page) {
        (Some(text), Some(page)) => both(text, page),
        (Some(blocks), None) | (None, Some(blocks)) => blocks,
        (None, None) => Vec::new(),
    };
    Ok(quotes::told_apart(blocks))
}

fn both(mut text: Vec<Block>, page: Vec<Block>) -> Vec<Block> {
    let tables = page.iter().any(|block| matches!(block, Block::Table { header: Some(_), .. }));
    let (of_text, of_page) = (words_of(&text), words_of(&page));
    let page_has_all = covers(&of_page, &of_text);
    if tables && page_has_all {
        page
    } else if covers(&of_text, &of_page) {
        text
    } else if page_has_all {
        page
    } else {
        text.extend(page);
        text
    }
}

/// Whether nearly all of the words `of` one form are in the other; programs that make one from the other change a few.
fn covers(by: &HashSet<String>, of: &HashSet<String>) -> bool {
    of.iter().filter(|word| !by.contains(*word)).count() * 10 <= of.len()
}

/// The words of blocks, without the addresses that a link shows in one form and hides in the other.
fn words_of(blocks: &[Block]) -> HashSet<String> {
    let mut words = HashSet::new();
    let mut add = |text: &str| {
        for piece in text.split_whitespace().filter(|piece| !piece.contains(['@', '/'])) {
            let letters = piece.split(|c: char| !c.is_alphanumeric());
            words.extend(letters.filter(|word| !word.is_empty()).map(str::to_lowercase));
        }
    };
    for block in blocks {
        match block {
            Block::Heading { text, .. }
            | Block::Paragraph(text)
            | Block::Item { text, .. }
            | Block::Furniture(text)
            | Block::Contents(text) => add(text),
            Block::Table { header, rows } => {
                header.iter().chain(rows).flatten().for_each(|cell| add(cell));
            }
            Block::PageStart(_) | Block::Recognised(_) => {}
        }
    }
    words
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
