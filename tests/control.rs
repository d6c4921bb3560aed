//! The promise: a call is stopped before its first byte, or not at all.

mod common;

use std::time::{Duration, Instant};

use common::{CLUSTER, read, request, start};
use cs_scale_out::{Control, Status};
use local_ack::{Fault, LocalAck, Options};
use serde_json::json;

#[test]
fn stopped_before_the_first_byte_nothing_is_sent() {
    let ack = start();
    let control = Control::new();
    assert!(control.cancel());
    let document = request(&ack, json!({})).to_string();
    let (status, answer) = read(cs_scale_out::scale_out_with(document.as_bytes(), &control));
    assert_eq!(status, Status::Unsent, "{answer}");
    assert_eq!(answer["attempts"], 1, "it is not tried again");
    assert!(ack.requests().is_empty());
}

#[test]
fn once_a_byte_was_sent_it_cannot_be_stopped() {
    let ack = start();
    ack.fault(Fault::Delay(Duration::from_millis(300)));
    let control = Control::new();
    let document = request(&ack, json!({})).to_string();
    let (status, answer) = std::thread::scope(|scope| {
        let call =
            scope.spawn(|| read(cs_scale_out::scale_out_with(document.as_bytes(), &control)));
        while ack.ledger().is_empty() {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(control.was_sent() && !control.cancel());
        call.join().expect("no panic")
    });
    assert_eq!(status, Status::Ok, "{answer}");
}

#[test]
fn between_a_refusal_and_the_next_copy_it_can_be_stopped() {
    let ack = start();
    ack.fault("status:status=429,header.Retry-After=1".parse().expect("a fault"));
    let control = Control::new();
    let document = request(&ack, json!({})).to_string();
    let (status, answer) = std::thread::scope(|scope| {
        let call =
            scope.spawn(|| read(cs_scale_out::scale_out_with(document.as_bytes(), &control)));
        while ack.requests().is_empty() || control.was_sent() {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(control.cancel());
        call.join().expect("no panic")
    });
    assert_eq!(status, Status::Refused, "{answer}");
    assert!(ack.ledger().is_empty());
}

#[test]
fn a_look_shows_what_an_abandoned_call_may_have_started() {
    let options = Options { task_delay: Duration::from_millis(300), ..Options::default() };
    let ack = LocalAck::with(options).expect("local-ack starts");
    ack.fault(Fault::CloseAfterRead { executed: true });
    let mut document = request(&ack, json!({"reconcile": false}));
    let sent_at = Instant::now();
    assert_eq!(common::call(&document).0, Status::Unknown);
    let look = |document: &serde_json::Value, within| {
        read(cs_scale_out::look(document.to_string().as_bytes(), sent_at, within))
    };
    let (status, answer) = look(&document, Duration::from_secs(5));
    assert_eq!(status, Status::Unknown);
    assert_eq!(answer["candidates"][0]["task_id"], ack.ledger()[0].task_id, "{answer}");
    document["ClusterId"] = json!(format!("{CLUSTER}-other"));
    assert_eq!(look(&document, Duration::from_millis(100)).1["candidates"], json!([]));
    document["count"] = json!(0);
    assert_eq!(look(&document, Duration::from_millis(100)).0, Status::Invalid);
}
