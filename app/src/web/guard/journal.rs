//! The access log: one line for each request, from which nobody learns what a document says or is called.

use axum::extract::{MatchedPath, Request};
use axum::http::header::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tracing::Instrument;

/// Under which the answer carries the request's id.
const ID: HeaderName = HeaderName::from_static("x-request-id");

/// Who asked, left with the answer by those who found out.
#[derive(Clone, Debug)]
pub(super) struct AskedBy(pub(super) String);

/// Gives the request an id, which is in the answer and on each line that is logged meanwhile, and writes down how it went.
pub(super) async fn write_down(request: Request, next: Next) -> Response {
    let id = next_id();
    let method = request.method().clone();
    // The route and not the path: a path may hold the name of a document, a query what was searched for.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let began = Instant::now();
    let span = tracing::info_span!("request", id);
    let mut response = next.run(request).instrument(span).await;
    tracing::info!(
        at = %Timestamp::now(),
        id,
        %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms = began.elapsed().as_millis(),
        visitor = response.extensions().get::<AskedBy>().map_or("nobody", |by| by.0.as_str()),
        "answered"
    );
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(ID, id);
    }
    response
}

/// An id that no other request has: drawn when the process starts, then counted.
fn next_id() -> String {
    static START: LazyLock<u32> = LazyLock::new(|| getrandom::u32().unwrap_or_default());
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("{:08x}-{}", *START, COUNT.fetch_add(1, Ordering::Relaxed))
}
