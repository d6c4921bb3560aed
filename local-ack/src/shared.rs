//! What all connections of one server share.

use crate::clock;
use crate::faults::Faults;
use crate::ids;
use crate::log::Log;
use crate::options::Options;
use crate::record::Purchase;
use crate::socket::Socket;
use crate::sync::lock;
use crate::tasks::Tasks;
use crate::verify::Nonces;
use crate::wire::Wire;
use std::io::Write;
use std::sync::Mutex;

pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    pub(crate) nonces: Nonces,
    pub(crate) tasks: Tasks,
    pub(crate) ledger: Mutex<Vec<Purchase>>,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<crate::tls::Tls>,
}

/// A purchase on its way into the ledger.
pub(crate) struct Order<'a> {
    pub(crate) cluster_id: &'a str,
    pub(crate) count: Option<i64>,
    pub(crate) body: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) connection: usize,
}

impl Shared {
    /// Seconds since 1970 by the server's clock.
    pub(crate) fn now(&self) -> i64 {
        clock::now_ms(self.options.clock_offset) / 1000
    }

    /// Starts the task and enters the purchase; the task's id.
    pub(crate) fn execute(&self, order: &Order, request_id: &str) -> String {
        let created_unix_ms = clock::now_ms(self.options.clock_offset);
        // One lock over both, so that ledger and task list agree on the order.
        let mut ledger = lock(&self.ledger);
        let task_id = self.tasks.add(order.cluster_id, order.count, created_unix_ms / 1000);
        ledger.push(Purchase {
            cluster_id: order.cluster_id.into(),
            task_id: task_id.clone(),
            request_id: request_id.into(),
            count: order.count,
            body: order.body.into(),
            nonce: order.nonce.into(),
            connection: order.connection,
            created_unix_ms,
        });
        task_id
    }

    /// An id that belongs to no task: what a server says that did not do what it promises.
    pub(crate) fn invent_task_id(&self) -> String {
        ids::task_id(self.now())
    }

    /// Speaks TLS if this server does; `None` if the client does not manage to. What is to be said
    /// `first` is said before anything is read.
    pub(crate) fn wire(&self, mut socket: Socket, first: Option<&[u8]>) -> Option<Wire> {
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.tls {
            return tls.accept(socket, first);
        }
        socket.write_all(first.unwrap_or_default()).ok()?;
        Some(Wire::Plain(socket))
    }
}
