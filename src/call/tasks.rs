//! The functions that read tasks. They buy nothing, and may be called as often as one likes.

use super::guard::guarded;
use super::{Answer, with_valid};
use crate::control::Control;
use crate::error::Error;
use crate::operation::wait::{self, FirstLook};
use crate::operation::{Call, look as looking, tasks};
use crate::task::Task;
use crate::validate;

/// Looks at a task once.
///
/// `document` is a JSON object with `task_id` and, optionally, `client`. The outcome is an
/// [`Outcome::Task`](crate::Outcome::Task), however the task stands. Blocks for `client.timeout_ms` (30 s) at
/// most; what gets no answer is asked again within it, `client.max_attempts` (3) times in all. Any thread may call
/// it, any number at once.
///
/// ```
/// let answer = cs_scale_out::describe_task(br#"{"task": "T-1"}"#);
/// assert_eq!(answer.status, cs_scale_out::Status::Invalid);
/// assert!(answer.document.contains(r#"did you mean \"task_id\"?"#));
/// ```
pub fn describe_task(document: &[u8]) -> Answer {
    describe_task_with(document, &Control::new())
}

/// Does what [`describe_task`] does, with a handle by which another thread can stop it.
pub fn describe_task_with(document: &[u8], control: &Control) -> Answer {
    guarded(Error::Internal, || {
        let call = Call::begin(control);
        with_valid(document, &call, validate::tasks::describe_task, tasks::describe)
    })
}

/// Waits for a task's end.
///
/// `document` is a JSON object with `task_id` and, optionally, `poll_interval_ms` (5 s), `wait_ms` (1 h) and
/// `client`, whose `timeout_ms` is each look's. It looks at once, and then at least `poll_interval_ms` apart until
/// `wait_ms` is over; throttling, server errors, lost connections, a wrong clock and, in the first 60 s, a task
/// that is not found yet do not end it. The outcome is an [`Outcome::Task`](crate::Outcome::Task) where the task
/// succeeded with every node, or goes on when the time is over (`is_timed_out`), and [`Error::Failed`] where it
/// ended otherwise. Any other failure has the task as it was last seen in its detail. Blocks for `wait_ms` and one
/// look's `client.timeout_ms` at most.
///
/// ```
/// # let service = local_ack::LocalAck::start().unwrap();
/// # let (endpoint, task_id) = (service.url(), service.add_task("c1"));
/// let document = format!(
///     r#"{{"task_id": "{task_id}",
///         "client": {{"endpoint": "{endpoint}",
///                    "access_key_id": "testid", "access_key_secret": "testsecret"}}}}"#
/// );
/// let answer = cs_scale_out::wait_task(document.as_bytes());
/// let cs_scale_out::Outcome::Task(task) = answer.outcome else { panic!("{}", answer.document) };
/// assert_eq!(task.nodes.succeeded.len(), 1);
/// ```
pub fn wait_task(document: &[u8]) -> Answer {
    wait_task_with(document, &Control::new(), &mut |_| {})
}

/// Does what [`wait_task`] does, with a handle by which another thread can stop it, and shows the task to
/// `on_look`, on the calling thread, after each look that succeeds.
///
/// Stopped, it ends as [`Status::Unsent`](crate::Status::Unsent), with the task as it was last seen.
pub fn wait_task_with(
    document: &[u8],
    control: &Control,
    on_look: &mut dyn FnMut(&Task),
) -> Answer {
    waited(document, control, FirstLook::AtOnce, on_look)
}

/// Does the same for a task that a purchase began a moment ago: it looks first after 5 s, or `poll_interval_ms`
/// if that is less.
pub fn wait_task_after_purchase(
    document: &[u8],
    control: &Control,
    on_look: &mut dyn FnMut(&Task),
) -> Answer {
    waited(document, control, FirstLook::AfterPurchase, on_look)
}

fn waited(
    document: &[u8],
    control: &Control,
    first: FirstLook,
    on_look: &mut dyn FnMut(&Task),
) -> Answer {
    guarded(Error::Internal, || {
        let call = Call::begin(control);
        with_valid(document, &call, validate::tasks::wait_task, |valid, call| {
            wait::run(valid, call, first, on_look)
        })
    })
}

/// Lists a cluster's tasks, newest first, from all pages.
///
/// `document` is a JSON object with `ClusterId` and, optionally, `since` (RFC 3339) and `client`. The outcome is an
/// [`Outcome::Tasks`](crate::Outcome::Tasks); a list that cannot be read to its end is a failure. Blocks for
/// `client.timeout_ms` (30 s) at most.
///
/// ```
/// let answer = cs_scale_out::list_tasks(br#"{"ClusterId": "c1", "since": "yesterday"}"#);
/// assert!(answer.document.contains(r#""path":"/since""#));
/// ```
pub fn list_tasks(document: &[u8]) -> Answer {
    list_tasks_with(document, &Control::new())
}

/// Does what [`list_tasks`] does, with a handle by which another thread can stop it.
pub fn list_tasks_with(document: &[u8], control: &Control) -> Answer {
    guarded(Error::Internal, || {
        let call = Call::begin(control);
        with_valid(document, &call, validate::tasks::list_tasks, tasks::list)
    })
}

/// Looks again what became of a call that ended [`Status::Unknown`](crate::Status::Unknown), be it hours later.
///
/// `document` is a JSON object with `unknown`, that call's document as it was printed, and, optionally, `client`.
/// The outcome is an [`Outcome::Look`](crate::Outcome::Look): the scale-outs that were created from then until
/// `client.timeout_ms` and 600 s later, and how each stands. It is evidence, not proof, and nothing is adopted.
/// Blocks for `client.timeout_ms` (30 s) at most.
///
/// ```
/// let answer = cs_scale_out::look(br#"{"unknown": {"status": "ok"}}"#);
/// assert!(answer.document.contains(r#""path":"/unknown/status""#));
/// ```
pub fn look(document: &[u8]) -> Answer {
    look_with(document, &Control::new())
}

/// Does what [`look`] does, with a handle by which another thread can stop it.
pub fn look_with(document: &[u8], control: &Control) -> Answer {
    guarded(Error::Internal, || {
        let call = Call::begin(control);
        with_valid(document, &call, validate::tasks::look, looking::run)
    })
}
