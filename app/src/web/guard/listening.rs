use crate::failure::Failure;
use std::net::SocketAddr;
use sufficit_config::ServeSettings;
use sufficit_review::Store;

/// Refuses to listen where other machines can ask, as long as nobody has to log in.
pub(crate) async fn may_listen(
    store: &Store,
    listen: SocketAddr,
    settings: &ServeSettings,
) -> Result<(), Failure> {
    if listen.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    if !store.has_users().await? {
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
