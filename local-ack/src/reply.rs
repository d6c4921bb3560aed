//! Replies and the ways their bytes can be laid out.

use crate::clock;
use crate::fault::Shape;
use crate::http::Head;
use crate::refusal::{Refusal, reason, render};
use crate::service::Document;
use crate::xml;
use serde_json::Value;

/// The representation the client asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

impl Format {
    /// XML unless JSON was asked for, like the service.
    pub(crate) fn of(head: &Head) -> Format {
        let accept = head.get("accept").unwrap_or_default().to_ascii_lowercase();
        if accept.contains("json") { Format::Json } else { Format::Xml }
    }
}

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    Length,
    /// A Content-Length of ten bytes too many.
    LongLength,
    Chunked,
    /// Chunked, and the last chunk is missing.
    OpenChunks,
    /// By the end of the connection, as HTTP/1.0 does it.
    Close,
}

/// A complete answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(
        status: u16,
        media: &str,
        body: Vec<u8>,
        request_id: &str,
        now: i64,
    ) -> Reply {
        let headers = [
            ("Date", clock::http_date(now)),
            ("Content-Type", media.to_string()),
            ("x-acs-request-id", request_id.to_string()),
        ];
        let headers = headers.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
        Reply { status, headers, body }
    }

    pub(crate) fn success(
        document: &Document,
        format: Format,
        request_id: &str,
        now: i64,
    ) -> Reply {
        let (media, body) = match format {
            Format::Json => {
                let text = serde_json::to_string(document).unwrap_or_default();
                ("application/json;charset=utf-8", text)
            }
            Format::Xml => ("application/xml;charset=utf-8", xml::render(document)),
        };
        Reply::new(200, media, body.into_bytes(), request_id, now)
    }

    pub(crate) fn refusal(refusal: &Refusal, format: Format, request_id: &str, now: i64) -> Reply {
        let shape = match (refusal.shape, format) {
            (Shape::Gateway | Shape::Cs, Format::Xml) => Shape::Xml,
            (shape, _) => shape,
        };
        let Refusal { status, code, message, .. } = refusal;
        let (media, body) = render(shape, *status, code, message, request_id);
        Reply::new(*status, media, body, request_id, now)
    }

    pub(crate) fn json(status: u16, document: &Value, now: i64) -> Reply {
        let body = document.to_string().into_bytes();
        Reply::new(status, "application/json;charset=utf-8", body, "-", now)
    }

    /// Sets a header, whatever it was before.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.add(name, value);
    }

    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.headers.push((name.into(), value.into()));
    }

    /// The bytes to send, and how many of them are the head.
    pub(crate) fn bytes(&self, framing: Framing, close: bool) -> (Vec<u8>, usize) {
        // Statuses that never have a body: a length would promise one.
        let bare = self.status < 200 || self.status == 204 || self.status == 304;
        let version = if framing == Framing::Close { "1.0" } else { "1.1" };
        let mut head = format!("HTTP/{version} {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let length = self.body.len();
        match framing {
            _ if bare => {}
            Framing::Length => head.push_str(&format!("Content-Length: {length}\r\n")),
            Framing::LongLength => head.push_str(&format!("Content-Length: {}\r\n", length + 10)),
            Framing::Chunked | Framing::OpenChunks => {
                head.push_str("Transfer-Encoding: chunked\r\n");
            }
            Framing::Close => {}
        }
        let connection = if close || framing == Framing::Close { "close" } else { "keep-alive" };
        head.push_str(&format!("Connection: {connection}\r\n\r\n"));
        let mut bytes = head.into_bytes();
        let head_length = bytes.len();
        match framing {
            _ if bare => {}
            Framing::Chunked | Framing::OpenChunks => self.chunks(framing, &mut bytes),
            _ => bytes.extend_from_slice(&self.body),
        }
        (bytes, head_length)
    }

    /// Two chunks, so that a client that takes the first for the whole is found out.
    fn chunks(&self, framing: Framing, into: &mut Vec<u8>) {
        let (first, second) = self.body.split_at(self.body.len() / 2);
        for part in [first, second].into_iter().filter(|part| !part.is_empty()) {
            into.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
            into.extend_from_slice(part);
            into.extend_from_slice(b"\r\n");
        }
        if framing == Framing::Chunked {
            into.extend_from_slice(b"0\r\n\r\n");
        }
    }
}
