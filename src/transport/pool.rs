//! The process's idle connections. A child made by `fork` starts without any: two processes on one
//! connection would read each other's replies.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::ExchangeOptions;
use super::cause::Why;
use super::connection::Connection;
use super::trust::Trust;
use crate::os::fork::{PerProcess, Process, lock};

/// Servers close idle connections; one that was idle longer is not worth a purchase.
const IDLE: Duration = Duration::from_secs(5);
/// Enough for every thread of a busy host.
const MOST: usize = 64;

static POOL: PerProcess<Mutex<Vec<Idle>>> = PerProcess::new();

/// The longest idle stands first.
struct Idle {
    connection: Box<Connection>,
    since: Instant,
}

/// The connection that was used last, of those that fit. Whether it still is good is not known.
pub(super) fn take(
    options: &ExchangeOptions<'_>,
    trust: Option<&Arc<Trust>>,
) -> Result<Option<Box<Connection>>, Why> {
    // Locked for moments only, never while anything is waited for or closed.
    let mut pool = lock(POOL.get(), options.process).ok_or(Why::Forked)?;
    let stale = pool.iter().take_while(|idle| idle.since.elapsed() >= IDLE).count();
    let stale: Vec<_> = pool.drain(..stale).collect();
    let fits = |idle: &Idle| {
        let connection = &idle.connection;
        connection.key.fits(options.endpoint, trust)
            && (!options.loopback_only || connection.is_loopback())
    };
    let found = pool.iter().rposition(fits).map(|found| pool.remove(found));
    drop(pool);
    drop(stale);
    Ok(found.map(|idle| idle.connection))
}

/// Keeps a connection whose last reply was read to its end, if this is the process that made it.
pub(super) fn keep(mut connection: Box<Connection>, process: Process) {
    connection.wipe();
    let Some(mut pool) = lock(POOL.get(), process) else { return };
    let oldest = (pool.len() == MOST).then(|| pool.remove(0));
    pool.push(Idle { connection, since: Instant::now() });
    drop(pool);
    drop(oldest);
}
