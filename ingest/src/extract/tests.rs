use super::*;
use crate::RecognisedPage;
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const POLICY: &[u8] = b"# AI policy\n\nModels are reviewed before they are released.\n";

fn zipped(members: &[(&str, &[u8])]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default())?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// What became of a file and of everything in it, in the order in which it was done.
fn all(bytes: &[u8], name: &str, skip: &[&str], answer: Answer) -> Vec<(String, Extraction)> {
    let limits = Limits { archive_depth: 2, ..Limits::default() };
    let skip = skip.iter().map(|path| (*path).to_owned()).collect();
    let mut ask = |_| answer.clone();
    let none = HashSet::new();
    let mut reading =
        Reading { limits: &limits, passwords: &[], skip: &skip, undrawn: &none, ask: &mut ask };
    let mut begun = Vec::new();
    let mut done = Vec::new();
    extract_all(bytes, name, &mut reading, &mut |step| match step {
        Step::Begun(path) => begun.push(path.to_owned()),
        Step::Done(extracted) => done.push((extracted.path, extracted.extraction)),
    });
    assert!(begun.iter().all(|path| done.iter().any(|(at, _)| at == path)), "{begun:?}");
    done
}

fn nobody() -> Answer {
    Answer::Missing("Tesseract is not installed: `apt install tesseract-ocr`.".into())
}

#[test]
fn members_are_documents_by_themselves_and_come_first() -> Outcome {
    let inner = zipped(&[("policies/ai.md", POLICY)])?;
    let outer = zipped(&[("inner.zip", &inner), ("notes.md", POLICY), ("x.bin", &[0, 1, 2])])?;
    let done = all(&outer, "q3/evidence.zip", &[], nobody());
    let paths: Vec<&str> = done.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "q3/evidence.zip!/inner.zip!/policies/ai.md",
            "q3/evidence.zip!/inner.zip",
            "q3/evidence.zip!/notes.md",
            "q3/evidence.zip!/x.bin",
            "q3/evidence.zip",
        ]
    );
    let alone = extract(POLICY, "ai.md", &Limits::default());
    assert!(matches!(&alone, Extraction::Read(document) if document.passages.len() == 1));
    assert_eq!(done[0].1, alone);
    assert!(matches!(done[1].1, Extraction::Opened { members: 1, .. }));
    assert!(matches!(done[3].1, Extraction::Skipped { .. }));
    assert!(matches!(done[4].1, Extraction::Opened { members: 3, .. }));
    Ok(())
}

#[test]
fn archives_are_opened_so_deep_and_no_deeper() -> Outcome {
    let mut archive = zipped(&[("a.md", POLICY)])?;
    for _ in 0..4 {
        archive = zipped(&[("in.zip", &archive)])?;
    }
    let done = all(&archive, "out.zip", &[], nobody());
    assert_eq!(done.len(), 4, "{done:?}");
    assert!(
        matches!(&done[0].1, Extraction::Failed { reason, .. } if reason.contains("more than 2 deep")),
        "{done:?}"
    );
    Ok(())
}

#[test]
fn an_archive_without_members_says_why() -> Outcome {
    let empty = zipped(&[])?;
    let (_, extraction) = all(&empty, "e.zip", &[], nobody()).remove(0);
    assert!(matches!(&extraction, Extraction::Skipped { .. }), "{extraction:?}");
    // Damage to the directory's end takes its entries out of sight.
    let mut archive = zipped(&[("a.md", POLICY)])?;
    let end = archive.len() - 22;
    archive.truncate(end);
    archive.extend(empty);
    let (_, extraction) = all(&archive, "e.zip", &[], nobody()).remove(0);
    assert!(
        matches!(&extraction, Extraction::Failed { reason, .. } if reason.contains("does not list")),
        "{extraction:?}"
    );
    Ok(())
}

#[test]
fn what_was_dealt_with_is_left_out() -> Outcome {
    let archive = zipped(&[("a.md", POLICY), ("b.md", POLICY), (".hidden", POLICY)])?;
    let done = all(&archive, "e.zip", &["e.zip!/a.md", "e.zip!/.hidden"], nobody());
    let paths: Vec<&str> = done.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["e.zip!/b.md", "e.zip"]);
    Ok(())
}

#[test]
fn what_came_with_a_mail_is_a_document_by_itself() {
    let mail = b"From: Jane <jane@example.org>\r\nTo: Joe <joe@example.org>\r\nSubject: Approval\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nThe policy is approved.\r\n--x\r\nContent-Type: text/markdown; name=policy.md\r\nContent-Disposition: attachment; filename=policy.md\r\n\r\n# AI policy\r\n\r\nModels are reviewed.\r\n--x--\r\n";
    let done = all(mail, "approval.eml", &[], nobody());
    let paths: Vec<&str> = done.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["approval.eml!/policy.md", "approval.eml"]);
    for (path, extraction) in &done {
        assert!(matches!(extraction, Extraction::Read(_)), "{path}: {extraction:?}");
    }
}

#[test]
fn pictures_are_read_by_whoever_is_asked_and_say_how_surely() {
    let png = b"\x89PNG\r\n\x1a\n0000";
    let Some((_, Extraction::NeedsOcr { reason, .. })) = all(png, "scan.png", &[], nobody()).pop()
    else {
        panic!("a picture needs OCR")
    };
    assert!(reason.contains("apt install tesseract-ocr"), "{reason}");
    let page = |text: &str, confidence| RecognisedPage {
        paragraphs: text.split('\n').map(|line| vec![line.to_owned()]).collect(),
        confidence,
    };
    let pages = vec![
        page("Models are reviewed before they are released.\nOwner: Jane Doe", 0.93),
        page("A second page.", 0.4),
    ];
    let read = all(png, "scan.png", &[], Answer::Recognised(pages)).pop();
    let Some((_, Extraction::Read(document))) = read else { panic!("{read:?}") };
    assert_eq!(document.media_type, "image/png");
    let sure: Vec<_> = document.pages.iter().map(|page| page.recognised).collect();
    assert_eq!(sure, [Some(0.93), Some(0.4)]);
    assert!(document.text.starts_with("Models are reviewed before"), "{}", document.text);
}

#[test]
fn old_office_files_are_read_in_the_form_they_are_put_into() {
    let mut old = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    old.extend("WordDocument".encode_utf16().flat_map(u16::to_le_bytes));
    let how = "LibreOffice is not installed: `apt install libreoffice-writer`.";
    let (_, missing) = all(&old, "p.doc", &[], Answer::Missing(how.into())).remove(0);
    assert!(
        matches!(&missing, Extraction::Skipped { reason, .. } if reason.contains("apt install")),
        "{missing:?}"
    );
    let (_, odd) = all(&old, "p.doc", &[], Answer::Converted(b"nothing".to_vec())).remove(0);
    assert!(matches!(odd, Extraction::Failed { .. }), "{odd:?}");
}
