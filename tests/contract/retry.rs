//! The promise: the library tries again only where the earlier copy provably was not executed, and
//! `attempts` tells the truth.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::common::faults::{Copies, cases, fault};
use crate::common::{call, closed_port, posts, request, start, start_proxy, start_with, wait_for};
use cs_scale_out::Status;
use local_ack::{Fault, Options, ProxyOptions};
use serde_json::json;

fn throttled(headers: &str) -> Fault {
    fault(&format!("status:status=429,code=TooManyRequests{headers}"))
}

#[test]
fn what_was_not_executed_is_sent_again_until_the_fault_is_gone() {
    for case in cases() {
        let met = match case.copies {
            Copies::One | Copies::Unsent => continue, // tests/contract/outcome.rs
            Copies::Two => 1,
            Copies::All => 2,
        };
        let ack = start();
        (0..met).for_each(|_| ack.fault(case.fault.clone()));
        let (ended, document) = call(&request(&ack, json!({})));
        assert_eq!(ended, Status::Ok, "{}: {document}", case.fault);
        assert_eq!(document["attempts"], met + 1, "{}", case.fault);
        let copies = posts(&ack);
        assert_eq!((copies.len(), ack.ledger().len()), (met + 1, 1), "{}", case.fault);
        let headers = copies.iter().flat_map(|seen| &seen.headers);
        let nonces: HashSet<_> = headers.filter(|h| h.0 == "x-acs-signature-nonce").collect();
        assert_eq!(nonces.len(), met + 1, "each copy is signed anew");
        let connections: HashSet<_> = copies.iter().map(|seen| seen.connection).collect();
        assert_eq!(connections.len(), met + 1, "{}: over a fresh connection", case.fault);
    }
}

#[test]
fn without_a_pause_to_keep_one_is_made_up() {
    for fault in [throttled(""), fault("status:status=400,code=Throttling.Api")] {
        let ack = start();
        ack.fault(fault);
        let (ended, document) = call(&request(&ack, json!({})));
        assert_eq!((ended, posts(&ack).len()), (Status::Ok, 2), "{document}");
    }
}

#[test]
fn max_attempts_bounds_the_copies() {
    for most in [1, 2, 5] {
        let ack = start();
        (0..10).for_each(|_| ack.fault(throttled(",header.x-acs-retry-after=1")));
        let (ended, document) = call(&request(&ack, json!({"max_attempts": most})));
        assert_eq!(ended, Status::Refused, "{document}");
        assert_eq!(document["attempts"], most);
        assert_eq!(posts(&ack).len(), most);
    }
}

#[test]
fn the_service_says_how_long_to_wait() {
    for (headers, least) in [
        // Milliseconds win over seconds.
        (",header.x-acs-retry-after=300,header.Retry-After=9", 300),
        // Zero milliseconds say nothing.
        (",header.x-acs-retry-after=0,header.Retry-After=1", 1000),
    ] {
        let ack = start();
        ack.fault(throttled(headers));
        let begun = Instant::now();
        let (ended, document) = call(&request(&ack, json!({})));
        assert_eq!(ended, Status::Ok, "{document}");
        assert!(begun.elapsed() >= Duration::from_millis(least), "{:?}", begun.elapsed());
    }
}

#[test]
fn a_wait_beyond_the_deadline_is_not_waited_for() {
    let ack = start();
    ack.fault(throttled(",header.Retry-After=60"));
    let begun = Instant::now();
    let (ended, document) = call(&request(&ack, json!({"timeout_ms": 2000})));
    assert_eq!(ended, Status::Refused, "{document}");
    assert_eq!(posts(&ack).len(), 1);
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[test]
fn an_expired_time_stamp_is_corrected_once_from_the_replys_date() {
    for method in ["HMAC-SHA1", "ACS3-HMAC-SHA256"] {
        for clock_offset in [-86_400, 86_400] {
            let ack = start_with(Options { clock_offset, ..Options::default() });
            let (ended, document) = call(&request(&ack, json!({"signature_method": method})));
            assert_eq!(ended, Status::Ok, "{method} {clock_offset}: {document}");
            assert_eq!(document["warnings"][0]["code"], "clock_skew");
            assert_eq!(document["attempts"], 2);
            assert_eq!(ack.ledger().len(), 1);
            // The process remembers it for this endpoint.
            let (ended, document) = call(&request(&ack, json!({"signature_method": method})));
            assert_eq!((ended, &document["attempts"]), (Status::Ok, &json!(1)), "{document}");
        }
    }
}

#[test]
fn a_known_refusal_is_not_made_unknown_by_a_copy_that_has_no_time_left() {
    for (timeout_ms, attempts) in [(900, 1), (5_000, 2)] {
        let ack = start();
        ack.fault(fault("status:status=429"));
        let (ended, document) = call(&request(&ack, json!({"timeout_ms": timeout_ms})));
        assert_eq!(document["attempts"], attempts, "{document}");
        assert_eq!(ended, if attempts == 1 { Status::Refused } else { Status::Ok });
    }
}

#[test]
fn a_clock_that_stays_wrong_is_refused() {
    let ack = start();
    (0..5).for_each(|_| ack.fault(fault("status:status=400,code=InvalidTimeStamp.Expired")));
    let (ended, document) = call(&request(&ack, json!({"max_attempts": 9})));
    assert_eq!(ended, Status::Refused, "{document}");
    assert_eq!((document["attempts"].as_u64(), posts(&ack).len()), (Some(2), 2));
    assert!(document["hint"].as_str().is_some_and(|hint| hint.contains("clock")), "{document}");
}

#[test]
fn what_was_not_sent_is_tried_again_within_attempts_and_deadline() {
    let (closed, ack) = (closed_port(), start());
    let client = json!({"endpoint": closed.url(), "max_attempts": 4});
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
    let closed = closed_port();
    // The proxy counts the attempts.
    let proxy = start_proxy(ProxyOptions::default());
    let client = json!({"endpoint": closed.url(), "proxy": proxy.url(), "max_attempts": 100});
    let document = request(&start(), client);
    let caller = std::thread::spawn(move || call(&document));
    wait_for("a second attempt", || proxy.targets().len() > 1);
    let ack = start_with(Options { port: closed.addr().port(), ..Options::default() });
    let (ended, document) = caller.join().expect("no panic");
    assert_eq!(ended, Status::Ok, "{document}");
    assert!(document["attempts"].as_u64() > Some(1));
    assert_eq!(ack.ledger().len(), 1);
}

#[test]
fn a_refusal_followed_by_silence_stays_a_refusal() {
    let ack = start();
    ack.fault(throttled(",header.x-acs-retry-after=300,header.Connection=close"));
    let document = request(&ack, json!({"max_attempts": 3}));
    let caller = std::thread::spawn(move || call(&document));
    wait_for("the refusal", || posts(&ack).first().is_some_and(|seen| seen.status == 429));
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
