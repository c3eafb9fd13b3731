//! Damaged files: cut off, and with bytes changed, in every format. Each is read, or accounted for in words; none brings a reader
//! down, keeps it busy without end, or comes out as empty text.

mod account;
mod fixtures;

use fixtures::{Fixture, zipped};
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use sufficit_ingest::{Extracted, Extraction, Limits, extract};

/// Far longer than any of these small files takes, also in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// What rayon gives a thread.
const STACK: usize = 2 << 20;
/// Points at which a file is cut off.
const CUTS: usize = 20;
/// Files with changed bytes, for each format.
const FLIPS: u64 = 1000;
/// Files of a container changed from outside, parts being packed already.
const OUTER_FLIPS: u64 = 200;

/// A fixed sequence of numbers (splitmix64): the same damage at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end.max(1) as u64) as usize
    }
}

/// Changes one byte, or now and then a few; or takes a piece out, or repeats one.
fn flip(bytes: &mut Vec<u8>, dice: &mut Dice) {
    if bytes.is_empty() {
        return;
    }
    let many = [1, 1, 1, 1, 2, 4, 16][dice.below(7)];
    for _ in 0..many {
        let place = dice.below(bytes.len());
        match dice.below(3) {
            0 => bytes[place] = dice.below(256) as u8,
            _ => bytes[place] ^= 1 << dice.below(8),
        }
    }
    let start = dice.below(bytes.len());
    let end = (start + 1 + dice.below(64)).min(bytes.len());
    match dice.below(10) {
        0 => drop(bytes.drain(start..end)),
        1 => bytes.extend_from_within(start..end),
        2 => drop(bytes.splice(start..start, bytes[start..end].to_vec())),
        _ => {}
    }
}

/// Every damaged form of a file, by a name that finds it again.
fn each_mutant(fixture: &Fixture, mut visit: impl FnMut(String, Vec<u8>)) {
    let whole = fixture.bytes();
    visit("whole".into(), whole.clone());
    for cut in 0..CUTS {
        visit(format!("cut {cut}"), whole[..whole.len() * cut / CUTS].to_vec());
    }
    let mut outside = |count: u64| {
        for seed in 0..count {
            let mut mutant = whole.clone();
            flip(&mut mutant, &mut Dice(seed));
            visit(format!("flip {seed}"), mutant);
        }
    };
    match fixture {
        Fixture::Plain(_) => outside(FLIPS),
        Fixture::Zipped(parts) => {
            outside(OUTER_FLIPS);
            for (place, (name, part)) in parts.iter().enumerate() {
                for cut in 0..CUTS {
                    let mut mutant = parts.clone();
                    mutant[place].1.truncate(part.len() * cut / CUTS);
                    visit(format!("{name}, cut {cut}"), zipped::stored(&mutant));
                }
            }
            for seed in 0..FLIPS {
                let mut dice = Dice(seed);
                let mut mutant = parts.clone();
                let place = dice.below(parts.len());
                flip(&mut mutant[place].1, &mut dice);
                visit(format!("{}, flip {seed}", parts[place].0), zipped::stored(&mutant));
            }
        }
    }
}

/// A thread that reads files one after the other, so that one that never ends can be left behind.
struct Reader {
    files: Sender<(Vec<u8>, String)>,
    outcomes: Receiver<Vec<Extracted>>,
}

impl Reader {
    fn start() -> Self {
        let (files, asked) = channel::<(Vec<u8>, String)>();
        let (answer, outcomes) = channel();
        let work = move || {
            for (bytes, name) in asked {
                if answer.send(account::read(&bytes, &name)).is_err() {
                    break;
                }
            }
        };
        std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread starts");
        Self { files, outcomes }
    }

    /// What is wrong with the outcome; `None` where the file is accounted for.
    fn fault(&mut self, bytes: Vec<u8>, name: &str) -> Option<String> {
        self.files.send((bytes, name.to_owned())).expect("the reader listens");
        match self.outcomes.recv_timeout(PATIENCE) {
            Ok(outcomes) => account::unlisted(&outcomes, name),
            Err(_) => {
                *self = Self::start();
                Some(format!("no end within {} s", PATIENCE.as_secs()))
            }
        }
    }
}

/// Where the file being read is kept, so that one that ends the whole process can be looked at.
fn kept(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations");
    std::fs::create_dir_all(&folder).expect("is writable");
    folder.join(name)
}

#[track_caller]
fn survives(fixture: &Fixture, name: &str) {
    let (mut reader, mut faults) = (Reader::start(), Vec::new());
    let last = kept(&format!("{}-{name}", Location::caller().line()));
    each_mutant(fixture, |mutant, bytes| {
        if faults.len() > 10 {
            return;
        }
        std::fs::write(&last, &bytes).expect("is writable");
        if let Some(fault) = reader.fault(bytes, name) {
            let found = kept(&format!("fault-{}-{name}", faults.len()));
            std::fs::copy(&last, &found).expect("is writable");
            faults.push(format!("{mutant}: {fault} ({})", found.display()));
        }
    });
    assert!(faults.is_empty(), "{name}: {faults:#?}");
    std::fs::remove_file(&last).expect("is writable");
}

#[track_caller]
fn format_survives(extension: &str) {
    let (_, fixture) = fixtures::all()
        .into_iter()
        .find(|(own, _)| *own == extension)
        .expect("there is a file of this format");
    survives(&fixture, &format!("file.{extension}"));
}

macro_rules! formats {
    ($($name:ident),* $(,)?) => {
        $(#[test] fn $name() { format_survives(stringify!($name)); })*

        #[test]
        fn every_fixture_has_its_test() {
            let tested = [$(stringify!($name)),*];
            for (extension, _) in fixtures::all() {
                assert!(tested.contains(&extension), "{extension} is not tested");
            }
        }
    };
}

formats!(
    pdf, docx, xlsx, pptx, odt, ods, odp, html, md, csv, json, xml, rtf, eml, msg, log, txt, tar,
    zip
);

/// Streams are packed here, objects lie in object streams: damage shows elsewhere than in a file written by hand.
#[test]
fn a_packed_pdf() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/vellmoor-coldchain/07-general/palleteye-brochure.pdf");
    survives(&Fixture::Plain(std::fs::read(path).expect("is there")), "brochure.pdf");
}

#[test]
fn what_is_not_damaged_is_read() {
    let expected = [
        ("pdf", "Copies are kept at a second site"),
        ("docx", "Copies are kept for 35 days"),
        ("xlsx", "Implemented"),
        ("pptx", "Copies are made each night"),
        ("odt", "Kept for 35 days"),
        ("ods", "A.5.2"),
        ("odp", "Say who signs"),
        ("xml", "All rows & sums are equal"),
        ("rtf", "Every database is backed up each night"),
        ("log", "copy to second site failed"),
        ("html", "kept 35 days"),
        ("md", "Restore tests are recorded"),
        ("csv", "Brook, Ada"),
        ("json", "Ada Brook"),
        ("eml", "The ledger was restored from its backup on Monday"),
        ("msg", "The ledger was restored from its backup on Monday"),
        ("txt", "One database is restored each quarter"),
    ];
    for (extension, fixture) in fixtures::all() {
        let Some((_, text)) = expected.iter().find(|(own, _)| *own == extension) else {
            assert!(["tar", "zip"].contains(&extension), "{extension} expects nothing");
            continue;
        };
        let outcome = extract(&fixture.bytes(), &format!("a.{extension}"), &Limits::default());
        let Extraction::Read(document) = outcome else { panic!("{extension}: {outcome:?}") };
        assert!(document.text.contains(text), "{extension}: {}", document.text);
    }
}
