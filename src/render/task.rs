//! The documents about tasks.

use super::success;
use crate::error::{Candidate, Problem};
use crate::json::document::Document;
use crate::outcome::Look;
use crate::task::{Event, ListedTask, Nodes, Stage, Task, TaskError, TaskList};

/// Writes a task as it stands.
pub(super) fn task(task: &Task, attempts: u32, warnings: &[Problem]) -> String {
    let document = members(success::ok(), task).number("attempts", attempts);
    let timed_out = task.is_timed_out.then(|| "true".to_owned());
    success::with_warnings(document.maybe_raw("timed_out", timed_out), warnings)
}

/// What is told of a task, whatever the document is about.
pub(super) fn members(document: Document, task: &Task) -> Document {
    let document = document.text("task_id", &task.task_id);
    let document = nullable(document, "cluster_id", task.cluster_id.as_deref());
    let document = nodes(document.text("state", task.state.name()), &task.nodes);
    let document = error(document.list("stages", &task.stages, stage), task.error.as_ref());
    let document = document.list("events", &task.events, event);
    let document = nullable(document, "created", task.created.as_deref());
    nullable(document, "updated", task.updated.as_deref())
}

/// Writes a cluster's tasks.
pub(super) fn list(list: &TaskList, attempts: u32, warnings: &[Problem]) -> String {
    let document = success::ok()
        .text("cluster_id", &list.cluster_id)
        .list("tasks", &list.tasks, listed)
        .number("attempts", attempts);
    success::with_warnings(document, warnings)
}

/// Writes what may have become of a call.
pub(super) fn look(look: &Look, attempts: u32, warnings: &[Problem]) -> String {
    let document = success::ok()
        .text("cluster_id", &look.cluster_id)
        .text("purchase_id", &look.purchase_id)
        .list("candidates", &look.candidates, candidate)
        .raw("complete", if look.is_complete { "true" } else { "false" })
        .text("hint", &look.hint)
        .number("attempts", attempts);
    success::with_warnings(document, warnings)
}

/// Writes a task that may be a call's.
pub(super) fn candidate(document: Document, candidate: &Candidate) -> Document {
    let flag = |given: bool, word: &str| given.then(|| word.to_owned());
    let document = document
        .text("task_id", &candidate.task_id)
        .text("state", &candidate.state)
        .text("created", &candidate.created)
        .maybe_raw("dated", flag(!candidate.is_dated, "false"))
        .maybe_raw("claimed", flag(candidate.is_claimed, "true"))
        .maybe_raw("parameters", candidate.parameters.clone());
    match &candidate.nodes {
        Some(of) => error(nodes(document, of), candidate.error.as_ref()),
        None => document,
    }
}

fn listed(document: Document, task: &ListedTask) -> Document {
    let document = document.text("task_id", &task.task_id);
    let document = nullable(document, "task_type", task.task_type.as_deref());
    let document = nullable(document, "state", task.state.as_ref().map(|state| state.name()));
    let document = nullable(document, "created", task.created.as_deref());
    let document = nullable(document, "updated", task.updated.as_deref());
    let document = document.raw("dated", if task.is_dated { "true" } else { "false" });
    error(document, task.error.as_ref())
}

fn nodes(document: Document, nodes: &Nodes) -> Document {
    document
        .texts("succeeded", &nodes.succeeded)
        .texts("failed", &nodes.failed)
        .texts("pending", &nodes.pending)
}

fn error(document: Document, error: Option<&TaskError>) -> Document {
    let Some(TaskError { code, message }) = error else { return document.raw("error", "null") };
    let inner = nullable(Document::new(), "code", code.as_deref());
    document.raw("error", &nullable(inner, "message", message.as_deref()).finish())
}

fn stage(document: Document, stage: &Stage) -> Document {
    document
        .maybe("state", stage.state.as_deref())
        .maybe("message", stage.message.as_deref())
        .maybe("start_time", stage.start_time.as_deref())
        .maybe("end_time", stage.end_time.as_deref())
        .maybe_raw("outputs", stage.outputs.clone())
}

fn event(document: Document, event: &Event) -> Document {
    document
        .maybe("action", event.action.as_deref())
        .maybe("level", event.level.as_deref())
        .maybe("message", event.message.as_deref())
        .maybe("reason", event.reason.as_deref())
        .maybe("source", event.source.as_deref())
        .maybe("timestamp", event.timestamp.as_deref())
}

/// A member that is always there.
fn nullable(document: Document, name: &str, value: Option<&str>) -> Document {
    match value {
        Some(value) => document.text(name, value),
        None => document.raw(name, "null"),
    }
}
