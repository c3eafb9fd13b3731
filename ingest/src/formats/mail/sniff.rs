/// Bytes of a mail's headers that are looked at.
const MAIL_HEAD: usize = 16 << 10;

/// Whether the bytes begin with a mail's headers. They are looked at undecoded: each part of a mail has a charset of its own.
pub(crate) fn is_mail(bytes: &[u8], extension: &str) -> bool {
    let head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = String::from_utf8_lossy(head.get(..MAIL_HEAD.min(head.len())).unwrap_or_default());
    let known = [
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "content-type",
    ];
    let named = matches!(extension, "eml" | "emlx" | "mht" | "mhtml");
    let mut seen = 0_usize;
    let mut sure = false;
    for (n, line) in head.trim_start().lines().take(60).enumerate() {
        if line.trim().is_empty() {
            break;
        }
        // A mailbox's line, or the length that Apple Mail puts first.
        let before = n == 0
            && (line.starts_with("From ")
                || line.starts_with(">From ")
                || extension == "emlx" && line.trim().parse::<u64>().is_ok());
        if before || line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            if named {
                continue;
            }
            return false;
        };
        let name = name.trim_end().to_ascii_lowercase();
        seen += usize::from(known.contains(&name.as_str()));
        sure |= matches!(name.as_str(), "message-id" | "mime-version" | "received" | "return-path");
    }
    if named { seen >= 1 } else { sure && seen >= 3 }
}
