use crate::api::asked::{Asked, Limit};
use crate::api::forms;
use crate::api::portion::{Portion, portion};
use crate::web::upload::{self, Received, UploadForm};
use crate::web::{Problem, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use axum::extract::multipart::MultipartRejection;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use sufficit_evidence::FileRecord;
use utoipa::IntoParams;

/// Takes in a file, to be read and mapped in the background.
#[utoipa::path(post, path = "/uploads", tag = "evidence",
    request_body(content = forms::UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "It is kept and will be read.", body = Received),
        (status = 200, description = "The same bytes were there already.", body = Received),
    ))]
pub(crate) async fn send(
    visitor: Visitor,
    State(web): State<Shared>,
    headers: HeaderMap,
    form: Result<UploadForm, MultipartRejection>,
) -> Result<(StatusCode, Json<Received>), Problem> {
    upload::upload(visitor, State(web), headers, form).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadsAsked {
    /// `next` of the portion before.
    after: Option<String>,
    /// How many.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}

/// The files that were uploaded and looked at, with what became of each, by path.
#[utoipa::path(get, path = "/uploads", tag = "evidence", params(UploadsAsked),
    responses((status = 200, body = Portion<forms::MetFile>)))]
pub(crate) async fn list(
    _: Visitor,
    State(web): State<Shared>,
    Asked(asked): Asked<UploadsAsked>,
) -> Result<Json<Portion<FileRecord>>, Problem> {
    let all: Vec<FileRecord> =
        web.uploaded().await?.into_iter().map(|known| known.record).collect();
    let limit = asked.limit.unwrap_or_default().get();
    Ok(Json(portion(all, |_| true, |file| file.path.clone(), asked.after.as_deref(), limit)?))
}
