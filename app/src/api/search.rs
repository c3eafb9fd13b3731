use crate::api::asked::{Asked, Id, Limit, Text};
use crate::api::forms;
use crate::passage_search::{HitBody, Wanted, bodies};
use crate::web::{Fault, Problem, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sufficit_evidence::{Date, DocumentId, DocumentKind};
use sufficit_index::Within;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchAsked {
    /// Words or a sentence.
    #[param(value_type = String, min_length = 1, max_length = 1000)]
    q: Text<1000>,
    /// Only in documents of this kind.
    #[param(value_type = Option<forms::DocumentKindName>, inline)]
    kind: Option<DocumentKind>,
    /// Only in documents in this language, by the three letters of ISO 639-3.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{1,64}$")]
    language: Option<Id>,
    /// Only in documents dated on this day or later.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Only in documents dated on this day or earlier.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// How many passages.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}

/// The passages that speak of what was asked, nearest first.
#[utoipa::path(get, path = "/search", tag = "documents", params(SearchAsked),
    responses((status = 200, body = Vec<HitBody>)))]
pub(crate) async fn search(
    _: Visitor,
    State(web): State<Shared>,
    Asked(asked): Asked<SearchAsked>,
) -> Result<Json<Vec<HitBody>>, Problem> {
    if asked.q.as_str().is_empty() {
        let what = "The query is empty";
        return Err(Fault::new(StatusCode::BAD_REQUEST, what, "Give a word or a sentence.").into());
    }
    // Nothing is dated on both sides of a gap; an index need not be asked.
    if matches!((asked.from, asked.to), (Some(from), Some(to)) if from > to) {
        return Ok(Json(Vec::new()));
    }
    let view = web.view().await?;
    let within = Within {
        documents: Vec::new(),
        kinds: asked.kind.into_iter().collect(),
        languages: asked.language.iter().map(|code| code.as_str().to_ascii_lowercase()).collect(),
        from: asked.from,
        to: asked.to,
    };
    let place = (&web.workspace, &web.common, &web.store);
    let limit = asked.limit.unwrap_or_default().get();
    let wanted = Wanted::Words(asked.q.into_string());
    let hits = web.searcher.hits(place, wanted, within, limit).await.map_err(Fault::from)?;
    let paths = |document: &DocumentId| {
        let sources = view.proposed.sources.get(document).into_iter().flatten();
        let mut paths: Vec<String> = sources.map(|source| source.path.clone()).collect();
        paths.dedup();
        paths
    };
    Ok(Json(bodies(&web.store, hits, paths).await.map_err(Fault::from)?))
}
