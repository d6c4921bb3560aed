//! The wire: connections, TLS, round trips.

#[path = "../common/mod.rs"]
mod common;

mod causes;
mod certificates;
mod early_answers;
mod https;
mod replies;
mod round_trips;
mod servers;
