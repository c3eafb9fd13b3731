//! The one worker of the server: does what `ingest` and `map` do, a job at a time, on a thread of its own, so that pages are
//! answered meanwhile.

use crate::failure::Failure;
use crate::judge::Judge;
use crate::notice::Notice;
use crate::output::Progress;
use crate::reading::Reader;
use crate::web::jobs::Work;
use crate::web::{Shared, Web};
use crate::{pipeline, search_index};
use std::sync::Arc;
use std::time::Duration;
use sufficit_evidence::Run;
use sufficit_review::{StoreError, WriterLock};
use tokio::sync::oneshot;

/// How often the right to write is asked for while another process has it.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Does one job after the other, for as long as the server runs. What was uploaded before it started is looked at first.
pub(crate) async fn work(web: Shared) {
    if web.workspace.uploads().is_dir() {
        web.jobs.want(Work::Uploads);
    }
    loop {
        let (number, work) = web.jobs.next().await;
        let outcome = on_a_thread(&web, number, work).await;
        web.jobs.finish(number, outcome);
    }
}

/// Does the job on a thread of its own: a fault in it ends the job, not the server, and a server that stops does not wait for
/// it. Each of its steps begins from the record, so the next start goes on.
async fn on_a_thread(web: &Shared, number: u64, work: Work) -> Result<Run, String> {
    let (done, mut outcome) = oneshot::channel();
    let mut notices = web.jobs.listen();
    let with = Arc::clone(web);
    let started = std::thread::Builder::new().name("background".to_owned()).spawn(move || {
        // Where nobody waits any more, the server has stopped.
        let _ = done.send(blocking(&with, work));
    });
    if let Err(error) = started {
        return Err(format!("no thread could be started: {error}"));
    }
    let outcome = loop {
        tokio::select! {
            outcome = &mut outcome => break outcome,
            notice = notices.recv() => {
                // What was missed is followed by what is newer.
                if let Ok(notice) = notice {
                    web.jobs.note(number, &notice);
                }
            }
        }
    };
    match outcome {
        Ok(Ok(run)) => Ok(run),
        Ok(Err(failure)) => Err(format!("{} {}", failure.what(), failure.help())),
        Err(_) => Err("it ended by a fault of the program; please report it".to_owned()),
    }
}

fn blocking(web: &Web, work: Work) -> Result<Run, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::internal)?
        .block_on(perform(web, work))
}

async fn perform(web: &Web, work: Work) -> Result<Run, Failure> {
    let Web { workspace, common, store, .. } = web;
    let _lock = lock(web).await?;
    let progress = Progress::to_listeners(web.jobs.notices());
    let judge = Arc::new(Judge::new(workspace, common, true)?.as_calibrated(store).await?);
    search_index::note_if_ahead(workspace, store, Arc::clone(&judge.embedder)).await?;
    if work == Work::Uploads {
        let settings = &workspace.settings.ingest;
        let reader = Arc::new(Reader::new(settings, common)?);
        let uploads = workspace.uploads();
        let root = pipeline::root_of(store, &uploads, &uploads).await?;
        pipeline::ingest_root(store, &reader, settings.threads, &root, &progress).await?;
    }
    let embedder = Arc::clone(&judge.embedder);
    search_index::level_or_say_why_not(workspace, store, embedder, &progress).await?;
    pipeline::map(store, &judge, &progress).await
}

/// The right to write to the record, once no other process has it.
async fn lock(web: &Web) -> Result<WriterLock, Failure> {
    loop {
        match web.store.lock() {
            Err(StoreError::Locked { .. }) => {
                web.jobs.tell(Notice::Stage { stage: "waiting".to_owned(), done: 0, total: 0 });
                tokio::time::sleep(ASK_AGAIN).await;
            }
            other => return Ok(other?),
        }
    }
}
