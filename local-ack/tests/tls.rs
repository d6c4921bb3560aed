//! The same server behind TLS.
#![cfg(feature = "tls")]

mod common;

use common::{CLUSTER, Client, Request, split};
use local_ack::{Fault, LocalAck, Options};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

type Tls = StreamOwned<ClientConnection, TcpStream>;

fn start() -> LocalAck {
    LocalAck::with(Options { tls: true, ..Options::default() }).expect("a server")
}

fn connect(server: &LocalAck, name: &str) -> Tls {
    connect_by(trusting(server), server, name)
}

/// With one configuration for several connections, sessions are resumed.
fn connect_by(config: Arc<ClientConfig>, server: &LocalAck, name: &str) -> Tls {
    let name = ServerName::try_from(name.to_string()).expect("a name");
    let client = ClientConnection::new(config, name).expect("a client");
    StreamOwned::new(client, Client::new(server.addr()).0)
}

fn trusting(server: &LocalAck) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_slice(server.ca_pem().expect("a CA").as_bytes());
    roots.add(ca.expect("a certificate")).expect("a CA");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

#[test]
fn the_certificate_covers_both_names_and_pooled_calls_work() {
    let server = start();
    assert!(server.url().starts_with("https://localhost:"));
    for name in ["localhost", "127.0.0.1"] {
        let mut stream = connect(&server, name);
        for _ in 0..2 {
            stream.write_all(&Request::scale_out(CLUSTER).roa().bytes()).expect("sent");
            let mut room = [0; 4096];
            let count = stream.read(&mut room).expect("a reply");
            assert!(room[..count].starts_with(b"HTTP/1.1 200 OK\r\n"));
        }
        let last = Request::scale_out(CLUSTER).with("Connection", "close").roa();
        stream.write_all(&last.bytes()).expect("sent");
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("an end with close_notify");
        assert_eq!(split(&rest).0.status, 200);
    }
    assert_eq!(server.ledger().len(), 6);
}

#[test]
fn faults_strike_under_tls_too() {
    let server = start();
    server.fault(Fault::CloseBeforeRead);
    let mut stream = connect(&server, "localhost");
    assert!(stream.write_all(b"POST").and_then(|()| stream.flush()).is_err(), "no handshake");
    server.fault(Fault::Reset { executed: true });
    server.fault(Fault::CloseAfterReply);
    let mut stream = connect(&server, "localhost");
    stream.write_all(&Request::scale_out(CLUSTER).roa().bytes()).expect("sent");
    assert!(stream.read(&mut [0; 10]).is_err());
    assert_eq!(server.ledger().len(), 1);
    // An idle connection that says goodbye is no request and takes no fault.
    let mut idle = connect(&server, "localhost");
    idle.write_all(&Request::scale_out(CLUSTER).roa().bytes()).expect("sent");
    assert!(idle.read(&mut [0; 1000]).is_ok_and(|count| count > 0));
    let mut idle = connect(&server, "localhost");
    idle.write_all(&Request::scale_out(CLUSTER).roa().bytes()).expect("sent");
    assert!(idle.read(&mut [0; 1000]).is_ok_and(|count| count > 0));
    server.fault(Fault::CloseBeforeRead);
    idle.conn.send_close_notify();
    idle.flush().expect("sent");
    let mut rest = Vec::new();
    assert!(idle.sock.read_to_end(&mut rest).is_ok());
    let mut stream = connect(&server, "localhost");
    assert!(stream.write_all(b"POST").and_then(|()| stream.flush()).is_err(), "still queued");
}

#[test]
fn a_client_without_tls_is_let_go() {
    let server = start();
    let (bytes, _) = Client::new(server.addr()).send(b"GET / HTTP/1.1\r\n\r\n").rest();
    assert!(!bytes.starts_with(b"HTTP/"));
    assert!(server.requests().is_empty());
}

#[test]
fn an_answer_comes_in_one_flight_with_the_end_of_the_handshake() {
    let server = start();
    let config = trusting(&server);
    // Two flights would be told apart by chance only.
    for _ in 0..50 {
        server.fault("answer_first:cluster_id=c7".parse().expect("a fault"));
        let mut stream = connect_by(config.clone(), &server, "localhost");
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).expect("a handshake");
        }
        assert_eq!(stream.conn.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_2));
        // Nothing more is read: it came with the handshake, before anything was asked.
        let mut room = [0; 4096];
        let count = stream.conn.reader().read(&mut room).expect("a reply");
        let (reply, body) = split(&room[..count]);
        assert_eq!(reply.status, 200);
        assert!(String::from_utf8_lossy(&body).contains("\"cluster_id\":\"c7\""));
    }
    assert!(server.requests().is_empty());
}

#[test]
fn both_answers_are_there_at_once() {
    let server = start();
    server.fault("answer_twice".parse().expect("a fault"));
    let mut stream = connect(&server, "localhost");
    stream.write_all(&Request::scale_out(CLUSTER).roa().bytes()).expect("sent");
    let mut room = [0; 4096];
    let count = stream.read(&mut room).expect("both");
    let (first, copy) = room[..count].split_at(count / 2);
    assert!(first.starts_with(b"HTTP/1.1 200 OK\r\n") && first == copy);
    assert_eq!(server.ledger().len(), 1);
}

#[test]
fn a_body_that_the_close_ends_may_end_without_a_goodbye() {
    let server = start();
    for (fault, polite) in [("close_delimited", true), ("no_close_notify", false)] {
        server.fault(fault.parse().expect("a fault"));
        let mut stream = connect(&server, "localhost");
        stream.write_all(&Request::scale_out(CLUSTER).roa().bytes()).expect("sent");
        let mut all = Vec::new();
        let end = stream.read_to_end(&mut all);
        assert_eq!(end.is_ok(), polite, "{fault}: {end:?}");
        let (reply, body) = split(&all);
        assert_eq!((reply.version.as_str(), reply.status), ("HTTP/1.0", 200));
        assert!(common::task_id(&body).is_some(), "all of it came");
    }
}
