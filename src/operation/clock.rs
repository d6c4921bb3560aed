//! What this process has learned of its clock: by how much each endpoint's is ahead, since a request with a
//! wrong date is refused, and every call would pay for that anew.

use std::sync::{Mutex, MutexGuard};

use crate::os::fork::{self, PerProcess, Process};

/// Endpoints remembered; a process uses one or two.
const REMEMBERED: usize = 16;

static OFFSETS: PerProcess<Mutex<Vec<(String, i64)>>> = PerProcess::new();

/// `None` in a child that was forked while this was waited for: its call is over.
fn offsets() -> Option<MutexGuard<'static, Vec<(String, i64)>>> {
    let process = Process::current();
    fork::lock(OFFSETS.get(), process)
}

/// The clock of `authority` less ours, in seconds, as the last correction had it.
pub(crate) fn offset(authority: &str) -> i64 {
    let Some(offsets) = offsets() else { return 0 };
    offsets.iter().find(|(known, _)| known == authority).map_or(0, |(_, offset)| *offset)
}

/// Remembers a correction.
pub(crate) fn remember(authority: &str, offset: i64) {
    let Some(mut offsets) = offsets() else { return };
    offsets.retain(|(known, _)| known != authority);
    if offsets.len() == REMEMBERED {
        offsets.remove(0);
    }
    offsets.push((authority.to_owned(), offset));
}
