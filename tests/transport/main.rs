//! The wire: connections, TLS, round trips.
#![allow(unreachable_pub, reason = "nobody is outside of a test")]

#[path = "../common/mod.rs"]
mod common;
#[cfg(all(target_os = "linux", feature = "capi"))]
#[path = "../common_c/mod.rs"]
mod common_c;

mod causes;
mod certificates;
mod early_answers;
#[cfg(all(target_os = "linux", feature = "capi"))]
mod hosts;
mod https;
mod lists;
mod replies;
mod round_trips;
mod servers;
