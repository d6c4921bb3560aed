//! Threads of the library's own.

use std::{io, mem, ptr, thread};

/// Starts a thread to which no signal is delivered: the host's handlers are to run on the host's
/// threads. For bindings, whose threads are the host's as little.
pub fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let spawn = || thread::Builder::new().name(name.to_owned()).spawn(work);
    // A thread has the mask of its maker, so that is changed for a moment.
    // SAFETY: both sets are plain memory that lives during the calls, and written before it is read;
    // the mask that was there before is set again on this same thread.
    unsafe {
        let (mut all, mut before) = (mem::zeroed(), mem::zeroed());
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        let spawned = spawn();
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut());
        spawned.map(drop)
    }
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
        spawn("cs-test", look).expect("a thread");
        assert_eq!(receiver.recv().ok(), Some([true; 3]));
        assert!(!is_blocked(libc::SIGTERM), "the maker's mask is as before");
    }
}
