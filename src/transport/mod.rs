//! The only network I/O: one request out, one reply in, and what is certain about either.
//!
//! ```text
//! exchange     this file: a connection, the request, the reply, and whether a byte has left
//! state        what an exchange is doing, how long it may take, who may stop it, whose process it is
//! pool         idle connections, found by their key; connect makes new ones: look_up, tunnel, tls
//! connection   a socket and its layers of TLS, and what was received in each
//! http, head   requests and replies as text
//! trust        the roots, read anew when they change; certificate judges by them
//! cause        why there is no reply, typed and in words
//! ```

mod buffer;
pub(crate) mod cause;
mod certificate;
mod connect;
mod connection;
mod head;
mod http;
mod key;
mod look_up;
mod pool;
mod state;
mod tls;
mod trust;
mod tunnel;

use std::borrow::Cow;
use std::time::{Duration, Instant};

use crate::config::authority::Scheme;
use crate::config::endpoint::Endpoint;
use crate::config::roots::Roots;
use crate::control::Control;
use crate::os::fork::Process;
use cause::{Cause, Step, Why};
use connection::Connection;
use head::Framing;
use state::Exchange;

/// One signed request.
pub(crate) struct HttpRequest<'a> {
    pub method: &'static str,
    /// Path and query, encoded.
    pub target: &'a str,
    pub headers: &'a [(&'static str, Cow<'a, str>)],
    pub body: Option<&'a str>,
}

/// How it travels.
pub(crate) struct ExchangeOptions<'a> {
    pub endpoint: &'a Endpoint,
    /// Looked at where a hop speaks TLS.
    pub roots: &'a Roots,
    pub connect_timeout: Duration,
    /// The call's own: every exchange of a call has the same.
    pub deadline: Instant,
    pub control: &'a Control,
    /// The process that began the call.
    pub process: Process,
    /// It may use a connection that was kept, and keep its own. Otherwise it has one to itself.
    pub keep_alive: bool,
    /// A reply's body is read up to here, in bytes.
    pub largest_reply: usize,
    /// A secret travels in the plain: every address that the name leads to must be loopback.
    pub loopback_only: bool,
}

/// A reply as it arrived, whole.
#[derive(Debug, Default)]
pub(crate) struct HttpResponse {
    pub status: u16,
    /// The server's clock, seconds since 1970.
    pub date: Option<i64>,
    pub request_id: Option<String>,
    pub retry_after: Option<Duration>,
    /// At most [`ExchangeOptions::largest_reply`] bytes.
    pub body: Vec<u8>,
    /// When the first byte of its request left.
    pub first_byte: Option<Instant>,
    /// When its end had come.
    pub at: Option<Instant>,
    /// There was more.
    pub oversize: bool,
    /// Its end was told by the end of the connection, without TLS, where that may as well be a cut.
    pub ends_by_close: bool,
    /// More came behind it, which answers nothing.
    pub has_surplus: bool,
    /// It came over a connection that had carried an earlier exchange.
    pub reused: bool,
    /// What it came over, if that may be kept.
    connection: Option<(Box<Connection>, Process)>,
}

impl HttpResponse {
    /// Keeps the connection for another exchange, if the reply left it in order. Only who has judged
    /// the reply knows whether it can be trusted; without this, the connection is closed.
    pub(crate) fn keep_connection(&mut self) {
        if let Some((connection, process)) = self.connection.take() {
            pool::keep(connection, process);
        }
    }
}

/// No whole reply.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Whether a byte of the request was handed to the socket, or may have been.
    pub sent: bool,
    /// When that was, as far as it is known.
    pub first_byte: Option<Instant>,
    /// Nothing will change by trying again (a certificate file that is not there).
    pub permanent: bool,
    pub cause: Cause,
    /// What did arrive, if the head of a reply did.
    pub partial: Option<Box<HttpResponse>>,
}

/// Sends one request and waits for its reply. Never sends twice; never follows a redirect.
pub(crate) fn exchange(
    request: &HttpRequest<'_>,
    options: &ExchangeOptions<'_>,
) -> Result<HttpResponse, Failure> {
    let mut exchange = Exchange::begin(options);
    let mut partial = None;
    let done = run(&mut exchange, request, options, &mut partial);
    done.map_err(|why| exchange.failure(why, partial))
}

/// The steps in their order. `partial` is a reply of which the head has come, and no end.
fn run<'a>(
    exchange: &mut Exchange<'a>,
    request: &HttpRequest<'_>,
    options: &ExchangeOptions<'a>,
    partial: &mut Option<Box<HttpResponse>>,
) -> Result<HttpResponse, Why> {
    exchange.check()?;
    let (mut connection, reused) = connection(exchange, options)?;
    exchange.enter(Step::Request, options.endpoint.authority.as_str());
    connection.write_request(exchange, &http::text(request))?;
    exchange.enter(Step::Reply, options.endpoint.authority.as_str());
    let head = http::receive_head(&mut connection, exchange)?;
    let mut response = HttpResponse { reused, ..head.response };
    let most = options.largest_reply;
    let read = http::receive_body(&mut connection, exchange, head.framing, most, &mut response);
    if let Err(why) = read {
        *partial = Some(Box::new(response));
        return Err(why);
    }
    response.first_byte = exchange.first_byte();
    response.at = Some(Instant::now());
    // Bytes beyond the reply, in whatever layer, belong to nothing that was asked for.
    response.ends_by_close =
        head.framing == Framing::UntilClose && options.endpoint.scheme == Scheme::Http;
    response.has_surplus = !response.oversize && connection.has_input();
    let may_stay = head.keep_alive && !response.oversize && connection.is_clean();
    if options.keep_alive && may_stay {
        response.connection = Some((connection, options.process));
    }
    Ok(response)
}

/// A connection on which nothing has come that nobody asked for, and whether it was used before.
fn connection<'a>(
    exchange: &mut Exchange<'a>,
    options: &ExchangeOptions<'a>,
) -> Result<(Box<Connection>, bool), Why> {
    let trust = match options.endpoint.needs_tls() {
        true => Some(trust::current(options.roots, options.process)?),
        false => None,
    };
    if options.keep_alive {
        while let Some(mut kept) = pool::take(options, trust.as_ref())? {
            if kept.is_ready() {
                return Ok((kept, true));
            }
        }
    }
    connect::connect(exchange, options, trust).map(|made| (Box::new(made), false))
}
