//! What a call comes to, as Python sees it.

use std::sync::Arc;

use cs_scale_out::binding;
use pyo3::prelude::*;

/// The end of a call, or what is known of one that was given up.
#[pyclass(frozen, module = "cs_scale_out._native")]
pub struct Answer(Arc<cs_scale_out::Answer>);

impl From<Arc<cs_scale_out::Answer>> for Answer {
    fn from(answer: Arc<cs_scale_out::Answer>) -> Answer {
        Answer(answer)
    }
}

#[pymethods]
impl Answer {
    /// The number the C functions return: 0 to -8.
    #[getter]
    fn status(&self) -> i32 {
        self.0.status.number()
    }

    /// What the document holds: "accepted", "dry_run", "valid" or "failed".
    #[getter]
    fn kind(&self) -> &'static str {
        binding::kind(&self.0)
    }

    /// Whether the document lists warnings.
    #[getter]
    fn has_warnings(&self) -> bool {
        !self.0.warnings.is_empty()
    }

    /// JSON text.
    #[getter]
    fn document(&self) -> &str {
        &self.0.document
    }
}
