//! One HTTP/1.1 request out, one reply in (RFC 9112), over any of ureq's transports. Nothing is sent
//! twice here, no redirect is followed, and a reply that does not come whole is an error.

use std::io;

use ureq::Error;
use ureq::unversioned::transport::{NextTimeout, Transport};

use super::head::{self, Framing, Head, Rest, nonsense};
use super::{HttpRequest, HttpResponse, LARGEST_REPLY};

/// Interim replies (100, 103) are passed over; no server sends more.
const MOST_INTERIM: usize = 16;

/// Queues the whole request. The transport writes it when the reply is asked for.
pub fn send(transport: &mut dyn Transport, outgoing: &HttpRequest<'_>) -> Result<(), Error> {
    let mut request = String::with_capacity(1024 + outgoing.body.map_or(0, str::len));
    for part in [outgoing.method, " ", outgoing.target, " HTTP/1.1\r\n"] {
        request.push_str(part);
    }
    for (name, value) in outgoing.headers {
        for part in [name, ": ", value, "\r\n"] {
            request.push_str(part);
        }
    }
    if let Some(body) = outgoing.body {
        for part in ["content-length: ", &body.len().to_string(), "\r\n\r\n", body] {
            request.push_str(part);
        }
    } else {
        request.push_str("\r\n");
    }
    let mut rest = request.as_bytes();
    while !rest.is_empty() {
        let output = transport.buffers().output();
        let amount = rest.len().min(output.len());
        output[..amount].copy_from_slice(&rest[..amount]);
        transport.transmit_output(amount, NextTimeout::default())?;
        rest = &rest[amount..];
    }
    Ok(())
}

/// Waits for the head of the final reply.
pub fn receive_head(transport: &mut dyn Transport) -> Result<Head, Error> {
    let mut interim = 0;
    loop {
        let input = transport.buffers().input();
        let head = if input.is_empty() { None } else { head::parse(input)? };
        match head {
            Some((used, head)) => {
                transport.buffers().input_consume(used);
                if !(100..=199).contains(&head.0.status) {
                    return Ok(head);
                }
                interim += 1;
                if interim > MOST_INTERIM {
                    return Err(nonsense("too many interim replies"));
                }
            }
            None => fill(transport)?,
        }
    }
}

/// Reads the body into `incoming`; whether the connection can carry another request.
pub fn receive_body(
    transport: &mut dyn Transport,
    rest: &Rest,
    incoming: &mut HttpResponse,
) -> Result<bool, Error> {
    let mut body = Body { transport, incoming };
    match rest.framing {
        Framing::Empty => {}
        Framing::Length(length) => body.take(length)?,
        Framing::Chunked => body.chunks()?,
        Framing::UntilClose => body.until_close()?,
    }
    // Bytes beyond the reply belong to nothing that was asked for.
    let clean = transport.buffers().input().is_empty() && !incoming.oversize;
    Ok(rest.keep_alive && clean)
}

struct Body<'b> {
    transport: &'b mut dyn Transport,
    incoming: &'b mut HttpResponse,
}

impl Body<'_> {
    /// Reads this many bytes, or up to the limit.
    fn take(&mut self, mut length: u64) -> Result<(), Error> {
        while length > 0 && !self.incoming.oversize {
            if self.transport.buffers().input().is_empty() {
                fill(self.transport)?;
            }
            length -= self.keep(length);
        }
        Ok(())
    }

    /// Moves what is in the buffer, `most` bytes at most; how many those were.
    fn keep(&mut self, most: u64) -> u64 {
        let input = self.transport.buffers().input();
        let amount = input.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        let room = LARGEST_REPLY - self.incoming.body.len();
        self.incoming.body.extend_from_slice(&input[..amount.min(room)]);
        self.incoming.oversize |= amount > room;
        self.transport.buffers().input_consume(amount);
        amount as u64
    }

    fn until_close(&mut self) -> Result<(), Error> {
        loop {
            self.keep(u64::MAX);
            if self.incoming.oversize {
                return Ok(());
            }
            match fill(self.transport) {
                Err(Error::Io(e)) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                filled => filled?,
            }
        }
    }

    fn chunks(&mut self) -> Result<(), Error> {
        loop {
            let size = self.chunk_size()?;
            if size == 0 {
                // Trailers, if there are any, and the empty line that ends them.
                while !self.line()? {}
                return Ok(());
            }
            self.take(size)?;
            if self.incoming.oversize {
                return Ok(());
            }
            if !self.line()? {
                return Err(nonsense("a chunk of the reply is longer than it said"));
            }
        }
    }

    fn chunk_size(&mut self) -> Result<u64, Error> {
        loop {
            match httparse::parse_chunk_size(self.transport.buffers().input()) {
                Ok(httparse::Status::Complete((used, size))) => {
                    self.transport.buffers().input_consume(used);
                    return Ok(size);
                }
                Ok(httparse::Status::Partial) => fill(self.transport)?,
                Err(_) => return Err(nonsense("a chunk of the reply has no size")),
            }
        }
    }

    /// Passes over one line; whether it was empty.
    fn line(&mut self) -> Result<bool, Error> {
        loop {
            let input = self.transport.buffers().input();
            if let Some(end) = input.iter().position(|&b| b == b'\n') {
                let empty = matches!(&input[..end], b"" | b"\r");
                self.transport.buffers().input_consume(end + 1);
                return Ok(empty);
            }
            fill(self.transport)?;
        }
    }
}

/// Waits for more input; its end is an error here.
fn fill(transport: &mut dyn Transport) -> Result<(), Error> {
    if transport.buffers().input_append_buf().is_empty() {
        return Err(nonsense("a line of the reply is too long"));
    }
    match transport.await_input(NextTimeout::default())? {
        true => Ok(()),
        false => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
    }
}
