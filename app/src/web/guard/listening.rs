use crate::failure::Failure;
use std::net::SocketAddr;
use sufficit_config::ServeSettings;
use sufficit_review::Store;

/// Whether everybody has to log in: there are users, or the settings name a service that knows them.
pub(super) async fn needs_login(store: &Store, settings: &ServeSettings) -> Result<bool, Failure> {
    if settings.oidc.issuer.is_empty() {
        return Ok(store.has_users().await?);
    }
    if cfg!(feature = "oidc") {
        return Ok(true);
    }
    Err(Failure::usage(
        "logging in by another service is not part of this build",
        "Leave out issuer under [serve.oidc], or build with the feature `oidc`.",
    ))
}

/// Refuses to listen where other machines can ask, as long as nobody has to log in.
pub(crate) async fn may_listen(
    store: &Store,
    listen: SocketAddr,
    settings: &ServeSettings,
) -> Result<(), Failure> {
    if listen.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    if !needs_login(store, settings).await? {
        return Err(Failure::usage(
            format!("other machines can reach {listen}, and no user is there to log in"),
            "Add one first with `sufficit user add NAME --role admin`, or leave out --listen.",
        ));
    }
    if !settings.https {
        tracing::warn!(
            "other machines can reach {listen} and nothing says that TLS stands in front: passwords and evidence can be read on their way; https under [serve] says so"
        );
    }
    Ok(())
}
