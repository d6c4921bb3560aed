//! Whether a call's request may still be stopped: one word shared by the thread that sends and
//! whoever wants to stop it (an interrupt, a cancelled task). And whom the call asks, while it waits,
//! whether to go on.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

const IDLE: u8 = 0;
const SENDING: u8 = 1;
/// Sent, and not to be sent again, whatever comes of it.
const STOPPING: u8 = 2;
const CANCELLED: u8 = 3;
/// Nobody waits for the end of what was sent.
const ABANDONED: u8 = 4;

/// A watched call waits no longer than this without asking. A signal interrupts most waits anyway;
/// this is for one that comes just before.
const ASK_EVERY: Duration = Duration::from_millis(25);

/// A handle on one call, for [`scale_out_with`](crate::scale_out_with). Clones share the call.
#[derive(Clone, Default)]
pub struct Control(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: AtomicU8,
    watcher: Option<Box<Watcher>>,
    /// Held while a pause looks at the state, so that who stops the call wakes it.
    pause: Mutex<()>,
    stopped: Condvar,
}

type Watcher = dyn Fn(&Control) -> bool + Send + Sync;

impl Control {
    /// A handle for a call that has not begun. One handle is for one call.
    pub fn new() -> Control {
        Control::default()
    }

    /// A handle for a call that asks `gives_up` while it waits: on the calling thread, after each
    /// signal that interrupts a wait, and every 25 ms. Once the answer is `true`, the call ends, as
    /// [`Status::Unsent`](crate::Status::Unsent) if it could be stopped, else as
    /// [`Status::Unknown`](crate::Status::Unknown), without a (further) look at the task list.
    /// `gives_up` may make calls of its own.
    pub fn watched(gives_up: impl Fn(&Control) -> bool + Send + Sync + 'static) -> Control {
        let watcher: Option<Box<Watcher>> = Some(Box::new(gives_up));
        Control(Arc::new(Shared { watcher, ..Shared::default() }))
    }

    /// A handle for one read of this call: it ends when the call does, wherever it is, and what it sends is no
    /// request that the call could not be stopped for.
    pub(crate) fn reading(&self) -> Control {
        let call = self.clone();
        Control::watched(move |_| call.poll_watcher())
    }

    /// Stops the call if it can be stopped. `true`: no byte of the request was sent that the service
    /// has not refused, and none will be. `false`: the request may be on the wire; should that copy
    /// turn out not to have been executed, no other follows.
    #[must_use = "false: the request may be on the wire"]
    pub fn cancel(&self) -> bool {
        let before = self.advance(|state| match state {
            IDLE => CANCELLED,
            SENDING => STOPPING,
            other => other,
        });
        // Who is about to pause has looked at the state by then, or waits already.
        drop(self.0.pause.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.stopped.notify_all();
        matches!(before, IDLE | CANCELLED)
    }

    /// Whether the request may be on the wire.
    pub fn was_sent(&self) -> bool {
        matches!(self.state(), SENDING | STOPPING | ABANDONED)
    }

    /// Whether the call is to end, wherever it is.
    pub(crate) fn is_ended(&self) -> bool {
        matches!(self.state(), CANCELLED | ABANDONED)
    }

    /// Asked before the first byte of a request goes to the socket: from here on it cannot be
    /// stopped. `false` if it was.
    pub(crate) fn begin_sending(&self) -> bool {
        let before = self.advance(|state| if state == IDLE { SENDING } else { state });
        !matches!(before, CANCELLED | ABANDONED)
    }

    /// The copy that was sent is known not to have been executed: the next one may be stopped, and is
    /// if that was wanted.
    pub(crate) fn settle(&self) {
        self.advance(|state| match state {
            SENDING => IDLE,
            STOPPING => CANCELLED,
            other => other,
        });
    }

    /// How long to wait before [`poll_watcher`](Self::asks), with `left` to go.
    pub(crate) fn poll_interval(&self, left: Duration) -> Duration {
        if self.is_watched() { left.min(ASK_EVERY) } else { left }
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.0.watcher.is_some()
    }

    /// Asks whether the call is to end; from then on it is over.
    pub(crate) fn poll_watcher(&self) -> bool {
        if let Some(gives_up) = &self.0.watcher
            && !self.is_ended()
            && gives_up(self)
            && !self.cancel()
        {
            self.advance(|state| if state == STOPPING { ABANDONED } else { state });
        }
        self.is_ended()
    }

    /// Waits, or until the call is over.
    pub(crate) fn pause(&self, pause: Duration) {
        let end = Instant::now() + pause;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || self.poll_watcher() {
                return;
            }
            let held = self.0.pause.lock().unwrap_or_else(PoisonError::into_inner);
            if !self.is_ended() {
                drop(self.0.stopped.wait_timeout(held, self.poll_interval(left)));
            }
        }
    }

    fn state(&self) -> u8 {
        self.0.state.load(Ordering::Acquire)
    }

    /// Goes on to another state, and tells the one before.
    fn advance(&self, next: impl Fn(u8) -> u8) -> u8 {
        let next = |state| Some(next(state));
        let before = self.0.state.fetch_update(Ordering::AcqRel, Ordering::Acquire, next);
        before.unwrap_or_else(|state| state)
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Control").field(&self.state()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_stopped_or_sent_never_both() {
        let stopped = Control::new();
        assert!(stopped.cancel() && stopped.cancel());
        assert!(!stopped.begin_sending() && !stopped.was_sent() && stopped.is_ended());
        let sent = Control::new();
        assert!(sent.begin_sending() && sent.begin_sending() && sent.was_sent());
        assert!(!sent.clone().cancel() && !sent.is_ended());
        sent.settle();
        assert!(sent.is_ended() && !sent.was_sent() && !sent.begin_sending(), "not sent again");
        let between = Control::new();
        assert!(between.begin_sending());
        between.settle();
        assert!(!between.was_sent() && between.cancel() && !between.begin_sending());
    }

    #[test]
    fn who_is_watched_is_asked_until_it_is_over() {
        let quiet = Control::watched(|_| true);
        assert!(quiet.poll_watcher() && !quiet.was_sent() && !quiet.begin_sending());
        let sent = Control::watched(|control| control.was_sent());
        assert!(!sent.poll_watcher() && sent.begin_sending() && sent.poll_watcher());
        assert!(sent.was_sent() && sent.is_ended() && !sent.cancel() && !sent.begin_sending());
        sent.settle();
        assert!(sent.was_sent(), "what was given up stays unknown");
        let unwatched = Control::new();
        assert!(!unwatched.poll_watcher());
        assert!(unwatched.cancel() && unwatched.poll_watcher());
    }

    #[test]
    fn a_pause_ends_when_the_call_is_over() {
        let begun = Instant::now();
        Control::watched(|_| true).pause(Duration::from_secs(60));
        assert!(begun.elapsed() < Duration::from_secs(30));
        Control::watched(|_| false).pause(Duration::from_millis(60));
        Control::new().pause(Duration::from_millis(60));
        assert!(begun.elapsed() >= Duration::from_millis(120));
    }

    #[test]
    fn who_stops_a_call_wakes_it() {
        let begun = Instant::now();
        let control = Control::new();
        std::thread::scope(|scope| {
            scope.spawn(|| control.pause(Duration::from_secs(60)));
            assert!(control.cancel());
        });
        assert!(begun.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_read_ends_with_its_call_and_leaves_it_as_it_is() {
        let call = Control::new();
        let read = call.reading();
        assert!(read.begin_sending() && !call.was_sent() && !read.poll_watcher());
        assert!(call.cancel() && read.poll_watcher() && read.is_ended());
        let sent = Control::new();
        assert!(sent.begin_sending());
        let read = sent.reading();
        assert!(read.begin_sending() && !read.poll_watcher() && sent.was_sent());
    }
}
