//! Connections: how many there may be at a time, how long one may take to say what it wants, and to take what it is given.

mod stalled;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use stalled::NotStalled;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Connections at a time; one more is taken up when one of them ends. The record and the index need files open, too, and a
/// process has a thousand as a rule.
const AT_A_TIME: usize = 512;
/// How long a connection has for a request's line and headers, from its first moment or from the answer before. Servers in
/// front keep a connection unused for a minute (nginx), and are not to find it closed.
pub(crate) const HEADERS: Duration = Duration::from_secs(75);
/// How long the other side may take nothing of an answer.
const STALLED: Duration = Duration::from_secs(60);
/// How long answers under way have once the server is to stop.
const CLOSING: Duration = Duration::from_secs(30);

/// Answers by `router` who connects to `listener`, until `stop`; then what is under way is brought to its end. A connection
/// that takes longer than `patience` to say what it wants is closed.
pub(crate) async fn answer(
    mut listener: TcpListener,
    router: Router,
    patience: Duration,
    stop: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience);
    let service = TowerToHyperService::new(router);
    let places = Arc::new(Semaphore::new(AT_A_TIME));
    let under_way = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, Listener::accept(&mut listener).await)
        };
        let (place, (stream, peer)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let service = service.clone();
        let asked = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            service.call(request)
        });
        let stream = TokioIo::new(NotStalled::new(stream, STALLED));
        let connection = under_way.watch(http.serve_connection(stream, asked));
        tokio::spawn(async move {
            let _place = place;
            if let Err(fault) = connection.await {
                tracing::debug!("a connection broke off: {fault}");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(CLOSING, under_way.shutdown()).await.is_err() {
        tracing::warn!("answers that were still under way are given up");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::net::SocketAddr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;

    const SHORT: Duration = Duration::from_millis(100);

    /// A server that says who asks, where it listens, and what stops it.
    async fn server(patience: Duration) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let router = Router::new()
            .route("/", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(answer(listener, router, patience, async {
            let _ = stopped.await;
        }));
        (address, stop, serving)
    }

    async fn said(address: SocketAddr, request: &str) -> (String, String) {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        let own = stream.local_addr().expect("an address").to_string();
        stream.write_all(request.as_bytes()).await.expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("it closes");
        (own, answer)
    }

    #[tokio::test]
    async fn who_does_not_say_what_they_want_is_not_waited_for() {
        let (address, _stop, _serving) = server(SHORT).await;
        for unfinished in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: here\r\nX: ", "\r\n"] {
            let (_, answer) = said(address, unfinished).await;
            assert!(!answer.contains("200 OK"), "{answer}");
        }
        // One that is not used after its answer is closed, too.
        let (own, answer) = said(address, "GET / HTTP/1.1\r\nHost: here\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(&own), "{answer}");
    }

    #[tokio::test]
    async fn one_that_is_to_stop_closes_what_is_unused_and_ends() {
        let (address, stop, serving) = server(HEADERS).await;
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        stream.write_all(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n").await.expect("it reads");
        assert_eq!(stream.read_u8().await.expect("an answer"), b'H');
        stop.send(()).expect("it runs");
        let mut rest = String::new();
        stream.read_to_string(&mut rest).await.expect("it closes");
        serving.await.expect("it ends");
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens");
    }
}
