use crate::IndexError;
use crate::best::BestPassages;
use crate::checks::Field;
use crate::columns::spelled_out;
use crate::embedder::{Embedder, Headed};
use crate::lexical::{LexicalProbes, WordCounts};
#[cfg(feature = "onnx")]
use crate::onnx::Rereading;
use crate::reference::ReferenceFrequencies;
use crate::semantic::SemanticProbes;
use crate::units::{Frame, frames, units};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use sufficit_evidence::{Candidate, Fusion, Passage, PassageShape, Probe, Span};

/// Passages that one thread takes at a time; shorter documents are done by the calling thread alone.
const PASSAGES_A_TASK: usize = 256;
/// Passages whose scores are held at a time: half a megabyte for a thousand probes. Fewer would have the matrix
/// product arrange the probes anew more often.
const PASSAGES_A_BLOCK: usize = 128;
/// Holds passages against all probes at once.
///
/// A passage's lexical score is the share of the probe's words that it has, its semantic score the similarity of the
/// passage as a whole. Its sentences (items, rows) only settle the focus: taking the highest of theirs as well made
/// the scores worse, since the more sentences a passage has, the likelier one of them is near by chance.
/// Scores of a document hang on its own passages alone, never on other documents.
#[derive(Debug)]
pub struct Matcher {
    embedder: Arc<Embedder>,
    lexical: LexicalProbes,
    semantic: SemanticProbes,
    fusion: Fusion,
    frameworks: Vec<FrameworkProbes>,
    #[cfg(feature = "onnx")]
    rereading: Option<Rereading>,
}

/// The probes of a framework, and what tells its field.
#[derive(Debug)]
struct FrameworkProbes {
    probes: Range<usize>,
    field: Option<Field>,
}

impl Matcher {
    /// Makes probes ready; a probe's position is its number in the candidates.
    pub fn new(
        embedder: Arc<Embedder>,
        reference: &ReferenceFrequencies,
        probes: &[Probe],
        fusion: Fusion,
    ) -> Result<Self, IndexError> {
        let texts = probes.iter().map(|probe| probe.text.as_str());
        let lexical = LexicalProbes::new(texts, reference, fusion.least_rarity);
        let semantic = SemanticProbes::new(probes, &embedder)?;
        let frameworks = frameworks(probes, &embedder);
        Ok(Self {
            embedder,
            lexical,
            semantic,
            fusion,
            frameworks,
            #[cfg(feature = "onnx")]
            rereading: None,
        })
    }

    /// The same matcher, which has the best passages of each probe read again.
    #[cfg(feature = "onnx")]
    pub fn with_rereading(self, rereading: Rereading) -> Self {
        Self { rereading: Some(rereading), ..self }
    }

    /// Names and digests of the models behind the candidates, that of the embedding model first.
    pub fn model_version(&self) -> String {
        self.embedder.versions()
    }

    /// For each probe the best of a document's passages, at most
    /// `Fusion::passages_per_probe`: by probe, best first, the earlier passage where scores are equal.
    ///
    /// `title` is the document's, where it has one; it counts as one more heading above every passage. What stands twice
    /// under the same headings says no more than once, and the first place stands for all.
    ///
    /// Fails only where the embedding model does.
    pub fn candidates(
        &self,
        passages: &[Passage],
        title: Option<&str>,
    ) -> Result<Vec<Candidate>, IndexError> {
        let nothing = || BestPassages::new(self.semantic.len(), self.fusion.passages_per_probe);
        let parts: Vec<BestPassages> = told_once(passages)
            .par_chunks(PASSAGES_A_TASK)
            .map(|part| {
                let mut best = nothing();
                let mut headings = Headings::new(self, title);
                for block in part.chunks(PASSAGES_A_BLOCK) {
                    self.hold(block, &mut headings, &mut best)?;
                }
                Ok(best)
            })
            .collect::<Result<_, IndexError>>()?;
        let best = parts.into_iter().reduce(BestPassages::join).unwrap_or_else(nothing);
        let mut candidates = best.into_candidates();
        let by_ordinal: HashMap<u32, &Passage> =
            passages.iter().map(|passage| (passage.ordinal, passage)).collect();
        candidates.sort_unstable_by_key(|candidate| (candidate.passage, candidate.probe));
        candidates.par_chunk_by_mut(|a, b| a.passage == b.passage).try_for_each(
            |group| match group.first().and_then(|first| by_ordinal.get(&first.passage)) {
                Some(passage) => self.focus(passage, group),
                None => Ok(()),
            },
        )?;
        candidates.sort_unstable_by(|a, b| {
            a.probe.cmp(&b.probe).then(b.score.total_cmp(&a.score)).then(a.passage.cmp(&b.passage))
        });
        #[cfg(feature = "onnx")]
        if let Some(rereading) = &self.rereading {
            rereading.reread(&mut candidates, &by_ordinal, self.fusion.focus_from)?;
        }
        Ok(candidates)
    }

    /// Holds a few passages against all probes. The focus is yet the whole passage.
    fn hold(
        &self,
        block: &[&Passage],
        headings: &mut Headings<'_>,
        best: &mut BestPassages,
    ) -> Result<(), IndexError> {
        let heading_weight = self.fusion.heading_weight;
        let mut headed = Vec::with_capacity(block.len());
        let mut words = Vec::with_capacity(block.len());
        for &passage in block {
            let above = headings.above(passage);
            let mut own = self.lexical.count(&passage.text);
            own.add_heading(&above.words, heading_weight);
            words.push(own);
            headed.push(Headed { above: Arc::clone(&above.text), passage });
        }
        let vectors = self.embedder.embed_headed(&headed, heading_weight)?;
        let field_vectors = self.embedder.field_vectors(&headed, &vectors, heading_weight);
        let field_dimensions = field_vectors.len() / block.len().max(1);
        let probes = self.semantic.len();
        let mut semantic = Vec::new();
        self.semantic.score(&vectors, &mut semantic);
        let mut lexical = vec![0.0; probes];
        let (mut scores, mut crowd) = (Vec::with_capacity(probes), Vec::with_capacity(probes));
        for (row, (passage, words)) in block.iter().zip(&words).enumerate() {
            lexical.fill(0.0);
            self.lexical.add_scores(words, &mut lexical);
            let semantic = &semantic[row * probes..][..probes];
            scores.clear();
            scores.extend(lexical.iter().zip(semantic).map(|(&l, &s)| self.fusion.score(l, s)));
            self.take_off_crowd(&mut scores, &mut crowd);
            let field_vector = &field_vectors[row * field_dimensions..][..field_dimensions];
            for FrameworkProbes { probes, field } in &self.frameworks {
                let field = field.as_ref().map(|field| field.log_odds(field_vector));
                for probe in probes.clone() {
                    let (score, lexical, semantic) =
                        (scores[probe], lexical[probe], semantic[probe]);
                    let is_near = || self.fusion.score(lexical, semantic) > 0.0;
                    if score > best.wanted()[probe] && is_near() {
                        best.offer(Candidate {
                            probe: probe as u32,
                            passage: passage.ordinal,
                            lexical: lexical.min(1.0),
                            semantic,
                            score,
                            field,
                            focus: passage.span,
                            focus_score: 0.0,
                            reading: None,
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes off each of a passage's `scores` its share of the passage's crowd score for the probe's framework, so
    /// that a framework's scores do not hang on which others are loaded. `crowd` is room to work in.
    fn take_off_crowd(&self, scores: &mut [f32], crowd: &mut Vec<f32>) {
        for FrameworkProbes { probes, .. } in &self.frameworks {
            let own = &mut scores[probes.clone()];
            let counted = self.fusion.crowd_probes.min(own.len());
            if counted == 0 {
                continue;
            }
            crowd.clear();
            crowd.extend_from_slice(own);
            crowd.select_nth_unstable_by(counted - 1, |a, b| b.total_cmp(a));
            let mean = crowd[..counted].iter().sum::<f32>() / counted as f32;
            for score in own {
                *score -= self.fusion.crowd_weight * mean;
            }
        }
    }

    /// Sets the focus of candidates that all lie in `passage`: for each the unit that scores highest against its
    /// probe by itself, the first of equals. What only leads in is none; an item is read together with its lead-in too.
    fn focus(&self, passage: &Passage, candidates: &mut [Candidate]) -> Result<(), IndexError> {
        if candidates.iter().all(|candidate| candidate.score < self.fusion.focus_from) {
            return Ok(());
        }
        let mut highest = vec![f32::NEG_INFINITY; candidates.len()];
        // What each unit scored by itself, before it is read under its lead-in.
        let mut alone = vec![0.0; candidates.len()];
        let mut characters = CharacterCount::new(&passage.text, passage.span.start);
        let mut lexical = vec![0.0; self.semantic.len()];
        let units = units(&passage.text, passage.shape);
        let spans: Vec<Span> = units
            .iter()
            .map(|unit| Span::new(characters.at(unit.start), characters.at(unit.end)))
            .collect();
        let frames = frames(&passage.text, &units, passage.shape, passage.context.is_some());
        let of = |n: usize| units.get(n).map_or("", |unit| &passage.text[unit.clone()]);
        // Each unit by itself, and once more under its lead-in.
        let mut texts: Vec<(usize, bool, Cow<'_, str>)> = Vec::with_capacity(units.len());
        for (n, frame) in frames.iter().enumerate() {
            if *frame != Frame::Leads {
                texts.push((n, false, Cow::Borrowed(of(n))));
            }
            if let Frame::Beneath(lead) = frame {
                texts.push((n, true, Cow::Owned(format!("{}\n{}", of(*lead), of(n)))));
            }
        }
        let plain: Vec<&str> = texts.iter().map(|(_, _, text)| text.as_ref()).collect();
        let vectors = self.embedder.embed_passages(&plain)?;
        for ((unit, led, text), vector) in texts.iter().zip(&vectors) {
            let Some(span) = spans.get(*unit).copied() else { continue };
            lexical.fill(0.0);
            self.lexical.add_scores(&self.lexical.count(text), &mut lexical);
            let state = highest.iter_mut().zip(&mut alone);
            for (candidate, (highest, alone)) in candidates.iter_mut().zip(state) {
                if candidate.score < self.fusion.focus_from {
                    continue;
                }
                let probe = candidate.probe as usize;
                let semantic = self.semantic.score_one(probe, vector);
                let own = self.fusion.score(lexical[probe], semantic);
                // A lead-in lends half of what it adds.
                let score = if *led { (*alone + own) / 2.0 } else { own };
                *alone = own;
                if score > *highest {
                    *highest = score;
                    candidate.focus = span;
                    candidate.focus_score = score;
                }
            }
        }
        if passage.shape == PassageShape::Table {
            self.raise_rows(passage, candidates)?;
        }
        Ok(())
    }

    /// Raises the focus scores of rows to that of the whole table passage under its header: a row says little without
    /// the header and the rows beside it.
    fn raise_rows(
        &self,
        passage: &Passage,
        candidates: &mut [Candidate],
    ) -> Result<(), IndexError> {
        let header = passage.context.as_deref().unwrap_or_default();
        let columns = spelled_out(passage).unwrap_or_default();
        let text = format!("{header}\n{columns}\n{}", passage.text);
        let vector = self.embedder.embed_passages(&[&text])?.concat();
        let mut lexical = vec![0.0; self.semantic.len()];
        self.lexical.add_scores(&self.lexical.count(&text), &mut lexical);
        let focused = |candidate: &&mut Candidate| candidate.score >= self.fusion.focus_from;
        for candidate in candidates.iter_mut().filter(focused) {
            let probe = candidate.probe as usize;
            let whole = self.fusion.score(lexical[probe], self.semantic.score_one(probe, &vector));
            candidate.focus_score = candidate.focus_score.max(whole);
        }
        Ok(())
    }
}

/// Each framework's probes, which stand together.
fn frameworks(probes: &[Probe], embedder: &Embedder) -> Vec<FrameworkProbes> {
    let mut start = 0;
    probes
        .chunk_by(|a, b| a.framework == b.framework)
        .map(|own| {
            let probes = start..start + own.len();
            start = probes.end;
            let field = own.first().and_then(|probe| embedder.field(probe.framework.as_str()));
            FrameworkProbes { probes, field: field.cloned() }
        })
        .collect()
}

/// What stands above passages: title, headings and a table's header row, the words of each such path counted once.
struct Headings<'a> {
    matcher: &'a Matcher,
    title: Option<&'a str>,
    read: HashMap<String, Above>,
}

struct Above {
    text: Arc<str>,
    words: WordCounts,
}

impl<'a> Headings<'a> {
    fn new(matcher: &'a Matcher, title: Option<&'a str>) -> Self {
        Self { matcher, title, read: HashMap::new() }
    }

    /// What stands above `passage`, each part once: a title that is also the first heading does not count twice.
    fn above(&mut self, passage: &Passage) -> &Above {
        let mut parts: Vec<&str> = self.title.into_iter().collect();
        let headings = passage.heading.iter().chain(&passage.context).map(String::as_str);
        for part in headings {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let columns = spelled_out(passage);
        parts.extend(columns.as_deref());
        let path = parts.join("\n");
        let lexical = &self.matcher.lexical;
        self.read.entry(path).or_insert_with_key(|path| Above {
            text: path.as_str().into(),
            words: lexical.count(path),
        })
    }
}

/// The passages without those that stand word for word under the same headings before.
fn told_once(passages: &[Passage]) -> Vec<&Passage> {
    let mut told = HashSet::with_capacity(passages.len());
    let mut once = Vec::with_capacity(passages.len());
    for passage in passages {
        if told.insert((passage.text.trim(), passage.heading.as_slice(), &passage.context)) {
            once.push(passage);
        }
    }
    once
}

/// Turns byte positions of a text, asked for in order, into character positions.
struct CharacterCount<'a> {
    text: &'a str,
    byte: usize,
    character: usize,
}

impl<'a> CharacterCount<'a> {
    /// `start` is the position of the text's first character.
    fn new(text: &'a str, start: usize) -> Self {
        Self { text, byte: 0, character: start }
    }

    fn at(&mut self, byte: usize) -> usize {
        self.character += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.character
    }
}

#[cfg(test)]
mod tests;
