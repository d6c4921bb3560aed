//! Tasks made fit for a document: without secrets, each text on one line.

use super::Redaction;
use super::text::{id, json, one_line};
use crate::api::reply::TaskItem;
use crate::json::{Kind, Raw, edit};
use crate::task::{Event, Nodes, Stage, Task, TaskError, TaskState};

/// A task.
pub(crate) fn task(task: Task, redaction: &Redaction<'_>) -> Task {
    let line = |text: Option<String>| text.map(|text| one_line(&text, redaction));
    let Task { task_id, cluster_id, state, nodes, stages, error, events, created, updated, .. } =
        task;
    Task {
        task_id,
        cluster_id: id(cluster_id.as_ref(), redaction),
        state: state_of(state, redaction),
        nodes: nodes_of(&nodes, redaction),
        stages: stages.into_iter().map(|stage| stage_of(stage, redaction)).collect(),
        error: error.map(|error| error_of(error, redaction)),
        events: events.into_iter().map(|event| event_of(event, redaction)).collect(),
        created: line(created),
        updated: line(updated),
        is_timed_out: false,
    }
}

/// A task of a list; none where it has no id that can be passed on.
pub(crate) fn item(item: TaskItem, redaction: &Redaction<'_>) -> Option<TaskItem> {
    let line = |text: Option<String>| text.map(|text| one_line(&text, redaction));
    let TaskItem {
        task_id,
        task_type,
        cluster_id,
        state,
        created,
        created_at,
        updated,
        error,
        parameters,
    } = item;
    Some(TaskItem {
        task_id: Some(id(task_id.as_ref(), redaction)?),
        task_type: line(task_type),
        cluster_id,
        state: state.map(|state| state_of(state, redaction)),
        created: line(created),
        created_at,
        updated: line(updated),
        error: error.map(|error| error_of(error, redaction)),
        parameters: parameters.and_then(|object| parameters_of(&object, redaction)),
    })
}

/// A request's parameters as the service shows them: the password in them may be somebody else's.
fn parameters_of(object: &str, redaction: &Redaction<'_>) -> Option<String> {
    let masked = match object.contains("login_password") {
        true => edit::set(Raw::parse(object).ok()?, "/login_password", "***", |_| Kind::Text),
        false => Ok(object.to_owned()),
    };
    json(&masked.ok()?, redaction)
}

fn state_of(state: TaskState, redaction: &Redaction<'_>) -> TaskState {
    match state {
        TaskState::Other(word) => TaskState::Other(one_line(&word, redaction)),
        TaskState::Running
        | TaskState::Paused
        | TaskState::Success
        | TaskState::Fail
        | TaskState::Canceled => state,
    }
}

/// Instances are never left out, whatever they are called.
fn nodes_of(nodes: &Nodes, redaction: &Redaction<'_>) -> Nodes {
    let lines = |ids: &[String]| ids.iter().map(|id| one_line(id, redaction)).collect();
    Nodes {
        succeeded: lines(&nodes.succeeded),
        failed: lines(&nodes.failed),
        pending: lines(&nodes.pending),
    }
}

fn error_of(error: TaskError, redaction: &Redaction<'_>) -> TaskError {
    let line = |text: Option<String>| text.map(|text| one_line(&text, redaction));
    TaskError { code: line(error.code), message: line(error.message) }
}

fn stage_of(stage: Stage, redaction: &Redaction<'_>) -> Stage {
    let line = |text: Option<String>| text.map(|text| one_line(&text, redaction));
    Stage {
        state: line(stage.state),
        message: line(stage.message),
        start_time: line(stage.start_time),
        end_time: line(stage.end_time),
        outputs: stage.outputs.and_then(|object| json(&object, redaction)),
    }
}

fn event_of(event: Event, redaction: &Redaction<'_>) -> Event {
    let line = |text: Option<String>| text.map(|text| one_line(&text, redaction));
    Event {
        action: line(event.action),
        level: line(event.level),
        message: line(event.message),
        reason: line(event.reason),
        source: line(event.source),
        timestamp: line(event.timestamp),
    }
}
