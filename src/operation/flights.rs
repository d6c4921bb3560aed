//! The calls of this process that are under way, and the tasks that were given to its calls: what
//! one needs to know of the others before it takes a task on the task list for its own.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::os::fork::PerProcess;

/// Task ids remembered; each is the purchase of servers, so this is years of them.
const REMEMBERED: usize = 16_384;

static FLIGHTS: PerProcess<Mutex<Flights>> = PerProcess::new();

#[derive(Default)]
struct Flights {
    next: u64,
    under_way: Vec<Call>,
    /// The tasks that were given away, the latest last.
    given: VecDeque<String>,
}

struct Call {
    number: u64,
    cluster_id: String,
    /// Another call for the cluster was under way at some time during this one.
    had_company: bool,
}

fn flights() -> MutexGuard<'static, Flights> {
    FLIGHTS.get().lock().unwrap_or_else(PoisonError::into_inner)
}

/// One call under way, from before its first byte until this is dropped.
pub struct Flight(u64);

impl Flight {
    pub fn begin(cluster_id: &str) -> Flight {
        let mut flights = flights();
        flights.next += 1;
        let number = flights.next;
        let mut had_company = false;
        for other in flights.under_way.iter_mut().filter(|call| call.cluster_id == cluster_id) {
            other.had_company = true;
            had_company = true;
        }
        flights.under_way.push(Call { number, cluster_id: cluster_id.to_owned(), had_company });
        Flight(number)
    }

    /// Takes `task_id` for this call; `false` if another call of this process has it, or may.
    pub fn adopt(&self, task_id: &str) -> bool {
        let mut flights = flights();
        let alone = flights.under_way.iter().any(|call| call.number == self.0 && !call.had_company);
        let free = alone && !flights.given.iter().any(|given| given == task_id);
        if free {
            flights.remember(task_id);
        }
        free
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        flights().under_way.retain(|call| call.number != self.0);
    }
}

/// The service gave `task_id` to a call of this process.
pub fn give(task_id: &str) {
    flights().remember(task_id);
}

/// Whether a call of this process was given `task_id`.
pub fn is_given(task_id: &str) -> bool {
    flights().given.iter().any(|given| given == task_id)
}

impl Flights {
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
        let alone = Flight::begin("alone");
        assert!(alone.adopt("T-1"));
        assert!(!alone.adopt("T-1"));
        give("T-2");
        assert!(is_given("T-2") && is_given("T-1") && !is_given("T-3"));
        assert!(!alone.adopt("T-2"));
    }

    #[test]
    fn company_counts_even_after_it_has_left() {
        let first = Flight::begin("crowd");
        drop(Flight::begin("crowd"));
        let third = Flight::begin("crowd");
        assert!(!first.adopt("T-4"));
        assert!(!third.adopt("T-4"));
        let elsewhere = Flight::begin("elsewhere");
        assert!(elsewhere.adopt("T-4"));
        drop((first, third));
        assert!(Flight::begin("crowd").adopt("T-5"));
    }
}
