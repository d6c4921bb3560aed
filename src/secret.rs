//! Values that are not to be told.

use std::hint::black_box;
use std::{fmt, mem};

/// A value that no Debug output shows and that is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The value itself; named so that every use can be found.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        let mut bytes = mem::take(&mut self.0).into_bytes();
        // All its room: it may have been longer once.
        bytes.resize(bytes.capacity(), 0);
        wipe(&mut bytes);
    }
}

/// Overwrites with zeros. As one `memset`, where zeroize writes each byte by itself: a request is wiped
/// in every call.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    // Somebody might look, as far as the compiler knows.
    black_box(bytes);
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
