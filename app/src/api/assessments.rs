use crate::api::asked::{Asked, Id, Limit};
use crate::api::forms;
use crate::api::portion::{Portion, portion};
use crate::web::{Fault, Problem, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use sufficit_evidence::{Assessment, FrameworkId, RunId};
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssessmentsAsked {
    /// Of this run, as `run-3`; of the latest where it is left out.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{1,64}$")]
    run: Option<Id>,
    /// Only those of this framework.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{1,64}$")]
    framework: Option<Id>,
    /// `next` of the portion before.
    after: Option<String>,
    /// How many.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}

/// What a run proposed for each requirement, in published order.
#[utoipa::path(get, path = "/assessments", tag = "requirements", params(AssessmentsAsked),
    responses((status = 200, body = Portion<forms::WholeAssessment>)))]
pub(crate) async fn list(
    _: Visitor,
    State(web): State<Shared>,
    Asked(asked): Asked<AssessmentsAsked>,
) -> Result<Json<Portion<Assessment>>, Problem> {
    let run = asked.run.as_ref().map(|id| RunId::new(id.as_str()));
    if let Some(run) = &run
        && !web.store.runs().await?.iter().any(|known| known.id == *run)
    {
        return Err(Fault::missing(format!("There is no {run}.")).into());
    }
    let framework = asked.framework.as_ref().map(|id| FrameworkId::new(id.as_str()));
    let all = web.store.assessments(run.as_ref(), framework.as_ref()).await?;
    let key = |found: &Assessment| format!("{}:{}", found.framework, found.requirement);
    let limit = asked.limit.unwrap_or_default().get();
    Ok(Json(portion(all, |_| true, key, asked.after.as_deref(), limit)?))
}
