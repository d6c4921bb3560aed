//! Reading and writing JSON without losing what the caller wrote: numbers keep their text, members
//! their order, and duplicates stay visible. It knows of no parameter.

mod check;
pub mod document;
pub mod edit;
pub mod pointer;
mod raw;
mod scan;
mod writer;

pub use raw::{Kind, Members, Parsed, Raw, utf8};
pub use writer::write_string;
