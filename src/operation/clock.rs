//! What this process has learned of its clock: by how much each endpoint's is ahead, since a request with a
//! wrong date is refused, and every call would pay for that anew.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::os::fork::PerProcess;

/// Endpoints remembered; a process uses one or two.
const REMEMBERED: usize = 16;

static OFFSETS: PerProcess<Mutex<Vec<(String, i64)>>> = PerProcess::new();

fn offsets() -> MutexGuard<'static, Vec<(String, i64)>> {
    OFFSETS.get().lock().unwrap_or_else(PoisonError::into_inner)
}

/// The clock of `authority` less ours, in seconds, as the last correction had it.
pub fn offset(authority: &str) -> i64 {
    let offsets = offsets();
    offsets.iter().find(|(known, _)| known == authority).map_or(0, |(_, offset)| *offset)
}

/// Remembers a correction.
pub fn remember(authority: &str, offset: i64) {
    let mut offsets = offsets();
    offsets.retain(|(known, _)| known != authority);
    if offsets.len() == REMEMBERED {
        offsets.remove(0);
    }
    offsets.push((authority.to_owned(), offset));
}
