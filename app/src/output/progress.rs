use crate::cli::Common;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// Whether and how progress is shown: on stderr, only where that is a terminal, and not with `--quiet`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    shown: bool,
}

/// One bar.
#[derive(Debug)]
pub(crate) struct Bar(ProgressBar);

impl Progress {
    pub(crate) fn new(common: &Common) -> Self {
        Self { shown: !common.quiet && console::Term::stderr().is_term() }
    }

    /// A bar that counts files and passages.
    pub(crate) fn files(self, total: u64) -> Bar {
        self.bar("Reading", total, "{prefix:9} [{bar:28}] {pos}/{len} files {per_sec} {msg}")
    }

    /// A bar that counts documents.
    pub(crate) fn steps(self, name: &'static str, total: u64) -> Bar {
        self.bar(name, total, "{prefix:9} [{bar:28}] {pos}/{len} documents {per_sec} {msg}")
    }

    /// A bar that counts bytes of a file that is fetched.
    #[cfg(feature = "download")]
    pub(crate) fn bytes(self, total: u64) -> Bar {
        self.bar("Fetching", total, "{prefix:9} [{bar:28}] {bytes}/{total_bytes} {bytes_per_sec}")
    }

    fn bar(self, name: &'static str, total: u64, template: &str) -> Bar {
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
        Bar(bar)
    }
}

impl Bar {
    /// One more file; `passages` is their number so far.
    pub(crate) fn file(&self, passages: u64) {
        self.0.inc(1);
        let seconds = self.0.elapsed().as_secs_f64().max(0.001);
        self.0.set_message(format!("{:.0} passages/s", passages as f64 / seconds));
    }

    /// So many documents or bytes more.
    pub(crate) fn advance(&self, more: u64) {
        self.0.inc(more);
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(self) {
        self.0.finish_and_clear();
    }
}
