//! A Qdrant server inside the process of a test: the services of Qdrant's own protocol over a small exact engine in
//! memory.
//!
//! It is never shipped and finds nothing quickly: it holds every vector against every query. It exists so that what
//! speaks to a Qdrant server is run against the wire on every machine, also where no such server is, and so that a
//! test can decide when the server fails. What it answers is what Qdrant 1.16 answers, as far as it goes; where it
//! does not go that far it refuses by name (`UNIMPLEMENTED`) instead of answering something else. It differs in this:
//! searches are exact and not approximate, quantisation and the like are kept and given back without effect, equal
//! scores are ordered by point id, rarity of words is counted over the whole collection and not for each shard, a
//! write is visible once it is answered whether `wait` is asked for or not, and a batch is taken whole or not at all
//! where one of its points is wrong.

mod answer;
mod calls;
mod collection;
mod collections;
mod engine;
mod faults;
mod fields;
mod filter;
mod health;
mod id;
mod moment;
mod points;
mod query;
mod refusal;
mod scoring;
mod shared;
mod vectors;

pub(crate) use calls::{Call, Traffic};
pub(crate) use engine::Engine;
#[allow(unused_imports, reason = "not every test holds calls back")]
pub(crate) use faults::{Calls, Faults, Gate};
pub(crate) use vectors::Stored;

use qdrant_client::qdrant::collections_server::CollectionsServer;
use qdrant_client::qdrant::points_server::PointsServer;
use qdrant_client::qdrant::qdrant_server::QdrantServer;
use shared::Shared;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};
use tonic::codec::CompressionEncoding;
use tonic::transport::server::TcpIncoming;

/// A running server. Dropping it stops it.
pub(crate) struct Server {
    address: SocketAddr,
    held: Arc<TcpSocket>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What outlives a server: what it stores, where it listens and how it introduces itself.
#[derive(Clone, Debug)]
pub(crate) struct State {
    engine: Engine,
    /// What holds its port while it is down, so that nothing else is given it; none: any port that is free.
    held: Option<Arc<TcpSocket>>,
    version: String,
    api_key: Option<String>,
}

impl Default for State {
    /// Nothing stored, any free port, version 1.16.3, no API key.
    fn default() -> Self {
        State { engine: Engine::default(), held: None, version: "1.16.3".to_owned(), api_key: None }
    }
}

impl State {
    /// The same server with nothing stored, as after its disk was lost.
    pub(crate) fn emptied(self) -> Self {
        State { engine: Engine::default(), ..self }
    }

    /// The same server, of another version.
    pub(crate) fn version(self, version: &str) -> Self {
        State { version: version.to_owned(), ..self }
    }

    /// The same server, which answers those alone who send this key. A health check needs none, as with Qdrant.
    pub(crate) fn api_key(self, key: &str) -> Self {
        State { api_key: Some(key.to_owned()), ..self }
    }
}

impl Server {
    /// An empty server on a free port of 127.0.0.1, which takes connections when this returns.
    pub(crate) fn start() -> Self {
        Self::start_with(State::default())
    }

    /// A server with this state; on the port it had, where the state is that of a stopped one.
    pub(crate) fn start_with(state: State) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("qdrant-server")
            .enable_all()
            .build()
            .expect("a runtime starts");
        let held =
            state.held.clone().unwrap_or_else(|| Arc::new(bound((Ipv4Addr::LOCALHOST, 0).into())));
        let address = held.local_addr().expect("what is bound has an address");
        let incoming = {
            let _entered = runtime.enter();
            TcpIncoming::from(
                bound(address).listen(1024).expect("the port is held for this server alone"),
            )
        };
        let shared = Arc::new(Shared::new(state));
        let served = Arc::clone(&shared);
        let thread = std::thread::spawn(move || serve(runtime, incoming, &served));
        Server { address, held, shared, thread: Some(thread) }
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens, as an address.
    #[allow(dead_code, reason = "only the server's own tests look at it")]
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What is to go wrong from now on.
    pub(crate) fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// What was asked of this server since it started.
    pub(crate) fn traffic(&self) -> Traffic {
        self.shared.log.traffic()
    }

    /// Waits until what was asked of this server is so.
    ///
    /// # Panics
    ///
    /// Where it is not within half a minute.
    pub(crate) fn wait_until(&self, so: impl Fn(&Traffic) -> bool) {
        self.shared.log.wait_until(so);
    }

    /// What is stored now.
    pub(crate) fn engine(&self) -> Engine {
        self.shared.engine().clone()
    }

    /// Changes what is stored behind the back of every client.
    pub(crate) fn alter(&self, change: impl FnOnce(&mut Engine)) {
        change(&mut self.shared.engine());
    }

    /// Cuts every connection at once, as when the process is killed, and gives what the server had stored until then.
    pub(crate) fn stop(mut self) -> State {
        self.end();
        State { held: Some(Arc::clone(&self.held)), ..self.shared.state() }
    }

    fn end(&mut self) {
        self.shared.stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the server's thread panicked");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// A socket with this address that does not listen. Several may have one address: the first holds the port from the
/// server's start until nothing of the server is left, as a port that is let go and asked for again a moment later may
/// have gone to another test meanwhile; what connects to a held port where nobody listens is refused.
fn bound(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket is made");
    socket.set_reuseaddr(true).expect("an address may be shared");
    #[cfg(unix)]
    socket.set_reuseport(true).expect("a port may be shared");
    socket.bind(address).expect("the address is free");
    socket
}

/// Answers until it is told to stop. The runtime goes with it, and with the runtime every connection.
fn serve(runtime: Runtime, incoming: TcpIncoming, shared: &Arc<Shared>) {
    let points = PointsServer::from_arc(Arc::clone(shared))
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip)
        .max_decoding_message_size(usize::MAX);
    let collections = CollectionsServer::from_arc(Arc::clone(shared))
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip);
    let health = QdrantServer::from_arc(Arc::clone(shared))
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip);
    let router = tonic::transport::Server::builder()
        .add_service(points)
        .add_service(collections)
        .add_service(health);
    runtime.block_on(async {
        tokio::select! {
            served = router.serve_with_incoming(incoming) => served.expect("the server serves"),
            () = shared.stopped() => {}
        }
    });
}
