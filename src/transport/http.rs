//! One HTTP/1.1 request out, one reply in (RFC 9112). Nothing is sent twice here, no redirect is
//! followed, and a reply that does not come whole is an error.

use super::buffer::Wiped;
use super::cause::Why;
use super::connection::{Connection, Filled};
use super::head::{self, Framing, Head};
use super::state::Exchange;
use super::{HttpRequest, HttpResponse};
use crate::os::reserve;

/// Interim replies (100, 103) are passed over; no server sends more.
const MOST_INTERIM: usize = 16;
/// What reading a reply may take for each of its bytes.
const READING: usize = 64;
/// A head, or a line between chunks, may have this many bytes.
const LONGEST_HEAD: usize = 64 * 1024;

/// The whole request as it goes on the wire.
pub(super) fn text(request: &HttpRequest<'_>) -> Wiped {
    let mut parts = Vec::with_capacity(request.headers.len() * 4 + 8);
    parts.extend([request.method, " ", request.target, " HTTP/1.1\r\n"]);
    for (name, value) in request.headers {
        parts.extend([*name, ": ", value.as_ref(), "\r\n"]);
    }
    let length = request.body.map(|body| body.len().to_string());
    if let (Some(body), Some(length)) = (request.body, &length) {
        parts.extend(["content-length: ", length, "\r\n\r\n", body]);
    } else {
        parts.push("\r\n");
    }
    Wiped::joined(&parts)
}

/// Waits for the head of the final reply.
pub(super) fn receive_head(
    connection: &mut Connection,
    exchange: &mut Exchange<'_>,
) -> Result<Head, Why> {
    let mut interim = 0;
    loop {
        let input = connection.input();
        let head = if input.is_empty() { None } else { head::parse(input)? };
        match head {
            Some((used, head)) => {
                connection.consume(used);
                if !(100..=199).contains(&head.response.status) {
                    return Ok(head);
                }
                interim += 1;
                if interim > MOST_INTERIM {
                    return Err(Why::NotHttp("there are too many interim replies"));
                }
            }
            None => fill(connection, exchange)?,
        }
    }
}

/// Reads the body into `response`.
pub(super) fn receive_body(
    connection: &mut Connection,
    exchange: &mut Exchange<'_>,
    framing: Framing,
    most: usize,
    response: &mut HttpResponse,
) -> Result<(), Why> {
    let mut body = Body { connection, exchange, most, response };
    match framing {
        Framing::Empty => Ok(()),
        Framing::Length(length) => body.take(length),
        Framing::Chunked => body.chunks(),
        Framing::UntilClose => body.until_close(),
    }
}

struct Body<'b, 'e> {
    connection: &'b mut Connection,
    exchange: &'b mut Exchange<'e>,
    most: usize,
    response: &'b mut HttpResponse,
}

impl Body<'_, '_> {
    /// Reads this many bytes, or up to the limit.
    fn take(&mut self, mut length: u64) -> Result<(), Why> {
        while length > 0 && !self.response.oversize {
            if self.connection.input().is_empty() {
                self.fill()?;
            }
            length -= self.keep(length)?;
        }
        Ok(())
    }

    /// Moves what is there, `most` bytes at most; how many those were. Fails where there would be no
    /// memory to read it with.
    fn keep(&mut self, most: u64) -> Result<u64, Why> {
        let input = self.connection.input();
        let amount = input.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        let room = self.most - self.response.body.len();
        let larger = self.response.body.len() + amount.min(room);
        if !reserve::ensure(larger * READING) {
            return Err(Why::NoMemory);
        }
        self.response.body.extend_from_slice(&input[..amount.min(room)]);
        self.response.oversize |= amount > room;
        self.connection.consume(amount);
        Ok(amount as u64)
    }

    fn until_close(&mut self) -> Result<(), Why> {
        loop {
            self.keep(u64::MAX)?;
            if self.response.oversize {
                return Ok(());
            }
            match self.connection.fill(self.exchange)? {
                Filled::More => {}
                Filled::End => return Ok(()),
                // RFC 9112, 9.8: anybody on the way can cut a connection.
                Filled::CutOff => return Err(Why::CutOff),
            }
        }
    }

    fn chunks(&mut self) -> Result<(), Why> {
        loop {
            let size = self.chunk_size()?;
            if size == 0 {
                // Trailers, if there are any, and the empty line that ends them.
                while !self.line()? {}
                return Ok(());
            }
            self.take(size)?;
            if self.response.oversize {
                return Ok(());
            }
            if !self.line()? {
                return Err(Why::NotHttp("a chunk of the reply is longer than it said"));
            }
        }
    }

    fn chunk_size(&mut self) -> Result<u64, Why> {
        loop {
            let input = self.connection.input();
            // The parser takes a line without a digit for the last chunk.
            if input.first().is_some_and(|b| !b.is_ascii_hexdigit()) {
                return Err(Why::NotHttp("a chunk of the reply has no size"));
            }
            match httparse::parse_chunk_size(input) {
                Ok(httparse::Status::Complete((used, size))) => {
                    self.connection.consume(used);
                    return Ok(size);
                }
                Ok(httparse::Status::Partial) => self.fill()?,
                Err(_) => return Err(Why::NotHttp("a chunk of the reply has no size")),
            }
        }
    }

    /// Passes over one line; whether it was empty.
    fn line(&mut self) -> Result<bool, Why> {
        loop {
            let input = self.connection.input();
            if let Some(end) = input.iter().position(|&b| b == b'\n') {
                let empty = matches!(&input[..end], b"" | b"\r");
                self.connection.consume(end + 1);
                return Ok(empty);
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> Result<(), Why> {
        fill(self.connection, self.exchange)
    }
}

/// Waits for more input; its end is an error here.
fn fill(connection: &mut Connection, exchange: &mut Exchange<'_>) -> Result<(), Why> {
    if connection.input().len() >= LONGEST_HEAD {
        return Err(Why::NotHttp("the reply's head, or a line of it, is longer than 64 KiB"));
    }
    match connection.fill(exchange)? {
        Filled::More => Ok(()),
        Filled::End | Filled::CutOff => Err(Why::Closed),
    }
}
