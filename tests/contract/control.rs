//! The promise: a call is stopped before its first byte, or not at all; and who waits for it can be
//! asked whether to go on.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::common::faults::fault;
use crate::common::{CLUSTER, FullQueue, merge, read, request, start, start_with, wait_for};
use cs_scale_out::{Control, Status};
use local_ack::{Fault, Options};
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
        wait_for("the purchase", || !ack.ledger().is_empty());
        assert!(control.was_sent() && !control.cancel());
        call.join().expect("no panic")
    });
    assert_eq!(status, Status::Ok, "{answer}");
}

#[test]
fn between_a_refusal_and_the_next_copy_it_can_be_stopped() {
    let ack = start();
    ack.fault(fault("status:status=429,header.Retry-After=1"));
    let control = Control::new();
    let document = request(&ack, json!({})).to_string();
    let (status, answer) = std::thread::scope(|scope| {
        let call =
            scope.spawn(|| read(cs_scale_out::scale_out_with(document.as_bytes(), &control)));
        wait_for("the refusal", || !ack.requests().is_empty() && !control.was_sent());
        assert!(control.cancel());
        call.join().expect("no panic")
    });
    assert_eq!(status, Status::Refused, "{answer}");
    assert!(ack.ledger().is_empty());
}

#[test]
fn what_nobody_waits_for_is_not_sent_again() {
    let delay = Duration::from_millis(300);
    let ack = start_with(Options { latency: delay, ..Options::default() });
    for refusal in ["status:status=429", "status:status=400,code=InvalidTimeStamp.Expired"] {
        ack.fault(fault(refusal));
        let before = ack.requests().len();
        let control = Control::new();
        let document = request(&ack, json!({})).to_string();
        let (status, answer) = std::thread::scope(|scope| {
            let call =
                scope.spawn(|| read(cs_scale_out::scale_out_with(document.as_bytes(), &control)));
            wait_for("the first byte", || control.was_sent());
            assert!(!control.cancel(), "it is on the wire");
            call.join().expect("no panic")
        });
        assert_eq!((status, &answer["attempts"]), (Status::Refused, &json!(1)), "{answer}");
        assert_eq!(ack.requests().len(), before + 1);
    }
    assert!(ack.ledger().is_empty());
}

#[test]
fn an_answer_that_came_while_the_call_was_held_up_is_not_lost() {
    let ack = start();
    ack.fault(Fault::Delay(Duration::from_millis(100)));
    let control = Control::watched(|_| {
        std::thread::sleep(Duration::from_millis(500));
        false
    });
    let document = request(&ack, json!({"timeout_ms": 300, "reconcile": false})).to_string();
    let (status, answer) = read(cs_scale_out::scale_out_with(document.as_bytes(), &control));
    assert_eq!(status, Status::Ok, "{answer}");
}

#[test]
fn a_look_shows_what_an_abandoned_call_may_have_started() {
    let ack = start_with(Options { task_delay: Duration::from_millis(300), ..Options::default() });
    ack.fault(Fault::CloseAfterRead { executed: true });
    let mut document = request(&ack, json!({"reconcile_timeout_ms": LONG}));
    document["client"]["reconcile"] = json!(false);
    let sent_at = Instant::now();
    assert_eq!(crate::common::call(&document).0, Status::Unknown);
    document["client"]["reconcile"] = json!(true);
    let look = |document: &serde_json::Value, within| {
        read(cs_scale_out::binding::look_after(document.to_string().as_bytes(), sent_at, within))
    };
    let (status, answer) = look(&document, Duration::from_secs(5));
    assert_eq!(status, Status::Unknown);
    assert_eq!(answer["candidates"][0]["task_id"], ack.ledger()[0].task_id, "{answer}");
    let mut unwanted = document.clone();
    unwanted["client"]["reconcile"] = json!(false);
    let before = ack.requests().len();
    let (status, answer) = look(&unwanted, Duration::from_secs(5));
    assert_eq!((status, ack.requests().len()), (Status::Unknown, before), "{answer}");
    assert!(answer["candidates"].is_null() && answer["hint"].is_string(), "{answer}");
    document["ClusterId"] = json!(format!("{CLUSTER}-other"));
    assert_eq!(look(&document, Duration::from_millis(100)).1["candidates"], json!([]));
    document["count"] = json!(0);
    assert_eq!(look(&document, Duration::from_millis(100)).0, Status::Invalid);
}

/// A call that is given up when it is asked for the second time.
fn given_up(document: &serde_json::Value) -> (Status, serde_json::Value) {
    let asked = AtomicU32::new(0);
    let control = Control::watched(move |_| asked.fetch_add(1, Ordering::Relaxed) > 0);
    read(cs_scale_out::scale_out_with(document.to_string().as_bytes(), &control))
}

/// Longer than a test may wait, so that a call which is not asked fails it.
const LONG: u64 = 60_000;

fn promptly<T>(work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    assert!(begun.elapsed() < Duration::from_millis(LONG / 2), "{:?}", begun.elapsed());
    done
}

#[test]
fn given_up_on_the_wire_it_is_unknown_and_nobody_looks() {
    let ack = start();
    ack.fault(Fault::Hang { executed: true });
    let document = request(&ack, json!({"timeout_ms": LONG, "reconcile_timeout_ms": LONG}));
    let (status, answer) = promptly(|| given_up(&document));
    assert_eq!((status, &answer["attempts"]), (Status::Unknown, &json!(1)), "{answer}");
    assert_eq!(answer["cause"], "the call was given up");
    assert!(answer["candidates"].is_null(), "{answer}");
    assert_eq!(answer["hint"], "look at the cluster's tasks and nodes before sending this again");
    assert_eq!((ack.ledger().len(), ack.requests().len()), (1, 1));
}

#[test]
fn given_up_while_looking_it_is_unknown() {
    let ack = start_with(Options { task_delay: Duration::from_secs(3600), ..Options::default() });
    ack.fault(Fault::CloseAfterRead { executed: true });
    let document = request(&ack, json!({"timeout_ms": LONG, "reconcile_timeout_ms": LONG}));
    let (status, answer) = promptly(|| given_up(&document));
    assert_eq!((status, &answer["candidates"]), (Status::Unknown, &json!([])), "{answer}");
}

#[test]
fn given_up_between_copies_it_is_refused() {
    let ack = start();
    ack.fault(fault("status:status=429,header.Retry-After=50"));
    let document = request(&ack, json!({"timeout_ms": LONG}));
    let (status, answer) = promptly(|| given_up(&document));
    assert_eq!(status, Status::Refused, "{answer}");
    assert_eq!(ack.requests().len(), 1);
}

#[test]
fn given_up_while_a_connection_is_made_nothing_is_sent() {
    let full = FullQueue::start();
    let at = full.addr;
    // This one takes the connection, and says nothing of a tunnel.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let proxy = format!("http://{}", silent.local_addr().expect("an address"));
    let ack = start();
    for way in [json!({"endpoint": format!("http://{at}")}), json!({"proxy": proxy})] {
        let mut client = json!({"timeout_ms": LONG, "connect_timeout_ms": LONG});
        merge(&mut client, way);
        let (status, answer) = promptly(|| given_up(&request(&ack, client)));
        assert_eq!(status, Status::Unsent, "{answer}");
        assert_eq!(answer["cause"], "the call was given up", "{answer}");
    }
}

#[test]
fn who_is_asked_may_make_a_call_of_its_own() {
    let ack = start();
    ack.fault(Fault::Delay(Duration::from_millis(300)));
    let inner = request(&ack, json!({})).to_string();
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let control = Control::watched(move |_| {
        if counted.fetch_add(1, Ordering::Relaxed) < 2 {
            assert_eq!(read(cs_scale_out::scale_out(inner.as_bytes())).0, Status::Ok);
        }
        false
    });
    // The outer one breaks after its request was sent, which the inner ones must not hide.
    let document = request(&ack, json!({"timeout_ms": 200, "reconcile": false})).to_string();
    let (status, answer) = read(cs_scale_out::scale_out_with(document.as_bytes(), &control));
    assert_eq!(status, Status::Unknown, "{answer}");
    assert!(calls.load(Ordering::Relaxed) > 2, "it went on, and ended at its own time");
}
