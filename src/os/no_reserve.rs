//! Without the C functions memory is the affair of the program that this is a part of: where it runs out, Rust
//! ends the process.

/// Stands for memory that a thread of ours may count on.
pub(crate) struct Reserve;

impl Reserve {
    pub(crate) fn take(_bytes: usize) -> Option<Reserve> {
        Some(Reserve)
    }

    pub(crate) fn enter(self) -> Entered {
        Entered
    }
}

/// What a thread has that draws on one.
pub(crate) struct Entered;

/// Whether there is memory for `bytes` more.
pub(crate) fn ensure(_bytes: usize) -> bool {
    true
}

/// Whether memory ran out during the call.
pub(crate) fn is_short() -> bool {
    false
}
