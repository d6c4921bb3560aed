//! Tasks as this library tells of them: what brings nodes up, how it stands, and which nodes came of it. No
//! secret stands in any of it; texts of the service come on one line.

/// How a task stands. The service's `failed` is [`Fail`](TaskState::Fail); `pausing`, `resuming` and
/// `cancelling` are [`Running`](TaskState::Running).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskState {
    /// It goes on.
    Running,
    /// It stands still until somebody resumes it.
    Paused,
    /// It has ended. Single nodes may have failed all the same.
    Success,
    /// It has ended and failed. Single nodes may have come up all the same.
    Fail,
    /// Somebody ended it.
    Canceled,
    /// A word that this version does not know; the task is taken to go on.
    Other(String),
}

impl TaskState {
    /// Reads the service's word.
    pub(crate) fn of(word: &str) -> TaskState {
        match word {
            "running" | "pausing" | "resuming" | "cancelling" => TaskState::Running,
            "paused" => TaskState::Paused,
            "success" => TaskState::Success,
            "fail" | "failed" => TaskState::Fail,
            "canceled" => TaskState::Canceled,
            other => TaskState::Other(other.to_owned()),
        }
    }

    /// The word that stands under `"state"` in a document.
    pub fn name(&self) -> &str {
        match self {
            TaskState::Running => "running",
            TaskState::Paused => "paused",
            TaskState::Success => "success",
            TaskState::Fail => "fail",
            TaskState::Canceled => "canceled",
            TaskState::Other(word) => word,
        }
    }

    /// Whether nothing more will come of the task.
    pub fn is_end(&self) -> bool {
        match self {
            TaskState::Success | TaskState::Fail | TaskState::Canceled => true,
            TaskState::Running | TaskState::Paused | TaskState::Other(_) => false,
        }
    }
}

/// The instances of a task, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Nodes {
    /// They came up.
    pub succeeded: Vec<String>,
    /// They did not.
    pub failed: Vec<String>,
    /// Nothing is known of them yet.
    pub pending: Vec<String>,
}

impl Nodes {
    /// Takes over what `earlier` knew of instances that these do not speak of: one that did start is not
    /// forgotten because a later reply leaves it out.
    pub(crate) fn keep(&mut self, earlier: &Nodes) {
        let known = [&self.succeeded[..], &self.failed, &self.pending].concat();
        let missing = |of: &[String]| -> Vec<String> {
            of.iter().filter(|id| !known.contains(id)).cloned().collect()
        };
        self.succeeded.extend(missing(&earlier.succeeded));
        self.failed.extend(missing(&earlier.failed));
        self.pending.extend(missing(&earlier.pending));
    }
}

/// What the service says went wrong with a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskError {
    /// The service's code, such as `OperationDenied.NoStock`.
    pub code: Option<String>,
    /// One line for a person.
    pub message: Option<String>,
}

/// A step of a task. Times are as the service writes them: `2026-01-02 11:04:05`, without a zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stage {
    /// The service's word for how it stands.
    pub state: Option<String>,
    /// One line for a person.
    pub message: Option<String>,
    /// When it began.
    pub start_time: Option<String>,
    /// When it ended.
    pub end_time: Option<String>,
    /// What came of it, an object as JSON.
    pub outputs: Option<String>,
}

/// Something that happened during a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// What was done.
    pub action: Option<String>,
    /// How grave it is, such as `info`.
    pub level: Option<String>,
    /// One line for a person.
    pub message: Option<String>,
    /// Why, in a word of the service.
    pub reason: Option<String>,
    /// Who says so.
    pub source: Option<String>,
    /// When: milliseconds since 1970, as text.
    pub timestamp: Option<String>,
}

/// One task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Task {
    /// The id that was asked for.
    pub task_id: String,
    /// The cluster that it works on.
    pub cluster_id: Option<String>,
    /// How it stands.
    pub state: TaskState,
    /// Its instances. A partial failure shows here and nowhere else.
    pub nodes: Nodes,
    /// Its steps, the first one first.
    pub stages: Vec<Stage>,
    /// What went wrong with it as a whole.
    pub error: Option<TaskError>,
    /// What happened.
    pub events: Vec<Event>,
    /// When it was created, as the service writes it.
    pub created: Option<String>,
    /// When it changed last, as the service writes it.
    pub updated: Option<String>,
    /// Of a wait: it was over before the task was.
    pub is_timed_out: bool,
}

impl Task {
    /// Whether it has ended, and not with every node.
    pub fn has_failed(&self) -> bool {
        self.state.is_end() && (self.state != TaskState::Success || !self.nodes.failed.is_empty())
    }
}

/// A task on a cluster's list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedTask {
    /// The task's id, as it came.
    pub task_id: String,
    /// What it does, such as `cluster_scaleout`.
    pub task_type: Option<String>,
    /// How it stands, where the list says so.
    pub state: Option<TaskState>,
    /// When it was created, as the service writes it.
    pub created: Option<String>,
    /// When it changed last, as the service writes it.
    pub updated: Option<String>,
    /// Its date could be read.
    pub is_dated: bool,
    /// What went wrong with it as a whole.
    pub error: Option<TaskError>,
}

/// A cluster's tasks, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskList {
    /// The cluster.
    pub cluster_id: String,
    /// All of them, from all pages; those that nothing dates come first.
    pub tasks: Vec<ListedTask>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_service_is_one_of_five_or_passed_on() {
        for (word, name, is_end) in [
            ("running", "running", false),
            ("pausing", "running", false),
            ("resuming", "running", false),
            ("cancelling", "running", false),
            ("paused", "paused", false),
            ("success", "success", true),
            ("fail", "fail", true),
            ("failed", "fail", true),
            ("canceled", "canceled", true),
            ("dreaming", "dreaming", false),
        ] {
            let state = TaskState::of(word);
            assert_eq!((state.name(), state.is_end()), (name, is_end), "{word}");
        }
    }

    #[test]
    fn an_instance_that_a_later_reply_leaves_out_is_kept() {
        let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        let earlier =
            Nodes { succeeded: ids(&["a", "b"]), failed: ids(&["c"]), pending: ids(&["d"]) };
        let mut later = Nodes { succeeded: ids(&["d"]), failed: ids(&["b"]), ..Nodes::default() };
        later.keep(&earlier);
        assert_eq!(later.succeeded, ["d", "a"]);
        assert_eq!(later.failed, ["b", "c"]);
        assert!(later.pending.is_empty());
    }
}
