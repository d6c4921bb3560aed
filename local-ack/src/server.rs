//! The handle a test holds.

use crate::acceptor::Acceptor;
use crate::connection::serve;
use crate::fault::Fault;
use crate::options::Options;
use crate::record::{Purchase, Seen};
use crate::shared::Shared;
use crate::sync::lock;
use crate::task_end::TaskEnd;
use serde_json::Value;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// A running server on 127.0.0.1. Dropping it stops it: its connections are closed and its threads
/// joined. Every method may be called from any thread.
///
/// ```
/// let server = local_ack::LocalAck::start()?;
/// server.fault(local_ack::Fault::Reset { executed: true });
/// assert!(server.url().starts_with("http://127.0.0.1:"));
/// assert!(server.ledger().is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct LocalAck {
    shared: Arc<Shared>,
    acceptor: Acceptor,
}

impl LocalAck {
    /// Starts a server with [`Options::default`].
    pub fn start() -> io::Result<LocalAck> {
        LocalAck::with(Options::default())
    }

    /// Starts a server. Fails if the port is taken, or if `tls` is wanted and was not built in.
    pub fn with(options: Options) -> io::Result<LocalAck> {
        let port = options.port;
        #[cfg(not(feature = "tls"))]
        if options.tls {
            let message = "local-ack was built without its feature \"tls\"";
            return Err(io::Error::new(io::ErrorKind::Unsupported, message));
        }
        let shared = Arc::new(Shared {
            #[cfg(feature = "tls")]
            tls: options.tls.then(crate::tls::Tls::new).transpose()?,
            options,
            faults: Default::default(),
            log: Default::default(),
            nonces: Default::default(),
            tasks: Default::default(),
            ledger: Default::default(),
        });
        let own = shared.clone();
        let acceptor = Acceptor::start(port, move |socket, number, stop| {
            serve(socket, number, &own, stop);
        })?;
        Ok(LocalAck { shared, acceptor })
    }

    /// `http://127.0.0.1:PORT`, or `https://localhost:PORT` with TLS.
    pub fn url(&self) -> String {
        match self.shared.options.tls {
            true => format!("https://localhost:{}", self.addr().port()),
            false => format!("http://{}", self.addr()),
        }
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.acceptor.addr()
    }

    /// The certificate authority to trust, as PEM; `None` without TLS. The server's certificate
    /// covers `localhost` and `127.0.0.1`.
    pub fn ca_pem(&self) -> Option<&str> {
        #[cfg(feature = "tls")]
        return self.shared.tls.as_ref().map(|tls| tls.ca_pem.as_str());
        #[cfg(not(feature = "tls"))]
        None
    }

    /// Queues a fault; each ScaleOutCluster request of a cluster without faults of its own takes
    /// the next one.
    pub fn fault(&self, fault: Fault) {
        self.shared.faults.push(fault);
    }

    /// Queues a fault for one cluster. While there are such, the common queue is left alone.
    pub fn fault_for(&self, cluster_id: &str, fault: Fault) {
        self.shared.faults.push_for(cluster_id, fault);
    }

    /// Queues a fault for the requests that look at tasks. Its `executed` means nothing.
    pub fn fault_for_reads(&self, fault: Fault) {
        self.shared.faults.push_for_reads(fault);
    }

    /// Lets each request that looks at tasks take this fault where that queue is empty, from now on.
    pub fn fault_for_every_read(&self, fault: Fault) {
        self.shared.faults.keep_for_reads(fault);
    }

    /// Forgets every fault.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// What was executed, in order.
    pub fn ledger(&self) -> Vec<Purchase> {
        lock(&self.shared.ledger).clone()
    }

    /// The last 65,536 requests whose heads were read completely, refused ones included, in order
    /// of arrival. Control requests are not among them.
    pub fn requests(&self) -> Vec<Seen> {
        self.shared.log.all()
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> usize {
        self.acceptor.accepted()
    }

    /// How many of them the server has not closed. What it closed, a client on this machine finds
    /// closed.
    pub fn open_connections(&self) -> usize {
        self.acceptor.open()
    }

    /// Starts a task that no request asked for, as when somebody else scales the same cluster.
    pub fn add_task(&self, cluster_id: &str) -> String {
        self.shared.tasks.add(cluster_id, None, self.shared.now())
    }

    /// Adds a task for `count` nodes that was created `age` ago.
    pub fn add_earlier_task(&self, cluster_id: &str, count: i64, age: Duration) -> String {
        self.shared.tasks.add_aged(cluster_id, Some(count), self.shared.now(), age)
    }

    /// Says how a task ends once its time is over.
    pub fn plan_task(&self, task_id: &str, end: TaskEnd) {
        self.shared.tasks.plan(task_id, end);
    }

    /// Fixes a task's state and lays the members of `patch` (an object) over its document, in place
    /// of those of an earlier call. False if there is no such task.
    pub fn set_task(&self, task_id: &str, state: &str, patch: Value) -> bool {
        let patch = patch.as_object().cloned().unwrap_or_default();
        self.shared.tasks.force(task_id, state, patch)
    }
}
