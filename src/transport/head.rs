//! The head of a reply: what it tells, and how its body ends (RFC 9112, section 6.3).

use std::io;
use std::time::Duration;

use ureq::Error;

use super::HttpResponse;
use crate::date;

/// More headers than any gateway sends.
const MOST_HEADERS: usize = 64;

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Empty,
    Length(u64),
    Chunked,
    UntilClose,
}

/// What is left to read of a reply, and whether the connection can carry another.
#[derive(Debug)]
pub struct Rest {
    pub framing: Framing,
    pub keep_alive: bool,
}

/// A reply's head: what it tells, and what is left to read.
pub type Head = (HttpResponse, Rest);

/// The head and its length, if it is there whole.
pub fn parse(input: &[u8]) -> Result<Option<(usize, Head)>, Error> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut reply = httparse::Response::new(&mut headers);
    let used = match reply.parse(input) {
        Ok(httparse::Status::Complete(used)) => used,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(e) => return Err(nonsense(&format!("the reply is not HTTP: {e}"))),
    };
    let status = reply.code.unwrap_or_default();
    let fields = Fields(reply.headers);
    let mut keep_alive = reply.version == Some(1);
    keep_alive &= !fields.all("connection").any(|value| value.eq_ignore_ascii_case("close"));
    let framing = framing(status, &fields)?;
    // A sender of both may be trying to smuggle; its connection is not used again.
    keep_alive &= framing != Framing::UntilClose && !fields.has_both_lengths();
    let incoming = HttpResponse { status, ..fields.summary() };
    Ok(Some((used, (incoming, Rest { framing, keep_alive }))))
}

fn framing(status: u16, fields: &Fields<'_>) -> Result<Framing, Error> {
    if matches!(status, 100..=199 | 204 | 304) {
        return Ok(Framing::Empty);
    }
    if let Some(last) = fields.all("transfer-encoding").last() {
        let chunked = last.eq_ignore_ascii_case("chunked");
        return Ok(if chunked { Framing::Chunked } else { Framing::UntilClose });
    }
    let mut lengths = fields.all("content-length");
    let Some(first) = lengths.next() else { return Ok(Framing::UntilClose) };
    let digits = !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit());
    match first.parse() {
        Ok(length) if digits && lengths.all(|other| other == first) => Ok(Framing::Length(length)),
        _ => Err(nonsense("the reply's content-length is no length")),
    }
}

struct Fields<'h>(&'h [httparse::Header<'h>]);

impl<'h> Fields<'h> {
    /// Every member of a header that is a list, whatever way it is spread over lines.
    fn all(&self, name: &str) -> impl Iterator<Item = &'h str> {
        let values = self.0.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
        values
            .filter_map(|field| std::str::from_utf8(field.value).ok())
            .flat_map(|value| value.split(',').map(str::trim))
    }

    fn has_both_lengths(&self) -> bool {
        self.all("transfer-encoding").next().is_some()
            && self.all("content-length").next().is_some()
    }

    /// A header's whole value.
    fn text(&self, name: &str) -> Option<&'h str> {
        let field = self.0.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(field.value).ok().map(str::trim)
    }

    fn summary(&self) -> HttpResponse {
        let date = self.text("date").and_then(date::parse_http_date);
        HttpResponse {
            date,
            request_id: self.text("x-acs-request-id").map(str::to_owned),
            retry_after: self.retry_after(date),
            ..HttpResponse::default()
        }
    }

    /// The gateway's milliseconds, or HTTP's seconds or date (RFC 9110, 10.2.3).
    fn retry_after(&self, now: Option<i64>) -> Option<Duration> {
        let milliseconds = self.text("x-acs-retry-after").and_then(|text| text.parse().ok());
        if let Some(milliseconds) = milliseconds.filter(|&milliseconds| milliseconds > 0) {
            return Some(Duration::from_millis(milliseconds));
        }
        let text = self.text("retry-after")?;
        let until = || u64::try_from(date::parse_http_date(text)? - now?).ok();
        text.parse().ok().or_else(until).map(Duration::from_secs)
    }
}

/// Not HTTP as we can trust it.
pub fn nonsense(what: &str) -> Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(lines: &str) -> Option<Head> {
        let text = format!("HTTP/1.1 {lines}\r\n\r\n").replace('|', "\r\n");
        parse(text.as_bytes()).ok().flatten().map(|(used, head)| {
            assert_eq!(used, text.len());
            head
        })
    }

    #[test]
    fn a_body_ends_as_its_head_says() {
        for (lines, framing, keep_alive) in [
            ("200 OK|Content-Length: 7", Framing::Length(7), true),
            ("200 OK|content-length: 7|CONTENT-LENGTH: 7, 7", Framing::Length(7), true),
            ("200 OK|Content-Length: 7|Connection: Close", Framing::Length(7), false),
            ("200 OK|Transfer-Encoding: chunked", Framing::Chunked, true),
            ("200 OK|Transfer-Encoding: gzip, chunked", Framing::Chunked, true),
            ("200 OK|Transfer-Encoding: chunked|Content-Length: 7", Framing::Chunked, false),
            ("200 OK|Transfer-Encoding: gzip", Framing::UntilClose, false),
            ("200 OK|Server: x", Framing::UntilClose, false),
            ("204 No Content|Content-Length: 7", Framing::Empty, true),
            ("304 Not Modified", Framing::Empty, true),
        ] {
            let (_, rest) = head(lines).expect(lines);
            assert_eq!((rest.framing, rest.keep_alive), (framing, keep_alive), "{lines}");
        }
        for lines in
            ["200 OK|Content-Length: 7, 8", "200 OK|Content-Length: +7", "200 OK|Content-Length: "]
        {
            assert!(head(lines).is_none(), "{lines}");
        }
    }

    #[test]
    fn a_reply_says_when_to_come_again() {
        let seconds = |lines: &str| head(lines).expect(lines).0.retry_after.map(|d| d.as_millis());
        let date = "Date: Fri, 02 Jan 2026 03:04:05 GMT";
        assert_eq!(seconds("429 x|x-acs-retry-after: 1500|Retry-After: 9"), Some(1500));
        assert_eq!(seconds("429 x|x-acs-retry-after: 0|Retry-After: 9"), Some(9000));
        let at = format!("429 x|{date}|Retry-After: Fri, 02 Jan 2026 03:04:15 GMT");
        assert_eq!(seconds(&at), Some(10_000));
        let past = format!("429 x|{date}|Retry-After: Fri, 02 Jan 2026 03:04:00 GMT");
        for lines in [past.as_str(), "429 x|Retry-After: soon", "429 x"] {
            assert_eq!(seconds(lines), None, "{lines}");
        }
    }
}
