use super::{List, MemberBody};
use crate::{fault::Fault, formats::mail};

/// Whether bytes are mails in one file: each behind a line that begins with `From `.
pub(crate) fn is_mailbox(bytes: &[u8]) -> bool {
    bytes.starts_with(b"From ") && Mails { rest: bytes }.nth(1).is_some()
}

pub(super) fn each(bytes: &[u8], list: &mut List<'_, '_>) -> Result<(), Fault> {
    for mail in (Mails { rest: bytes }) {
        list.allowance.take(mail.len() as u64)?;
        let subject = mail::subject(mail).unwrap_or_else(|| "mail".to_owned());
        // A subject is one name, whatever stands in it, and nothing that hides a file.
        let subject = subject.replace(['/', '\\'], "_");
        let Some(path) = list.enter(&format!("{}.eml", subject.trim_start_matches(['.', '~'])))?
        else {
            continue;
        };
        let body = if mail.len() as u64 > list.limits.file_bytes {
            let most = list.limits.file_bytes;
            MemberBody::Refused(format!(
                "The mail is over the limit of {most} bytes for a file; save it by itself without its attachments."
            ))
        } else {
            MemberBody::Bytes(unquote(mail))
        };
        list.put(path, body)?;
    }
    Ok(())
}

/// The mails of a mailbox, each without the line before it.
struct Mails<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Mails<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let begin = self.rest.iter().position(|byte| *byte == b'\n').map(|end| end + 1)?;
        let mail = self.rest.get(begin..).unwrap_or_default();
        let mut end = 0;
        let mut blank = false;
        for line in mail.split_inclusive(|byte| *byte == b'\n') {
            let after = mail.get(end + line.len()..).unwrap_or_default();
            if blank && line.starts_with(b"From ") && begins_mail(after) {
                break;
            }
            blank = line.trim_ascii_end().is_empty();
            end += line.len();
        }
        let (mail, rest) = mail.split_at_checked(end).unwrap_or((mail, &[]));
        self.rest = rest;
        Some(mail)
    }
}

/// Whether the first line is a header: text that happens to begin with `From ` has none after it.
fn begins_mail(after: &[u8]) -> bool {
    let line = after.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    name.len() < line.len()
        && !name.is_empty()
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

/// Takes off the mark that keeps a mail's own line from looking like the next mail's first.
fn unquote(mail: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(mail.len());
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let quoted = marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "));
        out.extend_from_slice(line.get(usize::from(quoted)..).unwrap_or_default());
    }
    out
}
