//! The parts of a MIME mail, as far as they stand. Only headers are left to the library: of 0.11, a delimiter within a line
//! ends a part, and mails within mails are taken down by recursion.

use encoding_rs::Encoding;
use mail_parser::{Message, MessageParser, MimeHeaders, decoders::charsets::map::charset_decoder};
use std::borrow::Cow;

/// Parts within parts. Each level is looked through for its own delimiters once more.
const DEPTH: usize = 30;

/// A part that holds no others.
pub(super) struct Leaf<'a> {
    pub(super) headers: Option<Message<'a>>,
    /// As it stands in the mail.
    pub(super) raw: &'a [u8],
    /// Which choice of forms it belongs to, counted over the mail.
    pub(super) choice: Option<usize>,
    /// Whether it is the whole mail.
    pub(super) whole: bool,
    /// Its type where it names none.
    default: &'static str,
}

/// Headers and body, parted by the first blank line.
pub(super) fn split(part: &[u8]) -> (Option<Message<'_>>, &[u8]) {
    let mut end = 0;
    let mut body = part.len();
    for line in part.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            body = end + line.len();
            break;
        }
        end += line.len();
    }
    let headers = part.get(..end).filter(|headers| !headers.is_empty());
    let headers = headers.and_then(|headers| MessageParser::default().parse_headers(headers));
    (headers.filter(|found| !found.parts.is_empty()), part.get(body..).unwrap_or_default())
}

/// The parts of a mail that hold no others, in order.
pub(super) fn leaves(mail: &[u8]) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    let mut choices = 0;
    // Each part with its choice, its type where it names none, and how deep it lies; the first is last.
    let mut open = vec![(mail, None, "text/plain", 0)];
    while let Some((part, mut choice, default, depth)) = open.pop() {
        let (headers, body) = split(part);
        let boundary = headers
            .as_ref()
            .filter(|headers| {
                headers.content_type().is_some_and(|kind| is(kind.ctype(), "multipart"))
            })
            .and_then(|headers| headers.content_type()?.attribute("boundary"))
            .filter(|boundary| !boundary.is_empty() && depth < DEPTH);
        let parts = boundary.map_or_else(Vec::new, |boundary| parted(body, boundary.trim_end()));
        if parts.is_empty() {
            found.push(Leaf { headers, raw: body, choice, whole: depth == 0, default });
            continue;
        }
        let is_type =
            |name| headers.as_ref().is_some_and(|own| own.is_content_type("multipart", name));
        if is_type("alternative") && choice.is_none() {
            choice = Some(choices);
            choices += 1;
        }
        let default = if is_type("digest") { "message/rfc822" } else { "text/plain" };
        open.extend(parts.into_iter().rev().map(|part| (part, choice, default, depth + 1)));
    }
    found
}

fn is(kind: &str, name: &str) -> bool {
    kind.eq_ignore_ascii_case(name)
}

/// What stands between the delimiters of a body. The last part may be cut off, and then goes to the end.
fn parted<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut begin = None;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let rest = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary.as_bytes()));
        let closing = match rest.map(<[u8]>::trim_ascii_end) {
            Some(b"") => Some(false),
            Some(b"--") => Some(true),
            _ => None,
        };
        if let Some(closing) = closing {
            // The line break before a delimiter is the delimiter's.
            parts.extend(begin.and_then(|begin| body.get(begin..at)).map(without_break));
            begin = (!closing).then_some(at + line.len());
            if closing {
                break;
            }
        }
        at += line.len();
    }
    parts.extend(begin.and_then(|begin| body.get(begin..)));
    parts
}

fn without_break(part: &[u8]) -> &[u8] {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    part.strip_suffix(b"\r").unwrap_or(part)
}

impl Leaf<'_> {
    /// Type and subtype in lower case.
    pub(super) fn media_type(&self) -> String {
        self.headers.as_ref().and_then(|headers| headers.content_type()).map_or_else(
            || self.default.to_owned(),
            |kind| {
                format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default())
                    .to_ascii_lowercase()
            },
        )
    }

    /// Whether it is to be kept as a file.
    pub(super) fn is_attached(&self) -> bool {
        self.headers
            .as_ref()
            .and_then(|headers| headers.content_disposition())
            .is_some_and(|disposition| disposition.is_attachment())
    }

    /// Whether the body shows it.
    pub(super) fn is_inline(&self) -> bool {
        !self.is_attached()
            && self.headers.as_ref().is_some_and(|headers| {
                headers.content_id().is_some()
                    || headers.content_disposition().is_some_and(|shown| shown.is_inline())
            })
    }

    /// The name of the file.
    pub(super) fn name(&self) -> Option<String> {
        self.headers.as_ref()?.attachment_name().map(str::to_owned)
    }

    /// Its bytes, as far as they decode.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let encoding =
            self.headers.as_ref().and_then(|headers| headers.content_transfer_encoding());
        match encoding.unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "base64" => super::transfer::base64(self.raw),
            "quoted-printable" => super::transfer::quoted_printable(self.raw),
            "x-uuencode" | "x-uue" | "uuencode" => super::transfer::uuencode(self.raw),
            _ => self.raw.to_vec(),
        }
    }

    /// Its text. The charset named is believed unless the bytes speak against it.
    pub(super) fn text(&self) -> String {
        let bytes = self.bytes();
        let named = self
            .headers
            .as_ref()
            .and_then(|headers| headers.content_type()?.attribute("charset"))
            .map(Cow::Borrowed)
            .or_else(|| in_page(&bytes));
        let Some(named) = named else { return super::told(&bytes) };
        match Encoding::for_label(named.trim().as_bytes()) {
            // Single bytes fit any charset of them, while UTF-8 fits by no accident.
            Some(encoding) if encoding.is_single_byte() && std::str::from_utf8(&bytes).is_ok() => {
                super::told(&bytes)
            }
            Some(encoding) => {
                let (text, broken) = encoding.decode_with_bom_removal(&bytes);
                if broken { super::told(&bytes) } else { text.into_owned() }
            }
            // UTF-7, which pages of the web must not use and mails did.
            None => charset_decoder(named.trim().as_bytes())
                .map_or_else(|| super::told(&bytes), |decode| decode(&bytes)),
        }
    }
}

/// The charset that a page of HTML names itself.
fn in_page(bytes: &[u8]) -> Option<Cow<'static, str>> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(1024))?).to_ascii_lowercase();
    let (_, after) = head.split_once("charset=").filter(|_| head.contains("<meta"))?;
    let after = after.trim_start_matches(['"', '\'', ' ']);
    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'))?;
    Some(Cow::Owned(after.get(..end)?.to_owned()))
}
