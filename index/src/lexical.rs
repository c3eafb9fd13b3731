use crate::chunk_cache::{ChunkCache, Pool};
use crate::reference::ReferenceFrequencies;
use crate::words::{each_stem, english};
use std::collections::HashMap;
use tantivy::tokenizer::TextAnalyzer;

/// How fast further mentions of a word stop to count: BM25's k1.
const SATURATION: f32 = 1.2;
/// How far a long text's mentions count less: BM25's b, 0 (not at all) to 1 (in proportion).
const LENGTH_WEIGHT: f32 = 0.4;

/// Whether a word is a number. Numbers say nothing of a subject, and a date must not change what a text is about.
pub(crate) fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

/// The probes' words, inverted: for each stem the probes that have it. So a text is held against all of them at
/// once, at the cost of its own words.
#[derive(Debug)]
pub(crate) struct LexicalProbes {
    stems: HashMap<String, u32>,
    /// For each stem: the probes that have it, with the stem's share of the probe's rarity.
    postings: Vec<Vec<(u32, f32)>>,
    mean_words: f32,
    readers: Pool<Reader>,
}

/// What it takes to read texts: the analyser, and what it made of chunks seen before.
struct Reader {
    analyzer: TextAnalyzer,
    chunks: ChunkCache<Chunk>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

/// A chunk's stems that any probe has, and how many words it holds.
#[derive(Debug)]
struct Chunk {
    stems: Box<[u32]>,
    words: u32,
}

/// How often each of the probes' stems stands in a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct WordCounts {
    /// Stems with their frequencies, by stem, each once.
    frequencies: Vec<(u32, f32)>,
    /// All words, stop words too.
    words: u32,
}

impl WordCounts {
    /// Counts each of `other`'s words once more, as `share` of a mention, without growing longer.
    pub(crate) fn add_heading(&mut self, other: &WordCounts, share: f32) {
        if share > 0.0 {
            self.frequencies.extend(other.frequencies.iter().map(|&(stem, _)| (stem, share)));
            self.merge();
        }
    }

    /// Brings each stem's frequencies together.
    fn merge(&mut self) {
        self.frequencies.sort_unstable_by_key(|&(stem, _)| stem);
        self.frequencies.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
    }
}

impl LexicalProbes {
    /// Inverts `texts`; a text's position is its probe's number.
    pub(crate) fn new<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        reference: &ReferenceFrequencies,
        least_rarity: f32,
    ) -> Self {
        let mut analyzer = english();
        let mut stems: HashMap<String, u32> = HashMap::new();
        let mut postings: Vec<Vec<(u32, f32)>> = Vec::new();
        for (probe, text) in (0u32..).zip(texts) {
            let mut own: Vec<(u32, f32)> = Vec::new();
            each_stem(&mut analyzer, text, |stem| {
                if is_number(stem) {
                    return;
                }
                let id = *stems.entry(stem.to_owned()).or_insert_with(|| {
                    postings.push(Vec::new());
                    postings.len() as u32 - 1
                });
                if !own.iter().any(|&(known, _)| known == id) {
                    own.push((id, reference.rarity(stem)));
                }
            });
            let total: f32 = own.iter().map(|&(_, rarity)| rarity).sum();
            let total = total.max(least_rarity);
            for (stem, rarity) in own {
                postings[stem as usize].push((probe, rarity / total));
            }
        }
        Self { stems, postings, mean_words: reference.mean_words(), readers: Pool::default() }
    }

    /// Counts the probes' words in `text`.
    pub(crate) fn count(&self, text: &str) -> WordCounts {
        let mut counts = WordCounts::default();
        let new = || Reader { analyzer: english(), chunks: ChunkCache::default() };
        self.readers.with(new, |reader| {
            let Reader { analyzer, chunks } = reader;
            chunks.each(
                text,
                |chunk| self.read(analyzer, chunk),
                |chunk| {
                    counts.frequencies.extend(chunk.stems.iter().map(|&stem| (stem, 1.0)));
                    counts.words += chunk.words;
                },
            );
        });
        counts.merge();
        counts
    }

    fn read(&self, analyzer: &mut TextAnalyzer, chunk: &str) -> Chunk {
        let mut stems = Vec::new();
        each_stem(analyzer, chunk, |stem| stems.extend(self.stems.get(stem).copied()));
        let words = chunk.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
        Chunk { stems: stems.into(), words: words as u32 }
    }

    /// Adds to `scores`, one number for each probe, the share of the probe's words that a text has, weighted by
    /// rarity: 0 (none) to 1 (all of them, each as often as fills its measure).
    ///
    /// A word's mentions saturate as in BM25, min(1, tf (k1 + 1) / (tf + k1 (1 - b + b length / mean length))):
    /// one mention counts in full in a text of the reference's mean length, and less in a longer one.
    pub(crate) fn add_scores(&self, counts: &WordCounts, scores: &mut [f32]) {
        let length = 1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * counts.words as f32 / self.mean_words;
        for &(stem, frequency) in &counts.frequencies {
            let filled = frequency * (SATURATION + 1.0) / (frequency + SATURATION * length);
            let filled = filled.min(1.0);
            for &(probe, share) in &self.postings[stem as usize] {
                scores[probe as usize] += share * filled;
            }
        }
    }
}
