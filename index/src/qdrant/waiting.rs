use super::failure::broken_off;
use crate::IndexError;
use std::sync::mpsc;
use tokio::runtime::{Builder, Runtime};

/// Threads of its own that wait for the server. The index is called from threads that compute, and may be called from
/// threads of a runtime, which must not start another one's work on themselves.
pub(super) struct Waiting {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    url: String,
}

impl Waiting {
    /// For the server at `url`.
    pub(super) fn new(url: &str) -> Result<Self, IndexError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("qdrant")
            .enable_all()
            .build();
        let runtime = runtime.map_err(|fault| IndexError::Server {
            url: url.to_owned(),
            what: format!("no threads to wait for the Qdrant server: {fault}"),
        })?;
        Ok(Self { runtime: Some(runtime), url: url.to_owned() })
    }

    /// Begins `work`, and does not wait for it.
    pub(super) fn begin(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn(work);
        }
    }

    /// Waits for what `work` gives.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, IndexError>> + Send + 'static,
    ) -> Result<T, IndexError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.begin(async move {
            // Nobody listens any more only where the one who waits has died.
            let _ = sender.send(work.await);
        });
        receiver.recv().unwrap_or_else(|_| Err(broken_off(&self.url)))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // A runtime that is dropped waits for its threads, which is not allowed inside another one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
