//! The wire: connections, TLS, round trips.

#[path = "../common/mod.rs"]
mod common;

mod https;
mod round_trips;
