//! What an end means: the table that this library exists for. Every reply and every failure of an exchange
//! becomes an [`Outcome`]; in doubt it is [`Error::Unknown`].

pub(crate) mod classify;
mod contradiction;
mod detail;
mod hints;
pub(crate) mod reads;
mod reply_hints;
pub(crate) mod task_hints;
pub(crate) mod tasks;
pub(crate) mod text;

use std::time::Duration;

use crate::error::{Candidate, Error};
use crate::secret::Secret;
use crate::task::{Task, TaskList};

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The service accepted the request.
    Accepted(Accepted),
    /// Nothing was sent: what would have gone out.
    DryRun(DryRun),
    /// The document keeps every rule.
    Valid,
    /// The answer's text is the value that was asked for.
    Text,
    /// A task as it stands, or as a wait left it: it has not failed, or not ended yet.
    Task(Box<Task>),
    /// A cluster's tasks.
    Tasks(TaskList),
    /// What may have become of a call that ended unknown.
    Look(Look),
    /// It did not succeed, and this is why.
    Failed(Error),
}

/// What the service said when it accepted a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// The cluster's id; the request's own where the reply tells none.
    pub cluster_id: String,
    /// The task that brings the nodes up.
    pub task_id: String,
    /// The service's name for the exchange, where it gave one.
    pub request_id: Option<String>,
    /// The service's answer was lost: this is the sole candidate of its task list, adopted on request.
    pub is_adopted: bool,
}

/// A request as it would go out, secrets masked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DryRun {
    /// The HTTP method.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// Names in lower case, in the order in which they go out.
    pub headers: Vec<(&'static str, String)>,
    /// JSON text.
    pub body: String,
}

/// What a look showed of a call that ended unknown: evidence, not proof.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Look {
    /// The cluster that the purchase was for.
    pub cluster_id: String,
    /// The 128 random bits that the purchase is called by, in hexadecimal.
    pub purchase_id: String,
    /// The scale-outs that may be the call's.
    pub candidates: Vec<Candidate>,
    /// The task list could be read to its end.
    pub is_complete: bool,
    /// One line: what that means, and what to do about it.
    pub hint: String,
}

/// How one exchange ended, and whether the request may be sent again.
pub(crate) type Classified<T> = (Result<T, Error>, RetryAdvice);

/// Whether a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryAdvice {
    Never,
    /// The earlier copy was not executed: after the pause that the service asks for, or one of our own.
    After(Option<Duration>),
    /// Once, with the clock set to the server's (seconds since 1970).
    WithClock(i64),
    /// Of a read: once, if there are other keys by now.
    WithKeys,
    /// Of a read: what was asked for is not there, and may be soon.
    Later,
}

/// The purchase whose end is looked at.
pub(crate) struct Purchase<'a> {
    pub cluster_id: &'a str,
    /// Whether an earlier answer to this process had that request id.
    pub is_known_request: &'a dyn Fn(&str) -> bool,
    /// Whether a call of this process was given that task.
    pub is_known_task: &'a dyn Fn(&str) -> bool,
}

/// What must not be told of an exchange, and what the hints need.
#[derive(Default)]
pub(crate) struct Redaction<'a> {
    pub secrets: &'a [&'a Secret],
    pub string_to_sign: &'a str,
    pub body: Option<&'a str>,
    /// The body holds a secret, so that digests of it are to be kept, too.
    pub covers_secret: bool,
    /// What was sent to cover the body.
    pub digests: &'a [Secret],
    /// By how many seconds the server's clock is ahead of this machine's, where a reply told it.
    pub clock_offset: Option<i64>,
}

/// The hint where nothing better is known.
pub(crate) const LOOK_FIRST: &str =
    "look at the cluster's tasks and nodes before sending this again";
