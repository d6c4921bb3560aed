//! A TCP socket that several owners share and the last one closes.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone)]
pub(crate) struct Socket(Arc<TcpStream>);

impl Socket {
    pub(crate) fn new(stream: TcpStream) -> Socket {
        // Replies are single writes; waiting to fill a segment would only add delay.
        let _ = stream.set_nodelay(true);
        Socket(Arc::new(stream))
    }

    pub(crate) fn shared(&self) -> &Arc<TcpStream> {
        &self.0
    }

    /// Waits for bytes and leaves them where they are; 0 at the end of the stream.
    pub(crate) fn peek(&self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.peek(into) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    /// From now on the close sends a reset.
    pub(crate) fn reset_on_close(&self) {
        let _ = socket2::SockRef::from(&*self.0).set_linger(Some(Duration::ZERO));
    }

    pub(crate) fn close_write(&self) {
        let _ = self.0.shutdown(Shutdown::Write);
    }

    /// Reads and forgets whatever comes, until the peer goes or stays silent for `patience`.
    pub(crate) fn drain(&mut self, patience: Option<Duration>) {
        let _ = self.0.set_read_timeout(patience);
        let mut sink = [0; 4096];
        while self.read(&mut sink).is_ok_and(|count| count > 0) {}
    }
}

impl Read for Socket {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(into)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.0).write(bytes)
    }

    /// In one piece, so that what TLS has to say at one time arrives at one time.
    fn write_vectored(&mut self, bytes: &[io::IoSlice<'_>]) -> io::Result<usize> {
        (&*self.0).write_vectored(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
