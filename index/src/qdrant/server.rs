use super::failure::Failure;
use super::options::QdrantOptions;
use crate::IndexError;
use qdrant_client::qdrant::{PointsOperationResponse, UpdateStatus};
use qdrant_client::{Qdrant, QdrantError};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// No longer than this for a connection, whatever a request may take.
const LONGEST_CONNECTING: Duration = Duration::from_secs(5);
/// No pause between attempts is longer, unless the server asks for it.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// No server is left alone for longer, whatever it asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// A server that does not say in this time that it is there is not there.
const LONGEST_GREETING: Duration = Duration::from_secs(5);
/// How often a server is asked whether it is there.
const GREETINGS: u32 = 2;
/// After a request that was not answered in time the client connects again and asks once more by itself. It is left this
/// long for that, which mends a connection that is dead and does not double the time.
const LONGEST_SECOND_TRY: Duration = Duration::from_secs(1);

/// How often a request is made, and how long is waited for it each time.
struct Patience {
    attempts: u32,
    each: Duration,
}

/// A Qdrant server that is asked again where it failed in passing.
pub(super) struct Server {
    client: Qdrant,
    pub(super) options: QdrantOptions,
}

impl Server {
    /// Nothing is sent yet.
    pub(super) fn new(options: &QdrantOptions) -> Result<Self, IndexError> {
        let client = Qdrant::from_url(&options.url)
            .api_key(options.api_key.clone())
            .timeout(options.timeout)
            .connect_timeout(options.timeout.min(LONGEST_CONNECTING))
            // It would print to standard output what it thinks of the server's version.
            .skip_compatibility_check()
            .build()
            .map_err(|fault| Failure::new(&options.url, fault))?;
        Ok(Self { client, options: options.clone() })
    }

    /// The answer to `request`, which may be sent more than once.
    pub(super) async fn ask<T, F>(&self, request: impl Fn(Qdrant) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, QdrantError>>,
    {
        self.ask_until(request, |_| true, self.patience()).await
    }

    /// The answer to a first `request`, by which a server that is not there is known soon.
    pub(super) async fn greet<T, F>(&self, request: impl Fn(Qdrant) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, QdrantError>>,
    {
        let patience = Patience {
            attempts: self.options.attempts.min(GREETINGS),
            each: self.options.timeout.min(LONGEST_GREETING),
        };
        self.ask_until(request, |_| true, patience).await
    }

    /// Sends a write until the server has done it.
    pub(super) async fn write<F>(&self, request: impl Fn(Qdrant) -> F) -> Result<(), Failure>
    where
        F: Future<Output = Result<PointsOperationResponse, QdrantError>>,
    {
        let is_done = |answer: &PointsOperationResponse| {
            let status = answer.result.as_ref().map(|result| result.status());
            status == Some(UpdateStatus::Completed)
        };
        self.ask_until(request, is_done, self.patience()).await.map(|_| ())
    }

    fn patience(&self) -> Patience {
        let QdrantOptions { attempts, timeout, .. } = self.options;
        Patience { attempts, each: timeout.saturating_add(timeout.min(LONGEST_SECOND_TRY)) }
    }

    async fn ask_until<T, F>(
        &self,
        request: impl Fn(Qdrant) -> F,
        is_done: impl Fn(&T) -> bool,
        patience: Patience,
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, QdrantError>>,
    {
        let mut attempt = 1;
        loop {
            let answer = tokio::time::timeout(patience.each, request(self.client.clone())).await;
            let failure = match answer {
                Ok(Ok(answer)) if is_done(&answer) => return Ok(answer),
                Ok(Ok(_)) | Err(_) => Failure::late(&self.options.url),
                Ok(Err(fault)) => Failure::new(&self.options.url, fault),
            };
            if !failure.passes() || attempt >= patience.attempts {
                return Err(failure.after(attempt));
            }
            let asked = failure.wait.unwrap_or_default().min(LONGEST_WAIT);
            tokio::time::sleep(asked + pause(self.options.first_pause, attempt)).await;
            attempt += 1;
        }
    }
}

/// How long to wait after the attempt of this number, from 1: anything up to a bound that doubles each time, so that
/// those whom one fault hit do not come back at once.
fn pause(first: Duration, attempt: u32) -> Duration {
    let bound = first.saturating_mul(1 << (attempt - 1).min(16)).min(LONGEST_PAUSE);
    // The standard library's own source of randomness: each state has other keys.
    let share = RandomState::new().hash_one(attempt) as f64 / u64::MAX as f64;
    bound.mul_f64(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_bound_and_differ() {
        let first = Duration::from_millis(100);
        let longest = |attempt| (0..200).map(|_| pause(first, attempt)).max().unwrap_or_default();
        assert!(longest(1) <= first && longest(1) > first / 2);
        assert!(longest(4) <= first * 8 && longest(4) > first * 4);
        assert!(longest(u32::MAX) <= LONGEST_PAUSE);
        assert_ne!(pause(LONGEST_PAUSE, 1), pause(LONGEST_PAUSE, 1));
    }
}
