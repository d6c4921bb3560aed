//! An HTTP proxy that knows CONNECT.

use crate::acceptor::Acceptor;
use crate::refusal::reason;
use crate::socket::Socket;
use crate::sync::{Stop, lock};
use crate::unasked::Unasked;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

const MAX_HEAD: usize = 64 * 1024;
const LINGER: Duration = Duration::from_millis(200);

/// What a [`ConnectProxy`] does with those who come.
#[derive(Clone, Default)]
pub struct ProxyOptions {
    /// Answer each CONNECT with this status instead of opening a tunnel.
    pub answer: Option<u16>,
    /// Ask for these (user, password) by Basic authentication; 407 without them.
    pub credentials: Option<(String, String)>,
    /// Where every tunnel ends, whatever was asked for. Without it only loopback addresses can be
    /// reached; others get 403.
    pub forward_to: Option<SocketAddr>,
    /// A reply that stands right behind the 200 that opens a tunnel, in the same segment.
    pub answer_first: Option<Unasked>,
}

#[derive(Default)]
struct Records {
    heads: Vec<String>,
    targets: Vec<String>,
    tunnels: usize,
}

/// A small CONNECT proxy on loopback. Dropping it closes its tunnels and joins its threads.
pub struct ConnectProxy {
    acceptor: Acceptor,
    records: Arc<Mutex<Records>>,
}

impl ConnectProxy {
    /// Listens on 127.0.0.1.
    pub fn start(options: ProxyOptions) -> io::Result<ConnectProxy> {
        let records = Arc::new(Mutex::new(Records::default()));
        let own = records.clone();
        let acceptor = Acceptor::start(0, move |client, _, stop| {
            serve(client, &options, &own, stop);
        })?;
        Ok(ConnectProxy { acceptor, records })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.acceptor.addr()
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// How many tunnels were opened.
    pub fn tunnels(&self) -> usize {
        lock(&self.records).tunnels
    }

    /// What was asked for, `host:port` each, in order, refused ones included.
    pub fn targets(&self) -> Vec<String> {
        lock(&self.records).targets.clone()
    }

    /// Each request's head as it came, credentials included.
    pub fn heads(&self) -> Vec<String> {
        lock(&self.records).heads.clone()
    }
}

fn serve(mut client: Socket, options: &ProxyOptions, records: &Mutex<Records>, stop: &Arc<Stop>) {
    let Some(head) = read_head(&mut client) else {
        return;
    };
    lock(records).heads.push(head.clone());
    let server = match admit(&head, options, records) {
        Ok(server) => server,
        Err(status) => return refuse(client, status),
    };
    if !stop.watch(server.shared()) {
        return;
    }
    lock(records).tunnels += 1;
    let mut yes = b"HTTP/1.1 200 Connection Established\r\n\r\n".to_vec();
    yes.extend(options.answer_first.iter().flat_map(Unasked::bytes));
    if client.write_all(&yes).is_ok() {
        thread::scope(|scope| {
            scope.spawn(|| pump(client.clone(), server.clone()));
            pump(server.clone(), client.clone());
        });
    }
}

/// The far end of the tunnel, or the status that refuses it.
fn admit(head: &str, options: &ProxyOptions, records: &Mutex<Records>) -> Result<Socket, u16> {
    let mut words = head.split(' ');
    let target = match (words.next(), words.next()) {
        (Some("CONNECT"), Some(target)) => target,
        _ => return Err(405),
    };
    lock(records).targets.push(target.to_string());
    if let Some((user, password)) = &options.credentials {
        let wanted = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        if header(head, "proxy-authorization") != Some(&wanted) {
            return Err(407);
        }
    }
    if let Some(status) = options.answer {
        return Err(status);
    }
    let address = options.forward_to.or_else(|| loopback(target));
    let server = TcpStream::connect(address.ok_or(403_u16)?);
    server.map(Socket::new).map_err(|_| 502)
}

/// Reads to the blank line and not a byte further: what follows belongs to the tunnel.
fn read_head(client: &mut Socket) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > MAX_HEAD || client.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = head.split("\r\n").filter_map(|line| line.split_once(':'));
    pairs.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn loopback(target: &str) -> Option<SocketAddr> {
    target.to_socket_addrs().ok()?.find(|address| address.is_ipv4() && address.ip().is_loopback())
}

fn refuse(mut client: Socket, status: u16) {
    let ask = match status {
        407 => "Proxy-Authenticate: Basic realm=\"local-ack\"\r\n",
        _ => "",
    };
    let body = format!("<html><body>proxy: {}</body></html>\n", reason(status));
    let reply = format!(
        "HTTP/1.1 {status} {}\r\n{ask}Content-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        reason(status),
        body.len()
    );
    let _ = client.write_all(reply.as_bytes());
    // Closing over unread bytes would send a reset, which can overtake the reply.
    client.close_write();
    client.drain(Some(LINGER));
}

fn pump(mut from: Socket, mut to: Socket) {
    let mut room = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut room).unwrap_or_default();
        if count == 0 {
            return to.close_write();
        }
        if to.write_all(&room[..count]).is_err() {
            let _ = from.shared().shutdown(Shutdown::Both);
            return;
        }
    }
}
