//! The promise: every end has the status the contract's table gives it, and where the table says
//! "never", exactly one POST was put on the wire.

use std::time::Duration;

use crate::common::{CLUSTER, call, merge, request, start};
use cs_scale_out::Status;
use local_ack::{Fault, LocalAck, Shape};
use serde_json::{Value, json};

fn posts(ack: &LocalAck) -> usize {
    ack.requests().iter().filter(|seen| seen.method == "POST").count()
}

/// Quick, and without a look at the task list: that has tests of its own.
fn plain() -> Value {
    json!({"reconcile": false, "timeout_ms": 1500, "max_attempts": 3})
}

/// One call that meets `fault`; the document and the server.
fn meet(fault: &Fault, extra: Value) -> (Status, Value, LocalAck) {
    let ack = start();
    ack.fault(fault.clone());
    let mut client = plain();
    merge(&mut client, extra);
    let (status, document) = call(&request(&ack, client));
    (status, document, ack)
}

fn status_fault(status: u16, shape: Shape, code: &str, message: &str) -> Fault {
    Fault::Status {
        status,
        shape,
        code: code.to_owned(),
        message: message.to_owned(),
        headers: Vec::new(),
        executed: false,
    }
}

#[test]
fn faults_after_the_request_was_sent_are_unknown_and_never_sent_again() {
    for executed in [false, true] {
        let faults = [
            Fault::CloseAfterRead { executed },
            Fault::Reset { executed },
            Fault::ResetMidRequest,
            Fault::Hang { executed },
            Fault::HalfReply { executed },
            Fault::HalfBody { executed },
            Fault::ShortBody { executed },
            Fault::NoLastChunk { executed },
            Fault::Garbage { executed },
            Fault::GarbageBody { executed },
            Fault::SlowDrip { executed, gap: Duration::from_millis(100) },
            Fault::Huge { executed },
            Fault::NoTaskId { executed },
        ];
        for fault in faults {
            let (status, document, ack) = meet(&fault, json!({}));
            assert_eq!(status, Status::Unknown, "{fault}: {document}");
            assert_eq!(document["attempts"], 1, "{fault}");
            assert!(posts(&ack) <= 1 && ack.connections() == 1, "{fault}: sent again");
            assert_eq!(ack.ledger().len(), usize::from(fault.executed()), "{fault}");
            assert!(document["hint"].as_str().is_some_and(|hint| hint.contains("look")), "{fault}");
        }
    }
}

#[test]
fn a_connection_closed_before_the_request_is_made_anew_unless_a_byte_was_written() {
    for _ in 0..20 {
        let (status, document, ack) = meet(&Fault::CloseBeforeRead, json!({}));
        let expected = if document["attempts"] == 1 { Status::Unknown } else { Status::Ok };
        assert_eq!(status, expected, "{document}");
        assert_eq!(ack.ledger().len(), usize::from(status == Status::Ok), "{document}");
    }
}

#[test]
fn odd_but_whole_replies_are_ok() {
    let faults = [
        Fault::Chunked { executed: true },
        Fault::Informational,
        Fault::ConnectionClose,
        Fault::CloseAfterReply,
        Fault::CloseDelimited { executed: true },
        Fault::Delay(Duration::from_millis(50)),
        Fault::SlowDrip { executed: true, gap: Duration::from_micros(100) },
    ];
    for fault in faults {
        for format in ["json", "xml"] {
            let (status, document, ack) = meet(&fault, json!({"format": format}));
            assert_eq!(status, Status::Ok, "{fault}: {document}");
            let ledger = ack.ledger();
            assert_eq!(ledger.len(), 1, "{fault}");
            assert_eq!(document["task_id"], ledger[0].task_id, "{fault}");
            assert_eq!(document["request_id"], ledger[0].request_id, "{fault}");
            assert_eq!(document["cluster_id"], CLUSTER, "{fault}");
        }
    }
}

/// How an HTTP status is to be read, by the contract's table.
fn expected(status: u16) -> Status {
    match status {
        408 | 500.. => Status::Unknown,
        300..=499 => Status::Refused,
        _ => Status::Unknown,
    }
}

#[test]
fn every_http_status_with_every_error_shape() {
    let statuses = [
        201, 202, 204, 299, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 407, 408, 409, 413,
        415, 422, 451, 499, 500, 501, 502, 503, 504, 599,
    ];
    for status in statuses {
        for shape in [Shape::Gateway, Shape::Cs, Shape::Xml, Shape::Text, Shape::Html] {
            let fault = status_fault(status, shape, "SomeCode", "some message");
            let (ended, document, ack) = meet(&fault, json!({}));
            assert_eq!(ended, expected(status), "{fault}: {document}");
            assert_eq!(posts(&ack), 1, "{fault}");
            assert_eq!(document["http_status"], status, "{fault}");
            assert!(document["request_id"].is_string(), "{fault}: {document}");
            if matches!(status, 204 | 304) {
                continue; // they have no body
            }
            if shape == Shape::Html {
                assert_eq!(document["code"], Value::Null, "{fault}");
                let raw = document["raw"].as_str().expect("the page is kept");
                assert!(raw.contains("<html"), "{fault}: {raw}");
            } else {
                assert_eq!(document["code"], "SomeCode", "{fault}");
                assert_eq!(document["raw"], Value::Null, "{fault}");
            }
        }
    }
}

#[test]
fn a_redirect_is_refused_and_never_followed() {
    let elsewhere = start();
    let fault = Fault::Status {
        status: 307,
        shape: Shape::Html,
        code: String::new(),
        message: String::new(),
        headers: vec![("Location".to_owned(), format!("{}/api/v2/clusters/x", elsewhere.url()))],
        executed: false,
    };
    let (status, document, ack) = meet(&fault, json!({}));
    assert_eq!(status, Status::Refused, "{document}");
    assert_eq!((posts(&ack), elsewhere.connections()), (1, 0));
}

#[test]
fn throttling_in_a_5xx_or_408_is_unknown_and_elsewhere_refused() {
    let code = "Throttling.User";
    for (status, expected) in [
        (400, Status::Refused),
        (403, Status::Refused),
        (429, Status::Refused),
        (408, Status::Unknown),
        (500, Status::Unknown),
        (503, Status::Unknown),
        (200, Status::Unknown),
    ] {
        let fault = status_fault(status, Shape::Gateway, code, "slow down");
        let (ended, document, ack) = meet(&fault, json!({"max_attempts": 1}));
        assert_eq!(ended, expected, "{document}");
        assert_eq!(posts(&ack), 1);
    }
}

#[test]
fn before_the_first_byte_it_is_unsent() {
    let ack = start();
    let base = request(&ack, plain());
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr();
    let closed = closed.expect("an address").to_string();
    let secure = format!("https://{}", ack.addr());
    let at = ack.addr().to_string();
    // How, and what the answer says: where it went wrong, and what to look at.
    let cases = [
        (json!({"endpoint": format!("http://{closed}")}), closed.as_str(), "check the endpoint"),
        (json!({"endpoint": "no-such-host.invalid"}), "no-such-host.invalid", "resolve names"),
        (json!({"endpoint": secure}), at.as_str(), "does not speak TLS"),
        (json!({"proxy": format!("http://{closed}")}), closed.as_str(), "the proxy"),
        (json!({"endpoint": "https://[::1]:1", "ca_file": "/no/such.pem"}), "/no/such.pem", ""),
    ];
    for (extra, place, advice) in cases {
        let mut document = base.clone();
        merge(&mut document["client"], extra);
        let (status, answer) = call(&document);
        assert_eq!(status, Status::Unsent, "{answer}");
        assert!(answer["cause"].as_str().is_some_and(|cause| cause.contains(place)), "{answer}");
        assert!(answer["hint"].as_str().unwrap_or_default().contains(advice), "{answer}");
    }
    assert!(ack.ledger().is_empty());
}

#[test]
fn a_pooled_connection_that_dies_is_unknown_once_a_byte_was_written() {
    for (executed, reset) in [(false, false), (true, false), (false, true), (true, true)] {
        let ack = start();
        ack.fault(Fault::DieOnSecond { executed, reset });
        let document = request(&ack, plain());
        assert_eq!(call(&document).0, Status::Ok);
        let (status, answer) = call(&document);
        assert_eq!(status, Status::Unknown, "{answer}");
        assert_eq!(answer["attempts"], 1);
        assert_eq!(posts(&ack), 2, "executed {executed}, reset {reset}");
        assert_eq!(ack.ledger().len(), 1 + usize::from(executed));
        assert_eq!(ack.connections(), 1);
    }
}

#[test]
fn a_pooled_connection_that_died_before_is_replaced() {
    let ack = start();
    let document = request(&ack, plain());
    for _ in 0..5 {
        ack.fault(Fault::CloseAfterReply);
        assert_eq!(call(&document).0, Status::Ok);
        // The close needs a moment to arrive.
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!((posts(&ack), ack.ledger().len(), ack.connections()), (5, 5, 5));
}

#[test]
fn connections_are_kept_and_used_again() {
    let ack = start();
    for _ in 0..5 {
        assert_eq!(call(&request(&ack, plain())).0, Status::Ok);
    }
    assert_eq!((ack.connections(), ack.ledger().len()), (1, 5));
}

#[test]
fn a_name_with_several_addresses_is_tried_in_turn() {
    // The stand-in listens on 127.0.0.1 only; a system with IPv6 tries ::1 first.
    let ack = start();
    let mut document = request(&ack, plain());
    document["client"]["endpoint"] = json!(format!("http://localhost:{}", ack.addr().port()));
    let (status, answer) = call(&document);
    assert_eq!(status, Status::Ok, "{answer}");
    assert_eq!(answer["attempts"], 1);
}
