//! Waiting for another thread without a lock, which a fork could leave locked in the child, and without std's
//! handle on a thread, which asks for memory past our allocator.

use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A mark that is set once.
#[derive(Default)]
pub(crate) struct Mark(AtomicU32);

impl Mark {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire) != 0
    }

    /// Sets it, and wakes all who wait for it.
    pub(crate) fn set(&self) {
        self.0.store(1, Ordering::Release);
        let operation = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;
        // SAFETY: the word is alive; waking reads nothing else.
        unsafe { libc::syscall(libc::SYS_futex, self.0.as_ptr(), operation, i32::MAX) };
    }

    /// Waits until it is set, a signal comes, or time is up.
    pub(crate) fn wait(&self, most: Duration) {
        let limit = libc::timespec {
            tv_sec: most.as_secs().min(i32::MAX as u64) as libc::time_t,
            tv_nsec: most.subsec_nanos().into(),
        };
        let operation = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
        // SAFETY: word and limit are alive during the call.
        unsafe {
            libc::syscall(libc::SYS_futex, self.0.as_ptr(), operation, 0, ptr::from_ref(&limit))
        };
    }
}
