//! Memory that a call counts on where the process's runs out. Rust's own answer to that is to end the process,
//! with a request on the wire if need be, and an allocator may not panic.
//!
//! The allocator passes everything to the C library. What that refuses comes from a reserve of the call
//! that asks, which was there before the call began; what there may be too much of, is looked at first.
//!
//! What goes back is wiped: a password leaves copies in other crates' memory, too, and where texts grow.

mod region;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{mem, ptr};

use region::Region;

#[global_allocator]
static ALLOCATOR: Reserving = Reserving;

/// Whether there may be pieces that are not the C library's.
static WAS_DRAWN_ON: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// What this thread's call draws on.
    static CURRENT: Cell<*mut Region> = const { Cell::new(ptr::null_mut()) };
}

fn current() -> Option<&'static Region> {
    // SAFETY: NULL, or a region, and those stay mapped.
    unsafe { CURRENT.get().as_ref() }
}

/// A reserve that nobody draws on yet.
pub(crate) struct Reserve(&'static Region);

impl Reserve {
    /// One with room for `bytes`; `None` where the system gives none.
    pub(crate) fn take(bytes: usize) -> Option<Reserve> {
        Region::take(bytes).map(Reserve)
    }

    /// This thread draws on it, until what this gives is dropped on the same thread.
    pub(crate) fn enter(self) -> Entered {
        let region = ptr::from_ref(self.0).cast_mut();
        // What is entered is released by its own end.
        mem::forget(self);
        // A call may be made within another one, by a handler of the host's.
        Entered { outer: CURRENT.replace(region) }
    }
}

impl Drop for Reserve {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// While this lives, its thread has a reserve.
pub(crate) struct Entered {
    outer: *mut Region,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut next = current();
        CURRENT.set(self.outer);
        while let Some(region) = next {
            // SAFETY: NULL, or a region, and those stay mapped.
            next = unsafe { region.smaller.load(Ordering::Relaxed).as_ref() };
            region.release();
        }
    }
}

/// Whether this thread has memory for `bytes` more, whatever becomes of the process's. Without a reserve it
/// is nobody's affair.
pub(crate) fn ensure(bytes: usize) -> bool {
    let Some(before) = current() else { return true };
    if before.left() >= bytes {
        return true;
    }
    // Who asks for a little more each time is to be served a few times only.
    let Some(larger) = bytes.checked_next_power_of_two().and_then(Region::take) else {
        return false;
    };
    CURRENT.set(ptr::from_ref(larger).cast_mut());
    if before.was_drawn_on() {
        larger.smaller.store(ptr::from_ref(before).cast_mut(), Ordering::Relaxed);
    } else {
        larger.smaller.store(before.smaller.load(Ordering::Relaxed), Ordering::Relaxed);
        before.release();
    }
    true
}

/// Whether this thread's call was refused memory.
pub(crate) fn is_short() -> bool {
    let mut next = current();
    while let Some(region) = next {
        if region.was_drawn_on() {
            return true;
        }
        // SAFETY: as in `current`.
        next = unsafe { region.smaller.load(Ordering::Relaxed).as_ref() };
    }
    false
}

/// Memory of the C library's for a document of `size` bytes, which the caller's `free` gives back; NULL
/// where there is none.
pub(crate) fn document(size: usize) -> *mut u8 {
    // SAFETY: a document has one byte at least, its NUL.
    let usual: *mut u8 = unsafe { libc::malloc(size) }.cast();
    match current() {
        Some(region) if usual.is_null() && size <= Region::SPARE => region.take_spare(),
        _ => usual,
    }
}

/// The C library's allocator, and what a call has in reserve.
struct Reserving;

// SAFETY: each piece is of the layout that was asked for, and goes back where it came from; nothing here
// panics or allocates.
unsafe impl GlobalAlloc for Reserving {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        let usual = unsafe { System.alloc(layout) };
        if usual.is_null() { draw(layout) } else { usual }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise; a piece has the size of its layout.
        unsafe {
            let usual = System.alloc_zeroed(layout);
            if !usual.is_null() {
                return usual;
            }
            let drawn = draw(layout);
            if !drawn.is_null() {
                drawn.write_bytes(0, layout.size());
            }
            drawn
        }
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { wipe(piece, layout.size()) };
        match drawn_from(piece) {
            Some(region) => region.take_back(piece, layout, ptr::eq(CURRENT.get(), region)),
            // SAFETY: the caller's promise.
            None => unsafe { System.dealloc(piece, layout) },
        }
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise, by which size and alignment make a layout; both pieces have the
        // bytes that are copied.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                piece.copy_to_nonoverlapping(new, size.min(layout.size()));
                self.dealloc(piece, layout);
            }
            new
        }
    }
}

/// Overwrites a piece that somebody else is given next.
///
/// # Safety
/// It is alive, and `size` bytes long.
unsafe fn wipe(piece: *mut u8, size: usize) {
    // SAFETY: as promised.
    unsafe { piece.write_bytes(0, size) };
    // Without a reader, as far as the compiler knows, it need not be done.
    black_box(piece);
}

#[cold]
fn draw(layout: Layout) -> *mut u8 {
    let Some(region) = current() else { return ptr::null_mut() };
    WAS_DRAWN_ON.store(true, Ordering::Relaxed);
    region.give(layout)
}

/// Where a piece came from, if not from the C library.
fn drawn_from(piece: *mut u8) -> Option<&'static Region> {
    // Who has such a piece has seen the mark: it was set before the piece was there.
    if WAS_DRAWN_ON.load(Ordering::Relaxed) { Region::of(piece) } else { None }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    /// A piece of the current reserve, as where malloc refuses one.
    fn drawn(size: usize) -> (*mut u8, Layout) {
        let layout = Layout::array::<u8>(size).expect("a layout");
        let piece = draw(layout);
        assert!(!piece.is_null());
        // SAFETY: it has this size.
        unsafe { piece.write_bytes(7, size) };
        (piece, layout)
    }

    fn give_back((piece, layout): (*mut u8, Layout)) {
        // SAFETY: each piece is given back once, by its layout.
        unsafe { ALLOCATOR.dealloc(piece, layout) };
    }

    #[test]
    fn a_call_is_short_from_its_first_piece_on_and_uses_it_again() {
        assert!(!is_short() && ensure(usize::MAX), "without a reserve nothing is known");
        let entered = Reserve::take(1).map(Reserve::enter);
        assert!(!is_short());
        let first = drawn(100);
        assert!(is_short() && Region::of(first.0).is_some());
        give_back(first);
        let again = drawn(120);
        assert_eq!(again.0, first.0);
        // SAFETY: the piece has this layout.
        let grown = unsafe { ALLOCATOR.realloc(again.0, again.1, 4000) };
        // SAFETY: it has 4000 bytes, of which the first were copied.
        assert_eq!(unsafe { (grown.read(), grown.add(119).read()) }, (7, 7));
        give_back((grown, Layout::array::<u8>(4000).expect("a layout")));
        drop(entered);
        assert!(!is_short());
    }

    #[test]
    fn what_is_too_small_is_followed_by_what_is_not() {
        let entered = Reserve::take(1).map(Reserve::enter);
        assert!(ensure(8 * 1024 * 1024) && !ensure(usize::MAX / 2));
        let large = drawn(5_000_000);
        let region = Region::of(large.0).expect("its region");
        assert!(region.left() < 8 * 1024 * 1024 && is_short());
        give_back(large);
        drop(entered);
        assert!(region.left() < 2 * 1024 * 1024, "the rest went back to the system");
    }

    #[test]
    fn nobody_has_a_reserve_of_which_something_is_in_use() {
        let entered = Reserve::take(1).map(Reserve::enter);
        let kept = drawn(64);
        drop(entered);
        let of = |piece: *mut u8| Region::of(piece).map(ptr::from_ref);
        let next = Reserve::take(1).map(Reserve::enter);
        let other = drawn(64);
        assert_ne!(of(other.0), of(kept.0));
        give_back(other);
        drop(next);
        let (piece, layout) = (kept.0.expose_provenance(), kept.1);
        let by_another =
            thread::spawn(move || give_back((ptr::with_exposed_provenance_mut(piece), layout)));
        assert!(by_another.join().is_ok());
    }
}
