//! The promise: the library tries again only where the earlier copy provably was not executed, and
//! `attempts` tells the truth.

use std::time::{Duration, Instant};

use crate::common::{call, request, start};
use cs_scale_out::Status;
use local_ack::{Fault, LocalAck, Options, Shape};
use serde_json::json;

fn throttled(status: u16, headers: &[(&str, &str)]) -> Fault {
    Fault::Status {
        status,
        shape: Shape::Gateway,
        code: if status == 429 { "TooManyRequests" } else { "Throttling.Api" }.to_owned(),
        message: "slow down".to_owned(),
        headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        executed: false,
    }
}

fn posts(ack: &LocalAck) -> usize {
    ack.requests().iter().filter(|seen| seen.method == "POST").count()
}

#[test]
fn throttling_is_tried_again_until_it_ends() {
    for status in [400, 403, 429] {
        let ack = start();
        ack.fault(throttled(status, &[]));
        ack.fault(throttled(status, &[]));
        let (ended, document) = call(&request(&ack, json!({})));
        assert_eq!(ended, Status::Ok, "{document}");
        assert_eq!(document["attempts"], 3);
        assert_eq!((posts(&ack), ack.ledger().len()), (3, 1));
        let nonce = |name: &str| {
            let seen = ack.requests();
            let of =
                |s: &local_ack::Seen| s.headers.iter().find(|h| h.0 == name).map(|h| h.1.clone());
            seen.iter().filter_map(of).collect::<std::collections::HashSet<_>>().len()
        };
        assert_eq!(nonce("x-acs-signature-nonce"), 3, "each copy is signed anew");
    }
}

#[test]
fn max_attempts_bounds_the_copies() {
    for most in [1, 2, 5] {
        let ack = start();
        for _ in 0..10 {
            ack.fault(throttled(429, &[("x-acs-retry-after", "1")]));
        }
        let (ended, document) = call(&request(&ack, json!({"max_attempts": most})));
        assert_eq!(ended, Status::Refused, "{document}");
        assert_eq!(document["attempts"], most);
        assert_eq!(posts(&ack), most);
    }
}

#[test]
fn the_service_says_how_long_to_wait() {
    let waits: [&[(&str, &str)]; 2] = [
        // Milliseconds win over seconds.
        &[("x-acs-retry-after", "300"), ("Retry-After", "9")],
        // Zero milliseconds say nothing.
        &[("x-acs-retry-after", "0"), ("Retry-After", "1")],
    ];
    for (headers, least) in waits.iter().zip([300, 1000]) {
        let ack = start();
        ack.fault(throttled(429, headers));
        let begun = Instant::now();
        let (ended, document) = call(&request(&ack, json!({})));
        assert_eq!(ended, Status::Ok, "{document}");
        assert!(begun.elapsed() >= Duration::from_millis(least), "{:?}", begun.elapsed());
    }
}

#[test]
fn a_wait_beyond_the_deadline_is_not_waited_for() {
    let ack = start();
    ack.fault(throttled(429, &[("Retry-After", "60")]));
    let begun = Instant::now();
    let (ended, document) = call(&request(&ack, json!({"timeout_ms": 2000})));
    assert_eq!(ended, Status::Refused, "{document}");
    assert_eq!(posts(&ack), 1);
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[test]
fn an_expired_time_stamp_is_corrected_once_from_the_replys_date() {
    for method in ["HMAC-SHA1", "ACS3-HMAC-SHA256"] {
        for clock_offset in [-86_400, 86_400] {
            let options = Options { clock_offset, ..Options::default() };
            let ack = LocalAck::with(options).expect("local-ack starts");
            let (ended, document) = call(&request(&ack, json!({"signature_method": method})));
            assert_eq!(ended, Status::Ok, "{method} {clock_offset}: {document}");
            assert_eq!(document["warnings"][0]["code"], "clock_skew");
            assert_eq!(document["attempts"], 2);
            assert_eq!(ack.ledger().len(), 1);
        }
    }
}

#[test]
fn a_clock_that_stays_wrong_is_refused() {
    let ack = start();
    for _ in 0..5 {
        ack.fault(Fault::Status {
            status: 400,
            shape: Shape::Gateway,
            code: "InvalidTimeStamp.Expired".to_owned(),
            message: "Specified time stamp or date value is expired.".to_owned(),
            headers: Vec::new(),
            executed: false,
        });
    }
    let (ended, document) = call(&request(&ack, json!({"max_attempts": 9})));
    assert_eq!(ended, Status::Refused, "{document}");
    assert_eq!((document["attempts"].as_u64(), posts(&ack)), (Some(2), 2));
    assert!(document["hint"].as_str().is_some_and(|hint| hint.contains("clock")), "{document}");
}

#[test]
fn other_refusals_are_not_tried_again() {
    for (status, code) in [(400, "InvalidParameter"), (403, "Forbidden.RAM"), (404, "ErrorCluster")]
    {
        let ack = start();
        ack.fault(Fault::Status {
            status,
            shape: Shape::Cs,
            code: code.to_owned(),
            message: "no".to_owned(),
            headers: Vec::new(),
            executed: false,
        });
        let (ended, document) = call(&request(&ack, json!({})));
        assert_eq!(ended, Status::Refused);
        assert_eq!((document["attempts"].as_u64(), posts(&ack)), (Some(1), 1));
    }
}

#[test]
fn what_was_not_sent_is_tried_again_within_attempts_and_deadline() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    let endpoint = format!("http://{}", closed.expect("a port"));
    let ack = start();
    let client = json!({"endpoint": endpoint, "max_attempts": 4});
    let (ended, document) = call(&request(&ack, client));
    assert_eq!(ended, Status::Unsent);
    assert_eq!(document["attempts"], 4, "{document}");
    // A certificate file that is not there will not be there in a moment either.
    let client =
        json!({"endpoint": "https://127.0.0.1:1", "ca_file": "/no/such/file", "max_attempts": 4});
    let (ended, document) = call(&request(&ack, client));
    assert_eq!((ended, document["attempts"].as_u64()), (Status::Unsent, Some(1)), "{document}");
}

#[test]
fn a_server_that_comes_up_meanwhile_is_reached() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    let port = port.expect("a port").port();
    let starter = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(150));
        LocalAck::with(Options { port, ..Options::default() }).expect("local-ack starts")
    });
    let template = start();
    let client = json!({"endpoint": format!("http://127.0.0.1:{port}"), "max_attempts": 100});
    let (ended, document) = call(&request(&template, client));
    let ack = starter.join().expect("started");
    assert_eq!(ended, Status::Ok, "{document}");
    assert!(document["attempts"].as_u64() > Some(1));
    assert_eq!(ack.ledger().len(), 1);
}

#[test]
fn a_refusal_followed_by_silence_stays_a_refusal() {
    let ack = start();
    ack.fault(throttled(429, &[("x-acs-retry-after", "300"), ("Connection", "close")]));
    let document = request(&ack, json!({"max_attempts": 3}));
    let caller = std::thread::spawn(move || call(&document));
    while posts(&ack) == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(50));
    drop(ack);
    let (ended, document) = caller.join().expect("no panic");
    assert_eq!(ended, Status::Refused, "{document}");
    assert!(document["cause"].as_str().is_some_and(|cause| cause.contains("nothing was sent")));
    assert_eq!(document["attempts"], 3);
}

#[test]
fn one_deadline_bounds_everything() {
    let ack = start();
    ack.fault(Fault::Hang { executed: true });
    let client = json!({"timeout_ms": 300, "reconcile": false});
    let begun = Instant::now();
    let (ended, document) = call(&request(&ack, client));
    assert_eq!(ended, Status::Unknown, "{document}");
    let took = begun.elapsed();
    assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(10), "{took:?}");
}
