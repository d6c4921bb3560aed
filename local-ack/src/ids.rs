//! Identifiers in the service's own forms.

use std::hash::{BuildHasher, Hasher, RandomState};

/// `687C5BAA-D103-4993-884B-C35E4314A1E1`
pub(crate) fn request_id() -> String {
    let (high, low) = (random(), random());
    // Version 4, variant 1, as the service's own ids are.
    let high = (high & !0xF000) | 0x4000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    let text = format!("{high:016X}{low:016X}");
    [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-")
}

/// `T-5a54309c80282e39ea00002f`, which begins with the seconds since 1970 of its creation.
pub(crate) fn task_id(created_unix: i64) -> String {
    format!("T-{:08x}{:016x}", created_unix as u32, random())
}

/// Unique, not secret: std's hash seeds are random enough and need no further crate.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
