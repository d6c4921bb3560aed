//! The validator against the contract, row by row.
#![allow(unreachable_pub, reason = "nobody is outside of a test")]

#[path = "../common/mod.rs"]
mod common;

mod bytes;
mod charging;
mod client;
mod codes;
mod document;
mod json_schema;
mod lists;
mod login;
mod parameters;
mod secrets;
mod support;
mod table;
mod tasks;
mod types;
mod unchecked;
