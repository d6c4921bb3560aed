//! Why an exchange came to no whole reply: typed, so that what to do about it is decided by what it is;
//! and in words of our own, since the system's follow the host's language.

use std::fmt;
use std::path::PathBuf;

use crate::os::resolver::ResolverError;

/// What an exchange was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It reads the roots of trust.
    Roots,
    /// It looks a name up.
    LookUp,
    /// It makes a TCP connection.
    Connect,
    /// It asks the proxy for a tunnel.
    Tunnel,
    /// It shakes hands with the server, or with a proxy that speaks TLS.
    Handshake,
    /// It writes the request.
    Request,
    /// It reads the reply.
    Reply,
}

/// Why there is no whole reply, in which step, and with whom.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    pub step: Step,
    /// `host[:port]`, an address, or a name. Never a login.
    pub place: String,
    pub why: Why,
}

/// Why a step came to nothing.
#[derive(Clone, Debug)]
pub(crate) enum Why {
    /// The system said no, with this errno.
    System(i32),
    /// The resolver has no addresses.
    Resolver(ResolverError),
    /// What would travel in the plain may go to loopback only, and the name leads elsewhere.
    NotLoopback,
    /// A connection to itself: nobody listens there.
    ToItself,
    /// The proxy opened no tunnel: its status, and what it asks for.
    NoTunnel {
        status: u16,
        asks: Vec<String>,
    },
    Tls(TlsProblem),
    Roots(RootsProblem),
    /// Bytes were there before the request was written: they answer something else.
    Unasked,
    /// The peer closed the connection too early.
    Closed,
    /// The connection ended without TLS's own end: somebody cut it.
    CutOff,
    /// The reply is not HTTP as it can be trusted.
    NotHttp(&'static str),
    TimedOut,
    /// The process has run out of memory.
    NoMemory,
    /// The caller wants no answer any more.
    GivenUp,
    /// This is a child, forked while the call ran. The parent's copy goes on.
    Forked,
}

/// What is wrong with the peer's TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TlsProblem {
    /// Seconds since 1970, `now` by this machine's clock.
    Expired {
        not_after: i64,
        now: i64,
    },
    /// Seconds since 1970, `now` by this machine's clock.
    NotYetValid {
        not_before: i64,
        now: i64,
    },
    /// The certificate is for these names, as far as it says.
    WrongName {
        names: Vec<String>,
    },
    /// No root that is trusted vouches for it.
    NotTrusted,
    /// It vouches for itself, and is not among the roots.
    SelfSigned,
    /// It is marked as an authority's, and not among the roots.
    MarkedAsCa,
    /// X.509 version 1, which holds no names.
    VersionOne,
    /// Something else about the certificate.
    Certificate(&'static str),
    /// What answered speaks another protocol.
    NotTls,
    /// The peer said no, by its alert's name or number.
    Alert(String),
    Protocol(&'static str),
}

/// What is wrong with the roots of trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RootsProblem {
    /// With an errno.
    Unreadable(PathBuf, i32),
    /// A FIFO, a device, a folder: what might block, or has no end.
    NotAFile(PathBuf),
    NoCertificate(PathBuf),
    /// Nothing in any of these places.
    Nothing(Vec<PathBuf>),
}

impl Cause {
    pub(crate) fn is_time_out(&self) -> bool {
        matches!(self.why, Why::TimedOut)
    }

    /// Whether trying again changes nothing.
    pub(crate) fn is_permanent(&self) -> bool {
        matches!(
            self.why,
            Why::Roots(_) | Why::NotLoopback | Why::NoMemory | Why::NoTunnel { status: 407, .. }
        )
    }
}

impl From<std::io::Error> for Why {
    fn from(e: std::io::Error) -> Why {
        Why::System(e.raw_os_error().unwrap_or_default())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        match &self.why {
            Why::System(errno) => write!(f, "{place}: {}", Errno(*errno)),
            Why::Resolver(e) => write!(f, "{place}: {}", resolver(*e)),
            Why::NotLoopback => write!(
                f,
                "{place}: the name leads to an address that is not loopback, and a secret would \
                 travel there in the plain"
            ),
            Why::ToItself => write!(f, "{place}: connection refused (nobody listens there)"),
            Why::NoTunnel { status, asks } => {
                write!(f, "{place}: the proxy answered CONNECT with {status}")?;
                let asks = asks.join(", ");
                if asks.is_empty() { Ok(()) } else { write!(f, ", asking for {asks}") }
            }
            Why::Tls(problem) => write!(f, "{place}: {problem}"),
            Why::Roots(problem) => problem.fmt(f),
            Why::Unasked => {
                write!(f, "{place}: bytes were there before the request was written")
            }
            Why::Closed => write!(f, "{place}: the connection was closed {}", closed(self.step)),
            Why::CutOff => write!(
                f,
                "{place}: the connection was cut before a whole reply had come (without TLS's \
                 close_notify)"
            ),
            Why::NotHttp(what) => write!(f, "{place}: {what}"),
            Why::TimedOut => write!(f, "{place}: {}", late(self.step)),
            Why::NoMemory => f.write_str("the process has run out of memory"),
            Why::GivenUp => f.write_str("the call was given up"),
            Why::Forked => f.write_str(
                "the process was forked during the call, and this is the child: the parent's call \
                 goes on",
            ),
        }
    }
}

fn closed(step: Step) -> &'static str {
    match step {
        Step::Roots | Step::LookUp | Step::Connect | Step::Request => "before the request",
        Step::Tunnel => "before the proxy had answered CONNECT",
        Step::Handshake => "during the TLS handshake",
        Step::Reply => "before a whole reply had come",
    }
}

fn late(step: Step) -> &'static str {
    match step {
        Step::Roots => "no time was left",
        Step::LookUp => "the name was not resolved in time",
        Step::Connect => "no connection was made in time",
        Step::Tunnel => "the proxy did not answer CONNECT in time",
        Step::Handshake => "the TLS handshake did not end in time",
        Step::Request => "the request could not be written in time",
        Step::Reply => "timed out waiting for the reply",
    }
}

/// The resolver's codes; the C library's own text would be in the host's language.
fn resolver(e: ResolverError) -> String {
    let words = match e.code {
        libc::EAI_NONAME | NO_DATA => "the name is not known",
        libc::EAI_AGAIN => {
            "the name could not be looked up (temporary failure of the name service)"
        }
        libc::EAI_FAIL => "the name could not be looked up (the name service fails)",
        libc::EAI_FAMILY => "the name has no address of a family this machine uses",
        libc::EAI_MEMORY => "out of memory",
        libc::EAI_SYSTEM => return format!("the name could not be looked up: {}", Errno(e.errno)),
        code => return format!("the name could not be looked up: resolver error {code}"),
    };
    words.to_owned()
}

/// The GNU C library's EAI_NODATA: a name without addresses.
const NO_DATA: i32 = -5;

/// One errno in our words.
struct Errno(i32);

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            libc::ECONNREFUSED => "connection refused",
            libc::ECONNRESET => "connection reset by the peer",
            libc::ECONNABORTED => "connection aborted",
            libc::EPIPE => "the peer has closed the connection",
            libc::ETIMEDOUT => "the peer does not answer",
            libc::ENETUNREACH => "network unreachable",
            libc::ENETDOWN => "network down",
            libc::EHOSTUNREACH | libc::EHOSTDOWN => "host unreachable",
            libc::EADDRNOTAVAIL => "no local address or port is free for it",
            libc::EAFNOSUPPORT => "this machine does not use such addresses",
            libc::EMFILE => "this process has too many open files",
            libc::ENFILE => "this machine has too many open files",
            libc::ENOBUFS | libc::ENOMEM => "out of memory",
            libc::EACCES | libc::EPERM => "permission denied",
            libc::ENOENT => "no such file or directory",
            libc::ENOTDIR => "not a directory",
            libc::ELOOP => "too many links",
            libc::EIO => "input/output error",
            libc::EAGAIN => "no more threads or sockets are to be had",
            libc::EBADF => "the host closed the library's socket",
            other => return write!(f, "error {other} (errno)"),
        })
    }
}

impl fmt::Display for TlsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TlsProblem::Expired { .. } => f.write_str("the server's certificate has expired"),
            TlsProblem::NotYetValid { .. } => {
                f.write_str("the server's certificate is not valid yet")
            }
            TlsProblem::WrongName { names } if names.is_empty() => {
                f.write_str("the server's certificate is not for this name")
            }
            TlsProblem::WrongName { names } => {
                write!(f, "the server's certificate is for {}", names.join(", "))
            }
            TlsProblem::NotTrusted => {
                f.write_str("no trusted root vouches for the server's certificate")
            }
            TlsProblem::SelfSigned => f.write_str("the server's certificate is self-signed"),
            TlsProblem::MarkedAsCa => {
                f.write_str("the server's certificate is marked as an authority's (CA:TRUE)")
            }
            TlsProblem::VersionOne => {
                f.write_str("the server's certificate is of X.509 version 1, which has no names")
            }
            TlsProblem::Certificate(what) => write!(f, "the server's certificate {what}"),
            TlsProblem::NotTls => f.write_str("what answered does not speak TLS"),
            TlsProblem::Alert(name) => write!(f, "the server ended the TLS handshake ({name})"),
            TlsProblem::Protocol(what) => f.write_str(what),
        }
    }
}

impl fmt::Display for RootsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RootsProblem::Unreadable(path, errno) => {
                write!(f, "the certificate file {path:?} cannot be read: {}", Errno(*errno))
            }
            RootsProblem::NotAFile(path) => {
                write!(f, "the certificate file {path:?} is not a regular file")
            }
            RootsProblem::NoCertificate(path) => {
                write!(f, "the certificate file {path:?} holds no PEM certificate")
            }
            RootsProblem::Nothing(places) if places.is_empty() => f.write_str(
                "no root certificates were found: neither /etc/ssl/certs nor /etc/pki/tls/certs nor \
                 another usual place is there",
            ),
            RootsProblem::Nothing(places) => {
                let places: Vec<_> = places.iter().map(|p| p.display().to_string()).collect();
                write!(f, "no root certificates were found in {}", places.join(", "))
            }
        }
    }
}
