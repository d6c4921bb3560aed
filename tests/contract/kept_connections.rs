//! The promise: each purchase has a connection made for it; with client.keep_alive purchases share one, as
//! long as nothing about it is odd.

use crate::common::faults::fault;
use crate::common::{buy_for, call, posts, request, start, wait_for};
use cs_scale_out::Status;
use local_ack::Fault;
use serde_json::{Value, json};

#[test]
fn each_purchase_has_a_connection_of_its_own() {
    let ack = start();
    for number in 1..=3 {
        let (status, document) = buy_for(&ack, "own", json!({"reconcile": false}));
        assert_eq!(status, Status::Ok, "{document}");
        assert_eq!((ack.connections(), posts(&ack)[number - 1].connection), (number, number));
    }
}

#[test]
fn with_keep_alive_a_connection_is_kept_after_a_plain_end_and_no_other() {
    for (text, kept) in [
        ("delay:ms=0", true),
        ("status:status=503", false),
        ("no_task_id", false),
        ("other_cluster", false),
        ("connection_close", false),
        ("answer_twice", false),
        ("surplus_refusal", false),
    ] {
        let ack = start();
        ack.fault(fault(text));
        let client = many();
        buy_for(&ack, "kept", client.clone());
        let (status, document) = buy_for(&ack, "kept", client);
        assert_eq!(status, Status::Ok, "{text}: {document}");
        let bought = ack.ledger().pop().expect("a purchase");
        assert_eq!(document["task_id"], bought.task_id, "{text}: nobody else's answer");
        assert_eq!(ack.connections(), if kept { 1 } else { 2 }, "{text}");
    }
}

#[test]
fn on_a_reused_connection_a_request_id_that_was_seen_before_is_nobodys() {
    let ack = start();
    ack.fault(fault("answer_twice:pause_ms=20"));
    let client = many();
    assert_eq!(buy_for(&ack, "same", client.clone()).0, Status::Ok);
    // The same cluster: nothing but the request id tells the copy from this call's answer.
    let (status, document) = buy_for(&ack, "same", client);
    assert_eq!((status, &document["task_id"]), (Status::Unknown, &Value::Null), "{document}");
}

#[test]
fn on_a_reused_connection_a_refusal_needs_a_request_id() {
    for (text, wanted) in [
        ("status:status=403,shape=html", Status::Refused),
        // A front end gives no id.
        ("front_end:status=403", Status::Unknown),
    ] {
        let ack = start();
        let client = many();
        assert_eq!(buy_for(&ack, "anonymous", client.clone()).0, Status::Ok);
        ack.fault(fault(text));
        let (status, document) = buy_for(&ack, "anonymous", client);
        assert_eq!(status, wanted, "{document}");
        assert_eq!(ack.connections(), 1);
    }
}

#[test]
fn nothing_is_sent_again_after_an_answer_over_a_reused_connection() {
    for text in
        ["status:status=429,code=Throttling.User", "status:status=400,code=IllegalTimestamp"]
    {
        let ack = start();
        let client = many();
        assert_eq!(buy_for(&ack, "again", client.clone()).0, Status::Ok);
        ack.fault(fault(text));
        let (status, document) = buy_for(&ack, "again", client);
        assert_eq!((status, &document["attempts"]), (Status::Refused, &json!(1)), "{document}");
        assert_eq!((posts(&ack).len(), ack.connections()), (2, 1));
    }
}

/// For many purchases in a row.
fn many() -> Value {
    json!({"keep_alive": true, "reconcile": false})
}

#[test]
fn a_pooled_connection_that_dies_is_unknown_once_a_byte_was_written() {
    for (executed, reset) in [(false, false), (true, false), (false, true), (true, true)] {
        let ack = start();
        ack.fault(Fault::DieOnSecond { executed, reset });
        let document = request(&ack, many());
        assert_eq!(call(&document).0, Status::Ok);
        let (status, answer) = call(&document);
        assert_eq!(status, Status::Unknown, "{answer}");
        assert_eq!(answer["attempts"], 1);
        assert_eq!(posts(&ack).len(), 2, "executed {executed}, reset {reset}");
        assert_eq!(ack.ledger().len(), 1 + usize::from(executed));
        assert_eq!(ack.connections(), 1);
    }
}

#[test]
fn a_pooled_connection_that_died_before_is_replaced() {
    let ack = start();
    let document = request(&ack, many());
    for _ in 0..5 {
        ack.fault(Fault::CloseAfterReply);
        assert_eq!(call(&document).0, Status::Ok);
        wait_for("the close", || ack.open_connections() == 0);
    }
    assert_eq!((posts(&ack).len(), ack.ledger().len(), ack.connections()), (5, 5, 5));
}

#[test]
fn connections_are_kept_and_used_again() {
    let ack = start();
    for _ in 0..5 {
        assert_eq!(call(&request(&ack, many())).0, Status::Ok);
    }
    assert_eq!((ack.connections(), ack.ledger().len()), (1, 5));
}
