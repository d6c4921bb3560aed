//! What to look at where nothing was sent: decided by what went wrong, not by how that is worded.

use crate::date;
use crate::transport::cause::{Cause, RootsProblem, Step, TlsProblem, Why};

/// What a person can do about it, where something is known.
pub(super) fn unsent(cause: &Cause) -> Option<String> {
    let fixed = match &cause.why {
        Why::Tls(problem) => return tls(problem),
        Why::NoTunnel { status: 407, asks } => return Some(login(asks)),
        Why::NoTunnel { .. } => "the proxy opened no tunnel: check client.proxy or HTTPS_PROXY",
        Why::Roots(problem) => roots(problem),
        Why::Resolver(_) => NAMES,
        Why::NotLoopback => "use https, or an address of this machine such as 127.0.0.1",
        Why::TimedOut => late(cause.step)?,
        Why::System(errno) => system(cause.step, *errno)?,
        Why::ToItself => PLACE,
        Why::Unasked => {
            "what answered speaks before it is asked: check the endpoint, and the proxy if there is one"
        }
        Why::Closed | Why::CutOff | Why::NotHttp(_) => peer(cause.step)?,
        Why::NoMemory | Why::GivenUp | Why::Forked => return None,
    };
    Some(fixed.to_owned())
}

const NAMES: &str = "check the endpoint and region, and that this machine can resolve names";
const PLACE: &str =
    "check the endpoint, or the proxy if there is one, and that nothing on the way blocks it";

fn system(step: Step, errno: i32) -> Option<&'static str> {
    match (step, errno) {
        (_, libc::EMFILE) => Some("raise this process's limit of open files, or close some"),
        (Step::Connect | Step::Tunnel | Step::Handshake, _) => Some(PLACE),
        (Step::LookUp, _) => Some(NAMES),
        (Step::Roots | Step::Request | Step::Reply, _) => None,
    }
}

fn late(step: Step) -> Option<&'static str> {
    match step {
        Step::LookUp => Some(NAMES),
        Step::Connect => Some(PLACE),
        Step::Tunnel => {
            Some("the proxy took the connection and did not answer: check client.proxy")
        }
        Step::Handshake => Some(
            "what took the connection answers nothing to TLS: check the endpoint's scheme and port",
        ),
        Step::Roots | Step::Request | Step::Reply => None,
    }
}

/// The peer took the connection, and did not do what it should.
fn peer(step: Step) -> Option<&'static str> {
    match step {
        Step::Tunnel => Some("what answered is no proxy that knows CONNECT: check client.proxy"),
        Step::Handshake => Some(
            "check the endpoint's scheme and port, and that nothing on the way ends TLS connections",
        ),
        Step::Request | Step::Reply => Some(PLACE),
        Step::Roots | Step::LookUp | Step::Connect => None,
    }
}

fn roots(problem: &RootsProblem) -> &'static str {
    match problem {
        RootsProblem::Nothing(_) => {
            "install ca-certificates (in a chroot: inside it), or name a PEM file of roots in \
             client.ca_file or SSL_CERT_FILE"
        }
        RootsProblem::Unreadable(..)
        | RootsProblem::NotAFile(_)
        | RootsProblem::NoCertificate(_) => {
            "client.ca_file, or SSL_CERT_FILE without it, must name a PEM file of roots that this \
             process can read (in a chroot: inside it)"
        }
    }
}

fn login(asks: &[String]) -> String {
    let is_basic = |name: &String| name.eq_ignore_ascii_case("basic");
    match asks {
        [] => {
            "the proxy wants a login: client.proxy or HTTPS_PROXY as http://user:password@host:port"
                .to_owned()
        }
        _ if asks.iter().any(is_basic) => "the proxy wants user name and password (Basic): \
             client.proxy or HTTPS_PROXY as http://user:password@host:port, percent-encoded; check \
             them if they are there"
            .to_owned(),
        _ => format!(
            "the proxy asks for {}; only Basic is spoken here: let it accept Basic, or put a local \
             proxy that logs in between",
            asks.join(" and ")
        ),
    }
}

fn tls(problem: &TlsProblem) -> Option<String> {
    let fixed = match problem {
        TlsProblem::Expired { not_after, now } => {
            return Some(format!(
                "the certificate was valid until {}, and this machine's clock says {}: renew the one, \
                 or set the other",
                day(*not_after),
                day(*now)
            ));
        }
        TlsProblem::NotYetValid { not_before, now } => {
            return Some(format!(
                "the certificate is valid from {}, and this machine's clock says {}: wait, or set the \
                 clock",
                day(*not_before),
                day(*now)
            ));
        }
        TlsProblem::WrongName { .. } => {
            "the server's certificate is for another name: check the endpoint"
        }
        TlsProblem::NotTrusted => {
            "no root that is trusted vouches for the server's certificate: see client.ca_file"
        }
        TlsProblem::SelfSigned | TlsProblem::MarkedAsCa => {
            "to trust this very certificate, name it in client.ca_file; one that an authority signed \
             is better made with basicConstraints=CA:FALSE"
        }
        TlsProblem::VersionOne => {
            "make the server's certificate anew as version 3, with a subjectAltName"
        }
        TlsProblem::Certificate(_) => "have the server's certificate made anew: see client.ca_file",
        TlsProblem::NotTls => {
            "what answered does not speak TLS: check the endpoint's scheme and port"
        }
        TlsProblem::Alert(_) | TlsProblem::Protocol(_) => {
            "check the endpoint's host name, and that its server speaks TLS 1.2 or 1.3"
        }
    };
    Some(fixed.to_owned())
}

/// A date as people write it: 2026-01-02.
fn day(unix: i64) -> String {
    let mut text = date::iso_8601(unix);
    text.truncate(10);
    text
}
