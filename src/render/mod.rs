//! The documents a caller reads. Members come in a fixed order; none is ever removed.

use crate::error::{Candidate, CredentialSource, Detail, Error, Problem};
use crate::json;

/// An object being written, member by member.
pub struct Document(String);

impl Document {
    pub fn new() -> Document {
        Document::within(String::with_capacity(256))
    }

    /// An object that is appended to `out`.
    fn within(mut out: String) -> Document {
        out.push('{');
        Document(out)
    }

    /// A document that begins with its status.
    pub fn with_status(name: &str) -> Document {
        Document::new().text("status", name)
    }

    fn name(&mut self, name: &str) {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
        json::write_string(&mut self.0, name);
        self.0.push(':');
    }

    /// A member whose value is JSON already.
    pub fn raw(mut self, name: &str, value: &str) -> Document {
        self.name(name);
        self.0.push_str(value);
        self
    }

    pub fn text(mut self, name: &str, value: &str) -> Document {
        self.name(name);
        json::write_string(&mut self.0, value);
        self
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

    /// A list of objects, each filled by `fill`.
    pub fn list<T>(
        mut self,
        name: &str,
        items: &[T],
        fill: impl Fn(Document, &T) -> Document,
    ) -> Document {
        self.name(name);
        self.0.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            self.0 = fill(Document::within(self.0), item).finish();
        }
        self.0.push(']');
        self
    }

    pub fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

pub fn problem(document: Document, problem: &Problem) -> Document {
    document
        .text("path", &problem.path)
        .text("code", problem.code.name())
        .text("message", &problem.message)
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
