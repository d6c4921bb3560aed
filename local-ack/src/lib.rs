//! A loopback stand-in for Alibaba Cloud's Container Service: ScaleOutCluster and the two calls
//! that look at tasks.
//!
//! It verifies every signature with code of its own, keeps a ledger of what was executed, and fails
//! in the ways real networks and gateways fail, on request. It listens on 127.0.0.1 only.
//!
//! ```text
//! server       the handle: start, queue faults, read the ledger
//! connection   one thread a connection: http (read) -> service (verify, run) -> bend, deliver (answer)
//! verify       the gateway's checks, over the stages in signature
//! fault        what can go wrong; fault_text and fault_parse name it; faults queues it; bend and deliver do it
//! control      the routes under /_local-ack/
//! acceptor     listening and stopping, shared with the two proxies
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod acceptor;
mod bend;
mod clock;
mod closed_port;
mod connect_proxy;
mod connection;
mod control;
mod created;
mod delay_proxy;
mod deliver;
mod fault;
mod fault_parse;
mod fault_text;
mod faults;
mod http;
mod ids;
mod log;
mod mask;
mod options;
mod percent;
mod record;
mod refusal;
mod reply;
mod route;
mod server;
mod service;
mod shared;
pub mod signature;
mod socket;
mod sync;
mod task_document;
mod task_end;
mod tasks;
#[cfg(feature = "tls")]
mod tls;
mod unasked;
mod verify;
mod wire;
mod xml;

pub use closed_port::ClosedPort;
pub use connect_proxy::{ConnectProxy, ProxyOptions};
pub use created::Created;
pub use delay_proxy::DelayProxy;
pub use fault::{Fault, Shape};
pub use options::Options;
pub use record::{Purchase, Seen};
pub use server::LocalAck;
pub use task_end::TaskEnd;
pub use unasked::Unasked;
