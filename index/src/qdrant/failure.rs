use crate::IndexError;
use qdrant_client::QdrantError;
use std::time::Duration;

/// Numbers of gRPC for what can go wrong.
mod code {
    pub(super) const CANCELLED: i32 = 1;
    pub(super) const UNKNOWN: i32 = 2;
    pub(super) const INVALID_ARGUMENT: i32 = 3;
    pub(super) const DEADLINE_EXCEEDED: i32 = 4;
    pub(super) const NOT_FOUND: i32 = 5;
    pub(super) const ALREADY_EXISTS: i32 = 6;
    pub(super) const PERMISSION_DENIED: i32 = 7;
    pub(super) const RESOURCE_EXHAUSTED: i32 = 8;
    pub(super) const FAILED_PRECONDITION: i32 = 9;
    pub(super) const ABORTED: i32 = 10;
    pub(super) const INTERNAL: i32 = 13;
    pub(super) const UNAVAILABLE: i32 = 14;
    pub(super) const UNAUTHENTICATED: i32 = 16;
}

/// What the client says, as an internal fault, where it is the connection that failed.
const CONNECTION: [&str; 4] = [UNCONNECTED, "transport error", "h2 protocol", "connection"];
/// What a cluster says, as an internal fault, while its nodes have yet to agree: on who leads them, or on a change.
const UNSETTLED: [&str; 4] = ["consensus", "leader is not established", "timeout", "timed out"];
/// How the client begins where there was no connection at all.
const UNCONNECTED: &str = "Failed to connect to ";
/// How the client begins where it has no certificates to trust.
const UNTRUSTED: &str = "Failed to create TLS config";
/// What to say where one broke off.
const BROKEN_OFF: &str = "the Qdrant server broke off the connection, as one does whose port is not that of gRPC (6334 as a rule)";
const NO_ANSWER: &str = "the Qdrant server did not answer in time";
/// Longer messages of a server are cut, in characters.
const LONGEST_MESSAGE: usize = 300;

/// Why the server did not do what it was asked.
#[derive(Debug)]
pub(super) struct Failure {
    url: String,
    code: i32,
    what: String,
    /// How long the server asks to be left alone.
    pub(super) wait: Option<Duration>,
    attempts: u32,
}

impl Failure {
    pub(super) fn new(url: &str, fault: QdrantError) -> Self {
        let failure = |code, message: &str, wait| Self {
            url: url.to_owned(),
            code,
            what: message.to_owned(),
            wait,
            attempts: 1,
        };
        match fault {
            QdrantError::ResponseError { status } => {
                failure(status.code() as i32, status.message(), None)
            }
            QdrantError::ResourceExhaustedError { status, retry_after_seconds } => {
                let wait = Some(Duration::from_secs(retry_after_seconds));
                failure(code::RESOURCE_EXHAUSTED, status.message(), wait)
            }
            other => failure(code::INVALID_ARGUMENT, &other.to_string(), None),
        }
    }

    /// A request that the server did not answer in time, or took and had not done in time.
    pub(super) fn late(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            code: code::DEADLINE_EXCEEDED,
            what: String::new(),
            wait: None,
            attempts: 1,
        }
    }

    /// The same, after so many attempts.
    pub(super) fn after(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// Whether the same request may well succeed in a moment.
    pub(super) fn passes(&self) -> bool {
        match self.code {
            code::CANCELLED
            | code::UNKNOWN
            | code::DEADLINE_EXCEEDED
            | code::RESOURCE_EXHAUSTED
            | code::FAILED_PRECONDITION
            | code::ABORTED
            | code::UNAVAILABLE => true,
            code::INTERNAL => self.is_of_connection() || self.is_unsettled(),
            _ => false,
        }
    }

    /// Whether what was asked about is not there.
    pub(super) fn is_absence(&self) -> bool {
        self.code == code::NOT_FOUND
    }

    /// Whether what was to be made is there already. Servers before 1.17 call that a wrong argument.
    pub(super) fn is_presence(&self) -> bool {
        self.code == code::ALREADY_EXISTS
            || self.code == code::INVALID_ARGUMENT && self.what.contains("already exists")
    }

    fn is_of_connection(&self) -> bool {
        CONNECTION.iter().any(|words| self.what.contains(words))
    }

    /// Whether nodes of a cluster have yet to agree.
    fn is_unsettled(&self) -> bool {
        let said = self.what.to_lowercase();
        self.code == code::FAILED_PRECONDITION
            || self.code == code::INTERNAL && UNSETTLED.iter().any(|words| said.contains(words))
    }

    /// What happened, and what to do about it where that is known.
    fn sentence(&self) -> String {
        let detail = detail(&self.what);
        match self.code {
            code::UNAUTHENTICATED | code::PERMISSION_DENIED => {
                "the Qdrant server refuses the API key, which is missing, wrong or not allowed to write".into()
            }
            _ if [UNCONNECTED, UNTRUSTED].iter().any(|words| self.what.starts_with(words)) => {
                format!("the Qdrant server cannot be reached: {detail}")
            }
            code::CANCELLED if self.what.contains("Timeout") => NO_ANSWER.into(),
            code::DEADLINE_EXCEEDED => NO_ANSWER.into(),
            code::CANCELLED | code::UNKNOWN => format!("{BROKEN_OFF}: {detail}"),
            code::INTERNAL if self.is_of_connection() => format!("{BROKEN_OFF}: {detail}"),
            code::RESOURCE_EXHAUSTED => {
                format!("the Qdrant server has more to do than it can: {detail}")
            }
            _ if self.is_unsettled() => {
                format!("the nodes of the Qdrant cluster do not agree yet; try again in a while: {detail}")
            }
            code::UNAVAILABLE => format!("the Qdrant server is not available: {detail}"),
            code::NOT_FOUND => format!(
                "the Qdrant server no longer has what is asked for, which another process may have made anew; start again: {detail}"
            ),
            _ => format!("the Qdrant server refuses: {detail}"),
        }
    }
}

impl From<Failure> for IndexError {
    fn from(failure: Failure) -> Self {
        let mut what = failure.sentence();
        if failure.attempts > 1 {
            what = format!("{what} (tried {} times)", failure.attempts);
        }
        Self::Server { url: failure.url, what }
    }
}

/// What to say of a request that ended without a result.
pub(super) fn broken_off(url: &str) -> IndexError {
    IndexError::Server { url: url.to_owned(), what: "the request was broken off".into() }
}

/// What is in a message for people: of the nested descriptions of a connection that failed only the innermost, which the
/// system gave.
fn detail(message: &str) -> String {
    let innermost = |message: &str| -> Option<String> {
        let nested = message.strip_prefix(UNCONNECTED)?;
        let quoted = nested.trim_end_matches([' ', ')', '}']).strip_suffix('"');
        if let Some((_, quoted)) = quoted.and_then(|nested| nested.rsplit_once('"')) {
            return Some(quoted.to_owned());
        }
        let reason = nested.rsplit_once("error: ")?.1.strip_suffix(" }))")?;
        Some(format!("TLS failed: {reason}"))
    };
    let words = innermost(message).unwrap_or_else(|| message.to_owned());
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return "it does not say why".into();
    }
    words.chars().take(LONGEST_MESSAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_connection_that_failed_the_innermost_reason_is_told() {
        let says = |nested: &str| {
            detail(&format!("Failed to connect to http://h:1/: tonic::transport::Error({nested}"))
        };
        let os = r#"Transport, ConnectError(ConnectError("tcp connect error", 127.0.0.1:1, Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })))"#;
        assert_eq!(says(os), "Connection refused");
        let dns = r#"Transport, ConnectError(ConnectError("dns error", Custom { kind: Uncategorized, error: "failed to lookup address information: Name or service not known" })))"#;
        assert_eq!(says(dns), "failed to lookup address information: Name or service not known");
        let tls = "Transport, ConnectError(Custom { kind: InvalidData, error: InvalidCertificate(UnknownIssuer) }))";
        assert_eq!(says(tls), "TLS failed: InvalidCertificate(UnknownIssuer)");
        assert!(says("something new").ends_with("Error(something new"));
        assert_eq!(detail("Wrong input:\n too  few"), "Wrong input: too few");
        assert_eq!(detail(" "), "it does not say why");
        assert_eq!(detail(&"x".repeat(1000)).len(), LONGEST_MESSAGE);
    }
}
