//! Passwords: what is asked of them, and how they are kept.

use crate::failure::Failure;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::LazyLock;

/// The shortest password, in characters. NIST SP 800-63B asks for 15 where it is the only factor and 8 where it is not,
/// and for no rules on which characters.
const SHORTEST: usize = 12;
/// The longest, in bytes, so that nobody has us hash a book.
const LONGEST: usize = 1024;

/// argon2id with 19 MiB, two passes and one lane: what the OWASP Password Storage Cheat Sheet asks for at the least.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What is wrong with `password`, or nothing.
pub(crate) fn fault(password: &str) -> Option<String> {
    if password.chars().count() < SHORTEST {
        return Some(format!("a password has {SHORTEST} characters or more"));
    }
    (password.len() > LONGEST).then(|| format!("a password has {LONGEST} bytes or fewer"))
}

/// The hash of `password` under a salt of its own, in PHC form.
pub(crate) fn hashed(password: &str) -> Result<String, Failure> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(Failure::internal)?;
    let hash = hasher()?.hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(Failure::internal)?.to_string())
}

/// Whether `password` is the one of `hash`; with no hash or one that cannot be read it is not, after the same work, so that
/// the time tells nobody whether a name is known.
pub(crate) fn matches(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hashed("nobody").unwrap_or_default());
    // Made before it is known whether it is needed: it would else take its time with the first unknown name alone.
    let nobody = NOBODY.as_str();
    if password.len() > LONGEST {
        return false;
    }
    let verified = |hash: &str| {
        let parsed = PasswordHash::new(hash).ok()?;
        Some(hasher().ok()?.verify_password(password.as_bytes(), &parsed).is_ok())
    };
    match hash.and_then(verified) {
        Some(verified) => verified,
        None => {
            verified(nobody);
            false
        }
    }
}

fn hasher() -> Result<Argon2<'static>, Failure> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Failure::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_names_its_parameters_and_knows_its_password_only() {
        let hash = hashed("correct horse battery").expect("is hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hashed("correct horse battery").expect("is hashed"));
        assert!(matches("correct horse battery", Some(&hash)));
        assert!(!matches("correct horse Battery", Some(&hash)));
        assert!(!matches("nobody", None));
        assert!(!matches("", Some("")));
    }

    #[test]
    fn a_password_is_neither_short_nor_a_book() {
        assert_eq!(fault("eleven char").as_deref(), Some("a password has 12 characters or more"));
        assert_eq!(fault("zwölf Zeichen"), None);
        assert!(fault(&"x".repeat(1025)).is_some());
    }
}
