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
pub struct Errand {
    line: Mutex<Option<Arc<Line>>>,
    answer: Arc<Mutex<Option<Answer>>>,
    descriptor: RawFd,
}

/// A caller's end of a thread. The thread ends when this is dropped.
struct Line {
    end: UnixStream,
    next: Arc<Mutex<Option<Job>>>,
}

struct Job {
    work: Work,
    answer: Arc<Mutex<Option<Answer>>>,
    /// Held until the byte is written, since a write to a socket nobody holds may end the process.
    _line: Arc<Line>,
}

/// Idle threads of the process with this id. A child made by `fork` has none of them.
static IDLE: Mutex<(u32, Vec<Arc<Line>>)> = Mutex::new((0, Vec::new()));

/// Has `work` done on another thread. Fails where the system has no thread or socket left.
pub fn start(work: impl FnOnce() -> Answer + Send + 'static) -> io::Result<Errand> {
    let line = match idle_line() {
        Some(line) => line,
        None => Arc::new(new_line()?),
    };
    let answer = Arc::default();
    let job = Job { work: Box::new(work), answer: Arc::clone(&answer), _line: line.clone() };
    *lock(&line.next) = Some(job);
    (&line.end).write_all(&BYTE)?;
    let descriptor = line.end.as_raw_fd();
    Ok(Errand { line: Mutex::new(Some(line)), answer, descriptor })
}

impl Errand {
    /// Becomes readable when the work is done.
    pub fn descriptor(&self) -> RawFd {
        self.descriptor
    }

    /// The answer, if it is there.
    pub fn answer(&self) -> Option<Answer> {
        let answer = lock(&self.answer).clone()?;
        // The byte comes right after the answer, if it is not there yet.
        if let Some(line) = lock(&self.line).take()
            && (&line.end).read(&mut [0]).is_ok_and(|read| read == 1)
        {
            keep(line);
        }
        Some(answer)
    }
}

fn new_line() -> io::Result<Line> {
    let (end, far) = UnixStream::pair()?;
    end.set_read_timeout(Some(SOON))?;
    let next = Arc::default();
    let mailbox = Arc::clone(&next);
    cs_scale_out::spawn("cs-scale-out", move || serve(far, &mailbox))?;
    Ok(Line { end, next })
}

fn serve(mut end: UnixStream, next: &Mutex<Option<Job>>) {
    while end.read_exact(&mut [0]).is_ok() {
        let Some(Job { work, answer, _line }) = lock(next).take() else { continue };
        let done = work();
        *lock(&answer) = Some(done);
        if end.write_all(&BYTE).is_err() {
            return;
        }
    }
}

/// Nobody ever waits for this lock: a fork may have left it locked for good.
fn idle_line() -> Option<Arc<Line>> {
    let mut idle = IDLE.try_lock().ok()?;
    if idle.0 != process::id() {
        *idle = (process::id(), Vec::new());
    }
    idle.1.pop()
}

fn keep(line: Arc<Line>) {
    if let Ok(mut idle) = IDLE.try_lock()
        && idle.0 == process::id()
        && idle.1.len() < KEPT
    {
        idle.1.push(line);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
