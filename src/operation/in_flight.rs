//! What one call needs to know of the others of its process before it takes a task on the task list for its
//! own: the calls that are under way or ended in doubt, and the tasks that were given, claimed or seen.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::os::fork::{self, PerProcess, Process};

/// Ids remembered; each is the purchase of servers, so this is years of them.
const REMEMBERED: usize = 16_384;
/// So long a task may take to become visible: until then a call in doubt may still claim it.
const VISIBLE_WITHIN: Duration = Duration::from_secs(600);

static REGISTRY: PerProcess<Mutex<Registry>> = PerProcess::new();

#[derive(Default)]
struct Registry {
    next: u64,
    under_way: Vec<Entry>,
    /// The tasks that were given away.
    given: Recent,
    /// The calls whose end is not known.
    doubts: VecDeque<Doubt>,
    /// The tasks that stood on some list, and since when that is known.
    seen: VecDeque<(String, Instant)>,
    /// The request ids of the answers that came over connections that are kept.
    requests: Recent,
}

/// Ids, the latest last, to be found fast: every call asks.
#[derive(Default)]
struct Recent {
    order: VecDeque<String>,
    known: HashSet<String>,
}

impl Recent {
    fn holds(&self, id: &str) -> bool {
        self.known.contains(id)
    }

    /// Adds an id; whether it is new.
    fn add(&mut self, id: &str) -> bool {
        let is_new = self.known.insert(id.to_owned());
        if is_new {
            if self.order.len() == REMEMBERED
                && let Some(oldest) = self.order.pop_front()
            {
                self.known.remove(&oldest);
            }
            self.order.push_back(id.to_owned());
        }
        is_new
    }
}

struct Entry {
    number: u64,
    cluster_id: String,
    /// Another call for the cluster was under way at some time during this one.
    overlapped: bool,
}

struct Doubt {
    purchase_id: String,
    cluster_id: String,
    ended: Instant,
    candidates: Vec<String>,
}

/// `None` in a child that was forked while this was waited for: its call is over.
fn registry() -> Option<MutexGuard<'static, Registry>> {
    let process = Process::current();
    fork::lock(REGISTRY.get(), process)
}

/// Whose a task on the list may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Free,
    /// Another call was given it, or is in doubt and had it among its candidates.
    Claimed,
    /// It was there before this call's first byte.
    Older,
}

/// One call under way, from before its first byte until this is dropped.
pub(crate) struct InFlight<'a> {
    number: u64,
    cluster_id: &'a str,
}

impl<'a> InFlight<'a> {
    /// Begins a call for `cluster_id`.
    pub(crate) fn begin(cluster_id: &'a str) -> InFlight<'a> {
        note_first_call();
        let Some(mut registry) = registry() else { return InFlight { number: 0, cluster_id } };
        registry.next += 1;
        let number = registry.next;
        let mut overlapped = false;
        for other in registry.under_way.iter_mut().filter(|call| call.cluster_id == cluster_id) {
            other.overlapped = true;
            overlapped = true;
        }
        let entry = Entry { number, cluster_id: cluster_id.to_owned(), overlapped };
        registry.under_way.push(entry);
        InFlight { number, cluster_id }
    }

    pub(crate) fn cluster_id(&self) -> &str {
        self.cluster_id
    }

    /// Takes `task_id` for this call, whose first byte left at `sent`; `false` if another call of this
    /// process, or of the one it was forked from, has it or may have it.
    pub(crate) fn claim(&self, task_id: &str, sent: Instant) -> bool {
        if descends_from_a_caller() {
            return false;
        }
        let Some(mut registry) = registry() else { return false };
        let mut under_way = registry.under_way.iter();
        let alone = under_way.any(|call| call.number == self.number && !call.overlapped);
        let mut doubts = registry.doubts.iter();
        let in_doubt = doubts.any(|doubt| {
            doubt.cluster_id == self.cluster_id && doubt.ended + VISIBLE_WITHIN > sent
        });
        let standing = registry.standing(task_id, Some(sent), None);
        alone && !in_doubt && standing == Standing::Free && registry.given.add(task_id)
    }

    /// Notes that the end of this call, the purchase `purchase_id`, is not known: it may still claim
    /// `candidates`, or a task to come.
    pub(crate) fn doubt(&self, purchase_id: &str, candidates: Vec<String>) {
        let (purchase_id, cluster_id) = (purchase_id.to_owned(), self.cluster_id.to_owned());
        let doubt = Doubt { purchase_id, cluster_id, ended: Instant::now(), candidates };
        if let Some(mut registry) = registry() {
            remember(&mut registry.doubts, doubt);
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(mut registry) = registry() {
            registry.under_way.retain(|call| call.number != self.number);
        }
    }
}

/// Notes that the service gave `task_id` to a call of this process.
pub(crate) fn record_task(task_id: &str) {
    if let Some(mut registry) = registry() {
        registry.given.add(task_id);
    }
}

/// Whether a call of this process was given that task.
pub(crate) fn is_known_task(task_id: &str) -> bool {
    registry().is_none_or(|registry| registry.given.holds(task_id))
}

/// Notes that `task_id` stood on a list at `at`.
pub(crate) fn saw(task_id: &str, at: Instant) {
    let Some(mut registry) = registry() else { return };
    if !registry.seen.iter().any(|(id, _)| id == task_id) {
        remember(&mut registry.seen, (task_id.to_owned(), at));
    }
}

/// Whether an earlier answer over a kept connection had that request id.
pub(crate) fn is_known_request(request_id: &str) -> bool {
    registry().is_none_or(|registry| registry.requests.holds(request_id))
}

/// Notes the request id of an answer over a connection that may be kept.
pub(crate) fn record_request(request_id: &str) {
    if let Some(mut registry) = registry() {
        registry.requests.add(request_id);
    }
}

/// Whose a task may be, as a call sees it whose first byte left at `sent`, as far as that is known, and that
/// is called `purchase_id` if it has ended: its own doubt is no claim of another.
pub(crate) fn standing(
    task_id: &str,
    sent: Option<Instant>,
    purchase_id: Option<&str>,
) -> Standing {
    let claimed = Standing::Claimed;
    registry().map_or(claimed, |registry| registry.standing(task_id, sent, purchase_id))
}

impl Registry {
    fn standing(
        &self,
        task_id: &str,
        sent: Option<Instant>,
        purchase_id: Option<&str>,
    ) -> Standing {
        let is_it = |id: &String| id == task_id;
        let mut doubts = self.doubts.iter();
        let is_in_doubt = doubts.any(|doubt| {
            purchase_id != Some(&doubt.purchase_id) && doubt.candidates.iter().any(is_it)
        });
        if is_in_doubt || self.given.holds(task_id) {
            return Standing::Claimed;
        }
        let was_there = |at: Instant| sent.is_some_and(|sent| at < sent);
        match self.seen.iter().any(|(id, at)| is_it(id) && was_there(*at)) {
            true => Standing::Older,
            false => Standing::Free,
        }
    }
}

fn remember<T>(list: &mut VecDeque<T>, item: T) {
    if list.len() == REMEMBERED {
        list.pop_front();
    }
    list.push_back(item);
}

/// Which process made the first call; 0 before there was one.
static FIRST_CALLER: AtomicU64 = AtomicU64::new(0);

fn note_first_call() {
    let own = Process::current().number();
    // Who comes second finds it set, and that is all it wants.
    let _ = FIRST_CALLER.compare_exchange(0, own, Ordering::Relaxed, Ordering::Relaxed);
}

/// Whether this process was forked from one that had made calls: what those were given stands in that
/// one's memory, and is not known here.
fn descends_from_a_caller() -> bool {
    FIRST_CALLER.load(Ordering::Relaxed) != Process::current().number()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_claimed_once_and_only_by_a_call_without_company() {
        let alone = InFlight::begin("alone");
        let sent = Instant::now();
        assert!(alone.claim("T-1", sent));
        assert!(!alone.claim("T-1", sent));
        assert!(!is_known_task("T-2"));
        record_task("T-2");
        assert!(is_known_task("T-2"));
        assert_eq!(standing("T-2", Some(sent), None), Standing::Claimed);
        assert_eq!(standing("T-3", Some(sent), None), Standing::Free);
        assert!(!alone.claim("T-2", sent));
    }

    #[test]
    fn company_counts_even_after_it_has_left() {
        let sent = Instant::now();
        let first = InFlight::begin("crowd");
        drop(InFlight::begin("crowd"));
        let third = InFlight::begin("crowd");
        assert!(!first.claim("T-4", sent));
        assert!(!third.claim("T-4", sent));
        let elsewhere = InFlight::begin("elsewhere");
        assert!(elsewhere.claim("T-4", sent));
        drop((first, third));
        assert!(InFlight::begin("crowd").claim("T-5", sent));
    }

    #[test]
    fn a_call_in_doubt_may_still_claim_so_nobody_else_does() {
        let sent = Instant::now();
        InFlight::begin("doubtful").doubt("p-6", vec!["T-6".to_owned()]);
        assert_eq!(standing("T-6", Some(sent), Some("p-6")), Standing::Free, "its own");
        let next = InFlight::begin("doubtful");
        assert_eq!(standing("T-6", Some(sent), None), Standing::Claimed);
        assert!(!next.claim("T-6", sent) && !next.claim("T-7", sent));
        assert!(InFlight::begin("another").claim("T-7", sent));
        assert!(next.claim("T-8", sent + VISIBLE_WITHIN + Duration::from_secs(1)));
    }

    #[test]
    fn what_was_there_before_the_first_byte_is_older() {
        let before = Instant::now();
        saw("T-9", before);
        let sent = before + Duration::from_millis(1);
        assert_eq!(standing("T-9", Some(sent), None), Standing::Older);
        saw("T-9", sent + Duration::from_millis(1));
        assert!(!InFlight::begin("older").claim("T-9", sent));
        saw("T-10", sent);
        assert_eq!(standing("T-10", Some(sent), None), Standing::Free);
    }
}
