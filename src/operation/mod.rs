//! What the library does for a caller: the purchase, and the look at what became of one.

pub mod in_flight;
pub mod purchase;
pub mod reconcile;
pub mod session;
