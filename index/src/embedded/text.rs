use crate::IndexError;
use crate::words::{each_stem, english};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use sufficit_evidence::{Document, DocumentId};
use tantivy::collector::TopDocs;
use tantivy::directory::MmapDirectory;
use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, TantivyError, Term,
};

/// The analyser's name in the index.
const ENGLISH: &str = "english";
/// Memory that writing may take before a segment is written out, in bytes.
const WRITER_MEMORY: usize = 64 << 20;
/// Scores are rounded to one part in this of 1: equals differ in their last bits by the order of adding.
const SCORE_STEPS: f32 = 4096.0;
/// A word in a heading or title counts this much of one in the body.
const HEADING_BOOST: f32 = 0.5;

/// The words of all passages, in a tantivy index.
pub(super) struct TextIndex {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

/// The write side.
pub(super) struct TextWriter {
    writer: IndexWriter,
    fields: Fields,
}

#[derive(Clone, Copy)]
struct Fields {
    document: Field,
    passage: Field,
    kind: Field,
    title: Field,
    headings: Field,
    body: Field,
}

impl TextIndex {
    /// Opens the index in `folder`, or makes one there.
    pub(super) fn open(folder: &Path) -> Result<Self, IndexError> {
        fs::create_dir_all(folder).map_err(IndexError::io(folder))?;
        let words = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(ENGLISH)
                .set_index_option(IndexRecordOption::WithFreqs),
        );
        let mut schema = Schema::builder();
        let fields = Fields {
            document: schema.add_text_field("document", STRING | STORED),
            passage: schema.add_u64_field("passage", STORED),
            kind: schema.add_text_field("kind", STRING),
            title: schema.add_text_field("title", words.clone()),
            headings: schema.add_text_field("headings", words.clone()),
            body: schema.add_text_field("body", words),
        };
        let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
        let index = Index::open_or_create(directory, schema.build())?;
        index.tokenizers().register(ENGLISH, english());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, reader, fields })
    }

    /// Begins to write; nobody else may be writing.
    pub(super) fn writer(&self) -> Result<TextWriter, IndexError> {
        let writer = self.index.writer_with_num_threads(1, WRITER_MEMORY)?;
        Ok(TextWriter { writer, fields: self.fields })
    }

    /// Makes what was written durable and visible, under `marker`.
    pub(super) fn commit(&self, writer: &mut TextWriter, marker: u64) -> Result<(), IndexError> {
        let mut prepared = writer.writer.prepare_commit()?;
        prepared.set_payload(&marker.to_string());
        prepared.commit()?;
        Ok(self.reader.reload()?)
    }

    /// The marker of the last commit.
    pub(super) fn committed(&self) -> Option<u64> {
        self.index.load_metas().ok()?.payload?.parse().ok()
    }

    /// The passages that share most with `query`'s words, by BM25, best first, with their scores.
    ///
    /// Equals stand by document and passage.
    pub(super) fn search(
        &self,
        query: &str,
        limit: usize,
    ) -> Result<Vec<(f32, DocumentId, u32)>, IndexError> {
        let Fields { title, headings, body, .. } = self.fields;
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        each_stem(&mut english(), query, |stem| {
            for (field, boost) in [(body, 1.0), (headings, HEADING_BOOST), (title, HEADING_BOOST)] {
                let term = Term::from_field_text(field, stem);
                let term = TermQuery::new(term, IndexRecordOption::WithFreqs);
                clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(term), boost))));
            }
        });
        let searcher = self.reader.searcher();
        let (query, live) =
            (BooleanQuery::new(clauses), LivePassages::of(&searcher, [title, headings, body])?);
        let all = searcher.num_docs() as usize;
        let mut asked = limit.min(all).saturating_add(1);
        let found = loop {
            let best = TopDocs::with_limit(asked).order_by_score();
            let mut found = searcher.search_with_statistics_provider(&query, &best, &live)?;
            found.iter_mut().for_each(|(score, _)| *score = rounded(*score));
            // The last places may be a choice among equals, of which all have to be seen.
            let is_choice = found.len() == asked
                && limit > 0
                && found.get(limit - 1).map(|hit| hit.0) == found.last().map(|hit| hit.0);
            if !is_choice || asked > all {
                break found;
            }
            asked = asked.saturating_mul(8).min(all + 1);
        };
        let mut hits = Vec::new();
        for (score, address) in found {
            let stored: TantivyDocument = searcher.doc(address)?;
            let document = stored.get_first(self.fields.document).and_then(|v| v.as_str());
            let passage = stored.get_first(self.fields.passage).and_then(|v| v.as_u64());
            if let (Some(document), Some(passage)) = (document, passage) {
                hits.push((score, DocumentId::new(document), passage as u32));
            }
        }
        hits.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (&a.1, a.2).cmp(&(&b.1, b.2))));
        hits.truncate(limit);
        Ok(hits)
    }
}

fn rounded(score: f32) -> f32 {
    (score * SCORE_STEPS).round() / SCORE_STEPS
}

/// What BM25 counts, over the passages that are there: tantivy's own counts hold those that were taken out or replaced
/// until their segment is merged, and so would let the order of hits hang on how the index came about.
struct LivePassages<'a> {
    searcher: &'a Searcher,
    /// Of each field. BM25 asks for them with each word, and they have to be added up over all passages.
    tokens: HashMap<Field, u64>,
}

impl<'a> LivePassages<'a> {
    fn of(searcher: &'a Searcher, fields: [Field; 3]) -> tantivy::Result<Self> {
        let mut tokens = HashMap::new();
        for segment in searcher.segment_readers() {
            for field in fields {
                let lengths = segment.get_fieldnorms_reader(field)?;
                let alive = segment.doc_ids_alive().map(|passage| lengths.fieldnorm(passage));
                *tokens.entry(field).or_default() += alive.map(u64::from).sum::<u64>();
            }
        }
        Ok(Self { searcher, tokens })
    }
}

impl Bm25StatisticsProvider for LivePassages<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Ok(self.tokens.get(&field).copied().unwrap_or_default())
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let mut passages = 0;
        for segment in self.searcher.segment_readers() {
            let words = segment.inverted_index(term.field())?;
            passages += match segment.alive_bitset() {
                None => words.doc_freq(term)?,
                Some(alive) => words
                    .read_postings(term, IndexRecordOption::Basic)?
                    .map_or(0, |postings| postings.doc_freq_given_deletes(alive)),
            } as u64;
        }
        Ok(passages)
    }
}

impl TextWriter {
    /// Puts a document's passages in, in place of those that are there.
    pub(super) fn put(&mut self, document: &Document) -> Result<(), IndexError> {
        self.remove(&document.id);
        let title = document.facts.title.as_ref().map_or("", |title| title.value.as_str());
        for passage in &document.passages {
            let mut entry = TantivyDocument::new();
            entry.add_text(self.fields.document, document.id.as_str());
            entry.add_u64(self.fields.passage, u64::from(passage.ordinal));
            entry.add_text(self.fields.kind, document.facts.kind().name());
            entry.add_text(self.fields.title, title);
            for heading in passage.heading.iter().chain(&passage.context) {
                entry.add_text(self.fields.headings, heading);
            }
            entry.add_text(self.fields.body, &passage.text);
            self.writer.add_document(entry)?;
        }
        Ok(())
    }

    /// Takes a document's passages out.
    pub(super) fn remove(&mut self, document: &DocumentId) {
        let term = Term::from_field_text(self.fields.document, document.as_str());
        self.writer.delete_term(term);
    }
}
