//! A viewer of the API's description, compiled in: its page loads nothing from elsewhere and runs no script of its own.

use crate::web::{Fault, Problem, Shared, Visitor};
use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use std::sync::Arc;
use utoipa_swagger_ui::Config;

/// The viewer at `/api/docs/`.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/docs", get(|| async { Redirect::permanent("/api/docs/") }))
        .route(
            "/api/docs/",
            get(async |visitor: Visitor| file(visitor, Path("index.html".into())).await),
        )
        .route("/api/docs/{*name}", get(file))
}

async fn file(_: Visitor, Path(name): Path<String>) -> Result<Response, Problem> {
    // The viewer would have the description judged by a service elsewhere.
    let config = Config::new(["/api/v1/openapi.json"]).validator_url("none");
    match utoipa_swagger_ui::serve(&name, Arc::new(config)) {
        Ok(Some(file)) => {
            Ok(([(header::CONTENT_TYPE, file.content_type)], file.bytes.into_owned())
                .into_response())
        }
        _ => Err(Fault::missing(format!("The viewer has no file {name}.")).into()),
    }
}
