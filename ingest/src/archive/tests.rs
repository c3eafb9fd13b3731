use super::*;
use ::zip::{
    AesMode, CompressionMethod, ZipWriter, unstable::write::FileOptionsExt,
    write::SimpleFileOptions,
};
use flate2::{Compression, GzBuilder, write::GzEncoder};
use std::{
    error::Error,
    io::{Cursor, Write},
};

type Tried<T> = Result<T, Box<dyn Error>>;

/// The paths of an archive's members with what became of them (text, or `-` for skipped and `!` for refused), and how it ended.
fn members(
    kind: Kind,
    bytes: &[u8],
    limits: &Limits,
) -> (Vec<(String, String)>, Result<(), Fault>) {
    opened(Archive { kind, bytes, name: "given.log.gz", passwords: &[] }, limits)
}

fn opened(archive: Archive<'_>, limits: &Limits) -> (Vec<(String, String)>, Result<(), Fault>) {
    let mut found = Vec::new();
    let allowance = Allowance::of(limits, archive.bytes.len() as u64);
    let outcome = each_member(&archive, limits, &allowance, &mut |member| {
        let body = match member.body {
            MemberBody::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            MemberBody::Skipped(_) => "-".into(),
            MemberBody::Refused(_) => "!".into(),
        };
        found.push((member.path, body));
        Ok(())
    });
    (found, outcome)
}

fn sound(kind: Kind, bytes: &[u8]) -> Tried<Vec<(String, String)>> {
    let (found, outcome) = members(kind, bytes, &Limits::default());
    outcome?;
    Ok(found)
}

fn pairs<const N: usize>(expected: [(&str, &str); N]) -> Vec<(String, String)> {
    expected.map(|(path, body)| (path.to_owned(), body.to_owned())).to_vec()
}

fn stored() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored)
}

fn zip_of(files: &[(&str, &str, SimpleFileOptions)]) -> Tried<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text, options) in files {
        writer.start_file(*name, *options)?;
        writer.write_all(text.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

/// The bytes with each `from` in them made `to`.
fn changed(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at: Vec<usize> =
        bytes.windows(from.len()).enumerate().filter(|(_, w)| *w == from).map(|(n, _)| n).collect();
    assert!(!at.is_empty());
    for at in at {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn members_come_in_order_with_paths_that_lead_nowhere_else() -> Tried<()> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("z", stored())?;
    for name in [
        "z/b.txt",
        "a.txt",
        "__MACOSX/z/._b.txt",
        "__MACOSX/c",
        "z/.DS_Store",
        "Thumbs.db",
        "x_up/e.txt",
        "_abs.txt",
        "C:_drive.txt",
        "w_dir_f.txt",
        "caf1.txt",
        "dup1.txt",
        "dup2.txt",
        "ümlaut.txt",
    ] {
        writer.start_file(name, stored())?;
        writer.write_all(b"x")?;
    }
    writer.add_symlink("link", "/etc/passwd", stored())?;
    let zip = writer.finish()?.into_inner();
    let zip = changed(&zip, b"x_up/e.txt", b"../../e.tx");
    let zip = changed(&zip, b"_abs.txt", b"/abs.txt");
    let zip = changed(&zip, b"C:_drive", b"C:\\drive");
    let zip = changed(&zip, b"w_dir_f", b"w\\dir\\f");
    let zip = changed(&zip, b"caf1.txt", b"caf\x82.txt");
    let zip = changed(&zip, b"dup2.txt", b"dup1.txt");
    let expected = pairs([
        ("z/b.txt", "x"),
        ("a.txt", "x"),
        ("__MACOSX", "-"),
        ("z/.DS_Store", "-"),
        ("Thumbs.db", "-"),
        ("e.tx", "x"),
        ("abs.txt", "x"),
        ("drive.txt", "x"),
        ("w/dir/f.txt", "x"),
        ("café.txt", "x"),
        ("dup1.txt", "x"),
        ("dup1 (2).txt", "x"),
        ("ümlaut.txt", "x"),
        ("link", "-"),
    ]);
    assert_eq!(sound(Kind::Zip, &zip)?, expected);
    Ok(())
}

#[test]
fn a_members_fault_is_its_own() -> Tried<()> {
    let zip = zip_of(&[
        ("a", "first words", stored()),
        ("b", "other words", stored()),
        ("c", "third", stored()),
    ])?;
    let broken = changed(&zip, b"other words", b"OTHER words");
    assert_eq!(
        sound(Kind::Zip, &broken)?,
        pairs([("a", "first words"), ("b", "!"), ("c", "third")])
    );
    // The method of the first member, in its own header and in the directory.
    let mut odd = zip.clone();
    odd[8] = 14;
    let directory = odd.windows(4).position(|at| at == b"PK\x01\x02").ok_or("no directory")?;
    odd[directory + 10] = 14;
    assert_eq!(sound(Kind::Zip, &odd)?, pairs([("a", "!"), ("b", "other words"), ("c", "third")]));
    let small = Limits { file_bytes: 6, ..Limits::default() };
    let (found, outcome) = members(Kind::Zip, &zip, &small);
    assert!(outcome.is_ok());
    assert_eq!(found, pairs([("a", "!"), ("b", "!"), ("c", "third")]));
    Ok(())
}

#[test]
fn encrypted_members_open_with_a_password_that_fits() -> Tried<()> {
    let plain = SimpleFileOptions::default();
    let zip = zip_of(&[
        ("plain", "one", plain),
        ("aes", "two", plain.with_aes_encryption(AesMode::Aes256, "secret")),
        ("old", "three", plain.with_deprecated_encryption(b"older")?),
    ])?;
    assert_eq!(sound(Kind::Zip, &zip)?, pairs([("plain", "one"), ("aes", "!"), ("old", "!")]));
    let passwords = ["wrong", "secret", "older"].map(str::to_owned);
    let (found, outcome) = opened(
        Archive { kind: Kind::Zip, bytes: &zip, name: "", passwords: &passwords },
        &Limits::default(),
    );
    assert!(outcome.is_ok());
    assert_eq!(found, pairs([("plain", "one"), ("aes", "two"), ("old", "three")]));
    Ok(())
}

#[test]
fn an_archive_that_breaks_off_gives_what_stands_before() -> Tried<()> {
    let zip =
        zip_of(&[("a", "first", stored()), ("b", "second", stored()), ("c", "third", stored())])?;
    let directory = zip.windows(4).position(|at| at == b"PK\x01\x02").ok_or("no directory")?;
    let (found, outcome) = members(Kind::Zip, &zip[..directory - 2], &Limits::default());
    assert_eq!(found[..2], pairs([("a", "first"), ("b", "second")]));
    assert!(outcome.is_err_and(|fault| fault.to_string().contains("cut off after")));
    let tar = tar_of(&[("a", b"first"), ("b", &[b'x'; 2000])])?;
    let (found, outcome) = members(Kind::Tar, &tar[..2000], &Limits::default());
    assert_eq!(found, pairs([("a", "first"), ("b", "!")]));
    assert!(outcome.is_err_and(|fault| fault.to_string().contains("ends in the middle of b")));
    Ok(())
}

#[test]
fn what_members_take_together_is_limited() -> Tried<()> {
    let zip =
        zip_of(&[("a", &"x".repeat(50_000), stored()), ("b", &"x".repeat(50_000), stored())])?;
    let limits = Limits { members_bytes: 70_000, ..Limits::default() };
    let (found, outcome) = members(Kind::Zip, &zip, &limits);
    assert_eq!(found.len(), 1);
    assert!(matches!(outcome, Err(Fault::OverLimit { limit: 70_000, .. })));
    let limits = Limits { members: 1, ..Limits::default() };
    let (found, outcome) = members(Kind::Zip, &zip, &limits);
    assert_eq!(found.len(), 1);
    assert!(matches!(outcome, Err(Fault::OverLimit { limit: 1, .. })));
    Ok(())
}

#[test]
fn a_bomb_stops_at_its_ratio() -> Tried<()> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..100 {
        packed.write_all(&zeros)?;
    }
    let (found, outcome) = members(Kind::Gz, &packed.finish()?, &Limits::default());
    assert_eq!(found, []);
    assert!(matches!(outcome, Err(Fault::OverLimit { limit, .. }) if limit == 64 << 20));
    Ok(())
}

#[test]
fn members_that_share_their_bytes_are_each_counted() -> Tried<()> {
    // Two entries of the directory that point to the same data, as a bomb's many do.
    let zip =
        zip_of(&[("a", &"x".repeat(50_000), stored()), ("b", &"x".repeat(50_000), stored())])?;
    let directory: Vec<usize> =
        zip.windows(4).enumerate().filter(|(_, at)| at == b"PK\x01\x02").map(|(n, _)| n).collect();
    let mut shared = zip.clone();
    shared[directory[1] + 42..directory[1] + 46].copy_from_slice(&[0; 4]);
    let limits = Limits { members_bytes: 70_000, ..Limits::default() };
    let (_, outcome) = members(Kind::Zip, &shared, &limits);
    assert!(matches!(outcome, Err(Fault::OverLimit { .. })));
    Ok(())
}

fn header(name: &str, kind: ::tar::EntryType, size: usize) -> Tried<::tar::Header> {
    let mut header = ::tar::Header::new_gnu();
    header.set_path(name)?;
    header.set_entry_type(kind);
    header.set_size(size as u64);
    header.set_cksum();
    Ok(header)
}

fn tar_of(files: &[(&str, &[u8])]) -> Tried<Vec<u8>> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = header("x", ::tar::EntryType::Regular, bytes.len())?;
        builder.append_data(&mut header, name, *bytes)?;
    }
    Ok(builder.into_inner()?)
}

#[test]
fn a_tar_is_read_with_long_names_and_its_links_skipped() -> Tried<()> {
    use ::tar::EntryType;
    let long = format!("{}/policy.md", "folder".repeat(40));
    let mut builder = ::tar::Builder::new(Vec::new());
    builder.append_data(&mut header("x", EntryType::Regular, 3)?, &long, &b"one"[..])?;
    builder.append_pax_extensions([("path", "päx/name.md".as_bytes())])?;
    builder.append(&header("short", EntryType::Regular, 3)?, &b"two"[..])?;
    builder.append(&header("folder", EntryType::Directory, 0)?, &b""[..])?;
    builder.append(&header("link", EntryType::Symlink, 0)?, &b""[..])?;
    builder.append(&header("sparse", EntryType::GNUSparse, 0)?, &b""[..])?;
    builder.append(&header(".hidden", EntryType::Regular, 1)?, &b"x"[..])?;
    let tar = builder.into_inner()?;
    let shown = path::safe(&long);
    let expected = pairs([
        (&shown, "one"),
        ("päx/name.md", "two"),
        ("link", "-"),
        ("sparse", "!"),
        (".hidden", "-"),
    ]);
    assert_eq!(sound(Kind::Tar, &tar)?, expected);
    assert!(is_tar(&tar) && !is_tar(&[0; 1024]) && !is_tar(&[b'x'; 1024]));
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&tar)?;
    assert_eq!(sound(Kind::Gz, &packed.finish()?)?, expected);
    Ok(())
}

#[test]
fn a_gz_names_its_file_by_its_header_or_by_itself() -> Tried<()> {
    let pack = |builder: GzBuilder| {
        let mut packed = builder.write(Vec::new(), Compression::fast());
        packed.write_all(b"words")?;
        packed.finish()
    };
    let named = pack(GzBuilder::new().filename("folder/own.log"))?;
    assert_eq!(sound(Kind::Gz, &named)?, pairs([("own.log", "words")]));
    assert_eq!(sound(Kind::Gz, &pack(GzBuilder::new())?)?, pairs([("given.log", "words")]));
    let cut = &named[..named.len() - 9];
    assert_eq!(sound(Kind::Gz, cut)?, pairs([("own.log", "!")]));
    Ok(())
}

#[test]
fn a_mailbox_is_parted_into_its_mails() -> Tried<()> {
    let mailbox = b"From ann Tue Mar 3 09:05:00 2026\nSubject: Re: one/two\nFrom: a@b\n\nFirst.\n>From here on.\n\nFrom what I saw it is fine.\n\nFrom bo Tue Mar 3 09:06:00 2026\nX-A: 1\n\nSecond.\n";
    assert!(is_mailbox(mailbox) && !is_mailbox(b"From ann\nSubject: x\n\nOne.\n"));
    let found = sound(Kind::Mailbox, mailbox)?;
    assert_eq!(
        found.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(),
        ["Re: one_two.eml", "mail.eml"]
    );
    assert!(
        found[0].1.ends_with("First.\nFrom here on.\n\nFrom what I saw it is fine.\n\n"),
        "{found:?}"
    );
    assert!(found[1].1.ends_with("Second.\n"));
    Ok(())
}

#[test]
fn names_come_once_however_often_they_are_given() {
    let mut names = Distinct::default();
    let mut name = |text: &str| names.name(text.to_owned());
    assert_eq!(
        [name("a.b"), name("a (2).b"), name("a.b"), name("a.b")],
        ["a.b", "a (2).b", "a (3).b", "a (4).b"]
    );
    assert_eq!([name("x/.c"), name("x/.c")], ["x/.c", "x/.c (2)"]);
}

#[test]
fn archives_are_told_from_the_bytes() -> Tried<()> {
    let told = |bytes: &[u8]| crate::sniff::sniff(bytes, "x").media_type().to_owned();
    assert_eq!(told(&zip_of(&[("a", "b", stored())])?), "application/zip");
    assert_eq!(told(&tar_of(&[("a", b"b")])?), "application/x-tar");
    assert_eq!(told(&[0x1f, 0x8b, 8, 0]), "application/gzip");
    assert_eq!(told(b"7z\xbc\xaf\x27\x1c\0\x04aaaaaaaaaaaaaaaaaaa"), "application/x-7z-compressed");
    Ok(())
}

#[test]
fn damaged_archives_end_in_a_fault_or_in_what_is_left() -> Tried<()> {
    let zip = zip_of(&[("a/b", "first", SimpleFileOptions::default()), ("c", "second", stored())])?;
    let tar = tar_of(&[("a", b"first"), (&"n".repeat(150), b"second")])?;
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(&tar)?;
    for (kind, bytes) in [(Kind::Zip, zip), (Kind::Tar, tar), (Kind::Gz, gz.finish()?)] {
        for cut in 0..20 {
            let _ = members(kind, &bytes[..bytes.len() * cut / 20], &Limits::default());
        }
        let mut at = 7_usize;
        for n in 0..1000_usize {
            let mut bytes = bytes.clone();
            at = (at * 1_103_515_245 + 12_345 + n) % bytes.len();
            bytes[at] ^= 1 << (n % 8);
            let _ = members(kind, &bytes, &Limits::default());
        }
    }
    Ok(())
}
