//! The Python module `cs_scale_out._native`: converts types and decides nothing.
//!
//! ```text
//! call      one request on its way, on the caller's thread or on one of worker's
//! worker    threads that carry calls, kept between calls
//! answer    what a call comes to: status, kind, document
//! write     Python values -> JSON text; what has no JSON form is told with its path
//! read      JSON text -> Python values
//! step      where in a request a value stands
//! stand_in  the loopback stand-in behind cs_scale_out.testing
//! ```
#![forbid(unsafe_code)]

mod answer;
mod call;
mod read;
mod stand_in;
mod step;
mod worker;
mod write;

/// The Rust side of cs_scale_out. Not an interface: use the package around it.
#[pyo3::pymodule]
mod _native {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use cs_scale_out::{Status, binding};
    use pyo3::exceptions::{PyImportError, PyValueError};
    use pyo3::prelude::*;
    use pyo3::types::PyString;

    #[pymodule_export]
    use crate::answer::Answer;
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
            _ => module.add("STATUSES", Status::ALL.map(|it| (it.number(), it.name())).to_vec()),
        }
    }

    /// The validator and nothing else.
    #[pyfunction]
    #[pyo3(signature = (request, /))]
    fn validate(py: Python<'_>, request: &Bound<'_, PyAny>) -> PyResult<Answer> {
        let document = crate::write::document(request)?;
        Ok(Arc::new(py.detach(|| cs_scale_out::validate(&document))).into())
    }

    /// The document of a failure of which only the status's number and one line are known.
    #[pyfunction]
    #[pyo3(signature = (status, message, /))]
    fn failure(status: i32, message: &str) -> PyResult<String> {
        let found = Status::ALL.into_iter().find(|it| it.number() == status && it != &Status::Ok);
        let status = found.ok_or_else(|| PyValueError::new_err("no failure has this status"))?;
        Ok(binding::failure(status, message))
    }

    /// A JSON text as Python values.
    #[pyfunction]
    #[pyo3(signature = (text, /))]
    fn parse<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        crate::read::value(text.py(), &text.to_cow()?)
    }
}
