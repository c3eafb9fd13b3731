use super::*;
use crate::render::Drawing;
use crate::render::tests::{Picture, pdf, scan_of, turned};
use crate::{Extraction, OldOffice, RecognisedPage, extract};
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

type Outcome = Result<(), Box<dyn Error>>;

const TEXT: &str = "The AI policy is reviewed every year.";
const TABLE: &str = "Control,Status\nA.5.2,Implemented\n";
const SLIDES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.presentation">
<office:body><office:presentation><draw:page draw:name="one"><draw:frame svg:x="2cm" svg:y="2cm" svg:width="20cm" svg:height="5cm"><draw:text-box><text:p>The AI policy in brief</text:p></draw:text-box></draw:frame></draw:page></office:presentation></office:body>
</office:document>"#;

/// The test binary is its own launcher: everything after `--` is for [`launch`].
fn settings() -> Settings {
    let own = std::env::current_exe().into_iter().map(PathBuf::into_os_string);
    let to_launcher = ["--exact", "tools::tests::launcher", "--ignored", "--nocapture", "--"];
    Settings {
        launcher: if cfg!(unix) {
            own.chain(to_launcher.map(OsString::from)).collect()
        } else {
            Vec::new()
        },
        ..Settings::default()
    }
}

#[test]
#[cfg(unix)]
#[ignore = "the other tests run it, in a process of its own"]
fn launcher() -> Outcome {
    let arguments = std::env::args_os().skip_while(|argument| argument != "--").skip(1);
    let reason = launch(arguments);
    writeln!(std::io::stderr(), "{reason}")?;
    std::process::exit(127)
}

/// Tools that were not found.
fn none() -> Tools {
    Tools { tesseract: None, office: None, settings: settings(), limits: Limits::default() }
}

#[test]
fn what_is_not_installed_is_answered_with_the_command_that_installs_it() {
    let Answer::Missing(reason) = none().answer(Request::Recognise(Vec::new())) else {
        panic!("there is no Tesseract");
    };
    assert!(reason.contains(ocr::INSTALL), "{reason}");
    let Answer::Missing(reason) = none().answer(Request::Convert(OldOffice::Word, Vec::new()))
    else {
        panic!("there is no LibreOffice");
    };
    assert!(reason.contains(office::INSTALL), "{reason}");
    assert!(none().describe().iter().all(|tool| tool.found.is_none()));
}

#[test]
fn a_language_that_is_not_installed_is_named() {
    let settings = Settings { languages: vec!["no such language".into()], ..settings() };
    let tools = Tools::find(settings, &Limits::default());
    if tools.tesseract.is_none() {
        eprintln!("not tried: Tesseract is not installed here");
        return;
    }
    assert!(!tools.reads_pictures());
    let Answer::Missing(reason) = tools.answer(Request::Recognise(Vec::new())) else {
        panic!("there is no such language");
    };
    assert!(reason.contains("no such language"), "{reason}");
}

#[test]
fn an_old_office_file_comes_back_in_todays_form() -> Outcome {
    let tools = Tools::find(settings(), &Limits::default());
    if !tools.reads_old_office() {
        eprintln!("not tried: LibreOffice is not installed here");
        return Ok(());
    }
    let old = [
        (
            OldOffice::Word,
            "in.txt",
            "Text",
            TEXT,
            ("doc", "MS Word 97"),
            Some("reviewed every year"),
        ),
        (
            OldOffice::Excel,
            "in.csv",
            "Text - txt - csv (StarCalc)",
            TABLE,
            ("xls", "MS Excel 97"),
            Some("A.5.2 | Implemented"),
        ),
        (
            OldOffice::PowerPoint,
            "in.fodp",
            "OpenDocument Presentation Flat XML",
            SLIDES,
            ("ppt", "MS PowerPoint 97"),
            None,
        ),
    ];
    for (kind, name, format, content, (extension, filter), expected) in old {
        let target = office::Target { name: "an old file", extension, filter };
        let office = tools.office.as_ref().ok_or("LibreOffice is gone")?;
        let old = office
            .save_as(name, format, content.as_bytes(), &target, &tools.settings, &tools.limits)?
            .ok_or_else(|| format!("no {kind:?} was made"))?;
        assert!(old.starts_with(b"\xd0\xcf\x11\xe0"));
        let damaged = old[..old.len() / 3].to_vec();
        match tools.answer(Request::Convert(kind, old)) {
            Answer::Converted(new) => {
                assert!(new.starts_with(b"PK"));
                let text = expected.map(|expected| (expected, text_of(&new)));
                if let Some((expected, text)) = text {
                    assert!(text.is_some_and(|text| text.contains(expected)), "{kind:?}");
                }
            }
            other => return Err(format!("{kind:?}: {other:?}").into()),
        }
        if kind == OldOffice::Word {
            let answer = tools.answer(Request::Convert(kind, damaged));
            assert!(
                matches!(&answer, Answer::Failed(reason) if reason.contains("save it as DOCX")),
                "{answer:?}"
            );
        }
    }
    Ok(())
}

fn text_of(file: &[u8]) -> Option<String> {
    match extract(file, "new", &Limits::default()) {
        Extraction::Read(document) => Some(document.text),
        _ => None,
    }
}

/// A job that runs the shell.
#[cfg(unix)]
fn shell(seconds: u64) -> Result<job::Job<'static>, String> {
    job::Job::new("The shell", Path::new("/bin/sh"), seconds)
}

#[test]
#[cfg(unix)]
fn a_program_that_takes_too_long_is_stopped_with_all_that_it_started() -> Outcome {
    let start = Instant::now();
    let job = shell(1)?;
    let folder = job.folder().to_owned();
    let script = "(while true; do date > alive; done) & echo $! ; while true; do :; done";
    let reason = job.run(&settings(), ["-c".into(), script.into()]).err();
    let stopped = reason.as_deref().is_some_and(|reason| reason.contains("was stopped after 1 s"));
    assert!(stopped, "{reason:?}");
    assert!(start.elapsed().as_secs() < 30);
    let said = job.take("said.txt").unwrap_or_default();
    let number = String::from_utf8(said)?.trim().rsplit('\n').next().unwrap_or_default().parse()?;
    let started = rustix::process::Pid::from_raw(number).ok_or("no number was printed")?;
    // Whoever adopts it may take a moment to see its end; what has ended no longer runs in any state but that of a zombie.
    let state = std::fs::read_to_string(format!("/proc/{started}/stat"));
    assert!(state.map_or(true, |state| state.contains(") Z ")), "it still runs");
    drop(job);
    assert!(!folder.exists());
    Ok(())
}

#[test]
#[cfg(unix)]
fn a_program_is_alone_in_its_folder() -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    let job = shell(20)?;
    assert_eq!(job.folder().metadata()?.permissions().mode() & 0o777, 0o700);
    let outside = tempfile::NamedTempFile::new()?;
    let script = format!(
        "pwd; env; echo text > own; cat '{0}' && echo read; echo text > '{0}' && echo written; ln -s '{0}' link; true",
        outside.path().display()
    );
    let said = job.run(&settings(), ["-c".into(), script.into()])?;
    assert!(said.contains(&format!("HOME={}", job.folder().display())), "{said}");
    assert!(!said.contains("CARGO"), "{said}");
    assert_eq!(job.take("own").as_deref(), Some(b"text\n".as_slice()));
    assert_eq!(job.take("link"), None, "a link is not followed");
    #[cfg(target_os = "linux")]
    {
        assert!(!said.lines().any(|line| line == "read" || line == "written"), "{said}");
        assert_eq!(std::fs::read(outside.path())?, b"");
    }
    Ok(())
}

#[test]
#[cfg(unix)]
fn a_program_that_fails_is_quoted() -> Outcome {
    let script = "echo first; echo the picture is broken >&2; exit 3";
    let reason = shell(20)?.run(&settings(), ["-c".into(), script.into()]).err();
    assert_eq!(
        reason.as_deref(),
        Some("The shell ended with exit status: 3; it says: the picture is broken")
    );
    let absent = job::Job::new("Nothing", Path::new("/no/such/program"), 20)?;
    let reason = absent.run(&settings(), []).err().unwrap_or_default();
    assert!(reason.contains("/no/such/program could not be started"), "{reason}");
    Ok(())
}

const POLICY: [&str; 3] = [
    "Artificial intelligence policy",
    "The policy is reviewed every year by the board.",
    "Owner: Chief Information Security Officer",
];

fn ocr() -> Option<Tools> {
    let tools = Tools::find(settings(), &Limits::default());
    if !tools.reads_pictures() {
        eprintln!("not tried: Tesseract is not installed here");
        return None;
    }
    Some(tools)
}

fn read(tools: &Tools, picture: Vec<u8>) -> Result<Vec<RecognisedPage>, Box<dyn Error>> {
    match tools.answer(Request::Recognise(picture)) {
        Answer::Recognised(pages) => Ok(pages),
        other => Err(format!("{other:?}").into()),
    }
}

fn lines(page: &RecognisedPage) -> Vec<&str> {
    page.paragraphs.iter().flatten().map(String::as_str).collect()
}

/// A TIFF with a page for each picture, not packed.
fn tiff(pictures: &[&Picture]) -> Vec<u8> {
    let mut tiff = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    for picture in pictures {
        let strip = tiff.len() as u32;
        tiff.extend(&picture.grey);
        tiff.resize(tiff.len().next_multiple_of(2), 0);
        let directory = (tiff.len() as u32).to_le_bytes();
        tiff[link..link + 4].copy_from_slice(&directory);
        let (width, height) = (picture.width, picture.height);
        let fields: [(u16, u32); 9] = [
            (256, width),
            (257, height),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, strip),
            (277, 1),
            (278, height),
            (279, width * height),
        ];
        tiff.extend((fields.len() as u16).to_le_bytes());
        for (tag, value) in fields {
            tiff.extend(tag.to_le_bytes());
            tiff.extend(4_u16.to_le_bytes());
            tiff.extend(1_u32.to_le_bytes());
            tiff.extend(value.to_le_bytes());
        }
        link = tiff.len();
        tiff.extend([0; 4]);
    }
    tiff
}

#[test]
fn a_scanned_pdf_is_read_through_its_drawing() -> Outcome {
    let Some(tools) = ocr() else { return Ok(()) };
    let scan = pdf([400, 300], 0, "400 0 0 300 0 0 cm /P Do", Some(&scan_of(&POLICY)?))?;
    let drawn = Drawing::open(&scan, "")?.page(0, &tools.limits)?;
    let pages = read(&tools, drawn)?;
    let [page] = pages.as_slice() else { return Err(format!("{pages:?}").into()) };
    assert_eq!(lines(page), POLICY);
    assert!(page.confidence > 0.8 && page.confidence <= 1.0, "{}", page.confidence);
    Ok(())
}

#[test]
fn each_page_of_a_tiff_is_read_also_one_that_stands_on_its_head() -> Outcome {
    let Some(tools) = ocr() else { return Ok(()) };
    let long: Vec<&str> = POLICY.into_iter().cycle().take(12).collect();
    let (upright, other) = (scan_of(&long)?, scan_of(&["Second page"])?);
    let pages = read(&tools, tiff(&[&turned(&turned(&upright)), &other]))?;
    let [first, second] = pages.as_slice() else { return Err(format!("{pages:?}").into()) };
    assert_eq!(lines(second), ["Second page"]);
    match tools.tesseract.as_ref().is_some_and(|tesseract| tesseract.turns) {
        true => assert_eq!(lines(first), long),
        false => eprintln!("not tried: the data for turned pages is not installed here"),
    }
    Ok(())
}

#[test]
fn what_is_no_picture_is_not_handed_on() -> Outcome {
    let Some(tools) = ocr() else { return Ok(()) };
    for bytes in [b"/etc/passwd\n".as_slice(), b"GIF89a", b""] {
        let Answer::Failed(reason) = tools.answer(Request::Recognise(bytes.to_vec())) else {
            return Err("it was handed on".into());
        };
        assert!(reason.contains("PNG, JPEG and TIFF"), "{reason}");
    }
    let broken = tools.answer(Request::Recognise(b"\x89PNG\r\n\x1a\n broken".to_vec()));
    assert!(
        matches!(&broken, Answer::Failed(reason) if reason.starts_with("Tesseract ")),
        "{broken:?}"
    );
    let blank = Picture { width: 64, height: 64, grey: vec![255; 64 * 64] };
    let pages = read(&tools, tiff(&[&blank]))?;
    assert_eq!(pages, [RecognisedPage::default()]);
    let few = Tools { limits: Limits { ocr_pages: 1, ..Limits::default() }, ..tools };
    let answer = few.answer(Request::Recognise(tiff(&[&blank, &blank])));
    assert!(matches!(&answer, Answer::Failed(reason) if reason.contains("more pages than the 1")));
    Ok(())
}
