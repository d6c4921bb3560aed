//! Name look-ups, on threads that a call may stop waiting for: the system's resolver knows no deadline.
//!
//! Calls for one name share a look-up, so that a resolver that hangs costs a thread a name and not one
//! a call; and there are never more than a few in the process.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::cause::Why;
use super::state::Exchange;
use crate::os::fork::{PerProcess, lock};
use crate::os::futex::Mark;
use crate::os::resolver::{self, ResolverError};
use crate::os::thread::spawn;

/// Threads at once, in this process.
const MOST: usize = 64;
/// A look-up that takes longer is not shared with new calls: by now another may fare better.
const FRESH: Duration = Duration::from_secs(30);
/// How often a call looks whether it is its turn, where there are too many.
const TURN: Duration = Duration::from_millis(10);

static RUNNING: PerProcess<Mutex<Vec<Arc<LookUp>>>> = PerProcess::new();

struct LookUp {
    host: String,
    begun: Instant,
    /// Of the call that began it.
    deadline: Instant,
    answer: OnceLock<Answer>,
    is_answered: Mark,
}

type Answer = Result<Vec<SocketAddr>, ResolverError>;

/// The addresses of `host`, with port 0.
pub(super) fn look_up(exchange: &mut Exchange<'_>, host: &str) -> Result<Vec<SocketAddr>, Why> {
    let look_up = running(exchange, host)?;
    loop {
        if look_up.is_answered.is_set()
            && let Some(answer) = look_up.answer.get()
        {
            return answer.clone().map_err(Why::Resolver);
        }
        look_up.is_answered.wait(exchange.next_wait()?);
        exchange.go_on()?;
    }
}

/// A look-up of `host` that runs, or a new one. A call begins one at most.
fn running(exchange: &mut Exchange<'_>, host: &str) -> Result<Arc<LookUp>, Why> {
    let (all, deadline) = (RUNNING.get(), exchange.call_deadline());
    loop {
        let mut running = lock(all, exchange.process()).ok_or(Why::Forked)?;
        let fits = |other: &&Arc<LookUp>| {
            other.host == host && (other.deadline == deadline || other.begun.elapsed() < FRESH)
        };
        if let Some(other) = running.iter().find(fits) {
            return Ok(Arc::clone(other));
        }
        if running.len() < MOST {
            let look_up = Arc::new(LookUp::new(host, deadline));
            // The thread cannot leave the list before it is entered: that is locked.
            begin(all, &look_up)?;
            running.push(Arc::clone(&look_up));
            return Ok(look_up);
        }
        drop(running);
        thread::sleep(exchange.next_wait()?.min(TURN));
        exchange.go_on()?;
    }
}

fn begin(all: &'static Mutex<Vec<Arc<LookUp>>>, look_up: &Arc<LookUp>) -> Result<(), Why> {
    let own = Arc::clone(look_up);
    let work = move || {
        let answer = resolver::look_up(&own.host);
        // Nobody forks this thread; it may wait.
        let unpoisoned = PoisonError::into_inner;
        all.lock().unwrap_or_else(unpoisoned).retain(|other| !Arc::ptr_eq(other, &own));
        // Nobody else gives one, and who waits asks for it only then.
        drop(own.answer.set(answer));
        own.is_answered.set();
    };
    Ok(spawn(c"cs-dns", work)?)
}

impl LookUp {
    fn new(host: &str, deadline: Instant) -> LookUp {
        let (host, begun) = (host.to_owned(), Instant::now());
        LookUp { host, begun, deadline, answer: OnceLock::new(), is_answered: Mark::default() }
    }
}
