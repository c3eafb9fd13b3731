use crate::web::Shared;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Paths whose answers hang on more than what the record says it holds.
const ELSEWHERE: [&str; 4] = ["/api/v1/audit", "/api/v1/jobs", "/api/v1/uploads", "/api/v1/search"];

/// Names what an answer was made from (`ETag`): the state of the record, and the start of this server, since after the next one
/// the program, its catalogue or its settings may be others. Answers 304 where the asker has it already.
pub(crate) async fn only_if_new(
    State(web): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::GET || ELSEWHERE.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    // Asked before the answer is made: one that is newer than its tag is only fetched once more.
    let tag = match web.view().await {
        Ok(view) => {
            let start = web.start.get(..16).unwrap_or_default();
            HeaderValue::from_str(&format!("W/\"{start}.{}\"", view.state())).ok()
        }
        Err(_) => None,
    };
    let mut response = next.run(request).await;
    let Some(tag) = tag.filter(|_| response.status() == StatusCode::OK) else { return response };
    if known.as_ref() == Some(&tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    response.headers_mut().insert(header::ETAG, tag);
    response
}
