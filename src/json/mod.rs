//! Reading and writing JSON without losing what the caller wrote: numbers keep their text, members
//! their order, and duplicates stay visible. It knows of no parameter.

mod check;
pub(crate) mod document;
pub(crate) mod edit;
mod parsed;
pub(crate) mod pointer;
mod raw;
mod scan;
mod text;
mod writer;

pub(crate) use parsed::Parsed;
pub(crate) use raw::{Kind, Members, Raw, utf8};
pub(crate) use writer::write_string;
