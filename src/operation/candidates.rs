//! Which tasks on a list may be a purchase's.

use std::time::Instant;

use super::in_flight::{self, Standing};
use super::task_list::ServerClock;
use crate::api::reply::TaskItem;
use crate::error::Candidate;

/// The server's clock is known to the second, and a task may be dated a little early.
pub(super) const SLACK_MS: i64 = 2_000;

/// What is known of a purchase when its task is looked for. Times are the server's, in milliseconds since 1970.
pub(super) struct Sought<'a> {
    /// When the first byte left, at the earliest.
    pub since_ms: Option<i64>,
    /// No task of it is created later.
    pub until_ms: Option<i64>,
    /// When the first byte left, by this machine.
    pub sent: Option<Instant>,
    /// The name of a purchase that has ended.
    pub purchase_id: Option<&'a str>,
}

impl<'a> Sought<'a> {
    /// A purchase whose first byte left at `sent`, and that has not ended yet.
    pub(super) fn just_sent(sent: Instant, clock: &ServerClock) -> Sought<'a> {
        let since_ms = clock.ms_at(sent).map(|ms| ms - SLACK_MS);
        Sought { since_ms, until_ms: None, sent: Some(sent), purchase_id: None }
    }

    /// A scale-out that may be this purchase's: begun in its time, as far as its date can be read and set
    /// against the server's clock.
    pub(super) fn candidate(&self, task: &TaskItem) -> Option<Candidate> {
        let task_id = task.task_id.clone().filter(|_| task.is_scale_out())?;
        let standing = in_flight::standing(&task_id, self.sent, self.purchase_id);
        let is_in_time = task.created_at.is_none_or(|created| {
            self.since_ms.is_none_or(|since| created.to_ms >= since)
                && self.until_ms.is_none_or(|until| created.from_ms <= until)
        });
        (is_in_time && standing != Standing::Older).then(|| Candidate {
            task_id,
            state: task.state.as_ref().map(|state| state.name().to_owned()).unwrap_or_default(),
            created: task.created.clone().unwrap_or_default(),
            is_dated: task.created_at.is_some() && self.since_ms.is_some(),
            is_claimed: standing == Standing::Claimed,
            parameters: task.parameters.clone(),
            nodes: None,
            error: None,
        })
    }
}
