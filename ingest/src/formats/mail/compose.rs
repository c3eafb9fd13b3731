//! A mail within an Outlook mail written as EML, so that it is a file of its own as it would be within any other mail.

use super::{Letter, attachment};
use base64::prelude::{BASE64_STANDARD, Engine};
use std::fmt::Write;

const BOUNDARY: &str = "=_part";
const BODY_BOUNDARY: &str = "=_body";

/// The same letter gives the same bytes.
pub(super) fn eml(letter: Letter) -> Vec<u8> {
    let mut out = String::new();
    for (name, value) in &letter.headers {
        header(&mut out, name, value);
    }
    header(&mut out, "Subject", &letter.subject);
    out.push_str("MIME-Version: 1.0\r\n");
    let _ = write!(out, "Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\r\n\r\n");
    for body in letter.bodies {
        let _ = write!(
            out,
            "--{BOUNDARY}\r\nContent-Type: multipart/alternative; boundary=\"{BODY_BOUNDARY}\"\r\n\r\n"
        );
        for (kind, form) in [("plain", body.text), ("html", body.html)] {
            let Some(form) = form else { continue };
            let _ =
                write!(out, "--{BODY_BOUNDARY}\r\nContent-Type: text/{kind}; charset=utf-8\r\n");
            encoded(&mut out, form.as_bytes());
        }
        let _ = write!(out, "--{BODY_BOUNDARY}--\r\n");
    }
    for file in attachment::listed(letter.parts) {
        let _ = write!(out, "--{BOUNDARY}\r\nContent-Type: application/octet-stream\r\n");
        let name: String = file.name.bytes().fold(String::new(), |mut name, byte| {
            let _ = write!(name, "%{byte:02X}");
            name
        });
        let _ = write!(out, "Content-Disposition: attachment; filename*=utf-8''{name}\r\n");
        encoded(&mut out, &file.bytes);
    }
    let _ = write!(out, "--{BOUNDARY}--\r\n");
    out.into_bytes()
}

/// A header in raw UTF-8 (RFC 6532).
fn header(out: &mut String, name: &str, value: &str) {
    let value = crate::block::one_line(value);
    if !value.is_empty() {
        let _ = write!(out, "{name}: {value}\r\n");
    }
}

fn encoded(out: &mut String, bytes: &[u8]) {
    out.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
    // 57 bytes make a line of 76 characters.
    for line in bytes.chunks(57) {
        BASE64_STANDARD.encode_string(line, out);
        out.push_str("\r\n");
    }
}
