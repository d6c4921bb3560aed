//! The service's API: how its replies are read.

pub mod reply;
