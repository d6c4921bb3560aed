//! The only network I/O: one request out, one reply in, and what is certain about either.

mod connect;
mod context;
mod head;
mod helper_thread;
mod http;
mod pool;
mod socket;
mod tls;

use std::io;
use std::time::{Duration, Instant};

use ureq::Error;

use crate::config::endpoint::Endpoint;
use crate::config::roots::Roots;
use crate::control::Control;
use pool::Cause;
use tls::ConnectionKey;

/// A reply's body is read up to here.
pub const LARGEST_REPLY: usize = 1024 * 1024;

/// One signed request.
pub struct HttpRequest<'a> {
    pub method: &'static str,
    /// Path and query, encoded.
    pub target: &'a str,
    pub headers: &'a [(&'static str, String)],
    pub body: Option<&'a str>,
}

/// How it travels.
pub struct ExchangeOptions<'a> {
    pub endpoint: &'a Endpoint,
    pub roots: &'a Roots,
    pub connect_timeout: Duration,
    pub deadline: Instant,
    pub control: &'a Control,
}

/// A reply as it arrived, whole.
#[derive(Debug, Default)]
pub struct HttpResponse {
    pub status: u16,
    /// The server's clock, seconds since 1970.
    pub date: Option<i64>,
    pub request_id: Option<String>,
    pub retry_after: Option<Duration>,
    /// At most [`LARGEST_REPLY`] bytes.
    pub body: Vec<u8>,
    /// When its end had come.
    pub at: Option<Instant>,
    /// There was more.
    pub oversize: bool,
}

/// No whole reply.
#[derive(Debug)]
pub struct Failure {
    /// Whether a byte of the request was handed to the socket.
    pub sent: bool,
    /// Time ran out.
    pub timed_out: bool,
    /// Nothing will change by trying again (a certificate file that is not there).
    pub permanent: bool,
    pub cause: String,
    /// What did arrive, if the head of a reply did.
    pub partial: Option<Box<HttpResponse>>,
}

/// Sends one request and waits for its reply. Never sends twice; never follows a redirect.
pub fn exchange(
    outgoing: &HttpRequest<'_>,
    transit: &ExchangeOptions<'_>,
) -> Result<HttpResponse, Failure> {
    context::begin(transit.deadline, transit.connect_timeout, transit.control);
    if transit.control.is_ended() {
        return Err(failure(&context::given_up(), None));
    }
    let way = way(transit);
    let origin = format!("{}://{}", transit.endpoint.scheme.name(), transit.endpoint.authority);
    let mut transport = pool::connection(&way, &origin).map_err(|cause| match cause {
        // The file of roots is not usable: trying again will not help.
        Cause::Setup(cause) => {
            Failure { sent: false, timed_out: false, permanent: true, cause, partial: None }
        }
        Cause::Network(e) => failure(&e, None),
    })?;
    let head =
        http::send(&mut *transport, outgoing).and_then(|()| http::receive_head(&mut *transport));
    let (mut incoming, rest) = head.map_err(|e| failure(&e, None))?;
    match http::receive_body(&mut *transport, &rest, &mut incoming) {
        Err(e) => return Err(failure(&e, Some(Box::new(incoming)))),
        Ok(true) => pool::keep(way, origin, transport),
        Ok(false) => {}
    }
    Ok(HttpResponse { at: Some(Instant::now()), ..incoming })
}

fn way(transit: &ExchangeOptions<'_>) -> ConnectionKey {
    let tls = transit.endpoint.needs_tls();
    let roots = match transit.roots {
        Roots::File(file) if tls => Some(file.to_string_lossy().into_owned()),
        _ => None,
    };
    ConnectionKey { tls, roots, proxy: transit.endpoint.proxy.clone() }
}

fn failure(e: &Error, partial: Option<Box<HttpResponse>>) -> Failure {
    Failure {
        sent: context::is_sent(),
        // A time-out inside TLS comes wrapped; the clock knows it all the same.
        timed_out: matches!(e, Error::Timeout(_)) || context::time_left().is_none(),
        permanent: false,
        cause: describe(e),
        partial,
    }
}

/// One line that a person can act on.
fn describe(e: &Error) -> String {
    match e {
        Error::Timeout(ureq::Timeout::Resolve) => "the name was not resolved in time".to_owned(),
        Error::Timeout(ureq::Timeout::Connect) => "no connection was made in time".to_owned(),
        Error::Timeout(_) => "timed out".to_owned(),
        Error::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
            "the connection was closed before a whole reply had come".to_owned()
        }
        Error::Io(e) => e.to_string(),
        e => e.to_string(),
    }
}
