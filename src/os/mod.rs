//! What is the system's: forks, threads, sockets. All `unsafe` that is not the C ABI's stands here.

pub mod fork;
pub mod socket;
pub mod thread;
