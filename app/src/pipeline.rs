//! The whole flow, in order: files are met, those that changed are read, what was read is recorded, the search index
//! is brought level with the record, and what is new is mapped. Each step begins from the record alone, so a run that
//! was killed goes on where it stopped.

use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::{Bar, Progress};
use crate::workspace::Workspace;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use sufficit_config::IngestSettings;
use sufficit_evidence::{
    Document, DocumentId, FileOutcome, FileRecord, Language, Match, Run, RunId,
};
use sufficit_index::{EmbeddedIndex, PassageIndex, StaticModel};
use sufficit_ingest::{EXTRACTOR_VERSION, Extraction, FoundFile, Limits, extract, walk};
use sufficit_review::{ChangeKind, KnownFile, MatchFilter, NewFile, Store};
use tokio::sync::mpsc;

/// Documents that lie between reading and recording at most, for each reading thread.
const QUEUE_A_THREAD: usize = 4;
/// Files that are recorded in one transaction at most.
const FILES_A_BATCH: usize = 64;
/// Documents that are held in memory while they are mapped or indexed.
const DOCUMENTS_A_BATCH: usize = 64;

/// What an ingest met.
#[derive(Debug, Default)]
pub(crate) struct Ingested {
    /// Files met under the paths given.
    pub(crate) met: usize,
    /// Of these, those read anew.
    pub(crate) read_anew: usize,
    /// Paths that were there before and are no more.
    pub(crate) vanished: Vec<String>,
    /// Pages and passages of what was read anew.
    pub(crate) pages: u64,
    pub(crate) passages: u64,
}

/// Reads what changed under `root` into the record.
pub(crate) async fn ingest_root(
    store: &Store,
    settings: &IngestSettings,
    root: &Path,
    progress: &Progress,
) -> Result<Ingested, Failure> {
    let canonical = root.canonicalize().map_err(|error| {
        Failure::usage(
            format!("{}: {error}", root.display()),
            "Give a file or folder that exists and can be read.",
        )
    })?;
    let root_name = canonical.to_string_lossy().into_owned();
    let known: HashMap<String, KnownFile> = store
        .files(&root_name)
        .await?
        .into_iter()
        .map(|file| (file.record.path.clone(), file))
        .collect();
    let found = walk(&canonical);
    let seen: HashSet<String> = found.iter().map(|file| file.name.clone()).collect();
    let met = found.len();
    let changed: Vec<FoundFile> =
        found.into_iter().filter(|file| !unchanged(file, &known)).collect();
    let mut ingested = Ingested { met, read_anew: changed.len(), ..Ingested::default() };

    let bar = progress.files(changed.len() as u64);
    let (sender, mut receiver) = mpsc::channel(QUEUE_A_THREAD * rayon::current_num_threads());
    let limits = limits(settings);
    let pool = reading_pool(settings)?;
    let reading = std::thread::spawn(move || {
        pool.install(|| {
            changed.into_par_iter().for_each(|file| {
                // The receiver is gone only where recording failed, and then nothing more is wanted.
                let _ = sender.blocking_send(read_file(file, &limits));
            });
        });
    });
    let mut batch = Vec::with_capacity(FILES_A_BATCH);
    while receiver.recv_many(&mut batch, FILES_A_BATCH).await > 0 {
        store.record_files(&root_name, &batch).await?;
        for file in batch.drain(..) {
            ingested.pages += u64::from(file.record.pages.unwrap_or(0));
            ingested.passages += u64::from(file.record.passages);
            bar.file(ingested.passages);
        }
    }
    if reading.join().is_err() {
        return Err(Failure::internal("the reading threads stopped"));
    }
    bar.finish();
    let seen: HashSet<&str> = seen.iter().map(String::as_str).collect();
    ingested.vanished = store.mark_vanished(&root_name, &seen).await?;
    Ok(ingested)
}

fn reading_pool(settings: &IngestSettings) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(settings.threads)
        .stack_size(16 << 20)
        .build()
        .map_err(Failure::internal)
}

/// The limits of reading that the settings ask for.
pub(crate) fn limits(settings: &IngestSettings) -> Limits {
    Limits {
        file_bytes: settings.max_file_mib << 20,
        pages: settings.max_pages as usize,
        ..Limits::default()
    }
}

fn unchanged(file: &FoundFile, known: &HashMap<String, KnownFile>) -> bool {
    known.get(&file.name).is_some_and(|before| {
        before.size == file.size
            && before.modified == file.modified
            && before.extractor == EXTRACTOR_VERSION
    })
}

/// Reads one file; whatever is wrong with it ends up in its record.
fn read_file(file: FoundFile, limits: &Limits) -> NewFile {
    let (record, content) = match &file.skip {
        Some(reason) => {
            let outcome = if file.failed { FileOutcome::Failed } else { FileOutcome::Skipped };
            (empty_record(&file.name, outcome, reason.clone(), String::new()), None)
        }
        None => match read_bounded(&file.path, limits) {
            Ok(bytes) => record(&file.name, extract(&bytes, &file.name, limits)),
            Err(reason) => {
                (empty_record(&file.name, FileOutcome::Failed, reason, String::new()), None)
            }
        },
    };
    NewFile {
        record,
        size: file.size,
        modified: file.modified,
        extractor: EXTRACTOR_VERSION.to_owned(),
        content,
    }
}

/// The file's bytes; one over the limit is not loaded.
pub(crate) fn read_bounded(path: &Path, limits: &Limits) -> Result<Vec<u8>, String> {
    let fault =
        |error: std::io::Error| format!("It cannot be read: {error}. Check its permissions.");
    let size = std::fs::metadata(path).map_err(fault)?.len();
    if size > limits.file_bytes {
        let (size, limit) = (size >> 20, limits.file_bytes >> 20);
        return Err(format!(
            "It has {size} MiB; the limit is {limit} (max_file_mib in the settings)."
        ));
    }
    std::fs::read(path).map_err(fault)
}

/// What an extraction means for the record of the file at `path`.
pub(crate) fn record(path: &str, extraction: Extraction) -> (FileRecord, Option<Document>) {
    match extraction {
        Extraction::Read(document) => {
            let record = FileRecord {
                path: path.to_owned(),
                outcome: FileOutcome::Read,
                reason: remark(&document),
                document: Some(document.id.clone()),
                media_type: document.media_type.clone(),
                pages: (!document.pages.is_empty()).then_some(document.pages.len() as u32),
                passages: document.passages.len() as u32,
            };
            (record, Some(document))
        }
        Extraction::Skipped { media_type, reason } => {
            (empty_record(path, FileOutcome::Skipped, reason, media_type), None)
        }
        Extraction::Failed { media_type, reason } => {
            (empty_record(path, FileOutcome::Failed, reason, media_type), None)
        }
        Extraction::NeedsOcr { media_type, pages, reason } => {
            let record = empty_record(path, FileOutcome::NeedsOcr, reason, media_type);
            (FileRecord { pages, ..record }, None)
        }
    }
}

pub(crate) fn empty_record(
    path: &str,
    outcome: FileOutcome,
    reason: String,
    media_type: String,
) -> FileRecord {
    FileRecord {
        path: path.to_owned(),
        outcome,
        reason,
        document: None,
        media_type,
        pages: None,
        passages: 0,
    }
}

/// What people must know of a document that was read: its language cannot be mapped, or pages are missing.
fn remark(document: &Document) -> String {
    let mut remarks = Vec::new();
    if let Language::Unsupported(code) = &document.language {
        remarks.push(format!("Language not supported ({code}): it can be searched, and is not mapped; no gap follows from it."));
    }
    let unread: Vec<String> = document
        .pages
        .iter()
        .filter(|page| page.status != sufficit_evidence::PageStatus::Ok)
        .map(|page| page.page.to_string())
        .collect();
    if !unread.is_empty() {
        let shown = unread.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
        let more = if unread.len() > 8 { " ..." } else { "" };
        remarks.push(format!(
            "Read in part: no text on {} of {} pages ({shown}{more}).",
            unread.len(),
            document.pages.len()
        ));
    }
    remarks.join(" ")
}

/// Brings the search index level with the record.
pub(crate) async fn level_index(
    workspace: &Workspace,
    store: &Store,
    model: Arc<StaticModel>,
    progress: &Progress,
) -> Result<EmbeddedIndex, Failure> {
    let index = EmbeddedIndex::open(&workspace.index(store.identity()), model)?;
    let changes = store.changes_since(index.committed().unwrap_or(0)).await?;
    let bar = progress.steps("Indexing", changes.len() as u64);
    for batch in changes.chunks(DOCUMENTS_A_BATCH) {
        let mut documents = Vec::with_capacity(batch.len());
        for change in batch {
            match change.kind {
                ChangeKind::Stored => documents.extend(store.document(&change.document).await?),
                ChangeKind::Removed => index.remove(&change.document)?,
            }
        }
        index.upsert(&documents)?;
        bar.advance(batch.len() as u64);
    }
    if let Some(last) = changes.last() {
        index.commit(last.seq)?;
    }
    bar.finish();
    Ok(index)
}

/// Maps every current document that this judge has not mapped yet, and assesses each requirement anew.
///
/// Where nothing changed since the latest run, that run stands and nothing is written.
pub(crate) async fn map(
    store: &Store,
    judge: &Arc<Judge>,
    progress: &Progress,
) -> Result<Run, Failure> {
    let fingerprint = judge.fingerprint()?;
    let change = store.latest_change().await?;
    let current: Vec<DocumentId> =
        store.current_documents().await?.into_iter().map(|entry| entry.id).collect();
    let mapped = store.mapped(&fingerprint).await?;
    let open: Vec<DocumentId> =
        current.iter().filter(|id| !mapped.contains(*id)).cloned().collect();
    if open.is_empty()
        && let Some(latest) = store.latest_run().await?
        && store.latest_fingerprint().await?.as_deref() == Some(&fingerprint)
        && latest.change == change
    {
        return Ok(latest);
    }
    let run = store.begin_run(&fingerprint).await?;
    let bar = progress.steps("Mapping", open.len() as u64);
    map_documents(store, judge, &run, &fingerprint, &open, &bar).await?;
    bar.finish();
    let mut assessments = Vec::new();
    for (framework, requirement) in judge.rules.catalogue().requirements() {
        let name = framework.reference(requirement);
        let filter = MatchFilter {
            fingerprint: Some(fingerprint.clone()),
            framework: Some(name.framework.clone()),
            requirement: Some(name.requirement.clone()),
            ..MatchFilter::default()
        };
        let matches: Vec<Match> =
            store.matches(&filter).await?.into_iter().map(|stored| stored.proposal).collect();
        assessments.extend(sufficit_mapper::assess(&judge.rules, &run, &name, &matches));
    }
    let finished = Run {
        id: run,
        finished: jiff::Timestamp::now().to_string(),
        as_of: judge.rules.as_of(),
        versions: judge.versions.clone(),
        documents: current.len() as u64,
        change,
    };
    store.finish_run(&finished, &assessments).await?;
    Ok(finished)
}

/// Maps the documents and records their matches, a batch at a time. While one batch is mapped, the next is loaded
/// and the one before is recorded: at most three are in memory.
async fn map_documents(
    store: &Store,
    judge: &Arc<Judge>,
    run: &RunId,
    fingerprint: &str,
    open: &[DocumentId],
    bar: &Bar,
) -> Result<(), Failure> {
    let mut batches = open.chunks(DOCUMENTS_A_BATCH);
    let mut loaded = load(store, batches.next().unwrap_or_default()).await?;
    let mut mapped: Vec<(DocumentId, Vec<Match>)> = Vec::new();
    while !loaded.is_empty() {
        let (judge, run) = (Arc::clone(judge), run.clone());
        let mapping = tokio::task::spawn_blocking(move || {
            let hold = |document: &Document| (document.id.clone(), judge.matches(&run, document));
            loaded.par_iter().map(hold).collect()
        });
        let next = load(store, batches.next().unwrap_or_default());
        let (next, recorded) = tokio::join!(next, store.record_matches(fingerprint, &mapped));
        recorded?;
        bar.advance(mapped.len() as u64);
        mapped = mapping.await.map_err(Failure::internal)?;
        loaded = next?;
    }
    store.record_matches(fingerprint, &mapped).await?;
    Ok(())
}

async fn load(store: &Store, ids: &[DocumentId]) -> Result<Vec<Document>, Failure> {
    let mut documents = Vec::with_capacity(ids.len());
    for id in ids {
        documents.extend(store.document(id).await?);
    }
    Ok(documents)
}
