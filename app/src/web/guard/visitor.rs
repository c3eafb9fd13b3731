use crate::web::{Fault, Shared};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

pub(crate) use sufficit_review::Role;

/// Who is asking.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// As decisions name them.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// What their forms have to send along, so that no other site can send them. Empty for programs, which need none.
    pub(crate) csrf: String,
}

impl Visitor {
    /// Refuses a visitor whose role is less than `role`.
    pub(crate) fn at_least(&self, role: Role) -> Result<(), Fault> {
        if self.role >= role {
            return Ok(());
        }
        let what = format!("{} may look, but not do this: it takes a {}", self.name, role.name());
        Err(Fault::new(StatusCode::FORBIDDEN, what, "Ask an admin for that role."))
    }
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Fault;

    /// Whom the guard let in; it lets nobody without a name to any route that asks for one.
    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Fault> {
        let unknown =
            || Fault::new(StatusCode::UNAUTHORIZED, "Nobody is logged in", "Log in first.");
        parts.extensions.get::<Self>().cloned().ok_or_else(unknown)
    }
}
