use crate::api::asked::{Asked, Limit};
use crate::api::forms;
use crate::api::portion::{Portion, portion};
use crate::output::{Coverage, coverage};
use crate::web::{Problem, Shared, Visitor};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sufficit_evidence::{FileOutcome, FileRecord, MatchStatus, Run};
use utoipa::{IntoParams, ToSchema};

/// Where the workspace stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorkspaceStatus {
    /// The latest run; null before the first.
    #[schema(value_type = Option<forms::MappingRun>)]
    run: Option<Run>,
    /// How many files were read, skipped, failed, or need OCR.
    files: FileCounts,
    /// How many matches were proposed or added.
    matches: usize,
    /// How many matches and requirements need a person.
    open: usize,
    /// Number of the last decision.
    decisions: u64,
    /// How far each framework is covered, by its id.
    #[schema(value_type = BTreeMap<String, forms::CoverageOfFramework>)]
    coverage: BTreeMap<String, Coverage>,
}

/// Files by what became of them.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct FileCounts {
    read: usize,
    skipped: usize,
    failed: usize,
    needs_ocr: usize,
}

/// Where the workspace stands: files, coverage, what is open.
#[utoipa::path(get, path = "/status", tag = "record", responses((status = 200, body = WorkspaceStatus)))]
pub(crate) async fn status(
    _: Visitor,
    State(web): State<Shared>,
) -> Result<Json<WorkspaceStatus>, Problem> {
    let view = web.view().await?;
    let mut files = FileCounts::default();
    for file in &view.proposed.files {
        *match file.outcome {
            FileOutcome::Read => &mut files.read,
            FileOutcome::Skipped => &mut files.skipped,
            FileOutcome::Failed => &mut files.failed,
            FileOutcome::NeedsOcr => &mut files.needs_ocr,
        } += 1;
    }
    let open = |status: MatchStatus| usize::from(status.is_open());
    let open_matches: usize = view.matches.iter().map(|found| open(found.review.status)).sum();
    let open_requirements: usize =
        view.requirements.iter().map(|found| open(found.review.status)).sum();
    Ok(Json(WorkspaceStatus {
        run: view.run.clone(),
        files,
        matches: view.matches.len(),
        open: open_matches + open_requirements,
        decisions: view.ledger.last(),
        coverage: coverage(&web.catalogue, &view.held()),
    }))
}

/// Every run, latest first.
#[utoipa::path(get, path = "/runs", tag = "record", params(RunsAsked),
    responses((status = 200, body = Portion<forms::MappingRun>)))]
pub(crate) async fn runs(
    _: Visitor,
    State(web): State<Shared>,
    Asked(asked): Asked<RunsAsked>,
) -> Result<Json<Portion<Run>>, Problem> {
    let all = web.store.runs().await?;
    let limit = asked.limit.unwrap_or_default().get();
    Ok(Json(portion(all, |_| true, |run| run.id.to_string(), asked.after.as_deref(), limit)?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunsAsked {
    /// `next` of the portion before.
    after: Option<String>,
    /// How many.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}

/// Every file that was met, with what became of it, by folder and path.
#[utoipa::path(get, path = "/files", tag = "record", params(FilesAsked),
    responses((status = 200, body = Portion<forms::MetFile>)))]
pub(crate) async fn files(
    _: Visitor,
    State(web): State<Shared>,
    Asked(asked): Asked<FilesAsked>,
) -> Result<Json<Portion<FileRecord>>, Problem> {
    let view = web.view().await?;
    let wanted = |file: &&FileRecord| asked.status.is_none_or(|status| file.outcome == status);
    let all: Vec<&FileRecord> = view.proposed.files.iter().collect();
    let limit = asked.limit.unwrap_or_default().get();
    let part = portion(all, wanted, |file| file.path.clone(), asked.after.as_deref(), limit)?;
    Ok(Json(part.map(Clone::clone)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct FilesAsked {
    /// Only those of this outcome.
    #[param(value_type = Option<forms::Outcome>, inline)]
    status: Option<FileOutcome>,
    /// `next` of the portion before.
    after: Option<String>,
    /// How many.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}
