//! Each fault, byte by byte.

mod common;

use common::{CLUSTER, Client, Request, meet, purchase, split, task_id};
use local_ack::Fault;
use serde_json::Value;
use std::io::Read;
use std::time::{Duration, Instant};

/// Queues `fault`, sends one purchase, and reads to the end: bytes, and was it a reset?
/// Checks that the ledger and the log tell what the fault promised.
fn suffer(fault: Fault, executed: bool, status: u16) -> (Vec<u8>, bool) {
    assert_eq!(fault.executed(), executed);
    let (server, mut client) = meet(fault);
    let end = client.send(&purchase()).rest();
    assert_eq!(server.ledger().len(), usize::from(executed));
    let seen = &server.requests()[0];
    assert_eq!((seen.executed, seen.status, seen.body_complete), (executed, status, true));
    // The fault is gone; the next call is served.
    let reply = Client::new(server.addr()).call(&Request::scale_out(CLUSTER).roa());
    assert_eq!(reply.status, 200);
    end
}

#[test]
fn silent_ends() {
    for executed in [false, true] {
        let (bytes, reset) = suffer(Fault::CloseAfterRead { executed }, executed, 0);
        assert_eq!((bytes.len(), reset), (0, false));
        let (bytes, reset) = suffer(Fault::Reset { executed }, executed, 0);
        assert_eq!((bytes.len(), reset), (0, true));
        let (bytes, reset) = suffer(Fault::Garbage { executed }, executed, 0);
        assert!(!bytes.starts_with(b"HTTP/") && !bytes.is_empty() && !reset);
    }
}

#[test]
fn cut_replies() {
    for executed in [false, true] {
        let (bytes, _) = suffer(Fault::HalfReply { executed }, executed, 200);
        assert!(bytes.starts_with(b"HTTP/1.1 200 OK\r\n"));
        assert!(task_id(&bytes[bytes.len() / 2..]).is_none());
        let (bytes, _) = suffer(Fault::HalfBody { executed }, executed, 200);
        let (head, body) = split(&bytes);
        let length: usize = head.headers["content-length"].parse().expect("a length");
        assert_eq!(body.len(), length / 2);
        let (bytes, reset) = suffer(Fault::ShortBody { executed }, executed, 200);
        let (head, body) = split(&bytes);
        assert_eq!(head.headers["content-length"], (body.len() + 10).to_string());
        assert!(task_id(&body).is_some() && !reset);
        let (bytes, _) = suffer(Fault::NoLastChunk { executed }, executed, 200);
        let (head, body) = split(&bytes);
        assert_eq!(head.headers["transfer-encoding"], "chunked");
        assert!(body.ends_with(b"}\r\n"), "the whole document, and no last chunk");
    }
}

#[test]
fn a_close_before_reading_strikes_fresh_and_pooled_connections() {
    let (server, mut client) = meet(Fault::CloseBeforeRead);
    assert_eq!(client.rest(), (Vec::new(), false));
    assert_eq!((server.connections(), server.requests().len()), (1, 0));
    let mut client = Client::new(server.addr());
    let request = Request::scale_out(CLUSTER).roa();
    assert_eq!(client.call(&request).status, 200);
    server.fault(Fault::CloseBeforeRead);
    // Unread bytes turn the close into a reset, as they do on any idle connection that timed out.
    assert!(client.send(&purchase()).rest().0.is_empty());
    assert_eq!((server.requests().len(), server.ledger().len()), (1, 1));
}

#[test]
fn a_reset_in_the_middle_of_the_request() {
    let (server, mut client) = meet(Fault::ResetMidRequest);
    client.send(b"POST /api/v2/clusters/c1 HTTP/1.1\r\nHost: ");
    assert_eq!(client.rest(), (Vec::new(), true));
    assert!(server.requests().is_empty() && server.ledger().is_empty());
}

#[test]
fn a_hang_ends_with_the_client_or_the_server() {
    let (server, mut client) = meet(Fault::Hang { executed: true });
    client.send(&purchase());
    client.0.set_read_timeout(Some(Duration::from_millis(100))).expect("a timeout");
    assert!(client.0.read(&mut [0]).is_err(), "no answer");
    assert_eq!(server.ledger().len(), 1);
    let before = Instant::now();
    drop(server);
    assert!(before.elapsed() < Duration::from_secs(5));
    client.0.set_read_timeout(None).expect("no timeout");
    assert_eq!(client.rest().0, b"");
}

#[test]
fn unusual_but_correct_replies() {
    let (server, mut client) = meet(Fault::Chunked { executed: true });
    server.fault(Fault::CloseDelimited { executed: true });
    let closing = Request::scale_out(CLUSTER).with("Connection", "close").roa().bytes();
    let (head, body) = split(&client.send(&closing).rest().0);
    assert!(!head.headers.contains_key("content-length"));
    assert!(body.ends_with(b"\r\n0\r\n\r\n"));
    assert_eq!(body.split(|byte| *byte == b'\n').count(), 7, "two chunks and the last");
    let mut client = Client::new(server.addr());
    let (head, body) = split(&client.send(&purchase()).rest().0);
    assert_eq!((head.version.as_str(), head.status), ("HTTP/1.0", 200));
    assert!(!head.headers.contains_key("content-length"));
    assert_eq!(task_id(&body), server.ledger().get(1).map(|it| it.task_id.clone()));
}

#[test]
fn connections_that_end_after_a_correct_reply() {
    let (server, mut client) = meet(Fault::ConnectionClose);
    server.fault(Fault::CloseAfterReply);
    let (head, body) = split(&client.send(&purchase()).rest().0);
    assert_eq!(head.headers["connection"], "close");
    assert!(task_id(&body).is_some());
    let mut client = Client::new(server.addr());
    let (head, body) = split(&client.send(&purchase()).rest().0);
    assert_eq!(head.headers["connection"], "keep-alive");
    assert!(task_id(&body).is_some());
    assert_eq!(server.ledger().len(), 2);
}

#[test]
fn the_second_request_of_a_pooled_connection_dies() {
    for (executed, reset) in [(false, false), (true, false), (true, true)] {
        let (server, mut client) = meet(Fault::DieOnSecond { executed, reset });
        assert_eq!(client.send(&purchase()).reply().status, 200);
        assert_eq!(client.send(&purchase()).rest(), (Vec::new(), reset));
        assert_eq!(server.ledger().len(), 1 + usize::from(executed));
        let seen = &server.requests()[1];
        assert_eq!((seen.status, seen.executed, seen.connection), (0, executed, 1));
    }
}

#[test]
fn informational_replies_come_first() {
    let (_server, mut client) = meet(Fault::Informational);
    client.send(&purchase());
    let replies: Vec<u16> = (0..3).map(|_| client.reply().status).collect();
    assert_eq!(replies, [100, 103, 200]);
}

#[test]
fn late_slow_and_huge_replies() {
    let (server, mut client) = meet(Fault::Delay(Duration::from_millis(50)));
    server.fault(Fault::SlowDrip { executed: true, gap: Duration::from_micros(10) });
    server.fault(Fault::Huge { executed: true });
    let before = Instant::now();
    assert_eq!(client.send(&purchase()).reply().status, 200);
    assert!(before.elapsed() >= Duration::from_millis(50));
    assert_eq!(client.send(&purchase()).reply().status, 200);
    let huge = client.send(&purchase()).reply();
    assert!(huge.body.len() > 1024 * 1024);
    assert_eq!(task_id(&huge.body), server.ledger().get(2).map(|it| it.task_id.clone()));
}

#[test]
fn a_success_that_is_none() {
    let (server, mut client) = meet(Fault::NoTaskId { executed: true });
    server.fault(Fault::GarbageBody { executed: true });
    let reply = client.send(&purchase()).reply();
    let document = reply.json();
    assert!(document.get("task_id").is_none() && document.get("request_id").is_some());
    let reply = client.send(&purchase()).reply();
    assert_eq!(reply.status, 200);
    assert!(serde_json::from_slice::<Value>(&reply.body).is_err() && reply.body[0] != b'<');
    assert_eq!(server.ledger().len(), 2);
}
