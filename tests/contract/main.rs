//! The promise of the contract: what a call ends with, what is sent again, what is told, and what never is.
#![allow(unreachable_pub, reason = "nobody is outside of a test")]

#[path = "../common/mod.rs"]
mod common;

mod contradictions;
mod control;
mod environment;
mod kept_connections;
mod keys_again;
mod looks;
mod outcome;
mod reconcile;
mod reconcile_dates;
mod retry;
mod secrets;
mod task_lists;
mod tasks;
mod waits;
