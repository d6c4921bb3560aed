//! Faults that are statuses, and who takes which fault.

mod common;

use common::{CLUSTER, Client, Request, meet, purchase};
use local_ack::{Fault, LocalAck, Options, Shape};
use std::time::{Duration, Instant};

#[test]
fn every_status_in_every_shape() {
    let cases = [
        (Shape::Gateway, 503, "{\"Code\":\"C<1>\",\"HostId\""),
        (Shape::Cs, 500, "{\"code\":\"C<1>\",\"message\":\"m & m\",\"requestId\""),
        (Shape::Xml, 429, "<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>"),
        (Shape::Text, 415, "code=C<1>, message=m & m"),
        (Shape::Html, 302, "<html>"),
        (
            Shape::Nested,
            400,
            "{\"error\":{\"code\":\"C<1>\",\"message\":\"m & m\"},\"request_id\":",
        ),
        (
            Shape::AccessDenied,
            403,
            "{\"AccessDeniedDetail\":{\"AuthAction\":\"cs:ScaleOutCluster\"",
        ),
    ];
    for (shape, status, start) in cases {
        let (server, mut client) = meet(Fault::Status {
            status,
            shape,
            code: "C<1>".into(),
            message: "m & m".into(),
            headers: vec![
                ("Location".into(), "/elsewhere".into()),
                ("date".into(), "never".into()),
            ],
            executed: true,
        });
        let reply = client.send(&purchase()).reply();
        assert_eq!(reply.status, status);
        assert!(reply.text().starts_with(start), "{}", reply.text());
        assert_eq!(reply.headers["location"], "/elsewhere");
        assert_eq!(reply.headers["date"], "never");
        assert_eq!(server.ledger().len(), 1);
        if shape == Shape::Xml {
            assert!(reply.text().contains("<Code>C&lt;1&gt;</Code>"));
        }
        // The connection lives on.
        assert_eq!(client.send(&purchase()).reply().status, 200);
    }
}

#[test]
fn a_status_without_body_has_no_length() {
    let text = "status:status=204";
    let (_server, mut client) = meet(text.parse().expect("a fault"));
    client.send(&purchase());
    client.send(&purchase());
    assert!(!client.reply().headers.contains_key("content-length"));
    assert_eq!(client.reply().status, 200);
}

#[test]
fn queues_are_kept_apart() {
    let (server, mut client) = meet("status:status=500".parse().expect("a fault"));
    server.fault_for("own", "status:status=501".parse().expect("a fault"));
    server.fault_for_reads("status:status=502".parse().expect("a fault"));
    let mut call = |request: Request| client.call(&request.roa()).status;
    assert_eq!(call(Request::scale_out("own")), 501);
    assert_eq!(call(Request::task("T-1")), 502);
    assert_eq!(call(Request::task("T-1")), 404);
    assert_eq!(call(Request::scale_out("own")), 500);
    assert_eq!(call(Request::scale_out("other")), 200);
    server.fault("status".parse().expect("a fault"));
    server.clear_faults();
    assert_eq!(call(Request::scale_out("other")), 200);
}

#[test]
fn a_refused_request_takes_no_fault() {
    let (server, mut client) = meet(Fault::Reset { executed: true });
    let unsigned = Request::scale_out(CLUSTER);
    assert_eq!(client.call(&unsigned).code(), "IncompleteSignature");
    assert!(client.send(&purchase()).rest().1);
    assert_eq!(server.ledger().len(), 1);
}

#[test]
fn latency_comes_after_the_purchase() {
    let options = Options { latency: Duration::from_secs(30), ..Options::default() };
    let server = LocalAck::with(options).expect("a server");
    let mut client = Client::new(server.addr());
    client.send(&purchase());
    let before = Instant::now();
    while server.ledger().is_empty() {
        assert!(before.elapsed() < Duration::from_secs(10));
        std::thread::yield_now();
    }
    drop(server);
    assert!(before.elapsed() < Duration::from_secs(10), "the stop cuts the sleep short");
}

#[test]
fn a_front_end_looks_at_no_signature_and_has_a_clock_of_its_own() {
    for (text, executed, offset) in [
        ("front_end:status=502,date_offset=-7200", false, -7200),
        ("front_end:status=504,date_offset=3600,executed=true", true, 3600),
    ] {
        let (server, mut client) = meet(text.parse().expect("a fault"));
        let begun = common::clock::now_ms(0) / 1000;
        let reply = client.send(&purchase()).reply();
        assert!([502, 504].contains(&reply.status) && reply.text().starts_with("<html>"));
        assert!(!reply.headers.contains_key("x-acs-request-id"));
        let date = common::clock::parse_http_date(&reply.headers["date"]).expect("a date");
        assert!((begun + offset..=begun + offset + 60).contains(&date), "{text}: {date}");
        assert_eq!(server.ledger().len(), usize::from(executed));
        // What is badly signed is not executed, whatever the fault says.
        server.fault("front_end:executed=true".parse().expect("a fault"));
        assert_eq!(client.call(&Request::scale_out(CLUSTER)).status, 502);
        assert_eq!(server.ledger().len(), usize::from(executed));
    }
}

#[test]
fn behind_a_front_end_the_right_clock_refuses_a_wrong_one() {
    let options = Options { clock_offset: 3600, ..Options::default() };
    let server = LocalAck::with(options).expect("a server");
    server.fault("front_end:status=503".parse().expect("a fault"));
    let mut client = Client::new(server.addr());
    let reply = client.call(&Request::scale_out(CLUSTER).roa());
    assert_eq!(reply.status, 503);
    let date = common::clock::parse_http_date(&reply.headers["date"]).expect("a date");
    assert!(date > common::clock::now_ms(3500) / 1000);
    let refused = client.call(&Request::tasks(CLUSTER, "").roa());
    assert_eq!(refused.code(), "InvalidTimeStamp.Expired");
    assert_eq!(client.call(&Request::tasks(CLUSTER, "").roa_at(3600)).status, 200);
}
