//! Connections: how many there may be at a time, how long one may take to say what it wants, and to take what it is given.

mod places;
mod stalled;

pub(crate) use places::Places;

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
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Notify;

/// How long a connection may take to say what it wants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// From its first moment.
    first: Duration,
    /// From the answer before.
    next: Duration,
}

/// Whoever connects wants something, and says so at once. Servers in front keep a connection unused for a minute (nginx), and
/// are not to find it closed.
pub(crate) const PATIENCE: Patience =
    Patience { first: Duration::from_secs(20), next: Duration::from_secs(75) };
/// Bytes of an answer that the system keeps for whoever is to take them (Linux takes twice as many). It says that something was
/// taken only when a third of them is gone: with as many as it keeps by itself, whoever takes 20 KiB a second would seem to
/// take nothing for [`STALLED`].
const SEND_BUFFER: u32 = 128 << 10;
/// Connections that wait to be taken up.
const IN_LINE: u32 = 1024;
/// How long the other side may take nothing of an answer.
const STALLED: Duration = Duration::from_secs(60);
/// How long answers under way have once the server is to stop.
const CLOSING: Duration = Duration::from_secs(30);

/// What takes up connections at `address`.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that was just stopped can be started again; elsewhere than on Unix this would mean something else.
    if cfg!(unix) {
        socket.set_reuseaddr(true)?;
    }
    // What it takes up has the same.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(IN_LINE)
}

/// Answers by `router` who connects to `listener` and finds a place in `places`, until `stop`; then what is under way is brought
/// to its end. A connection that takes longer than `patience` to say what it wants is closed.
pub(crate) async fn answer(
    mut listener: TcpListener,
    router: Router,
    patience: Patience,
    mut places: Places,
    stop: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience.next);
    let service = TowerToHyperService::new(router);
    let under_way = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let next = async {
            places.wait().await;
            Listener::accept(&mut listener).await
        };
        let (stream, peer) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let Some(place) = places.take(peer.ip()) else { continue };
        let service = service.clone();
        let said = Arc::new(Notify::new());
        let says = Arc::clone(&said);
        let asked = service_fn(move |mut request: Request<Incoming>| {
            says.notify_one();
            request.extensions_mut().insert(ConnectInfo(peer));
            service.call(request)
        });
        let stream = TokioIo::new(NotStalled::new(stream, STALLED));
        let connection = under_way.watch(http.serve_connection(stream, asked));
        tokio::spawn(async move {
            let _place = place;
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = &mut connection => ended,
                () = said.notified() => connection.await,
                () = tokio::time::sleep(patience.first) => return,
            };
            if let Err(fault) = ended {
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
    const LONG: Duration = Duration::from_secs(3600);

    /// A server that says who asks, where it listens, and what stops it.
    async fn server(patience: Patience) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let router = Router::new()
            .route("/", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()));
        let listener = listen("127.0.0.1:0".parse().expect("an address")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(answer(listener, router, patience, Places::new(None), async {
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
        for patience in
            [Patience { first: SHORT, next: LONG }, Patience { first: LONG, next: SHORT }]
        {
            let (address, _stop, _serving) = server(patience).await;
            for unfinished in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: here\r\nX: ", "\r\n"] {
                let (_, answer) = said(address, unfinished).await;
                assert!(!answer.contains("200 OK"), "{answer}");
            }
        }
        // One that is not used after its answer is closed, too, and has longer than at first.
        let (address, _stop, _serving) = server(Patience { first: LONG, next: SHORT }).await;
        let (own, answer) = said(address, "GET / HTTP/1.1\r\nHost: here\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(&own), "{answer}");
    }

    #[tokio::test]
    async fn one_that_is_to_stop_closes_what_is_unused_and_ends() {
        let (address, stop, serving) = server(Patience { first: LONG, next: LONG }).await;
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        stream.write_all(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n").await.expect("it reads");
        assert_eq!(stream.read_u8().await.expect("an answer"), b'H');
        stop.send(()).expect("it runs");
        let mut rest = String::new();
        stream.read_to_string(&mut rest).await.expect("it closes");
        // Sooner than what is under way would be given up.
        let ended = tokio::time::timeout(CLOSING / 2, serving).await;
        ended.expect("at once").expect("it ends");
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens");
    }

    #[tokio::test]
    async fn a_connection_that_said_what_it_wants_is_not_held_to_its_first_moments() {
        let (address, _stop, _serving) = server(Patience { first: SHORT, next: LONG }).await;
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        let ask = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n";
        stream.write_all(ask).await.expect("it reads");
        assert_eq!(stream.read_u8().await.expect("an answer"), b'H');
        // By when one that says nothing is closed, this one is still answered.
        let (_, answer) = said(address, "").await;
        assert_eq!(answer, "");
        stream.write_all(ask).await.expect("it reads");
        let mut rest = [0; 256];
        let mut heard = "H".to_owned();
        while heard.matches("200 OK").count() < 2 {
            let count = stream.read(&mut rest).await.expect("an answer");
            assert!(count > 0, "it was closed after {heard}");
            heard += &String::from_utf8_lossy(&rest[..count]);
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn no_more_is_kept_for_a_slow_reader_than_it_takes_in_a_minute() {
        let listener = listen("127.0.0.1:0".parse().expect("an address")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let _far = TcpStream::connect(address).await.expect("it listens");
        let (near, _) = listener.accept().await.expect("it is taken up");
        let kept = TcpSocket::from_std_stream(near.into_std().expect("is open"));
        assert_eq!(kept.send_buffer_size().expect("is known"), 2 * SEND_BUFFER);
    }
}
