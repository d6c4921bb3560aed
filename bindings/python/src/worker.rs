//! Threads that carry calls, so that an event loop can go on, and a call while a look at the task list
//! is taken. A thread that has finished is kept for the next call.
//!
//! These threads never touch Python: an interpreter may end, or fork, while one is at work.

use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cs_scale_out::Answer;

/// More than this many idle threads are not kept.
const KEPT: usize = 4;
const BYTE: [u8; 1] = *b"!";
/// How long the byte is waited for that comes right after an answer. A child made by `fork` would wait
/// for good: the thread that writes it is the parent's.
const SOON: Duration = Duration::from_millis(25);

type Work = Box<dyn FnOnce() -> Answer + Send>;

/// Work given to a thread.
pub struct Task {
    worker: Mutex<Option<Arc<WorkerHandle>>>,
    answer: Arc<Mutex<Option<Arc<Answer>>>>,
    descriptor: RawFd,
}

/// A caller's end of a thread. The thread ends when this is dropped.
struct WorkerHandle {
    socket: UnixStream,
    next: Arc<Mutex<Option<Job>>>,
}

struct Job {
    work: Work,
    answer: Arc<Mutex<Option<Arc<Answer>>>>,
    /// Held until the byte is written, since a write to a socket nobody holds may end the process.
    _worker: Arc<WorkerHandle>,
}

/// Idle threads of the process with this id. A child made by `fork` has none of them.
static IDLE: Mutex<(u32, Vec<Arc<WorkerHandle>>)> = Mutex::new((0, Vec::new()));

/// Has `work` done on another thread. Fails where the system has no thread or socket left.
pub fn start(work: impl FnOnce() -> Answer + Send + 'static) -> io::Result<Task> {
    let worker = match idle_worker() {
        Some(worker) => worker,
        None => Arc::new(new_worker()?),
    };
    let answer = Arc::default();
    let job = Job { work: Box::new(work), answer: Arc::clone(&answer), _worker: worker.clone() };
    *lock(&worker.next) = Some(job);
    (&worker.socket).write_all(&BYTE)?;
    let descriptor = worker.socket.as_raw_fd();
    Ok(Task { worker: Mutex::new(Some(worker)), answer, descriptor })
}

impl Task {
    /// Becomes readable when the work is done.
    pub fn descriptor(&self) -> RawFd {
        self.descriptor
    }

    /// The answer, if it is there.
    pub fn answer(&self) -> Option<Arc<Answer>> {
        let answer = lock(&self.answer).clone()?;
        // The byte comes right after the answer, if it is not there yet.
        if let Some(worker) = lock(&self.worker).take()
            && (&worker.socket).read(&mut [0]).is_ok_and(|read| read == 1)
        {
            keep(worker);
        }
        Some(answer)
    }
}

fn new_worker() -> io::Result<WorkerHandle> {
    let (socket, far) = UnixStream::pair()?;
    socket.set_read_timeout(Some(SOON))?;
    let next = Arc::default();
    let mailbox = Arc::clone(&next);
    cs_scale_out::binding::spawn(c"cs-scale-out", move || serve(far, &mailbox))?;
    Ok(WorkerHandle { socket, next })
}

fn serve(mut socket: UnixStream, next: &Mutex<Option<Job>>) {
    while socket.read_exact(&mut [0]).is_ok() {
        let Some(Job { work, answer, _worker }) = lock(next).take() else { continue };
        let done = Arc::new(work());
        *lock(&answer) = Some(done);
        if socket.write_all(&BYTE).is_err() {
            return;
        }
    }
}

/// Nobody ever waits for this lock: a fork may have left it locked for good.
fn idle_worker() -> Option<Arc<WorkerHandle>> {
    let mut idle = IDLE.try_lock().ok()?;
    if idle.0 != process::id() {
        *idle = (process::id(), Vec::new());
    }
    idle.1.pop()
}

fn keep(worker: Arc<WorkerHandle>) {
    if let Ok(mut idle) = IDLE.try_lock()
        && idle.0 == process::id()
        && idle.1.len() < KEPT
    {
        idle.1.push(worker);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
