//! What has no values inside: texts and numbers.

use cs_scale_out::Code;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString};

use super::{Writer, kind};

impl Writer {
    pub(super) fn text(&mut self, text: &Bound<'_, PyString>) -> PyResult<()> {
        match text.encode_utf8() {
            Ok(text) => self.quoted(text.as_bytes()),
            // Half a surrogate pair: as an escape it is JSON, and the validator tells where it is.
            Err(_) => {
                let units = text.call_method1("encode", ("utf-16-le", "surrogatepass"))?;
                let units: Vec<u8> = units.extract()?;
                let units =
                    units.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
                self.out.push(b'"');
                for unit in units {
                    self.put(format!("\\u{unit:04x}"));
                }
                self.out.push(b'"');
            }
        }
        Ok(())
    }

    fn quoted(&mut self, text: &[u8]) {
        // Nearly all texts stand for themselves, and serde_json looks at each byte of one alone.
        if text.iter().all(|&byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
            self.out.push(b'"');
            self.out.extend_from_slice(text);
            self.out.push(b'"');
            return;
        }
        // Python encoded it. A string always serializes, and memory takes it.
        let _ = serde_json::to_writer(&mut self.out, str::from_utf8(text).unwrap_or_default());
    }

    /// All digits, however many: a range is the validator's business.
    pub(super) fn integer(&mut self, integer: &Bound<'_, PyInt>) -> PyResult<()> {
        if let Ok(small) = integer.extract::<i64>() {
            self.put(small.to_string());
            return Ok(());
        }
        // Not the value's own __repr__: an enumeration's says more than digits.
        let digits = integer.py().get_type::<PyInt>().call_method1("__repr__", (integer,));
        match digits {
            Ok(digits) => self.put(digits.extract()?),
            Err(error) if error.is_instance_of::<PyValueError>(integer.py()) => {
                self.problem(Code::OutOfRange, "has more digits than Python writes".to_owned());
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    pub(super) fn float(&mut self, float: f64) {
        match float.is_finite() {
            true => self.put(format!("{float:?}")),
            false => self.problem(Code::OutOfRange, format!("must be finite, not {float}")),
        }
    }

    pub(super) fn decimal(&mut self, value: &Bound<'_, PyAny>) -> PyResult<()> {
        match value.call_method0("is_finite")?.is_truthy()? {
            true => self.put(value.str()?.extract()?),
            false => self.problem(Code::OutOfRange, "must be finite".to_owned()),
        }
        Ok(())
    }

    /// Integers of other libraries; everything else has no JSON form.
    pub(super) fn index(&mut self, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if value.hasattr("__index__")? {
            match value.call_method0("__index__") {
                Ok(index) => {
                    if let Ok(integer) = index.cast::<PyInt>() {
                        return self.integer(integer);
                    }
                }
                Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => {}
                Err(error) => return Err(error),
            }
        }
        self.problem(Code::WrongType, format!("a value of type {} has no JSON form", kind(value)?));
        Ok(())
    }
}

pub(super) fn is_decimal(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(value.get_type().fully_qualified_name()? == "decimal.Decimal")
}
