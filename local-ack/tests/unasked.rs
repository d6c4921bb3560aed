//! Answers that nobody asked for, and requests that come twice.

mod common;

use common::{CLUSTER, Client, Request, meet, purchase, task_id};
use local_ack::{Fault, LocalAck};
use std::time::{Duration, Instant};

fn fault(text: &str) -> Fault {
    text.parse().expect("a fault")
}

#[test]
fn an_answer_comes_twice_and_shifts_what_follows() {
    for pause_ms in [0, 50] {
        let (server, mut client) = meet(fault(&format!("answer_twice:pause_ms={pause_ms}")));
        let first = client.send(&purchase()).reply();
        let begun = Instant::now();
        let copy = client.send(&Request::scale_out("another").roa().bytes()).reply();
        assert!(begun.elapsed() >= Duration::from_millis(pause_ms / 2), "{:?}", begun.elapsed());
        assert_eq!(first.body, copy.body, "the second request is given the first one's answer");
        assert_eq!(client.reply().json()["cluster_id"], "another");
        assert_eq!(server.ledger().len(), 2);
    }
}

#[test]
fn a_refusal_comes_unasked_behind_an_answer() {
    for pause_ms in [0, 50] {
        let (server, mut client) = meet(fault(&format!("surplus_refusal:pause_ms={pause_ms}")));
        assert_eq!(client.send(&purchase()).reply().status, 200);
        let surplus = client.reply();
        assert_eq!((surplus.status, surplus.code().as_str()), (429, "Throttling.User"));
        assert_eq!((server.ledger().len(), server.requests().len()), (1, 1));
        assert_eq!(client.send(&purchase()).reply().status, 200, "the connection lives on");
    }
}

#[test]
fn an_answer_comes_before_anything_was_asked_and_nothing_after_it() {
    for status in [200, 429, 503] {
        let text = format!("answer_first:status={status},cluster_id={CLUSTER}");
        let (server, mut client) = meet(fault(&text));
        let reply = client.reply();
        assert_eq!(reply.status, status);
        if status == 200 {
            assert_eq!(reply.json()["cluster_id"], CLUSTER);
            assert!(task_id(&reply.body).is_some_and(|id| id.starts_with("T-")));
        }
        // What is asked afterwards is neither read nor executed.
        client.send(&purchase());
        client.0.set_read_timeout(Some(Duration::from_millis(100))).expect("a timeout");
        assert!(std::io::Read::read(&mut client.0, &mut [0]).is_err());
        assert!(server.requests().is_empty() && server.ledger().is_empty());
        // The next connection is served.
        let reply = Client::new(server.addr()).call(&Request::scale_out(CLUSTER).roa());
        assert_eq!(reply.status, 200);
    }
}

#[test]
fn a_used_connection_is_too_late_for_an_answer_that_comes_first() {
    let server = LocalAck::start().expect("a server");
    let mut client = Client::new(server.addr());
    assert_eq!(client.send(&purchase()).reply().status, 200);
    server.fault(fault("answer_first:status=503"));
    assert_eq!(client.send(&purchase()).reply().status, 200);
    assert_eq!(Client::new(server.addr()).reply().status, 503, "it was left for this one");
}

#[test]
fn a_request_that_is_delivered_twice_is_told_that_its_nonce_was_used() {
    for executed in [false, true] {
        let (server, mut client) = meet(Fault::DeliveredTwice { executed });
        let reply = client.send(&purchase()).reply();
        assert_eq!((reply.status, reply.code().as_str()), (400, "SignatureNonceUsed"));
        assert_eq!(server.ledger().len(), usize::from(executed));
        let seen = &server.requests()[0];
        assert_eq!((seen.status, seen.executed), (400, executed));
    }
}

#[test]
fn what_the_server_closed_is_not_counted_as_open() {
    let (server, mut client) = meet(Fault::ConnectionClose);
    client.send(&purchase()).rest();
    let mut other = Client::new(server.addr());
    assert_eq!(other.call(&Request::scale_out(CLUSTER).roa()).status, 200);
    let begun = Instant::now();
    while server.open_connections() > 1 {
        assert!(begun.elapsed() < Duration::from_secs(10));
        std::thread::yield_now();
    }
    assert_eq!((server.connections(), server.open_connections()), (2, 1));
}
