use crate::IndexError;
use std::fmt;
use std::time::Duration;

/// Which Qdrant server, and how it is spoken to.
#[derive(Clone, PartialEq)]
pub struct QdrantOptions {
    /// Where its gRPC interface listens: `http://host:6334`, or `https://` for TLS with the certificates that the system trusts.
    pub url: String,
    /// What it is opened with; `None` for a server without a key. Shown nowhere.
    pub api_key: Option<String>,
    /// What the names of all collections begin with, so that others may live on the same server.
    pub prefix: String,
    /// Shards of a collection, 1 or more. Counts when it is made.
    pub shards: u32,
    /// Copies of each shard, 1 or more. Counts when it is made.
    pub replicas: u32,
    /// How many copies have to take a write before it counts as done, 1 to `replicas`. Counts when it is made.
    pub write_consistency: u32,
    /// Passages of one write, at most.
    pub batch_points: usize,
    /// Writes under way at once, at most; as many requests of queries.
    pub in_flight: usize,
    /// How long one request may take. A server that says nothing when it is first spoken to is given up sooner.
    pub timeout: Duration,
    /// The longest pause before a request is tried again for the first time; it doubles with each time.
    pub first_pause: Duration,
    /// How often a request is tried before it counts as failed, 1 or more. One whose connection broke is each time sent
    /// again at once by the client, beside that.
    pub attempts: u32,
}

impl Default for QdrantOptions {
    fn default() -> Self {
        Self {
            url: "http://localhost:6334".into(),
            api_key: None,
            prefix: "sufficit".into(),
            shards: 1,
            replicas: 1,
            write_consistency: 1,
            batch_points: 256,
            in_flight: 2,
            timeout: Duration::from_secs(30),
            first_pause: Duration::from_millis(100),
            attempts: 6,
        }
    }
}

impl fmt::Debug for QdrantOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QdrantOptions")
            .field("url", &self.url)
            .field("api_key", &self.api_key.as_ref().map(|_| "not shown"))
            .field("prefix", &self.prefix)
            .field("shards", &self.shards)
            .field("replicas", &self.replicas)
            .field("write_consistency", &self.write_consistency)
            .field("batch_points", &self.batch_points)
            .field("in_flight", &self.in_flight)
            .field("timeout", &self.timeout)
            .field("first_pause", &self.first_pause)
            .field("attempts", &self.attempts)
            .finish()
    }
}

impl QdrantOptions {
    /// Refuses what the client would trip over. Its own words for a malformed key would quote the key.
    pub(super) fn check(&self, workspace: &str) -> Result<(), IndexError> {
        let refuse =
            |what: &str| Err(IndexError::Server { url: self.url.clone(), what: what.to_owned() });
        if !self.url.starts_with("http://") && !self.url.starts_with("https://") {
            return refuse("the URL of a Qdrant server begins with http:// or https://");
        }
        let is_key = |key: &String| !key.is_empty() && key.bytes().all(|b| b.is_ascii_graphic());
        if !self.api_key.as_ref().is_none_or(is_key) {
            return refuse("the API key is empty or holds characters that no key has");
        }
        let is_name = |name: &str| {
            (1..=100).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        if !is_name(&self.prefix) || !is_name(workspace) {
            return refuse(
                "the names of collection prefix and workspace are made of 1 to 100 letters, digits, -, _ and .",
            );
        }
        Ok(())
    }
}
