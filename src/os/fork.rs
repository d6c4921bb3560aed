//! Which process this is, and state that belongs to one. A child made by `fork` inherits memory and
//! descriptors, but neither the threads that held locks nor the right to connections.
//!
//! Nothing here waits for another thread: whoever forks, and when, the child finds no lock that nobody
//! gives back.

use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::{ptr, thread};

/// A page at least, on any processor; the system rounds it up.
const PAGE: usize = 4096;

/// One process, in the line of those that it was forked from: a child is another one, however it was
/// made. Asking which one this is costs no system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Process(u64);

impl Process {
    /// The process that runs this.
    pub(crate) fn current() -> Process {
        let mark = mark();
        match mark.load(Ordering::Relaxed) {
            0 => Process::named(mark),
            number => Process(number),
        }
    }

    /// Whether this still is that process, and no child of it.
    pub(crate) fn is_current(self) -> bool {
        Process::current() == self
    }

    /// Tells processes apart; above zero.
    pub(crate) fn number(self) -> u64 {
        self.0
    }

    /// One that never was.
    #[cfg(test)]
    pub(crate) fn none() -> Process {
        Process(u64::MAX)
    }

    /// Gives a process that has no number yet its own, whichever thread is first.
    fn named(mark: &AtomicU64) -> Process {
        static LATEST: AtomicU64 = AtomicU64::new(0);
        let number = LATEST.fetch_add(1, Ordering::Relaxed) + 1;
        match mark.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => Process(number),
            Err(other) => Process(other),
        }
    }
}

/// This process's number; zero in a child that nobody has given one.
static MARK: AtomicPtr<AtomicU64> = AtomicPtr::new(ptr::null_mut());

fn mark() -> &'static AtomicU64 {
    // SAFETY: what was stored lives as long as the process, and is an atomic.
    match unsafe { MARK.load(Ordering::Acquire).as_ref() } {
        Some(mark) => mark,
        None => set_up(),
    }
}

/// Has the number wiped in every child, twice: by the C library after its `fork`, and by the kernel
/// after a raw `clone` or `_Fork`, too. Two threads may both do it; one page is kept.
fn set_up() -> &'static AtomicU64 {
    static WITHOUT_PAGE: AtomicU64 = AtomicU64::new(0);
    // SAFETY: the handler runs in the child, where only async-signal-safe work is allowed; it stores
    // into an atomic. Registered before the page is known, so that no fork falls between; once too
    // often does no harm. The page is asked for, and given back, with the same length; it is aligned
    // for an atomic and zero. Where there is none, the handler alone has to do.
    unsafe {
        libc::pthread_atfork(None, None, Some(forked));
        let (access, kind) =
            (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        let page = libc::mmap(ptr::null_mut(), PAGE, access, kind, -1, 0);
        let own = match page == libc::MAP_FAILED {
            true => (&raw const WITHOUT_PAGE).cast_mut(),
            false => page.cast(),
        };
        #[cfg(target_os = "linux")]
        if own.cast() == page {
            // An older kernel refuses, and the handler alone has to do.
            libc::madvise(page, PAGE, libc::MADV_WIPEONFORK);
        }
        let (to, done) = (Ordering::AcqRel, Ordering::Acquire);
        let kept = match MARK.compare_exchange(ptr::null_mut(), own, to, done) {
            Ok(_) => own,
            Err(other) => {
                if own.cast() == page {
                    libc::munmap(page, PAGE);
                }
                other
            }
        };
        &*kept
    }
}

extern "C" fn forked() {
    // SAFETY: as in `mark`.
    if let Some(mark) = unsafe { MARK.load(Ordering::Acquire).as_ref() } {
        mark.store(0, Ordering::Relaxed);
    }
}

/// Locks what is held for moments only. `None` in another process than `owner`: where a signal handler
/// forks a thread that waits for a lock, the child would wait for whom it has not.
pub(crate) fn lock<T>(mutex: &Mutex<T>, owner: Process) -> Option<MutexGuard<'_, T>> {
    loop {
        if !owner.is_current() {
            return None;
        }
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => thread::yield_now(),
        }
    }
}

/// One `T` for this process, another for each child that asks.
pub(crate) struct PerProcess<T: 'static>(AtomicPtr<Own<T>>);

struct Own<T> {
    process: Process,
    value: T,
    /// What the parents had: never used again, and never released, since a call of theirs that was
    /// interrupted by the fork may still hold it.
    _before: *mut Own<T>,
}

impl<T: Default + Send + Sync> PerProcess<T> {
    pub(crate) const fn new() -> PerProcess<T> {
        PerProcess(AtomicPtr::new(ptr::null_mut()))
    }

    pub(crate) fn get(&'static self) -> &'static T {
        let process = Process::current();
        let mut last = self.0.load(Ordering::Acquire);
        loop {
            // SAFETY: what was stored came from a box, and is never released.
            match unsafe { last.as_ref() } {
                Some(own) if own.process == process => return &own.value,
                _ => last = self.add(process, last),
            }
        }
    }

    /// Adds this process's own, unless another thread has been faster; what is there now.
    fn add(&self, process: Process, last: *mut Own<T>) -> *mut Own<T> {
        let own = Box::into_raw(Box::new(Own { process, value: T::default(), _before: last }));
        match self.0.compare_exchange(last, own, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => own,
            Err(other) => {
                // SAFETY: it was made above, and nobody else has seen it.
                drop(unsafe { Box::from_raw(own) });
                other
            }
        }
    }
}
