//! The documents a caller reads. Members come in a fixed order; none is ever removed.

use crate::error::{Candidate, Detail, Error, Problem, Source};
use crate::json;

/// An object being written, member by member.
pub struct Document(String);

impl Document {
    pub fn new() -> Document {
        Document("{".to_owned())
    }

    /// A document that begins with its status.
    pub fn with_status(name: &str) -> Document {
        Document::new().text("status", name)
    }

    /// A member whose value is JSON already.
    pub fn raw(mut self, name: &str, value: &str) -> Document {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        json::write_string(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(value);
        self
    }

    pub fn text(self, name: &str, value: &str) -> Document {
        let mut quoted = String::with_capacity(value.len() + 2);
        json::write_string(&mut quoted, value);
        self.raw(name, &quoted)
    }

    pub fn maybe(self, name: &str, value: Option<&str>) -> Document {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub fn number(self, name: &str, value: impl Into<i64>) -> Document {
        self.raw(name, &value.into().to_string())
    }

    pub fn list<T>(self, name: &str, items: &[T], write: impl Fn(&T) -> String) -> Document {
        let items: Vec<_> = items.iter().map(write).collect();
        self.raw(name, &format!("[{}]", items.join(",")))
    }

    pub fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

pub fn problem(problem: &Problem) -> String {
    Document::new()
        .text("path", &problem.path)
        .text("code", problem.code.name())
        .text("message", &problem.message)
        .finish()
}

/// A failure, with what is known about it.
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

fn source(source: &Source) -> String {
    Document::new().text("source", source.name).text("reason", &source.reason).finish()
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

fn candidate(candidate: &Candidate) -> String {
    Document::new()
        .text("task_id", &candidate.task_id)
        .text("state", &candidate.state)
        .text("created", &candidate.created)
        .finish()
}
