//! The loopback stand-in behind `cs_scale_out.testing`.

use std::process;
use std::sync::Mutex;
use std::time::Duration;

use local_ack::{Fault, LocalAck, Options};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

type Purchase = (String, String, String, Option<i64>, String, String, usize, i64);
type Seen = (String, String, Vec<(String, String)>, Vec<u8>, usize, u16, bool, bool);

/// A running stand-in.
#[pyclass(frozen, module = "cs_scale_out._native")]
pub struct Server {
    ack: Mutex<Option<LocalAck>>,
    /// The process whose threads serve it. A child made by `fork` has only the memory.
    process: u32,
}

#[pymethods]
impl Server {
    #[new]
    #[allow(clippy::too_many_arguments, reason = "keywords on the other side")]
    #[pyo3(signature = (*, access_key_id, access_key_secret, security_token, clock_offset, port,
                        latency, task_delay, task_length, verbose))]
    fn new(
        access_key_id: String,
        access_key_secret: String,
        security_token: Option<String>,
        clock_offset: i64,
        port: u16,
        latency: f64,
        task_delay: f64,
        task_length: f64,
        verbose: bool,
    ) -> PyResult<Server> {
        let options = Options {
            access_key_id,
            access_key_secret,
            security_token,
            clock_offset,
            port,
            tls: false,
            latency: seconds("latency", latency)?,
            task_delay: seconds("task_delay", task_delay)?,
            task_length: seconds("task_length", task_length)?,
            verbose,
            ..Options::default()
        };
        let ack = LocalAck::with(options)?;
        Ok(Server { ack: Mutex::new(Some(ack)), process: process::id() })
    }

    /// Stops the server and waits for its threads; harmless when it has stopped.
    fn stop(&self, py: Python<'_>) -> PyResult<()> {
        let ack = self.ack.lock().map_err(broken)?.take();
        if self.process == process::id() {
            py.detach(|| drop(ack));
        } else {
            // The threads to wait for are the parent's.
            std::mem::forget(ack);
        }
        Ok(())
    }

    /// Where it listens, as a URL.
    fn url(&self) -> PyResult<String> {
        self.with(|ack| ack.url())
    }

    /// Queues a fault, in its text or its JSON form.
    #[pyo3(signature = (fault, /))]
    fn fault(&self, fault: &Bound<'_, PyAny>) -> PyResult<()> {
        let fault = read(fault)?;
        self.with(|ack| ack.fault(fault))
    }

    /// Queues a fault for one cluster.
    #[pyo3(signature = (cluster_id, fault, /))]
    fn fault_for(&self, cluster_id: &str, fault: &Bound<'_, PyAny>) -> PyResult<()> {
        let fault = read(fault)?;
        self.with(|ack| ack.fault_for(cluster_id, fault))
    }

    /// Queues a fault for the requests that look at tasks.
    #[pyo3(signature = (fault, /))]
    fn fault_for_reads(&self, fault: &Bound<'_, PyAny>) -> PyResult<()> {
        let fault = read(fault)?;
        self.with(|ack| ack.fault_for_reads(fault))
    }

    /// Forgets every queued fault.
    fn clear_faults(&self) -> PyResult<()> {
        self.with(|ack| ack.clear_faults())
    }

    /// Starts a task that no request asked for; its id.
    #[pyo3(signature = (cluster_id, /))]
    fn add_task(&self, cluster_id: &str) -> PyResult<String> {
        self.with(|ack| ack.add_task(cluster_id))
    }

    /// What was executed, in order: the fields of `testing.Purchase`.
    fn ledger(&self) -> PyResult<Vec<Purchase>> {
        let fields = |p: local_ack::Purchase| {
            let ids = (p.cluster_id, p.task_id, p.request_id);
            (ids.0, ids.1, ids.2, p.count, p.body, p.nonce, p.connection, p.created_unix_ms)
        };
        self.with(|ack| ack.ledger().into_iter().map(fields).collect())
    }

    /// The requests that arrived, in order: the fields of `testing.Seen`.
    fn requests(&self) -> PyResult<Vec<Seen>> {
        let fields = |s: local_ack::Seen| {
            let ends = (s.executed, s.body_complete);
            (s.method, s.target, s.headers, s.body, s.connection, s.status, ends.0, ends.1)
        };
        self.with(|ack| ack.requests().into_iter().map(fields).collect())
    }

    /// How many connections were accepted.
    fn connections(&self) -> PyResult<usize> {
        self.with(|ack| ack.connections())
    }
}

impl Server {
    fn with<T>(&self, work: impl FnOnce(&LocalAck) -> T) -> PyResult<T> {
        match &*self.ack.lock().map_err(broken)? {
            Some(ack) => Ok(work(ack)),
            None => Err(PyRuntimeError::new_err("this LocalAck has stopped")),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.process != process::id() {
            std::mem::forget(self.ack.get_mut().map(Option::take));
        }
    }
}

fn broken<T>(_: std::sync::PoisonError<T>) -> PyErr {
    PyRuntimeError::new_err("a thread died while it used this LocalAck")
}

fn read(fault: &Bound<'_, PyAny>) -> PyResult<Fault> {
    let text = match fault.extract::<String>() {
        Ok(text) => text,
        // JSON that was just written is UTF-8.
        Err(_) => String::from_utf8_lossy(&crate::write::document(fault)?).into_owned(),
    };
    text.parse().map_err(PyValueError::new_err)
}

fn seconds(name: &str, value: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(value)
        .map_err(|error| PyValueError::new_err(format!("{name}: {error}")))
}
