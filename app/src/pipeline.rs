//! The whole flow, in order: files are met, those that changed are read, what was read is recorded, the search index
//! is brought level with the record, and what is new is mapped. Each step begins from the record alone, so a run that
//! was killed goes on where it stopped.

use crate::failure::Failure;
use crate::held::{Decided, Reassessment};
use crate::judge::Judge;
use crate::output::{Bar, Progress};
use crate::reading::Reader;
use crate::workspace::is_workspace;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sufficit_evidence::{Document, DocumentId, FileOutcome, Run, RunId};
use sufficit_ingest::{FoundFile, WITHIN, walk};
use sufficit_review::{CurrentDocument, KnownFile, Mapping, NewFile, Store};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// Documents that lie between reading and recording at most, for each reading thread.
const QUEUE_A_THREAD: usize = 4;
/// Characters of text that lie there at most, in thousands; a longer text lies there alone.
const QUEUE_TEXT: u32 = 16_000;
/// Files that are recorded in one transaction at most.
const FILES_A_BATCH: usize = 64;
/// Documents that are held in memory while they are mapped or indexed.
const DOCUMENTS_A_BATCH: usize = 64;
/// Their passages; a document that has more is held alone.
const PASSAGES_A_BATCH: u64 = 20_000;

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

/// Reads what changed under a root, the `canonical` path that [`root_of`] gave, into the record.
pub(crate) async fn ingest_root(
    store: &Store,
    reader: &Arc<Reader>,
    threads: usize,
    canonical: &Path,
    progress: &Progress,
) -> Result<Ingested, Failure> {
    let root_name = canonical.to_string_lossy().into_owned();
    let known: HashMap<String, KnownFile> = store
        .files(&root_name)
        .await?
        .into_iter()
        .map(|file| (file.record.path.clone(), file))
        .collect();
    // Of hidden folders, which nobody walks into, a workspace is not worth a word.
    let is_evidence = |file: &FoundFile| file.skip.is_none() || !is_workspace(&file.path);
    let found: Vec<FoundFile> = walk(canonical).into_iter().filter(is_evidence).collect();
    let names: HashSet<String> = found.iter().map(|file| file.name.clone()).collect();
    let wanting: HashSet<&str> = known
        .values()
        .filter(|file| wants(file))
        .filter_map(|file| owner(&file.record.path, &names))
        .collect();
    let met = found.len();
    let (changed, unchanged): (Vec<FoundFile>, Vec<FoundFile>) =
        found.into_iter().partition(|file| {
            let wants = wanting.contains(file.name.as_str());
            !known.get(&file.name).is_some_and(|before| reader.knows(file, before, wants))
        });
    let mut seen = seen(&changed, &unchanged, &known);
    let mut ingested = Ingested { met, read_anew: changed.len(), ..Ingested::default() };

    let bar = progress.files(changed.len() as u64);
    let (sender, mut receiver) = mpsc::channel(QUEUE_A_THREAD * rayon::current_num_threads());
    let room = Arc::new(Semaphore::new(QUEUE_TEXT as usize));
    let pool = reading_pool(threads)?;
    let (waiting, reading_with) = (Handle::current(), Arc::clone(reader));
    let reading = std::thread::spawn(move || {
        pool.install(|| {
            by_size(changed).into_iter().par_bridge().for_each(|file| {
                reading_with.read_found(&file, &mut |file| {
                    // The receiver is gone only where recording failed, and then nothing more is wanted.
                    let _ = waiting.block_on(hand_over(file, &room, &sender));
                });
            });
        });
    });
    let mut batch = Vec::with_capacity(FILES_A_BATCH);
    while receiver.recv_many(&mut batch, FILES_A_BATCH).await > 0 {
        let (files, taken): (Vec<NewFile>, Vec<OwnedSemaphorePermit>) = batch.drain(..).unzip();
        store.record_files(&root_name, &files).await?;
        drop(taken);
        for file in files {
            ingested.pages += u64::from(file.record.pages.unwrap_or(0));
            ingested.passages += u64::from(file.record.passages);
            progress.met(&file.record);
            if names.contains(&file.record.path) {
                bar.file(ingested.passages);
            }
            seen.insert(file.record.path);
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
/// file counts under two roots. Roots within it give way to it. The folder `uploads`, where there is one, stays a root by
/// itself wherever it lies: it is hidden in the workspace, and nobody walks into it from around it.
pub(crate) async fn root_of(
    store: &Store,
    path: &Path,
    uploads: &Path,
) -> Result<PathBuf, Failure> {
    let canonical = path.canonicalize().map_err(|error| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "Give a file or folder that exists and can be read.",
        )
    })?;
    let uploads = uploads.canonicalize().ok();
    let apart = |path: &Path| uploads.as_deref().is_some_and(|uploads| path.starts_with(uploads));
    if apart(&canonical) {
        return Ok(uploads.unwrap_or(canonical));
    }
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
    let gives_way = |root: &Path| root.starts_with(&canonical) && !apart(root);
    for within in roots.iter().filter(|root| gives_way(Path::new(root))) {
        store.mark_vanished(within, &HashSet::new()).await?;
    }
    Ok(canonical)
}

/// The file on disk, of those found, that a path names or lies in. A folder's name may end like an archive's path.
fn owner<'a>(path: &'a str, found: &HashSet<String>) -> Option<&'a str> {
    let prefixes = path.match_indices(WITHIN).map(|(at, _)| path.get(..at).unwrap_or_default());
    prefixes.chain([path]).find(|prefix| found.contains(*prefix))
}

/// Whether other programs or passwords might make more of a file.
fn wants(file: &KnownFile) -> bool {
    file.record.outcome != FileOutcome::Read
        || file.record.document.is_some() && !file.record.reason.is_empty()
}

/// The paths that are there, as far as can be told before the changed ones are read: files found, what is in those that
/// did not change, and those known under a folder that cannot be looked into now.
fn seen(
    changed: &[FoundFile],
    unchanged: &[FoundFile],
    known: &HashMap<String, KnownFile>,
) -> HashSet<String> {
    let found = || changed.iter().chain(unchanged);
    let closed: Vec<String> =
        found().filter(|file| file.failed).map(|file| format!("{}/", file.name)).collect();
    let kept: HashSet<String> = unchanged.iter().map(|file| file.name.clone()).collect();
    let there = known.values().filter(|file| {
        owner(&file.record.path, &kept).is_some()
            || closed.iter().any(|folder| file.record.path.starts_with(folder))
    });
    found()
        .map(|file| file.name.clone())
        .chain(there.map(|file| file.record.path.clone()))
        .collect()
}

/// Files in the order in which they are read: the largest first, so that none of them is begun when all others are done.
fn by_size(mut files: Vec<FoundFile>) -> Vec<FoundFile> {
    files.sort_by_key(|file| std::cmp::Reverse(file.size));
    files
}

/// Gives what was read to whoever records it, once there is room for its text.
async fn hand_over(
    file: NewFile,
    room: &Arc<Semaphore>,
    recorder: &mpsc::Sender<(NewFile, OwnedSemaphorePermit)>,
) -> Option<()> {
    let text = file.content.as_ref().map_or(0, |document| document.text.len() / 1000);
    let share = u32::try_from(text).unwrap_or(u32::MAX).clamp(1, QUEUE_TEXT);
    let taken = Arc::clone(room).acquire_many_owned(share).await.ok()?;
    recorder.send((file, taken)).await.ok()
}

fn reading_pool(threads: usize) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(Failure::internal)
}

/// Maps every current document that this judge has not mapped yet, and assesses each requirement anew.
///
/// Assessments count what people decided of the matches; the matches themselves stay as they are proposed. Where nothing
/// changed since the latest run, and nobody decided anything, that run stands and nothing is written.
pub(crate) async fn map(
    store: &Store,
    judge: &Arc<Judge>,
    progress: &Progress,
) -> Result<Run, Failure> {
    let fingerprint = judge.fingerprint()?;
    let change = store.latest_change().await?;
    let current = store.current_documents().await?;
    let mapped = store.mapped(&fingerprint).await?;
    let decided = Decided::so_far(store).await?;
    let open: Vec<&CurrentDocument> = current
        .iter()
        .filter(|one| mapped.get(&one.id) != Some(&decided.corrected(&one.id)))
        .collect();
    if open.is_empty()
        && let Some(latest) = store.latest_run().await?
        && store.latest_fingerprint().await?.as_deref() == Some(&fingerprint)
        && latest.change == change
        && latest.decisions == decided.ledger.last()
    {
        return Ok(latest);
    }
    let run = store.begin_run(&fingerprint).await?;
    let bar = progress.steps("Mapping", open.len() as u64);
    map_documents((store, &decided), judge, &run, &fingerprint, &open, &bar).await?;
    bar.finish();
    let copies = sufficit_mapper::copies(&store.likenesses(&fingerprint).await?);
    let assessment = Reassessment {
        store,
        rules: &judge.rules,
        decided: &decided,
        unproposed: &decided.unproposed_by_run(store, Some(&fingerprint), None).await?,
        copies: &copies,
        run: &run,
    };
    let mut assessments = Vec::new();
    for (framework, requirement) in judge.rules.catalogue().requirements() {
        let name = framework.reference(requirement);
        assessments.extend(assessment.of(&name, Some(&fingerprint)).await?);
    }
    let finished = Run {
        id: run,
        finished: jiff::Timestamp::now().to_string(),
        as_of: judge.rules.as_of(),
        versions: judge.versions.clone(),
        documents: current.len() as u64,
        change,
        decisions: decided.ledger.last(),
    };
    store.finish_run(&finished, &assessments).await?;
    Ok(finished)
}

/// Maps the documents and records their matches, a batch at a time. While one batch is mapped, the next is loaded
/// and the one before is recorded: at most three are in memory.
async fn map_documents(
    (store, decided): (&Store, &Decided),
    judge: &Arc<Judge>,
    run: &RunId,
    fingerprint: &str,
    open: &[&CurrentDocument],
    bar: &Bar,
) -> Result<(), Failure> {
    let mut batches =
        batches(open.iter().map(|document| (&document.id, document.passages))).into_iter();
    let mut loaded = load(store, decided, &batches.next().unwrap_or_default()).await?;
    let mut mapped: Vec<Mapping> = Vec::new();
    while !loaded.is_empty() {
        let (judge, run) = (Arc::clone(judge), run.clone());
        let mapping = tokio::task::spawn_blocking(move || {
            let hold =
                |(document, corrected): &(Document, u64)| judge.mapping(&run, document, *corrected);
            loaded.par_iter().map(hold).collect::<Result<_, Failure>>()
        });
        let following = batches.next().unwrap_or_default();
        let next = load(store, decided, &following);
        let (next, recorded) = tokio::join!(next, store.record_matches(fingerprint, &mapped));
        recorded?;
        bar.advance(mapped.len() as u64);
        mapped = mapping.await.map_err(Failure::internal)??;
        loaded = next?;
    }
    store.record_matches(fingerprint, &mapped).await?;
    Ok(())
}

/// Things in their order, parted so that each part holds no more documents and passages than may be in memory.
pub(crate) fn batches<T>(sized: impl Iterator<Item = (T, u32)>) -> Vec<Vec<T>> {
    let mut batches: Vec<Vec<T>> = Vec::new();
    let mut passages = 0;
    for (thing, size) in sized {
        let size = u64::from(size);
        match batches.last_mut() {
            Some(batch)
                if batch.len() < DOCUMENTS_A_BATCH && passages + size <= PASSAGES_A_BATCH =>
            {
                batch.push(thing);
                passages += size;
            }
            _ => {
                batches.push(vec![thing]);
                passages = size;
            }
        }
    }
    batches
}

/// The documents with their facts as reviewers set them right, each with the number of the last decision that did.
async fn load(
    store: &Store,
    decided: &Decided,
    ids: &[&DocumentId],
) -> Result<Vec<(Document, u64)>, Failure> {
    let mut documents = Vec::with_capacity(ids.len());
    for id in ids {
        let document = store.document(id).await?;
        documents
            .extend(document.map(|document| (decided.set_right(document), decided.corrected(id))));
    }
    Ok(documents)
}
