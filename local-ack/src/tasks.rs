//! The tasks and their documents.

use crate::clock;
use crate::ids;
use crate::sync::lock;
use serde_json::{Map, Value, json};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A request for ten thousand nodes must not become a document of megabytes.
const MOST_INSTANCES: i64 = 1000;

#[derive(Default)]
pub(crate) struct Tasks(Mutex<Vec<Task>>);

struct Task {
    id: String,
    cluster_id: String,
    count: i64,
    created_unix: i64,
    started: Instant,
    forced: Option<(String, Map<String, Value>)>,
}

/// One page of a cluster's tasks.
pub(crate) struct Page {
    pub(crate) tasks: Vec<Map<String, Value>>,
    pub(crate) total: usize,
}

impl Tasks {
    /// Starts a task and names it.
    pub(crate) fn add(&self, cluster_id: &str, count: Option<i64>, created_unix: i64) -> String {
        let id = ids::task_id(created_unix);
        let task = Task {
            id: id.clone(),
            cluster_id: cluster_id.into(),
            count: count.unwrap_or(1).clamp(0, MOST_INSTANCES),
            created_unix,
            started: Instant::now(),
            forced: None,
        };
        lock(&self.0).push(task);
        id
    }

    /// Fixes a task's state from now on and lays `patch` over its document.
    pub(crate) fn force(&self, id: &str, state: &str, patch: Map<String, Value>) -> bool {
        let mut tasks = lock(&self.0);
        let task = tasks.iter_mut().rev().find(|task| task.id == id);
        task.map(|task| task.forced = Some((state.into(), patch))).is_some()
    }

    /// The document of one task.
    pub(crate) fn describe(&self, id: &str, length: Duration) -> Option<Map<String, Value>> {
        let tasks = lock(&self.0);
        tasks.iter().rev().find(|task| task.id == id).map(|task| task.document(length))
    }

    /// A cluster's tasks that are `delay` old, newest first; `page` counts from 1.
    pub(crate) fn list(
        &self,
        cluster_id: &str,
        (size, page): (usize, usize),
        (delay, length): (Duration, Duration),
    ) -> Page {
        let tasks = lock(&self.0);
        let shown: Vec<&Task> = tasks
            .iter()
            .rev()
            .filter(|task| task.cluster_id == cluster_id && task.started.elapsed() >= delay)
            .collect();
        let skipped = size.saturating_mul(page.saturating_sub(1));
        let documents = shown.iter().skip(skipped).take(size).map(|task| {
            let mut document = task.document(length);
            let kept = ["task_id", "task_type", "state", "created", "updated", "error"];
            document.retain(|name, _| kept.contains(&name.as_str()));
            document
        });
        Page { tasks: documents.collect(), total: shown.len() }
    }
}

impl Task {
    fn document(&self, length: Duration) -> Map<String, Value> {
        let due = if self.started.elapsed() >= length { "success" } else { "running" };
        let forced = self.forced.as_ref();
        let state = forced.map_or(due, |(state, _)| state.as_str());
        let created = clock::beijing(self.created_unix);
        // Whole seconds: an update within the same second has the same stamp.
        let ended = clock::beijing(self.created_unix + length.as_secs() as i64);
        let updated = if state == "running" { &created } else { &ended };
        let result = match state {
            "success" => "success",
            "running" => "initial",
            _ => "failed",
        };
        let instances: Vec<Value> = (0..self.count)
            .map(|index| json!({"data": self.instance(index), "status": result}))
            .collect();
        let document = json!({
            "cluster_id": self.cluster_id,
            "task_id": self.id,
            "task_type": "cluster_scaleout",
            "state": state,
            "created": created,
            "updated": updated,
            "current_stage": "scaleout",
            "error": {},
            "events": [],
            "stages": [{"start_time": created, "end_time": updated, "message": "", "state": state}],
            "target": {"id": self.cluster_id, "type": "cluster"},
            "task_result": instances,
        });
        let Value::Object(mut document) = document else {
            return Map::new();
        };
        document.extend(forced.map(|(_, patch)| patch.clone()).unwrap_or_default());
        document
    }

    /// The same task always names the same instances.
    fn instance(&self, index: i64) -> String {
        let own = self.id.get(10..26).unwrap_or_default();
        format!("i-{own}{index:04x}")
    }
}
