//! Many texts held against the words of all passages, in one pass.
//!
//! The passages are gone through a block at a time. Of each word that some text has, the block's mentions are read
//! once; then each text adds up those of its words in one row of sums that stays in the nearest cache, and keeps its
//! best passages. So a list of mentions is decoded once for all texts, and the sums are made in the order of a text's
//! words: a score hangs neither on the other texts nor on how the index came about.

use super::Found;
use super::allowed::Allowed;
use super::schema::{DOCUMENT, PASSAGE};
use super::terms::{WeighedTexts, WordInSegment};
use crate::embedded::ranked::{Ranked, Ranking};
use rayon::prelude::*;
use std::ops::Range;
use sufficit_evidence::DocumentId;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{BitSet, DocId, Searcher, SegmentReader};

/// Passages whose sums are held at a time: 16 KiB of them.
const BLOCK: usize = 4096;
/// Sums looked at together.
const TOGETHER: usize = 16;
/// Passages that one task goes through, at least and at most. Each opens the lists of all words, about 1.5 KB a list.
const LEAST_A_TASK: u32 = 1 << 14;
const MOST_A_TASK: u32 = 1 << 18;

/// For each text the best passages by BM25, best first, at most `limit`; equals by document and passage.
pub(super) fn nearest(
    searcher: &Searcher,
    weighed: &WeighedTexts<'_>,
    allowed: Option<&Allowed>,
    limit: usize,
) -> tantivy::Result<Vec<Vec<Found>>> {
    let names: Vec<Names> =
        searcher.segment_readers().iter().map(Names::of).collect::<tantivy::Result<_>>()?;
    let tasks = tasks(searcher);
    let ranked: Vec<(usize, Vec<Ranking>)> = tasks
        .into_par_iter()
        .map(|(segment, range)| {
            let part = Part {
                reader: searcher.segment_reader(segment as u32),
                names: &names[segment],
                allowed: allowed.and_then(|allowed| allowed.of_segment(segment)),
                range,
            };
            Ok((segment, part.rank(weighed, &weighed.segments[segment], limit)?))
        })
        .collect::<tantivy::Result<_>>()?;
    // Of each text, what all segments found of it.
    let mut of_texts: Vec<Vec<(usize, Ranked)>> =
        weighed.texts.iter().map(|_| Vec::new()).collect();
    for (segment, rankings) in ranked {
        for (found, ranking) in of_texts.iter_mut().zip(rankings) {
            found.extend(ranking.into_sorted().into_iter().map(|ranked| (segment, ranked)));
        }
    }
    of_texts.into_par_iter().map(|found| best(found, &names, limit)).collect()
}

/// The best of what the segments found, by name.
fn best(
    mut found: Vec<(usize, Ranked)>,
    names: &[Names],
    limit: usize,
) -> tantivy::Result<Vec<Found>> {
    found.sort_by(|a, b| b.1.score.total_cmp(&a.1.score));
    // Of equals at the end all are named, since their names say which of them stand first.
    if let Some(last) = limit.checked_sub(1).and_then(|last| found.get(last)) {
        let least = last.1.score;
        found.truncate(found.partition_point(|(_, ranked)| ranked.score >= least));
    }
    let mut named = Vec::with_capacity(found.len());
    for (segment, ranked) in found {
        if let Some(document) = names[segment].name(ranked.document)? {
            named.push((ranked.score, document, ranked.passage));
        }
    }
    named.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (&a.1, a.2).cmp(&(&b.1, b.2))));
    named.truncate(limit);
    Ok(named)
}

/// The segments, each in ranges of its passages.
fn tasks(searcher: &Searcher) -> Vec<(usize, Range<DocId>)> {
    let all: u32 = searcher.segment_readers().iter().map(SegmentReader::max_doc).sum();
    let shares = 2 * rayon::current_num_threads() as u32;
    let length = (all / shares.max(1)).clamp(LEAST_A_TASK, MOST_A_TASK);
    let segments = searcher.segment_readers().iter().enumerate();
    segments
        .flat_map(|(segment, reader)| {
            let end = reader.max_doc();
            let starts = (0..end).step_by(length as usize);
            starts.map(move |start| (segment, start..(start + length).min(end)))
        })
        .collect()
}

/// What the passages of a segment are called.
struct Names {
    documents: Option<StrColumn>,
    passages: Column<u64>,
}

impl Names {
    fn of(reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        Ok(Self { documents: columns.str(DOCUMENT)?, passages: columns.u64(PASSAGE)? })
    }

    /// A passage's document, by its place in the order of names, and its ordinal there.
    fn place(&self, passage: DocId) -> Option<(u32, u32)> {
        let document = self.documents.as_ref()?.ords().first(passage)?;
        Some((document as u32, self.passages.first(passage)? as u32))
    }

    /// The document at this place in the order of names.
    fn name(&self, place: u32) -> tantivy::Result<Option<DocumentId>> {
        let mut name = String::new();
        let known = match &self.documents {
            Some(documents) => documents.ord_to_str(u64::from(place), &mut name)?,
            None => false,
        };
        Ok(known.then(|| DocumentId::new(name)))
    }
}

/// Some passages of a segment.
struct Part<'a> {
    reader: &'a SegmentReader,
    names: &'a Names,
    allowed: Option<&'a BitSet>,
    range: Range<DocId>,
}

impl Part<'_> {
    /// The best passages for each text.
    fn rank(
        &self,
        weighed: &WeighedTexts<'_>,
        words: &[WordInSegment],
        limit: usize,
    ) -> tantivy::Result<Vec<Ranking>> {
        let mut lists = Vec::with_capacity(words.len());
        for word in words {
            lists.push(List::open(word, self.reader, weighed, self.range.start)?);
        }
        let mut rankings: Vec<Ranking> =
            weighed.texts.iter().map(|_| Ranking::new(limit)).collect();
        let mut mentions = Mentions::new(weighed.words);
        let mut sums = [0.0; BLOCK];
        for start in self.range.clone().step_by(BLOCK) {
            let end = (start + BLOCK as u32).min(self.range.end);
            mentions.clear();
            for list in &mut lists {
                mentions.read(list, start, end);
            }
            for (text, ranking) in weighed.texts.iter().zip(&mut rankings) {
                if mentions.add_up(text, &mut sums) {
                    self.take(&sums, start, ranking);
                }
            }
            lists.retain(|list| !list.ended);
        }
        Ok(rankings)
    }

    /// Offers the passages from `start` on whose sums are above 0 and good enough.
    fn take(&self, sums: &[f32; BLOCK], start: DocId, ranking: &mut Ranking) {
        for (chunk, first) in sums.chunks_exact(TOGETHER).zip((start..).step_by(TOGETHER)) {
            let least = ranking.least().unwrap_or(f32::MIN_POSITIVE);
            if !chunk.iter().fold(false, |any, sum| any | (*sum >= least)) {
                continue;
            }
            for (sum, passage) in chunk.iter().zip(first..) {
                let least = ranking.least().unwrap_or(f32::MIN_POSITIVE);
                if *sum >= least
                    && self.is_wanted(passage)
                    && let Some((document, passage)) = self.names.place(passage)
                {
                    ranking.offer(Ranked { score: *sum, document, passage });
                }
            }
        }
    }

    /// Whether a passage is there, and within what was asked for.
    fn is_wanted(&self, passage: DocId) -> bool {
        match self.allowed {
            Some(allowed) => allowed.contains(passage),
            None => !self.reader.is_deleted(passage),
        }
    }
}

/// The passages that have a word, read from the first to the last.
struct List<'a> {
    word: u32,
    postings: BlockSegmentPostings,
    /// The next one in the block of postings that is decoded.
    next: usize,
    ended: bool,
    lengths: FieldNormReader,
    against: &'a [f32; 256],
}

impl<'a> List<'a> {
    /// The list of a word, from the passage `start` on.
    fn open(
        word: &WordInSegment,
        reader: &SegmentReader,
        weighed: &WeighedTexts<'a>,
        start: DocId,
    ) -> tantivy::Result<Self> {
        let field = word.term.field();
        let list = reader.inverted_index(field)?;
        let mut postings =
            list.read_block_postings_from_terminfo(&word.info, IndexRecordOption::WithFreqs)?;
        let next = postings.seek(start);
        Ok(Self {
            word: word.word,
            postings,
            next,
            ended: false,
            lengths: reader.get_fieldnorms_reader(field)?,
            against: weighed.lengths.against(word.field),
        })
    }
}

/// Which passages of a block have which words, and how much that counts before the word's own weight.
struct Mentions {
    /// For each word its part of the two below.
    words: Vec<Range<usize>>,
    /// Of which words those parts are not empty.
    mentioned: Vec<u32>,
    /// Passages, counted from the block's first.
    passages: Vec<u16>,
    /// How much the word counts there: 0 to 1, more for more mentions in a shorter field.
    shares: Vec<f32>,
}

impl Mentions {
    fn new(words: usize) -> Self {
        Self {
            words: vec![0..0; words],
            mentioned: Vec::new(),
            passages: Vec::new(),
            shares: Vec::new(),
        }
    }

    fn clear(&mut self) {
        for word in self.mentioned.drain(..) {
            self.words[word as usize] = 0..0;
        }
        self.passages.clear();
        self.shares.clear();
    }

    /// Reads the mentions of a list in the passages from `start` to before `end`.
    fn read(&mut self, list: &mut List<'_>, start: DocId, end: DocId) {
        let first = self.passages.len();
        'blocks: loop {
            let (passages, times) = (list.postings.docs(), list.postings.freqs());
            for (&passage, &times) in passages.iter().zip(times).skip(list.next) {
                if passage >= end {
                    break 'blocks;
                }
                let against = list.against[usize::from(list.lengths.fieldnorm_id(passage))];
                let times = times as f32;
                self.passages.push((passage - start) as u16);
                self.shares.push(times / (times + against));
                list.next += 1;
            }
            if passages.is_empty() {
                list.ended = true;
                break;
            }
            list.postings.advance();
            list.next = 0;
        }
        if self.passages.len() > first {
            self.words[list.word as usize] = first..self.passages.len();
            self.mentioned.push(list.word);
        }
    }

    /// Fills `sums` with the score of each passage for a text; whether there is one above 0.
    fn add_up(&self, text: &[(u32, f32)], sums: &mut [f32; BLOCK]) -> bool {
        let mut any = false;
        for (word, weight) in text {
            let part = self.words[*word as usize].clone();
            if part.is_empty() {
                continue;
            }
            if !any {
                sums.fill(0.0);
                any = true;
            }
            for (passage, share) in self.passages[part.clone()].iter().zip(&self.shares[part]) {
                sums[usize::from(*passage) % BLOCK] += weight * share;
            }
        }
        any
    }
}
