//! The calls of this process that are under way, and the tasks that were given to its calls: what
//! one needs to know of the others before it takes a task on the task list for its own.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::os::fork::PerProcess;

/// Task ids remembered; each is the purchase of servers, so this is years of them.
const REMEMBERED: usize = 16_384;

static REGISTRY: PerProcess<Mutex<Registry>> = PerProcess::new();

#[derive(Default)]
struct Registry {
    next: u64,
    under_way: Vec<Call>,
    /// The tasks that were given away, the latest last.
    given: VecDeque<String>,
}

struct Call {
    number: u64,
    cluster_id: String,
    /// Another call for the cluster was under way at some time during this one.
    overlapped: bool,
}

fn registry() -> MutexGuard<'static, Registry> {
    REGISTRY.get().lock().unwrap_or_else(PoisonError::into_inner)
}

/// One call under way, from before its first byte until this is dropped.
pub struct InFlight(u64);

impl InFlight {
    pub fn begin(cluster_id: &str) -> InFlight {
        let mut registry = registry();
        registry.next += 1;
        let number = registry.next;
        let mut overlapped = false;
        for other in registry.under_way.iter_mut().filter(|call| call.cluster_id == cluster_id) {
            other.overlapped = true;
            overlapped = true;
        }
        registry.under_way.push(Call { number, cluster_id: cluster_id.to_owned(), overlapped });
        InFlight(number)
    }

    /// Takes `task_id` for this call; `false` if another call of this process has it, or may.
    pub fn claim(&self, task_id: &str) -> bool {
        let mut registry = registry();
        let alone = registry.under_way.iter().any(|call| call.number == self.0 && !call.overlapped);
        let free = alone && !registry.given.iter().any(|given| given == task_id);
        if free {
            registry.remember(task_id);
        }
        free
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        registry().under_way.retain(|call| call.number != self.0);
    }
}

/// The service gave `task_id` to a call of this process.
pub fn record(task_id: &str) {
    registry().remember(task_id);
}

/// Whether a call of this process was given `task_id`.
pub fn is_given(task_id: &str) -> bool {
    registry().given.iter().any(|given| given == task_id)
}

impl Registry {
    fn remember(&mut self, task_id: &str) {
        if self.given.len() == REMEMBERED {
            self.given.pop_front();
        }
        self.given.push_back(task_id.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_adopted_once_and_only_by_a_call_without_company() {
        let alone = InFlight::begin("alone");
        assert!(alone.claim("T-1"));
        assert!(!alone.claim("T-1"));
        record("T-2");
        assert!(is_given("T-2") && is_given("T-1") && !is_given("T-3"));
        assert!(!alone.claim("T-2"));
    }

    #[test]
    fn company_counts_even_after_it_has_left() {
        let first = InFlight::begin("crowd");
        drop(InFlight::begin("crowd"));
        let third = InFlight::begin("crowd");
        assert!(!first.claim("T-4"));
        assert!(!third.claim("T-4"));
        let elsewhere = InFlight::begin("elsewhere");
        assert!(elsewhere.claim("T-4"));
        drop((first, third));
        assert!(InFlight::begin("crowd").claim("T-5"));
    }
}
