//! A service that is down.

use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

/// A port of 127.0.0.1 where nobody listens, and where for as long as this lives nobody begins to by
/// chance: the system gives it to no one. A [`LocalAck`](crate::LocalAck) that is told to use it may come up there.
pub struct ClosedPort {
    addr: SocketAddr,
    _bound: Socket,
}

impl ClosedPort {
    /// Takes a free port.
    pub fn new() -> io::Result<ClosedPort> {
        let bound = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        bound.set_reuse_address(true)?;
        bound.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        let addr = bound.local_addr()?.as_socket();
        let addr = addr.ok_or_else(|| io::Error::other("a port without an address"))?;
        Ok(ClosedPort { addr, _bound: bound })
    }

    /// Where nobody listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }
}
