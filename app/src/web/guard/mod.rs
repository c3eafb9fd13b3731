//! Who may ask, from where, and how much: everything that stands before a page.

mod visitor;

use crate::web::Shared;
use axum::Router;

pub(crate) use visitor::{Role, Visitor};

/// `routes` with the guards before them.
pub(crate) fn guarded(routes: Router<Shared>, _web: &Shared) -> Router<Shared> {
    routes
}
