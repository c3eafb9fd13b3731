use crate::web::Fault;
use crate::web::fault::with_wait;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sufficit_review::StoreError;
use utoipa::ToSchema;

/// Why a request was not answered as it asked, for programs (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What sort of problem; `about:blank`: none but what the status says.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What was wrong and what to do, for people.
    detail: String,
    /// After how many seconds to ask again, for the header that says so.
    #[serde(skip)]
    again: Option<u64>,
}

impl From<Fault> for Problem {
    fn from(Fault { status, what, help, again }: Fault) -> Self {
        if status.is_server_error() {
            tracing::error!("{what}");
        }
        let detail = format!("{}. {help}", what.trim_end_matches('.')).trim_end().to_owned();
        let title = status.canonical_reason().unwrap_or_default();
        Self { kind: "about:blank", title, status: status.as_u16(), detail, again }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Fault::from(error).into()
    }
}

impl Problem {
    /// The answer that says more than the problem itself: `body` holds it and what else there is to say.
    pub(crate) fn with(&self, body: &impl Serialize) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        with_wait((status, kind, Json(body)).into_response(), self.again)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.with(&self)
    }
}
