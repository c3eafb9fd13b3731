//! One file for each page: what it shows is gathered from the view and the record, then written as HTML.

mod audit;
mod decisions;
mod document;
mod documents;
pub(crate) mod login;
mod match_page;
#[cfg(feature = "oidc")]
mod oidc;
mod overview;
mod queue;
mod requirement;
mod requirements;
mod search;
mod upload;

use crate::web::Shared;
use axum::Router;
use axum::routing::{get, post};

/// The routes of all pages.
pub(crate) fn routes() -> Router<Shared> {
    let routes = Router::new()
        .route("/", get(overview::page))
        .route("/queue", get(queue::page))
        .route("/matches/{document}/{framework}/{requirement}", get(match_page::page))
        .route("/documents", get(documents::page))
        .route("/documents/{document}", get(document::page))
        .route("/documents/{document}/file", get(document::file))
        .route("/search", get(search::page))
        .route("/audit", get(audit::page))
        .route("/requirements", get(requirements::page))
        .route("/requirements/{framework}/{requirement}", get(requirement::page))
        .route("/upload", get(upload::page))
        .route("/decisions", post(decisions::decide))
        .route(login::PATH, get(login::page).post(login::log_in))
        .route(login::OUT, post(login::log_out));
    #[cfg(feature = "oidc")]
    let routes = routes
        .route(oidc::PATH, get(oidc::begin))
        .route(crate::web::guard::oidc::BACK, get(oidc::back));
    routes
}
