//! One request on its way. What to say of an interrupt is Python's part.

use std::cell::Cell;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use cs_scale_out::{Answer, Control, binding};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::worker::{self, Task};
use crate::{answer, write};

/// How long the task list is looked at, at most, for what became of a request that was given up.
const LOOK: Duration = Duration::from_secs(2);

/// One request, or one look at what became of one.
#[pyclass(frozen, module = "cs_scale_out._native")]
pub struct Call {
    spec: CallSpec,
    control: OnceLock<Control>,
    /// The end of a call made by `wait`, or of one that could not begin.
    end: OnceLock<Arc<Answer>>,
    /// Set once it is on a thread of its own.
    task: OnceLock<Task>,
    /// Nobody waits for what the thread will answer.
    is_abandoned: Arc<AtomicBool>,
    /// Set on Python's main thread, which alone handles signals.
    watch: OnceLock<Arc<Watch>>,
}

/// What is to be done.
#[derive(Clone)]
struct CallSpec {
    document: Arc<[u8]>,
    started: Instant,
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
        Ok(Call::of(CallSpec { document, started: Instant::now(), is_look: false }))
    }

    /// A call by the names and values of its parameters; what is None was not given.
    #[staticmethod]
    #[pyo3(signature = (names, values, /))]
    fn of_parameters(names: &Bound<'_, PyTuple>, values: &Bound<'_, PyTuple>) -> PyResult<Call> {
        let document = write::parameters(names, values)?.into();
        Ok(Call::of(CallSpec { document, started: Instant::now(), is_look: false }))
    }

    /// Does the call and waits for its end. Other Python threads run meanwhile. On the main thread
    /// signal handlers run too, and what one raises comes out of here: at once if nothing was sent,
    /// else after a look at the task list, which a second exception ends.
    fn wait(&self, py: Python<'_>) -> PyResult<answer::Answer> {
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
        let answer = Arc::clone(self.end.get_or_init(|| Arc::new(answer)));
        watch.and_then(|watch| lock(&watch.raised).take()).map_or(Ok(answer.into()), Err)
    }

    /// Begins the call on another thread. The descriptor becomes readable at its end; there is none
    /// where no thread could be had, and the answer says so.
    fn start(&self) -> Option<i32> {
        // Python holds its lock: nobody else begins it in between.
        if self.task.get().is_none() && self.end.get().is_none() {
            let is_abandoned = Arc::clone(&self.is_abandoned);
            let gives_up = move |_: &Control| is_abandoned.load(Ordering::Relaxed);
            self.control.get_or_init(|| Control::watched(gives_up));
            let _ = match worker::start(self.work()) {
                Ok(task) => self.task.set(task).is_ok(),
                Err(error) => self.end.set(Arc::new(unstarted(&error))).is_ok(),
            };
        }
        self.task.get().map(Task::descriptor)
    }

    /// The end of the call, if it is there.
    fn answer(&self) -> Option<answer::Answer> {
        self.own_answer().map(answer::Answer::from)
    }

    /// Stops the call if it can be stopped. True: no byte was sent and none will be. False: the
    /// request may be on the wire.
    fn cancel(&self) -> bool {
        self.control().cancel()
    }

    /// Has a call that was started end within 25 ms or so, with what is known by then.
    fn abandon(&self) {
        self.is_abandoned.store(true, Ordering::Relaxed);
    }

    /// A call that looks on the cluster's task list for what became of this one, for two seconds at
    /// most.
    fn look(&self) -> Call {
        Call::of(self.spec.look())
    }

    /// What is known of this call, for whose end nobody waits any more: it is stopped if it can be.
    /// What `look`, or else the look that `wait` took after a signal, has shown is part of it.
    #[pyo3(signature = (look=None, /))]
    fn given_up(&self, look: Option<&Call>) -> answer::Answer {
        let stopped = self.own_answer().is_none() && self.cancel();
        let look = match look {
            Some(look) => look.own_answer(),
            None => self.watch.get().and_then(|watch| watch.look.get()?.answer()),
        };
        let known = match self.own_answer() {
            None if stopped => binding::unsent("the call was given up".to_owned()),
            own => binding::given_up(own.as_deref(), look.as_deref()),
        };
        Arc::new(known).into()
    }
}

impl Call {
    fn of(spec: CallSpec) -> Call {
        Call {
            spec,
            control: OnceLock::new(),
            end: OnceLock::new(),
            task: OnceLock::new(),
            is_abandoned: Arc::default(),
            watch: OnceLock::new(),
        }
    }

    fn own_answer(&self) -> Option<Arc<Answer>> {
        self.end.get().cloned().or_else(|| self.task.get()?.answer())
    }

    fn control(&self) -> &Control {
        self.control.get_or_init(Control::new)
    }

    fn work(&self) -> impl FnOnce() -> Answer + Send + use<> {
        let (spec, control) = (self.spec.clone(), self.control().clone());
        move || spec.run(&control)
    }
}

impl CallSpec {
    fn look(&self) -> CallSpec {
        CallSpec { is_look: true, ..self.clone() }
    }

    fn run(&self, control: &Control) -> Answer {
        match self.is_look {
            false => cs_scale_out::scale_out_with(&self.document, control),
            true => binding::look_after(&self.document, self.started, LOOK),
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
        let task = worker::start(move || spec.run(&Control::new()));
        task.is_ok_and(|task| self.look.set(task).is_ok())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unstarted(error: &std::io::Error) -> Answer {
    binding::unsent(format!("no thread could be started: {error}"))
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
