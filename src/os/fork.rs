//! State that belongs to one process. A child made by `fork` gets its own, untouched: it inherits
//! memory and descriptors, but neither the threads that held locks nor the right to connections.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Once, OnceLock};

/// How many forks lie between the first user of this module and this process.
static GENERATION: AtomicU32 = AtomicU32::new(0);

extern "C" fn forked() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
}

/// How many forks lie between the first user of this module and this process.
pub fn generation() -> u32 {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        // SAFETY: the handler runs in the child of a fork, where only async-signal-safe work is
        // allowed; it increments an atomic. Asking for the process id instead would be sound as
        // well, and one system call in every call. If it cannot be registered (no memory), forks
        // go unnoticed, as they would without it.
        unsafe { libc::pthread_atfork(None, None, Some(forked)) };
    });
    GENERATION.load(Ordering::Relaxed)
}

/// One `T` for this process, another for each child that asks.
pub struct PerProcess<T: 'static>(OnceLock<Own<T>>);

struct Own<T: 'static> {
    generation: u32,
    value: T,
    child: OnceLock<Box<Own<T>>>,
}

impl<T: Default> Own<T> {
    fn new(generation: u32) -> Own<T> {
        Own { generation, value: T::default(), child: OnceLock::new() }
    }
}

impl<T: Default> PerProcess<T> {
    pub const fn new() -> PerProcess<T> {
        PerProcess(OnceLock::new())
    }

    pub fn get(&self) -> &T {
        let generation = generation();
        let mut own = self.0.get_or_init(|| Own::new(generation));
        while own.generation != generation {
            own = own.child.get_or_init(|| Box::new(Own::new(generation)));
        }
        &own.value
    }
}
