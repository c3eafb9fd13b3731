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

/// Where the search index lies.
enum Where {
    /// In this folder of the workspace, beside those of other records.
    Folder(PathBuf),
    #[cfg(feature = "qdrant")]
    Server(QdrantOptions),
}

/// Opens the search index of this record, or makes one. It is made from the record, and safe to delete. Whoever writes to it holds the
/// record's lock.
pub(crate) fn open(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
) -> Result<Box<dyn PassageIndex>, Failure> {
    let record = store.identity();
    Ok(match place(workspace)? {
        Where::Folder(folder) => Box::new(EmbeddedIndex::open(&folder.join(record), embedder)?),
        #[cfg(feature = "qdrant")]
        Where::Server(options) => Box::new(QdrantIndex::open(&options, record, embedder)?),
    })
}

/// Opens the search index of this record as it is, to search in it; `None` where there is none yet. On a server nothing is made or
/// changed, in a folder only what cannot be read is emptied.
pub(crate) fn open_to_search(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
) -> Result<Option<Box<dyn PassageIndex>>, Failure> {
    #[cfg(feature = "qdrant")]
    if let Where::Server(options) = place(workspace)? {
        let index = QdrantIndex::open_to_search(&options, store.identity(), embedder)?;
        return Ok(index.map(|index| Box::new(index) as Box<dyn PassageIndex>));
    }
    open(workspace, store, embedder).map(Some)
}

/// Opens an empty index beside that of this record, whatever is wrong with the one that is there.
pub(crate) fn open_anew(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
) -> Result<Box<dyn PassageIndex>, Failure> {
    #[cfg(feature = "qdrant")]
    if let Where::Server(options) = place(workspace)? {
        return Ok(Box::new(QdrantIndex::open_anew(&options, store.identity(), embedder)?));
    }
    Ok(open(workspace, store, embedder)?.anew()?)
}

/// Refuses settings with which no server can be asked, before any work is done.
pub(crate) fn check(workspace: &Workspace) -> Result<(), Failure> {
    place(workspace).map(|_| ())
}

fn place(workspace: &Workspace) -> Result<Where, Failure> {
    if workspace.settings.index.url.is_empty() {
        return Ok(Where::Folder(workspace.folder.join("index")));
    }
    #[cfg(feature = "qdrant")]
    return options(workspace).map(Where::Server);
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
