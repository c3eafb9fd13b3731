//! The names under which we are asked. A page of somebody else's that has its own name point at this machine (DNS rebinding)
//! asks under that name, and is refused.

use crate::web::guard::refusal::{self, Reader};
use crate::web::{Fault, Shared};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};

/// The names of this server.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    /// With their ports, in small letters.
    names: Vec<String>,
    /// Whether any address will do: on all of a machine's interfaces, it is not known under which one is asked. Who rebinds
    /// needs a name.
    any_address: bool,
    /// Whether pages come over TLS, by a server in front.
    https: bool,
}

impl Hosts {
    /// Those of a server that listens on `listen` and that the settings call `name` (with or without a port; empty for
    /// none).
    pub(crate) fn of(listen: SocketAddr, name: &str, https: bool) -> Self {
        let (ip, port) = (listen.ip().to_canonical(), listen.port());
        let mut names =
            vec![name.to_ascii_lowercase(), format!("{}:{port}", name.to_ascii_lowercase())];
        if name.is_empty() {
            names.clear();
        }
        let mut own = vec![SocketAddr::new(ip, port).to_string()];
        if ip.is_loopback() || ip.is_unspecified() {
            own.extend(["localhost", "127.0.0.1", "[::1]"].map(|name| format!("{name}:{port}")));
        }
        if port == 80 {
            own.extend(
                own.clone().iter().filter_map(|name| Some(name.strip_suffix(":80")?.to_owned())),
            );
        }
        names.append(&mut own);
        Self { names, any_address: ip.is_unspecified(), https }
    }

    /// Whether `host` (of the header of that name) is one of ours.
    fn know(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.names.contains(&host) || (self.any_address && is_address(&host))
    }

    /// Whether a request that changes something comes from a page of ours, or from no page at all. Browsers say where it
    /// comes from; other programs do not, and nobody can make them ask.
    fn is_own(&self, headers: &HeaderMap, host: &str) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        if let Some(site) = text("sec-fetch-site") {
            return ["same-origin", "none"].contains(&site);
        }
        let Some(origin) = text("origin") else { return true };
        let origin = origin.to_ascii_lowercase();
        let rest = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://").filter(|_| !self.https));
        rest == Some(host.to_ascii_lowercase().as_str())
    }
}

/// Whether `host` is an address with or without a port, and no name.
fn is_address(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.parse::<IpAddr>().is_ok() || host.parse::<SocketAddr>().is_ok()
}

/// Whether a request of this method may change something.
pub(super) fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses requests under another name, and changes that another site's page asks for.
pub(super) async fn check(State(web): State<Shared>, request: Request, next: Next) -> Response {
    let reader = Reader::of(request.uri(), request.headers());
    match fault(&web.guard.hosts, &request) {
        None => next.run(request).await,
        Some(fault) => refusal::answer(reader, fault),
    }
}

fn fault(hosts: &Hosts, request: &Request) -> Option<Fault> {
    let headers = request.headers();
    let named = request.uri().authority().map(|authority| authority.as_str());
    let mut given =
        headers.get_all(header::HOST).iter().map(|host| host.to_str().unwrap_or_default());
    let host = given.next();
    let agreed = match (host, named) {
        (Some(host), Some(named)) => (host == named).then_some(host),
        (host, named) => host.or(named),
    };
    let known = agreed.filter(|host| given.next().is_none() && hosts.know(host));
    let Some(host) = known else {
        return Some(Fault::new(
            StatusCode::MISDIRECTED_REQUEST,
            "This server is not asked under that name",
            "Open the address that `sufficit serve` printed. Another name can be given as host under [serve] in the settings.",
        ));
    };
    if is_unsafe(request.method()) && !hosts.is_own(headers, host) {
        return Some(Fault::new(
            StatusCode::FORBIDDEN,
            "This was sent by the page of another site, and nothing was changed",
            "Do it on a page of this app.",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn hosts(listen: &str, name: &str) -> Hosts {
        Hosts::of(listen.parse().expect("an address"), name, false)
    }

    fn knows(hosts: &Hosts, names: &[&str]) -> Vec<bool> {
        names.iter().map(|name| hosts.know(name)).collect()
    }

    #[test]
    fn on_the_loopback_only_its_names_with_the_port_are_known() {
        let hosts = hosts("127.0.0.1:8642", "");
        let ours = ["localhost:8642", "127.0.0.1:8642", "[::1]:8642", "LOCALHOST:8642"];
        assert_eq!(knows(&hosts, &ours), [true; 4]);
        let others = [
            "",
            "localhost",
            "localhost:80",
            "evil.example:8642",
            "10.0.0.1:8642",
            "localhost.:8642",
        ];
        assert_eq!(knows(&hosts, &others), [false; 6]);
    }

    #[test]
    fn a_name_from_the_settings_is_known_and_on_all_interfaces_every_address() {
        let named = hosts("127.0.0.1:8642", "Evidence.example.com");
        assert_eq!(
            knows(&named, &["evidence.example.com", "evidence.example.com:8642"]),
            [true; 2]
        );
        assert_eq!(knows(&named, &["evidence.example.com:80", "other.example.com"]), [false; 2]);
        let wide = hosts("0.0.0.0:8642", "");
        let addresses =
            ["192.168.7.1:8642", "[fe80::1]:8642", "10.0.0.1", "[::1]", "localhost:8642"];
        assert_eq!(knows(&wide, &addresses), [true; 5]);
        assert_eq!(
            knows(&wide, &["evil.example:8642", "evil.example", "1.2.3.4.evil.example"]),
            [false; 3]
        );
        assert_eq!(knows(&hosts("127.0.0.1:80", ""), &["localhost", "localhost:80"]), [true; 2]);
    }

    fn status(method: Method, headers: &[(&str, &str)]) -> Option<StatusCode> {
        let mut request = Request::builder().method(method).uri("/decisions");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        fault(&hosts("127.0.0.1:8642", ""), &request).map(|fault| fault.status)
    }

    #[test]
    fn changes_come_from_our_own_pages_or_from_no_page() {
        const HOST: (&str, &str) = ("host", "localhost:8642");
        let post = |header| status(Method::POST, &[HOST, header]);
        let refused = Some(StatusCode::FORBIDDEN);
        assert_eq!(status(Method::POST, &[HOST]), None);
        assert_eq!(post(("origin", "http://localhost:8642")), None);
        assert_eq!(post(("sec-fetch-site", "same-origin")), None);
        assert_eq!(post(("origin", "http://evil.example")), refused);
        assert_eq!(post(("origin", "http://localhost:3000")), refused);
        assert_eq!(post(("origin", "null")), refused);
        assert_eq!(post(("sec-fetch-site", "same-site")), refused);
        assert_eq!(post(("sec-fetch-site", "cross-site")), refused);
        assert_eq!(status(Method::GET, &[HOST, ("sec-fetch-site", "cross-site")]), None);
    }

    #[test]
    fn one_host_is_given_and_no_other() {
        let misdirected = Some(StatusCode::MISDIRECTED_REQUEST);
        assert_eq!(status(Method::GET, &[]), misdirected);
        assert_eq!(status(Method::GET, &[("host", "evil.example:8642")]), misdirected);
        let two = [("host", "localhost:8642"), ("host", "evil.example")];
        assert_eq!(status(Method::GET, &two), misdirected);
    }
}
