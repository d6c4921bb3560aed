//! Making a connection: look the name up, try its addresses in turn, through a proxy's tunnel, and into
//! TLS, all within the connect time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::ExchangeOptions;
use super::cause::{Step, TlsProblem, Why};
use super::connection::{Connection, wait_writable};
use super::key::Key;
use super::look_up::look_up;
use super::state::Exchange;
use super::trust::Trust;
use super::tunnel;
use crate::config::authority::{Authority, Scheme};
use crate::os::socket::{Connected, Socket};

/// A new connection to the endpoint, ready for a request.
pub(super) fn connect<'a>(
    exchange: &mut Exchange<'a>,
    options: &ExchangeOptions<'a>,
    trust: Option<Arc<Trust>>,
) -> Result<Connection, Why> {
    exchange.begin_connecting(options.connect_timeout);
    let endpoint = options.endpoint;
    let Ok(server) = Authority::parse(&endpoint.authority) else {
        return Err(Why::Tls(TlsProblem::Protocol("the endpoint is not host[:port]")));
    };
    let server = Hop::new(&server, endpoint.scheme);
    let proxy = endpoint.proxy.as_ref();
    let proxy = proxy.map(|proxy| (Hop::new(proxy, proxy.scheme.unwrap_or(Scheme::Http)), proxy));
    let first = proxy.as_ref().map_or(&server, |(hop, _)| hop);
    let (socket, peer) = reach(exchange, first, options.loopback_only)?;
    let secure = |connection: &mut Connection, exchange: &mut Exchange<'_>, hop: &Hop| match &trust
    {
        Some(trust) if hop.is_secure => {
            exchange.enter(Step::Handshake, hop.place());
            connection.secure(exchange, trust, &hop.host)
        }
        _ => Ok(()),
    };
    let mut connection = Connection::new(Key::new(endpoint, trust.clone()), peer.ip(), socket);
    if let Some((hop, proxy)) = &proxy {
        secure(&mut connection, exchange, hop)?;
        exchange.enter(Step::Tunnel, hop.place());
        tunnel::open(&mut connection, exchange, &server.place(), proxy.login.as_ref())?;
    }
    secure(&mut connection, exchange, &server)?;
    exchange.enter(Step::Request, endpoint.authority.as_str());
    connection.settle(exchange)?;
    exchange.end_connecting();
    Ok(connection)
}

/// The server, or a proxy.
struct Hop {
    /// An IPv6 address without its brackets.
    host: String,
    port: u16,
    is_secure: bool,
}

impl Hop {
    fn new(authority: &Authority, scheme: Scheme) -> Hop {
        let host = authority.host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let is_secure = scheme == Scheme::Https;
        let usual = if is_secure { 443 } else { 80 };
        Hop { host, port: authority.port.unwrap_or(usual), is_secure }
    }

    /// `host:port`, as CONNECT names it.
    fn place(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

/// A TCP connection to `hop`.
fn reach(
    exchange: &mut Exchange<'_>,
    hop: &Hop,
    loopback_only: bool,
) -> Result<(Socket, SocketAddr), Why> {
    exchange.enter(Step::LookUp, hop.host.clone());
    let mut addresses = match hop.host.parse() {
        Ok(ip) => vec![SocketAddr::new(ip, hop.port)],
        Err(_) => look_up(exchange, &hop.host)?,
    };
    if loopback_only && !addresses.iter().all(|a| a.ip().to_canonical().is_loopback()) {
        return Err(Why::NotLoopback);
    }
    addresses.iter_mut().for_each(|address| address.set_port(hop.port));
    first_to_answer(exchange, &addresses)
}

/// Each address gets half of the time that is left, the last one all of it.
fn first_to_answer(
    exchange: &mut Exchange<'_>,
    addresses: &[SocketAddr],
) -> Result<(Socket, SocketAddr), Why> {
    let mut failure = Why::Resolver(crate::os::resolver::NO_ADDRESS);
    for (index, address) in addresses.iter().enumerate() {
        exchange.enter(Step::Connect, address.to_string());
        let left = exchange.time_left()?;
        let is_last = index + 1 == addresses.len();
        let share = if is_last { left } else { left / 2 };
        match try_one(exchange, address, share.max(Duration::from_millis(1))) {
            Ok(socket) => return Ok((socket, *address)),
            Err(why @ (Why::GivenUp | Why::Forked)) => return Err(why),
            Err(why) => failure = why,
        }
    }
    Err(failure)
}

fn try_one(
    exchange: &mut Exchange<'_>,
    address: &SocketAddr,
    within: Duration,
) -> Result<Socket, Why> {
    let end = Instant::now() + within;
    let socket = Socket::connect(address)?;
    if !wait_writable(&socket, exchange, Some(end))? {
        return Err(Why::TimedOut);
    }
    match socket.finish(address)? {
        Connected::ToPeer => Ok(socket),
        Connected::ToItself => Err(Why::ToItself),
    }
}
