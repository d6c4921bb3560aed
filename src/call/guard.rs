//! The guard against panics: none crosses the waist, and none writes to the host's stderr.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};

use super::Answer;
use crate::error::Error;

thread_local! {
    /// Whether a panic on this thread is ours to keep quiet about.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    /// Where the last panic of ours began.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work`; a panic becomes the error that `after` makes of what is known about it.
pub(super) fn guarded(
    after: impl FnOnce(String) -> Error,
    work: impl FnOnce() -> Answer,
) -> Answer {
    quiet_hook();
    let outer = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.unwrap_or_else(|payload| {
        // A payload may panic when it is dropped; ours are text, and leaking one is harmless.
        std::mem::forget(payload);
        Answer::failed(after(format!("a defect in this library (at {})", PLACE.take())))
    })
}

/// The default panic hook writes to stderr, which belongs to the host. Panics inside a call are
/// noted instead; all others go to the hook that was there before.
fn quiet_hook() {
    // Nobody waits for it: a fork may leave another thread's work half done in the child.
    static IS_SET: AtomicBool = AtomicBool::new(false);
    if IS_SET.swap(true, Ordering::AcqRel) {
        return;
    }
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !GUARDED.get() {
            return before(info);
        }
        // The place, not the text: it may hold what must not be told.
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        PLACE.with(|slot| drop(slot.replace(place)));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn a_panic_is_told_by_its_place_alone() {
        let answer = guarded(Error::Internal, || panic!("secret text"));
        assert_eq!(answer.status, Status::Internal);
        assert!(answer.document.contains("src/call/guard.rs:"), "{}", answer.document);
        assert!(!answer.document.contains("secret text"));
    }
}
