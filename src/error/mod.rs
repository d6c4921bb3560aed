//! What can come of a call: [`Status`] says what the caller should do next, [`Error`] says why,
//! [`Problem`] says where in the document.

mod code;

pub use code::Code;

use std::fmt;

use crate::task::{Nodes, Task, TaskError, TaskState};

/// How a call ended. The numbers are the C ABI's and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// The service accepted the request.
    Ok = 0,
    /// A NULL pointer, or text that is not UTF-8, not JSON, or over the size limit.
    Argument = -1,
    /// The document breaks rules; every problem is listed.
    Invalid = -2,
    /// No usable credentials; every source that was tried is listed.
    Credentials = -3,
    /// No byte of the request reached the service.
    Unsent = -4,
    /// The service answered no; nothing was started.
    Refused = -5,
    /// It was sent, and there is no trustworthy answer.
    Unknown = -6,
    /// A defect in this library, before anything was sent.
    Internal = -7,
    /// Of a wait for a task: it has ended, and not with every node.
    Failed = -8,
}

impl Status {
    /// Every status, in the order of the numbers.
    pub const ALL: [Status; 9] = [
        Status::Ok,
        Status::Argument,
        Status::Invalid,
        Status::Credentials,
        Status::Unsent,
        Status::Refused,
        Status::Unknown,
        Status::Internal,
        Status::Failed,
    ];

    /// The number the C functions return: 0 to -8.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// The word that stands under `"status"` in a document.
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Argument => "argument",
            Status::Invalid => "invalid",
            Status::Credentials => "credentials",
            Status::Unsent => "unsent",
            Status::Refused => "refused",
            Status::Unknown => "unknown",
            Status::Internal => "internal",
            Status::Failed => "failed",
        }
    }
}

/// One thing wrong with, or worth knowing about, the input document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// JSON Pointer (RFC 6901) of the member; a missing member's own.
    pub path: String,
    /// What kind of problem it is.
    pub code: Code,
    /// One line, lower case, never a secret's value.
    pub message: String,
}

/// One place credentials were looked for, and why it gave none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CredentialSource {
    /// The source's name, such as `environment`.
    pub name: &'static str,
    /// One line: why it gave none.
    pub reason: String,
}

/// A task seen after an ambiguous end: evidence, not proof.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// The task's id, as it came.
    pub task_id: String,
    /// How it stood when it was seen, in the words of [`TaskState`]; empty where the service did not say.
    pub state: String,
    /// When it was created, as the service wrote it; empty where it did not.
    pub created: String,
    /// Its date could be read and set against the server's clock.
    pub is_dated: bool,
    /// It is another call's, or may be.
    pub is_claimed: bool,
    /// The request's parameters where the service shows them, as JSON.
    pub parameters: Option<String>,
    /// Of a look: its instances, where the task could be read.
    pub nodes: Option<Nodes>,
    /// Of a look: what went wrong with it as a whole.
    pub error: Option<TaskError>,
}

/// What is known about an exchange that did not end well. No secret stands in any of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detail {
    /// One line: what happened.
    pub message: String,
    /// The service's error code.
    pub code: Option<String>,
    /// The HTTP status of its reply.
    pub http_status: Option<u16>,
    /// The service's name for the exchange.
    pub request_id: Option<String>,
    /// One line: what to do about it.
    pub hint: Option<String>,
    /// One line: what lies behind it.
    pub cause: Option<String>,
    /// The tasks that may be this call's; `None` where no look succeeded.
    pub candidates: Option<Vec<Candidate>>,
    /// The first 2 KiB of a reply in which no message was found.
    pub raw: Option<String>,
    /// The 128 random bits that the purchase is called by, in hexadecimal.
    pub purchase_id: Option<String>,
    /// The cluster that the purchase was for.
    pub cluster_id: Option<String>,
    /// When the first byte of the last copy left, by this machine's clock, in RFC 3339.
    pub sent_at: Option<String>,
    /// By how many seconds the server's clock is ahead, where a reply told it.
    pub clock_offset: Option<i64>,
    /// The pause that the service asks for, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// The service's own object beside a 403, as JSON.
    pub access_denied_detail: Option<String>,
    /// Of a wait: the task as it was last seen.
    pub task: Option<Box<Task>>,
    /// The reply named a task, and could not be trusted: none on the list is this call's for sure.
    pub(crate) names_a_task: bool,
}

/// Why a call did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The text is not UTF-8, not JSON, or over the size limit.
    Argument(String),
    /// The document breaks rules: all of them.
    Invalid(Vec<Problem>),
    /// No usable credentials: every source that was tried.
    Credentials(Vec<CredentialSource>),
    /// No byte of the request reached the service.
    Unsent(Box<Detail>),
    /// The service answered no; nothing was started.
    Refused(Box<Detail>),
    /// It was sent, and there is no trustworthy answer.
    Unknown(Box<Detail>),
    /// A defect in this library, before anything was sent.
    Internal(String),
    /// The task that was waited for has ended, and not with every node.
    Failed(Box<Task>),
}

impl Error {
    /// The one place where an error becomes a status.
    pub fn status(&self) -> Status {
        match self {
            Error::Argument(_) => Status::Argument,
            Error::Invalid(_) => Status::Invalid,
            Error::Credentials(_) => Status::Credentials,
            Error::Unsent(_) => Status::Unsent,
            Error::Refused(_) => Status::Refused,
            Error::Unknown(_) => Status::Unknown,
            Error::Internal(_) => Status::Internal,
            Error::Failed(_) => Status::Failed,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Argument(text) | Error::Internal(text) => f.write_str(text),
            Error::Invalid(problems) => write_problems(f, problems),
            Error::Credentials(sources) => {
                f.write_str("no usable credentials")?;
                for source in sources {
                    write!(f, "; {}: {}", source.name, source.reason)?;
                }
                Ok(())
            }
            Error::Unsent(detail) | Error::Refused(detail) | Error::Unknown(detail) => {
                f.write_str(&detail.message)
            }
            Error::Failed(task) => write_task(f, task),
        }
    }
}

impl std::error::Error for Error {}

fn write_problems(f: &mut fmt::Formatter<'_>, problems: &[Problem]) -> fmt::Result {
    let Some(first) = problems.first() else {
        return f.write_str("the document is invalid");
    };
    let place = if first.path.is_empty() { "the document" } else { &first.path };
    match problems.len() {
        1 => write!(f, "{place}: {}", first.message),
        n => write!(f, "{n} problems; the first: {place}: {}", first.message),
    }
}

fn write_task(f: &mut fmt::Formatter<'_>, task: &Task) -> fmt::Result {
    let end = match &task.state {
        TaskState::Success => "has ended without some of its nodes",
        TaskState::Canceled => "was canceled",
        TaskState::Fail | TaskState::Running | TaskState::Paused | TaskState::Other(_) => "failed",
    };
    let Nodes { succeeded, failed, pending } = &task.nodes;
    let (up, down, open) = (succeeded.len(), failed.len(), pending.len());
    write!(f, "the task {end}: {up} came up, {down} failed, {open} are open")?;
    let error = task.error.iter().flat_map(|error| [&error.code, &error.message]);
    error.flatten().try_for_each(|text| write!(f, "; {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_count_down_from_zero() {
        for (index, status) in Status::ALL.iter().enumerate() {
            assert_eq!(status.number(), -(index as i32));
        }
    }
}
