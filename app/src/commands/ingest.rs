use crate::Outcome;
use crate::cli::{Common, Format};
use crate::commands::{overview, status};
use crate::failure::Failure;
use crate::judge::Judge;
use crate::output::Progress;
use crate::pipeline;
use crate::reading::Reader;
use crate::search_index;
use crate::workspace::Workspace;
use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use sufficit_evidence::FileOutcome;
use sufficit_ingest::WITHIN;

/// Reads what changed under each path, maps it, and shows every file that was not read and every requirement.
pub(crate) async fn run(common: &Common, paths: &[PathBuf]) -> Result<Outcome, Failure> {
    let workspace = Workspace::find(common)?;
    search_index::check(&workspace)?;
    for path in paths {
        if !path.exists() {
            let what = format!("there is no file or folder {}", path.display());
            return Err(Failure::usage(what, "Give the folder that holds the evidence."));
        }
    }
    let progress = Progress::new(common);
    let judge = Judge::new(&workspace, common, true)?;
    let settings = &workspace.settings.ingest;
    let reader = Arc::new(Reader::new(settings, common)?);
    let store = workspace.create_store().await?;
    let judge = Arc::new(judge.with_known_calibration(&store).await?);
    let _lock = store.lock()?;
    search_index::note_if_ahead(&workspace, &store, Arc::clone(&judge.embedder)).await?;
    let began = Instant::now();
    let mut roots = BTreeSet::new();
    let (mut met, mut read_anew, mut pages, mut passages) = (0, 0, 0, 0);
    for path in paths {
        let root = pipeline::root_of(&store, path, &workspace.uploads()).await?;
        let ingested =
            pipeline::ingest_root(&store, &reader, settings.threads, &root, &progress).await?;
        roots.insert(root.to_string_lossy().into_owned());
        met += ingested.met;
        read_anew += ingested.read_anew;
        pages += ingested.pages;
        passages += ingested.passages;
        // What was in an archive that is gone goes without saying.
        let gone: HashSet<&str> = ingested.vanished.iter().map(String::as_str).collect();
        let within = |path: &str| {
            path.match_indices(WITHIN)
                .any(|(at, _)| path.get(..at).is_some_and(|p| gone.contains(p)))
        };
        for path in ingested.vanished.iter().filter(|path| !within(path)) {
            tracing::warn!("{path} is no longer there; it no longer counts as evidence");
        }
    }
    let read = began.elapsed();
    let embedder = Arc::clone(&judge.embedder);
    let index = search_index::level_or_say_why_not(&workspace, &store, embedder, &progress).await?;
    let indexed = began.elapsed();
    pipeline::map(&store, &judge, &progress).await?;
    tracing::info!(
        "{met} files met, {read_anew} read anew ({pages} pages, {passages} passages) in {:.2} s; indexed in {:.2} s; mapped in {:.2} s",
        read.as_secs_f64(),
        (indexed - read).as_secs_f64(),
        (began.elapsed() - indexed).as_secs_f64(),
    );
    let files = store.status().await?;
    let failed = files.iter().any(|file| file.outcome == FileOutcome::Failed);
    if common.format == Format::Table {
        let mut given = 0;
        for root in &roots {
            given += store.files(root).await?.len();
        }
        if files.is_empty() {
            tracing::warn!(
                "no file was found, so there is no evidence yet: give the folder that holds it"
            );
        }
        overview::print(&workspace, common, &store, &files, files.len() - given).await?;
    } else {
        status::print(&workspace, common, &store).await?;
    }
    Ok(if failed { Outcome::SomeFailed } else { index })
}
