//! Requests, read with suspicion: sizes are bounded and nothing a client sends can panic.

use crate::wire::Wire;
use std::io::{Read, Write};

const MAX_HEAD: usize = 64 * 1024;
const MAX_BODY: usize = 2 * 1024 * 1024;
const MAX_CHUNK_LINE: usize = 1024;

/// The request line and the headers.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) http10: bool,
}

impl Head {
    /// The first header of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        all.next().map(|(_, value)| value.as_str())
    }

    /// Whether the client wants the connection closed after the answer.
    pub(crate) fn last(&self) -> bool {
        let connection = self.get("connection").unwrap_or_default().to_ascii_lowercase();
        if self.http10 { connection != "keep-alive" } else { connection.contains("close") }
    }
}

/// Why a request could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The client went, or the server stops.
    Gone,
    /// The bytes are wrong; this is the status to answer.
    Bad(u16),
}

/// A connection and the bytes of it that were read but not used yet.
pub(crate) struct Inbox {
    pub(crate) wire: Wire,
    buffer: Vec<u8>,
}

impl Inbox {
    pub(crate) fn new(wire: Wire) -> Inbox {
        Inbox { wire, buffer: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Method and target, as soon as the first line is there.
    pub(crate) fn request_line(&mut self) -> Result<(String, String), Broken> {
        loop {
            while self.buffer.starts_with(b"\r\n") {
                self.buffer.drain(..2);
            }
            // Somebody who speaks TLS to a plain port would otherwise wait for ever.
            if self.buffer.first().is_some_and(|byte| !byte.is_ascii_alphabetic() && *byte != b'\r')
            {
                return Err(Broken::Bad(400));
            }
            if let Some(end) = find(&self.buffer, b"\r\n", 0) {
                let line = String::from_utf8_lossy(&self.buffer[..end]);
                return parse_line(&line).map(|line| (line.0, line.1));
            }
            self.more(MAX_HEAD, 431)?;
        }
    }

    /// The whole head; what follows it stays in the buffer.
    pub(crate) fn head(&mut self) -> Result<Head, Broken> {
        let mut from = 0;
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n", from) {
                if end > MAX_HEAD {
                    return Err(Broken::Bad(431));
                }
                let head = parse_head(&String::from_utf8_lossy(&self.buffer[..end]));
                self.buffer.drain(..end + 4);
                return head;
            }
            from = self.buffer.len().saturating_sub(3);
            self.more(MAX_HEAD, 431)?;
        }
    }

    /// The body, and what went wrong if it is not complete.
    pub(crate) fn body(&mut self, head: &Head) -> (Vec<u8>, Option<Broken>) {
        let mut body = Vec::new();
        let end = match framing(head) {
            Ok(Framing::Length(length)) if length > MAX_BODY => Err(Broken::Bad(413)),
            Ok(Framing::Length(0)) => Ok(()),
            Ok(framing) => self.promise(head).and_then(|()| match framing {
                Framing::Length(length) => self.take(length, &mut body),
                Framing::Chunked => self.chunks(&mut body),
            }),
            Err(broken) => Err(broken),
        };
        (body, end.err())
    }

    /// A client that asked first is told to go on, unless it already did.
    fn promise(&mut self, head: &Head) -> Result<(), Broken> {
        let asked = head.get("expect").is_some_and(|it| it.eq_ignore_ascii_case("100-continue"));
        if asked && self.buffer.is_empty() {
            let line = b"HTTP/1.1 100 Continue\r\n\r\n";
            self.wire.write_all(line).map_err(|_| Broken::Gone)?;
        }
        Ok(())
    }

    /// Moves `count` bytes; what there was of them is in `into` even if the client goes.
    fn take(&mut self, count: usize, into: &mut Vec<u8>) -> Result<(), Broken> {
        let mut left = count;
        loop {
            let now = left.min(self.buffer.len());
            into.extend(self.buffer.drain(..now));
            left -= now;
            if left == 0 {
                return Ok(());
            }
            self.more(usize::MAX, 413)?;
        }
    }

    fn chunks(&mut self, into: &mut Vec<u8>) -> Result<(), Broken> {
        loop {
            let line = self.line()?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let digits = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_hexdigit());
            let size = usize::from_str_radix(size, 16).ok().filter(|_| digits);
            let size = size.ok_or(Broken::Bad(400))?;
            if size == 0 {
                while !self.line()?.is_empty() {}
                return Ok(());
            }
            if size > MAX_BODY - into.len() {
                return Err(Broken::Bad(413));
            }
            self.take(size, into)?;
            if !self.line()?.is_empty() {
                return Err(Broken::Bad(400));
            }
        }
    }

    fn line(&mut self) -> Result<String, Broken> {
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n", 0) {
                let line = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
                self.buffer.drain(..end + 2);
                return Ok(line);
            }
            self.more(MAX_CHUNK_LINE, 400)?;
        }
    }

    fn more(&mut self, limit: usize, refusal: u16) -> Result<(), Broken> {
        if self.buffer.len() > limit {
            return Err(Broken::Bad(refusal));
        }
        let mut room = [0; 16 * 1024];
        match self.wire.read(&mut room) {
            Ok(0) => Err(Broken::Gone),
            Ok(count) => {
                self.buffer.extend_from_slice(&room[..count]);
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Ok(()),
            Err(_) => Err(Broken::Gone),
        }
    }
}

enum Framing {
    Length(usize),
    Chunked,
}

fn framing(head: &Head) -> Result<Framing, Broken> {
    let all = |name: &str| {
        let named = head.headers.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    match (all("content-length").as_slice(), all("transfer-encoding").as_slice()) {
        ([], []) => Ok(Framing::Length(0)),
        ([], [coding]) if coding.eq_ignore_ascii_case("chunked") => Ok(Framing::Chunked),
        ([length], []) if !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit()) => {
            length.parse().map(Framing::Length).map_err(|_| Broken::Bad(413))
        }
        // Two lengths, or a length and a coding, are how requests are smuggled.
        _ => Err(Broken::Bad(400)),
    }
}

fn parse_line(line: &str) -> Result<(String, String, bool), Broken> {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        [method, target, version @ ("HTTP/1.1" | "HTTP/1.0")] if target.starts_with('/') => {
            Ok((method.to_string(), target.to_string(), *version == "HTTP/1.0"))
        }
        _ => Err(Broken::Bad(400)),
    }
}

fn parse_head(text: &str) -> Result<Head, Broken> {
    let mut lines = text.split("\r\n");
    let (method, target, http10) = parse_line(lines.next().unwrap_or_default())?;
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(Broken::Bad(400))?;
        if name.is_empty() || name.contains([' ', '\t']) || value.contains(['\r', '\n', '\0']) {
            return Err(Broken::Bad(400));
        }
        headers.push((name.to_string(), value.trim_matches([' ', '\t']).to_string()));
    }
    Ok(Head { method, target, headers, http10 })
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let found = bytes.get(from..)?.windows(what.len()).position(|window| window == what);
    found.map(|at| at + from)
}
