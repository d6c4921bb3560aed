//! A link with a long round trip.

use crate::acceptor::Acceptor;
use crate::socket::Socket;
use crate::sync::Stop;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// A TCP relay on loopback that makes a link of a given round-trip time.
///
/// Each byte is passed on half a round trip after it arrived; bytes under way do not wait for each
/// other, and their order is kept. A relay cannot delay the kernel's own handshake, so a new
/// connection pays for it afterwards: none of its bytes reaches the target before one and a half
/// round trips after the connection was accepted, which is when they would have arrived had the
/// handshake taken its round trip. The end of a stream travels like a byte; a reset arrives as an end.
///
/// Dropping it closes its connections and joins its threads.
pub struct DelayProxy {
    acceptor: Acceptor,
}

impl DelayProxy {
    /// Listens on 127.0.0.1 and connects each connection to `target`.
    pub fn start(target: SocketAddr, round_trip: Duration) -> io::Result<DelayProxy> {
        let acceptor = Acceptor::start(0, move |client, _, stop| {
            let opened = Instant::now();
            let Ok(server) = TcpStream::connect(target) else {
                return;
            };
            let server = Socket::new(server);
            if !stop.watch(server.shared()) {
                return;
            }
            let there = Line { delay: round_trip / 2, not_before: opened + round_trip * 3 / 2 };
            let back = Line { delay: round_trip / 2, not_before: opened };
            thread::scope(|scope| {
                scope.spawn(|| carry(&client, &server, there, stop));
                carry(&server, &client, back, stop);
            });
        })?;
        Ok(DelayProxy { acceptor })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.acceptor.addr()
    }
}

/// One direction.
#[derive(Clone, Copy)]
struct Line {
    delay: Duration,
    not_before: Instant,
}

/// Bytes, or the end where there are none, and when they are due.
type Parcel = (Instant, Vec<u8>);

fn carry(from: &Socket, to: &Socket, line: Line, stop: &Arc<Stop>) {
    // Bounded, so that a sender that is faster than the receiver is held back.
    let (sender, receiver) = sync_channel(256);
    thread::scope(|scope| {
        scope.spawn(|| put(receiver, to, stop));
        take(from.clone(), sender, line);
    });
}

fn take(mut from: Socket, sender: SyncSender<Parcel>, line: Line) {
    let mut room = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut room).unwrap_or_default();
        let due = (Instant::now() + line.delay).max(line.not_before);
        if sender.send((due, room[..count].to_vec())).is_err() || count == 0 {
            return;
        }
    }
}

fn put(receiver: Receiver<Parcel>, to: &Socket, stop: &Stop) {
    let mut out = to.clone();
    for (due, bytes) in receiver {
        if !stop.sleep_until(due) {
            return;
        }
        if bytes.is_empty() {
            return to.close_write();
        }
        if out.write_all(&bytes).is_err() {
            // Nobody listens any more; the reader of this direction is to learn of it too.
            let _ = to.shared().shutdown(Shutdown::Both);
            return;
        }
    }
}
