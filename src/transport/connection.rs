//! A connection: a socket, the layers of TLS over it (to a proxy, to the server), and what was received
//! and not read yet, in each of them.

use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;
use std::{fmt, mem};

use super::buffer::Buffer;
use super::cause::Why;
use super::key::Key;
use super::state::Exchange;
use super::tls::Tls;
use super::trust::Trust;
use crate::os::socket::Socket;

/// Longer queues than this are not kept.
const QUEUE: usize = 16 * 1024;

/// How a stream of input went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filled {
    More,
    /// It ended as it should.
    End,
    /// It ended, without TLS's own end.
    CutOff,
}

pub(super) struct Connection {
    pub key: Key,
    peer: IpAddr,
    socket: Socket,
    /// The outermost first.
    layers: Vec<Tls>,
    /// What the innermost layer gave.
    input: Buffer,
    /// What is to go before the next request: the end of a handshake.
    output: Vec<u8>,
}

impl Connection {
    pub(super) fn new(key: Key, peer: IpAddr, socket: Socket) -> Connection {
        let (layers, input, output) = (Vec::new(), Buffer::default(), Vec::new());
        Connection { key, peer, socket, layers, input, output }
    }

    pub(super) fn is_loopback(&self) -> bool {
        self.peer.to_canonical().is_loopback()
    }

    pub(super) fn input(&self) -> &[u8] {
        self.input.unread()
    }

    pub(super) fn consume(&mut self, amount: usize) {
        self.input.consume(amount);
    }

    /// Whether more was received than was asked for.
    pub(super) fn has_input(&self) -> bool {
        !self.input.is_empty()
    }

    /// Nothing is left over, in no layer, and nobody has said that it ends.
    pub(super) fn is_clean(&self) -> bool {
        let is_clean = |layer: &Tls| layer.records.is_empty() && !layer.is_closed;
        self.input.is_empty() && self.layers.iter().all(is_clean)
    }

    /// Whether a request may be written: the socket is ours, open, and nothing was received that
    /// nobody asked for. (Tickets of TLS are read.)
    pub(super) fn is_ready(&mut self) -> bool {
        self.socket.is_ours() && self.take_what_is_there().is_ok_and(|open| open) && self.is_clean()
    }

    /// The same for a new connection, whose last record may still be on its way.
    pub(super) fn settle(&mut self, exchange: &mut Exchange<'_>) -> Result<(), Why> {
        let mut open = self.take_what_is_there()?;
        while open && self.input.is_empty() && self.layers.iter().any(|l| !l.records.is_empty()) {
            open = self.receive(exchange)?;
            self.read_layers()?;
        }
        match open {
            _ if !self.input.is_empty() => Err(Why::Unasked),
            true if self.is_clean() => Ok(()),
            _ => Err(Why::Closed),
        }
    }

    /// Forgets what was received; it may have quoted a secret.
    pub(super) fn wipe(&mut self) {
        self.layers.iter_mut().for_each(|layer| layer.records.wipe());
        self.input.wipe();
    }

    /// Shakes hands with `host`. What is left to be written goes with the next request.
    pub(super) fn secure(
        &mut self,
        exchange: &mut Exchange<'_>,
        trust: &Trust,
        host: &str,
    ) -> Result<(), Why> {
        self.layers.push(Tls::new(Arc::clone(&trust.config), host)?);
        while {
            if let Err(why) = self.read_layers() {
                // It is over; the alert is a courtesy.
                drop(self.write_sealed(exchange, usize::MAX));
                return Err(why);
            }
            self.layers.last().is_some_and(Tls::is_handshaking)
        } {
            self.write_sealed(exchange, usize::MAX)?;
            if !self.receive(exchange)? {
                return Err(Why::Closed);
            }
        }
        Ok(())
    }

    /// Writes what belongs to making the connection.
    pub(super) fn write_preamble(
        &mut self,
        exchange: &mut Exchange<'_>,
        text: &[u8],
    ) -> Result<(), Why> {
        if self.layers.is_empty() {
            return self.write(exchange, text, text.len());
        }
        encrypt(&mut self.layers, text, &mut self.output)?;
        self.write_sealed(exchange, self.output.len())
    }

    /// Writes a request, noting its first byte. It shares a segment with what is left of a handshake.
    pub(super) fn write_request(
        &mut self,
        exchange: &mut Exchange<'_>,
        request: &[u8],
    ) -> Result<(), Why> {
        if self.layers.is_empty() {
            exchange.begin_sending()?;
            return self.write(exchange, request, 0);
        }
        let preamble = self.output.len();
        encrypt(&mut self.layers, request, &mut self.output)?;
        exchange.begin_sending()?;
        self.write_sealed(exchange, preamble)
    }

    /// Writes what TLS has queued. Not inlined: by its frame tests/c/valgrind.supp knows ciphertext.
    #[inline(never)]
    fn write_sealed(&mut self, exchange: &mut Exchange<'_>, preamble: usize) -> Result<(), Why> {
        let mut output = mem::take(&mut self.output);
        let written = self.write(exchange, &output, preamble);
        output.clear();
        output.shrink_to(QUEUE);
        self.output = output;
        written
    }

    fn write(&self, exchange: &mut Exchange<'_>, bytes: &[u8], preamble: usize) -> Result<(), Why> {
        let mut done = 0;
        exchange.time_left()?;
        while done < bytes.len() {
            match self.socket.send(&bytes[done..], exchange.process()) {
                Ok(None) => return Err(Why::Forked),
                Ok(Some(written)) => {
                    done += written;
                    if done > preamble {
                        exchange.mark_sent();
                    }
                }
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
                    wait_writable(&self.socket, exchange, None)?;
                }
                Err(e) if is_pause(&e) => exchange.go_on()?,
                Err(e) => return Err(e.into()),
            }
        }
        Ok(())
    }

    /// Waits for more input. What came is read from all layers.
    pub(super) fn fill(&mut self, exchange: &mut Exchange<'_>) -> Result<Filled, Why> {
        let before = self.input.unread().len();
        loop {
            if self.layers.last().is_some_and(|layer| layer.is_closed) {
                return Ok(Filled::End);
            }
            if !self.receive(exchange)? {
                return Ok(if self.layers.is_empty() { Filled::End } else { Filled::CutOff });
            }
            self.read_layers()?;
            if self.input.unread().len() > before {
                return Ok(Filled::More);
            }
        }
    }

    /// Waits for more bytes from the socket; `false` at their end.
    fn receive(&mut self, exchange: &mut Exchange<'_>) -> Result<bool, Why> {
        let to = self.layers.first_mut().map_or(&mut self.input, |layer| &mut layer.records);
        loop {
            exchange.check_process()?;
            let wait = exchange.next_wait()?;
            match self.socket.receive(to.room(), wait) {
                Ok(amount) => {
                    exchange.check_process()?;
                    to.received(amount);
                    return Ok(amount > 0);
                }
                Err(e) if is_pause(&e) => exchange.go_on()?,
                Err(e) => return Err(e.into()),
            }
        }
    }

    /// Takes the bytes that are there already; `false` if their end is.
    fn take_what_is_there(&mut self) -> Result<bool, Why> {
        loop {
            let to = self.layers.first_mut().map_or(&mut self.input, |layer| &mut layer.records);
            match self.socket.receive_now(to.room()) {
                Ok(0) => return Ok(false),
                Ok(amount) => to.received(amount),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
            self.read_layers()?;
        }
    }

    /// Reads whole records, from the outermost layer to the innermost.
    fn read_layers(&mut self) -> Result<(), Why> {
        for at in 0..self.layers.len() {
            let (outer, inner) = self.layers.split_at_mut(at + 1);
            let to = inner.first_mut().map_or(&mut self.input, |layer| &mut layer.records);
            let mut answer = Vec::new();
            let read = outer[at].read(to, &mut answer);
            encrypt(&mut outer[..at], &answer, &mut self.output)?;
            read?;
        }
        Ok(())
    }
}

impl fmt::Debug for Connection {
    /// Not what was received.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("socket", &self.socket).finish_non_exhaustive()
    }
}

/// Encrypts for each of the layers, the innermost first, onto the end of `output`.
fn encrypt(layers: &mut [Tls], plain: &[u8], output: &mut Vec<u8>) -> Result<(), Why> {
    match layers.split_last_mut() {
        _ if plain.is_empty() => Ok(()),
        None => {
            output.extend_from_slice(plain);
            Ok(())
        }
        Some((inner, [])) => inner.write(plain, output),
        Some((inner, outer)) => {
            let mut sealed = Vec::new();
            inner.write(plain, &mut sealed)?;
            encrypt(outer, &sealed, output)
        }
    }
}

/// Waits until `socket` can be written to, until `end` at most; `false` if time was up.
pub(super) fn wait_writable(
    socket: &Socket,
    exchange: &mut Exchange<'_>,
    end: Option<Instant>,
) -> Result<bool, Why> {
    loop {
        let mut wait = exchange.next_wait()?;
        if let Some(end) = end {
            wait = wait.min(end.saturating_duration_since(Instant::now()));
        }
        match socket.wait_writable(wait) {
            Ok(true) => return exchange.check_process().map(|()| true),
            Ok(false) if end.is_some_and(|end| end <= Instant::now()) => return Ok(false),
            Ok(false) => exchange.go_on()?,
            Err(e) if is_pause(&e) => exchange.go_on()?,
            Err(e) => return Err(e.into()),
        }
    }
}

/// A signal, or a time limit: whether time is really over is for the clock to say.
fn is_pause(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::Interrupted | ErrorKind::TimedOut | ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::{SocketAddr, TcpListener, TcpStream};
    use std::time::Duration;

    use super::*;
    use crate::config::authority::Scheme;
    use crate::config::endpoint::Endpoint;
    use crate::config::roots::Roots;
    use crate::control::Control;
    use crate::os::fork::Process;
    use crate::transport::ExchangeOptions;

    fn pair() -> (Connection, TcpStream, Endpoint) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address: SocketAddr = listener.local_addr().expect("an address");
        let socket = Socket::connect(&address).expect("a socket");
        let (peer, _) = listener.accept().expect("a connection");
        socket.finish(&address).expect("a connection");
        let (scheme, authority) = (Scheme::Http, address.to_string());
        let endpoint = Endpoint { scheme, authority, is_loopback: true, proxy: None };
        (Connection::new(Key::new(&endpoint, None), address.ip(), socket), peer, endpoint)
    }

    /// What becomes of a new connection, and of a kept one, after the peer has done something.
    fn after(act: impl Fn(TcpStream) -> Option<TcpStream>) -> (Result<(), Why>, bool) {
        let (mut new, peer, endpoint) = pair();
        let _open = act(peer);
        let control = Control::new();
        let options = ExchangeOptions {
            endpoint: &endpoint,
            roots: &Roots::System,
            connect_timeout: Duration::from_secs(5),
            deadline: Instant::now() + Duration::from_secs(5),
            control: &control,
            process: Process::current(),
            keep_alive: true,
            largest_reply: 1024,
            loopback_only: false,
        };
        let settled = new.settle(&mut Exchange::begin(&options));
        let (mut kept, peer, _) = pair();
        let _open = act(peer);
        (settled, kept.is_ready())
    }

    #[test]
    fn any_byte_before_the_request_or_the_end_makes_it_useless() {
        assert!(matches!(after(Some), (Ok(()), true)), "silent, as it should be");
        let early = after(|mut peer| peer.write_all(b"H").ok().map(|()| peer));
        assert!(matches!(early, (Err(Why::Unasked), false)), "{early:?}");
        let closed = after(|_| None);
        assert!(matches!(closed, (Err(Why::Closed), false)), "{closed:?}");
    }
}
