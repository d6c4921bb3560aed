//! The head of a reply: what it tells, and how its body ends (RFC 9112, section 6.3).

use std::mem::MaybeUninit;
use std::time::Duration;

use super::HttpResponse;
use super::cause::Why;
use crate::date;

/// More fields than any gateway sends.
const MOST_FIELDS: usize = 256;
/// More ways to log in than any proxy knows, and longer names than theirs.
const MOST_ASKED: usize = 8;
const LONGEST_ASKED: usize = 32;

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Empty,
    Length(u64),
    Chunked,
    UntilClose,
}

/// What a head tells.
#[derive(Debug)]
pub(super) struct Head {
    /// Without its body.
    pub response: HttpResponse,
    pub framing: Framing,
    /// Whether the connection can carry another request.
    pub keep_alive: bool,
    /// The ways to log in that a proxy names.
    pub asks: Vec<String>,
}

/// The head and its length, if it is there whole.
pub(super) fn parse(input: &[u8]) -> Result<Option<(usize, Head)>, Why> {
    let mut fields = [const { MaybeUninit::uninit() }; MOST_FIELDS];
    let mut reply = httparse::Response::new(&mut []);
    let parsed = httparse::ParserConfig::default().parse_response_with_uninit_headers(
        &mut reply,
        input,
        &mut fields,
    );
    let used = match parsed {
        Ok(httparse::Status::Complete(used)) => used,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(Why::NotHttp("the reply has more than 256 header fields"));
        }
        Err(_) => return Err(Why::NotHttp("the reply is not HTTP")),
    };
    let (status, is_1_1) = (reply.code.unwrap_or_default(), reply.version == Some(1));
    let fields = Fields(reply.headers);
    let framing = fields.framing(status, is_1_1)?;
    let closes = fields.all("connection").any(|value| value.eq_ignore_ascii_case("close"));
    // A sender of both lengths may be trying to smuggle; its connection is not used again.
    let keep_alive = is_1_1
        && !closes
        && framing != Framing::UntilClose
        && !(fields.has("transfer-encoding") && fields.has("content-length"));
    let response = HttpResponse { status, ..fields.summary() };
    let asks = if status == 407 { fields.asks() } else { Vec::new() };
    Ok(Some((used, Head { response, framing, keep_alive, asks })))
}

struct Fields<'h>(&'h [httparse::Header<'h>]);

impl<'h> Fields<'h> {
    fn framing(&self, status: u16, is_1_1: bool) -> Result<Framing, Why> {
        if status == 101 {
            return Err(Why::NotHttp("the server switches to another protocol, unasked"));
        }
        if matches!(status, 100..=199 | 204 | 304) {
            return Ok(Framing::Empty);
        }
        if let Some(last) = self.all("transfer-encoding").last() {
            let chunked = last.eq_ignore_ascii_case("chunked");
            return match is_1_1 {
                true if chunked => Ok(Framing::Chunked),
                true => Ok(Framing::UntilClose),
                // RFC 9112, 6.1: its framing is faulty.
                false => {
                    Err(Why::NotHttp("the reply has chunks, which its HTTP/1.0 does not know"))
                }
            };
        }
        let mut lengths = self.all("content-length");
        let Some(first) = lengths.next() else { return Ok(Framing::UntilClose) };
        let digits = !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit());
        match first.parse() {
            Ok(length) if digits && lengths.all(|other| other == first) => {
                Ok(Framing::Length(length))
            }
            _ => Err(Why::NotHttp("the reply's content-length is no length")),
        }
    }

    /// Every member of a field that is a list, whatever way it is spread over lines.
    fn all(&self, name: &str) -> impl Iterator<Item = &'h str> {
        let values = self.0.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
        values
            .filter_map(|field| std::str::from_utf8(field.value).ok())
            .flat_map(|value| value.split(',').map(str::trim))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// A field's whole value.
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

    /// The names of the challenges in Proxy-Authenticate, without their parameters.
    fn asks(&self) -> Vec<String> {
        let is_ask =
            |field: &&httparse::Header<'_>| field.name.eq_ignore_ascii_case("proxy-authenticate");
        let is_name = |name: &&str| {
            let is_fit = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
            (1..=LONGEST_ASKED).contains(&name.len()) && name.bytes().all(is_fit)
        };
        let mut names = Vec::new();
        for field in self.0.iter().filter(is_ask) {
            // Every other part stands in quotes, where commas separate nothing.
            let text = String::from_utf8_lossy(field.value);
            let text: String = text.split('"').step_by(2).collect();
            let firsts = text.split(',').filter_map(|part| part.split_whitespace().next());
            names.extend(firsts.filter(is_name).map(str::to_owned));
        }
        names.truncate(MOST_ASKED);
        names
    }
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
            let head = head(lines).expect(lines);
            assert_eq!((head.framing, head.keep_alive), (framing, keep_alive), "{lines}");
        }
        for lines in [
            "200 OK|Content-Length: 7, 8",
            "200 OK|Content-Length: +7",
            "200 OK|Content-Length: ",
            "101 Switching Protocols|Upgrade: h2c",
        ] {
            assert!(head(lines).is_none(), "{lines}");
        }
        let old = b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert!(matches!(parse(old), Err(Why::NotHttp(_))));
    }

    #[test]
    fn a_head_may_have_as_many_fields_as_a_gateway_adds() {
        let with =
            |fields: usize| format!("200 OK|Content-Length: 7{}", "|X: y".repeat(fields - 1));
        assert!(head(&with(MOST_FIELDS)).is_some());
        assert!(head(&with(MOST_FIELDS + 1)).is_none());
    }

    #[test]
    fn a_reply_says_when_to_come_again() {
        let seconds =
            |lines: &str| head(lines).expect(lines).response.retry_after.map(|d| d.as_millis());
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

    #[test]
    fn a_proxy_says_what_it_asks_for() {
        let asks = |lines: &str| head(lines).expect(lines).asks;
        let two = "407 x|Proxy-Authenticate: Negotiate|Proxy-Authenticate: NTLM";
        assert_eq!(asks(two), ["Negotiate", "NTLM"]);
        let one =
            "407 x|Proxy-Authenticate: Digest realm=\"a, b c\", qop=\"auth\", Basic realm=\"d\"";
        assert_eq!(asks(one), ["Digest", "Basic"]);
        assert_eq!(asks("407 x|Proxy-Authenticate: <script>, ,"), [""; 0]);
        assert_eq!(asks("401 x|Proxy-Authenticate: Basic"), [""; 0]);
    }
}
