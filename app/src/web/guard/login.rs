//! A try to log in: counted, and held against the password's hash.

use crate::password;
use crate::web::guard::throttle::{FREE_FOR_ADDRESS, FREE_FOR_NAME, network};
use crate::web::turns::in_turn;
use crate::web::{Fault, Shared};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::net::{IpAddr, SocketAddr};
use std::sync::PoisonError;
use std::time::{Duration, Instant};
use sufficit_review::UserSecret;

/// Where a try to log in comes from, as the throttle counts; `None` where that is not known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    from: Option<IpAddr>,
}

impl FromRequestParts<Shared> for Attempt {
    type Rejection = std::convert::Infallible;

    /// The address that connected, or the one for which the settings' proxy says that it did.
    async fn from_request_parts(parts: &mut Parts, web: &Shared) -> Result<Self, Self::Rejection> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|peer| peer.0.ip().to_canonical());
        let forwarded = || {
            let header = parts.headers.get_all("x-forwarded-for").iter().next_back()?;
            // What stands before the last is what the client says.
            header.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
        };
        let from = match peer {
            Some(peer) if Some(peer) == web.guard.proxy => forwarded().or(Some(peer)),
            peer => peer,
        };
        Ok(Self { from: from.map(network) })
    }
}

#[cfg(feature = "oidc")]
impl Attempt {
    /// The network that it comes from.
    pub(crate) fn from(self) -> Option<IpAddr> {
        self.from
    }
}

/// The user with the hash that was looked at, where `name` and `password` are those of a user; else how long to wait before the next
/// try, where the tries were too many for this one to be looked at.
pub(crate) async fn try_login(
    web: &Shared,
    attempt: Attempt,
    name: &str,
    password: String,
) -> Result<Result<UserSecret, Option<Duration>>, Fault> {
    let address = attempt.from.map(|from| format!("address {from}"));
    // Names are compared in any case, and none is longer.
    let by_name = format!("name {}", name.chars().take(64).collect::<String>().to_lowercase());
    let mut keys = vec![(by_name.clone(), FREE_FOR_NAME)];
    keys.extend(address.clone().map(|address| (address, FREE_FOR_ADDRESS)));
    let tries = || web.guard.tries.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(wait) = tries().attempt(&keys, Instant::now()) {
        return Ok(Err(Some(wait)));
    }
    let user = web.store.user_secret(name).await?;
    let hash = user.as_ref().map(|user| user.password.clone());
    // Each takes 19 MiB and a core; whoever else tries waits in line.
    let verify = move || password::matches(&password, hash.as_deref());
    let is_right = in_turn(&web.guard.hashing, verify).await.unwrap_or(false);
    match user.filter(|_| is_right) {
        Some(user) => {
            let mut tries = tries();
            tries.forget(&by_name);
            if let Some(address) = address {
                tries.take_back(&address);
            }
            Ok(Ok(user))
        }
        None => {
            tracing::warn!("somebody tried to log in, and could not");
            Ok(Err(None))
        }
    }
}
