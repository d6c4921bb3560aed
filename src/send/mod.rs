//! The only network I/O: one request out, one reply in, and what is certain about either.

mod context;
mod dial;
mod peek;
mod pool;
mod wire;

use std::io::{self, Read};
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, Request, Response};
use ureq::{Agent, Body, Error};

use crate::control::Control;
use crate::request::{Scheme, Secret};
use crate::route::Route;
use crate::time;

/// A reply's body is read up to here.
pub const LARGEST_REPLY: usize = 1024 * 1024;

/// One signed request.
pub struct Outgoing<'a> {
    pub method: &'static str,
    /// Path and query, encoded.
    pub target: &'a str,
    pub headers: &'a [(&'static str, String)],
    pub body: Option<&'a str>,
}

/// How it travels.
pub struct Transit<'a> {
    pub route: &'a Route,
    /// PEM file of the roots to trust; the platform's without.
    pub roots: Option<&'a str>,
    pub connect_timeout: Duration,
    pub deadline: Instant,
    pub control: &'a Control,
}

/// A reply as it arrived, whole.
#[derive(Debug, Default)]
pub struct Incoming {
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
    pub lasting: bool,
    pub cause: String,
    /// What did arrive, if the head of a reply did.
    pub partial: Option<Box<Incoming>>,
}

/// Sends one request and waits for its reply. Never sends twice; never follows a redirect.
pub fn exchange(outgoing: &Outgoing<'_>, transit: &Transit<'_>) -> Result<Incoming, Failure> {
    context::begin(transit.deadline, transit.connect_timeout, transit.control);
    let agent = way(transit).and_then(|way| pool::agent(&way)).map_err(|cause| Failure {
        sent: false,
        timed_out: false,
        lasting: true,
        cause,
        partial: None,
    })?;
    let response = run(&agent, outgoing, transit.route).map_err(|e| failure(&e, None))?;
    let (head, body) = response.into_parts();
    let mut incoming = head_of(head.status.as_u16(), &head.headers);
    match read(body, &mut incoming) {
        Ok(()) => Ok(Incoming { at: Some(Instant::now()), ..incoming }),
        Err(e) => Err(failure(&e, Some(Box::new(incoming)))),
    }
}

fn run(agent: &Agent, outgoing: &Outgoing<'_>, route: &Route) -> Result<Response<Body>, Error> {
    let (scheme, authority) = (route.scheme.name(), &route.authority);
    let mut request = Request::builder()
        .method(outgoing.method)
        .uri(format!("{scheme}://{authority}{}", outgoing.target));
    for (name, value) in outgoing.headers {
        request = request.header(*name, value);
    }
    match outgoing.body {
        Some(body) => agent.run(request.body(body)?),
        None => agent.run(request.body(())?),
    }
}

fn way(transit: &Transit<'_>) -> Result<pool::Way, String> {
    let proxy = transit.route.proxy.as_ref();
    let secure = |scheme| scheme == Scheme::Https;
    let tls =
        secure(transit.route.scheme) || proxy.and_then(|proxy| proxy.scheme).is_some_and(secure);
    let roots = transit.roots.filter(|_| tls).map(pool::Roots::of).transpose()?;
    Ok(pool::Way {
        tls,
        roots,
        proxy: proxy.map(|proxy| {
            let scheme = proxy.scheme.unwrap_or(Scheme::Http).name();
            let login = proxy.login.as_ref().map(|login| format!("{}@", login.expose()));
            Secret::new(format!("{scheme}://{}{proxy}", login.unwrap_or_default()))
        }),
    })
}

fn head_of(status: u16, headers: &HeaderMap) -> Incoming {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let milliseconds = text("x-acs-retry-after").and_then(|text| text.trim().parse().ok());
    let seconds = text("retry-after").and_then(|text| text.trim().parse().ok());
    Incoming {
        status,
        date: text("date").and_then(time::parse_http_date),
        request_id: text("x-acs-request-id").map(str::to_owned),
        retry_after: milliseconds
            .filter(|&ms| ms > 0)
            .map(Duration::from_millis)
            .or(seconds.map(Duration::from_secs)),
        ..Incoming::default()
    }
}

fn read(body: Body, incoming: &mut Incoming) -> Result<(), Error> {
    let limit = LARGEST_REPLY as u64 + 1;
    let mut reader = body.into_with_config().limit(u64::MAX).reader().take(limit);
    let end = reader.read_to_end(&mut incoming.body);
    incoming.oversize = incoming.body.len() > LARGEST_REPLY;
    incoming.body.truncate(LARGEST_REPLY);
    end.map(drop).map_err(Error::from)
}

fn failure(e: &Error, partial: Option<Box<Incoming>>) -> Failure {
    Failure {
        sent: context::is_sent(),
        // A time-out inside TLS comes wrapped; the clock knows it all the same.
        timed_out: matches!(e, Error::Timeout(_)) || context::time_left().is_none(),
        lasting: false,
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
