//! Another Rust library in the same process: it has a runtime, an allocator, panics and destructors of
//! its own, and makes use of all four.

use std::cell::RefCell;
use std::panic;
use std::sync::atomic::{AtomicI32, Ordering};

/// Counts the destructors that ran.
static DROPPED: AtomicI32 = AtomicI32::new(0);

struct Guest(#[expect(dead_code, reason = "memory, to be seen if it is lost")] Vec<u8>);

impl Drop for Guest {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

thread_local! {
    static GUEST: RefCell<Option<Guest>> = const { RefCell::new(None) };
}

/// 0 if a panic was caught on its way, and both threads' destructors ran.
#[unsafe(no_mangle)]
pub extern "C" fn neighbour_work() -> i32 {
    let before = DROPPED.load(Ordering::Relaxed);
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let caught = panic::catch_unwind(|| {
        let _unwound = Guest(vec![0; 100]);
        panic!("{} is not awaited", String::from("this"));
    });
    panic::set_hook(hook);

    let thread = || GUEST.with(|guest| *guest.borrow_mut() = Some(Guest(vec![0; 100_000])));
    let joined = std::thread::spawn(thread).join();

    let dropped = DROPPED.load(Ordering::Relaxed) - before;
    i32::from(caught.is_ok() || joined.is_err() || dropped != 2)
}
