//! What an end means: the table that this library exists for. Every reply and every failure of an exchange
//! becomes an [`Outcome`]; in doubt it is [`Error::Unknown`].

pub(crate) mod classify;
mod contradiction;
mod detail;
mod hints;
mod reply_hints;
pub(crate) mod text;

use std::time::Duration;

use crate::error::Error;
use crate::secret::Secret;

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

/// Whether a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryAdvice {
    Never,
    /// The earlier copy was not executed: after the pause that the service asks for, or one of our own.
    After(Option<Duration>),
    /// Once, with the clock set to the server's (seconds since 1970).
    WithClock(i64),
}

/// The purchase whose end is looked at.
pub(crate) struct Purchase<'a> {
    pub cluster_id: &'a str,
    /// Whether an earlier answer to this process had that request id.
    pub is_known_request: &'a dyn Fn(&str) -> bool,
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
