//! Threads of the library's own.

use std::ffi::{CStr, c_int, c_void};
use std::panic::{self, AssertUnwindSafe};
use std::{io, mem, ptr};

use super::reserve::Reserve;

unsafe extern "C" {
    /// The libc crate lacks it on Linux.
    fn pthread_setcancelstate(state: c_int, before: *mut c_int) -> c_int;
}

/// `PTHREAD_CANCEL_DISABLE`, in every C library of Linux.
pub(crate) const NOT_CANCELLED: c_int = 1;

/// Sets whether this thread can be cancelled, by which the C library would unwind it through frames that
/// know no such end; the state that there was.
pub(crate) fn set_cancel_state(state: c_int) -> c_int {
    let mut before = 0;
    // SAFETY: the state is this thread's own, and the old one is written into a live place.
    unsafe { pthread_setcancelstate(state, &raw mut before) };
    before
}

/// What a thread may need where memory runs out, in bytes.
const MEMORY: usize = 64 * 1024;
/// As std has it.
const STACK: usize = 2 * 1024 * 1024;

struct Start {
    name: &'static CStr,
    reserve: Reserve,
    work: Box<dyn FnOnce() + Send>,
}

/// Starts a thread to which no signal is delivered: the host's handlers are to run on the host's
/// threads. Nor can it be cancelled. For bindings, whose threads are the host's as little.
///
/// std's own would ask for memory in the new thread before that has any in reserve.
pub fn spawn(name: &'static CStr, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let reserve = Reserve::take(MEMORY).ok_or(io::ErrorKind::OutOfMemory)?;
    let start = Box::into_raw(Box::new(Start { name, reserve, work: Box::new(work) }));
    // A thread has the mask of its maker, so that is changed for a moment.
    // SAFETY: sets and attributes are plain memory that lives during the calls, and written before it
    // is read; the mask that was there before is set again on this same thread; what the thread is
    // given is its own, or, where there is none, ours again.
    unsafe {
        let (mut all, mut before, mut attributes) = (mem::zeroed(), mem::zeroed(), mem::zeroed());
        let mut thread = mem::zeroed();
        libc::pthread_attr_init(&raw mut attributes);
        libc::pthread_attr_setdetachstate(&raw mut attributes, libc::PTHREAD_CREATE_DETACHED);
        libc::pthread_attr_setstacksize(&raw mut attributes, STACK);
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        let failed =
            libc::pthread_create(&raw mut thread, &raw const attributes, run, start.cast());
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut());
        libc::pthread_attr_destroy(&raw mut attributes);
        if failed == 0 {
            return Ok(());
        }
        drop(Box::from_raw(start));
        Err(io::Error::from_raw_os_error(failed))
    }
}

extern "C" fn run(start: *mut c_void) -> *mut c_void {
    set_cancel_state(NOT_CANCELLED);
    // SAFETY: it is what `spawn` made, and nobody else's any more.
    let Start { name, reserve, work } = *unsafe { Box::from_raw(start.cast::<Start>()) };
    let _entered = reserve.enter();
    // SAFETY: a NUL-terminated name of this thread.
    unsafe { libc::pthread_setname_np(libc::pthread_self(), name.as_ptr()) };
    // None crosses into C; its payload may panic when it is dropped.
    mem::forget(panic::catch_unwind(AssertUnwindSafe(work)));
    ptr::null_mut()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Whether a signal is blocked on this thread.
    fn is_blocked(signal: libc::c_int) -> bool {
        // SAFETY: asks for the mask, into a set that lives meanwhile.
        unsafe {
            let mut mask = mem::zeroed();
            libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), &raw mut mask);
            libc::sigismember(&raw const mask, signal) == 1
        }
    }

    #[test]
    fn the_hosts_signals_stay_with_the_host() {
        let (sender, receiver) = mpsc::channel();
        let look = move || {
            let blocked = [libc::SIGTERM, libc::SIGALRM, libc::SIGINT].map(is_blocked);
            sender.send(blocked).expect("somebody waits");
        };
        spawn(c"cs-test", look).expect("a thread");
        assert_eq!(receiver.recv().ok(), Some([true; 3]));
        assert!(!is_blocked(libc::SIGTERM), "the maker's mask is as before");
    }
}
