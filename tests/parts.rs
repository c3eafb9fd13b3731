//! Documents put together from parts: titles, control blocks, passages of the training set, chapters about something else.

#![allow(dead_code, reason = "compiled into each test target, and no target needs all of it")]

use crate::papers::APPROVED;
use crate::program::files_of_lines;
use proptest::sample::select;
use proptest::strategy::{Just, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A chapter: its heading and its text.
pub(crate) type Part = (String, String);

/// A document put together.
#[derive(Clone, Debug)]
pub(crate) struct Composed {
    pub(crate) title: String,
    pub(crate) approved: bool,
    pub(crate) parts: Vec<Part>,
}

impl Composed {
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n", self.title);
        if self.approved {
            text.push_str(&control_block());
        }
        for (heading, part) in &self.parts {
            let _ = write!(text, "## {heading}\n\n{part}\n\n");
        }
        text
    }

    pub(crate) fn without(&self, place: usize) -> Self {
        let mut less = self.clone();
        less.parts.remove(place);
        less
    }

    pub(crate) fn with(&self, place: usize, part: Part) -> Self {
        let mut more = self.clone();
        more.parts.insert(place, part);
        more
    }
}

/// An approval block in force on the day of judgement, as a table.
pub(crate) fn control_block() -> String {
    let rows: String =
        APPROVED.iter().map(|(label, value)| format!("| {label} | {value} |\n")).collect();
    format!("| Document control | |\n|---|---|\n{rows}\n")
}

const TITLES: [&str; 6] = [
    "AI management handbook",
    "Information security policy",
    "Responsible AI procedure",
    "Operations manual for machine learning",
    "Security and AI controls, working practice",
    "Report on the use of AI systems",
];

/// Chapters that no auditor would read twice.
pub(crate) const ELSEWHERE: [(&str, &str); 8] = [
    (
        "The kitchen garden",
        "Tomatoes are sown in March and moved outdoors after the last frost. Water them in the morning, at the root. Beans climb on hazel poles; courgettes want room.",
    ),
    (
        "Onion soup",
        "Slice the onions and let them turn brown in the butter over a low flame. Dust with flour, add the wine, let it boil down, then pour on the stock. Simmer for half an hour.",
    ),
    (
        "Birds of the estuary",
        "Curlews feed on the mud when the tide is out, oystercatchers on the mussel beds. In October the geese come in from the north, and at dusk they cross the river in long lines.",
    ),
    (
        "The choir's summer",
        "We sang in the abbey, in two village halls and once on a ferry. The altos were in good voice. Cake was baked by the tenors, and nobody forgot the music this time.",
    ),
    (
        "Knitting a scarf",
        "Cast on forty stitches. Knit two, purl two to the end of the row, and turn. Go on until the scarf is as long as you are tall, then cast off loosely.",
    ),
    (
        "The football season",
        "Two draws and a defeat in the rain, then five wins in a row. The second goal against Millbrook was the best of the year. The under twelves want new boots.",
    ),
    (
        "A walk to the lighthouse",
        "Take the path behind the church and keep the sea on your left. After the second stile the ground is soft. The view from the top goes out as far as the islands.",
    ),
    (
        "Bread",
        "Mix flour, water, salt and the old dough, and let it rest overnight in a cool place. Fold it twice in the morning. Bake it hot at first, then milder, until it sounds hollow.",
    ),
];

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The training passages that `wanted` lets through, as chapters, in the order of the files. Foreign words among few English
/// ones would make another language of a short document, which is not mapped at all.
fn training(wanted: impl Fn(&Value) -> bool) -> Vec<Part> {
    let files = files_of_lines(&root().join("models/training"));
    let texts = files.iter().map(|file| std::fs::read_to_string(file).expect("is text"));
    let lines: Vec<String> =
        texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    let part = |value: Value| {
        let heading = value["heading"].as_str().or(value["voice"].as_str()).unwrap_or("Note");
        (heading.to_owned(), value["text"].as_str().unwrap_or_default().to_owned())
    };
    let values = lines.iter().filter_map(|line| serde_json::from_str(line).ok());
    let english = |(_, text): &Part| text.is_ascii();
    values.filter(|value| wanted(value)).map(part).filter(english).collect()
}

/// Passages that show something: a rule in force or a record.
pub(crate) fn substance() -> Vec<Part> {
    training(|value| {
        let bears = value["bears"].as_array().map(Vec::as_slice).unwrap_or_default();
        !bears.is_empty()
            && bears.iter().all(|label| matches!(label[3].as_str(), Some("defined" | "record")))
    })
}

/// Passages with the right words about something else.
pub(crate) fn decoys() -> Vec<Part> {
    training(|value| value["why"] == "other-subject")
}

/// So many documents of three to five chapters of substance, some of them approved; the same at every run.
pub(crate) fn composed(runner: &mut TestRunner, number: usize) -> Vec<Composed> {
    let parts = proptest::collection::vec(select(substance()), 3..=5);
    let any = (select(&TITLES[..]), proptest::bool::ANY, parts)
        .prop_map(|(title, approved, parts)| Composed { title: title.to_owned(), approved, parts });
    (0..number).map(|_| any.new_tree(runner).expect("a document").current()).collect()
}

/// The parts in some other order.
pub(crate) fn shuffled<T: Clone + std::fmt::Debug + 'static>(
    runner: &mut TestRunner,
    parts: &[T],
) -> Vec<T> {
    Just(parts.to_vec()).prop_shuffle().new_tree(runner).expect("an order").current()
}

/// One of several, by chance.
pub(crate) fn any<T: Clone + std::fmt::Debug + 'static>(runner: &mut TestRunner, of: Vec<T>) -> T {
    select(of).new_tree(runner).expect("one of them").current()
}
