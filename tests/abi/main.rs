//! The C ABI: the header, what is exported, and programs in C that use it, in hosts that are hard on libraries, too.
#![cfg(all(target_os = "linux", feature = "capi"))]
#![allow(unreachable_pub, reason = "nobody is outside of a test")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common_c/mod.rs"]
mod common_c;

mod c_hosts;
mod c_programs;
mod exports;
mod header;
mod no_memory;
mod promised;
mod support;
