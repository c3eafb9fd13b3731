//! A refusal in the form in which it was asked for: a page for people, a sentence for our script, a problem for programs.

use crate::web::{Fault, Problem};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};

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
        Reader::Program => Problem::from(fault).into_response(),
    }
}
