//! The memory of reserves: mapped once, handed from call to call, and given out in pieces whose sizes are powers
//! of two.

use std::alloc::Layout;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

/// What a region keeps for the next call, in bytes; a larger one becomes so small again.
const USUAL: usize = 2 * 1024 * 1024;
/// Room for a region's own data, at its beginning.
const HEAD: usize = 1024;
const _: () = assert!(size_of::<Region>() <= HEAD);
/// The smallest piece, by its logarithm: it has room for a pointer, and suits whatever Rust aligns.
const SMALLEST: u32 = 4;
const SIZES: usize = (usize::BITS - SMALLEST) as usize;

/// All of the process, the newest first. None is ever taken off.
static ALL: AtomicPtr<Region> = AtomicPtr::new(ptr::null_mut());

/// One mapping.
pub(super) struct Region {
    /// Its first byte, where this stands.
    start: *mut u8,
    /// The one that was there before it.
    older: *mut Region,
    /// It belongs to a call, or to a thread of ours.
    is_taken: AtomicBool,
    /// Bytes in all, this head included.
    size: AtomicUsize,
    /// Up to here they are given out.
    used: AtomicUsize,
    /// Pieces given out and not given back, by whatever thread.
    pieces: AtomicUsize,
    /// Those that whoever has it gave back: of each size the last one, and in that the one before.
    returned: [AtomicPtr<u8>; SIZES],
    /// Whoever has it was given a piece.
    was_drawn_on: AtomicBool,
    /// What the same call had before, and found too small.
    pub smaller: AtomicPtr<Region>,
    /// Memory of the C library's, kept by for a document.
    spare: AtomicPtr<u8>,
}

// SAFETY: both pointers stay as they are from before anybody else sees them; the rest is atomic.
unsafe impl Sync for Region {}

impl Region {
    /// The largest document that there is a place for before memory runs out, its NUL included.
    pub(super) const SPARE: usize = 32 * 1024;

    /// One with `bytes` at least that nobody has; `None` where the system gives none.
    pub(super) fn take(bytes: usize) -> Option<&'static Region> {
        let size = bytes.checked_add(HEAD)?.checked_next_multiple_of(USUAL)?;
        let free = Region::all().find(|region| region.try_take(size));
        let region = free.or_else(|| Region::map(size))?;
        region.used.store(HEAD, Ordering::Relaxed);
        region.returned.iter().for_each(|piece| piece.store(ptr::null_mut(), Ordering::Relaxed));
        region.was_drawn_on.store(false, Ordering::Relaxed);
        region.smaller.store(ptr::null_mut(), Ordering::Relaxed);
        let has_spare = region.provide_spare();
        if !has_spare {
            region.is_taken.store(false, Ordering::Release);
        }
        has_spare.then_some(region)
    }

    fn all() -> impl Iterator<Item = &'static Region> {
        // SAFETY: what is in the list is a region, and stays mapped.
        let region = |region: *mut Region| unsafe { region.as_ref() };
        let first = region(ALL.load(Ordering::Acquire));
        std::iter::successors(first, move |before| region(before.older))
    }

    /// The one that a piece is of; `None` for the C library's.
    pub(super) fn of(piece: *mut u8) -> Option<&'static Region> {
        Region::all().find(|region| {
            let size = region.size.load(Ordering::Relaxed);
            piece.addr().wrapping_sub(region.start.addr()) < size
        })
    }

    fn try_take(&self, size: usize) -> bool {
        let fits = || {
            self.size.load(Ordering::Relaxed) >= size && self.pieces.load(Ordering::Acquire) == 0
        };
        let (taken, not) = (Ordering::Acquire, Ordering::Relaxed);
        if !fits() || self.is_taken.compare_exchange(false, true, taken, not).is_err() {
            return false;
        }
        // Somebody may have had it in between.
        let still_fits = fits();
        if !still_fits {
            self.is_taken.store(false, Ordering::Release);
        }
        still_fits
    }

    /// A new one, taken. Nothing of it costs memory before it is used.
    fn map(size: usize) -> Option<&'static Region> {
        let (access, kind) =
            (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: new memory, aligned and large enough for a region, of which the first page is never
        // given back; nobody else sees it before it is in the list.
        unsafe {
            let start = libc::mmap(ptr::null_mut(), size, access, kind, -1, 0);
            if start == libc::MAP_FAILED {
                return None;
            }
            let region: *mut Region = start.cast();
            region.write(Region {
                start: start.cast(),
                older: ALL.load(Ordering::Acquire),
                is_taken: AtomicBool::new(true),
                size: AtomicUsize::new(size),
                used: AtomicUsize::new(HEAD),
                pieces: AtomicUsize::new(0),
                returned: [const { AtomicPtr::new(ptr::null_mut()) }; SIZES],
                was_drawn_on: AtomicBool::new(false),
                smaller: AtomicPtr::default(),
                spare: AtomicPtr::default(),
            });
            let (added, not) = (Ordering::AcqRel, Ordering::Acquire);
            while let Err(newer) = ALL.compare_exchange((*region).older, region, added, not) {
                (*region).older = newer;
            }
            Some(&*region)
        }
    }

    /// Gives it to whoever is next.
    pub(super) fn release(&self) {
        let size = self.size.load(Ordering::Relaxed);
        if size > USUAL && self.pieces.load(Ordering::Acquire) == 0 {
            self.used.store(HEAD, Ordering::Relaxed);
            // SAFETY: whole pages of this mapping, of which nothing is in use any more.
            if unsafe { libc::munmap(self.start.add(USUAL).cast(), size - USUAL) } == 0 {
                self.size.store(USUAL, Ordering::Relaxed);
            }
        }
        self.is_taken.store(false, Ordering::Release);
    }

    /// How many bytes can still be given out.
    pub(super) fn left(&self) -> usize {
        self.size.load(Ordering::Relaxed) - self.used.load(Ordering::Relaxed)
    }

    pub(super) fn was_drawn_on(&self) -> bool {
        self.was_drawn_on.load(Ordering::Relaxed)
    }

    /// A piece for whoever has this; NULL where too little is left.
    pub(super) fn give(&self, layout: Layout) -> *mut u8 {
        let (kind, size) = kind(layout);
        let again = self.returned[kind].load(Ordering::Relaxed);
        let piece = if again.is_null() { self.cut(size) } else { again };
        if !piece.is_null() {
            if piece == again {
                // SAFETY: a piece that was given back holds the one that was before.
                let before = unsafe { again.cast::<*mut u8>().read() };
                self.returned[kind].store(before, Ordering::Relaxed);
            }
            self.pieces.fetch_add(1, Ordering::Relaxed);
            self.was_drawn_on.store(true, Ordering::Relaxed);
        }
        piece
    }

    /// A new piece, aligned by its size.
    fn cut(&self, size: usize) -> *mut u8 {
        let at = self.used.load(Ordering::Relaxed).next_multiple_of(size.min(HEAD));
        if at.saturating_add(size) > self.size.load(Ordering::Relaxed) {
            return ptr::null_mut();
        }
        self.used.store(at + size, Ordering::Relaxed);
        // SAFETY: within the mapping.
        unsafe { self.start.add(at) }
    }

    /// A piece is not used any more; its memory can be used again by `is_own`, who has this.
    pub(super) fn take_back(&self, piece: *mut u8, layout: Layout, is_own: bool) {
        if is_own {
            let returned = &self.returned[kind(layout).0];
            // SAFETY: nobody else uses it, and it has room for a pointer, and its alignment.
            unsafe { piece.cast::<*mut u8>().write(returned.load(Ordering::Relaxed)) };
            returned.store(piece, Ordering::Relaxed);
        }
        self.pieces.fetch_sub(1, Ordering::Release);
    }

    fn provide_spare(&self) -> bool {
        if self.spare.load(Ordering::Relaxed).is_null() {
            // SAFETY: it is asked for more than nothing.
            self.spare.store(unsafe { libc::malloc(Region::SPARE) }.cast(), Ordering::Relaxed);
        }
        !self.spare.load(Ordering::Relaxed).is_null()
    }

    /// The memory kept by for a document, once.
    pub(super) fn take_spare(&self) -> *mut u8 {
        self.spare.swap(ptr::null_mut(), Ordering::Relaxed)
    }
}

/// Which size pieces of this layout have: its number, and the bytes.
fn kind(layout: Layout) -> (usize, usize) {
    let bits = layout.size().max(layout.align()).next_power_of_two().trailing_zeros().max(SMALLEST);
    ((bits - SMALLEST) as usize, 1 << bits)
}
