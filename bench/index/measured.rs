use crate::texts::Texts;
use std::error::Error;
use std::path::Path;
use std::time::Instant;
use sufficit_evidence::{Document, DocumentKind, Probe};
use sufficit_index::{PassageIndex, StaticModel, Within};

/// Passages of a document, at least and at most.
const PASSAGES: (usize, usize) = (12, 48);
/// Passages that one upsert takes, about.
const BATCH: usize = 2000;
/// Candidates asked for each probe.
const CANDIDATES: usize = 20;
/// How often all probes are asked; the middle one counts.
const ROUNDS: usize = 3;
const QUERIES: usize = 500;
const HITS: usize = 10;

/// What was measured of one index. Times in seconds where nothing else is said.
pub(crate) struct Measured {
    passages: usize,
    /// Embedding alone, by a model that has seen none of it.
    embedding: f64,
    /// Upserts, embedding included.
    upserts: f64,
    commit: f64,
    /// All probes at once.
    pub(crate) probes: f64,
    /// Milliseconds of the median search, and what 99 of 100 take at most.
    pub(crate) search: (f64, f64),
    /// The same within the documents of one kind.
    within: (f64, f64),
    /// Bytes of all vectors and of all words on disk, where they can be told apart.
    pub(crate) vectors: Option<f64>,
    pub(crate) words: Option<f64>,
    /// MiB that the process held for itself after the last probe.
    memory: f64,
}

impl Measured {
    /// The head of the table.
    pub(crate) const HEAD: &'static str = "\
| index | passages | upsert, passages/s | embedding alone | commit | all probes | search p50, p99 | within one kind p50, p99 | bytes a passage: vectors, words | memory |
|---|---|---|---|---|---|---|---|---|---|";

    /// Bytes a passage.
    pub(crate) fn bytes(&self, all: Option<f64>) -> f64 {
        all.unwrap_or(f64::NAN) / self.passages.max(1) as f64
    }

    /// Its row of the table.
    pub(crate) fn row(&self, name: &str) -> String {
        let rate = |seconds: f64| self.passages as f64 / seconds.max(f64::MIN_POSITIVE);
        let bytes =
            |all: Option<f64>| all.map_or("-".into(), |_| format!("{:.0}", self.bytes(all)));
        format!(
            "| {name} | {} | {:.0} | {:.0} | {:.2} s | {:.2} s | {:.1}, {:.1} ms | {:.1}, {:.1} ms | {}, {} | {:.0} MiB |",
            self.passages,
            rate(self.upserts),
            rate(self.embedding),
            self.commit,
            self.probes,
            self.search.0,
            self.search.1,
            self.within.0,
            self.within.1,
            bytes(self.vectors),
            bytes(self.words),
            self.memory,
        )
    }
}

/// Writes so many passages, about, and commits once.
pub(crate) fn fill(
    index: &dyn PassageIndex,
    texts: &Texts,
    passages: usize,
) -> Result<Measured, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/static-en");
    let model = StaticModel::from_folder(&folder)?;
    let mut measured = Measured {
        passages: 0,
        embedding: 0.0,
        upserts: 0.0,
        commit: 0.0,
        probes: 0.0,
        search: (0.0, 0.0),
        within: (0.0, 0.0),
        vectors: None,
        words: None,
        memory: 0.0,
    };
    let mut documents = (0..).map(|number| texts.document(number, PASSAGES));
    while measured.passages < passages {
        let mut batch: Vec<Document> = Vec::new();
        let mut count = 0;
        while count < BATCH.min(passages - measured.passages)
            && let Some(document) = documents.next()
        {
            count += document.passages.len();
            batch.push(document);
        }
        let own = batch.iter().flat_map(|document| &document.passages);
        let own: Vec<&str> = own.map(|passage| passage.text.as_str()).collect();
        let began = Instant::now();
        let vectors = model.embed_batch(&own);
        measured.embedding += began.elapsed().as_secs_f64();
        assert_eq!(vectors.len(), count);
        let began = Instant::now();
        index.upsert(&batch)?;
        measured.upserts += began.elapsed().as_secs_f64();
        measured.passages += count;
    }
    let began = Instant::now();
    index.commit(1)?;
    measured.commit = began.elapsed().as_secs_f64();
    Ok(measured)
}

/// Asks what was filled for the candidates of all probes, and for what is searched.
pub(crate) fn ask(
    index: &dyn PassageIndex,
    mut measured: Measured,
    texts: &Texts,
    probes: &[Probe],
) -> Result<Measured, Box<dyn Error>> {
    let mut took = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let near = index.candidates(probes, &Within::default(), CANDIDATES)?;
        took.push(began.elapsed().as_secs_f64());
        assert_eq!(near.len(), probes.len());
    }
    measured.probes = quantile(&mut took, 0.5);
    measured.memory = memory();
    let queries = texts.queries(QUERIES);
    let search = |within: &Within| -> Result<(f64, f64), Box<dyn Error>> {
        let mut took = Vec::new();
        for query in &queries {
            let began = Instant::now();
            index.search(query, within, HITS)?;
            took.push(began.elapsed().as_secs_f64() * 1e3);
        }
        Ok((quantile(&mut took, 0.5), quantile(&mut took, 0.99)))
    };
    measured.search = search(&Within::default())?;
    measured.within = search(&Within { kinds: vec![DocumentKind::Minutes], ..Within::default() })?;
    Ok(measured)
}

/// The number that this share of all are not above.
fn quantile(numbers: &mut [f64], share: f64) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let at = (share * numbers.len() as f64).ceil() as usize;
    numbers.get(at.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// MiB that belong to this process alone, without what it maps of files; NaN where that cannot be told.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let anonymous = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes = anonymous.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}
