//! Which request takes which fault.

use crate::fault::Fault;
use crate::route::Route;
use crate::sync::lock;
use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

/// The queues; each fault is taken once.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Queues>);

#[derive(Default)]
struct Queues {
    common: VecDeque<Fault>,
    clusters: HashMap<String, VecDeque<Fault>>,
    reads: VecDeque<Fault>,
}

impl Queues {
    /// A cluster's own queue wins while it holds something.
    fn of(&mut self, route: &Route) -> Option<&mut VecDeque<Fault>> {
        match route {
            Route::ScaleOut { cluster_id } => match self.clusters.get_mut(cluster_id) {
                Some(own) if !own.is_empty() => Some(own),
                _ => Some(&mut self.common),
            },
            Route::Task { .. } | Route::Tasks { .. } => Some(&mut self.reads),
            Route::Control | Route::Unknown => None,
        }
    }
}

impl Faults {
    pub(crate) fn push(&self, fault: Fault) {
        lock(&self.0).common.push_back(fault);
    }

    pub(crate) fn push_for(&self, cluster_id: &str, fault: Fault) {
        lock(&self.0).clusters.entry(cluster_id.into()).or_default().push_back(fault);
    }

    pub(crate) fn push_for_reads(&self, fault: Fault) {
        lock(&self.0).reads.push_back(fault);
    }

    pub(crate) fn clear(&self) {
        *lock(&self.0) = Queues::default();
    }

    /// True, once, if the next fault for everybody is [`Fault::CloseBeforeRead`].
    pub(crate) fn take_before_read(&self) -> bool {
        let common = &mut lock(&self.0).common;
        let next = common.front() == Some(&Fault::CloseBeforeRead);
        if next {
            common.pop_front();
        }
        next
    }

    /// The next fault for `route`, if it strikes before verification.
    pub(crate) fn take_early(&self, route: &Route) -> Option<Fault> {
        let mut queues = lock(&self.0);
        let queue = queues.of(route)?;
        if queue.front()?.is_early() { queue.pop_front() } else { None }
    }

    pub(crate) fn take(&self, route: &Route) -> Option<Fault> {
        lock(&self.0).of(route)?.pop_front()
    }
}
