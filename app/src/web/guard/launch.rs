//! The printed address: as long as there are no users, it lets in who sits at the machine.

use crate::secret;
use crate::web::guard::session;
use crate::web::{Fault, Web, layout};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use sufficit_review::SessionHolder;

/// Under which the printed address carries its secret.
const FIELD: &str = "token";

/// The answer to a request with the printed address's secret: a session begins, and the browser is sent to the same address
/// without the secret, which so stays out of its history. `None` for every other request.
pub(super) async fn answer(
    web: &Web,
    method: &Method,
    uri: &Uri,
) -> Result<Option<Response>, Fault> {
    let Some(launch) = web.guard.launch.as_ref().filter(|_| *method == Method::GET) else {
        return Ok(None);
    };
    let query = uri.query().unwrap_or_default();
    let token = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == FIELD);
    let Some((_, token)) = token.filter(|(_, token)| secret::digest(token) == *launch) else {
        return Ok(None);
    };
    drop(token);
    if web.store.has_users().await? {
        return Ok(None);
    }
    let cookie = session::begin(web, SessionHolder::Person(&web.guard.person)).await?;
    let rest = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != FIELD);
    let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
    let path = own_path(uri.path());
    let place = if rest.is_empty() { path.to_owned() } else { format!("{path}?{rest}") };
    Ok(Some(([(header::SET_COOKIE, cookie)], Redirect::to(&place)).into_response()))
}

/// The printed address, and the digest of its secret.
pub(crate) fn address(server: &str) -> Result<(String, String), crate::failure::Failure> {
    let secret = secret::drawn()?;
    Ok((format!("http://{server}/?{FIELD}={secret}"), secret::digest(&secret)))
}

/// Asks for the printed address.
pub(super) fn closed() -> Response {
    let content = html! {
        h1 { "Open the printed address" }
        p {
            "This page is for whoever started sufficit on this machine. Open the address that "
            code { "sufficit serve" }
            " printed when it started; it ends in a long token, and holds until the program ends."
        }
    };
    (StatusCode::UNAUTHORIZED, layout::bare("Open the printed address", content)).into_response()
}

/// `place` where it is a path on this server, and else the overview: a browser that is told to go to `//host` goes to
/// another server.
pub(crate) fn own_path(place: &str) -> &str {
    let second = place.as_bytes().get(1);
    let is_own = place.starts_with('/')
        && !matches!(second, Some(b'/' | b'\\'))
        && place.chars().all(|c| !c.is_control());
    if is_own { place } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_back_to_places_on_this_server_only() {
        for place in ["/", "/queue?status=open&item=m%2Fab", "/documents/ab#c1-2"] {
            assert_eq!(own_path(place), place);
        }
        let others =
            ["", "queue", "//evil.example", "/\\evil.example", "https://evil.example/", "/a\nb"];
        for place in others {
            assert_eq!(own_path(place), "/", "{place:?}");
        }
    }
}
