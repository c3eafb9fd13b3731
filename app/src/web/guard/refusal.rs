//! A refusal in the form in which it was asked for: a page for people, a sentence for our script, a problem for programs.

use crate::web::Fault;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Who reads the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// A person in a browser.
    Person,
    /// The script of our pages.
    Script,
    /// A program that uses the HTTP API.
    Program,
}

impl Reader {
    /// By what was asked for, and how.
    pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let is_script = headers.get("x-requested-with").is_some_and(|with| with == "sufficit");
        let mut parts = uri.path().split('/').skip(1);
        match (parts.next(), parts.next()) {
            // What describes the API is a page.
            (Some("api"), Some("docs")) => Self::Person,
            (Some("api"), _) => Self::Program,
            _ if is_script => Self::Script,
            _ => Self::Person,
        }
    }
}

/// `fault` as `reader` reads it best.
pub(super) fn answer(reader: Reader, fault: Fault) -> Response {
    match reader {
        Reader::Person => fault.into_response(),
        Reader::Script => (fault.status, fault.what).into_response(),
        Reader::Program => {
            let problem = json!({
                "type": "about:blank",
                "title": fault.status.canonical_reason().unwrap_or_default(),
                "status": fault.status.as_u16(),
                "detail": format!("{} {}", sentence(&fault.what), fault.help).trim_end(),
            });
            let kind = [(header::CONTENT_TYPE, "application/problem+json")];
            (fault.status, kind, problem.to_string()).into_response()
        }
    }
}

/// `what` with a full stop.
fn sentence(what: &str) -> String {
    format!("{}.", what.trim_end_matches('.'))
}
