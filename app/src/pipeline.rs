//! The whole flow, in order: files are met, those that changed are read, what was read is recorded, the search index
//! is brought level with the record, and what is new is mapped. Each step begins from the record alone, so a run that
//! was killed goes on where it stopped.

use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::{Bar, Progress};
use crate::reading::{extractor, limits, read_file, unchanged};
use crate::workspace::Workspace;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sufficit_config::IngestSettings;
use sufficit_evidence::{Document, DocumentId, Match, Run, RunId};
use sufficit_index::{EmbeddedIndex, PassageIndex, StaticModel};
use sufficit_ingest::{FoundFile, walk};
use sufficit_review::{ChangeKind, KnownFile, MatchFilter, Store, StoreError};
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
    let canonical = root_of(store, root).await?;
    let root_name = canonical.to_string_lossy().into_owned();
    let known: HashMap<String, KnownFile> = store
        .files(&root_name)
        .await?
        .into_iter()
        .map(|file| (file.record.path.clone(), file))
        .collect();
    let limits = limits(settings);
    let extractor = extractor(&limits);
    let found = walk(&canonical);
    let seen = seen(&found, &known);
    let met = found.len();
    let changed: Vec<FoundFile> = found
        .into_iter()
        .filter(|file| {
            !known.get(&file.name).is_some_and(|before| unchanged(file, before, &extractor))
        })
        .collect();
    let mut ingested = Ingested { met, read_anew: changed.len(), ..Ingested::default() };

    let bar = progress.files(changed.len() as u64);
    let (sender, mut receiver) = mpsc::channel(QUEUE_A_THREAD * rayon::current_num_threads());
    let pool = reading_pool(settings)?;
    let reading = std::thread::spawn(move || {
        pool.install(|| {
            changed.into_par_iter().for_each(|file| {
                // The receiver is gone only where recording failed, and then nothing more is wanted.
                let _ = sender.blocking_send(read_file(file, &limits, &extractor));
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

/// The root that `path` is read under: its canonical path; or a folder around it that was ingested before, so that no
/// file counts under two roots. Roots within it give way to it.
async fn root_of(store: &Store, path: &Path) -> Result<PathBuf, Failure> {
    let canonical = path.canonicalize().map_err(|error| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "Give a file or folder that exists and can be read.",
        )
    })?;
    let roots = store.roots().await?;
    if let Some(around) = roots.iter().find(|root| canonical.starts_with(root)) {
        if *around != canonical.to_string_lossy() {
            tracing::warn!(
                "{} lies in {around}, which was ingested before: all of it is looked at",
                path.display()
            );
        }
        return Ok(PathBuf::from(around));
    }
    for within in roots.iter().filter(|root| Path::new(root).starts_with(&canonical)) {
        store.mark_vanished(within, &HashSet::new()).await?;
    }
    Ok(canonical)
}

/// The paths that are there, as far as can be told: those found, and those known under a folder that cannot be
/// looked into now.
fn seen(found: &[FoundFile], known: &HashMap<String, KnownFile>) -> HashSet<String> {
    let closed: Vec<String> =
        found.iter().filter(|file| file.failed).map(|file| format!("{}/", file.name)).collect();
    let hidden = known.keys().filter(|path| closed.iter().any(|folder| path.starts_with(folder)));
    found.iter().map(|file| file.name.clone()).chain(hidden.cloned()).collect()
}

fn reading_pool(settings: &IngestSettings) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(settings.threads)
        .stack_size(16 << 20)
        .build()
        .map_err(Failure::internal)
}

/// Brings the search index level with the record.
pub(crate) async fn level_index(
    workspace: &Workspace,
    store: &Store,
    model: Arc<StaticModel>,
    progress: &Progress,
) -> Result<EmbeddedIndex, Failure> {
    let folder = workspace.index(store.identity());
    let mut index = EmbeddedIndex::open(&folder, Arc::clone(&model))?;
    let changes = match store.changes_since(index.committed().unwrap_or(0)).await {
        Err(StoreError::MarkerAhead { .. }) => {
            // The record was put back from a copy: what the index holds beyond it is not to be trusted.
            drop(index);
            std::fs::remove_dir_all(&folder)?;
            index = EmbeddedIndex::open(&folder, model)?;
            store.changes_since(0).await?
        }
        changes => changes?,
    };
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
