use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;
use crate::model;
use crate::output::{Progress, line, out};
use crate::search_index;
use crate::workspace::Workspace;
use std::io::Write;

/// Makes the search index anew from the record, whatever is wrong with the one that is there.
pub(crate) async fn run(common: &Common) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let store = workspace.store().await?;
    let _lock = store.lock()?;
    let embedder = model::embedder(&workspace, common)?;
    search_index::make_anew(&workspace, &store, embedder, &Progress::new(common)).await?;
    let documents = store.current_documents().await?;
    let passages: u64 = documents.iter().map(|document| u64::from(document.passages)).sum();
    let out = &mut out();
    line(
        out,
        &format!(
            "The search index is made anew: {} documents, {passages} passages.",
            documents.len()
        ),
    )?;
    out.flush()?;
    Ok(Outcome::Done)
}
