//! Proposals beside what people decided of them, as the queue, the pages and the API show them. Made once for each state
//! of the record and kept: a page costs no reading of twenty thousand matches.

use crate::failure::Failure;
use std::collections::HashMap;
use std::sync::Arc;
use sufficit_evidence::{
    Assessment, DocumentId, FileRecord, RequirementRef, Run, RunId, SourceRef,
};
use sufficit_review::{
    Ledger, MatchHead, ReviewedMatch, ReviewedRequirement, Store, reviewed_matches,
    reviewed_requirements,
};
use tokio::sync::Mutex;

/// What the record says at one moment.
#[derive(Debug)]
pub(crate) struct View {
    /// The latest run; `None` before the first.
    pub(crate) run: Option<Run>,
    /// What the runs and files say, whatever was decided.
    pub(crate) proposed: Arc<Proposed>,
    /// Every decision.
    pub(crate) ledger: Ledger,
    /// Every match of the run with what was decided of it: by framework and requirement, best first.
    pub(crate) matches: Vec<ReviewedMatch>,
    /// Every requirement with what was decided of it, in catalogue order.
    pub(crate) requirements: Vec<ReviewedRequirement>,
}

/// What was read and proposed.
#[derive(Debug)]
pub(crate) struct Proposed {
    moment: (Option<RunId>, u64),
    heads: Vec<MatchHead>,
    /// The latest run's assessments, in catalogue order.
    pub(crate) assessments: Vec<Assessment>,
    /// Where each current document lies.
    pub(crate) sources: HashMap<DocumentId, Vec<SourceRef>>,
    /// Every file that was met.
    pub(crate) files: Vec<FileRecord>,
}

impl View {
    /// The requirement's place among [`View::requirements`].
    pub(crate) fn requirement(&self, name: &RequirementRef) -> Option<&ReviewedRequirement> {
        self.requirements.iter().find(|found| found.requirement == *name)
    }

    /// The assessment of a requirement, as it was proposed.
    pub(crate) fn assessment(&self, name: &RequirementRef) -> Option<&Assessment> {
        self.proposed.assessments.iter().find(|found| {
            found.framework == name.framework && found.requirement == name.requirement
        })
    }

    /// The match of a document with a requirement, where one was proposed.
    pub(crate) fn matched(
        &self,
        document: &DocumentId,
        name: &RequirementRef,
    ) -> Option<&ReviewedMatch> {
        self.matches
            .iter()
            .find(|found| found.head.document == *document && found.head.requirement == *name)
    }

    /// Names the state of the record that it shows: equal for two views exactly where nothing changed between them.
    pub(crate) fn state(&self) -> String {
        let (run, change) = &self.proposed.moment;
        let run = run.as_ref().map_or("run-0", RunId::as_str);
        format!("{run}.{change}.{}", self.ledger.last())
    }

    /// The first path of a current document.
    pub(crate) fn path(&self, document: &DocumentId) -> Option<&str> {
        Some(self.proposed.sources.get(document)?.first()?.path.as_str())
    }
}

/// The view that was made last.
#[derive(Debug, Default)]
pub(crate) struct Views {
    last: Mutex<Option<Arc<View>>>,
}

impl Views {
    /// The view of the record as it is now; what has not changed since the last one is not read again.
    pub(crate) async fn now(&self, store: &Store) -> Result<Arc<View>, Failure> {
        let mut last = self.last.lock().await;
        let run = store.latest_run().await?;
        let moment = (run.as_ref().map(|run| run.id.clone()), store.latest_change().await?);
        let decided = store.last_decision().await?;
        let known = last.as_ref().filter(|view| view.proposed.moment == moment);
        if let Some(view) = known.filter(|view| view.ledger.last() == decided) {
            return Ok(Arc::clone(view));
        }
        let proposed = match known {
            Some(view) => Arc::clone(&view.proposed),
            None => Arc::new(proposed(store, moment).await?),
        };
        let mut ledger = last.as_ref().map(|view| view.ledger.clone()).unwrap_or_default();
        ledger.append(store.decisions(ledger.last()).await?);
        let Proposed { heads, assessments, sources, .. } = proposed.as_ref();
        let view = Arc::new(View {
            matches: reviewed_matches(heads, assessments, sources, &ledger),
            requirements: reviewed_requirements(assessments, &ledger),
            run,
            proposed,
            ledger,
        });
        *last = Some(Arc::clone(&view));
        Ok(view)
    }
}

async fn proposed(store: &Store, moment: (Option<RunId>, u64)) -> Result<Proposed, Failure> {
    Ok(Proposed {
        heads: store.match_heads().await?,
        assessments: store.assessments(None, None).await?,
        sources: store.sources().await?,
        files: store.status().await?,
        moment,
    })
}
