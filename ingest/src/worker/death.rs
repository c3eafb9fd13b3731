use crate::Limits;
use std::process::ExitStatus;
use std::time::Duration;

/// The exit status of a worker whose streams failed.
pub(super) const LOST: i32 = 3;

/// How a worker ended before it was told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Death {
    /// It gave no sign of life for this long and was ended.
    Silent(Duration),
    /// It was refused memory.
    Memory,
    /// Its stack was full.
    Stack,
    /// It was ended for using more processor time than allowed.
    Processor,
    /// Its input ended too early: the file is shorter than it was.
    Input,
    /// A fault of the reader: a signal by number, or `None`.
    Fault(Option<i32>),
}

impl Death {
    /// Tells from how a process ended, and from what it said last, what went wrong.
    pub(super) fn of(status: Option<ExitStatus>, last_words: &str) -> Self {
        let signal = status.and_then(signal);
        if last_words.contains("memory allocation of") || signal == Some(9) {
            // The kernel ends what takes too much with signal 9 as well.
            Self::Memory
        } else if last_words.contains("overflowed its stack") {
            Self::Stack
        } else if status.and_then(|status| status.code()) == Some(LOST) {
            Self::Input
        } else if signal == Some(24) {
            Self::Processor
        } else {
            Self::Fault(signal)
        }
    }

    /// Why the file in hand was not read, and what to do.
    pub(super) fn reason(self, limits: &Limits) -> String {
        match self {
            Self::Silent(patience) => format!(
                "Reading it took more than {} s, and was stopped. Split the file into smaller ones, or raise max_seconds in the settings.",
                patience.as_secs()
            ),
            Self::Memory => format!(
                "Reading it took more than {} MiB of memory, and was stopped. Split the file into smaller ones, or raise max_memory_mib in the settings.",
                limits.memory_bytes >> 20
            ),
            Self::Stack => "Its parts are nested too deep to read. Open the file in its own program, save it again and give that.".into(),
            Self::Processor => "Reading it took too much processor time, and was stopped. Split the file into smaller ones.".into(),
            Self::Input => "It changed while it was being read; read it again.".into(),
            Self::Fault(signal) => {
                let signal = signal.map(|number| format!(" (signal {number})")).unwrap_or_default();
                format!("The reader of this format stopped at a place it did not foresee{signal}. Open the file in its own program, save it again and give that; please report the file.")
            }
        }
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_tell_what_went_wrong() {
        assert_eq!(Death::of(None, "memory allocation of 4096 bytes failed\n"), Death::Memory);
        assert_eq!(Death::of(None, "thread 'x' has overflowed its stack"), Death::Stack);
        assert_eq!(Death::of(None, ""), Death::Fault(None));
        let limits = Limits::default();
        let silent = Death::Silent(Duration::from_secs(60)).reason(&limits);
        assert!(silent.contains("60 s") && silent.contains("max_seconds"), "{silent}");
        assert!(Death::Memory.reason(&limits).contains("2048 MiB"));
    }
}
