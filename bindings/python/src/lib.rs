//! The Python module `cs_scale_out._native`: converts types and decides nothing.
//!
//! ```text
//! call      one request on its way, on the caller's thread or on one of worker's
//! worker    threads that carry calls, kept between calls
//! write     Python values -> JSON text; what has no JSON form is told with its path
//! read      JSON text -> Python values
//! step      where in a request a value stands
//! stand_in  the loopback stand-in behind cs_scale_out.testing
//! ```
#![forbid(unsafe_code)]

mod call;
mod read;
mod stand_in;
mod step;
mod worker;
mod write;

/// The Rust side of cs_scale_out. Not an interface: use the package around it.
#[pyo3::pymodule]
mod _native {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use pyo3::exceptions::PyImportError;
    use pyo3::prelude::*;
    use pyo3::types::PyString;

    #[pymodule_export]
    use crate::call::Call;
    #[pymodule_export]
    use crate::stand_in::Server;

    /// The version of the library, which is the distribution's.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "the name that Python wants")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    /// Refuses a second interpreter of the same process, whose objects must not mix with the first's.
    /// Python does so itself from 3.12 on.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        /// The module table that the first interpreter has for all its life, by address.
        static FIRST: AtomicUsize = AtomicUsize::new(0);
        let modules = module.py().import("sys")?.getattr("modules")?.as_ptr() as usize;
        match FIRST.compare_exchange(0, modules, Ordering::Relaxed, Ordering::Relaxed) {
            Err(first) if first != modules => {
                Err(PyImportError::new_err("cs_scale_out does not support subinterpreters"))
            }
            _ => Ok(()),
        }
    }

    /// The validator and nothing else: the status's number and the document.
    #[pyfunction]
    #[pyo3(signature = (request, /))]
    fn validate(py: Python<'_>, request: &Bound<'_, PyAny>) -> PyResult<(i32, String)> {
        let document = crate::write::document(request)?;
        let answer = py.detach(|| cs_scale_out::validate(&document));
        Ok((answer.status.number(), answer.document))
    }

    /// A JSON text as Python values.
    #[pyfunction]
    #[pyo3(signature = (text, /))]
    fn parse<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        crate::read::value(text.py(), &text.to_cow()?)
    }
}
