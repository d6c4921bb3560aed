//! A connection, with or without TLS.

use crate::socket::Socket;
use std::io::{self, Read, Write};

#[cfg(feature = "tls")]
use rustls::{ServerConnection, StreamOwned};

pub(crate) enum Wire {
    Plain(Socket),
    #[cfg(feature = "tls")]
    Tls(Box<StreamOwned<ServerConnection, Socket>>),
}

/// A close_notify record is 24 to 31 bytes; a request under TLS is longer.
#[cfg(feature = "tls")]
const ALERT: usize = 32;

impl Wire {
    pub(crate) fn socket(&mut self) -> &mut Socket {
        match self {
            Wire::Plain(socket) => socket,
            #[cfg(feature = "tls")]
            Wire::Tls(stream) => &mut stream.sock,
        }
    }

    /// Waits for bytes and reads none of them; true if they look like a request.
    pub(crate) fn await_request(&mut self) -> bool {
        match self {
            Wire::Plain(socket) => socket.peek(&mut [0]).is_ok_and(|count| count > 0),
            #[cfg(feature = "tls")]
            Wire::Tls(stream) => {
                let waiting = stream.conn.process_new_packets();
                waiting.is_ok_and(|state| state.plaintext_bytes_to_read() > 0)
                    || stream.sock.peek(&mut [0; ALERT]).is_ok_and(|count| count >= ALERT)
            }
        }
    }

    /// Writes both in one flight, under TLS each in a record of its own.
    pub(crate) fn write_both(&mut self, [first, second]: [&[u8]; 2]) -> io::Result<()> {
        match self {
            Wire::Plain(socket) => socket.write_all(&[first, second].concat()),
            #[cfg(feature = "tls")]
            Wire::Tls(stream) => {
                stream.conn.writer().write_all(first)?;
                stream.conn.writer().write_all(second)?;
                stream.flush()
            }
        }
    }

    /// Ends our side the polite way: whatever was written arrives, and TLS says goodbye.
    pub(crate) fn finish(&mut self) {
        #[cfg(feature = "tls")]
        if let Wire::Tls(stream) = self {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
        self.socket().close_write();
    }
}

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Wire::Plain(socket) => socket.read(into),
            #[cfg(feature = "tls")]
            Wire::Tls(stream) => stream.read(into),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Wire::Plain(socket) => socket.write(bytes),
            #[cfg(feature = "tls")]
            Wire::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Wire::Plain(socket) => socket.flush(),
            #[cfg(feature = "tls")]
            Wire::Tls(stream) => stream.flush(),
        }
    }
}
