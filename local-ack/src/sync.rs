//! Locks that outlive a panic, and the signal that ends every wait.

use std::net::TcpStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// A panic in one connection's thread must not take the other connections' records along.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends sleeps and blocking reads when a server stops.
#[derive(Default)]
pub(crate) struct Stop {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    stopped: bool,
    // Weak, because a socket that is held here would not close when its thread lets go of it.
    sockets: Vec<Weak<TcpStream>>,
}

impl Stop {
    /// Shuts `socket` down on [`Stop::stop`]; false where that has happened already.
    pub(crate) fn watch(&self, socket: &Arc<TcpStream>) -> bool {
        let mut state = lock(&self.state);
        if !state.stopped {
            state.sockets.retain(|other| other.strong_count() > 0);
            state.sockets.push(Arc::downgrade(socket));
        }
        !state.stopped
    }

    pub(crate) fn stop(&self) {
        let mut state = lock(&self.state);
        state.stopped = true;
        for socket in state.sockets.drain(..).filter_map(|weak| weak.upgrade()) {
            // It may be closed already; then there is nothing left to wake.
            let _ = socket.shutdown(std::net::Shutdown::Both);
        }
        self.changed.notify_all();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        lock(&self.state).stopped
    }

    /// Sleeps until `deadline`; false if the server stopped first.
    pub(crate) fn sleep_until(&self, deadline: Instant) -> bool {
        let mut state = lock(&self.state);
        while !state.stopped {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            state =
                self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }

    /// Sleeps for `length`; false if the server stopped first.
    pub(crate) fn sleep(&self, length: Duration) -> bool {
        length.is_zero() || self.sleep_until(Instant::now() + length)
    }
}
