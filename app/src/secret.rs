//! Secrets that are drawn: of sessions, tokens and the printed address. Only their digests are ever kept.

use crate::failure::Failure;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A secret nobody can guess: 256 bits from the system, as 64 hexadecimal digits.
pub(crate) fn drawn() -> Result<String, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::internal(format!("the system gives no random bytes: {error}")))?;
    Ok(hexadecimal(&bytes))
}

/// What is kept of a secret: its SHA-256, as 64 hexadecimal digits. A drawn secret has no words to try, so no slow hash is
/// needed.
pub(crate) fn digest(secret: &str) -> String {
    hexadecimal(&Sha256::digest(secret))
}

/// What the forms of a session send along: made from its secret, and leads back to neither secret nor digest.
pub(crate) fn csrf_token(secret: &str) -> String {
    hexadecimal(&Sha256::new().chain_update("forms of ").chain_update(secret).finalize())
}

/// Whether two secrets are one, in a time that does not tell how much of them agrees.
pub(crate) fn same(one: &str, other: &str) -> bool {
    digest(one) == digest(other)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_long_and_new_and_what_is_made_from_it_differs() {
        let secret = drawn().expect("is drawn");
        assert_eq!(secret.len(), 64);
        assert_ne!(secret, drawn().expect("is drawn"));
        assert_eq!(digest("").get(..8), Some("e3b0c442"));
        let token = csrf_token(&secret);
        assert!(token != digest(&secret) && token == csrf_token(&secret));
        assert!(same(&secret, &secret.clone()) && !same(&secret, &token));
    }
}
