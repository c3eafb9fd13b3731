//! Whom connections to the outside trust: the certificates that the system trusts, so that they work behind the proxies of
//! companies too.

use std::sync::Arc;
use ureq::tls::{RootCerts, TlsConfig};

/// TLS for an HTTP client of ours.
pub(crate) fn trust() -> TlsConfig {
    TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}
