//! The document of a task.

use crate::clock;
use crate::task_end::TaskEnd;
use crate::tasks::Task;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How far a task has come.
pub(crate) struct Progress<'a> {
    /// The service's word.
    pub(crate) state: &'a str,
    /// How many nodes' ends are known; the first ones.
    pub(crate) known: usize,
    /// How many nodes fail; the last ones.
    pub(crate) failed: usize,
    pub(crate) error: Option<&'a TaskEnd>,
}

/// Writes it as DescribeTaskInfo does.
pub(crate) fn document(
    task: &Task,
    progress: &Progress<'_>,
    length: Duration,
) -> Map<String, Value> {
    let Task { id, cluster_id, created_unix, .. } = task;
    let is_end = !matches!(progress.state, "running" | "paused" | "pausing" | "resuming");
    let created = clock::beijing(*created_unix);
    // Whole seconds: an update within the same second has the same stamp.
    let ended = clock::beijing(created_unix + length.as_secs() as i64);
    let updated = if is_end { &ended } else { &created };
    let error = progress.error.map(|end| json!({"code": end.code, "message": end.message}));
    let document = json!({
        "cluster_id": cluster_id,
        "task_id": id,
        "task_type": "cluster_scaleout",
        "state": progress.state,
        "created": created,
        "updated": updated,
        "current_stage": "scaleout",
        "error": error.unwrap_or_else(|| json!({})),
        "events": events(task, progress),
        "stages": stages(&created, updated, progress, task.count),
        "target": {"id": cluster_id, "type": "cluster"},
        "task_result": results(task, progress),
    });
    match document {
        Value::Object(document) => document,
        _ => Map::new(),
    }
}

/// The same task always names the same instances.
fn instance(task: &Task, index: usize) -> String {
    let own = task.id.get(10..26).unwrap_or_default();
    format!("i-{own}{index:04x}")
}

fn results(task: &Task, progress: &Progress<'_>) -> Vec<Value> {
    let result = |index| {
        let status = match index {
            index if index >= progress.known => "initial",
            index if index >= task.count - progress.failed => "failed",
            _ => "success",
        };
        json!({"data": instance(task, index), "status": status})
    };
    (0..task.count).map(result).collect()
}

/// Instances are made first, and then join the cluster. Times are without a zone.
fn stages(created: &str, updated: &str, progress: &Progress<'_>, count: usize) -> Vec<Value> {
    let local = |date: &str| date.get(..19).unwrap_or_default().replace('T', " ");
    let made = json!({"start_time": local(created), "end_time": local(created), "state": "success",
        "message": "instances created", "outputs": {"count": count}});
    let joined = json!({"start_time": local(created), "end_time": local(updated),
        "state": progress.state, "message": format!("{} of {count} nodes done", progress.known),
        "outputs": {}});
    vec![made, joined]
}

/// One for each node whose end is known; their time is a text of milliseconds.
fn events(task: &Task, progress: &Progress<'_>) -> Vec<Value> {
    let first_failed = task.count - progress.failed;
    let event = |index: usize| {
        let is_failed = index >= first_failed;
        let (level, what) = if is_failed { ("error", "failed") } else { ("info", "joined") };
        let reason = progress.error.filter(|_| is_failed).map_or("", |end| &end.code);
        json!({"action": "scaleout", "level": level, "reason": reason, "source": "cs",
            "message": format!("{} {what}", instance(task, index)),
            "timestamp": (task.created_unix * 1000).to_string()})
    };
    (0..progress.known).map(event).collect()
}
