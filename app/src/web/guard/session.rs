//! Sessions of browsers: a secret in a cookie, whose digest is in the record.

use crate::secret;
use crate::web::guard::Visitor;
use crate::web::{Fault, Web};
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use sufficit_review::{SESSION_SECONDS, SessionHolder, Store};

/// Begins a session and gives the cookie that the browser is to keep.
pub(crate) async fn begin(web: &Web, holder: SessionHolder<'_>) -> Result<HeaderValue, Fault> {
    let secret = secret::drawn()?;
    web.store.begin_session(&secret::digest(&secret), holder, Timestamp::now()).await?;
    Ok(cookie(web, &secret, SESSION_SECONDS))
}

/// Ends the session that the browser has, and gives what makes it drop its cookie.
pub(crate) async fn end(web: &Web, headers: &HeaderMap) -> Result<HeaderValue, Fault> {
    if let Some(secret) = secret_of(web, headers) {
        web.store.end_session(&secret::digest(secret)).await?;
    }
    Ok(cookie(web, "", 0))
}

/// Whose session it is that the browser has, if it holds.
pub(super) async fn visitor(web: &Web, headers: &HeaderMap) -> Result<Option<Visitor>, Fault> {
    let Some(secret) = secret_of(web, headers) else { return Ok(None) };
    let (digest, now) = (secret::digest(secret), Timestamp::now());
    let Some(session) = web.store.session(&digest, now).await? else { return Ok(None) };
    if session.to_note {
        tokio::spawn(note(web.store.clone(), digest, now));
    }
    let csrf = secret::csrf_token(secret);
    Ok(Some(Visitor { name: session.name, role: session.role, csrf }))
}

/// Beside the answer, which need not wait until a long write has passed.
async fn note(store: Store, digest: String, now: Timestamp) {
    if let Err(fault) = store.note_session_use(&digest, now).await {
        tracing::warn!("the use of a session could not be noted: {fault}");
    }
}

fn secret_of<'h>(web: &Web, headers: &'h HeaderMap) -> Option<&'h str> {
    value_of(&web.guard.cookie, headers)
}

fn value_of<'h>(cookie: &str, headers: &'h HeaderMap) -> Option<&'h str> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs =
        texts.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == cookie).map(|(_, secret)| secret.trim())
}

/// Not for scripts, not for requests that other sites cause, and over TLS only where the settings say that there is TLS.
fn cookie(web: &Web, secret: &str, seconds: i64) -> HeaderValue {
    let secure = if web.guard.https { "; Secure" } else { "" };
    let name = &web.guard.cookie;
    let text =
        format!("{name}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    // Name and secret are letters and digits.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// A cookie that lasts from the way to a login service to the way back, which begins at another site. An empty `value`
/// takes it away.
#[cfg(feature = "oidc")]
pub(crate) fn short_cookie(web: &Web, value: &str, lasts: std::time::Duration) -> HeaderValue {
    let secure = if web.guard.https { "; Secure" } else { "" };
    let (name, seconds) = (&web.guard.cookie, lasts.as_secs());
    let text =
        format!("{name}-way={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// What [`short_cookie`] gave the browser.
#[cfg(feature = "oidc")]
pub(crate) fn short_cookie_of<'h>(web: &Web, headers: &'h HeaderMap) -> Option<&'h str> {
    value_of(&format!("{}-way", web.guard.cookie), headers)
}

/// What the cookie is called: cookies know no ports, so each workspace has its own. Browsers take a name with `__Host-` from
/// nobody but this very host, over TLS.
pub(super) fn cookie_name(store: &Store, https: bool) -> String {
    let prefix = if https { "__Host-" } else { "" };
    let digest = secret::digest(store.identity());
    format!("{prefix}sufficit-{}", digest.get(..8).unwrap_or_default())
}
