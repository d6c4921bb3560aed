//! A client that is nothing but a TCP stream, so that every byte the server sends is seen.
#![allow(dead_code, reason = "each test file uses a part of it")]

#[path = "../../src/clock.rs"]
pub mod clock;

use local_ack::signature::{
    acs3_canonical_request, acs3_signature, acs3_string_to_sign, roa_signature, roa_string_to_sign,
};
use local_ack::{Fault, LocalAck};
use serde_json::Value;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

pub const CLUSTER: &str = "c82e6987e2961451182edacd7";

static NONCES: AtomicUsize = AtomicUsize::new(0);

/// A nonce that no other request of this process has.
pub fn nonce() -> String {
    format!("nonce-{}", NONCES.fetch_add(1, Ordering::Relaxed))
}

/// A request that can be bent before and after it is signed.
#[derive(Clone)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn new(method: &str, target: &str, action: &str, body: &str) -> Request {
        let mut request = Request {
            method: method.into(),
            target: target.into(),
            headers: Vec::new(),
            body: body.into(),
        };
        request.set("Host", "127.0.0.1");
        request.set("Accept", "application/json");
        request.set("x-acs-version", "2015-12-15");
        request.set("x-acs-action", action);
        request.set("x-acs-signature-nonce", &nonce());
        if method == "POST" {
            request.set("Content-Type", "application/json; charset=utf-8");
            request.set("Content-Length", &body.len().to_string());
        }
        request
    }

    pub fn scale_out(cluster: &str) -> Request {
        let target = format!("/api/v2/clusters/{cluster}");
        Request::new("POST", &target, "ScaleOutCluster", r#"{"count":2}"#)
    }

    pub fn task(id: &str) -> Request {
        Request::new("GET", &format!("/tasks/{id}"), "DescribeTaskInfo", "")
    }

    pub fn tasks(cluster: &str, query: &str) -> Request {
        let target = format!("/clusters/{cluster}/tasks{query}");
        Request::new("GET", &target, "DescribeClusterTasks", "")
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.headers.push((name.into(), value.into()));
    }

    pub fn unset(&mut self, name: &str) {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    }

    pub fn with(mut self, name: &str, value: &str) -> Request {
        self.set(name, value);
        self
    }

    pub fn without(mut self, name: &str) -> Request {
        self.unset(name);
        self
    }

    /// Dates it and signs it by ROA-SHA1.
    pub fn roa(self) -> Request {
        self.roa_at(0)
    }

    /// The same, by a clock that is `offset` seconds ahead.
    pub fn roa_at(mut self, offset: i64) -> Request {
        self.set("Date", &clock::http_date(clock::now_ms(offset) / 1000));
        self.set("x-acs-signature-method", "HMAC-SHA1");
        self.set("x-acs-signature-version", "1.0");
        self.resign()
    }

    /// Signs it as it stands, by ROA-SHA1.
    pub fn resign(mut self) -> Request {
        let text = roa_string_to_sign(&self.method, &self.target, &self.headers);
        let signature = roa_signature("testsecret", &text);
        self.set("Authorization", &format!("acs testid:{signature}"));
        self
    }

    /// Dates it and signs it by ACS3, every header that must be covered.
    pub fn acs3(mut self) -> Request {
        let date = clock::beijing(clock::now_ms(-8 * 3600 * 1000 / 1000) / 1000);
        self.set("x-acs-date", &date.replace("+08:00", "Z"));
        let hash = acs3_canonical_request("GET", "/", &[], &[], self.body.as_bytes());
        let hash = hash.rsplit('\n').next().unwrap_or_default().to_string();
        self.set("x-acs-content-sha256", &hash);
        let names = self.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
        let covered =
            |name: &String| name.starts_with("x-acs-") || name == "host" || name == "content-type";
        let mut names: Vec<String> = names.filter(covered).collect();
        names.sort();
        self.acs3_over(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Signs it as it stands, by ACS3 over the headers named.
    pub fn acs3_over(mut self, signed: &[&str]) -> Request {
        let (headers, body) = (&self.headers, self.body.as_bytes());
        let canonical = acs3_canonical_request(&self.method, &self.target, headers, signed, body);
        let signature = acs3_signature("testsecret", &acs3_string_to_sign(&canonical));
        let names = signed.join(";");
        let scheme = "ACS3-HMAC-SHA256";
        let value =
            format!("{scheme} Credential=testid,SignedHeaders={names},Signature={signature}");
        self.set("Authorization", &value);
        self
    }

    pub fn head(&self) -> String {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text + "\r\n"
    }

    pub fn bytes(&self) -> Vec<u8> {
        (self.head() + &self.body).into_bytes()
    }
}

/// A signed purchase for [`CLUSTER`], as bytes.
pub fn purchase() -> Vec<u8> {
    Request::scale_out(CLUSTER).roa().bytes()
}

/// A server with one fault queued, and a client connected to it.
pub fn meet(fault: Fault) -> (LocalAck, Client) {
    let server = LocalAck::start().expect("a server");
    server.fault(fault);
    let client = Client::new(server.addr());
    (server, client)
}

/// The task id of a document in JSON.
pub fn task_id(body: &[u8]) -> Option<String> {
    let document: Value = serde_json::from_slice(body).ok()?;
    document["task_id"].as_str().map(String::from)
}

/// A reply as it came.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub version: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// The gateway's error code.
    pub fn code(&self) -> String {
        self.json()["Code"].as_str().unwrap_or_default().to_string()
    }
}

pub struct Client(pub TcpStream);

impl Client {
    pub fn new(addr: SocketAddr) -> Client {
        let stream = TcpStream::connect(addr).expect("the server listens");
        // A test that waits for ever says nothing.
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        Client(stream)
    }

    pub fn send(&mut self, bytes: &[u8]) -> &mut Client {
        self.0.write_all(bytes).expect("the request is taken");
        self
    }

    /// Head and body of one reply that has a Content-Length.
    pub fn reply(&mut self) -> Reply {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            assert_eq!(self.0.read(&mut byte).expect("a byte"), 1, "ended within the head");
            head.push(byte[0]);
        }
        let mut reply = parse(&head);
        let length = reply.headers.get("content-length").map_or("0", String::as_str);
        reply.body = vec![0; length.parse().expect("a length")];
        self.0.read_exact(&mut reply.body).expect("the body");
        reply
    }

    /// Everything until the server ends the connection, and whether that was a reset.
    pub fn rest(&mut self) -> (Vec<u8>, bool) {
        let mut all = Vec::new();
        match self.0.read_to_end(&mut all) {
            Ok(_) => (all, false),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => (all, true),
            Err(error) => panic!("neither an end nor a reset: {error}"),
        }
    }

    pub fn call(&mut self, request: &Request) -> Reply {
        self.send(&request.bytes()).reply()
    }
}

/// The head of a reply, without its body.
pub fn parse(head: &[u8]) -> Reply {
    let text = String::from_utf8(head.to_vec()).expect("an ASCII head");
    let mut lines = text.trim_end().split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let version = words.next().unwrap_or_default().to_string();
    let status = words.next().unwrap_or_default().parse().expect("a status");
    let pairs = lines.filter_map(|line| line.split_once(": "));
    let headers =
        pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.to_string())).collect();
    Reply { status, version, headers, body: Vec::new() }
}

/// Head and body of a reply that was read to its end.
pub fn split(all: &[u8]) -> (Reply, Vec<u8>) {
    let end = all.windows(4).position(|window| window == b"\r\n\r\n").expect("a whole head") + 4;
    (parse(&all[..end]), all[end..].to_vec())
}
