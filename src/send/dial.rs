//! Making a connection: look the name up, try its addresses in turn, all within the connect time.

use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::time::Duration;
use std::{io, thread};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, Either, NextTimeout, RustlsConnector,
    Transport,
};
use ureq::{Error, Timeout};

use super::context::{self, Connecting};
use super::wire::Wire;

/// ureq asks for addresses before it looks into its pool; we look them up when we dial.
#[derive(Debug)]
pub struct Later;

impl Resolver for Later {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// The whole way to a server: through a proxy's tunnel or straight, then TLS where it is called for.
#[derive(Debug)]
pub struct Dial<C>(C);

/// The chain in the order in which its links may make a connection.
pub fn dial() -> Dial<impl Connector<(), Out = impl Transport>> {
    Dial(().chain(ConnectProxyConnector::default()).chain(Tcp).chain(RustlsConnector::default()))
}

impl<C: Connector<()>> Connector<()> for Dial<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<C::Out>, Error> {
        let _connecting = Connecting::start();
        self.0.connect(details, chained)
    }
}

/// A connection of our own unless a proxy gave one.
#[derive(Debug)]
struct Tcp;

impl<In: Transport> Connector<In> for Tcp {
    type Out = Either<In, Wire>;

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
        Ok(Some(Either::B(Wire::new(stream))))
    }
}

fn look_up(uri: &Uri) -> Result<Vec<SocketAddr>, Error> {
    let host = uri.host().ok_or(Error::HostNotFound)?;
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    if let Ok(ip) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    // The system's resolver knows no deadline, so it works on a thread that we stop waiting for.
    let (sender, receiver) = mpsc::sync_channel(1);
    let name = (host.to_owned(), port);
    let work = move || drop(sender.send(name.to_socket_addrs().map(Vec::from_iter)));
    thread::Builder::new().name("cs-dns".to_owned()).spawn(work)?;
    let left = time_left()?;
    match receiver.recv_timeout(left) {
        Ok(Ok(addresses)) if addresses.is_empty() => Err(Error::HostNotFound),
        Ok(found) => Ok(found?),
        Err(_) => Err(Error::Timeout(Timeout::Resolve)),
    }
}

/// Each address gets half of the time that is left, the last one all of it.
fn first_to_answer(addresses: &[SocketAddr]) -> Result<TcpStream, Error> {
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for (index, address) in addresses.iter().enumerate() {
        let left = time_left()?;
        let is_last = index + 1 == addresses.len();
        let share = if is_last { left } else { left / 2 };
        match TcpStream::connect_timeout(address, share.max(Duration::from_millis(1))) {
            Ok(stream) => return Ok(stream),
            Err(e) => failure = e,
        }
    }
    match failure.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
            Err(Error::Timeout(Timeout::Connect))
        }
        _ => Err(failure.into()),
    }
}

fn time_left() -> Result<Duration, Error> {
    context::time_left().ok_or(Error::Timeout(Timeout::Connect))
}
