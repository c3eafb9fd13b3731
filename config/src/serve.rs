use crate::OidcSettings;
use serde::Deserialize;
use std::net::IpAddr;

/// How the web app is reached, where something stands before it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServeSettings {
    /// The name that browsers ask under, with a port where they give one; empty means the address that is listened on.
    pub host: String,
    /// Whether a server in front speaks TLS, so that cookies may be kept to it.
    pub https: bool,
    /// The address of the server in front, whose `X-Forwarded-For` is believed; empty means none.
    pub proxy: String,
    /// The service that says who somebody is, in place of a password here.
    pub oidc: OidcSettings,
}

impl ServeSettings {
    /// What is impossible about these settings, beginning with the key: nothing where all is well.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let in_host = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        if !self.host.chars().all(in_host) {
            return Some(
                "host must be a name or address, with a port or without, as in evidence.example.com",
            );
        }
        let is_proxy = self.proxy.is_empty() || self.proxy_address().is_some();
        if !is_proxy {
            return Some("proxy must be an address, as in 127.0.0.1");
        }
        self.oidc.fault()
    }

    /// The address of the server in front.
    pub fn proxy_address(&self) -> Option<IpAddr> {
        Some(self.proxy.parse::<IpAddr>().ok()?.to_canonical())
    }
}
