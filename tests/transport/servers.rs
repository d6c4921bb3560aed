//! Servers written by hand, which do what no honest one does, and certificates that are wrong.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, ServerConnection, SupportedProtocolVersion};
use serde_json::{Value, json};

use crate::common::merge;

/// What the client members say who wants a connection to be kept and used again.
pub fn kept() -> Value {
    json!({"keep_alive": true})
}

/// A listener on loopback, with a thread for every connection. It ends with the test.
pub struct Server {
    pub addr: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `serve` is told the number of the connection, from 0 on.
    pub fn start(
        serve: impl Fn(&mut TcpStream, usize, &Requests) -> io::Result<()> + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let connections = Arc::new(AtomicUsize::new(0));
        let requests = Requests::default();
        let server =
            Server { addr, connections: Arc::clone(&connections), requests: requests.0.clone() };
        let serve = Arc::new(serve);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let number = connections.fetch_add(1, Ordering::SeqCst);
                let (serve, requests) = (Arc::clone(&serve), requests.clone());
                // A client that goes early is no failure of the server.
                thread::spawn(move || drop(serve(&mut stream, number, &requests)));
            }
        });
        server
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// What was read so far, a text a request.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic").clone()
    }

    /// A request for `cluster` to this server, by `scheme`.
    pub fn request(&self, scheme: &str, cluster: &str, extra: Value) -> Value {
        let mut client = json!({
            "endpoint": format!("{scheme}://{}", self.addr),
            "access_key_id": "testid",
            "access_key_secret": "testsecret",
            "reconcile": false,
            "proxy": "",
            "timeout_ms": 10_000,
            "max_attempts": 1,
        });
        merge(&mut client, extra);
        json!({"ClusterId": cluster, "count": 1, "key_pair": "k", "client": client})
    }
}

/// Where a server notes what it has read.
#[derive(Clone, Default)]
pub struct Requests(Arc<Mutex<Vec<String>>>);

impl Requests {
    /// Reads one request, head and body, and notes it.
    pub fn read(&self, stream: &mut impl Read) -> io::Result<String> {
        let mut bytes = Vec::new();
        let mut piece = [0; 4096];
        let whole = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
            let (head, body) = text.split_once("\r\n\r\n")?;
            let length = head
                .split("content-length: ")
                .nth(1)
                .map_or("0", |rest| rest.split("\r\n").next().unwrap_or_default());
            (body.len() >= length.parse().ok()?).then_some(())
        };
        while whole(&bytes).is_none() {
            match stream.read(&mut piece)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                amount => bytes.extend_from_slice(&piece[..amount]),
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.0.lock().expect("no panic").push(text.clone());
        Ok(text)
    }
}

/// The service's answer: a task for `cluster` whose id begins with `task`, under a request id of its own.
pub fn accepted(cluster: &str, task: &str) -> String {
    static ANSWERS: AtomicUsize = AtomicUsize::new(0);
    let number = ANSWERS.fetch_add(1, Ordering::Relaxed);
    let body = format!(
        r#"{{"cluster_id":"{cluster}","request_id":"R-{number}","task_id":"{task}-{number}"}}"#
    );
    with_length("200 OK", &body)
}

pub fn with_length(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The cluster that a request is for.
pub fn cluster_of(request: &str) -> &str {
    let path = request.split(' ').nth(1).unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// An authority, and what it signed.
pub struct Authority {
    pub issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A server's certificate and its key.
pub struct Identity {
    pub certificate: CertificateDer<'static>,
    pub key: Vec<u8>,
}

pub fn names() -> CertificateParams {
    CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("names")
}

impl Authority {
    pub fn new() -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Authority { issuer: CertifiedIssuer::self_signed(params, key).expect("a certificate") }
    }

    /// A good certificate, but for what `change` does to it.
    pub fn sign(&self, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let mut params = names();
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Identity { certificate: certificate.der().clone(), key: key.serialize_der() }
    }
}

/// A certificate that vouches for itself.
pub fn self_signed(change: impl FnOnce(&mut CertificateParams)) -> Identity {
    let mut params = names();
    change(&mut params);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    Identity { certificate: certificate.der().clone(), key: key.serialize_der() }
}

pub fn pem(certificates: &[&CertificateDer<'_>]) -> String {
    use base64::Engine;
    let encode = |der: &CertificateDer<'_>| base64::engine::general_purpose::STANDARD.encode(der);
    certificates
        .iter()
        .map(|der| {
            format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", encode(der))
        })
        .collect()
}

/// A folder of this test's own.
pub fn folder(name: &str) -> PathBuf {
    let path =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&path));
    std::fs::create_dir_all(&path).expect("a folder");
    path
}

/// A file in it, as a document names it.
pub fn file(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

pub fn server_config(
    identity: &Identity,
    versions: &[&'static SupportedProtocolVersion],
) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivatePkcs8KeyDer::from(identity.key.clone()).into();
    let key = provider.key_provider.load_private_key(key).expect("a key");
    // Not looked at, as rustls would: it may be wrong.
    let shown = CertifiedKey::new(vec![identity.certificate.clone()], key);
    ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("versions")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(shown)))
}

/// Shakes hands; `early` is in one flight with what ends the handshake on the server's side.
pub fn shake_hands(
    stream: &mut TcpStream,
    config: &Arc<ServerConfig>,
    early: &[u8],
) -> io::Result<ServerConnection> {
    let mut tls = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    if config.send_half_rtt_data {
        tls.writer().write_all(early)?;
    }
    while tls.is_handshaking() {
        if tls.wants_write() {
            flush(&mut tls, stream)?;
        } else {
            if tls.read_tls(stream)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            tls.process_new_packets().map_err(io::Error::other)?;
        }
    }
    if !config.send_half_rtt_data {
        tls.writer().write_all(early)?;
    }
    flush(&mut tls, stream)?;
    Ok(tls)
}

/// One write for all records.
pub fn flush(tls: &mut ServerConnection, stream: &mut TcpStream) -> io::Result<()> {
    let mut records = Vec::new();
    while tls.wants_write() {
        tls.write_tls(&mut records)?;
    }
    stream.write_all(&records)
}
