use super::{WITHIN, sentence_of};
use crate::archive::{self, Allowance, Archive, MemberBody};
use crate::fault::Fault;
use crate::sniff::{self, Format};
use crate::{Limits, formats};

/// The bytes of what lies at `wanted` within the file `bytes`, which is listed as `name`: a member of an archive, or what came
/// with a mail, however deep. It is named and found as [`extract_all`](super::extract_all) does, within the same limits, but
/// nothing on the way is read for its text. `None` where nothing of that path is there.
///
/// # Errors
/// Where it, or what it lies in, cannot be unpacked: why, as a sentence.
pub(crate) fn member(
    bytes: &[u8],
    name: &str,
    wanted: &str,
    limits: &Limits,
    passwords: &[String],
) -> Result<Option<Vec<u8>>, String> {
    let allowance = Allowance::of(limits, bytes.len() as u64);
    Search { wanted, limits, passwords, allowance: &allowance }.within(bytes, name, 0)
}

type Found = Result<Option<Vec<u8>>, String>;

struct Search<'a> {
    wanted: &'a str,
    limits: &'a Limits,
    passwords: &'a [String],
    allowance: &'a Allowance,
}

impl Search<'_> {
    /// Looks into what lies at `path`, within as many containers as `depth` says.
    fn within(&self, bytes: &[u8], path: &str, depth: usize) -> Found {
        if depth > self.limits.archive_depth {
            return Err(sentence_of(&Fault::TooDeep(self.limits.archive_depth)));
        }
        match sniff::sniff(bytes, path) {
            Format::Archive(kind) => {
                let archive = Archive { kind, bytes, name: path, passwords: self.passwords };
                let mut found = Ok(None);
                let visited =
                    archive::each_member(&archive, self.limits, self.allowance, &mut |member| {
                        let path = format!("{path}{WITHIN}{}", member.path);
                        if self.beyond(&path).is_some() {
                            found = match member.body {
                                MemberBody::Bytes(bytes) => self.met(bytes, &path, depth),
                                MemberBody::Skipped(why) | MemberBody::Refused(why) => Err(why),
                            };
                        }
                        // What lies behind it need not be unpacked.
                        let is_found = matches!(found, Ok(Some(_)));
                        if is_found { Err(Fault::Nothing("member")) } else { Ok(()) }
                    });
                match (found, visited) {
                    (Ok(None), Err(fault)) => Err(sentence_of(&fault)),
                    // Another fault is ours, or one that the member before it outlives.
                    (found, _) => found,
                }
            }
            Format::Mail(kind) => {
                let unread = |fault: Fault| sentence_of(&fault);
                let mail = formats::mail::read(bytes, kind, self.limits).map_err(unread)?;
                for attachment in mail.attachments {
                    let path = format!("{path}{WITHIN}{}", attachment.name);
                    let size = attachment.bytes.len() as u64;
                    self.allowance.member().map_err(unread)?;
                    self.allowance.take(size).map_err(unread)?;
                    if self.beyond(&path).is_some()
                        && let Some(found) = self.met(attachment.bytes, &path, depth)?
                    {
                        return Ok(Some(found));
                    }
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// What of the wanted path lies beyond `path`, where that is on the way to it.
    fn beyond(&self, path: &str) -> Option<&str> {
        let rest = self.wanted.strip_prefix(path)?;
        (rest.is_empty() || rest.starts_with(WITHIN)).then_some(rest)
    }

    /// Something that lies at `path`: what is wanted, or on the way to it, or neither.
    fn met(&self, bytes: Vec<u8>, path: &str, depth: usize) -> Found {
        match self.beyond(path) {
            None => Ok(None),
            Some("") => Ok(Some(bytes)),
            Some(_) => self.within(&bytes, path, depth + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::{AesMode, ZipWriter, write::SimpleFileOptions};

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).expect("begins");
            writer.write_all(bytes).expect("is written");
        }
        writer.finish().expect("ends").into_inner()
    }

    fn of(bytes: &[u8], wanted: &str, limits: &Limits) -> Option<String> {
        let found = member(bytes, "q3/e.zip", wanted, limits, &[]).ok()??;
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
    #[test]
    fn what_cannot_be_unpacked_comes_with_the_reason() {
        let options = SimpleFileOptions::default();
        let locked = options.with_aes_encryption(AesMode::Aes256, "a key");
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, options) in [("open.txt", options), ("locked.txt", locked)] {
            writer.start_file(name, options).expect("begins");
            writer.write_all(b"four").expect("is written");
        }
        let archive = writer.finish().expect("ends").into_inner();
        let limits = Limits::default();
        let of = |path: &str, limits: &Limits| member(&archive, "e.zip", path, limits, &[]);
        assert_eq!(of("e.zip!/open.txt", &limits), Ok(Some(b"four".to_vec())));
        assert_eq!(of("e.zip!/none.txt", &limits), Ok(None));
        let why = of("e.zip!/locked.txt", &limits).expect_err("it is encrypted");
        assert!(why.contains("needs a password"), "{why}");
        let narrow = Limits { file_bytes: 3, ..Limits::default() };
        let why = of("e.zip!/open.txt", &narrow).expect_err("it is too large");
        assert!(why.contains("over the limit of 3 bytes"), "{why}");
        let why = member(&archive[..60], "e.zip", "e.zip!/locked.txt", &limits, &[]);
        assert!(why.is_err_and(|why| why.ends_with('.')), "the archive is torn");
    }
}
