//! The process's idle connections, and the dialers that make new ones. A child made by `fork` starts
//! with neither: two processes on one connection would read each other's replies.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::unversioned::transport::Transport;

use super::connect::Dialer;
use super::tls::{self, ConnectionKey, Version};
use crate::os::fork::PerProcess;

/// Servers close idle connections; one that was idle longer is not worth a purchase.
const IDLE: Duration = Duration::from_secs(5);
/// Enough for every thread of a busy host.
const MOST_IDLE: usize = 64;
/// Ways of trusting and proxies kept at once; a process uses one or two.
const MOST_DIALERS: usize = 16;

static POOL: PerProcess<Mutex<Pool>> = PerProcess::new();

#[derive(Default)]
struct Pool {
    dialers: Vec<(ConnectionKey, Option<Version>, Dialer)>,
    /// The longest idle first.
    idle: Vec<Idle>,
}

struct Idle {
    way: ConnectionKey,
    origin: String,
    transport: Box<dyn Transport>,
    since: Instant,
}

/// Held for moments only, never while anything is waited for.
fn pool() -> MutexGuard<'static, Pool> {
    POOL.get().lock().unwrap_or_else(PoisonError::into_inner)
}

/// An idle connection to `origin` (`scheme://host[:port]`) by `way` that is alive, or a new one.
pub fn connection(way: &ConnectionKey, origin: &str) -> Result<Box<dyn Transport>, Cause> {
    while let Some(mut transport) = take(way, origin) {
        if transport.is_open() {
            return Ok(transport);
        }
    }
    dialer(way).map_err(Cause::Setup)?.dial(origin).map_err(Cause::Network)
}

/// Why there is no connection.
pub enum Cause {
    /// The roots cannot be read: trying again will not help.
    Setup(String),
    Network(Error),
}

/// Keeps a connection whose last reply was read to its end.
pub fn keep(way: ConnectionKey, origin: String, transport: Box<dyn Transport>) {
    let mut pool = pool();
    if pool.idle.len() == MOST_IDLE {
        pool.idle.remove(0);
    }
    pool.idle.push(Idle { way, origin, transport, since: Instant::now() });
}

fn take(way: &ConnectionKey, origin: &str) -> Option<Box<dyn Transport>> {
    let mut pool = pool();
    let fresh = pool.idle.iter().position(|idle| idle.since.elapsed() < IDLE);
    let stale = fresh.unwrap_or(pool.idle.len());
    pool.idle.drain(..stale);
    let fits = |idle: &Idle| idle.origin == origin && idle.way == *way;
    let found = pool.idle.iter().rposition(fits)?;
    Some(pool.idle.remove(found).transport)
}

fn dialer(way: &ConnectionKey) -> Result<Dialer, String> {
    let version = way.version()?;
    if let Some(dialer) = pool().dialer(way, version) {
        return Ok(dialer);
    }
    // Roots are read without the lock, and now and then by two at once.
    let dialer = Dialer::new(tls::config(way)?);
    let mut pool = pool();
    if pool.dialers.len() == MOST_DIALERS {
        pool.dialers.remove(0);
    }
    pool.dialers.push((way.clone(), version, dialer.clone()));
    Ok(dialer)
}

impl Pool {
    fn dialer(&self, way: &ConnectionKey, version: Option<Version>) -> Option<Dialer> {
        let fits =
            |(w, v, _): &&(ConnectionKey, Option<Version>, Dialer)| w == way && *v == version;
        self.dialers.iter().find(fits).map(|(_, _, dialer)| dialer.clone())
    }
}
