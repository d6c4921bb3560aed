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
    /// What a read takes where that queue is empty; it stays.
    every_read: Option<Fault>,
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

    pub(crate) fn keep_for_reads(&self, fault: Fault) {
        lock(&self.0).every_read = Some(fault);
    }

    pub(crate) fn clear(&self) {
        *lock(&self.0) = Queues::default();
    }

    /// The next fault for everybody, if it strikes before anything is read. A connection that was used
    /// before is too late for an answer that comes first.
    pub(crate) fn take_before_read(&self, fresh: bool) -> Option<Fault> {
        let strikes = |fault: &Fault| match fresh {
            true => fault.is_before_read(),
            false => *fault == Fault::CloseBeforeRead,
        };
        take_if(&mut lock(&self.0).common, strikes)
    }

    /// The next fault for `route`, if it strikes before verification.
    pub(crate) fn take_early(&self, route: &Route) -> Option<Fault> {
        take_if(lock(&self.0).of(route)?, Fault::is_early)
    }

    /// The next fault for `route`, if a refused request takes it, too.
    pub(crate) fn take_unverified(&self, route: &Route) -> Option<Fault> {
        take_if(lock(&self.0).of(route)?, |fault| matches!(fault, Fault::FrontEnd { .. }))
    }

    pub(crate) fn take(&self, route: &Route) -> Option<Fault> {
        let mut queues = lock(&self.0);
        let queued = take_if(queues.of(route)?, |fault| !fault.is_before_read());
        match route {
            Route::Task { .. } | Route::Tasks { .. } => {
                queued.or_else(|| queues.every_read.clone())
            }
            Route::ScaleOut { .. } | Route::Control | Route::Unknown => queued,
        }
    }
}

fn take_if(queue: &mut VecDeque<Fault>, strikes: impl Fn(&Fault) -> bool) -> Option<Fault> {
    if strikes(queue.front()?) { queue.pop_front() } else { None }
}
