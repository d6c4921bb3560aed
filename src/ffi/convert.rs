//! C's pointers to text, the library's text to C's, and what surrounds each call.

use std::ffi::{c_char, c_int};
use std::ptr;

use crate::call::{self, Answer, LARGEST_DOCUMENT};
use crate::error::Status;
use crate::os::guest::Guest;
use crate::os::reserve::{self, Reserve};

const ARGUMENT: c_int = Status::Argument as c_int;

/// One document in, one document out.
///
/// # Safety
/// `json_in` is NULL or a NUL-terminated text; `json_out` is NULL or a place for one pointer.
pub(super) unsafe fn answer_document(
    json_in: *const c_char,
    json_out: *mut *mut c_char,
    without_memory: Status,
    work: fn(&[u8]) -> Answer,
) -> c_int {
    // SAFETY: as promised above. One byte over the limit is enough to see that it is exceeded.
    unsafe {
        let document = bytes(json_in, LARGEST_DOCUMENT + 1);
        answer(json_out, without_memory, &[document], || {
            document.map_or_else(|| call::argument("json_in is NULL"), work)
        })
    }
}

/// Does `work` with a reserve that suits what was given, and hands its document over. Where there is no
/// memory to begin with, the status stands alone.
///
/// # Safety
/// `place` is NULL or a place for one pointer.
pub(super) unsafe fn answer(
    place: *mut *mut c_char,
    without_memory: Status,
    given: &[Option<&[u8]>],
    work: impl FnOnce() -> Answer,
) -> c_int {
    let _guest = Guest::begin();
    // SAFETY: as promised above.
    let Some(out) = (unsafe { cleared(place) }) else { return ARGUMENT };
    let size = given.iter().flatten().map(|text| text.len()).sum();
    let Some(reserve) = reserve_for(size) else { return without_memory.number() };
    let _entered = reserve.enter();
    hand_over(out, &work())
}

/// What a call has in reserve that was given `size` bytes: of those, a text with as many mistakes as fit
/// takes the most. A larger one that hardly has so many is read without, where the system gives less.
pub(super) fn reserve_for(size: usize) -> Option<Reserve> {
    const A_CALL: usize = 1024 * 1024;
    const A_BYTE: usize = 384;
    const CERTAIN: usize = 64 * 1024;
    let take = |size: usize| Reserve::take(size.saturating_mul(A_BYTE).saturating_add(A_CALL));
    take(size).or_else(|| take(size.min(CERTAIN)))
}

/// # Safety
/// `place` is NULL or writable.
unsafe fn cleared<'a>(place: *mut *mut c_char) -> Option<&'a mut *mut c_char> {
    if place.is_null() {
        return None;
    }
    // SAFETY: writable by promise. It may be uninitialised, so it is written before it is borrowed.
    unsafe {
        place.write(ptr::null_mut());
        Some(&mut *place)
    }
}

/// The bytes before the NUL, `most` at most.
///
/// # Safety
/// `text` is NULL or NUL-terminated, and lives as long as what is returned is used.
pub(super) unsafe fn bytes<'a>(text: *const c_char, most: usize) -> Option<&'a [u8]> {
    if text.is_null() {
        return None;
    }
    // SAFETY: strnlen reads no further than the NUL.
    unsafe { Some(std::slice::from_raw_parts(text.cast(), libc::strnlen(text, most))) }
}

/// Copies the document into memory the caller may release; leaves NULL where there is none.
fn hand_over(out: &mut *mut c_char, answer: &Answer) -> c_int {
    let text = answer.document.as_bytes();
    let copy = reserve::document(text.len() + 1);
    if !copy.is_null() {
        // SAFETY: it has one byte more than the text is long.
        unsafe {
            ptr::copy_nonoverlapping(text.as_ptr(), copy, text.len());
            copy.add(text.len()).write(0);
        }
        *out = copy.cast();
    }
    answer.status.number()
}
