//! The requests that were seen. Old ones are forgotten, so that a benchmark does not fill the memory.

use crate::http::Head;
use crate::record::Seen;
use crate::sync::lock;
use std::collections::VecDeque;
use std::sync::Mutex;

const KEPT: usize = 65_536;

#[derive(Default)]
pub(crate) struct Log(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    first: usize,
    seen: VecDeque<Seen>,
}

impl Log {
    /// Enters a request whose head has arrived; the number is for [`Log::update`].
    pub(crate) fn open(&self, head: &Head, connection: usize) -> usize {
        let seen = Seen {
            method: head.method.clone(),
            target: head.target.clone(),
            headers: head.headers.clone(),
            body: Vec::new(),
            connection,
            status: 0,
            executed: false,
            body_complete: false,
        };
        let mut kept = lock(&self.0);
        if kept.seen.len() == KEPT {
            kept.seen.pop_front();
            kept.first += 1;
        }
        kept.seen.push_back(seen);
        kept.first + kept.seen.len() - 1
    }

    pub(crate) fn update(&self, number: usize, change: impl FnOnce(&mut Seen)) {
        let mut kept = lock(&self.0);
        let index = number.checked_sub(kept.first);
        if let Some(seen) = index.and_then(|index| kept.seen.get_mut(index)) {
            change(seen);
        }
    }

    pub(crate) fn all(&self) -> Vec<Seen> {
        lock(&self.0).seen.iter().cloned().collect()
    }
}
