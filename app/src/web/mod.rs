//! The web application: pages rendered on the server for the reviewer, and what guards them.
//!
//! A request comes in through `guard` (who is asking, from where, how much), is answered by a page in `pages`, and what
//! goes wrong becomes a page in `fault`. Pages read a [`View`](crate::view::View) and write decisions; nothing else.

mod address;
mod assets;
mod connections;
mod decide_form;
mod detail;
mod events;
mod fault;
mod frame;
mod grade;
mod guard;
mod held_facts;
mod incoming;
pub(crate) mod item;
pub(crate) mod jobs;
mod layout;
mod marks;
mod originals;
mod pages;
mod passage_view;
mod problem;
pub(crate) mod queue_filter;
pub(crate) mod searcher;
mod select;
mod turns;
pub(crate) mod upload;
mod upload_form;
mod upload_path;
pub(crate) mod wish;
mod work;

use crate::Outcome;
use crate::api;
use crate::cli::Common;
use crate::failure::Failure;
use crate::judge;
use crate::notice::Notice;
use crate::output::{line, out};
use crate::secret;
use crate::stopping::Signals;
use crate::view::{View, Views};
use crate::workspace::Workspace;
use axum::Router;
use axum::routing::{get, post};
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use sufficit_evidence::{Catalogue, Crosswalk};
use sufficit_review::{KnownFile, Store};
use tokio::sync::Semaphore;

pub(crate) use fault::Fault;
use guard::Guard;
pub(crate) use guard::{Role, Visitor};
pub(crate) use item::Item;
use jobs::Jobs;
use originals::Originals;
pub(crate) use problem::Problem;

/// What every request may use.
#[derive(Debug)]
pub(crate) struct Web {
    pub(crate) workspace: Workspace,
    pub(crate) common: Common,
    pub(crate) store: Store,
    pub(crate) catalogue: Catalogue,
    /// Which requirements the same evidence can serve.
    pub(crate) crosswalk: Crosswalk,
    pub(crate) guard: Guard,
    /// The search index, open.
    pub(crate) searcher: searcher::Searcher,
    views: Views,
    pub(crate) jobs: Jobs,
    /// Files that may come in now, beside those that do.
    pub(crate) receiving: Semaphore,
    /// The files that documents were read from.
    pub(crate) originals: Originals,
    /// Drawn at each start: what answers are made of beside the record (this program, its catalogue, its settings) holds as
    /// long as this does.
    pub(crate) start: String,
}

/// [`Web`] as handlers get it: `State(web): State<Shared>`.
pub(crate) type Shared = Arc<Web>;

impl Web {
    /// The record as it is now.
    pub(crate) async fn view(&self) -> Result<Arc<View>, Fault> {
        Ok(self.views.now(&self.store).await?)
    }

    /// What the record knows of the files that were uploaded; nothing before the first.
    pub(crate) async fn uploaded(&self) -> Result<Vec<KnownFile>, Fault> {
        // The worker names their folder in the record as the system does.
        match self.workspace.uploads().canonicalize() {
            Ok(root) => Ok(self.store.files(&root.to_string_lossy()).await?),
            Err(_) => Ok(Vec::new()),
        }
    }
}

/// Serves the web application until it is told to stop.
pub(crate) async fn serve(common: &Common, listen: SocketAddr) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let store = workspace.create_store().await?;
    guard::keep_private(&workspace.folder)?;
    guard::may_listen(&store, listen, &workspace.settings.serve).await?;
    let catalogue = judge::catalogue(&workspace, common)?;
    let crosswalk = judge::crosswalk(&workspace, &catalogue)?;
    let rules = judge::rules(&workspace, common)?;
    incoming::clear(&workspace.incoming());
    let listener = connections::listen(listen).map_err(|error| {
        Failure::usage(
            format!("{listen} cannot be listened on: {error}"),
            "Give another address with --listen, such as 127.0.0.1:8643.",
        )
    })?;
    let listening = listener.local_addr()?;
    let mut signals = Signals::listen()?;
    tracing::info!("listening on {listening}");
    let (guard, address) = Guard::of(&workspace, &store, listening).await?;
    let web = Arc::new(Web {
        workspace,
        common: common.clone(),
        store,
        catalogue,
        crosswalk,
        guard,
        searcher: searcher::Searcher::default(),
        views: Views::new(rules),
        jobs: Jobs::default(),
        receiving: Semaphore::new(upload::AT_A_TIME),
        originals: Originals::default(),
        start: secret::drawn()?,
    });
    let mut stdout = out();
    line(&mut stdout, &address)?;
    stdout.flush()?;
    drop(stdout);
    tokio::spawn(work::work(Arc::clone(&web)));
    let closing = Arc::clone(&web);
    let places = connections::Places::new(web.workspace.settings.serve.proxy_address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let told_twice = async move {
        signals.next().await;
        // Those who listen to events would keep the server from stopping.
        closing.jobs.tell(Notice::Closing);
        drop(stop);
        signals.next().await;
    };
    let stopped = async move {
        let _ = stopped.await;
    };
    tokio::select! {
        () = connections::answer(listener, router(web), connections::PATIENCE, places, stopped) => {}
        () = told_twice => tracing::warn!("told to stop once more: what is still under way is given up"),
    }
    Ok(Outcome::Done)
}

/// Every route, guarded.
fn router(web: Shared) -> Router {
    let routes = Router::new()
        .route("/assets/{*name}", get(assets::asset))
        .route("/events", get(events::events))
        .route("/upload", post(upload::upload).layer(upload::body_limit(&web)))
        .merge(pages::routes())
        .merge(api::routes_of_api(&web))
        .fallback(fault::unknown);
    guard::guarded(routes, &web).with_state(web)
}
