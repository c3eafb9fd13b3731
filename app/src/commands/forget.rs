use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::{Progress, line, out};
use crate::pipeline;
use crate::search_index;
use crate::workspace::Workspace;
use std::io::Write;
use std::sync::Arc;

/// Takes a file out of the record with all that came from it, and maps what is left.
pub(crate) async fn run(common: &Common, path: &str, why: &str) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    let store = workspace.store().await?;
    let _lock = store.lock()?;
    let progress = Progress::new(common);
    let judge = Arc::new(Judge::new(&workspace, common, true)?);
    // An index may keep what was taken out until it is tidied; an empty one in its place holds nothing of what was forgotten.
    let empty = search_index::open_anew(&workspace, &store, Arc::clone(&judge.embedder))?;
    let forgotten = store.forget(path, why).await?;
    empty.take_over()?;
    pipeline::level_index(&workspace, &store, Arc::clone(&judge.embedder), &progress).await?;
    pipeline::map(&store, &judge, &progress).await?;
    let out = &mut out();
    line(
        out,
        &format!(
            "Forgot {path}: {} documents removed with all that came from them.",
            forgotten.removed.len()
        ),
    )?;
    if !forgotten.erased {
        line(
            out,
            "Another program was reading the record: its bytes go for good with the next write.",
        )?;
    }
    if !forgotten.kept.is_empty() {
        line(out, "Its content stays, because other files hold the same bytes.")?;
    }
    line(
        out,
        "The file itself is untouched: move it out of the folder, or the next ingest reads it again.",
    )?;
    out.flush()?;
    Ok(Outcome::Done)
}
