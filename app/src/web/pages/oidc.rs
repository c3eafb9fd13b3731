//! Logging in by the service that the settings name.

use crate::web::guard::oidc::{PATIENCE, Service};
use crate::web::guard::{
    Attempt, begin_session, end_session, own_path, short_cookie, short_cookie_of,
};
use crate::web::turns::in_turn;
use crate::web::{Fault, Shared, layout};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use maud::html;
use serde::Deserialize;
use sufficit_review::SessionHolder;

/// Where it begins.
pub(super) const PATH: &str = "/login/oidc";

/// The longest address to go back to, in bytes; after a longer one, people begin at the overview.
const LONGEST: usize = 2048;

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub(super) struct Begin {
    #[serde(default)]
    back: String,
}

/// What the service sends the browser back with.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Answer {
    state: String,
    code: String,
    error: String,
}

/// Sends the browser to the service.
pub(super) async fn begin(
    State(web): State<Shared>,
    attempt: Attempt,
    headers: HeaderMap,
    Query(begin): Query<Begin>,
) -> Result<Response, Fault> {
    // Nobody logs in by a picture: pages of other sites would have a whole office begin logins that way.
    if headers.get("sec-fetch-dest").is_some_and(|dest| dest != "document") {
        let what = "A login is not begun from within a page";
        return Err(Fault::new(StatusCode::FORBIDDEN, what, "Go to the overview to log in."));
    }
    // It is kept until they are back.
    let place = Some(own_path(&begin.back)).filter(|place| place.len() <= LONGEST).unwrap_or("/");
    let place = place.to_owned();
    let from = attempt.from();
    let (url, state) = waited(&web, move |service| service.question(place, from)).await?;
    let cookie = short_cookie(&web, &state, PATIENCE);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&url)).into_response())
}

/// Lets in whom the service vouches for.
pub(super) async fn back(
    State(web): State<Shared>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response, Fault> {
    // A link that somebody else made of their own login is not this browser's.
    let is_own = short_cookie_of(&web, &headers)
        .is_some_and(|state| crate::secret::same(state, &answer.state));
    if !is_own || !answer.error.is_empty() {
        let what = "This login was not finished, or not begun in this browser";
        return Err(Fault::new(StatusCode::FORBIDDEN, what, "Go to the overview to log in."));
    }
    let word = waited(&web, move |service| service.word(&answer.state, answer.code)).await?;
    web.store.vouched_user(&word.subject, &word.name, word.role, Timestamp::now()).await?;
    end_session(&web, &headers).await?;
    let session = begin_session(&web, SessionHolder::Vouched(&word.subject)).await?;
    let done = short_cookie(&web, "", std::time::Duration::ZERO);
    let cookies = AppendHeaders([(header::SET_COOKIE, session), (header::SET_COOKIE, done)]);
    // Browsers do not send a strict cookie where a redirect began at another site; from a page of ours they do.
    let on = HeaderValue::from_str(&format!("0;url={}", word.place))
        .unwrap_or(HeaderValue::from_static("0;url=/"));
    let page = layout::bare(
        "Logged in",
        html! {
            h1 { "You are logged in" }
            p { a href=(word.place) { "Go on" } }
        },
    );
    Ok((cookies, [(header::REFRESH, on)], page).into_response())
}

/// What `ask` gets from the service, on a thread that may wait.
async fn waited<T: Send + 'static>(
    web: &Shared,
    ask: impl FnOnce(&Service) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let none = || Fault::missing("There is no login service in the settings.");
    let turns = web.guard.service().ok_or_else(none)?.turns.clone();
    let web = web.clone();
    let asked = in_turn(&turns, move || web.guard.service().ok_or_else(none).and_then(ask)).await;
    let fault = || crate::failure::Failure::internal("asking the login service ended by a fault");
    asked.unwrap_or_else(|| Err(fault().into()))
}
