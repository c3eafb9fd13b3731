use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use sufficit_evidence::{
    DateValue, Document, DocumentId, DocumentKind, Fact, Facts, Language, Origin, Passage,
    PassageShape, Span,
};

/// A document's sentences come from this many that stand together, so that it is about something.
const NEIGHBOURS: usize = 600;
/// Words of a query, at least and at most.
const QUERY_WORDS: (usize, usize) = (2, 8);

/// The sentences of the training set, from which documents are put together: always the same ones.
pub(crate) struct Texts {
    sentences: Vec<String>,
}

impl Texts {
    /// Reads every JSONL file of `folder`, in the order of their names.
    pub(crate) fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let entries = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|end| end == "jsonl")).collect();
        files.sort();
        let mut sentences = Vec::new();
        for file in files {
            for line in fs::read_to_string(file)?.lines() {
                let entry: serde_json::Value = serde_json::from_str(line)?;
                let text = entry["text"].as_str().unwrap_or_default();
                sentences.extend(text.split_inclusive(". ").map(|part| part.trim().to_owned()));
            }
        }
        sentences.retain(|sentence| sentence.split_whitespace().count() >= 4);
        Ok(Self { sentences })
    }

    /// The document of this number: as many `passages` (at least and at most) of two to four sentences each, from a
    /// neighbourhood of the training set, under headings, with a title, a kind and a date of its own. Every sixth passage
    /// names a record by a number that no other has.
    pub(crate) fn document(&self, number: usize, passages: (usize, usize)) -> Document {
        let (least, most) = passages;
        let mut dice = Dice::new(number as u64);
        let begin = dice.below(self.sentences.len());
        let sentence = |dice: &mut Dice| self.sentence(begin + dice.below(NEIGHBOURS)).to_owned();
        let count = least + dice.below(most - least + 1);
        let mut passages: Vec<Passage> = Vec::with_capacity(count);
        let (mut start, mut heading) = (0, String::new());
        for ordinal in 0..count {
            if ordinal % 5 == 0 {
                heading = first_words(&sentence(&mut dice), 4);
            }
            let mut parts: Vec<String> =
                (0..2 + dice.below(3)).map(|_| sentence(&mut dice)).collect();
            if dice.below(6) == 0 {
                parts.push(format!("Record {number}-{ordinal}."));
            }
            let text = parts.join(" ");
            let span = Span::new(start, start + text.chars().count());
            start = span.end + 1;
            passages.push(Passage {
                ordinal: ordinal as u32,
                span,
                page: None,
                heading: vec![heading.clone()],
                context: None,
                shape: PassageShape::Prose,
                text,
            });
        }
        let title = first_words(&sentence(&mut dice), 5);
        let kind = DocumentKind::ALL[dice.below(DocumentKind::ALL.len())];
        let day = format!("20{}-0{}-1{}", 20 + dice.below(7), 1 + dice.below(9), dice.below(10));
        Document {
            // As long as a real one.
            id: DocumentId::new(format!("{:016x}{number:048x}", dice.next())),
            media_type: "text/plain".into(),
            bytes: 0,
            text: String::new(),
            pages: Vec::new(),
            language: Language::Supported("eng".into()),
            facts: Facts {
                title: Some(told(title)),
                kind: Some(told(kind)),
                approved: day.parse().ok().map(|day| told(DateValue::Day(day))),
                ..Facts::default()
            },
            passages,
        }
    }

    /// Queries: a few words that stand together in a sentence.
    pub(crate) fn queries(&self, count: usize) -> Vec<String> {
        let query = |number: usize| {
            let mut dice = Dice::new(u64::MAX - number as u64);
            let words: Vec<&str> =
                self.sentence(dice.below(self.sentences.len())).split_whitespace().collect();
            let length = QUERY_WORDS.0 + dice.below(QUERY_WORDS.1 - QUERY_WORDS.0 + 1);
            let begin = dice.below(words.len().saturating_sub(length).max(1));
            words.iter().skip(begin).take(length).copied().collect::<Vec<_>>().join(" ")
        };
        (0..count).map(query).collect()
    }

    fn sentence(&self, at: usize) -> &str {
        self.sentences.get(at % self.sentences.len().max(1)).map_or("", String::as_str)
    }
}

fn told<T>(value: T) -> Fact<T> {
    Fact { value, origin: Origin::Property("bench".into()) }
}

fn first_words(text: &str, count: usize) -> String {
    text.split_whitespace().take(count).collect::<Vec<_>>().join(" ")
}

/// Numbers that look drawn by lot and are always the same (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to before `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}
