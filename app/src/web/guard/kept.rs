use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

/// What is compiled in changes with the program alone, so one tag does for all of it while the program runs.
static TAG: LazyLock<HeaderValue> = LazyLock::new(|| {
    let drawn = getrandom::u64().unwrap_or_default();
    HeaderValue::from_str(&format!("\"{drawn:016x}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
});

/// Has browsers keep what is compiled in, and ask only whether it is still the same.
pub(super) async fn assets(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/assets/") {
        return next.run(request).await;
    }
    let mut response = if request.headers().get(header::IF_NONE_MATCH) == Some(&*TAG) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        next.run(request).await
    };
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let headers = response.headers_mut();
        headers.insert(header::ETAG, TAG.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    response
}
