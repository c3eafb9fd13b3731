use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::{Progress, line, out};
use crate::pipeline;
use crate::search_index::{self, Erasure};
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
    // Where the index cannot be reached, nothing is forgotten by halves.
    search_index::open_to_search(&workspace, &store, Arc::clone(&judge.embedder))?;
    // An index may keep what was taken out until it is tidied; one made anew in its place holds nothing of what was forgotten.
    let erasure = Erasure::begin(&workspace)?;
    let forgotten = match store.forget(path, why).await {
        Ok(forgotten) => forgotten,
        Err(error) => {
            erasure.withdraw()?;
            return Err(error.into());
        }
    };
    let embedder = Arc::clone(&judge.embedder);
    let index = search_index::level_or_say_why_not(&workspace, &store, embedder, &progress).await?;
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
    if index == Outcome::SomeFailed {
        line(
            out,
            "The search index still holds it, and is made anew by the next command that can.",
        )?;
    }
    let url = &workspace.settings.index.url;
    for server in search_index::servers(&workspace).iter().filter(|server| *server != url) {
        line(
            out,
            &format!(
                "An index of this workspace may still lie on {server}, and hold it: `sufficit reindex --index-url {server}` makes it anew."
            ),
        )?;
    }
    out.flush()?;
    Ok(index)
}
