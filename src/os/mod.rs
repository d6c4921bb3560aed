//! What is the system's: clock, random numbers, forks, threads, sockets, names. All `unsafe` that is not the C
//! ABI's stands here.

pub mod address;
pub mod environment;
pub mod fork;
pub mod host;
pub mod resolver;
pub mod socket;
pub mod thread;
