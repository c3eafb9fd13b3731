use super::WITHIN;
use crate::archive::{self, Allowance, Archive, MemberBody};
use crate::fault::Fault;
use crate::sniff::{self, Format};
use crate::{Limits, formats};

/// The bytes of what lies at `wanted` within the file `bytes`, which is listed as `name`: a member of an archive, or what came
/// with a mail, however deep. It is named and found as [`extract_all`](super::extract_all) does, within the same limits, but
/// nothing on the way is read for its text. `None` where nothing of that path is there, or it cannot be unpacked.
pub(crate) fn member(
    bytes: &[u8],
    name: &str,
    wanted: &str,
    limits: &Limits,
    passwords: &[String],
) -> Option<Vec<u8>> {
    let allowance = Allowance::of(limits, bytes.len() as u64);
    Search { wanted, limits, passwords, allowance: &allowance }.within(bytes, name, 0)
}

struct Search<'a> {
    wanted: &'a str,
    limits: &'a Limits,
    passwords: &'a [String],
    allowance: &'a Allowance,
}

impl Search<'_> {
    /// Looks into what lies at `path`, within as many containers as `depth` says.
    fn within(&self, bytes: &[u8], path: &str, depth: usize) -> Option<Vec<u8>> {
        if depth > self.limits.archive_depth || bytes.len() as u64 > self.limits.file_bytes {
            return None;
        }
        match sniff::sniff(bytes, path) {
            Format::Archive(kind) => {
                let archive = Archive { kind, bytes, name: path, passwords: self.passwords };
                let mut found = None;
                let visited =
                    archive::each_member(&archive, self.limits, self.allowance, &mut |member| {
                        if let MemberBody::Bytes(bytes) = member.body {
                            found =
                                self.met(bytes, &format!("{path}{WITHIN}{}", member.path), depth);
                        }
                        // What lies behind it need not be unpacked.
                        if found.is_some() { Err(Fault::Nothing("member")) } else { Ok(()) }
                    });
                // A fault is ours, or one that the members before it outlive.
                drop(visited);
                found
            }
            Format::Mail(kind) => {
                let mail = formats::mail::read(bytes, kind, self.limits).ok()?;
                mail.attachments.into_iter().find_map(|attachment| {
                    let path = format!("{path}{WITHIN}{}", attachment.name);
                    self.allowance.member().ok()?;
                    self.allowance.take(attachment.bytes.len() as u64).ok()?;
                    self.met(attachment.bytes, &path, depth)
                })
            }
            _ => None,
        }
    }

    /// Something that lies at `path`: what is wanted, or on the way to it, or neither.
    fn met(&self, bytes: Vec<u8>, path: &str, depth: usize) -> Option<Vec<u8>> {
        let rest = self.wanted.strip_prefix(path)?;
        if rest.is_empty() {
            return Some(bytes);
        }
        rest.starts_with(WITHIN).then(|| self.within(&bytes, path, depth + 1)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::{ZipWriter, write::SimpleFileOptions};

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).expect("begins");
            writer.write_all(bytes).expect("is written");
        }
        writer.finish().expect("ends").into_inner()
    }

    fn of(bytes: &[u8], wanted: &str, limits: &Limits) -> Option<String> {
        let found = member(bytes, "q3/e.zip", wanted, limits, &[])?;
        Some(String::from_utf8(found).expect("is text"))
    }

    #[test]
    fn a_member_is_found_where_it_is_listed() {
        let mail = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: C\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nHere.\r\n--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=p.pdf\r\n\r\nfour\r\n--x--\r\n";
        let inner = zipped(&[("b.txt", b"two"), ("c/d.txt", b"three")]);
        let outer =
            zipped(&[("a.txt", b"one"), ("in.zip", &inner), ("m.eml", mail), ("z.txt", b"five")]);
        let limits = Limits::default();
        let found = |path: &str| of(&outer, path, &limits);
        assert_eq!(found("q3/e.zip!/a.txt").as_deref(), Some("one"));
        assert_eq!(found("q3/e.zip!/in.zip!/c/d.txt").as_deref(), Some("three"));
        assert_eq!(found("q3/e.zip!/m.eml!/p.pdf").as_deref(), Some("four"));
        assert_eq!(found("q3/e.zip!/z.txt").as_deref(), Some("five"));
        for nowhere in [
            "q3/e.zip",
            "e.zip!/a.txt",
            "q3/e.zip!/a.tx",
            "q3/e.zip!/a.txt!/b",
            "q3/e.zip!/../a.txt",
        ] {
            assert_eq!(found(nowhere), None, "{nowhere}");
        }
        let shallow = Limits { archive_depth: 0, ..Limits::default() };
        assert_eq!(of(&outer, "q3/e.zip!/in.zip!/b.txt", &shallow), None);
        let narrow = Limits { file_bytes: 4, members_bytes: 4, ..Limits::default() };
        assert_eq!(of(&outer, "q3/e.zip!/z.txt", &narrow), None);
    }
}
