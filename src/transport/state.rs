//! One exchange as it stands: what it is doing, how long it may still take, who may stop it, whose
//! process it belongs to, and whether a byte of its request has left.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::cause::{Cause, Step, Why};
use super::{ExchangeOptions, Failure, HttpResponse};
use crate::control::Control;
use crate::os::fork::Process;
use crate::os::reserve;

/// Whoever takes longer to answer holds the call up.
const PROMPT: Duration = Duration::from_millis(50);

/// What it takes to read a reply of a usual size, and to tell of it, in bytes.
const AFTERWARDS: usize = 640 * 1024;

/// The state of one exchange. Every wait and every write asks it first.
pub(super) struct Exchange<'a> {
    control: &'a Control,
    process: Process,
    /// The call's own, which tells calls apart.
    call_deadline: Instant,
    deadline: Instant,
    connect_deadline: Option<Instant>,
    step: Step,
    place: Cow<'a, str>,
    /// When the first byte of the request was given to the socket.
    first_byte: Option<Instant>,
}

impl<'a> Exchange<'a> {
    pub(super) fn begin(options: &ExchangeOptions<'a>) -> Exchange<'a> {
        Exchange {
            control: options.control,
            process: options.process,
            call_deadline: options.deadline,
            deadline: options.deadline,
            connect_deadline: None,
            step: Step::Roots,
            place: Cow::Borrowed(&options.endpoint.authority),
            first_byte: None,
        }
    }

    /// The next step, with whom it is taken.
    pub(super) fn enter(&mut self, step: Step, place: impl Into<Cow<'a, str>>) {
        self.step = step;
        self.place = place.into();
    }

    /// From here on a connection is being made, within `limit`.
    pub(super) fn begin_connecting(&mut self, limit: Duration) {
        self.connect_deadline = Instant::now().checked_add(limit);
    }

    /// The connection is there.
    pub(super) fn end_connecting(&mut self) {
        self.connect_deadline = None;
    }

    pub(super) fn process(&self) -> Process {
        self.process
    }

    pub(super) fn call_deadline(&self) -> Instant {
        self.call_deadline
    }

    /// Fails in a child that was forked while the call ran: what it reads would be missing elsewhere.
    pub(super) fn check_process(&self) -> Result<(), Why> {
        if self.process.is_current() { Ok(()) } else { Err(Why::Forked) }
    }

    /// Whether the call may go on at all.
    pub(super) fn check(&self) -> Result<(), Why> {
        self.check_process()?;
        if self.control.is_ended() { Err(Why::GivenUp) } else { Ok(()) }
    }

    /// How long the step may still take.
    pub(super) fn time_left(&self) -> Result<Duration, Why> {
        let end = self.connect_deadline.map_or(self.deadline, |end| end.min(self.deadline));
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(Why::TimedOut) } else { Ok(left) }
    }

    /// How long to wait before [`go_on`](Self::go_on).
    pub(super) fn next_wait(&self) -> Result<Duration, Why> {
        self.time_left().map(|left| self.control.poll_interval(left))
    }

    /// Asked after each wait that ended without what was waited for. Fails if the call is over.
    pub(super) fn go_on(&mut self) -> Result<(), Why> {
        self.check()?;
        if self.control.is_watched() {
            let asked = Instant::now();
            self.control.poll_watcher();
            if asked.elapsed() > PROMPT {
                // What arrived meanwhile is not to be lost to a deadline that passed meanwhile.
                self.deadline = self.deadline.max(Instant::now() + PROMPT);
            }
            // Who was asked may have forked.
            return self.check();
        }
        Ok(())
    }

    /// Asked before the request is written: from here on the call cannot be stopped, and must not end
    /// for want of memory.
    pub(super) fn begin_sending(&self) -> Result<(), Why> {
        if reserve::is_short() || !reserve::ensure(AFTERWARDS) {
            return Err(Why::NoMemory);
        }
        if self.control.begin_sending() { Ok(()) } else { Err(Why::GivenUp) }
    }

    /// Some byte of the request has been given to the socket.
    pub(super) fn mark_sent(&mut self) {
        self.first_byte.get_or_insert_with(Instant::now);
    }

    /// When the first byte of the request left, if one has.
    pub(super) fn first_byte(&self) -> Option<Instant> {
        self.first_byte
    }

    /// How it ended, without a whole reply. Where the process was forked, the parent's copy may have
    /// been sent, whatever this one did.
    pub(super) fn failure(self, why: Why, partial: Option<Box<HttpResponse>>) -> Failure {
        let sent = self.first_byte.is_some() || matches!(why, Why::Forked);
        let cause = Cause { step: self.step, place: self.place.into_owned(), why };
        let (permanent, first_byte) = (cause.is_permanent(), self.first_byte);
        Failure { sent, first_byte, permanent, cause, partial }
    }
}
