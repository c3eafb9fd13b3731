use crate::api::asked::{Asked, Limit, Named, Sha256, Text};
use crate::api::portion::{Portion, portion};
use crate::web::{Fault, Problem, Shared, Visitor, Web};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sufficit_evidence::{Document, DocumentId, Facts, Language, Page};
use utoipa::{IntoParams, ToSchema};

/// A document that a file on disk holds.
#[derive(Serialize, ToSchema)]
pub(crate) struct DocumentBody {
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// The first of its paths.
    document: String,
    paths: Vec<String>,
    media_type: String,
    /// Null where the format has no pages.
    pages: Option<u32>,
    passages: u32,
    /// How many requirements it was matched with.
    matches: usize,
}

/// A document with what it says of itself.
#[derive(Serialize, ToSchema)]
pub(crate) struct WholeDocument {
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// Where it lies now; empty for a version that was superseded.
    paths: Vec<String>,
    media_type: String,
    bytes: u64,
    /// The three letters of ISO 639-3; null where it could not be told.
    language: Option<String>,
    /// Whether documents in that language are mapped.
    mapped: bool,
    /// Each page with what could be read of it, and its part of the text; empty where the format has none.
    #[schema(value_type = Vec<Object>)]
    pages: Vec<Page>,
    /// Title, kind, owner, dates ..., each with the place that it was read from.
    #[schema(value_type = Object)]
    facts: Facts,
    passages: usize,
    /// How many characters its text has.
    characters: usize,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentsAsked {
    /// Only those with this text in one of their paths.
    #[param(value_type = Option<String>, max_length = 1024)]
    path: Option<Text<1024>>,
    /// `next` of the portion before.
    after: Option<String>,
    /// How many.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}

/// The documents that files on disk hold, by their first path.
#[utoipa::path(get, path = "/documents", tag = "documents", params(DocumentsAsked),
    responses((status = 200, body = Portion<DocumentBody>)))]
pub(crate) async fn list(
    _: Visitor,
    State(web): State<Shared>,
    Asked(asked): Asked<DocumentsAsked>,
) -> Result<Json<Portion<DocumentBody>>, Problem> {
    let view = web.view().await?;
    let mut matches: HashMap<&DocumentId, usize> = HashMap::new();
    for found in &view.matches {
        *matches.entry(&found.head.document).or_default() += 1;
    }
    let mut all: HashMap<&DocumentId, DocumentBody> = HashMap::new();
    for file in &view.proposed.files {
        let Some(id) = &file.document else { continue };
        let body = all.entry(id).or_insert_with(|| DocumentBody {
            sha256: id.to_string(),
            document: String::new(),
            paths: Vec::new(),
            media_type: file.media_type.clone(),
            pages: file.pages,
            passages: file.passages,
            matches: matches.get(id).copied().unwrap_or(0),
        });
        body.paths.push(file.path.clone());
    }
    let passes = |body: &DocumentBody| {
        let within = |part: &Text<1024>| body.paths.iter().any(|path| path.contains(part.as_str()));
        asked.path.as_ref().is_none_or(within)
    };
    let mut all: Vec<DocumentBody> = all.into_values().filter(passes).collect();
    for body in &mut all {
        body.paths.sort();
        body.document = body.paths.first().cloned().unwrap_or_default();
    }
    all.sort_by(|a, b| (&a.paths, &a.sha256).cmp(&(&b.paths, &b.sha256)));
    let limit = asked.limit.unwrap_or_default().get();
    Ok(Json(portion(all, |_| true, |body| body.sha256.clone(), asked.after.as_deref(), limit)?))
}

/// One document, current or superseded.
#[utoipa::path(get, path = "/documents/{sha256}", tag = "documents",
    params(("sha256" = String, Path, description = "The document's SHA-256", pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, body = WholeDocument)))]
pub(crate) async fn one(
    _: Visitor,
    State(web): State<Shared>,
    Named(sha256): Named<String>,
) -> Result<Json<WholeDocument>, Problem> {
    let document = document(&web, sha256).await?;
    let (language, mapped) = match document.language {
        Language::Supported(code) => (Some(code), true),
        Language::Unsupported(code) => (Some(code), false),
        Language::Unknown => (None, true),
    };
    Ok(Json(WholeDocument {
        sha256: document.id.to_string(),
        paths: web.store.paths(&document.id).await?,
        media_type: document.media_type,
        bytes: document.bytes,
        language,
        mapped,
        pages: document.pages,
        facts: document.facts,
        passages: document.passages.len(),
        characters: document.text.chars().count(),
    }))
}

/// Its canonical text, which every span and quote refers to; pages are joined by a form feed.
#[utoipa::path(get, path = "/documents/{sha256}/text", tag = "documents",
    params(("sha256" = String, Path, description = "The document's SHA-256", pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn text(
    _: Visitor,
    State(web): State<Shared>,
    Named(sha256): Named<String>,
) -> Result<impl IntoResponse, Problem> {
    let document = document(&web, sha256).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], document.text))
}

async fn document(web: &Web, sha256: String) -> Result<Document, Problem> {
    let missing = || Fault::missing("There is no such document in the record.");
    let id = Sha256::try_from(sha256).map_err(|_| missing())?;
    Ok(web.store.document(id.document()).await?.ok_or_else(missing)?)
}
