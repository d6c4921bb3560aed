//! The one place where tests start a stand-in: by http, by https, and behind a proxy.

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::Deref;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use local_ack::{ClosedPort, ConnectProxy, Fault, LocalAck, Options, ProxyOptions, Seen};
use serde_json::{Value, json};

/// A starting server, or a test that cannot run.
pub fn start() -> LocalAck {
    start_with(Options::default())
}

/// On a port that no other had before: for an endpoint the process remembers, for one, that its clock was wrong.
pub fn start_with(options: Options) -> LocalAck {
    static USED: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let ack = LocalAck::with(options.clone()).expect("local-ack starts");
        if USED.lock().expect("no panic").insert(ack.addr().port()) {
            return ack;
        }
    }
}

/// The same by https.
pub fn start_tls() -> Secure {
    let ack = start_with(Options { tls: true, ..Options::default() });
    let name = format!("ca-{}-{}.pem", std::process::id(), ack.addr().port());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // Written once: a file that was written again is new trust.
    std::fs::write(&file, ack.ca_pem().expect("an authority")).expect("a file");
    Secure { ack, file }
}

pub fn start_proxy(options: ProxyOptions) -> ConnectProxy {
    ConnectProxy::start(options).expect("a proxy starts")
}

pub fn closed_port() -> ClosedPort {
    ClosedPort::new().expect("a port")
}

/// A server that speaks https, and the file with the authority it goes by.
pub struct Secure {
    ack: LocalAck,
    file: PathBuf,
}

impl Secure {
    pub fn ca_file(&self) -> &str {
        self.file.to_str().expect("UTF-8")
    }

    /// A small valid request that trusts this server, with `extra` merged into its `client`.
    pub fn request(&self, extra: Value) -> Value {
        let mut client = json!({"ca_file": self.ca_file()});
        super::merge(&mut client, extra);
        super::request(&self.ack, client)
    }
}

impl Deref for Secure {
    type Target = LocalAck;

    fn deref(&self) -> &LocalAck {
        &self.ack
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        // What cannot be removed stays below target/.
        drop(std::fs::remove_file(&self.file));
    }
}

/// What the C programs call: by http, by https, and through a proxy.
pub struct Servers {
    pub http: LocalAck,
    pub https: Secure,
    _proxy: ConnectProxy,
    arguments: [String; 4],
}

impl Servers {
    /// Both lose their answer to the cluster "lost", after executing the request, and never answer
    /// to the cluster "hang".
    pub fn start() -> Servers {
        let (http, https) = (start(), start_tls());
        let proxy = start_proxy(ProxyOptions::default());
        for ack in [&http, &*https] {
            for _ in 0..100 {
                ack.fault_for("lost", Fault::CloseAfterRead { executed: true });
                ack.fault_for("hang", Fault::Hang { executed: false });
            }
        }
        let arguments = [http.url(), https.url(), https.ca_file().to_owned(), proxy.url()];
        Servers { http, https, _proxy: proxy, arguments }
    }

    /// The arguments of a program: HTTP HTTPS CA_FILE PROXY, and what else it takes.
    pub fn and<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        self.arguments.iter().map(String::as_str).chain(more.iter().copied()).collect()
    }
}

fn of_method(ack: &LocalAck, method: &str) -> Vec<Seen> {
    ack.requests().into_iter().filter(|seen| seen.method == method).collect()
}

/// The purchases that arrived, executed or not.
pub fn posts(ack: &LocalAck) -> Vec<Seen> {
    of_method(ack, "POST")
}

/// The looks at tasks.
pub fn looks(ack: &LocalAck) -> Vec<Seen> {
    of_method(ack, "GET")
}

/// Waits for something that another thread does; a test that waits in vain says for what.
pub fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_there() {
        assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A port where nobody accepts, and whose queue is full: further connections wait.
pub struct FullQueue {
    pub addr: SocketAddr,
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

impl FullQueue {
    pub fn start() -> FullQueue {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        // SAFETY: a listening socket may be told another length of its queue.
        assert_eq!(unsafe { libc::listen(listener.as_raw_fd(), 0) }, 0);
        let addr = listener.local_addr().expect("an address");
        let connect = |_| TcpStream::connect_timeout(&addr, Duration::from_millis(200)).ok();
        let waiting = (0..3).map_while(connect).collect();
        FullQueue { addr, _listener: listener, _waiting: waiting }
    }
}
