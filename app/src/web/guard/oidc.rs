//! Logging in by a service that the settings name (OpenID Connect): the browser is sent there with a question, comes back
//! with a code, and the service gives for the code a signed word on who it is.

mod hearsay;
mod on_the_way;

use crate::failure::Failure;
use crate::secret;
use crate::trust::trust;
use crate::web::Fault;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearsay::Hearsay;
use on_the_way::OnTheWay;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use serde_json::Value;
use std::fmt::Display;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use sufficit_config::{OidcSettings, ServeSettings};
use sufficit_review::Role;
use tokio::sync::Semaphore;
use ureq::Agent;

pub(crate) use on_the_way::PATIENCE;

/// Where the browser comes back to.
pub(crate) const BACK: &str = "/login/oidc/back";
/// How long the service may take to answer.
const ANSWER: Duration = Duration::from_secs(10);
/// The largest answer, in bytes.
const LARGEST: u64 = 1024 * 1024;
/// Threads that wait for the service at a time; whoever else wants something of it waits in line.
const WAITING: usize = 8;

/// A service, as the settings name it.
#[derive(Debug)]
pub(crate) struct Service {
    settings: OidcSettings,
    secret: Option<ClientSecret>,
    back: String,
    agent: Agent,
    said: Mutex<Hearsay<CoreProviderMetadata>>,
    on_the_way: Mutex<OnTheWay<Question>>,
    /// Turns to wait for the service.
    pub(crate) turns: Arc<Semaphore>,
}

/// What somebody was sent to the service with.
#[derive(Debug)]
struct Question {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    place: String,
}

/// Who somebody is, by the service's word.
#[derive(Debug)]
pub(crate) struct Word {
    /// As the service knows them for good: issuer and subject.
    pub(crate) subject: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    /// Where on this server they wanted to go.
    pub(crate) place: String,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Service {
    /// The service of the settings, where they name one; `server` is how browsers reach us, as `https://HOST`.
    pub(super) fn of(settings: &ServeSettings, server: &str) -> Result<Option<Self>, Failure> {
        let oidc = &settings.oidc;
        if oidc.issuer.is_empty() {
            return Ok(None);
        }
        let file = &oidc.client_secret_file;
        let secret = if file.as_os_str().is_empty() {
            None
        } else {
            let text = std::fs::read_to_string(file).map_err(|error| {
                let what = format!("{} cannot be read: {error}", file.display());
                Failure::usage(what, "Correct client_secret_file under [serve.oidc].")
            })?;
            Some(ClientSecret::new(text.trim().to_owned()))
        };
        Ok(Some(Self {
            settings: oidc.clone(),
            secret,
            back: format!("{server}{BACK}"),
            agent: agent(),
            said: Mutex::default(),
            on_the_way: Mutex::default(),
            turns: Arc::new(Semaphore::new(WAITING)),
        }))
    }

    /// Where to send the browser, which asks `from` there, and what it has to bring back. Waits for the service: not for the
    /// async runtime's threads.
    pub(crate) fn question(
        &self,
        place: String,
        from: Option<IpAddr>,
    ) -> Result<(String, String), Fault> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = self.client(false)?;
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let question = Question { nonce, verifier, place };
        let mut on_the_way = self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner);
        let left = on_the_way.leave(secret::digest(state.secret()), question, from, Instant::now());
        left.map_err(|wait| {
            let what = "There were many tries to log in from here that were not finished";
            let help = format!("Wait {} s, then try again.", wait.as_secs().max(1));
            Fault::new(StatusCode::TOO_MANY_REQUESTS, what, help).again_in(wait)
        })?;
        Ok((url.to_string(), state.into_secret()))
    }

    /// What the service says for `code`, which came back with `state`. Waits for the service.
    pub(crate) fn word(&self, state: &str, code: String) -> Result<Word, Fault> {
        let question = {
            let mut on_the_way = self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner);
            on_the_way.back(&secret::digest(state), Instant::now())
        };
        let question =
            question.ok_or_else(|| refused("this login was begun too long ago, or not here"))?;
        let client = self.client(false)?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(not_now)?
            .set_pkce_verifier(question.verifier)
            .request(&|request: HttpRequest| self.answer(request))
            .map_err(not_now)?;
        let token = tokens.id_token().ok_or_else(|| not_now("the service sent no id token"))?;
        let claims = match token.claims(&client.id_token_verifier(), &question.nonce) {
            // It may have begun to sign with another key since it was asked for its keys.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                token.claims(&self.client(true)?.id_token_verifier(), &question.nonce)
            }
            claims => claims,
        };
        let claims = claims.map_err(refused)?;
        let subject = format!("{} {}", self.settings.issuer, claims.subject().as_str());
        let all =
            payload(&token.to_string()).ok_or_else(|| not_now("the id token has no claims"))?;
        let name = claim(&all, &self.settings.name_claim).and_then(Value::as_str);
        let name = name.ok_or_else(|| {
            refused(format!("the service gave no {} for you", self.settings.name_claim))
        })?;
        let role = role(&all, &self.settings)
            .ok_or_else(|| refused(format!("{name} has no role here")))?;
        Ok(Word { subject, name: name.to_owned(), role, place: question.place })
    }

    /// What asks the service, by what it said of itself; `anew` where that does not do any more.
    fn client(&self, anew: bool) -> Result<Client, Fault> {
        let ask = || {
            let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(not_now)?;
            let answer = |request: HttpRequest| self.answer(request);
            CoreProviderMetadata::discover(&issuer, &answer).map_err(not_now)
        };
        // While one asks, others wait for the same answer.
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let metadata = said.get(Instant::now, anew, ask)?;
        drop(said);
        let id = ClientId::new(self.settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(metadata, id, self.secret.clone());
        Ok(client.set_redirect_uri(RedirectUrl::new(self.back.clone()).map_err(not_now)?))
    }

    fn answer(&self, request: HttpRequest) -> Result<HttpResponse, std::io::Error> {
        let answer = if request.body().is_empty() {
            self.agent.run(request.map(|_| ()))
        } else {
            self.agent.run(request)
        };
        let answer = answer.map_err(std::io::Error::other)?;
        let (head, mut body) = answer.into_parts();
        let bytes =
            body.with_config().limit(LARGEST).read_to_vec().map_err(std::io::Error::other)?;
        Ok(HttpResponse::from_parts(head, bytes))
    }
}

/// Goes to the service and nowhere from there.
fn agent() -> Agent {
    let config = Agent::config_builder()
        .tls_config(trust())
        .user_agent(concat!("sufficit/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(ANSWER))
        .build();
    Agent::new_with_config(config)
}

/// The claims of a token whose signature was verified.
fn payload(token: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The claim of this name, with dots where it lies in another.
fn claim<'c>(claims: &'c Value, name: &str) -> Option<&'c Value> {
    claims.get(name).or_else(|| name.split('.').try_fold(claims, |inner, part| inner.get(part)))
}

/// The most that any of the person's groups lets them do.
fn role(claims: &Value, settings: &OidcSettings) -> Option<Role> {
    let named = |name: &str| Role::ALL.into_iter().find(|role| role.name() == name);
    let given = claim(claims, &settings.role_claim);
    let groups: Vec<&str> = match given {
        Some(Value::Array(groups)) => groups.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(group)) => vec![group.as_str()],
        _ => Vec::new(),
    };
    let by_group = groups.into_iter().filter_map(|group| settings.roles.get(group));
    by_group.filter_map(|role| named(role)).max().or_else(|| named(&settings.role))
}

fn refused(why: impl Display) -> Fault {
    let what = format!("You could not be logged in: {why}");
    Fault::new(StatusCode::FORBIDDEN, what, "Try again, or ask an admin for a role.")
}

/// What the service says stays in the log: it may hold what is nobody else's business.
fn not_now(why: impl Display) -> Fault {
    tracing::warn!("the login service did not do its part: {why}");
    let what = "The login service does not answer as it should";
    Fault::new(
        StatusCode::BAD_GATEWAY,
        what,
        "Try again later; the log of `sufficit serve` says more.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(role: &str) -> OidcSettings {
        OidcSettings {
            issuer: "https://login.example.com".into(),
            client_id: "sufficit".into(),
            client_secret_file: "".into(),
            name_claim: "preferred_username".into(),
            role_claim: "realm_access.roles".into(),
            roles: [("audit", "viewer"), ("compliance", "reviewer")]
                .map(|(group, role)| (group.to_owned(), role.to_owned()))
                .into(),
            role: role.into(),
        }
    }

    #[test]
    fn the_most_that_a_group_allows_counts() {
        let of = |claims: Value, rest: &str| role(&claims, &settings(rest));
        let groups = |groups: Value| json!({ "realm_access": { "roles": groups } });
        assert_eq!(of(groups(json!(["audit", "compliance", "x"])), ""), Some(Role::Reviewer));
        assert_eq!(of(groups(json!("audit")), ""), Some(Role::Viewer));
        assert_eq!(of(json!({ "realm_access.roles": ["audit"] }), ""), Some(Role::Viewer));
        assert_eq!(of(groups(json!(["admin"])), ""), None, "a group is no role by its name");
        assert_eq!(of(groups(json!([7])), "viewer"), Some(Role::Viewer));
        assert_eq!(of(json!({}), ""), None);
    }
}
