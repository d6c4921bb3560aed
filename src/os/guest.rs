//! What a C function leaves as it found it.

use std::ffi::c_int;

use super::thread::{NOT_CANCELLED, set_cancel_state};

/// While this lives, its thread is not cancelled: a request may be on the wire. A cancellation that comes
/// meanwhile is due at the thread's next cancellation point. Then errno is what it was before, too.
pub(crate) struct Guest {
    cancel_state: c_int,
    errno: c_int,
}

impl Guest {
    pub(crate) fn begin() -> Guest {
        // SAFETY: it is this thread's own.
        let errno = unsafe { *libc::__errno_location() };
        Guest { cancel_state: set_cancel_state(NOT_CANCELLED), errno }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        set_cancel_state(self.cancel_state);
        // SAFETY: as above.
        unsafe { *libc::__errno_location() = self.errno };
    }
}
