//! Who is asking: everybody is asked for a session or a token here, so that no page can forget to.

use crate::secret;
use crate::web::guard::hosts::is_unsafe;
use crate::web::guard::journal::AskedBy;
use crate::web::guard::refusal::{self, Reader};
use crate::web::guard::{BODY, Role, Visitor, launch, session};
use crate::web::pages::login;
use crate::web::{Fault, Shared, Web};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{Timestamp, tz::TimeZone};

/// Lets in who has a name, and who asks for what everybody may see.
pub(super) async fn pass(State(web): State<Shared>, request: Request, next: Next) -> Response {
    let reader = Reader::of(request.uri(), request.headers());
    match admitted(&web, request).await {
        Ok((request, name)) => {
            let mut response = next.run(request).await;
            if let Some(name) = name {
                response.extensions_mut().insert(AskedBy(name));
            }
            response
        }
        Err(Refused::Unknown { back }) => unknown(&web, reader, &back).await,
        Err(Refused::Fault(fault)) => refusal::answer(reader, fault),
        Err(Refused::Launched(response)) => response,
    }
}

/// Why a request is not passed on.
enum Refused {
    /// Nobody knows who asks; `back` is where they go once they are known.
    Unknown { back: String },
    /// They are known, and still may not.
    Fault(Fault),
    /// They come with the printed address: a session has begun, and they are sent on.
    Launched(Response),
}

impl<F: Into<Fault>> From<F> for Refused {
    fn from(fault: F) -> Self {
        Self::Fault(fault.into())
    }
}

/// The request with its visitor, and their name; no visitor where everybody may ask.
async fn admitted(web: &Web, request: Request) -> Result<(Request, Option<String>), Refused> {
    if request.uri().path().starts_with("/assets/") {
        return Ok((request, None));
    }
    if let Some(response) = launch::answer(web, request.method(), request.uri()).await? {
        return Err(Refused::Launched(response));
    }
    // Tokens are for the HTTP API: a page is no place for them.
    let is_api = Reader::of(request.uri(), &HeaderMap::new()) == Reader::Program;
    let visitor = match bearer(request.headers()).filter(|_| is_api) {
        Some(secret) => program(web, secret).await?,
        None => session::visitor(web, request.headers()).await?,
    };
    let is_login = login::is_for_everybody(request.uri().path());
    let Some(visitor) = visitor else {
        if is_login {
            return Ok((request, None));
        }
        return Err(Refused::Unknown { back: back_to(request.method(), request.uri()) });
    };
    // Logging in changes nothing of the session that there is, and its form has no token.
    let mut request = if is_unsafe(request.method()) && !is_login {
        may_change(&visitor, request.uri())?;
        with_token(&visitor, request).await?
    } else {
        request
    };
    let name = visitor.name.clone();
    request.extensions_mut().insert(visitor);
    Ok((request, Some(name)))
}

/// The secret that a program sends.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim())
}

/// The program that the secret is of.
async fn program(web: &Web, secret: &str) -> Result<Option<Visitor>, Fault> {
    let now = Timestamp::now();
    let Some(token) = web.store.token(&secret::digest(secret), now).await? else { return Ok(None) };
    let today = now.to_zoned(TimeZone::UTC).date();
    if token.last_used != Some(today) {
        web.store.note_token_use(&token.name, today).await?;
    }
    // No user's name has brackets, so a program passes for no person.
    let name = format!("{} (token)", token.name);
    Ok(Some(Visitor { name, role: token.role, csrf: String::new() }))
}

/// Whatever a page forgets: who may only look changes nothing but their own session.
fn may_change(visitor: &Visitor, uri: &Uri) -> Result<(), Fault> {
    if uri.path() == login::OUT { Ok(()) } else { visitor.at_least(Role::Reviewer) }
}

/// The request, having made sure that it carries the token of the visitor's forms: in the header, or in the form. Files come
/// with the header only, for a form with files is not read to find it.
async fn with_token(visitor: &Visitor, request: Request) -> Result<Request, Fault> {
    if visitor.csrf.is_empty() {
        return Ok(request);
    }
    let is_right = |token: &str| secret::same(token, &visitor.csrf);
    if let Some(token) = request.headers().get("x-csrf") {
        return match is_right(token.to_str().unwrap_or_default()) {
            true => Ok(request),
            false => Err(without_token()),
        };
    }
    if !is_form(request.headers()) {
        return Err(without_token());
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, BODY).await.map_err(|_| {
        let what = format!("This form is larger than {} KiB", BODY / 1024);
        Fault::new(StatusCode::PAYLOAD_TOO_LARGE, what, "Write less; nothing was changed.")
    })?;
    let mut fields = form_urlencoded::parse(&bytes);
    if !fields.any(|(name, value)| name == "csrf" && is_right(&value)) {
        return Err(without_token());
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn without_token() -> Fault {
    let what = "This form is of another session, and nothing was changed";
    Fault::new(StatusCode::FORBIDDEN, what, "Go back, load the page again, and send it once more.")
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| {
        kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
    })
}

/// Where somebody goes once they are known: to the page that they asked for, where they asked for one.
fn back_to(method: &Method, uri: &Uri) -> String {
    let page = uri.path_and_query().filter(|_| *method == Method::GET);
    launch::own_path(page.map_or("/", |page| page.as_str())).to_owned()
}

/// Says how to become known.
async fn unknown(web: &Web, reader: Reader, back: &str) -> Response {
    match reader {
        // The script keeps what was typed, and sends the person to log in.
        Reader::Script => StatusCode::UNAUTHORIZED.into_response(),
        Reader::Program => {
            let fault = Fault::new(
                StatusCode::UNAUTHORIZED,
                "No token came with this request, or one that is not valid",
                "`sufficit token add NAME --role viewer` makes one; send it as `Authorization: Bearer suf_...`.",
            );
            let mut response = refusal::answer(reader, fault);
            let scheme = HeaderValue::from_static("Bearer realm=\"sufficit\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
            response
        }
        Reader::Person => match web.store.has_users().await {
            Ok(false) if web.guard.launch.is_some() => launch::closed(),
            Ok(_) => login::asked(web, StatusCode::UNAUTHORIZED, back, None),
            Err(fault) => Fault::from(fault).into_response(),
        },
    }
}
