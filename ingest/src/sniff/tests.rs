use super::*;

fn media_type(bytes: &[u8], name: &str) -> String {
    sniff(bytes, name).media_type().to_owned()
}

#[test]
fn content_settles_the_format_and_the_extension_only_ties() {
    assert_eq!(media_type(b"%PDF-1.4\n", "notes.md"), "application/pdf");
    assert_eq!(media_type(b"<!DOCTYPE html><p>x</p>", "a.txt"), "text/html");
    assert_eq!(media_type(b"{\"a\": 1}", "a.txt"), "application/json");
    assert_eq!(media_type("<div>".repeat(900).as_bytes(), "a.html"), "text/html");
    assert_eq!(media_type(b"plain words", "a.md"), "text/markdown");
    assert_eq!(media_type(b"plain words", "a.docx"), "text/plain");
    assert_eq!(media_type(b"a,b,c\n1,2,3\n4,5,6\n", "x"), "text/csv");
    assert_eq!(media_type(b"a;b\n1;2\n", "x.csv"), "text/csv");
    assert_eq!(media_type(b"\x89PNG\r\n\x1a\n0000", "x.pdf"), "image/png");
    assert_eq!(
        media_type(b"From: a@b\nTo: c@d\nMIME-Version: 1.0\n\nhello", "x"),
        "message/rfc822"
    );
    assert_eq!(media_type(b"\0\0\x01\x02\0\0\0\0\0\x7f", "x.txt"), "application/octet-stream");
    assert_eq!(media_type(b"  \n", "x.txt"), "application/x-empty");
}

#[test]
fn a_damaged_office_file_is_still_one() {
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let start = b"PK\x03\x04\x14\0\0\0\x08\0";
    assert_eq!(media_type(&[start, &b"word/styles.xml"[..]].concat(), "a"), docx);
    assert_eq!(media_type(&[start, &b"[Content_Types].xml"[..]].concat(), "a.docx"), docx);
    assert_eq!(media_type(&[start, &b"[Content_Types].xml"[..]].concat(), "a.xlsx"), xlsx);
    assert_eq!(media_type(start, "a.zip"), "application/zip");
    let read = crate::extract(start, "a.docx", &crate::Limits::default());
    assert!(matches!(read, crate::Extraction::Failed { .. }), "{read:?}");
}

#[test]
fn encodings_are_told_from_the_bytes() {
    let text = |bytes: &[u8]| match sniff(bytes, "a.txt") {
        Format::Text { text, .. } => text,
        other => other.media_type().to_owned(),
    };
    let utf16: Vec<u8> = "zwölf Rollen".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(text(&utf16), "zwölf Rollen");
    assert_eq!(text(b"\xef\xbb\xbfx\xc3\xa9"), "xé");
    assert_eq!(
        text(b"Gesch\xe4ftsf\xfchrung und Pr\xfcfung der Unterlagen f\xfcr M\xe4rz"),
        "Geschäftsführung und Prüfung der Unterlagen für März"
    );
}

#[test]
fn an_xml_file_may_name_its_encoding() {
    let text = b"<?xml version='1.0' encoding='windows-1251'?><a>\xcf\xee\xeb</a>";
    assert!(matches!(sniff(text, "a"), Format::Xml(text) if text.ends_with("<a>Пол</a>")));
    assert_eq!(media_type(b"<!DOCTYPE book><book/>", "a"), "application/xml");
    assert_eq!(media_type(b"<config><a>1</a></config>", "a.xml"), "application/xml");
}

#[test]
fn a_table_s_delimiter_is_what_most_lines_have_below_a_title() {
    for text in [
        "Supplier register\nid;name;since, if known\nS-1;Acme;2024\nS-2;Bolt;2025\n",
        "Duties in the yard;Bell Ltd;edition 2;decided by the CIO;next 2027\nTask;CIO;Guard\nlocks;A;R\nkeys;A;R\ngates;R;A\n",
        "# kept by A. Bell, yards, for the board\n# next look, May\nid;name;since\nS-1;Acme;2024\nS-2;Bolt;2025\n",
    ] {
        let Format::Csv { delimiter, .. } = sniff(text.as_bytes(), "a.csv") else {
            panic!("{text}")
        };
        assert_eq!(delimiter, b';', "{text}");
    }
    for text in [
        "user,groups,last login\nbell,admin;ops;dev;audit,2026-05-01\nkos,admin;ops;dev;sales,2026-05-02\n",
        "id,tags\n1,a;b;c\n2,d;e;f\n",
        "control,owner,evidence\nA.5.1,Bell,a|b|c|d\nA.5.2,Kos,a|b|c|e\n",
    ] {
        let Format::Csv { delimiter, .. } = sniff(text.as_bytes(), "a.csv") else {
            panic!("{text}")
        };
        assert_eq!(delimiter, b',', "{text}");
    }
}
