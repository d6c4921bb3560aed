//! Reading and writing JSON without losing what the caller wrote: numbers keep their text, members
//! their order, and duplicates stay visible. It knows of no parameter.

mod check;
pub mod document;
pub mod edit;
mod parsed;
pub mod pointer;
mod raw;
mod scan;
mod text;
mod writer;

pub use parsed::Parsed;
pub use raw::{Kind, Members, Raw, utf8};
pub use writer::write_string;
