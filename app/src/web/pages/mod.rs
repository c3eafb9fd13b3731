//! One file for each page: what it shows is gathered from the view and the record, then written as HTML.

mod overview;

use crate::web::Shared;
use axum::Router;
use axum::routing::get;

/// The routes of all pages.
pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/", get(overview::page))
}
