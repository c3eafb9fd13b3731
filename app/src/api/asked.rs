//! What a request says, read strictly: what is not understood is refused in the API's own form.

use crate::web::{Fault, Problem, Shared};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sufficit_evidence::{DocumentId, FrameworkId, RequirementId, RequirementRef, Sufficiency};

/// Most things that one portion of a list has.
pub(crate) const MOST: u16 = 200;
/// How many it has where nothing else is asked for.
const USUAL: u16 = 50;
/// More decisions than any record has, and few enough for every reader of JSON.
const HIGHEST: u64 = 2_000_000_000;
/// Bytes of an id at most.
const ID: usize = 64;

/// What stands after `?`.
#[derive(Debug)]
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Problem> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(bad(rejection.status(), rejection.body_text())),
        }
    }
}

/// The names in the path.
#[derive(Debug)]
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Shared> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Shared) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, web).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(rejection) => Err(bad(rejection.status(), rejection.body_text())),
        }
    }
}

/// A JSON body.
#[derive(Debug)]
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Shared> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Shared) -> Result<Self, Problem> {
        match axum::Json::from_request(request, web).await {
            Ok(axum::Json(sent)) => Ok(Self(sent)),
            Err(rejection) => Err(bad(rejection.status(), rejection.body_text())),
        }
    }
}

fn bad(status: StatusCode, what: String) -> Problem {
    Fault::new(status, what, "/api/v1/openapi.json says what can be asked.").into()
}

/// How many things are wanted, 1 to [`MOST`].
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u16")]
pub(crate) struct Limit(u16);

impl Default for Limit {
    fn default() -> Self {
        Self(USUAL)
    }
}

impl Limit {
    /// The number.
    pub(crate) fn get(self) -> usize {
        usize::from(self.0)
    }
}

impl TryFrom<u16> for Limit {
    type Error = String;

    fn try_from(limit: u16) -> Result<Self, String> {
        match limit {
            1..=MOST => Ok(Self(limit)),
            _ => Err(format!("a limit is a number from 1 to {MOST}")),
        }
    }
}

/// A framework's, theme's, requirement's or run's id.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Id(String);

impl Id {
    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Id {
    type Error = String;

    fn try_from(id: String) -> Result<Self, String> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if !id.is_empty() && id.len() <= ID && id.bytes().all(fits) {
            Ok(Self(id))
        } else {
            Err(format!("an id has 1 to {ID} letters, digits, dots and hyphens"))
        }
    }
}

/// A text of at most `MOST` characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Text<const MOST: usize>(String);

impl<const MOST: usize> Text<MOST> {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The text by itself.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

impl<const MOST: usize> TryFrom<String> for Text<MOST> {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.chars().count() {
            length if length <= MOST => Ok(Self(text)),
            length => Err(format!("at most {MOST} characters, not {length}")),
        }
    }
}

/// The number of a decision, up to [`HIGHEST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u64")]
pub(crate) struct Number(u64);

impl Number {
    /// The number.
    pub(crate) fn get(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for Number {
    type Error = String;

    fn try_from(number: u64) -> Result<Self, String> {
        if number <= HIGHEST { Ok(Self(number)) } else { Err(format!("a number up to {HIGHEST}")) }
    }
}

/// A SHA-256: a document's, or a hash of the chain of decisions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Sha256(DocumentId);

impl Sha256 {
    /// The document that it names.
    pub(crate) fn document(&self) -> &DocumentId {
        &self.0
    }

    /// Its digits.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl TryFrom<String> for Sha256 {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(hex) {
            Ok(Self(DocumentId::new(text)))
        } else {
            Err("a SHA-256 has 64 hexadecimal digits in small letters".to_owned())
        }
    }
}

/// A sufficiency, 0 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub(crate) struct Grade(pub(crate) Sufficiency);

impl TryFrom<u8> for Grade {
    type Error = String;

    fn try_from(level: u8) -> Result<Self, String> {
        Sufficiency::try_from(level).map(Self)
    }
}

/// The name of a requirement across frameworks from its two ids.
pub(crate) fn requirement_ref(framework: &str, requirement: &str) -> RequirementRef {
    RequirementRef {
        framework: FrameworkId::new(framework),
        requirement: RequirementId::new(requirement),
    }
}
