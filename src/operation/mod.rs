//! What the library does for a caller: the purchase, and the look at what became of one.

pub mod flights;
pub mod purchase;
pub mod reconcile;
pub mod session;
