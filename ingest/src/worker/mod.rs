//! Files are read in child processes of our own binary, so that what a file does to its reader ends there.
//!
//! A [`Pool`] keeps one worker for each file that is read at a time. It sends a file's bytes over the worker's stdin and takes
//! documents from its stdout; a worker that stops, or gives no sign of life for [`Limits::seconds`](crate::Limits::seconds), is
//! replaced, the file or member it had in hand is failed with the reason, and reading goes on behind it.
//! [`serve`] is the worker's side: it confines itself before it looks at the first byte.

mod death;
mod frame;
mod pool;
mod process;
mod serve;
#[cfg(all(test, unix))]
mod tests;

pub use pool::Pool;
pub use serve::serve;
