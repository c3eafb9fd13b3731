use super::schema::Fields;
use crate::words::{each_stem, english};
use rayon::prelude::*;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

/// How fast further mentions of a word stop to count: BM25's k1.
const SATURATION: f32 = 1.2;
/// How far a long field's mentions count less: BM25's b, 0 (not at all) to 1 (in proportion).
const LENGTH_WEIGHT: f32 = 0.75;

/// How long the fields are whose words count, over the passages that are there.
///
/// Like all that BM25 counts here. tantivy's own counts hold what was taken out or replaced until its segment is
/// merged, and so would let the order of hits hang on how the index came about.
pub(super) struct Lengths {
    passages: u64,
    /// For each field and each code of a length: what a word's mentions are held against.
    against: [[f32; 256]; 3],
}

impl Lengths {
    /// Walks all passages.
    pub(super) fn of(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let passages = searcher.num_docs();
        let mut against = [[0.0; 256]; 3];
        for ((field, _), against) in fields.words().into_iter().zip(&mut against) {
            let mut coded = [0u64; 256];
            for segment in searcher.segment_readers() {
                let lengths = segment.get_fieldnorms_reader(field)?;
                for passage in segment.doc_ids_alive() {
                    coded[usize::from(lengths.fieldnorm_id(passage))] += 1;
                }
            }
            let length = |code: u8| f64::from(FieldNormReader::id_to_fieldnorm(code));
            let words: f64 =
                (0..=255).zip(coded).map(|(code, passages)| passages as f64 * length(code)).sum();
            let average = (words / passages.max(1) as f64).max(f64::MIN_POSITIVE);
            for (code, against) in (0..=255).zip(against) {
                let share = (length(code) / average) as f32;
                *against = SATURATION * (1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * share);
            }
        }
        Ok(Self { passages, against })
    }

    /// What a word's mentions are held against in the field at this position, for each code of its length.
    pub(super) fn against(&self, field: usize) -> &[f32; 256] {
        &self.against[field]
    }

    /// How much a word counts that so many passages have.
    fn rarity(&self, passages: u64) -> f32 {
        let (all, with) = (self.passages as f64, passages as f64);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln() as f32
    }
}

/// Texts as the words that they share with passages.
pub(super) struct WeighedTexts<'a> {
    /// For each text its words, each as a position in the lists of words, and how much it counts.
    pub(super) texts: Vec<Vec<(u32, f32)>>,
    /// How many words there are.
    pub(super) words: usize,
    /// For each segment, in which of its fields which of the words stand.
    pub(super) segments: Vec<Vec<WordInSegment>>,
    pub(super) lengths: &'a Lengths,
}

/// A word, and where a segment lists the passages that have it.
pub(super) struct WordInSegment {
    pub(super) word: u32,
    /// The position of its field.
    pub(super) field: usize,
    pub(super) term: Term,
    pub(super) info: TermInfo,
}

impl<'a> WeighedTexts<'a> {
    /// Cuts `texts` into stems and looks each of them up once.
    pub(super) fn new(
        texts: &[&str],
        fields: &Fields,
        searcher: &Searcher,
        lengths: &'a Lengths,
    ) -> tantivy::Result<Self> {
        let fields = fields.words();
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut stems: Vec<String> = Vec::new();
        let mut counted: Vec<Vec<(u32, f32)>> = Vec::with_capacity(texts.len());
        let mut analyser = english();
        for text in texts {
            let mut own: Vec<(u32, f32)> = Vec::new();
            each_stem(&mut analyser, text, |stem| {
                let stem = match known.entry(stem.to_owned()) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(fresh) => {
                        stems.push(stem.to_owned());
                        *fresh.insert(stems.len() as u32 - 1)
                    }
                };
                match own.iter_mut().find(|(known, _)| *known == stem) {
                    Some((_, times)) => *times += 1.0,
                    None => own.push((stem, 1.0)),
                }
            });
            counted.push(own);
        }
        // A stem in a field is a word of its own; they stand in the order of the stems and then of the fields.
        let looked_up: Vec<(f32, Vec<Option<WordInSegment>>)> = (0..stems.len() * fields.len())
            .into_par_iter()
            .map(|word| {
                let (stem, (field, boost)) =
                    (&stems[word / fields.len()], fields[word % fields.len()]);
                let term = Term::from_field_text(field, stem);
                let mut passages = 0;
                let mut lists = Vec::new();
                for segment in searcher.segment_readers() {
                    let list = segment.inverted_index(field)?;
                    let Some(info) = list.get_term_info(&term)? else {
                        lists.push(None);
                        continue;
                    };
                    passages += u64::from(match segment.alive_bitset() {
                        None => info.doc_freq,
                        Some(alive) => list
                            .read_postings_from_terminfo(&info, IndexRecordOption::Basic)?
                            .doc_freq_given_deletes(alive),
                    });
                    let (word, field, term) = (word as u32, word % fields.len(), term.clone());
                    lists.push(Some(WordInSegment { word, field, term, info }));
                }
                let weight = boost * (1.0 + SATURATION) * lengths.rarity(passages);
                Ok((if passages > 0 { weight } else { 0.0 }, lists))
            })
            .collect::<tantivy::Result<_>>()?;
        let mut weights = Vec::with_capacity(looked_up.len());
        let mut segments: Vec<Vec<WordInSegment>> =
            searcher.segment_readers().iter().map(|_| Vec::new()).collect();
        for (weight, lists) in looked_up {
            weights.push(weight);
            for (segment, list) in segments.iter_mut().zip(lists) {
                segment.extend(list);
            }
        }
        let fields = fields.len();
        let weigh = |own: Vec<(u32, f32)>| -> Vec<(u32, f32)> {
            own.into_iter()
                .flat_map(|(stem, times)| {
                    let first = stem as usize * fields;
                    let weights = (first..).zip(&weights[first..first + fields]);
                    weights.map(move |(word, weight)| (word as u32, times * weight))
                })
                .filter(|(_, weight)| *weight > 0.0)
                .collect()
        };
        let texts = counted.into_iter().map(weigh).collect();
        Ok(Self { texts, words: weights.len(), segments, lengths })
    }
}
