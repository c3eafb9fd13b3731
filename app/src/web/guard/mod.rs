//! Who may ask, from where, and how much: everything that stands before a page.
//!
//! From the outside in: `journal` numbers a request and writes down how it was answered, `headers` tell the browser what
//! it may do with the answer, and a request has its time.

mod headers;
mod journal;
mod refusal;
mod visitor;

use crate::web::{Fault, Shared};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use refusal::Reader;
use std::time::Duration;

pub(crate) use visitor::{Role, Visitor};

/// What a request may hold, in bytes; the routes that take files have limits of their own.
const BODY: usize = 256 * 1024;
/// The longest that an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same where files are sent: on a slow line, a large one takes its time.
const PATIENCE_WITH_FILES: Duration = Duration::from_secs(60 * 60);

/// `routes` with the guards before them.
pub(crate) fn guarded(routes: Router<Shared>, _web: &Shared) -> Router<Shared> {
    routes
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn(in_time))
        .layer(from_fn(headers::put_on))
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
