//! The search index: where it lies (in the workspace's folder, or on the Qdrant server that the settings name), and how it is
//! brought level with the record.

mod erasure;
mod level;

pub(crate) use erasure::{Erasure, Place, places, places_note};
pub(crate) use level::{level_or_say_why_not, make_anew, note_if_ahead, open_level};

use crate::failure::Failure;
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::sync::Arc;
use sufficit_index::{EmbeddedIndex, Embedder, PassageIndex};
#[cfg(feature = "qdrant")]
use sufficit_index::{QdrantIndex, QdrantOptions};
use sufficit_review::Store;

/// The variable that holds the server's API key; it goes before the file of the settings.
#[cfg(feature = "qdrant")]
const API_KEY: &str = "QDRANT_API_KEY";

/// What is done with the index that is there.
#[derive(Clone, Copy)]
enum Way {
    /// It is opened, or made where there is none.
    Write,
    /// It is opened as it is; on a server nothing is made or changed, in a folder only what cannot be read is emptied.
    Search,
    /// It is left alone, and an empty one made beside it.
    Anew,
}

/// Opens the search index of this record, or makes one. It is made from the record, and safe to delete. Whoever writes to it holds the
/// record's lock.
pub(crate) fn open(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
) -> Result<Box<dyn PassageIndex>, Failure> {
    let index = place(workspace, store, embedder, Way::Write)?;
    index.ok_or_else(|| Failure::internal("an index that is made is there"))
}

/// Opens the search index of this record as it is, to search in it; `None` where there is none yet.
pub(crate) fn open_to_search(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
) -> Result<Option<Box<dyn PassageIndex>>, Failure> {
    place(workspace, store, embedder, Way::Search)
}

/// Opens an empty index beside that of this record, whatever is wrong with the one that is there.
pub(crate) fn open_anew(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
) -> Result<Box<dyn PassageIndex>, Failure> {
    let index = place(workspace, store, embedder, Way::Anew)?;
    index.ok_or_else(|| Failure::internal("an index that is made is there"))
}

/// Where the index lies in the workspace's folder.
fn folder(workspace: &Workspace, store: &Store) -> PathBuf {
    workspace.folder.join("index").join(store.identity())
}

fn place(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
    way: Way,
) -> Result<Option<Box<dyn PassageIndex>>, Failure> {
    if !workspace.settings.index.url.is_empty() {
        return on_server(workspace, store, embedder, way);
    }
    let index = EmbeddedIndex::open(&folder(workspace, store), embedder)?;
    Ok(Some(match way {
        Way::Write | Way::Search => Box::new(index),
        Way::Anew => index.anew()?,
    }))
}

#[cfg(feature = "qdrant")]
fn on_server(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
    way: Way,
) -> Result<Option<Box<dyn PassageIndex>>, Failure> {
    let options = options(workspace)?;
    let name = store.identity();
    let index = match way {
        Way::Write => Some(QdrantIndex::open(&options, name, embedder)?),
        Way::Search => QdrantIndex::open_to_search(&options, name, embedder)?,
        Way::Anew => Some(QdrantIndex::open_anew(&options, name, embedder)?),
    };
    Ok(index.map(|index| Box::new(index) as Box<dyn PassageIndex>))
}

#[cfg(not(feature = "qdrant"))]
fn on_server(
    workspace: &Workspace,
    _: &Store,
    _: Arc<Embedder>,
    _: Way,
) -> Result<Option<Box<dyn PassageIndex>>, Failure> {
    check(workspace).map(|()| None)
}

/// Refuses settings with which no server can be asked, before any work is done.
pub(crate) fn check(workspace: &Workspace) -> Result<(), Failure> {
    if workspace.settings.index.url.is_empty() {
        return Ok(());
    }
    #[cfg(feature = "qdrant")]
    return options(workspace).map(|_| ());
    #[cfg(not(feature = "qdrant"))]
    return Err(Failure::usage(
        "the search index on a Qdrant server is not part of this build",
        "Build sufficit with the feature `qdrant`, or leave out url under [index] and --index-url.",
    ));
}

/// The server that the settings name, with its key.
#[cfg(feature = "qdrant")]
pub(crate) fn options(workspace: &Workspace) -> Result<QdrantOptions, Failure> {
    let settings = &workspace.settings.index;
    Ok(QdrantOptions {
        url: settings.url.clone(),
        api_key: api_key(&settings.api_key_file)?,
        prefix: settings.prefix.clone(),
        shards: settings.shards,
        replicas: settings.replicas,
        write_consistency: settings.write_consistency,
        batch_points: settings.batch,
        in_flight: settings.in_flight,
        timeout: std::time::Duration::from_secs(settings.timeout_seconds),
        ..QdrantOptions::default()
    })
}

#[cfg(feature = "qdrant")]
fn api_key(file: &std::path::Path) -> Result<Option<String>, Failure> {
    let key = std::env::var(API_KEY).unwrap_or_default();
    if !key.trim().is_empty() {
        return Ok(Some(key.trim().to_owned()));
    }
    if file.as_os_str().is_empty() {
        return Ok(None);
    }
    let refuse = |what: String| {
        let help = format!(
            "api_key_file under [index] names the file with the key of the Qdrant server; {API_KEY} in the environment does as well."
        );
        Failure::usage(format!("{}: {what}", file.display()), help)
    };
    let key = std::fs::read_to_string(file).map_err(|error| refuse(error.to_string()))?;
    match key.trim() {
        "" => Err(refuse("the file is empty".to_owned())),
        key => Ok(Some(key.to_owned())),
    }
}
