//! Python values to JSON text. Whatever has a JSON form is written, right or wrong, and left to the
//! validator; what has none is told with its path, all of it in one pass.

mod scalars;

use cs_scale_out::{Code, Problem, binding};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMapping, PyMemoryView,
    PySequence, PyString, PyTuple,
};

use crate::step::Step;

/// The core refuses documents beyond 1 MiB; writing on would only cost memory.
const ENOUGH: usize = 1024 * 1024 + 1;
/// Deeper than any request, shallow enough for every stack.
const DEEPEST: usize = 64;
/// Nobody reads on.
const MOST_PROBLEMS: usize = 1000;

/// The JSON text of a request; `bytes` are one already, right or wrong. What has no JSON form raises
/// an `InvalidRequest`.
pub fn document(request: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = request.cast_exact::<PyBytes>() {
        return Ok(text.as_bytes().to_vec());
    }
    let mut writer = Writer::new();
    writer.value(request)?;
    writer.finish(request.py())
}

/// The same of parameters by name and value; what is `None` was not given.
pub fn parameters(names: &Bound<'_, PyTuple>, values: &Bound<'_, PyTuple>) -> PyResult<Vec<u8>> {
    let mut writer = Writer::new();
    writer.out.push(b'{');
    for (index, value) in values.iter_borrowed().enumerate() {
        // Most are; their names stay out of the processor's cache.
        if !value.is_none() {
            let name = names.get_borrowed_item(index)?;
            writer.member(name.as_any().cast()?, &value)?;
        }
    }
    writer.out.push(b'}');
    writer.finish(names.py())
}

/// The exception that tells `problems`: one of two classes, which are Python's.
fn refusal(py: Python<'_>, problems: Vec<Problem>) -> PyResult<PyErr> {
    let is_type = problems.iter().any(|problem| problem.code == Code::WrongType);
    let class = if is_type { "UnsupportedType" } else { "InvalidRequest" };
    let document = crate::read::value(py, &binding::invalid(problems).document)?;
    let errors = py.import("cs_scale_out._errors")?;
    Ok(PyErr::from_value(errors.call_method1(class, (document,))?))
}

/// Room for most requests.
const USUAL: usize = 1024;

struct Writer {
    out: Vec<u8>,
    path: Vec<Step>,
    /// The containers around the value being written, by address.
    around: Vec<usize>,
    problems: Vec<Problem>,
}

impl Writer {
    fn new() -> Writer {
        let (path, around) = (Vec::with_capacity(8), Vec::with_capacity(8));
        Writer { out: Vec::with_capacity(USUAL), path, around, problems: Vec::new() }
    }

    fn value(&mut self, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if self.has_enough() {
            return Ok(());
        }
        if let Ok(text) = value.cast::<PyString>() {
            self.text(text)
        } else if value.is_none() {
            self.out.extend_from_slice(b"null");
            Ok(())
        } else if let Ok(flag) = value.cast::<PyBool>() {
            self.out.extend_from_slice(if flag.is_true() { b"true" } else { b"false" });
            Ok(())
        } else if let Ok(integer) = value.cast::<PyInt>() {
            self.integer(integer)
        } else if let Ok(float) = value.cast::<PyFloat>() {
            self.float(float.value());
            Ok(())
        } else {
            self.other(value)
        }
    }

    fn other(&mut self, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if let Ok(dict) = value.cast_exact::<PyDict>() {
            self.around(value, |writer| writer.dict(dict))
        } else if value.is_exact_instance_of::<PyList>() || value.is_exact_instance_of::<PyTuple>()
        {
            self.around(value, |writer| writer.items(value))
        } else if is_bytes(value) {
            self.problem(Code::WrongType, format!("must be text: decode this {}", kind(value)?));
            Ok(())
        } else if value.cast::<PyMapping>().is_ok() {
            self.around(value, |writer| writer.members(&value.call_method0("items")?))
        } else if value.cast::<PySequence>().is_ok() {
            self.around(value, |writer| writer.items(value))
        } else if scalars::is_decimal(value)? {
            self.decimal(value)
        } else {
            self.index(value)
        }
    }

    /// Writes a container, unless it is inside itself or too deep.
    fn around(
        &mut self,
        container: &Bound<'_, PyAny>,
        write: impl FnOnce(&mut Writer) -> PyResult<()>,
    ) -> PyResult<()> {
        let address = container.as_ptr() as usize;
        if self.around.contains(&address) {
            self.problem(Code::NotAllowed, "contains itself".to_owned());
            return Ok(());
        }
        if self.around.len() == DEEPEST {
            self.problem(Code::NotAllowed, format!("is nested more than {DEEPEST} levels deep"));
            return Ok(());
        }
        self.around.push(address);
        let written = write(self);
        self.around.pop();
        written
    }

    fn finish(self, py: Python<'_>) -> PyResult<Vec<u8>> {
        match self.problems.is_empty() {
            true => Ok(self.out),
            false => Err(refusal(py, self.problems)?),
        }
    }

    /// Enough was written, or found wrong, for the request to be refused.
    fn has_enough(&self) -> bool {
        self.out.len() > ENOUGH || self.problems.len() > MOST_PROBLEMS
    }

    fn dict(&mut self, dict: &Bound<'_, PyDict>) -> PyResult<()> {
        self.out.push(b'{');
        // A copy: converting a value may run Python code that changes the dictionary.
        for pair in dict.items() {
            let pair = pair.cast::<PyTuple>()?;
            self.pair(&pair.get_item(0)?, &pair.get_item(1)?)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn members(&mut self, pairs: &Bound<'_, PyAny>) -> PyResult<()> {
        self.out.push(b'{');
        for pair in pairs.try_iter()? {
            let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair?.extract()?;
            if self.has_enough() {
                break;
            }
            self.pair(&name, &value)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn pair(&mut self, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        match name.cast::<PyString>() {
            Ok(name) => self.member(name, value),
            Err(_) => {
                let message =
                    format!("has a member whose name is of type {}, not str", kind(name)?);
                self.problem(Code::WrongType, message);
                Ok(())
            }
        }
    }

    fn member(&mut self, name: &Bound<'_, PyString>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if self.out.last() != Some(&b'{') {
            self.out.push(b',');
        }
        self.text(name)?;
        self.out.push(b':');
        self.path.push(Step::Name(name.clone().unbind()));
        self.value(value)?;
        self.path.pop();
        Ok(())
    }

    fn items(&mut self, values: &Bound<'_, PyAny>) -> PyResult<()> {
        self.out.push(b'[');
        for (index, value) in values.try_iter()?.enumerate() {
            let value = value?;
            if self.has_enough() {
                break;
            }
            if index > 0 {
                self.out.push(b',');
            }
            self.path.push(Step::Index(index));
            self.value(&value)?;
            self.path.pop();
        }
        self.out.push(b']');
        Ok(())
    }

    fn put(&mut self, text: String) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn problem(&mut self, code: Code, message: String) {
        let path = self.path.iter().map(Step::token).collect();
        self.problems.push(binding::problem(path, code, message));
    }
}

fn is_bytes(value: &Bound<'_, PyAny>) -> bool {
    value.cast::<PyBytes>().is_ok()
        || value.cast::<PyByteArray>().is_ok()
        || value.cast::<PyMemoryView>().is_ok()
}

/// The name of a value's type: the value itself may be a secret.
fn kind(value: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(value.get_type().name()?.to_string_lossy().into_owned())
}
