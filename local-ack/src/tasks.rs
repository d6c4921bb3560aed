//! The tasks.

use crate::ids;
use crate::sync::lock;
use crate::task_document::{Progress, document};
use crate::task_end::TaskEnd;
use serde_json::{Map, Value};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A request for ten thousand nodes must not become a document of megabytes.
const MOST_INSTANCES: i64 = 1000;

#[derive(Default)]
pub(crate) struct Tasks(Mutex<Vec<Task>>);

pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) cluster_id: String,
    pub(crate) count: usize,
    pub(crate) created_unix: i64,
    started: Instant,
    /// How old it was when it started.
    head_start: Duration,
    end: TaskEnd,
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
        self.add_aged(cluster_id, count, created_unix, Duration::ZERO)
    }

    /// Adds a task that was created `age` before `now_unix`.
    pub(crate) fn add_aged(
        &self,
        cluster_id: &str,
        count: Option<i64>,
        now_unix: i64,
        age: Duration,
    ) -> String {
        let created_unix = now_unix.saturating_sub_unsigned(age.as_secs());
        let id = ids::task_id(created_unix);
        let task = Task {
            id: id.clone(),
            cluster_id: cluster_id.into(),
            count: count.unwrap_or(1).clamp(0, MOST_INSTANCES) as usize,
            created_unix,
            started: Instant::now(),
            head_start: age,
            end: TaskEnd::new("success"),
            forced: None,
        };
        let mut tasks = lock(&self.0);
        // Oldest first, in the order of their coming where they are of one age.
        let place = tasks.partition_point(|other| other.created_unix <= created_unix);
        tasks.insert(place, task);
        id
    }

    /// Says how a task will end.
    pub(crate) fn plan(&self, id: &str, end: TaskEnd) {
        if let Some(task) = lock(&self.0).iter_mut().find(|task| task.id == id) {
            task.end = end;
        }
    }

    /// Fixes a task's state from now on and lays `patch` over its document.
    pub(crate) fn force(&self, id: &str, state: &str, patch: Map<String, Value>) -> bool {
        let mut tasks = lock(&self.0);
        let task = tasks.iter_mut().rev().find(|task| task.id == id);
        task.map(|task| task.forced = Some((state.into(), patch))).is_some()
    }

    /// The document of one task; whether it is there at all, and old enough to be found.
    pub(crate) fn describe(
        &self,
        id: &str,
        (delay, length): (Duration, Duration),
    ) -> Option<Option<Map<String, Value>>> {
        let tasks = lock(&self.0);
        let task = tasks.iter().rev().find(|task| task.id == id)?;
        Some((task.age() >= delay).then(|| task.document(length)))
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
            .filter(|task| task.cluster_id == cluster_id && task.age() >= delay)
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
    fn age(&self) -> Duration {
        self.started.elapsed() + self.head_start
    }

    fn document(&self, length: Duration) -> Map<String, Value> {
        let mut document = document(self, &self.progress(length), length);
        let patch = self.forced.as_ref().map(|(_, patch)| patch.clone());
        document.extend(patch.unwrap_or_default());
        document
    }

    /// The nodes come up one after the other, and the last ones fail, if any do.
    fn progress(&self, length: Duration) -> Progress<'_> {
        let age = self.age();
        let is_due = age >= length;
        let (state, failed) = match &self.forced {
            Some((state, _)) => (state.as_str(), TaskEnd::new(state).failed_of(self.count)),
            None if is_due => (self.end.state.as_str(), self.end.failed_of(self.count)),
            None => ("running", self.end.failed_of(self.count)),
        };
        let known = match (state, &self.forced) {
            ("success" | "fail" | "failed", _) => self.count,
            ("running", None) => {
                (self.count as f64 * age.as_secs_f64() / length.as_secs_f64()) as usize
            }
            ("running", Some(_)) => 0,
            // What stands still or was ended did so half-way.
            _ => self.count.div_ceil(2),
        };
        let error = Some(&self.end).filter(|end| is_due && !end.code.is_empty());
        Progress { state, known: known.min(self.count), failed, error }
    }
}
