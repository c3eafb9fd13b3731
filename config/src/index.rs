use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Where the search index lies, and how a Qdrant server that holds it is used.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexSettings {
    /// The gRPC address of a Qdrant server; empty means in the workspace's folder.
    pub url: String,
    /// A file that holds the server's API key and nothing else; empty means none. The environment's `QDRANT_API_KEY` goes before it.
    pub api_key_file: PathBuf,
    /// What the names of the workspace's collections begin with.
    pub prefix: String,
    /// Shards of a collection.
    pub shards: u32,
    /// Copies of each shard that the cluster keeps.
    pub replicas: u32,
    /// Copies that have to confirm a write.
    pub write_consistency: u32,
    /// Passages sent at a time, 1 to 10,000.
    pub batch: usize,
    /// Batches under way at a time, 1 to 64.
    pub in_flight: usize,
    /// Seconds after which a call that the server did not answer is given up, and tried again.
    pub timeout_seconds: u64,
}

impl IndexSettings {
    /// What is impossible about these settings, beginning with the key: nothing where all is well.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let checks = [
            (
                !self.url.contains('@'),
                "url must hold no user or password; the API key has a file of its own",
            ),
            (
                is_address(&self.url),
                "url must be http:// or https:// with a host and a port, as in http://localhost:6334",
            ),
            (
                !self.prefix.is_empty()
                    && self.prefix.len() <= 64
                    && self.prefix.chars().all(named),
                "prefix must be 1 to 64 letters, digits, hyphens and underscores",
            ),
            ((1..=1000).contains(&self.shards), "shards must be between 1 and 1000"),
            ((1..=100).contains(&self.replicas), "replicas must be between 1 and 100"),
            (
                (1..=self.replicas).contains(&self.write_consistency),
                "write_consistency must be between 1 and replicas",
            ),
            ((1..=10_000).contains(&self.batch), "batch must be between 1 and 10000"),
            ((1..=64).contains(&self.in_flight), "in_flight must be between 1 and 64"),
            (
                (1..=3600).contains(&self.timeout_seconds),
                "timeout_seconds must be between 1 and 3600",
            ),
        ];
        checks.into_iter().find(|(possible, _)| !possible).map(|(_, fault)| fault)
    }

    /// Puts another address in place of the one that is set. What is wrong with one that can be none is said.
    pub fn set_url(&mut self, url: &str) -> Result<(), &'static str> {
        url.clone_into(&mut self.url);
        self.fault().map_or(Ok(()), Err)
    }

    pub(crate) fn resolve(&mut self, folder: &Path) {
        if !self.api_key_file.as_os_str().is_empty() {
            self.api_key_file = folder.join(&self.api_key_file);
        }
    }
}

/// Whether `url` is one that a server can be reached at, or none.
fn is_address(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let Some(rest) = rest.map(|rest| rest.strip_suffix('/').unwrap_or(rest)) else {
        return url.is_empty();
    };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    !host.is_empty() && !host.contains(['/', ' ', '?', '#']) && port.is_none_or(is_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_port_that_there_is() {
        let good = [
            "",
            "http://localhost:6334",
            "https://qdrant.example.com/",
            "http://[::1]:6334",
            "http://[::1]",
        ];
        assert!(good.into_iter().all(is_address));
        let bad = [
            "localhost:6334",
            "http://",
            "http://:6334",
            "http://host:99999",
            "http://host:0",
            "http://host:6334/path",
            "ftp://host",
        ];
        for url in bad {
            assert!(!is_address(url), "{url}");
        }
    }
}
