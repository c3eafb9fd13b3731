use crate::archive::{Distinct, segment};

/// A file that came with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attachment {
    /// One part of a path, and no other attachment's of that mail.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// A part of a mail that is not its body.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) name: Option<String>,
    /// In lower case.
    pub(super) media_type: String,
    /// Whether it is shown within the body rather than beside it.
    pub(super) inline: bool,
    pub(super) bytes: Vec<u8>,
}

/// Pictures within the body that are smaller are the logos and icons of signatures, which stand in nearly every mail of a
/// company and never are evidence; a screenshot, even of one dialogue, is larger.
const DECORATION: usize = 8 << 10;

/// The parts that are files of their own, each with a name that no other has.
pub(super) fn listed(parts: Vec<Part>) -> Vec<Attachment> {
    let mut names = Distinct::default();
    parts
        .into_iter()
        .filter(|part| !part.bytes.is_empty() && !is_decoration(part) && !is_signature(part))
        .enumerate()
        .map(|(n, part)| {
            let own = part.name.as_deref().map(|name| match part.media_type.as_str() {
                // Named after its subject, in which a slash parts no folders.
                "message/rfc822" => name,
                _ => name.rsplit(['/', '\\']).next().unwrap_or_default(),
            });
            let name = own.and_then(segment).unwrap_or_else(|| {
                format!("attachment-{}.{}", n + 1, extension(&part.media_type, &part.bytes))
            });
            Attachment { name: names.name(name), bytes: part.bytes }
        })
        .collect()
}

fn is_decoration(part: &Part) -> bool {
    part.inline && part.media_type.starts_with("image/") && part.bytes.len() < DECORATION
}

/// Signatures of the mail itself hold no text.
fn is_signature(part: &Part) -> bool {
    matches!(
        part.media_type.as_str(),
        "application/pgp-signature"
            | "application/pkcs7-signature"
            | "application/x-pkcs7-signature"
            | "application/pgp-keys"
    )
}

fn extension(media_type: &str, bytes: &[u8]) -> &'static str {
    match media_type {
        "message/rfc822" => "eml",
        "text/plain" => "txt",
        "text/html" => "html",
        "text/csv" => "csv",
        "text/calendar" => "ics",
        "text/markdown" => "md",
        "application/json" => "json",
        "application/rtf" | "text/rtf" => "rtf",
        "application/xml" | "text/xml" => "xml",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.ms-powerpoint" => "ppt",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        _ if media_type.starts_with("text/") => "txt",
        _ => infer::get(bytes).map_or("bin", |kind| kind.extension()),
    }
}
