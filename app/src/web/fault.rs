use crate::failure::Failure;
use crate::web::layout;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use maud::html;
use std::time::Duration;
use sufficit_review::StoreError;

/// Why a request was not answered as it asked: a status, what was wrong, and what to do.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) status: StatusCode,
    pub(crate) what: String,
    pub(crate) help: String,
    /// After how many seconds it is worth trying again; `None` where waiting alone changes nothing.
    pub(crate) again: Option<u64>,
}

impl Fault {
    pub(crate) fn new(
        status: StatusCode,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { status, what: what.into(), help: help.into(), again: None }
    }

    /// The same, worth trying again after `wait`.
    pub(crate) fn again_in(self, wait: Duration) -> Self {
        Self { again: Some(wait.as_secs().max(1)), ..self }
    }

    /// What the address names is not there.
    pub(crate) fn missing(what: impl Into<String>) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            what,
            "It may have been replaced since; go back and load the list again.",
        )
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        let status = match failure {
            Failure::Usage { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Failure::Index { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Internal { .. } | Failure::ReaderGone | Failure::Interrupted => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        Self::new(status, failure.what(), failure.help())
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(why) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, why, ""),
            StoreError::DecidedMeanwhile(_) => {
                Self::new(StatusCode::CONFLICT, error.to_string(), "Load the page again to see it.")
            }
            other => Failure::from(other).into(),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        if self.status.is_server_error() {
            tracing::error!("{}", self.what);
        }
        let body = html! {
            h1 { (self.what) }
            @if !self.help.is_empty() { p { (self.help) } }
            p { a href="/" { "Overview" } }
        };
        let answer = (self.status, layout::bare("Something is in the way", body)).into_response();
        with_wait(answer, self.again)
    }
}

/// `answer`, saying after how many seconds to ask again.
pub(crate) fn with_wait(mut answer: Response, again: Option<u64>) -> Response {
    if let Some(seconds) = again {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// Answers what no route answers.
pub(crate) async fn unknown(uri: Uri) -> Fault {
    Fault::missing(format!("There is no page at {}", uri.path()))
}
