//! What is the system's: clock, random numbers, forks, threads, sockets. All `unsafe` that is not the C
//! ABI's stands here.

pub mod fork;
pub mod host;
pub mod socket;
pub mod thread;
