//! The clock and the random numbers of the machine, handed down as a value so that nothing below reads them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Clock and randomness.
#[derive(Clone, Copy)]
pub(crate) struct Host {
    /// Milliseconds since 1970-01-01 UTC.
    pub unix_ms: fn() -> i64,
    /// Fills with random bytes; false where there are none to be had.
    pub fill: fn(&mut [u8]) -> bool,
}

impl Host {
    /// Seconds since 1970-01-01 UTC.
    pub(crate) fn unix(&self) -> i64 {
        (self.unix_ms)().div_euclid(1000)
    }

    /// The machine that this process runs on.
    pub(crate) const THIS: Host = Host { unix_ms, fill };

    /// Twice 128 random bits, by one system call; `None` where there are none to be had.
    pub(crate) fn two_ids(&self) -> Option<[[u8; 16]; 2]> {
        let mut ids = [[0; 16]; 2];
        (self.fill)(ids.as_flattened_mut()).then_some(ids)
    }

    /// A pause between nothing and all of `most` ("full jitter": callers that failed together do
    /// not come back together).
    pub(crate) fn jitter(&self, most: Duration) -> Duration {
        let mut bytes = [0; 4];
        let share = if (self.fill)(&mut bytes) { u32::from_le_bytes(bytes) } else { u32::MAX };
        most.mul_f64(f64::from(share) / f64::from(u32::MAX))
    }
}

fn unix_ms() -> i64 {
    // A clock before 1970 reads as 1970: the service refuses it, and says its own time.
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

fn fill(bytes: &mut [u8]) -> bool {
    getrandom::getrandom(bytes).is_ok()
}
