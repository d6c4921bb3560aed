//! The socket under everything: one write for head and body, time-outs set only when they must
//! change, and an exact record of whether a byte of the request has left.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};
use ureq::{Error, Timeout};

use super::context;
use crate::os::socket::is_idle;

/// Room for a request's head; a larger body is queued piece by piece.
pub const BUFFER: usize = 16 * 1024;

/// A TCP connection as ureq drives it. What ureq transmits is queued and written as one when it
/// turns to reading: head and body, and a handshake's last flight, share a segment.
pub struct Socket {
    stream: TcpStream,
    buffers: LazyBuffers,
    queue: Vec<u8>,
    /// How much of the queue belongs to making the connection.
    preamble: usize,
    read_limit: Limit,
    write_limit: Limit,
}

impl Socket {
    pub fn new(stream: TcpStream) -> Socket {
        Socket {
            stream,
            buffers: LazyBuffers::new(BUFFER, BUFFER),
            queue: Vec::new(),
            preamble: 0,
            read_limit: Limit::default(),
            write_limit: Limit::default(),
        }
    }

    /// Hands the queue to the socket, noting the first byte of the request that goes.
    fn flush(&mut self) -> Result<(), Error> {
        if !self.queue.is_empty() && !context::is_connecting() && !context::may_send() {
            return Err(context::given_up());
        }
        let mut done = 0;
        while done < self.queue.len() {
            let wait = next_wait()?;
            self.write_limit.allow(wait, |limit| self.stream.set_write_timeout(Some(limit)))?;
            match self.stream.write(&self.queue[done..]) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                Ok(written) => {
                    done += written;
                    if done > self.preamble {
                        context::mark_sent();
                    }
                }
                Err(e) if is_pause(&e) => context::go_on()?,
                Err(e) => return Err(e.into()),
            }
        }
        self.preamble = 0;
        self.queue.clear();
        self.queue.shrink_to(BUFFER);
        Ok(())
    }
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        self.queue.extend_from_slice(&self.buffers.output()[..amount]);
        if context::is_connecting() {
            self.preamble = self.queue.len();
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        self.flush()?;
        loop {
            let wait = next_wait()?;
            self.read_limit.allow(wait, |limit| self.stream.set_read_timeout(Some(limit)))?;
            match self.stream.read(self.buffers.input_append_buf()) {
                Ok(amount) => {
                    self.buffers.input_appended(amount);
                    return Ok(amount > 0);
                }
                Err(e) if is_pause(&e) => context::go_on()?,
                Err(e) => return Err(e.into()),
            }
        }
    }

    /// Nothing left over on our side, and one look at the other.
    fn is_open(&mut self) -> bool {
        self.queue.is_empty() && self.buffers.input().is_empty() && is_idle(&self.stream)
    }
}

impl fmt::Debug for Socket {
    /// Not the buffers: they hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("stream", &self.stream).finish_non_exhaustive()
    }
}

/// How long the socket may block now.
fn next_wait() -> Result<Duration, Error> {
    let left = context::time_left().ok_or(Error::Timeout(Timeout::Global))?;
    Ok(context::poll_interval(left))
}

/// A signal, or a time limit: whether time is really over is for the clock to say.
fn is_pause(e: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(e.kind(), Interrupted | TimedOut | WouldBlock)
}

/// A socket's time limit as the kernel has it. It is set a little short of the time left, so that
/// the next call, with the same time-out and a moment already spent, need not set it again; a limit
/// that passes early costs one more look at the clock, and one that is much too short many.
#[derive(Default)]
struct Limit(Option<Duration>);

impl Limit {
    fn allow(
        &mut self,
        left: Duration,
        set: impl FnOnce(Duration) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.0.is_none_or(|limit| limit > left || limit < left / 8) {
            let limit = (left - left / 16).max(Duration::from_millis(1));
            set(limit)?;
            self.0 = Some(limit);
        }
        Ok(())
    }
}
