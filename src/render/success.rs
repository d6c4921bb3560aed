//! The documents of calls that succeeded.

use super::problem;
use crate::error::{Problem, Status};
use crate::json::document::Document;
use crate::outcome::{Accepted, DryRun};

/// Writes what the service accepted.
pub(super) fn accepted(
    accepted: &Accepted,
    purchase_id: Option<&str>,
    attempts: u32,
    warnings: &[Problem],
) -> String {
    let document = ok()
        .text("cluster_id", &accepted.cluster_id)
        .text("task_id", &accepted.task_id)
        .maybe("request_id", accepted.request_id.as_deref())
        .number("attempts", attempts)
        .maybe("purchase_id", purchase_id)
        .maybe("confirmed_by", accepted.is_adopted.then_some("task_list"));
    with_warnings(document, warnings)
}

/// Writes what would have gone out.
pub(super) fn dry_run(dry_run: &DryRun, warnings: &[Problem]) -> String {
    let headers = dry_run.headers.iter();
    let headers = headers.fold(Document::new(), |d, (name, value)| d.text(name, value));
    let request = Document::new()
        .text("method", dry_run.method)
        .text("url", &dry_run.url)
        .raw("headers", &headers.finish())
        .text("body", &dry_run.body);
    with_warnings(ok().raw("dry_run", "true").raw("request", &request.finish()), warnings)
}

/// Writes that a document keeps every rule.
pub(super) fn valid(warnings: &[Problem]) -> String {
    with_warnings(ok(), warnings)
}

/// The beginning of each.
pub(super) fn ok() -> Document {
    Document::with_status(Status::Ok.name())
}

/// The end of each.
pub(super) fn with_warnings(document: Document, warnings: &[Problem]) -> String {
    document.list("warnings", warnings, problem).finish()
}
