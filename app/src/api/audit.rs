use crate::api::asked::{Asked, Sha256};
use crate::web::{Problem, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a look at the whole chain of decisions found.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditBody {
    /// Whether nothing is wrong.
    sound: bool,
    /// How many decisions there are.
    decisions: u64,
    /// The last decision's hash.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    head: String,
    /// The number of the decision whose hash was asked for; null where the chain has no such hash, or none was asked for.
    known_head: Option<u64>,
    /// What is wrong, in order.
    faults: Vec<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditAsked {
    /// A hash that was noted outside, as exports have one: whether the chain still holds it.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    head: Option<Sha256>,
}

/// Verifies the chain of decisions.
#[utoipa::path(get, path = "/audit", tag = "review", params(AuditAsked),
    responses((status = 200, body = AuditBody)))]
pub(crate) async fn verify(
    _: Visitor,
    State(web): State<Shared>,
    Asked(asked): Asked<AuditAsked>,
) -> Result<Json<AuditBody>, Problem> {
    let audit = web.store.audit(asked.head.as_ref().map(Sha256::as_str)).await?;
    Ok(Json(AuditBody {
        sound: audit.faults.is_empty(),
        decisions: audit.decisions,
        head: audit.head,
        known_head: audit.known_head,
        faults: audit.faults.iter().map(ToString::to_string).collect(),
    }))
}
