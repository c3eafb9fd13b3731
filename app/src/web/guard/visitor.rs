use crate::web::{Fault, Shared};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

/// What a visitor may do; later may do more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Looks at everything.
    Viewer,
    /// Decides, too.
    Reviewer,
    /// Uploads and manages users, too.
    Admin,
}

impl Role {
    /// Its name on the command line, in the record and in pages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
        }
    }
}

/// Who is asking.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// As decisions name them.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// What their forms have to send along, so that no other site can send them.
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

    async fn from_request_parts(_: &mut Parts, _: &Shared) -> Result<Self, Fault> {
        Ok(Self { name: "local".to_owned(), role: Role::Admin, csrf: String::new() })
    }
}
