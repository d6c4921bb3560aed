//! How a task ends.

/// The end of a task, and what becomes of its nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskEnd {
    /// The service's word: `success`, `fail`, `failed`, `canceled`, or `paused`, which is no end.
    pub state: String,
    /// How many nodes fail, the last ones; without it none where the task succeeds, and all where it fails.
    pub failed: Option<usize>,
    /// The code of the task's error; empty for none.
    pub code: String,
    /// The message of the task's error.
    pub message: String,
}

impl TaskEnd {
    /// An end in `state`, as it usually is.
    pub fn new(state: &str) -> TaskEnd {
        TaskEnd { state: state.into(), failed: None, code: String::new(), message: String::new() }
    }

    /// How many of `count` nodes fail.
    pub(crate) fn failed_of(&self, count: usize) -> usize {
        let usual = if matches!(self.state.as_str(), "fail" | "failed") { count } else { 0 };
        self.failed.unwrap_or(usual).min(count)
    }
}
