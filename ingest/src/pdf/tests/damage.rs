//! Files that are cut off, damaged or locked.

use super::*;
use flate2::{Compression, write::ZlibEncoder};
use std::io::Write;

fn packed(lines: usize) -> Stream {
    let content: String = (0..lines)
        .map(|line| {
            format!("BT /F 10 Tf 72 {} Td (line {line} of {}) Tj ET ", 790 - 3 * line, line * 7919)
        })
        .collect();
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content.as_bytes()).expect("memory takes it");
    let content = encoder.finish().expect("memory takes it");
    Stream::new(dictionary! { "Filter" => "FlateDecode" }, content)
}

fn with_content(stream: Stream) -> Document {
    let mut made = document(b"", standard_fonts);
    let content = made.objects.iter_mut().find(|(_, object)| object.as_stream().is_ok());
    *content.expect("the page's content").1 = Object::Stream(stream);
    made
}

#[test]
fn a_page_whose_content_breaks_off_says_so() {
    let whole = packed(200);
    assert_eq!(first_page(with_content(whole.clone())).status, PageStatus::Ok);
    let mut half = whole;
    half.content.truncate(half.content.len() / 2);
    let page = first_page(with_content(half));
    assert_eq!(page.status, PageStatus::Truncated);
    assert!((50..150).contains(&page.lines.len()), "{} lines", page.lines.len());
}

#[test]
fn a_file_without_a_page_that_can_be_read_is_no_empty_document() {
    let junk = Stream::new(dictionary! { "Filter" => "FlateDecode" }, vec![0xff; 40]);
    let damaged = bytes(with_content(junk));
    assert_eq!(extract(&damaged, &Limits::default(), &[]), Err(PdfFault::Damaged));
}

#[test]
fn a_file_cut_before_its_catalog_keeps_its_pages() {
    let made = bytes(document(b"BT /F 10 Tf 72 700 Td (what is left) Tj ET", standard_fonts));
    let catalog = made.windows(8).position(|word| word == b"/Catalog").expect("a catalog");
    let found = extract(&made[..catalog - 20], &Limits::default(), &[]).expect("pages are left");
    assert_eq!(texts(&found.pages[0]), ["what is left"]);
    // One more stands for the pages that may be lost.
    assert_eq!(found.pages[1].status, PageStatus::Truncated);
}

#[test]
fn a_password_that_fits_opens() {
    let open = |passwords: &[&str]| {
        let passwords: Vec<_> = passwords.iter().map(|password| (*password).to_owned()).collect();
        extract(&bytes(encrypted("right")), &Limits::default(), &passwords)
    };
    let text = open(&["wrong", "right"]).expect("the second password fits");
    assert_eq!(texts(&text.pages[0]), ["secret"]);
    assert_eq!(open(&["wrong"]), Err(PdfFault::Encrypted));
    assert_eq!(open(&[]), Err(PdfFault::Encrypted));
}

#[test]
fn aes_256_opens_as_well() {
    let mut made = document(b"BT /F 10 Tf 72 700 Td (secret) Tj ET", standard_fonts);
    let filter: Arc<dyn CryptFilter> = Arc::new(Aes256CryptFilter);
    let version = EncryptionVersion::V5 {
        encrypt_metadata: true,
        crypt_filters: [(b"StdCF".to_vec(), filter)].into(),
        file_encryption_key: &[7; 32],
        stream_filter: b"StdCF".to_vec(),
        string_filter: b"StdCF".to_vec(),
        owner_password: "owner",
        user_password: "right",
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).expect("a state can be made");
    made.encrypt(&state).expect("a document can be encrypted");
    let made = bytes(made);
    let found = extract(&made, &Limits::default(), &["right".to_owned()]).expect("it opens");
    assert_eq!(texts(&found.pages[0]), ["secret"]);
    assert_eq!(extract(&made, &Limits::default(), &[]), Err(PdfFault::Encrypted));
}
