//! Who may ask, from where, and how much: everything that stands before a page.
//!
//! From the outside in: `journal` numbers a request and writes down how it was answered, `headers` tell the browser what
//! it may do with the answer, `hosts` refuses other names and other sites' pages, a request has its time, and `door` finds
//! out who asks.

mod door;
mod folder;
mod headers;
mod hosts;
mod journal;
mod launch;
mod listening;
mod login;
#[cfg(feature = "oidc")]
pub(crate) mod oidc;
mod refusal;
mod session;
mod throttle;
mod visitor;

use crate::failure::Failure;
use crate::person::person;
use crate::web::{Fault, Shared};
use crate::workspace::Workspace;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use hosts::Hosts;
use refusal::Reader;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sufficit_review::Store;
use throttle::Throttle;
use tokio::sync::Semaphore;

pub(crate) use folder::keep_private;
pub(crate) use launch::own_path;
pub(crate) use listening::may_listen;
pub(crate) use login::{Attempt, try_login};
pub(crate) use session::{begin as begin_session, end as end_session};
#[cfg(feature = "oidc")]
pub(crate) use session::{short_cookie, short_cookie_of};
pub(crate) use throttle::network;
pub(crate) use visitor::{Role, Visitor};

/// What a request may hold, in bytes; the routes that take files have limits of their own.
const BODY: usize = 256 * 1024;
/// The longest that an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same where files are sent: on a slow line, a large one takes its time.
const PATIENCE_WITH_FILES: Duration = Duration::from_secs(60 * 60);
/// Passwords that are held against a hash at a time.
const HASHED_AT_A_TIME: usize = 2;

/// What the guards know of this server.
#[derive(Debug)]
pub(crate) struct Guard {
    hosts: Hosts,
    /// What the session's cookie is called.
    cookie: String,
    /// The digest of the printed address's secret; `None` where there were users when the server started.
    launch: Option<String>,
    /// Who sits at this machine, as the system names them.
    person: String,
    /// Whether a server in front speaks TLS.
    https: bool,
    /// The server in front, whose word on where a request comes from is taken.
    proxy: Option<IpAddr>,
    tries: Mutex<Throttle>,
    hashing: Arc<Semaphore>,
    /// Another service that says who somebody is.
    #[cfg(feature = "oidc")]
    service: Option<oidc::Service>,
}

impl Guard {
    /// The guards of a server that listens on `listen`, and the address to open.
    pub(crate) async fn of(
        workspace: &Workspace,
        store: &Store,
        listen: SocketAddr,
    ) -> Result<(Self, String), Failure> {
        let settings = &workspace.settings.serve;
        let scheme = if settings.https { "https" } else { "http" };
        let listen_name = listen.to_string();
        let host = if settings.host.is_empty() { &listen_name } else { &settings.host };
        let (address, launch) = if listening::needs_login(store, settings).await? {
            (format!("{scheme}://{host}/"), None)
        } else {
            let (address, digest) = launch::address(&listen_name)?;
            (address, Some(digest))
        };
        let guard = Self {
            hosts: Hosts::of(listen, &settings.host, settings.https),
            cookie: session::cookie_name(store, settings.https),
            launch,
            person: person(),
            https: settings.https,
            proxy: settings.proxy_address(),
            tries: Mutex::default(),
            hashing: Arc::new(Semaphore::new(HASHED_AT_A_TIME)),
            #[cfg(feature = "oidc")]
            service: oidc::Service::of(settings, &format!("{scheme}://{host}"))?,
        };
        Ok((guard, address))
    }

    /// The other service that says who somebody is, where the settings name one.
    #[cfg(feature = "oidc")]
    pub(crate) fn service(&self) -> Option<&oidc::Service> {
        self.service.as_ref()
    }
}

/// `routes` with the guards before them.
pub(crate) fn guarded(routes: Router<Shared>, web: &Shared) -> Router<Shared> {
    routes
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(web.clone(), door::pass))
        .layer(from_fn(in_time))
        .layer(from_fn_with_state(web.clone(), hosts::check))
        .layer(from_fn_with_state(web.clone(), headers::put_on))
        .layer(from_fn(journal::write_down))
}

/// Gives up on an answer that takes too long.
async fn in_time(request: Request, next: Next) -> Response {
    let reader = Reader::of(request.uri(), request.headers());
    let patience = if has_files(request.headers()) { PATIENCE_WITH_FILES } else { PATIENCE };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let what = format!("This took longer than {} s and was given up", patience.as_secs());
            let help = "Try again; what was not answered was not done.";
            refusal::answer(reader, Fault::new(StatusCode::SERVICE_UNAVAILABLE, what, help))
        }
    }
}

/// Whether the request says that it holds files.
fn has_files(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"))
}
