//! The document of a call that did not succeed.

use super::{problem, task};
use crate::error::{CredentialSource, Detail, Error, Problem, Status};
use crate::json::document::Document;
use crate::outcome::{Accepted, task_hints};

/// Writes a failure, with what is known about it.
pub(super) fn failure(error: &Error, attempts: u32, warnings: &[Problem]) -> String {
    with_warnings(described(error, attempts), warnings)
}

/// Writes a failure of which no more is known than its status and one line.
pub(crate) fn brief(status: Status, message: &str) -> String {
    begin(status, message, 0).finish()
}

/// Writes a failure in spite of which the service had accepted the request: it names the task.
pub(crate) fn in_spite_of(
    accepted: &Accepted,
    error: &Error,
    attempts: u32,
    warnings: &[Problem],
) -> String {
    with_warnings(described(error, attempts).text("task_id", &accepted.task_id), warnings)
}

fn begin(status: Status, message: &str, attempts: u32) -> Document {
    Document::with_status(status.name()).text("message", message).number("attempts", attempts)
}

fn described(error: &Error, attempts: u32) -> Document {
    let document = begin(error.status(), &error.to_string(), attempts);
    match error {
        Error::Argument(_) | Error::Internal(_) => document,
        Error::Invalid(problems) => document.list("problems", problems, problem),
        Error::Credentials(sources) => document.list("sources", sources, source),
        Error::Unsent(detail) | Error::Refused(detail) | Error::Unknown(detail) => {
            with_detail(document, detail)
        }
        Error::Failed(task) => task::members(document.maybe("hint", task_hints::hint(task)), task),
    }
}

fn with_warnings(document: Document, warnings: &[Problem]) -> String {
    match warnings.is_empty() {
        true => document,
        false => document.list("warnings", warnings, problem),
    }
    .finish()
}

fn source(document: Document, source: &CredentialSource) -> Document {
    document.text("source", source.name).text("reason", &source.reason)
}

fn with_detail(document: Document, detail: &Detail) -> Document {
    let document = document
        .maybe("code", detail.code.as_deref())
        .maybe_raw("http_status", detail.http_status.map(|status| status.to_string()))
        .maybe("request_id", detail.request_id.as_deref())
        .maybe("purchase_id", detail.purchase_id.as_deref())
        .maybe("cluster_id", detail.cluster_id.as_deref())
        .maybe("sent_at", detail.sent_at.as_deref());
    let document = match (detail.clock_offset, &detail.sent_at) {
        (Some(offset), _) => document.number("clock_offset", offset),
        (None, Some(_)) => document.raw("clock_offset", "null"),
        (None, None) => document,
    };
    let document = document
        .maybe("hint", detail.hint.as_deref())
        .maybe("cause", detail.cause.as_deref())
        .maybe_raw("retry_after_ms", detail.retry_after_ms.map(|ms| ms.to_string()))
        .maybe_raw("access_denied_detail", detail.access_denied_detail.clone());
    let document = match &detail.candidates {
        Some(candidates) => document.list("candidates", candidates, task::candidate),
        None => document,
    };
    match &detail.task {
        Some(seen) => task::members(document, seen),
        None => document,
    }
    .maybe("raw", detail.raw.as_deref())
}
