//! What keeps the house in order: layers, lists that are written down twice.
#![allow(unreachable_pub, reason = "nobody is outside of a test")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common_c/mod.rs"]
mod common_c;

mod cpp_setters;
mod imports;
mod layers;
mod member_tables;
mod python_types;
mod readme;
mod rows;
mod third_party;
