use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The service that says who somebody is, in place of a password here (OpenID Connect).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcSettings {
    /// The service's issuer address; empty means that there is none.
    pub issuer: String,
    /// What the service calls this app.
    pub client_id: String,
    /// A file that holds the secret that the service gave for this app, and nothing else; empty means none.
    pub client_secret_file: PathBuf,
    /// The claim that gives a person's name, as decisions are to name them.
    pub name_claim: String,
    /// The claim that gives a person's groups or roles, with dots where it lies in another.
    pub role_claim: String,
    /// What each group may do: viewer, reviewer or admin.
    pub roles: BTreeMap<String, String>,
    /// What everybody else may do; empty means nothing.
    pub role: String,
}

impl OidcSettings {
    /// What is impossible about these settings, beginning with the key: nothing where all is well.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let is_role = |role: &String| ["viewer", "reviewer", "admin"].contains(&role.as_str());
        let near = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
        let is_near = |near: &&str| {
            self.issuer
                .strip_prefix(*near)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        };
        let is_safe = self.issuer.starts_with("https://") || near.iter().any(is_near);
        let checks = [
            (
                self.issuer.is_empty() || is_safe,
                "issuer must begin with https://, as in https://login.example.com/realms/main",
            ),
            (
                self.issuer.is_empty() || !self.client_id.is_empty(),
                "client_id must be given with the issuer",
            ),
            (self.roles.values().all(is_role), "roles must be viewer, reviewer or admin"),
            (
                self.role.is_empty() || is_role(&self.role),
                "role must be viewer, reviewer, admin or empty",
            ),
        ];
        checks.into_iter().find(|(possible, _)| !possible).map(|(_, fault)| fault)
    }

    pub(crate) fn resolve(&mut self, folder: &Path) {
        if !self.client_secret_file.as_os_str().is_empty() {
            self.client_secret_file = folder.join(&self.client_secret_file);
        }
    }
}
