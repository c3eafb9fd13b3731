use crate::cli::Common;
use crate::failure::Failure;
use crate::model;
use crate::output::Progress;
use crate::passage_search::{self, Wanted};
use crate::search_index;
use crate::workspace::Workspace;
use std::fmt;
use std::sync::Arc;
use sufficit_index::{Embedder, Hit, PassageIndex, Within};
use sufficit_review::Store;
use tokio::runtime::Handle;
use tokio::sync::Mutex;

/// The search index, opened when it is asked for the first time, and again where it lags behind the record.
#[derive(Default)]
pub(crate) struct Searcher {
    opened: Arc<Mutex<Option<Opened>>>,
}

#[derive(Clone)]
struct Opened {
    embedder: Arc<Embedder>,
    index: Arc<dyn PassageIndex>,
}

impl fmt::Debug for Searcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Searcher").finish_non_exhaustive()
    }
}

impl Searcher {
    /// The passages nearest to what is wanted, best first, at most `limit`.
    pub(crate) async fn hits(
        &self,
        (workspace, common, store): (&Workspace, &Common, &Store),
        wanted: Wanted,
        within: Within,
        limit: usize,
    ) -> Result<Vec<Hit>, Failure> {
        let (opened, here) = (Arc::clone(&self.opened), Handle::current());
        let (workspace, common, store) = (workspace.clone(), common.clone(), store.clone());
        // To its end, also where the request that began it was given up: the next one would begin it anew.
        let opening = move || here.block_on(index(&opened, &workspace, &common, &store));
        let index = tokio::task::spawn_blocking(opening).await.map_err(Failure::internal)??;
        let search = move || passage_search::hits(&*index, &wanted, &within, limit);
        tokio::task::spawn_blocking(search).await.map_err(Failure::internal)?
    }
}

/// The index level with the record.
async fn index(
    opened: &Mutex<Option<Opened>>,
    workspace: &Workspace,
    common: &Common,
    store: &Store,
) -> Result<Arc<dyn PassageIndex>, Failure> {
    let mut opened = opened.lock().await;
    let latest = store.latest_change().await?;
    if let Some(known) = opened.as_ref()
        && known.index.committed().unwrap_or(0) == latest
    {
        return Ok(Arc::clone(&known.index));
    }
    let embedder = match opened.take() {
        Some(known) => known.embedder,
        None => model::embedder(workspace, common)?,
    };
    let progress = Progress::new(common);
    let index: Arc<dyn PassageIndex> =
        search_index::open_level(workspace, store, Arc::clone(&embedder), &progress).await?.into();
    *opened = Some(Opened { embedder, index: Arc::clone(&index) });
    Ok(index)
}
