use crate::words::{each_stem, english};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use sufficit_evidence::Passage;
use tantivy::tokenizer::TextAnalyzer;

/// How fast further mentions of a word stop to count: BM25's k1, as in tantivy.
const SATURATION: f32 = 1.2;
/// How far a long text's mentions count less: BM25's b, as in tantivy.
const LENGTH_WEIGHT: f32 = 0.75;

/// One of the three texts that a passage is found by. A word has a dimension of its own in each, since it is rare or
/// common in each by itself.
#[derive(Clone, Copy)]
enum Field {
    Body,
    Headings,
    Title,
}

impl Field {
    const ALL: [Self; 3] = [Self::Body, Self::Headings, Self::Title];

    /// What the names of its dimensions begin with.
    fn name(self) -> &'static str {
        match self {
            Self::Body => "b:",
            Self::Headings => "h:",
            Self::Title => "t:",
        }
    }

    /// How much a word of a query counts here.
    fn query_weight(self) -> f32 {
        match self {
            Self::Body => 1.0,
            Self::Headings | Self::Title => 0.5,
        }
    }

    /// Stems of a passage, on average over the 1,753 passages of `examples/` and `../shared/eval/documents`.
    ///
    /// Fixed, where the index on one machine counts its own: a weight must not hang on what else is in the index, or every
    /// passage would have to be written again with each that joins it.
    fn mean_length(self) -> f32 {
        match self {
            Self::Body => 47.0,
            Self::Headings => 9.0,
            Self::Title => 3.0,
        }
    }
}

/// A vector of words: dimensions in ascending order, each once, with weights above 0.
pub(super) type Words = Vec<(u32, f32)>;

/// Cuts texts into vectors of words.
pub(super) struct Weigher {
    analyzer: TextAnalyzer,
}

impl Weigher {
    pub(super) fn new() -> Self {
        Self { analyzer: english() }
    }

    /// BM25's weights of a passage's words, without their rarity, which the server counts.
    pub(super) fn passage(&mut self, title: &str, passage: &Passage) -> Words {
        let mut words = BTreeMap::new();
        self.add_field(Field::Body, &mut std::iter::once(passage.text.as_str()), &mut words);
        let mut headings = passage.heading.iter().chain(&passage.context).map(String::as_str);
        self.add_field(Field::Headings, &mut headings, &mut words);
        self.add_field(Field::Title, &mut std::iter::once(title), &mut words);
        words.into_iter().collect()
    }

    /// The words that a query looks for, each in every field.
    pub(super) fn query(&mut self, text: &str) -> Words {
        let mut words = BTreeMap::new();
        each_stem(&mut self.analyzer, text, |stem| {
            for field in Field::ALL {
                *words.entry(dimension(field, stem)).or_insert(0.0) += field.query_weight();
            }
        });
        words.into_iter().collect()
    }

    fn add_field(
        &mut self,
        field: Field,
        texts: &mut dyn Iterator<Item = &str>,
        words: &mut BTreeMap<u32, f32>,
    ) {
        let mut mentions: BTreeMap<u32, f32> = BTreeMap::new();
        let mut length = 0.0;
        for text in texts {
            each_stem(&mut self.analyzer, text, |stem| {
                *mentions.entry(dimension(field, stem)).or_default() += 1.0;
                length += 1.0;
            });
        }
        let length = 1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * length / field.mean_length();
        for (dimension, mentions) in mentions {
            let weight = mentions * (SATURATION + 1.0) / (mentions + SATURATION * length);
            *words.entry(dimension).or_default() += weight;
        }
    }
}

/// Where a stem stands. Two of them meet by chance in one of four thousand million places, and then count as one word.
fn dimension(field: Field, stem: &str) -> u32 {
    let digest = Sha256::new().chain_update(field.name()).chain_update(stem).finalize();
    digest.iter().take(4).fold(0, |number, &byte| number << 8 | u32::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite;

    #[test]
    fn a_passage_has_a_dimension_for_each_word_of_each_field() {
        let mut passage = suite::passages(&["Models are reviewed. Reviews of models!"]).remove(0);
        passage.heading = vec!["Review".into()];
        let words = Weigher::new().passage("Reviewing", &passage);
        assert_eq!(words.len(), 4, "two in the body, one above it, one in the title");
        assert!(words.is_sorted_by(|a, b| a.0 < b.0) && words.iter().all(|word| word.1 > 0.0));
        let weight = |field, stem| {
            let dimension = dimension(field, stem);
            words.iter().find(|word| word.0 == dimension).map(|word| word.1)
        };
        let expected = 2.0 * 2.2 / (2.0 + 1.2 * (0.25 + 0.75 * 4.0 / Field::Body.mean_length()));
        assert_eq!(weight(Field::Body, "review"), Some(expected));
        assert_eq!(weight(Field::Body, "model"), Some(expected));
        assert_eq!(weight(Field::Headings, "model"), None);
        assert!(weight(Field::Title, "review") > Some(0.0));
    }

    #[test]
    fn a_query_asks_for_each_word_in_each_field() {
        let words = Weigher::new().query("the model models");
        let mut weights: Vec<f32> = words.iter().map(|word| word.1).collect();
        weights.sort_by(f32::total_cmp);
        assert_eq!(weights, [1.0, 1.0, 2.0], "twice in each, and half as much above the text");
        assert!(Weigher::new().query("the of").is_empty());
    }

    #[test]
    fn a_repeated_word_counts_less_each_time_and_in_a_longer_text() {
        let weight = |text: &str| {
            let passage = suite::passages(&[text]).remove(0);
            let dimension = dimension(Field::Body, "bias");
            let words = Weigher::new().passage("", &passage);
            words.iter().find(|word| word.0 == dimension).map_or(0.0, |word| word.1)
        };
        let [once, twice, thrice] = ["bias", "bias bias", "bias bias bias"].map(weight);
        assert!(once < twice && twice < thrice && thrice - twice < twice - once);
        assert!(weight("bias of models in use") < once);
    }
}
