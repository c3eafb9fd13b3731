use super::manifest::Manifest;
use super::names::Names;
use super::options::QdrantOptions;
use super::server::Server;
use super::waiting::Waiting;
use super::{collection, filter};
use crate::{Embedder, IndexError};
use qdrant_client::qdrant::{CountPointsBuilder, HealthCheckReply};
use std::sync::Arc;

/// The first version of the server that knows all that is asked of it: fusion by ranks with an offset of ours.
const FIRST_VERSION: (u32, u32) = (1, 16);

/// What lies on a Qdrant server of one workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerState {
    /// What it calls itself.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The collection that serves for the workspace and the model; `None` where nothing was written yet.
    pub collection: Option<CollectionState>,
    /// Other collections of the workspace, which serve no more or for another model. Making the index anew drops them.
    pub others: Vec<String>,
}

/// A collection that serves.
#[derive(Clone, Debug, PartialEq)]
pub struct CollectionState {
    /// Its name.
    pub name: String,
    /// The alias that it is asked by.
    pub alias: String,
    /// Passages in it.
    pub passages: u64,
    /// The model that it was made by, and its format; `None` where it does not say.
    pub made_by: Option<(String, i64)>,
    /// How far in the store it reaches; `None` before the first commit.
    pub committed: Option<u64>,
    /// Why it cannot be used with these settings; making the index anew mends that.
    pub misfit: Option<String>,
    /// What a search can be narrowed by only slowly, since the server keeps no index of it.
    pub not_indexed: Vec<&'static str>,
}

impl ServerState {
    /// Asks the server; nothing is made or changed.
    ///
    /// Fails where it cannot be reached, refuses the key or is too old.
    pub fn of(
        options: &QdrantOptions,
        workspace: &str,
        embedder: &Embedder,
    ) -> Result<Self, IndexError> {
        options.check(workspace)?;
        let server = Arc::new(Server::new(options)?);
        let names = Names::new(&options.prefix, workspace, embedder.version());
        let own = Manifest::new(workspace, embedder.version());
        let dimensions = embedder.dimensions();
        Waiting::new(&options.url)?.wait(async move {
            let HealthCheckReply { title, version, .. } = healthy(&server).await?;
            let serving = collection::behind(&server, &names.alias).await?;
            let others = collection::all(&server)
                .await?
                .into_iter()
                .filter(|name| names.is_of_workspace(name) && serving.as_ref() != Some(name));
            let others = others.collect();
            let collection = match serving {
                Some(name) => {
                    Some(of_collection(&server, name, names.alias, dimensions, &own).await?)
                }
                None => None,
            };
            Ok(Self { title, version, collection, others })
        })
    }
}

async fn of_collection(
    server: &Server,
    name: String,
    alias: String,
    dimensions: usize,
    own: &Manifest,
) -> Result<CollectionState, IndexError> {
    let info = collection::info(server, &name).await?;
    let manifest = collection::manifest_of(server, &name).await?;
    let counted = server.ask(|client| {
        let request = CountPointsBuilder::new(&name).filter(filter::passages()).exact(true);
        async move { client.count(request).await }
    });
    let passages = counted.await?.result.map_or(0, |result| result.count);
    let misfit = collection::vectors_misfit(&info, dimensions)
        .or_else(|| manifest.as_ref().and_then(|manifest| manifest.misfit(own)));
    Ok(CollectionState {
        passages,
        committed: manifest.as_ref().and_then(|manifest| manifest.marker),
        made_by: manifest.map(|manifest| (manifest.model, manifest.format)),
        misfit,
        not_indexed: collection::missing_indexes(&info),
        name,
        alias,
    })
}

/// What the server says of itself; refused where it is too old.
pub(super) async fn healthy(server: &Server) -> Result<HealthCheckReply, IndexError> {
    let reply = server.greet(|client| async move { client.health_check().await }).await?;
    if is_too_old(&reply.version) {
        let (major, minor) = FIRST_VERSION;
        return Err(IndexError::Server {
            url: server.options.url.clone(),
            what: format!(
                "the Qdrant server is version {}; sufficit needs {major}.{minor} or later, so upgrade the server",
                reply.version
            ),
        });
    }
    Ok(reply)
}

/// Whether this is a version before the first that will do. One that cannot be read is taken for a build of somebody's
/// own, who knows what it can do.
fn is_too_old(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < FIRST_VERSION,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_servers_are_told_by_their_version() {
        assert!(is_too_old("1.15.5") && is_too_old("v1.9.0") && is_too_old("0.11.7"));
        assert!(!is_too_old("1.16.0") && !is_too_old("1.20.1-dev") && !is_too_old("2.0.0"));
        assert!(!is_too_old("nightly") && !is_too_old(""));
    }
}
