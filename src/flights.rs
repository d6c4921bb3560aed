//! The calls of this process that are under way, and the tasks that were given to its calls: what
//! one needs to know of the others before it takes a task on the task list for its own.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::process::PerProcess;

/// Task ids remembered; each is the purchase of servers, so this is years of them.
const REMEMBERED: usize = 16_384;

static FLIGHTS: PerProcess<Mutex<Flights>> = PerProcess::new();

#[derive(Default)]
struct Flights {
    next: u64,
    /// By cluster: each call under way, and whether it ever had company.
    under_way: HashMap<String, HashMap<u64, bool>>,
    given: HashSet<String>,
    order: VecDeque<String>,
}

fn flights() -> MutexGuard<'static, Flights> {
    FLIGHTS.get().lock().unwrap_or_else(PoisonError::into_inner)
}

/// One call under way, from before its first byte until this is dropped.
pub struct Flight {
    cluster_id: String,
    number: u64,
}

impl Flight {
    pub fn begin(cluster_id: &str) -> Flight {
        let mut flights = flights();
        flights.next += 1;
        let number = flights.next;
        let calls = flights.under_way.entry(cluster_id.to_owned()).or_default();
        let company = !calls.is_empty();
        calls.values_mut().for_each(|had_company| *had_company = true);
        calls.insert(number, company);
        Flight { cluster_id: cluster_id.to_owned(), number }
    }

    /// Takes `task_id` for this call; `false` if another call of this process has it, or may: one
    /// for the same cluster was under way at some time during this one.
    pub fn adopt(&self, task_id: &str) -> bool {
        let mut flights = flights();
        let had_company = flights.under_way.get(&self.cluster_id).and_then(|c| c.get(&self.number));
        had_company == Some(&false) && flights.remember(task_id)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut flights = flights();
        if let Some(calls) = flights.under_way.get_mut(&self.cluster_id) {
            calls.remove(&self.number);
            if calls.is_empty() {
                flights.under_way.remove(&self.cluster_id);
            }
        }
    }
}

/// The service gave `task_id` to a call of this process.
pub fn give(task_id: &str) {
    flights().remember(task_id);
}

/// Whether a call of this process was given `task_id`.
pub fn is_given(task_id: &str) -> bool {
    flights().given.contains(task_id)
}

impl Flights {
    /// Whether the task was new.
    fn remember(&mut self, task_id: &str) -> bool {
        if !self.given.insert(task_id.to_owned()) {
            return false;
        }
        self.order.push_back(task_id.to_owned());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.given.remove(&oldest);
        }
        true
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
