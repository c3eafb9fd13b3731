use crate::Outcome;
use crate::calibration;
use crate::cli::{Common, Format};
use crate::commands::{overview, status};
use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::Progress;
use crate::pipeline;
use crate::search_index;
use crate::workspace::Workspace;
use std::sync::Arc;

/// Maps all current documents again where the catalogue, the rubric, the model or the day has changed, with the confidence
/// fitted to what people decided so far.
pub(crate) async fn run(common: &Common) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    search_index::check(&workspace)?;
    let store = workspace.store().await?;
    let judge = Judge::new(&workspace, common, true)?;
    let _lock = store.lock()?;
    let judge = Arc::new(judge.calibrated(calibration::fitted(&store).await?));
    let progress = Progress::new(common);
    let embedder = Arc::clone(&judge.embedder);
    let index = search_index::level_or_say_why_not(&workspace, &store, embedder, &progress).await?;
    pipeline::map(&store, &judge, &progress).await?;
    if common.format == Format::Table {
        overview::print(&workspace, common, &store, &store.status().await?, 0).await?;
    } else {
        status::print(&workspace, common, &store).await?;
    }
    Ok(index)
}
