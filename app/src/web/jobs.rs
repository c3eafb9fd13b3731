//! The work that is wanted in the background, and what came of it. It is held in memory alone: what an upload has to do is
//! told by the folder of uploads, which is read again after a restart.

use crate::notice::Notice;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use sufficit_evidence::{Run, RunId};
use tokio::sync::{Notify, broadcast};

/// Jobs that are remembered.
const REMEMBERED: usize = 100;
/// Notices that a listener may lag behind before it has to look at the record instead.
const NOTICES: usize = 1024;
/// A job waits until nobody has wanted it again for so long: files of a folder come in one by one.
const QUIET: Duration = Duration::from_millis(800);
/// And no longer than this.
const PATIENCE: Duration = Duration::from_secs(10);

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Work {
    /// Read what was uploaded, then map.
    Uploads,
    /// Map what has not been mapped by the rules and facts that hold now.
    Map,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum JobState {
    /// It has not begun.
    Waiting,
    /// It is under way.
    Working,
    /// It went through.
    Done,
    /// It did not, for the reason that stands beside it.
    Failed,
}

/// A piece of work in the background.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// From 1, since the server was started.
    pub(crate) number: u64,
    pub(crate) work: Work,
    pub(crate) state: JobState,
    /// The stage that it is in, with what is done and how much there is; `None` before the first.
    pub(crate) stage: Option<(String, u64, u64)>,
    /// The run that stood when it was done.
    pub(crate) run: Option<RunId>,
    /// What went wrong; empty where nothing did.
    pub(crate) failure: String,
    wanted_first: Instant,
    wanted_last: Instant,
}

/// All jobs since the server was started, and the channel on which they tell how far they are.
#[derive(Debug)]
pub(crate) struct Jobs {
    board: Mutex<VecDeque<Job>>,
    wanted: Notify,
    notices: broadcast::Sender<Notice>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            board: Mutex::default(),
            wanted: Notify::new(),
            notices: broadcast::channel(NOTICES).0,
        }
    }
}

impl Jobs {
    /// Wants `work` to be done soon. The number of the job that will do it: where one for the same waits already, that one.
    pub(crate) fn want(&self, work: Work) -> u64 {
        let now = Instant::now();
        let mut board = self.board();
        let waiting =
            board.iter_mut().find(|job| job.work == work && job.state == JobState::Waiting);
        let number = match waiting {
            Some(job) => {
                job.wanted_last = now;
                job.number
            }
            None => {
                let number = board.back().map_or(0, |job| job.number) + 1;
                board.push_back(Job {
                    number,
                    work,
                    state: JobState::Waiting,
                    stage: None,
                    run: None,
                    failure: String::new(),
                    wanted_first: now,
                    wanted_last: now,
                });
                if board.len() > REMEMBERED {
                    board.pop_front();
                }
                number
            }
        };
        drop(board);
        self.wanted.notify_one();
        number
    }

    /// The jobs, latest first.
    pub(crate) fn list(&self) -> Vec<Job> {
        self.board().iter().rev().cloned().collect()
    }

    /// Waits for the next job that is due, and marks it as under way.
    pub(crate) async fn next(&self) -> (u64, Work) {
        loop {
            let due = self.begin_due(Instant::now());
            match due {
                Due::Now(number, work) => return (number, work),
                Due::In(wait) => {
                    // Whether it is wanted again or the time is over, it is looked at anew.
                    let _ = tokio::time::timeout(wait, self.wanted.notified()).await;
                }
                Due::Never => self.wanted.notified().await,
            }
        }
    }

    fn begin_due(&self, now: Instant) -> Due {
        let mut board = self.board();
        let Some(job) = board.iter_mut().find(|job| job.state == JobState::Waiting) else {
            return Due::Never;
        };
        let at = (job.wanted_last + QUIET).min(job.wanted_first + PATIENCE);
        let wait = at.saturating_duration_since(now);
        if !wait.is_zero() {
            return Due::In(wait);
        }
        job.state = JobState::Working;
        Due::Now(job.number, job.work)
    }

    /// Notes how far the job `number` is.
    pub(crate) fn note(&self, number: u64, notice: &Notice) {
        if let Notice::Stage { stage, done, total } = notice
            && let Some(job) = self.board().iter_mut().find(|job| job.number == number)
        {
            job.stage = Some((stage.clone(), *done, *total));
        }
    }

    /// Notes how the job `number` ended, and tells it.
    pub(crate) fn finish(&self, number: u64, outcome: Result<Run, String>) {
        let (run, failure) = match outcome {
            Ok(run) => (Some(run.id), String::new()),
            Err(failure) => (None, failure),
        };
        if let Some(job) = self.board().iter_mut().find(|job| job.number == number) {
            job.state = if failure.is_empty() { JobState::Done } else { JobState::Failed };
            job.run.clone_from(&run);
            job.failure.clone_from(&failure);
        }
        let text = match failure.as_str() {
            "" => "All files have been read and mapped.".to_owned(),
            failure => format!("The work stopped: {failure}"),
        };
        let failure = Some(failure).filter(|failure| !failure.is_empty());
        self.tell(Notice::Done { job: number, run, failure, text });
    }

    /// Tells a notice to those who listen.
    pub(crate) fn tell(&self, notice: Notice) {
        // Nobody may be listening; what is told is also in the record.
        let _ = self.notices.send(notice);
    }

    /// What is told from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// A channel to tell on.
    pub(crate) fn notices(&self) -> broadcast::Sender<Notice> {
        self.notices.clone()
    }

    fn board(&self) -> MutexGuard<'_, VecDeque<Job>> {
        // No code that can panic runs under the lock; what it guards is whole in any case.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Due {
    Now(u64, Work),
    In(Duration),
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_twice_is_one_job_until_it_begins() {
        let jobs = Jobs::default();
        let first = jobs.want(Work::Uploads);
        assert_eq!(jobs.want(Work::Uploads), first);
        let map = jobs.want(Work::Map);
        assert_ne!(map, first);
        assert!(matches!(jobs.begin_due(Instant::now()), Due::In(_)));
        let later = Instant::now() + PATIENCE;
        assert!(
            matches!(jobs.begin_due(later), Due::Now(number, Work::Uploads) if number == first)
        );
        let again = jobs.want(Work::Uploads);
        assert!(again > map, "what came in while it works has to be looked at again");
        assert!(matches!(jobs.begin_due(later), Due::Now(number, Work::Map) if number == map));
    }

    #[test]
    fn a_job_that_failed_says_why_and_is_told() {
        let jobs = Jobs::default();
        let mut told = jobs.listen();
        let number = jobs.want(Work::Map);
        jobs.note(number, &Notice::Stage { stage: "mapping".to_owned(), done: 3, total: 7 });
        jobs.finish(number, Err("the disk is full".to_owned()));
        let job = jobs.list().remove(0);
        assert_eq!((job.state, job.failure.as_str()), (JobState::Failed, "the disk is full"));
        assert_eq!(job.stage, Some(("mapping".to_owned(), 3, 7)));
        let expected = "The work stopped: the disk is full";
        assert!(matches!(told.try_recv(), Ok(Notice::Done { text, .. }) if text == expected));
    }

    #[test]
    fn old_jobs_are_forgotten() {
        let jobs = Jobs::default();
        let later = Instant::now() + PATIENCE;
        for _ in 0..2 * REMEMBERED {
            jobs.want(Work::Map);
            jobs.begin_due(later);
        }
        assert_eq!(jobs.list().len(), REMEMBERED);
        assert_eq!(jobs.list()[0].number, 2 * REMEMBERED as u64);
    }
}
