//! What the sender knows about the call that runs on this thread: how long it may still take, whether
//! it was stopped, and whether a byte of its request has been handed to the socket.
//!
//! ureq runs a call on the caller's thread from end to end, but tells a pooled transport nothing about
//! the call; so the two ends meet here.

use std::cell::{Cell, RefCell};
use std::io;
use std::time::{Duration, Instant};

use ureq::Error;

use crate::control::Control;

#[derive(Clone, Copy)]
struct Context {
    deadline: Option<Instant>,
    connect_timeout: Duration,
    connect_deadline: Option<Instant>,
    /// Above zero while a connection is being made: what is written then is no request.
    connecting: u32,
    sent: bool,
}

const NONE: Context = Context {
    deadline: None,
    connect_timeout: Duration::ZERO,
    connect_deadline: None,
    connecting: 0,
    sent: false,
};

/// Whoever takes longer to answer holds the call up.
const PROMPT: Duration = Duration::from_millis(50);

thread_local! {
    static CONTEXT: Cell<Context> = const { Cell::new(NONE) };
    static CONTROL: RefCell<Option<Control>> = const { RefCell::new(None) };
}

fn update(change: impl FnOnce(&mut Context)) {
    let mut context = CONTEXT.get();
    change(&mut context);
    CONTEXT.set(context);
}

/// A new exchange begins on this thread; nothing of it has been sent.
pub fn begin(deadline: Instant, connect_timeout: Duration, control: &Control) {
    CONTEXT.set(Context { deadline: Some(deadline), connect_timeout, ..NONE });
    CONTROL.set(Some(control.clone()));
}

/// Asked before a request is written: from here on the call cannot be stopped. `false` if it was.
pub fn may_send() -> bool {
    CONTROL.with_borrow(|control| control.as_ref().is_none_or(Control::begin_sending))
}

/// Whether somebody is asked, while this call waits, whether it is to go on.
pub fn is_watched() -> bool {
    CONTROL.with_borrow(|control| control.as_ref().is_some_and(Control::is_watched))
}

/// How long to wait before [`go_on`], with `left` to go.
pub fn poll_interval(left: Duration) -> Duration {
    CONTROL
        .with_borrow(|control| control.as_ref().map_or(left, |control| control.poll_interval(left)))
}

/// Asked after each wait that ended without what was waited for. Fails if the call is over.
pub fn go_on() -> Result<(), Error> {
    let control = CONTROL.with_borrow(Clone::clone);
    let mut context = CONTEXT.get();
    let asked = Instant::now();
    let is_ended = control.as_ref().is_some_and(Control::poll_watcher);
    if asked.elapsed() > PROMPT {
        // What arrived meanwhile is not to be lost to a deadline that passed meanwhile.
        let earliest = Instant::now() + PROMPT;
        context.deadline = context.deadline.map(|deadline| deadline.max(earliest));
    }
    // Who was asked may have made a call of its own on this thread.
    CONTROL.set(control);
    CONTEXT.set(context);
    if is_ended { Err(given_up()) } else { Ok(()) }
}

/// The failure of a call that is over.
pub fn given_up() -> Error {
    io::Error::other("the call was given up").into()
}

/// Some byte of the request has been given to the socket.
pub fn mark_sent() {
    update(|context| context.sent = true);
}

/// Whether a byte of this exchange's request has been given to the socket.
pub fn is_sent() -> bool {
    CONTEXT.get().sent
}

/// Whether what is written now makes a connection (a tunnel, a handshake) and is no request.
pub fn is_connecting() -> bool {
    CONTEXT.get().connecting > 0
}

/// How long the step under way may still take; `None` when its time is over.
pub fn time_left() -> Option<Duration> {
    let context = CONTEXT.get();
    let now = Instant::now();
    let limits = [context.deadline, context.connect_deadline.filter(|_| context.connecting > 0)];
    let left = limits.iter().flatten().map(|limit| limit.saturating_duration_since(now)).min();
    left.filter(|left| !left.is_zero())
}

/// Until this is dropped, a connection is being made. It nests: the way through a proxy makes one
/// connection inside another, within the time of the outer one.
pub struct Connecting(());

impl Connecting {
    pub fn start() -> Connecting {
        update(|context| {
            if context.connecting == 0 {
                context.connect_deadline = Instant::now().checked_add(context.connect_timeout);
            }
            context.connecting += 1;
        });
        Connecting(())
    }
}

impl Drop for Connecting {
    fn drop(&mut self) {
        update(|context| context.connecting = context.connecting.saturating_sub(1));
    }
}
