//! Logging in and out.

use crate::web::guard::{Attempt, Visitor, begin_session, end_session, own_path, try_login};
use crate::web::{Fault, Shared, Web, layout};
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use sufficit_review::SessionHolder;

/// Where one logs in.
pub(crate) const PATH: &str = "/login";
/// Where one logs out.
pub(crate) const OUT: &str = "/logout";

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    back: String,
}

/// What is sent to log in.
#[derive(Deserialize)]
pub(super) struct Login {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    back: String,
}

/// The form, or the way on for somebody who has logged in.
pub(super) async fn page(
    visitor: Option<Extension<Visitor>>,
    State(web): State<Shared>,
    Query(Back { back }): Query<Back>,
) -> Response {
    match visitor {
        Some(_) => Redirect::to(own_path(&back)).into_response(),
        None => asked(&web, StatusCode::OK, &back, None),
    }
}

/// Logs somebody in and sends them back to where they were.
pub(super) async fn log_in(
    State(web): State<Shared>,
    attempt: Attempt,
    headers: HeaderMap,
    Form(login): Form<Login>,
) -> Result<Response, Fault> {
    let back = own_path(&login.back);
    match try_login(&web, attempt, &login.name, login.password).await? {
        Ok(user) => {
            end_session(&web, &headers).await?;
            let cookie = begin_session(&web, SessionHolder::User(&user)).await?;
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(back)).into_response())
        }
        Err(None) => {
            let what = "The name or the password is wrong.";
            Ok(asked(&web, StatusCode::UNAUTHORIZED, back, Some(what)))
        }
        Err(Some(wait)) => {
            let seconds = wait.as_secs().max(1);
            let what = format!("There were many tries. Wait {seconds} s, then try again.");
            let page = asked(&web, StatusCode::TOO_MANY_REQUESTS, back, Some(&what));
            Ok(([(header::RETRY_AFTER, seconds.to_string())], page).into_response())
        }
    }
}

/// Ends the session.
pub(super) async fn log_out(
    State(web): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let cookie = end_session(&web, &headers).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(PATH)).into_response())
}

/// The form that asks who it is; `fault` says why it asks again.
pub(crate) fn asked(web: &Web, status: StatusCode, back: &str, fault: Option<&str>) -> Response {
    let back = own_path(back);
    let content = html! {
        h1 { "Log in to sufficit" }
        form.sheet.stack method="post" action=(PATH) {
            @if let Some(fault) = fault { p.fault role="alert" { (fault) } }
            input type="hidden" name="back" value=(back);
            span.field {
                label for="name" { "Name" }
                input #name name="name" autocomplete="username" required autofocus;
            }
            span.field {
                label for="password" { "Password" }
                input #password name="password" type="password" autocomplete="current-password" required;
            }
            button.primary { "Log in" }
        }
        @if let Some(place) = service(web, back) {
            p { a.button href=(place) { "Log in with your organisation's account" } }
        }
        // Browsers send no cookie along a link from another site; from here they do.
        p { a href=(back) { "I have logged in already" } }
    };
    (status, layout::bare("Log in", content)).into_response()
}

/// Whether this is where people log in, who are not known yet.
pub(crate) fn is_for_everybody(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where another service says who it is, where the settings name one.
#[cfg(feature = "oidc")]
fn service(web: &Web, back: &str) -> Option<String> {
    web.guard.service()?;
    let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    Some(format!("{}?back={back}", super::oidc::PATH))
}

#[cfg(not(feature = "oidc"))]
fn service(_: &Web, _: &str) -> Option<String> {
    None
}
