//! Where in a request a value stands. Most paths are never told, so they are put into words late.

use pyo3::prelude::*;
use pyo3::types::PyString;

/// One step from a container to a value in it.
pub enum Step {
    Name(Py<PyString>),
    Index(usize),
}

impl Step {
    /// Its part of a JSON Pointer.
    pub fn token(&self) -> String {
        match self {
            Step::Index(index) => format!("/{index}"),
            Step::Name(name) => Python::attach(|py| {
                let name = name.bind(py).to_string_lossy();
                format!("/{}", name.replace('~', "~0").replace('/', "~1"))
            }),
        }
    }
}
