use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::{Progress, line, out};
use crate::pipeline;
use crate::search_index::{self, Erasure, Place};
use crate::workspace::Workspace;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Takes a file, or all in a folder, out of the record with all that came from it, and maps what is left.
pub(crate) async fn run(common: &Common, path: &str, why: &str) -> Result<Outcome, Failure> {
    let named = if path == "/" { path } else { path.trim_end_matches('/') };
    // A folder as it lies from here is known by its whole path.
    let whole = Path::new(named).canonicalize().map(|whole| whole.to_string_lossy().into_owned());
    let workspace = Workspace::find(common)?;
    let store = workspace.store().await?;
    let _lock = store.lock()?;
    let progress = Progress::new(common);
    let judge = Judge::new(&workspace, common, true)?;
    let judge = Arc::new(judge.with_known_calibration(&store).await?);
    let path = match store.knows(named).await {
        Ok(()) => named,
        Err(unknown) => match &whole {
            Ok(whole) if store.knows(whole).await.is_ok() => whole,
            _ => return Err(unknown.into()),
        },
    };
    // Where the index cannot be reached, nothing is forgotten by halves.
    let reached = search_index::open_to_search(&workspace, &store, Arc::clone(&judge.embedder));
    if let Err(Failure::Index { what, help }) = reached {
        return Err(Failure::Index {
            what: format!("{what}; nothing was forgotten, since the index there may hold it"),
            help: format!("{help} Then give the command again."),
        });
    }
    // An index may keep what was taken out until it is tidied; one made anew in its place holds nothing of what was forgotten.
    let erasure = Erasure::begin(&workspace)?;
    let forgotten = match store.forget(path, why).await {
        Ok(forgotten) => forgotten,
        Err(error) => {
            // It may have gone before the fault.
            if store.knows(path).await.is_ok() {
                erasure.withdraw()?;
            }
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
            "Forgot {path}: {} removed with all that came from them.",
            match forgotten.removed.len() {
                1 => "1 document".to_owned(),
                many => format!("{many} documents"),
            }
        ),
    )?;
    if !forgotten.erased {
        line(
            out,
            "Another program was reading the record: its bytes go for good with the next write.",
        )?;
    }
    if !forgotten.kept.is_empty() {
        let kept = forgotten.kept.len();
        line(
            out,
            &format!("The content of {kept} stays, because other files hold the same bytes."),
        )?;
    }
    line(
        out,
        "What lies on disk is untouched: move it away, or the next ingest of its folder reads it again.",
    )?;
    if index == Outcome::SomeFailed {
        line(
            out,
            "The search index still holds it, and is made anew by the next command that can.",
        )?;
    }
    let now = Place::of(&workspace);
    for place in
        search_index::places(&workspace).iter().filter(|place| Some(*place) != now.as_ref())
    {
        let Place { url, prefix } = place;
        line(
            out,
            &format!(
                "An index of this workspace was on {url}, under the prefix {prefix}, and may hold it still: `sufficit reindex` with that url and prefix makes it anew. For a server that is gone, take its line out of {}.",
                search_index::places_note(&workspace).display()
            ),
        )?;
    }
    out.flush()?;
    Ok(index)
}
