//! Whether a call's request may still be stopped: one word shared by the thread that sends and
//! whoever wants to stop it (an interrupt, a cancelled task).

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const QUIET: u8 = 0;
const SENDING: u8 = 1;
const CANCELLED: u8 = 2;

/// A handle on one call, for [`scale_out_with`](crate::scale_out_with). Clones share the call.
#[derive(Clone, Debug, Default)]
pub struct Control(Arc<AtomicU8>);

impl Control {
    /// A handle for a call that has not begun. One handle is for one call.
    pub fn new() -> Control {
        Control::default()
    }

    /// Stops the call if it can be stopped. `true`: no byte of the request was sent that the service
    /// has not refused, and none will be. `false`: the request may be on the wire.
    pub fn cancel(&self) -> bool {
        let before = self.0.compare_exchange(QUIET, CANCELLED, Ordering::AcqRel, Ordering::Acquire);
        !matches!(before, Err(SENDING))
    }

    /// Whether the request may be on the wire.
    pub fn was_sent(&self) -> bool {
        self.0.load(Ordering::Acquire) == SENDING
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire) == CANCELLED
    }

    /// Asked before the first byte of a request goes to the socket: from here on it cannot be
    /// stopped. `false` if it was.
    pub(crate) fn begin_sending(&self) -> bool {
        let before = self.0.compare_exchange(QUIET, SENDING, Ordering::AcqRel, Ordering::Acquire);
        !matches!(before, Err(CANCELLED))
    }

    /// The copy that was sent is known not to have been executed: the next one may be stopped.
    pub(crate) fn rest(&self) {
        // Nothing to do if it was not sending.
        let _ = self.0.compare_exchange(SENDING, QUIET, Ordering::AcqRel, Ordering::Acquire);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_stopped_or_sent_never_both() {
        let stopped = Control::new();
        assert!(stopped.cancel() && stopped.cancel());
        assert!(!stopped.begin_sending() && !stopped.was_sent() && stopped.is_cancelled());
        let sent = Control::new();
        assert!(sent.begin_sending() && sent.begin_sending() && sent.was_sent());
        assert!(!sent.clone().cancel() && !sent.is_cancelled());
        sent.rest();
        assert!(!sent.was_sent() && sent.cancel() && !sent.begin_sending());
    }
}
