//! Where the search index lies: in the workspace's folder, or on the Qdrant server that the settings name.

use crate::failure::Failure;
use crate::workspace::Workspace;
use std::sync::Arc;
use sufficit_index::{EmbeddedIndex, Embedder, PassageIndex};
#[cfg(feature = "qdrant")]
use sufficit_index::{QdrantIndex, QdrantOptions};
use sufficit_review::Store;

/// The variable that holds the server's API key; it goes before the file of the settings.
#[cfg(feature = "qdrant")]
const API_KEY: &str = "QDRANT_API_KEY";

/// Opens the search index of this record. It is made from the record, and safe to delete.
pub(crate) fn open(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
) -> Result<Box<dyn PassageIndex>, Failure> {
    if workspace.settings.index.url.is_empty() {
        return embedded(workspace, store, embedder);
    }
    on_server(workspace, store, embedder, Existing::Opened)
}

/// Opens an empty index beside that of this record, whatever is wrong with the one that is there.
pub(crate) fn open_anew(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
) -> Result<Box<dyn PassageIndex>, Failure> {
    if workspace.settings.index.url.is_empty() {
        return Ok(embedded(workspace, store, embedder)?.anew()?);
    }
    on_server(workspace, store, embedder, Existing::LeftAside)
}

/// What is done with the index that is there.
enum Existing {
    Opened,
    LeftAside,
}

fn embedded(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
) -> Result<Box<dyn PassageIndex>, Failure> {
    let folder = workspace.folder.join("index").join(store.identity());
    Ok(Box::new(EmbeddedIndex::open(&folder, embedder)?))
}

#[cfg(feature = "qdrant")]
fn on_server(
    workspace: &Workspace,
    store: &Store,
    embedder: Arc<Embedder>,
    existing: Existing,
) -> Result<Box<dyn PassageIndex>, Failure> {
    let options = options(workspace)?;
    Ok(match existing {
        Existing::Opened => Box::new(QdrantIndex::open(&options, store.identity(), embedder)?),
        Existing::LeftAside => {
            Box::new(QdrantIndex::open_anew(&options, store.identity(), embedder)?)
        }
    })
}

#[cfg(not(feature = "qdrant"))]
fn on_server(
    _: &Workspace,
    _: &Store,
    _: Arc<Embedder>,
    _: Existing,
) -> Result<Box<dyn PassageIndex>, Failure> {
    Err(Failure::usage(
        "the search index on a Qdrant server is not part of this build",
        "Build sufficit with the feature `qdrant`, or leave out url under [index] and --index-url.",
    ))
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
    if let Ok(key) = std::env::var(API_KEY) {
        return Ok(Some(key.trim().to_owned()).filter(|key| !key.is_empty()));
    }
    if file.as_os_str().is_empty() {
        return Ok(None);
    }
    let key = std::fs::read_to_string(file).map_err(|error| {
        Failure::usage(
            format!("{}: {error}", file.display()),
            format!("api_key_file under [index] names the file with the key of the Qdrant server; {API_KEY} in the environment does as well."),
        )
    })?;
    Ok(Some(key.trim().to_owned()).filter(|key| !key.is_empty()))
}
