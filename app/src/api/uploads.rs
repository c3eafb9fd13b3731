use crate::api::asked::{Asked, Limit};
use crate::api::forms;
use crate::api::portion::{Portion, portion};
use crate::web::upload::{Received, receive};
use crate::web::{Problem, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use sufficit_evidence::FileRecord;
use utoipa::{IntoParams, ToSchema};

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "says what a form has; it is read as it comes in")]
pub(crate) struct UploadForm {
    /// Its path in the folder that is uploaded; before the file. The file's own name where it is left out.
    #[schema(max_length = 1024)]
    path: Option<String>,
    /// The file's bytes.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Takes in a file, to be read and mapped in the background.
#[utoipa::path(post, path = "/uploads", tag = "evidence",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "It is kept and will be read.", body = Received),
        (status = 200, description = "The same bytes were there already.", body = Received),
    ))]
pub(crate) async fn upload(
    visitor: Visitor,
    State(web): State<Shared>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Received>), Problem> {
    let received = receive(&web, &visitor, &headers, form).await?;
    Ok((received.status_code(), Json(received)))
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
    Ok(Json(portion(all, |file| file.path.clone(), asked.after.as_deref(), limit)?))
}
