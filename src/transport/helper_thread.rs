//! Work that nothing can interrupt, done on a thread that we may stop waiting for.

use std::sync::mpsc::{self, RecvTimeoutError};

use ureq::Error;

use super::context;
use crate::os::thread;

/// What `work` gives; `None` if time ran out first. Fails if there is no thread to be had, or the
/// call is given up.
pub fn run<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Option<T>, Error> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let work = move || drop(sender.send(work()));
    thread::spawn(name, work)?;
    while let Some(left) = context::time_left() {
        match receiver.recv_timeout(context::poll_interval(left)) {
            Ok(done) => return Ok(Some(done)),
            Err(RecvTimeoutError::Timeout) => context::go_on()?,
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::control::Control;

    fn begin(within: Duration, control: &Control) {
        context::begin(Instant::now() + within, Duration::ZERO, control);
    }

    #[test]
    fn it_is_waited_for_until_time_runs_out_or_the_call_is_given_up() {
        let slow = || std::thread::sleep(Duration::from_secs(60));
        begin(Duration::from_millis(50), &Control::new());
        assert_eq!(run("cs-test", slow).ok(), Some(None));
        begin(Duration::from_secs(60), &Control::watched(|_| true));
        assert!(run("cs-test", slow).is_err());
        begin(Duration::from_secs(60), &Control::new());
        assert_eq!(run("cs-test", || 7).ok(), Some(Some(7)));
    }
}
