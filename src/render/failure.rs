//! The document of a call that did not succeed.

use super::problem;
use crate::error::{Candidate, CredentialSource, Detail, Error, Problem};
use crate::json::document::Document;

/// Writes a failure, with what is known about it.
pub fn failure(error: &Error, attempts: u32, warnings: &[Problem]) -> String {
    let document = Document::with_status(error.status().name())
        .text("message", &error.to_string())
        .number("attempts", attempts);
    let document = match error {
        Error::Argument(_) | Error::Internal(_) => document,
        Error::Invalid(problems) => document.list("problems", problems, problem),
        Error::Credentials(sources) => document.list("sources", sources, source),
        Error::Unsent(detail) | Error::Refused(detail) | Error::Unknown(detail) => {
            with_detail(document, detail)
        }
    };
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
    let document = document.maybe("code", detail.code.as_deref());
    let document = match detail.http_status {
        Some(status) => document.number("http_status", status),
        None => document,
    };
    let document = document
        .maybe("request_id", detail.request_id.as_deref())
        .maybe("hint", detail.hint.as_deref())
        .maybe("cause", detail.cause.as_deref());
    match &detail.candidates {
        Some(candidates) => document.list("candidates", candidates, candidate),
        None => document,
    }
    .maybe("raw", detail.raw.as_deref())
}

fn candidate(document: Document, candidate: &Candidate) -> Document {
    document
        .text("task_id", &candidate.task_id)
        .text("state", &candidate.state)
        .text("created", &candidate.created)
}
