//! What is the system's: clock, random numbers, forks, threads, sockets, names. All `unsafe` that is not the C
//! ABI's stands here.

pub(crate) mod address;
pub(crate) mod environment;
pub(crate) mod fork;
pub(crate) mod futex;
#[cfg(feature = "capi")]
pub(crate) mod guest;
pub(crate) mod host;
#[cfg(feature = "capi")]
pub(crate) mod reserve;
#[cfg(not(feature = "capi"))]
#[path = "no_reserve.rs"]
pub(crate) mod reserve;
pub(crate) mod resolver;
pub(crate) mod socket;
pub(crate) mod thread;
