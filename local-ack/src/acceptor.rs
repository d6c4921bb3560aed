//! A listener on loopback, a thread a connection, and a prompt end for all of them.

use crate::socket::Socket;
use crate::sync::Stop;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Stops listening, closes every connection and joins every thread when dropped.
pub(crate) struct Acceptor {
    addr: SocketAddr,
    stop: Arc<Stop>,
    accepted: Arc<AtomicUsize>,
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
        let accepted = Arc::new(AtomicUsize::new(0));
        let loop_state = (stop.clone(), accepted.clone());
        let thread = Builder::new()
            .name("local-ack accept".into())
            .spawn(move || accept(&listener, &loop_state.0, &loop_state.1, Arc::new(handler)))?;
        Ok(Acceptor { addr, stop, accepted, thread: Some(thread) })
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
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

fn accept<H>(listener: &TcpListener, stop: &Arc<Stop>, accepted: &AtomicUsize, handler: Arc<H>)
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
        let number = accepted.fetch_add(1, Ordering::SeqCst) + 1;
        let socket = Socket::new(stream);
        if !stop.watch(socket.shared()) {
            break;
        }
        let (handler, stop) = (handler.clone(), stop.clone());
        let name = format!("local-ack {number}");
        threads.retain(|thread| !thread.is_finished());
        threads
            .extend(Builder::new().name(name).spawn(move || handler(socket, number, &stop)).ok());
    }
    for thread in threads {
        let _ = thread.join();
    }
}
