//! A listener on loopback, a thread a connection, and a prompt end for all of them.

use crate::socket::Socket;
use crate::sync::Stop;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Connections: all that ever were, and those whose end is still ours.
#[derive(Default)]
struct Counts {
    accepted: AtomicUsize,
    open: AtomicUsize,
}

/// Stops listening, closes every connection and joins every thread when dropped.
pub(crate) struct Acceptor {
    addr: SocketAddr,
    stop: Arc<Stop>,
    counts: Arc<Counts>,
    thread: Option<JoinHandle<()>>,
}

impl Acceptor {
    /// `handler` gets each connection with its number, counted from 1.
    pub(crate) fn start<H>(port: u16, handler: H) -> io::Result<Acceptor>
    where
        H: Fn(Socket, usize, &Arc<Stop>) + Send + Sync + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let addr = listener.local_addr()?;
        let stop = Arc::new(Stop::default());
        let counts = Arc::new(Counts::default());
        let loop_state = (stop.clone(), counts.clone());
        let thread = Builder::new()
            .name("local-ack accept".into())
            .spawn(move || accept(&listener, &loop_state.0, loop_state.1, Arc::new(handler)))?;
        Ok(Acceptor { addr, stop, counts, thread: Some(thread) })
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn accepted(&self) -> usize {
        self.counts.accepted.load(Ordering::SeqCst)
    }

    /// Those that our side has not closed.
    pub(crate) fn open(&self) -> usize {
        self.counts.open.load(Ordering::SeqCst)
    }
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        self.stop.stop();
        // Nothing but a connection ends a blocking accept.
        let _ = TcpStream::connect_timeout(&self.addr, Duration::from_secs(1));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn accept<H>(listener: &TcpListener, stop: &Arc<Stop>, counts: Arc<Counts>, handler: Arc<H>)
where
    H: Fn(Socket, usize, &Arc<Stop>) + Send + Sync + 'static,
{
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    loop {
        let stream = listener.accept();
        if stop.is_stopped() {
            break;
        }
        let Ok((stream, _)) = stream else {
            // Out of descriptors, most likely: let some connection end first.
            stop.sleep(Duration::from_millis(10));
            continue;
        };
        let number = counts.accepted.fetch_add(1, Ordering::SeqCst) + 1;
        let socket = Socket::new(stream);
        if !stop.watch(socket.shared()) {
            break;
        }
        let (handler, stop, open) = (handler.clone(), stop.clone(), Open::new(&counts));
        let work = move || {
            // Dropped last, when the socket is closed.
            let _open = open;
            handler(socket, number, &stop);
        };
        threads.retain(|thread| !thread.is_finished());
        threads.extend(Builder::new().name(format!("local-ack {number}")).spawn(work).ok());
    }
    for thread in threads {
        let _ = thread.join();
    }
}

/// Counts a connection for as long as it is open.
struct Open(Arc<Counts>);

impl Open {
    fn new(counts: &Arc<Counts>) -> Open {
        counts.open.fetch_add(1, Ordering::SeqCst);
        Open(counts.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}
