//! One file for each page: what it shows is gathered from the view and the record, then written as HTML.

mod decisions;
mod match_page;
mod overview;
mod queue;
mod upload;

use crate::web::Shared;
use axum::Router;
use axum::routing::{get, post};

/// The routes of all pages.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(overview::page))
        .route("/queue", get(queue::page))
        .route("/matches/{document}/{framework}/{requirement}", get(match_page::page))
        .route("/upload", get(upload::page))
        .route("/decisions", post(decisions::decide))
}
