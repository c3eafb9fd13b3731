use crate::web::Shared;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// What a page may do: load what is compiled in, and nothing else from anywhere.
const CONTENT: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// On every answer, whatever it is.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not `no-referrer`: with it browsers send `Origin: null` with the forms of our own pages, which then look like a
    // stranger's. Other sites get nothing either way.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Where TLS stands in front: for a year, ask over TLS only.
const ONLY_TLS: &str = "max-age=31536000";

/// On answers that do not say otherwise.
const DEFAULT: [(HeaderName, &str); 2] =
    [(header::CONTENT_SECURITY_POLICY, CONTENT), (header::CACHE_CONTROL, "no-store")];

/// Tells the browser what it may do with the answer.
pub(super) async fn put_on(State(web): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if web.guard.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONLY_TLS));
    }
    for (name, value) in DEFAULT {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
