//! One request on its way. What to say of an interrupt is Python's part.

use std::cell::Cell;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use std::{io, process};

use cs_scale_out::{Answer, Control};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::worker::{self, Task};
use crate::write;

/// How long the task list is looked at, at most, for what became of a request that was given up.
const LOOK: Duration = Duration::from_secs(2);

/// One request, or one look at what became of one.
#[pyclass(frozen, module = "cs_scale_out._native")]
pub struct Call {
    spec: CallSpec,
    control: OnceLock<Control>,
    /// The end of a call made by `wait`.
    end: OnceLock<Answer>,
    /// Set once it is on a thread of its own.
    task: OnceLock<Task>,
    /// Set on Python's main thread, which alone handles signals.
    watch: OnceLock<Arc<Watch>>,
}

/// What is to be done.
#[derive(Clone)]
struct CallSpec {
    document: Arc<[u8]>,
    begun: Instant,
    is_look: bool,
}

/// A call on Python's main thread: whether a signal's handler raised something meanwhile.
struct Watch {
    spec: CallSpec,
    raised: Mutex<Option<PyErr>>,
    look: OnceLock<Task>,
}

#[pymethods]
impl Call {
    #[new]
    #[pyo3(signature = (request, /))]
    fn new(request: &Bound<'_, PyAny>) -> PyResult<Call> {
        let document = write::document(request)?.into();
        Ok(Call::of(CallSpec { document, begun: Instant::now(), is_look: false }))
    }

    /// A call by the names and values of its parameters; what is None was not given.
    #[staticmethod]
    #[pyo3(signature = (names, values, /))]
    fn of_parameters(names: &Bound<'_, PyTuple>, values: &Bound<'_, PyTuple>) -> PyResult<Call> {
        let document = write::parameters(names, values)?.into();
        Ok(Call::of(CallSpec { document, begun: Instant::now(), is_look: false }))
    }

    /// Does the call and waits for its end: the status's number and the document. Other Python
    /// threads run meanwhile. On the main thread signal handlers run too, and what one raises comes
    /// out of here: at once if nothing was sent, else after a look at the task list, which a second
    /// exception ends.
    fn wait(&self, py: Python<'_>) -> PyResult<(i32, String)> {
        let watch = match is_other_thread(py)? {
            true => None,
            false => Some(self.watch.get_or_init(|| Arc::new(Watch::of(&self.spec)))),
        };
        if let Some(watch) = watch {
            let watch = Arc::clone(watch);
            let gives_up = move |control: &Control| watch.gives_up(control);
            self.control.get_or_init(|| Control::watched(gives_up));
        }
        let answer = py.detach(self.work());
        let answer = self.end.get_or_init(|| answer).clone();
        watch.and_then(|watch| lock(&watch.raised).take()).map_or(Ok(told(answer)), Err)
    }

    /// Begins the call on another thread. The descriptor becomes readable at its end.
    fn start(&self) -> PyResult<i32> {
        if self.task.get().is_none() {
            // Python holds its lock: nobody else begins it in between.
            let _ = self.task.set(worker::start(self.work())?);
        }
        let task = self.task.get().ok_or(io::ErrorKind::Other);
        Ok(task.map_err(io::Error::from)?.descriptor())
    }

    /// The end of the call, if it is there.
    fn answer(&self) -> Option<(i32, String)> {
        let answer = match self.end.get() {
            Some(answer) => answer.clone(),
            None => self.task.get()?.answer()?,
        };
        Some(told(answer))
    }

    /// What `wait` saw on the task list after a signal, if it looked there and saw something.
    fn looked(&self) -> Option<(i32, String)> {
        let answer = self.watch.get()?.look.get()?.answer()?;
        Some(told(answer))
    }

    /// Stops the call if it can be stopped. True: no byte was sent and none will be. False: the
    /// request may be on the wire.
    fn cancel(&self) -> bool {
        self.control().cancel()
    }

    /// A call that looks on the cluster's task list for what became of this one, for two seconds at
    /// most.
    fn look(&self) -> Call {
        Call::of(self.spec.look())
    }
}

impl Call {
    fn of(spec: CallSpec) -> Call {
        Call {
            spec,
            control: OnceLock::new(),
            end: OnceLock::new(),
            task: OnceLock::new(),
            watch: OnceLock::new(),
        }
    }

    fn control(&self) -> &Control {
        self.control.get_or_init(Control::new)
    }

    fn work(&self) -> impl FnOnce() -> Answer + Send + use<> {
        let (spec, control) = (self.spec.clone(), self.control().clone());
        move || spec.fill(&control)
    }
}

impl CallSpec {
    fn look(&self) -> CallSpec {
        CallSpec { is_look: true, ..self.clone() }
    }

    fn fill(&self, control: &Control) -> Answer {
        match self.is_look {
            false => cs_scale_out::scale_out_with(&self.document, control),
            true => cs_scale_out::look(&self.document, self.begun, LOOK),
        }
    }
}

impl Watch {
    fn of(spec: &CallSpec) -> Watch {
        Watch { spec: spec.look(), raised: Mutex::new(None), look: OnceLock::new() }
    }

    /// Whether the call is to end: a handler raised something, and either nothing was sent, or the
    /// look at the task list is over. Until then the answer may still come, and is not lost.
    fn gives_up(&self, control: &Control) -> bool {
        let signal = Python::try_attach(|py| py.check_signals().err()).flatten();
        let mut raised = lock(&self.raised);
        match (&*raised, signal) {
            (None, None) => false,
            (Some(_), Some(_)) => true,
            (Some(_), None) => self.look.get().is_none_or(|look| look.answer().is_some()),
            (None, first) => {
                *raised = first;
                control.cancel() || !self.starts_looking()
            }
        }
    }

    fn starts_looking(&self) -> bool {
        let spec = self.spec.clone();
        let task = worker::start(move || spec.fill(&Control::new()));
        task.is_ok_and(|task| self.look.set(task).is_ok())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn told(answer: Answer) -> (i32, String) {
    (answer.status.number(), answer.document)
}

/// Whether this is surely not the main thread, the only one on which Python handles signals. Where it
/// cannot be told, a call is watched in vain, which costs little.
fn is_other_thread(py: Python<'_>) -> PyResult<bool> {
    thread_local! {
        /// What was found before.
        static KNOWN: Cell<Option<Thread>> = const { Cell::new(None) };
    }
    let known = match KNOWN.get() {
        // A fork makes any thread the main one.
        Some(Thread::OtherIn(process)) if process != process::id() => None,
        known => known,
    };
    let thread = match known {
        Some(thread) => thread,
        None => which_thread(py)?,
    };
    KNOWN.set(Some(thread));
    Ok(matches!(thread, Thread::OtherIn(_)))
}

#[derive(Clone, Copy)]
enum Thread {
    PerhapsMain,
    /// Of the process with this id.
    OtherIn(u32),
}

fn which_thread(py: Python<'_>) -> PyResult<Thread> {
    let modules = py.import("sys")?.getattr("modules")?;
    // Without this module there are no threads that Python knows of.
    let Some(threading) = modules.cast::<PyDict>()?.get_item("threading")? else {
        return Ok(Thread::PerhapsMain);
    };
    let main = threading.call_method0("main_thread")?.getattr("ident")?;
    let is_main = threading.call_method0("get_ident")?.eq(main)?;
    Ok(if is_main { Thread::PerhapsMain } else { Thread::OtherIn(process::id()) })
}
