//! The ways HTTP allows to ask, and those it does not.

mod common;

use common::{CLUSTER, Client, Request, purchase};
use local_ack::LocalAck;
use serde_json::Value;

fn start() -> (LocalAck, Client) {
    let server = LocalAck::start().expect("a server");
    let client = Client::new(server.addr());
    (server, client)
}

#[test]
fn requests_may_come_in_pieces_or_in_one() {
    let (server, mut client) = start();
    for piece in purchase().chunks(7) {
        client.send(piece);
    }
    assert_eq!(client.reply().status, 200);
    let pipelined = [purchase(), purchase(), purchase()].concat();
    client.send(&pipelined);
    let ids: Vec<Value> = (0..3).map(|_| client.reply().json()["task_id"].clone()).collect();
    let entered: Vec<String> = server.ledger()[1..].iter().map(|it| it.task_id.clone()).collect();
    assert_eq!(ids, entered);
    assert_eq!(server.connections(), 1);
}

#[test]
fn bodies_may_be_chunked() {
    let (server, mut client) = start();
    let request = Request::scale_out(CLUSTER).without("Content-Length");
    let request = request.with("Transfer-Encoding", "chunked").roa();
    let body = "4;note=1\r\n{\"co\r\n7\r\nunt\":3}\r\n0\r\nTrailer: x\r\n\r\n";
    let reply = client.send((request.head() + body).as_bytes()).reply();
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(server.ledger()[0].count, Some(3));
    assert_eq!(server.requests()[0].body, br#"{"count":3}"#);
}

#[test]
fn a_client_that_asks_first_is_told_to_go_on() {
    let (_server, mut client) = start();
    let request = Request::scale_out(CLUSTER).with("Expect", "100-continue").roa();
    assert_eq!(client.send(request.head().as_bytes()).reply().status, 100);
    assert_eq!(client.send(request.body.as_bytes()).reply().status, 200);
}

#[test]
fn what_is_too_large_or_no_http_is_refused() {
    let large = "x".repeat(70 * 1024);
    let long = Request::scale_out(CLUSTER).with("x-acs-long", &large).bytes();
    let wide = Request::scale_out(CLUSTER).with("Content-Length", "2097153").bytes();
    let twice = b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n".to_vec();
    let both = b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n";
    for (bytes, status) in [
        (long, 431),
        (wide, 413),
        (twice, 400),
        (both.to_vec(), 400),
        (chunk.to_vec(), 400),
        (b"\x16\x03\x01\x02\x00\x01".to_vec(), 400),
        (b"GET  / HTTP/1.1\r\n\r\n".to_vec(), 400),
        (b"GET / HTTP/2.0\r\n\r\n".to_vec(), 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n".to_vec(), 400),
    ] {
        let (server, mut client) = start();
        let reply = client.send(&bytes).reply();
        assert_eq!(
            reply.status,
            status,
            "{}",
            String::from_utf8_lossy(&bytes[..20.min(bytes.len())])
        );
        assert_eq!(reply.headers["connection"], "close");
        assert!(server.ledger().is_empty());
    }
}

#[test]
fn a_request_that_stops_short_is_seen_as_such() {
    let (server, mut client) = start();
    let bytes = purchase();
    client.send(&bytes[..bytes.len() - 4]);
    client.0.shutdown(std::net::Shutdown::Write).expect("half closed");
    assert_eq!(client.rest(), (Vec::new(), false));
    let seen = &server.requests()[0];
    assert_eq!((seen.status, seen.executed, seen.body_complete), (0, false, false));
    assert_eq!(seen.body, br#"{"count"#);
}

#[test]
fn a_connection_ends_when_the_client_asks() {
    let (_server, mut client) = start();
    client.send(&Request::scale_out(CLUSTER).with("Connection", "close").roa().bytes());
    assert_eq!(client.reply().headers["connection"], "close");
    assert_eq!(client.rest(), (Vec::new(), false));
}
