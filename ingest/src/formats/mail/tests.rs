use super::*;
use crate::Extraction;
use std::{
    error::Error,
    io::{Cursor, Write},
};

type Tried<T> = Result<T, Box<dyn Error>>;

fn eml(source: &str) -> Tried<Mail> {
    Ok(read(source.replace('\n', "\r\n").as_bytes(), Kind::Eml, &Limits::default())?)
}

fn text_of(mail: &Mail) -> Tried<String> {
    Ok(crate::block::layout(mail.content.blocks.clone(), &Limits::default())?.text)
}

fn names(mail: &Mail) -> Vec<&str> {
    mail.attachments.iter().map(|attachment| attachment.name.as_str()).collect()
}

#[test]
fn a_mail_reads_as_its_window_shows_it() -> Tried<()> {
    let mail = eml("From: =?utf-8?q?J=C3=B6rg_Maier?= <joerg@example.com>\n\
        To: Ann Lee <ann@example.com>, team@example.com\nCc: board: bo@example.com;\n\
        Date: Tue, 3 Mar 2026 09:05:00 +0100\nSubject: =?iso-8859-1?Q?Pr=FCfung?= of\n access rights\n\
        MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nAll rights were reviewed.\n\n- payroll\n- ledger\n")?;
    assert_eq!(
        text_of(&mail)?,
        "Prüfung of access rights\n\nFrom: Jörg Maier <joerg@example.com>\nTo: Ann Lee <ann@example.com>, team@example.com\n\
        Cc: board: bo@example.com\nDate: 2026-03-03 09:05 +01:00\nSubject: Prüfung of access rights\n\n\
        All rights were reviewed.\n\n- payroll\n- ledger"
    );
    assert!(mail.attachments.is_empty());
    Ok(())
}

#[test]
fn a_mail_without_a_usual_header_is_told_by_its_extension() {
    let odd = b"X-Odd: 1\nno header at all\nSubject: Minutes\n\nDone.\n";
    let read = |name| crate::extract(odd, name, &Limits::default());
    assert!(
        matches!(read("a.eml"), Extraction::Read(document) if document.media_type == "message/rfc822")
    );
    assert!(
        matches!(read("a.txt"), Extraction::Read(document) if document.media_type == "text/plain")
    );
}

#[test]
fn the_date_and_subject_of_a_mail_are_facts() -> Tried<()> {
    let mail = b"From: Ann Lee <ann@example.com>\nTo: bo@example.com\nDate: Tue, 3 Mar 2026 09:05:00 +0100\nMIME-Version: 1.0\nSubject: Access review completed\n\nThe quarterly review of access rights is complete.\n";
    let Extraction::Read(document) = crate::extract(mail, "x", &Limits::default()) else {
        return Err("not read".into());
    };
    assert_eq!(document.facts.title.ok_or("no title")?.value, "Access review completed");
    assert_eq!(document.facts.issued.ok_or("no day")?.value.to_string(), "2026-03-03");
    Ok(())
}

#[test]
fn attachments_have_safe_names_and_each_its_own() -> Tried<()> {
    let part = |headers: &str, body: &str| format!("--b\n{headers}\n\n{body}\n");
    let mail = eml(&format!(
        "Subject: files\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{}{}{}{}{}{}--b--\n",
        part("Content-Type: text/plain", "See the files."),
        part(
            "Content-Type: text/csv; name=\"../../etc/a.csv\"\nContent-Disposition: attachment",
            "a,b"
        ),
        part(
            "Content-Type: application/pdf\nContent-Disposition: attachment; filename*0*=utf-8''Pr%C3%BC; filename*1=fung.pdf\nContent-Transfer-Encoding: base64",
            "JVBERi0="
        ),
        part(
            "Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"=?utf-8?B?UHLDvGZ1bmcucGRm?=\"\nContent-Transfer-Encoding: base64",
            "JVBERi0="
        ),
        part(
            "Content-Type: application/json\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64",
            "e30="
        ),
        part(
            "Content-Type: message/rfc822",
            "Subject: inner/mail\nFrom: a@b.example\n\nInner body."
        ),
    ))?;
    assert_eq!(
        names(&mail),
        ["a.csv", "Prüfung.pdf", "Prüfung (2).pdf", "attachment-4.json", "inner_mail.eml"]
    );
    let inner = read(&mail.attachments[4].bytes, Kind::Eml, &Limits::default())?;
    assert!(text_of(&inner)?.ends_with("Inner body."), "{}", text_of(&inner)?);
    assert!(text_of(&mail)?.contains("Attachments: a.csv, Prüfung.pdf"));
    assert!(text_of(&mail)?.ends_with("See the files."));
    Ok(())
}

#[test]
fn small_pictures_of_the_body_are_no_attachments() -> Tried<()> {
    let picture = |bytes: usize, headers: &str| {
        let data = "iVBORw0KGgoA".to_owned() + &"AAAA".repeat(bytes / 3);
        format!(
            "--b\nContent-Type: image/png; name=p.png\n{headers}\nContent-Transfer-Encoding: base64\n\n{data}\n"
        )
    };
    let mail = eml(&format!(
        "Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Hello<img src=cid:1>\n{}{}{}--b--\n",
        picture(100, "Content-ID: <1>"),
        picture(20_000, "Content-ID: <2>\nContent-Disposition: inline; filename=shot.png"),
        picture(100, "Content-ID: <3>\nContent-Disposition: attachment; filename=sent.png"),
    ))?;
    assert_eq!(names(&mail), ["shot.png", "sent.png"]);
    Ok(())
}

fn alternatives(text: &str, html: &str) -> Tried<String> {
    text_of(&eml(&format!(
        "Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
    ))?)
}

#[test]
fn the_form_of_a_body_that_says_more_is_read() -> Tried<()> {
    let long = "The review of all access rights was held and nothing was found";
    assert!(
        alternatives(&format!("{long} <https://x.example/y>"), &format!("<p>{long}"))?
            .contains("https")
    );
    assert!(
        alternatives("Please use HTML.", &format!("<p>{long}. Please use HTML."))?
            .contains("access rights")
    );
    let table = alternatives(
        "Control Status A.5.2 Done",
        "<table><tr><th>Control<th>Status<tr><td>A.5.2<td>Done</table>",
    )?;
    assert!(table.contains("Control | Status\nA.5.2 | Done"), "{table}");
    let both = alternatives("Only here in plain words", "<p>Something else entirely on the page")?;
    assert!(both.contains("Only here") && both.contains("Something else"), "{both}");
    Ok(())
}

#[test]
fn a_charset_that_is_missing_or_wrong_is_told_from_the_bytes() -> Tried<()> {
    let head = b"Subject: s\nMIME-Version: 1.0\nContent-Type: text/plain";
    let body = b"\n\nGesch\xe4ftsf\xfchrung und Pr\xfcfung der Unterlagen f\xfcr M\xe4rz";
    for label in [&b""[..], b"; charset=utf-8"] {
        let mail = read(&[head, label, body].concat(), Kind::Eml, &Limits::default())?;
        assert!(text_of(&mail)?.ends_with("Geschäftsführung und Prüfung der Unterlagen für März"));
    }
    Ok(())
}

#[test]
fn a_charset_that_only_mail_has_is_read() -> Tried<()> {
    let mail = eml(
        "Subject: s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-7\n\nPr+APw-fung",
    )?;
    assert!(text_of(&mail)?.ends_with("Prüfung"));
    Ok(())
}

#[test]
fn parts_of_a_digest_are_mails() -> Tried<()> {
    let mail = eml(
        "Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\nFirst.\n--b\n\nSubject: two\n\nSecond.\n--b--\n",
    )?;
    assert_eq!(names(&mail), ["one.eml", "two.eml"]);
    Ok(())
}

#[test]
fn an_attachment_that_breaks_off_is_given_as_far_as_it_goes() -> Tried<()> {
    let mail = eml(
        "Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nBody\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQKJe",
    )?;
    assert_eq!(names(&mail), ["a.pdf"]);
    assert!(mail.attachments[0].bytes.starts_with(b"%PDF-1.4\n"));
    Ok(())
}

#[test]
fn earlier_mails_are_kept_and_told_apart() -> Tried<()> {
    let mail = eml(
        "Subject: Re: review\nMIME-Version: 1.0\nContent-Type: text/plain\n\nDone.\n\nOn Tue, 3 Mar 2026 at 09:05, Ann Lee\n<ann@example.com> wrote:\n> Is it done?\n>\n> - all of it\n>> When?\n\n-----Original Message-----\nFrom: Bo <bo@example.com>\nSent: Monday, March 2, 2026\nTo: Ann\n\nPlease review.\n",
    )?;
    let expected = vec![
        Block::Paragraph("Done.".into()),
        Block::Heading {
            level: 2,
            text: "On Tue, 3 Mar 2026 at 09:05, Ann Lee\n<ann@example.com> wrote:".into(),
        },
        Block::Paragraph("> Is it done?".into()),
        Block::Item { level: 0, marker: String::new(), text: "> all of it".into() },
        Block::Paragraph(">> When?".into()),
        Block::Heading { level: 2, text: "-----Original Message-----".into() },
        Block::Heading { level: 2, text: "From: Bo <bo@example.com>".into() },
        Block::Paragraph("Sent: Monday, March 2, 2026\nTo: Ann".into()),
        Block::Paragraph("Please review.".into()),
    ];
    let body: Vec<Block> = mail.content.blocks[2..]
        .iter()
        .filter(|block| !matches!(block, Block::Paragraph(text) if text.is_empty()))
        .cloned()
        .collect();
    assert_eq!(body, expected);
    Ok(())
}

#[test]
fn an_encrypted_mail_is_said_to_be_one() {
    for source in [
        "Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n",
        "Subject: s\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIIB\n",
        "Subject: s\nMIME-Version: 1.0\nContent-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n",
    ] {
        let outcome = read(source.as_bytes(), Kind::Eml, &Limits::default());
        assert!(matches!(outcome, Err(Fault::EncryptedMail(_))), "{outcome:?}");
    }
}

#[test]
fn a_mail_wrapped_in_its_signature_is_unwrapped() -> Tried<()> {
    let inner = b"Content-Type: text/plain\r\n\r\nSigned words.";
    let (first, second) = inner.split_at(20);
    let tlv = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
    let whole = tlv(0x04, inner);
    let pieces = [&[0x24, 0x80][..], &tlv(0x04, first), &tlv(0x04, second), &[0, 0]].concat();
    for octets in [whole, pieces] {
        let content =
            [tlv(0x06, signed::DATA), [&[0xa0, 0x80][..], &octets, &[0, 0]].concat()].concat();
        let der = [
            &[0x30, 0x80],
            &*tlv(0x06, signed::SIGNED),
            &[0xa0, 0x80, 0x30, 0x80, 2, 1, 1, 0x31, 0, 0x30, 0x80],
            &content,
        ]
        .concat();
        let head = b"Subject: s\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=signed-data\n\n";
        let mail = read(&[&head[..], &der].concat(), Kind::Eml, &Limits::default())?;
        assert!(text_of(&mail)?.ends_with("Signed words."), "{}", text_of(&mail)?);
    }
    Ok(())
}

#[test]
fn parts_within_parts_without_end_are_read_as_they_stand() -> Tried<()> {
    let parts: String = (0..3_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
        .collect();
    let mail = eml(&format!("Subject: s\n{parts}words"))?;
    assert!(text_of(&mail)?.ends_with("words"));
    let mail = eml(&"Content-Type: message/rfc822\n\n".repeat(3_000))?;
    assert_eq!(names(&mail), ["attachment-1.eml"]);
    Ok(())
}

#[test]
fn only_a_line_of_its_own_ends_a_part() -> Tried<()> {
    let mail = eml(
        "Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=BND\n\npreamble\n--BND\nContent-Type: text/plain\n\nsee --BND for more\n--BND-inner\nstill here\n--BND  \n\nheaderless\n--BND--\nepilogue",
    )?;
    assert!(
        text_of(&mail)?.ends_with("see --BND for more\n--BND-inner\nstill here\n\nheaderless"),
        "{}",
        text_of(&mail)?
    );
    Ok(())
}

#[test]
fn text_around_a_file_is_all_of_the_body() -> Tried<()> {
    let mail = eml(
        "Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Before.\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 a.pdf\n#0V%T\n`\nend\n--b\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nAfter=\n wards =3D 50 = percent=\n--b--\n",
    )?;
    assert!(
        text_of(&mail)?.ends_with("Before.\n\nAfter wards = 50 = percent"),
        "{}",
        text_of(&mail)?
    );
    assert_eq!(names(&mail), ["a.pdf"]);
    assert_eq!(mail.attachments[0].bytes, b"Cat");
    Ok(())
}

/// An Outlook file: streams of strings and bytes, and storages that hold the same.
struct Outlook(cfb::CompoundFile<Cursor<Vec<u8>>>);

impl Outlook {
    fn new() -> Tried<Self> {
        Ok(Self(cfb::CompoundFile::create(Cursor::new(Vec::new()))?))
    }

    fn stream(&mut self, path: &str, bytes: &[u8]) -> Tried<()> {
        self.0.create_stream(path)?.write_all(bytes)?;
        Ok(())
    }

    fn text(&mut self, folder: &str, id: &str, text: &str) -> Tried<()> {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.stream(&format!("{folder}/__substg1.0_{id}001F"), &wide)
    }

    fn storage(&mut self, folder: &str, header: usize, fixed: &[(u32, u64)]) -> Tried<()> {
        if !folder.is_empty() {
            self.0.create_storage(folder)?;
        }
        let mut bytes = vec![0; header];
        for (tag, value) in fixed {
            bytes.extend(tag.to_le_bytes());
            bytes.extend([0; 4]);
            bytes.extend(value.to_le_bytes());
        }
        self.stream(&format!("{folder}/__properties_version1.0"), &bytes)
    }

    fn bytes(self) -> Vec<u8> {
        self.0.into_inner().into_inner()
    }
}

/// 3 March 2026, 08:05 UTC.
const MOMENT: u64 = (1_772_525_100 + 11_644_473_600) * 10_000_000;

fn outlook() -> Tried<Vec<u8>> {
    let mut file = Outlook::new()?;
    file.storage("", 32, &[(0x0039_0040, MOMENT), (0x3ffd_0003, 1251)])?;
    file.text("", "0037", "Access review")?;
    file.text("", "0C1A", "Ann Lee")?;
    file.text("", "5D01", "ann@example.com")?;
    file.stream("/__substg1.0_1000001E", b"\xcf\xf0\xee\xe2\xe5\xf0\xea\xe0 done.")?;
    for (n, (kind, name)) in [(1, "Bo"), (2, "Cy"), (3, "Hidden")].iter().enumerate() {
        let folder = format!("/__recip_version1.0_#{n:08X}");
        file.storage(&folder, 8, &[(0x0c15_0003, *kind)])?;
        file.text(&folder, "3001", name)?;
        file.text(&folder, "39FE", &format!("{}@example.com", name.to_lowercase()))?;
    }
    let folder = "/__attach_version1.0_#00000000";
    file.storage(folder, 8, &[(0x3705_0003, 1)])?;
    file.text(folder, "3707", "..\\rights.csv")?;
    file.stream(&format!("{folder}/__substg1.0_37010102"), b"a,b\n1,2\n")?;
    let folder = "/__attach_version1.0_#00000001";
    file.storage(folder, 8, &[(0x3705_0003, 5)])?;
    let within = format!("{folder}/__substg1.0_3701000D");
    file.storage(&within, 24, &[(0x0039_0040, MOMENT)])?;
    file.text(&within, "0037", "Earlier – review")?;
    file.text(&within, "1000", "Größe first.\r\nSecond.")?;
    let deep = format!("{within}/__attach_version1.0_#00000000");
    file.storage(&deep, 8, &[(0x3705_0003, 1)])?;
    file.text(&deep, "3704", "ünder.txt")?;
    file.stream(&format!("{deep}/__substg1.0_37010102"), &[7; 200])?;
    let folder = "/__attach_version1.0_#00000002";
    file.storage(folder, 8, &[(0x3705_0003, 7)])?;
    file.text(folder, "3707", "elsewhere.docx")?;
    Ok(file.bytes())
}

#[test]
fn an_outlook_mail_is_read_with_what_lies_in_it() -> Tried<()> {
    let bytes = outlook()?;
    let mail = read(&bytes, Kind::Msg, &Limits::default())?;
    assert_eq!(
        text_of(&mail)?,
        "Access review\n\nFrom: Ann Lee <ann@example.com>\nTo: Bo <bo@example.com>\nCc: Cy <cy@example.com>\n\
        Date: 2026-03-03 08:05 +00:00\nSubject: Access review\n\
        Attachments: rights.csv, Earlier – review.eml, elsewhere.docx (not read)\n\nПроверка done."
    );
    assert_eq!(mail.attachments[0].bytes, b"a,b\n1,2\n");
    let inner = read(&mail.attachments[1].bytes, Kind::Eml, &Limits::default())?;
    assert_eq!(
        text_of(&inner)?,
        "Earlier – review\n\nDate: 2026-03-03 08:05 +00:00\nSubject: Earlier – review\nAttachments: ünder.txt\n\nGröße first.\nSecond."
    );
    assert_eq!(inner.attachments[0].bytes, [7; 200]);
    assert_eq!(crate::sniff::sniff(&bytes, "x").media_type(), "application/vnd.ms-outlook");
    let shallow = Limits { archive_depth: 0, ..Limits::default() };
    let mail = read(&bytes, Kind::Msg, &shallow)?;
    assert!(text_of(&mail)?.contains("a mail deep within others (not read)"));
    Ok(())
}

#[test]
fn a_body_in_rich_text_is_unwrapped() {
    let html = br"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset204 Arial;}}{\*\generator x;}{\*\htmltag64 <p>}Caf\'e9 \htmlrtf {\b \htmlrtf0 now\htmlrtf }\htmlrtf0 {\*\htmltag84 &nbsp;}\u1055?\f1\'cf{\*\mhtmltag2 no}{\*\htmltag72 </p>}}";
    assert_eq!(rtf::unwrap(html), Some(rtf::Wrapped::Html("<p>Café now&nbsp;ПП</p>".into())));
    let plain = br"{\rtf1\ansi\fromtext \pard One\par Two\{\}}";
    assert_eq!(rtf::unwrap(plain), Some(rtf::Wrapped::Text("One\r\nTwo{}".into())));
    assert_eq!(rtf::unwrap(br"{\rtf1 real}"), None);
    let _ = rtf::unwrap(&[br"{\rtf1\fromhtml1 ".to_vec(), b"{".repeat(100_000)].concat());
}

#[test]
fn compressed_rich_text_is_unpacked() -> Tried<()> {
    // The two examples of [MS-OXRTFCP] 3.
    let first = [
        0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0,
        0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68,
        0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f,
        0xa0,
    ];
    let second = [
        0x1a, 0, 0, 0, 0x1c, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0,
        0x04, 0x20, 0x57, 0x58, 0x59, 0x5a, 0x0d, 0x6e, 0x7d, 0x01, 0x0e, 0xb0,
    ];
    assert_eq!(
        rtf::unpack(&first).ok_or("none")?,
        b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    );
    assert_eq!(rtf::unpack(&second).ok_or("none")?, b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
    assert_eq!(rtf::unpack(b"short"), None);
    Ok(())
}

#[test]
fn damaged_mails_end_in_a_fault_or_in_what_is_left() -> Tried<()> {
    let whole = [
        (Kind::Msg, outlook()?),
        (Kind::Eml, compose::eml(msg::letter(&outlook()?, &Limits::default())?)),
    ];
    for (kind, bytes) in whole {
        for cut in 0..20 {
            let _ = read(&bytes[..bytes.len() * cut / 20], kind, &Limits::default());
        }
        let mut at = 7_usize;
        for n in 0..400_usize {
            let mut bytes = bytes.clone();
            at = (at * 1_103_515_245 + 12_345 + n) % bytes.len();
            bytes[at] ^= 1 << (n % 8);
            let _ = read(&bytes, kind, &Limits::default());
        }
    }
    Ok(())
}

#[test]
fn mails_within_mails_are_opened_as_deep_as_archives() {
    let deep = "Subject: s\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n".repeat(3_000);
    let limits = Limits::default();
    let mut nobody = |_| crate::Answer::Missing(String::new());
    let mut reading = crate::Reading {
        limits: &limits,
        passwords: &[],
        skip: &std::collections::HashSet::new(),
        undrawn: &std::collections::HashSet::new(),
        ask: &mut nobody,
    };
    let mut failed = Vec::new();
    crate::extract_all(deep.as_bytes(), "a.eml", &mut reading, &mut |step| {
        if let crate::Step::Done(done) = step
            && let Extraction::Failed { .. } = done.extraction
        {
            failed.push(done.path.matches("!/").count());
        }
    });
    assert_eq!(failed, [limits.archive_depth + 2]);
}
