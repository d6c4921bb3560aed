//! Work that nothing can interrupt, done on a thread that we may stop waiting for.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::{io, mem, ptr, thread};

use ureq::Error;

use super::context;

/// What `work` gives; `None` if time ran out first. Fails if there is no thread to be had, or the
/// call is given up.
pub fn run<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Option<T>, Error> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let work = move || drop(sender.send(work()));
    deaf(|| thread::Builder::new().name(name.to_owned()).spawn(work))?;
    while let Some(left) = context::time_left() {
        match receiver.recv_timeout(context::patience(left)) {
            Ok(done) => return Ok(Some(done)),
            Err(RecvTimeoutError::Timeout) => context::go_on()?,
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    Ok(None)
}

/// Starts a thread to which no signal is delivered: the host's handlers are to run on the host's
/// threads. A thread has the mask of its maker, so that is changed for a moment.
fn deaf<T>(spawn: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    // SAFETY: both sets are plain memory that lives during the calls, and written before it is read;
    // the mask that was there before is set again on this same thread.
    unsafe {
        let (mut all, mut before) = (mem::zeroed(), mem::zeroed());
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        let spawned = spawn();
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut());
        spawned
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::control::Control;

    fn begin(within: Duration, control: &Control) {
        context::begin(Instant::now() + within, Duration::ZERO, control);
    }

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
        begin(Duration::from_secs(60), &Control::new());
        let deaf = run("cs-test", || [libc::SIGTERM, libc::SIGALRM, libc::SIGINT].map(is_blocked));
        assert_eq!(deaf.ok().flatten(), Some([true; 3]));
        assert!(!is_blocked(libc::SIGTERM), "the maker's mask is as before");
    }

    #[test]
    fn it_is_waited_for_until_time_runs_out_or_the_call_is_given_up() {
        let slow = || thread::sleep(Duration::from_secs(60));
        begin(Duration::from_millis(50), &Control::new());
        assert_eq!(run("cs-test", slow).ok(), Some(None));
        begin(Duration::from_secs(60), &Control::watched(|_| true));
        assert!(run("cs-test", slow).is_err());
        begin(Duration::from_secs(60), &Control::new());
        assert_eq!(run("cs-test", || 7).ok(), Some(Some(7)));
    }
}
