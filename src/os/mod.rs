//! What is the system's: clock, random numbers, forks, threads, sockets, names. All `unsafe` that is not the C
//! ABI's stands here.

pub mod address;
pub mod environment;
pub mod fork;
pub mod futex;
#[cfg(feature = "capi")]
pub mod guest;
pub mod host;
#[cfg(feature = "capi")]
pub mod reserve;
#[cfg(not(feature = "capi"))]
#[path = "no_reserve.rs"]
pub mod reserve;
pub mod resolver;
pub mod socket;
pub mod thread;
