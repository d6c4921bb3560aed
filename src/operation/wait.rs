//! Waiting for a task's end: looks, each with the time of a call, through whatever happens on the way.

use std::time::{Duration, Instant};

use super::Call;
use super::purchase::Completed;
use super::read::{NoAnswer, Reads};
use super::session::Session;
use super::tasks::{self, completed, session};
use crate::error::{Detail, Error};
use crate::os::reserve;
use crate::outcome::Outcome;
use crate::task::Task;
use crate::validate::Valid;
use crate::validate::tasks::WaitTask;

/// So long the service may not know a new task.
const FOUND_WITHIN: Duration = Duration::from_secs(60);
/// So long the first look after a purchase can wait: before that nothing is there to be seen.
const AFTER_PURCHASE: Duration = Duration::from_secs(5);

/// When a wait begins to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstLook {
    AtOnce,
    /// The task was begun a moment ago.
    AfterPurchase,
}

/// A wait under way.
struct Waiting<'a> {
    session: Session<'a>,
    request: &'a WaitTask,
    deadline: Instant,
    attempts: u32,
    /// The task as it was last seen.
    seen: Option<Task>,
}

/// Waits until the task has ended, or the time is over. Each look that succeeds is shown to `on_look`.
pub(crate) fn run(
    valid: &Valid<WaitTask>,
    call: &Call<'_>,
    first: FirstLook,
    on_look: &mut dyn FnMut(&Task),
) -> Completed {
    let session = match session(valid, call) {
        Ok(session) => session,
        Err(error) => return completed(Err(error), 0),
    };
    let request = &valid.request;
    let deadline = call.begun + Duration::from_millis(request.wait_ms);
    let mut waiting = Waiting { session, request, deadline, attempts: 0, seen: None };
    if first == FirstLook::AfterPurchase {
        call.control.pause(AFTER_PURCHASE.min(waiting.poll_interval()));
    }
    let end = waiting.until_the_end(on_look);
    completed(end, waiting.attempts)
}

impl Waiting<'_> {
    fn until_the_end(&mut self, on_look: &mut dyn FnMut(&Task)) -> Result<Outcome, Error> {
        loop {
            let failure = match self.look() {
                Ok(task) => {
                    on_look(&task);
                    if task.has_failed() {
                        return Err(Error::Failed(Box::new(task)));
                    }
                    if task.state.is_end() {
                        return Ok(Outcome::Task(Box::new(task)));
                    }
                    self.seen = Some(task);
                    None
                }
                Err(no) if self.is_over(&no) => return Err(self.with_last_seen(no.error)),
                Err(no) => Some(no),
            };
            if !self.pause(failure.as_ref().and_then(NoAnswer::pause))? {
                return self.timed_out(failure);
            }
        }
    }

    /// One look. What it leaves out of what was seen before is kept.
    fn look(&mut self) -> Result<Task, NoAnswer> {
        let timeout = Duration::from_millis(self.session.client.timeout_ms);
        let mut reads = Reads::single(Instant::now() + timeout);
        let end = tasks::read(&mut self.session, &mut reads, &self.request.task_id);
        self.attempts += reads.attempts;
        end.map(|mut task| {
            if let Some(earlier) = &self.seen {
                task.nodes.keep(&earlier.nodes);
            }
            task
        })
    }

    /// Whether a failed look ends the wait.
    fn is_over(&self, no: &NoAnswer) -> bool {
        let call = self.session.call;
        let found_by = (call.begun + FOUND_WITHIN).min(self.deadline);
        let may_pass = no.is_clock() || (no.is_not_found() && Instant::now() < found_by);
        let is_ended = call.control.is_ended() || !call.process.is_current() || reserve::is_short();
        is_ended || (no.is_definite() && !may_pass)
    }

    /// Waits for the next look, which is at least `poll_interval_ms` later; the last one falls on the end of the
    /// wait. `false` if there is none.
    fn pause(&self, asked: Option<Duration>) -> Result<bool, Error> {
        let call = self.session.call;
        let least = self.poll_interval().max(asked.unwrap_or_default());
        let left = self.deadline.saturating_duration_since(Instant::now());
        let (pause, has_next) = match left {
            left if left.is_zero() || left < least => (left, false),
            left if left < least * 2 => (left, true),
            _ => (least + call.host.jitter(least / 4), true),
        };
        call.control.pause(pause);
        match call.control.is_ended() {
            true => Err(self.with_last_seen(given_up())),
            false => Ok(has_next),
        }
    }

    fn poll_interval(&self) -> Duration {
        Duration::from_millis(self.request.poll_interval_ms)
    }

    /// The time is over: the task as it was last seen, or why the last look did not see it.
    fn timed_out(&mut self, failure: Option<NoAnswer>) -> Result<Outcome, Error> {
        match self.seen.take() {
            Some(task) => Ok(Outcome::Task(Box::new(Task { is_timed_out: true, ..task }))),
            None => Err(failure.map_or_else(given_up, |no| no.error)),
        }
    }

    /// Whatever ended the wait: instances that did start are told.
    fn with_last_seen(&self, error: Error) -> Error {
        let with = |mut detail: Box<Detail>| {
            detail.task = self.seen.clone().map(Box::new);
            detail
        };
        match error {
            Error::Unsent(detail) => Error::Unsent(with(detail)),
            Error::Refused(detail) => Error::Refused(with(detail)),
            Error::Unknown(detail) => Error::Unknown(with(detail)),
            Error::Argument(_)
            | Error::Invalid(_)
            | Error::Credentials(_)
            | Error::Internal(_)
            | Error::Failed(_) => error,
        }
    }
}

/// Nobody waits any more.
fn given_up() -> Error {
    let message = "the wait was given up; it only reads, and the task goes on".to_owned();
    Error::Unsent(Box::new(Detail { message, ..Detail::default() }))
}
