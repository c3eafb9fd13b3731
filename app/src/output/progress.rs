use crate::cli::Common;
use crate::notice::Notice;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;
use sufficit_evidence::FileRecord;
use tokio::sync::broadcast;

/// Whether and how progress is shown: on stderr, only where that is a terminal, and not with `--quiet`; or to those who
/// listen on a channel.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    shown: bool,
    listeners: Option<broadcast::Sender<Notice>>,
}

/// One bar.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    listeners: Option<broadcast::Sender<Notice>>,
}

impl Progress {
    pub(crate) fn new(common: &Common) -> Self {
        let shown = !common.quiet && console::Term::stderr().is_term();
        Self { shown, listeners: None }
    }

    /// Progress that is told to those who listen, and shown nowhere.
    pub(crate) fn to_listeners(listeners: broadcast::Sender<Notice>) -> Self {
        Self { shown: false, listeners: Some(listeners) }
    }

    /// A bar that counts files and passages.
    pub(crate) fn files(&self, total: u64) -> Bar {
        self.bar("Reading", total, "{prefix:9} [{bar:28}] {pos}/{len} files {per_sec} {msg}")
    }

    /// A bar that counts documents.
    pub(crate) fn steps(&self, name: &'static str, total: u64) -> Bar {
        self.bar(name, total, "{prefix:9} [{bar:28}] {pos}/{len} documents {per_sec} {msg}")
    }

    /// A bar that counts bytes of a file that is fetched.
    #[cfg(feature = "download")]
    pub(crate) fn bytes(&self, total: u64) -> Bar {
        self.bar("Fetching", total, "{prefix:9} [{bar:28}] {bytes}/{total_bytes} {bytes_per_sec}")
    }

    /// Tells those who listen what became of a file.
    pub(crate) fn met(&self, record: &FileRecord) {
        tell(self.listeners.as_ref(), || Notice::of_file(record));
    }

    fn bar(&self, name: &'static str, total: u64, template: &str) -> Bar {
        let target = if self.shown && total > 0 {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(total), target).with_prefix(name);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        if self.shown && total > 0 {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        let bar = Bar { bar, listeners: self.listeners.clone() };
        bar.tell_stage();
        bar
    }
}

impl Bar {
    /// One more file; `passages` is their number so far.
    pub(crate) fn file(&self, passages: u64) {
        self.advance(1);
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        self.bar.set_message(format!("{:.0} passages/s", passages as f64 / seconds));
    }

    /// So many documents or bytes more.
    pub(crate) fn advance(&self, more: u64) {
        let before = self.percent();
        self.bar.inc(more);
        if self.percent() != before {
            self.tell_stage();
        }
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }

    fn percent(&self) -> u64 {
        self.bar.position().saturating_mul(100) / self.bar.length().unwrap_or(0).max(1)
    }

    fn tell_stage(&self) {
        tell(self.listeners.as_ref(), || Notice::Stage {
            stage: self.bar.prefix().to_lowercase(),
            done: self.bar.position(),
            total: self.bar.length().unwrap_or(0),
        });
    }
}

fn tell(listeners: Option<&broadcast::Sender<Notice>>, notice: impl FnOnce() -> Notice) {
    if let Some(listeners) = listeners {
        // Nobody may be listening; what is told is also in the record.
        let _ = listeners.send(notice());
    }
}
