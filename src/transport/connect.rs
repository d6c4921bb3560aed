//! Making a connection: look the name up, try its addresses in turn, all within the connect time;
//! through a proxy's tunnel, and into TLS, by ureq's connectors.

use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::time::Instant;
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, Either, NextTimeout, RustlsConnector,
    Transport,
};
use ureq::{Error, Timeout};

use super::context::{self, Connecting};
use super::helper_thread;
use super::socket::Socket;

type Link = dyn Connector<(), Out = Box<dyn Transport>>;

/// Makes connections by one configuration: one proxy or none, one set of roots. The roots are loaded
/// at the first connection that needs them, and kept.
#[derive(Clone)]
pub struct Dialer {
    chain: Arc<Link>,
    config: Arc<Config>,
}

impl Dialer {
    pub fn new(config: Config) -> Dialer {
        // The links in the order in which they may make or wrap a connection.
        let chain =
            ().chain(ConnectProxyConnector::default())
                .chain(Tcp)
                .chain(RustlsConnector::default())
                .chain(Boxed);
        Dialer { chain: Arc::new(chain), config: Arc::new(config) }
    }

    /// A connection to the server of `uri`, ready for a request.
    pub fn dial(&self, uri: &str) -> Result<Box<dyn Transport>, Error> {
        let _connecting = Connecting::start();
        let uri: Uri = uri.parse().map_err(|_| Error::BadUri(uri.to_owned()))?;
        let chain = Arc::clone(&self.chain);
        let details = ConnectionDetails {
            uri: &uri,
            addrs: Later.empty(),
            config: &self.config,
            request_level: false,
            resolver: &Later,
            now: Instant::now(),
            timeout: NextTimeout::default(),
            current_time: Arc::new(Instant::now),
            // How a proxy's connector gets the connection to the proxy itself.
            run_connector: Arc::new(move |details: &ConnectionDetails| run(&*chain, details)),
            // ureq's agents close their connections by this; ours end with their owner.
            register_shutdown: Arc::new(|_| Ok(())),
        };
        run(&*self.chain, &details)
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer").finish_non_exhaustive()
    }
}

fn run(chain: &Link, details: &ConnectionDetails) -> Result<Box<dyn Transport>, Error> {
    chain.connect(details, None)?.ok_or(Error::ConnectionFailed)
}

/// The end of the chain: whatever was made, behind one type.
#[derive(Debug)]
struct Boxed;

impl<In: Transport> Connector<In> for Boxed {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        _: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|transport| Box::new(transport) as Box<dyn Transport>))
    }
}

/// The connectors ask for addresses that only [`Tcp`] needs; it looks them up itself.
#[derive(Debug)]
struct Later;

impl Resolver for Later {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// A connection of our own unless a proxy gave one.
#[derive(Debug)]
struct Tcp;

impl<In: Transport> Connector<In> for Tcp {
    type Out = Either<In, Socket>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        if let Some(tunnel) = chained {
            return Ok(Some(Either::A(tunnel)));
        }
        let addresses = look_up(details.uri)?;
        let stream = first_to_answer(&addresses)?;
        // Head and body go out in one write; nothing is gained by waiting for more.
        stream.set_nodelay(true)?;
        Ok(Some(Either::B(Socket::new(stream))))
    }
}

fn look_up(uri: &Uri) -> Result<Vec<SocketAddr>, Error> {
    let host = uri.host().ok_or(Error::HostNotFound)?;
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    if let Ok(ip) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let name = (host.to_owned(), port);
    // The system's resolver knows no deadline.
    match helper_thread::run("cs-dns", move || name.to_socket_addrs().map(Vec::from_iter))? {
        Some(found) if found.as_ref().is_ok_and(Vec::is_empty) => Err(Error::HostNotFound),
        Some(found) => found.map_err(|e| at(host, &e)),
        None => Err(Error::Timeout(Timeout::Resolve)),
    }
}

/// Each address gets half of the time that is left, the last one all of it.
fn first_to_answer(addresses: &[SocketAddr]) -> Result<TcpStream, Error> {
    let mut failure = None;
    for (index, address) in addresses.iter().enumerate() {
        let left = time_left()?;
        let is_last = index + 1 == addresses.len();
        let share = if is_last { left } else { left / 2 };
        match connect(*address, share.max(Duration::from_millis(1)))? {
            Ok(stream) => return Ok(stream),
            Err(e) => failure = Some((address, e)),
        }
    }
    let (address, e) = failure.ok_or(Error::HostNotFound)?;
    match e.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
            Err(Error::Timeout(Timeout::Connect))
        }
        _ => Err(at(address, &e)),
    }
}

/// The system's words, with the place they are about.
fn at(place: impl fmt::Display, e: &io::Error) -> Error {
    io::Error::new(e.kind(), format!("{place}: {e}")).into()
}

/// Where somebody is to be asked meanwhile, on another thread: std resumes an interrupted connect by
/// itself.
fn connect(address: SocketAddr, within: Duration) -> Result<io::Result<TcpStream>, Error> {
    let work = move || TcpStream::connect_timeout(&address, within);
    match context::is_watched() {
        false => Ok(work()),
        true => helper_thread::run("cs-connect", work)?.ok_or(Error::Timeout(Timeout::Connect)),
    }
}

fn time_left() -> Result<Duration, Error> {
    context::time_left().ok_or(Error::Timeout(Timeout::Connect))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::control::Control;

    #[test]
    fn addresses_are_tried_in_turn_within_the_connect_time() {
        let far = std::time::Instant::now() + Duration::from_secs(60);
        context::begin(far, Duration::from_secs(30), &Control::new());
        let _connecting = Connecting::start();
        let open = TcpListener::bind("127.0.0.1:0").expect("a port");
        let open_at = open.local_addr().expect("an address");
        let closed = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port");
        let stream = first_to_answer(&[closed, closed, open_at]).expect("a connection");
        assert_eq!(stream.peer_addr().expect("a peer"), open_at);
        assert!(first_to_answer(&[closed, closed]).is_err());
        assert!(first_to_answer(&[]).is_err());
    }

    #[test]
    fn no_time_left_is_no_connection() {
        context::begin(std::time::Instant::now(), Duration::from_secs(30), &Control::new());
        let _connecting = Connecting::start();
        let open = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port");
        assert!(matches!(first_to_answer(&[open]), Err(Error::Timeout(_))));
    }
}
