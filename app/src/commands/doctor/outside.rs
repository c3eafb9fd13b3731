//! What lies outside this machine, or may: the search index on a server, and what leaves for anywhere.

use super::Finding;
use crate::cli::Common;
#[cfg(feature = "qdrant")]
use crate::failure::Failure;
use crate::model;
#[cfg(feature = "qdrant")]
use crate::search_index;
use crate::workspace::Workspace;
use sufficit_config::ModelChoice;
#[cfg(feature = "qdrant")]
use sufficit_index::{CollectionState, ServerState};

/// The search index: in the workspace's folder, or on a server with what it holds of this workspace.
#[cfg(feature = "qdrant")]
pub(super) async fn index(workspace: &Workspace, common: &Common) -> Finding {
    if workspace.settings.index.url.is_empty() {
        return in_folder();
    }
    match on_server(workspace, common).await {
        Ok((state, latest)) => of_state(&workspace.settings.index.url, &state, latest),
        Err(Failure::Index { what, .. }) => Finding::fails(
            "index",
            what,
            "Start the server, or correct url, api_key_file or QDRANT_API_KEY; without url the index lies in the workspace's folder.",
        ),
        Err(failure) => Finding::fails("index", failure.what().to_owned(), failure.help()),
    }
}

/// The search index, which in this build lies in the workspace's folder always.
#[cfg(not(feature = "qdrant"))]
pub(super) async fn index(workspace: &Workspace, _: &Common) -> Finding {
    if workspace.settings.index.url.is_empty() {
        return in_folder();
    }
    Finding::fails(
        "index",
        "a search index on a Qdrant server is not part of this build".to_owned(),
        "Leave out url under [index], or build with the feature `qdrant`.",
    )
}

fn in_folder() -> Finding {
    Finding::works("index", "in the workspace's folder".to_owned())
}

#[cfg(feature = "qdrant")]
async fn on_server(workspace: &Workspace, common: &Common) -> Result<(ServerState, u64), Failure> {
    let options = search_index::options(workspace)?;
    let embedder = model::embedder(workspace, common)?;
    // A workspace without a record has nothing on the server; the server is asked all the same.
    let (identity, latest) = match workspace.store().await {
        Ok(store) => (store.identity().to_owned(), store.latest_change().await?),
        Err(_) => ("none".to_owned(), 0),
    };
    Ok((ServerState::of(&options, &identity, &embedder)?, latest))
}

/// `latest` is how far the record goes.
#[cfg(feature = "qdrant")]
fn of_state(url: &str, state: &ServerState, latest: u64) -> Finding {
    let mut detail = format!("{url}: {} {}", state.title, state.version);
    let Some(collection) = &state.collection else {
        detail += "; nothing of this workspace and model is there yet, and the next `ingest`, `map` or `search` fills it";
        return Finding::works("index", detail);
    };
    let CollectionState { name, passages, committed, misfit, not_indexed, .. } = collection;
    detail += &format!("; {passages} passages in {name}");
    if committed.unwrap_or(0) < latest {
        detail +=
            ", not yet level with the record; the next `ingest`, `map` or `search` makes it so";
    }
    if !state.others.is_empty() {
        detail += &format!("; also there and of no use now: {}", state.others.join(", "));
    }
    if let Some(misfit) = misfit {
        return Finding::fails(
            "index",
            format!("{detail}; {misfit}"),
            "`sufficit reindex` makes it anew.",
        );
    }
    let mend = match (not_indexed.is_empty(), state.others.is_empty()) {
        (true, true) => String::new(),
        (false, _) => format!(
            "A search within some documents is slow there, for want of indexes on {}: `sufficit reindex` makes the collection anew.",
            not_indexed.join(", ")
        ),
        (true, false) => "`sufficit reindex` removes what is of no use.".to_owned(),
    };
    Finding { what: "index", works: true, detail, mend }
}

/// Whether what is sent to `url` can be read on its way: no TLS, and another machine.
fn is_open_to_readers(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    let here = ["localhost", "127.0.0.1", "[::1]"];
    !here.iter().any(|name| host == *name || host.starts_with(&format!("{name}:")))
}

/// What leaves this machine.
pub(super) fn network(workspace: &Workspace) -> Finding {
    let embedding = &workspace.settings.embedding;
    let named: Vec<&str> = [&embedding.model, &workspace.settings.rerank.model]
        .into_iter()
        .filter(|choice| !model::is_static(choice))
        .filter_map(|choice| match choice {
            ModelChoice::Name(name) => Some(name.as_str()),
            ModelChoice::Folder(_) => None,
        })
        .collect();
    let index = &workspace.settings.index.url;
    let mut uses = Vec::new();
    if !named.is_empty() {
        uses.push(format!("{}, once, to fetch {}", embedding.hub, named.join(" and ")));
    }
    if !index.is_empty() {
        uses.push(format!(
            "{index} gets of each passage its vector, its words as hashed numbers, its number and page, and its document's digest, kind, language and day, but no text, title or path"
        ));
    }
    let detail = match (uses.is_empty(), index.is_empty()) {
        (true, _) => "not used: nothing leaves this machine".to_owned(),
        (false, true) => format!("{} only; no evidence leaves this machine", uses.join("; ")),
        (false, false) => format!("{}; nothing else leaves this machine", uses.join("; ")),
    };
    let mend = if is_open_to_readers(index) {
        "What goes to the index, the API key too, can be read on its way: use https where the network is not yours.".to_owned()
    } else {
        String::new()
    };
    Finding { what: "network", works: true, detail, mend }
}
