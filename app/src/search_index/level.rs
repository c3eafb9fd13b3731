use super::{Erasure, erasure, open, open_anew, open_to_search};
use crate::Outcome;
use crate::failure::Failure;
use crate::output::Progress;
use crate::pipeline::batches;
use crate::workspace::Workspace;
use std::collections::HashMap;
use std::sync::Arc;
use sufficit_evidence::DocumentId;
use sufficit_index::{Embedder, PassageIndex};
use sufficit_review::{Change, ChangeKind, Store, StoreError};

/// Brings the search index level with the record. The caller holds the record's lock: two that write would undo each other's
/// removals.
async fn level(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
    progress: &Progress,
) -> Result<(), Failure> {
    if Erasure::pending(workspace).is_some() {
        return make_anew(workspace, store, embedder, progress).await;
    }
    let index = open(workspace, store, Arc::clone(&embedder))?;
    erasure::note_place(workspace)?;
    match store.changes_since(index.committed().unwrap_or(0)).await {
        Err(StoreError::MarkerAhead { .. }) => {
            // The record was put back from a copy: what the index holds beyond it is not to be trusted.
            drop(index);
            make_anew(workspace, store, embedder, progress).await
        }
        changes => {
            let changes = changes?;
            let marker = changes.last().map(|change| change.seq);
            write(store, &*index, &changes, marker, progress).await
        }
    }
}

/// The same where it can be: mapping does not need the search index, so what is read and mapped need not wait for a server. Says what
/// stands in the way where something does.
pub(crate) async fn level_or_say_why_not(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
    progress: &Progress,
) -> Result<Outcome, Failure> {
    match level(workspace, store, embedder, progress).await {
        Ok(()) => Ok(Outcome::Done),
        Err(Failure::Index { what, help }) => {
            tracing::error!("{what}");
            tracing::warn!(
                "the search index lags behind what was read; nothing of it is lost. {help}"
            );
            Ok(Outcome::SomeFailed)
        }
        Err(failure) => Err(failure),
    }
}

/// The search index to search in: level with the record, or as it is where another process is writing just now.
pub(crate) async fn open_level(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
    progress: &Progress,
) -> Result<Box<dyn PassageIndex>, Failure> {
    let index = open_to_search(workspace, store, Arc::clone(&embedder))?;
    if let Some(index) = index
        && Erasure::pending(workspace).is_none()
        && store
            .changes_since(index.committed().unwrap_or(0))
            .await
            .is_ok_and(|changes| changes.is_empty())
    {
        return Ok(index);
    }
    let locked = match store.lock() {
        Ok(_lock) => {
            level(workspace, store, Arc::clone(&embedder), progress).await?;
            let index = open_to_search(workspace, store, embedder)?;
            return index.ok_or_else(|| Failure::internal("an index that is level is there"));
        }
        Err(locked @ StoreError::Locked { .. }) => locked,
        Err(error) => return Err(error.into()),
    };
    match open_to_search(workspace, store, embedder)? {
        Some(index) => {
            tracing::warn!("{locked}: what it has not written yet is not found");
            Ok(index)
        }
        None => Err(locked.into()),
    }
}

/// Notes that the index has to be made anew where it has followed more than the record holds: the record was put back from a copy, and what
/// is read from now on would hide that. An index that cannot be asked now tells it later, or was never level.
pub(crate) async fn note_if_ahead(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
) -> Result<(), Failure> {
    if let Ok(Some(index)) = open_to_search(workspace, store, embedder)
        && let Some(marker) = index.committed()
        && let Err(StoreError::MarkerAhead { .. }) = store.changes_since(marker).await
    {
        Erasure::begin(workspace)?;
    }
    Ok(())
}

/// Makes the search index anew from the record, while the one that is there goes on answering. The caller holds the record's lock.
pub(crate) async fn make_anew(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
    progress: &Progress,
) -> Result<(), Failure> {
    let fresh = open_anew(workspace, store, embedder)?;
    erasure::note_place(workspace)?;
    let mut changes = store.changes_since(0).await?;
    let marker = changes.last().map(|change| change.seq);
    // In an empty index there is nothing to take out.
    changes.retain(|change| change.kind == ChangeKind::Stored);
    write(store, &*fresh, &changes, marker, progress).await?;
    fresh.take_over()?;
    Erasure::pending(workspace).map_or(Ok(()), Erasure::end)
}

/// Writes changes of the record into the search index, a batch of documents at a time, and then how far they reach.
async fn write(
    store: &Store,
    index: &dyn PassageIndex,
    changes: &[Change],
    marker: Option<u64>,
    progress: &Progress,
) -> Result<(), Failure> {
    let bar = progress.steps("Indexing", changes.len() as u64);
    let sizes: HashMap<DocumentId, u32> =
        store.current_documents().await?.into_iter().map(|d| (d.id, d.passages)).collect();
    let size = |change: &Change| sizes.get(&change.document).copied().unwrap_or(0);
    for batch in batches(changes.iter().map(|change| (change, size(change)))) {
        let mut documents = Vec::with_capacity(batch.len());
        for change in &batch {
            match change.kind {
                ChangeKind::Stored => documents.extend(store.document(&change.document).await?),
                ChangeKind::Removed => index.remove(&change.document)?,
            }
        }
        index.upsert(&documents)?;
        bar.advance(batch.len() as u64);
    }
    if let Some(marker) = marker {
        index.commit(marker)?;
    }
    bar.finish();
    Ok(())
}
