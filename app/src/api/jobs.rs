use crate::api::asked::Sent;
use crate::web::jobs::{Job, JobState, Work};
use crate::web::{Problem, Role, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A piece of work in the background.
#[derive(Serialize, ToSchema)]
pub(crate) struct JobBody {
    /// From 1, since the server was started.
    job: u64,
    work: Work,
    state: JobState,
    /// How far it is; null before it began.
    stage: Option<StageBody>,
    /// The run that stood when it was done.
    run: Option<String>,
    /// What went wrong; empty where nothing did.
    failure: String,
}

/// A stage of the work.
#[derive(Serialize, ToSchema)]
pub(crate) struct StageBody {
    /// `waiting`, `reading`, `indexing` or `mapping`.
    stage: String,
    /// Files or documents that are done.
    done: u64,
    /// Of so many.
    total: u64,
}

/// What is to be done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobWish {
    work: Work,
}

/// The job that was wanted.
#[derive(Serialize, ToSchema)]
pub(crate) struct JobWanted {
    job: u64,
}

/// The last jobs, latest first.
#[utoipa::path(get, path = "/jobs", tag = "evidence", responses((status = 200, body = Vec<JobBody>)))]
pub(crate) async fn list(_: Visitor, State(web): State<Shared>) -> Json<Vec<JobBody>> {
    Json(web.jobs.list().into_iter().map(JobBody::from).collect())
}

/// Has what was uploaded read again, or everything mapped by the rules and facts that hold now.
#[utoipa::path(post, path = "/jobs", tag = "evidence", request_body = JobWish,
    responses((status = 202, description = "It will be done.", body = JobWanted)))]
pub(crate) async fn want(
    visitor: Visitor,
    State(web): State<Shared>,
    Sent(sent): Sent<JobWish>,
) -> Result<(StatusCode, Json<JobWanted>), Problem> {
    visitor.at_least(Role::Reviewer)?;
    if sent.work == Work::Uploads && !web.workspace.uploads().is_dir() {
        return Err(crate::web::Fault::missing("Nothing was uploaded yet.").into());
    }
    Ok((StatusCode::ACCEPTED, Json(JobWanted { job: web.jobs.want(sent.work) })))
}

impl From<Job> for JobBody {
    fn from(job: Job) -> Self {
        Self {
            job: job.number,
            work: job.work,
            state: job.state,
            stage: job.stage.map(|(stage, done, total)| StageBody { stage, done, total }),
            run: job.run.map(|run| run.to_string()),
            failure: job.failure,
        }
    }
}
