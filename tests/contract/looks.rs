//! The promise: a call that ended unknown can be looked after hours later, from its document alone, and a look
//! claims nothing.

use std::time::Duration;

use crate::common::faults::fault;
use crate::common::{buy_for, looks, moment, posts, read, start, start_with};
use crate::tasks::{HOUR, document};
use cs_scale_out::Status;
use local_ack::{Created, Fault, LocalAck, Options};
use serde_json::{Value, json};

fn look(ack: &LocalAck, unknown: &Value, extra: Value) -> (Status, Value) {
    let document = document(ack, json!({"unknown": unknown}), extra);
    read(cs_scale_out::look(document.to_string().as_bytes()))
}

/// A purchase whose answer is lost: its document.
fn lost(ack: &LocalAck, cluster: &str) -> Value {
    ack.fault(Fault::CloseAfterRead { executed: true });
    let (status, document) = buy_for(ack, cluster, json!({"reconcile": false}));
    assert_eq!(status, Status::Unknown, "{document}");
    document
}

/// The document of a call of `seconds` ago that another process made.
fn earlier(cluster: &str, seconds: i64) -> Value {
    json!({"status": "unknown", "cluster_id": cluster, "purchase_id": "f1", "clock_offset": 0,
        "sent_at": moment(-seconds), "message": "lost", "of_a_later_version": [1]})
}

fn ids(told: &Value) -> Vec<&str> {
    let candidates = told["candidates"].as_array().unwrap_or_else(|| panic!("none: {told}"));
    candidates.iter().map(|task| task["task_id"].as_str().unwrap_or_default()).collect()
}

#[test]
fn the_document_as_it_was_printed_is_enough() {
    let ack = start();
    let document = lost(&ack, "printed");
    let (status, told) = look(&ack, &document, json!({}));
    assert_eq!((status, &told["complete"]), (Status::Ok, &json!(true)), "{told}");
    assert_eq!(told["cluster_id"], "printed");
    assert_eq!(told["purchase_id"], document["purchase_id"]);
    assert_eq!(ids(&told), [ack.ledger()[0].task_id.as_str()]);
    assert_eq!(posts(&ack).len(), 1, "nothing is sent again");
}

#[test]
fn each_candidate_is_told_with_its_nodes_and_its_error() {
    let ack = start();
    let id = ack.add_earlier_task("nodes", 3, HOUR);
    let end = local_ack::TaskEnd {
        failed: Some(1),
        code: "QuotaExceed.X".into(),
        ..local_ack::TaskEnd::new("failed")
    };
    ack.plan_task(&id, end);
    let (_, told) = look(&ack, &earlier("nodes", 3600), json!({}));
    let candidate = &told["candidates"][0];
    assert_eq!(
        (&candidate["task_id"], &candidate["state"]),
        (&json!(id), &json!("fail")),
        "{told}"
    );
    assert_eq!(candidate["succeeded"].as_array().map(Vec::len), Some(2));
    assert_eq!(candidate["failed"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&candidate["pending"], &candidate["error"]["code"]),
        (&json!([]), &json!("QuotaExceed.X"))
    );
    assert!(candidate["created"].is_string());
    assert!(told["hint"].as_str().is_some_and(|hint| hint.contains("probably this one")), "{told}");
}

#[test]
fn only_scale_outs_of_its_time_are_candidates() {
    let ack = start();
    // Sent an hour ago, it may be seen for 30 s and 600 s.
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    let _later = ack.add_earlier_task("times", 1, minutes(48));
    let late = ack.add_earlier_task("times", 1, minutes(51));
    let own = ack.add_earlier_task("times", 1, minutes(60));
    let _before = ack.add_earlier_task("times", 1, minutes(61));
    let other_kind = ack.add_earlier_task("times", 1, minutes(59));
    assert!(ack.set_task(&other_kind, "success", json!({"task_type": "cluster_upgrade"})));
    let (_, told) = look(&ack, &earlier("times", 3600), json!({}));
    assert_eq!(ids(&told), [late.as_str(), own.as_str()], "{told}");
    let (_, told) = look(&ack, &earlier("times", 3600), json!({"timeout_ms": 240_000}));
    assert_eq!(ids(&told).len(), 3, "its own time-out was longer: {told}");
}

#[test]
fn the_servers_clock_counts_as_it_was_then() {
    let ack = start_with(Options { clock_offset: 7200, ..Options::default() });
    let own = ack.add_earlier_task("offset", 1, HOUR);
    for (offset, count) in [(json!(7200), 1), (json!(0), 0), (Value::Null, 1)] {
        let mut document = earlier("offset", 3600);
        document["clock_offset"] = offset.clone();
        let (_, told) = look(&ack, &document, json!({}));
        assert_eq!(ids(&told).len(), count, "{offset}: {told}");
        assert!(count == 0 || ids(&told) == [own.as_str()]);
    }
}

#[test]
fn a_task_is_found_in_whatever_form_it_is_dated() {
    for form in Created::ALL {
        let ack = start();
        let own = ack.add_earlier_task("form", 1, HOUR);
        ack.fault_for_every_read(Fault::Created(form));
        let (_, told) = look(&ack, &earlier("form", 3600), json!({}));
        assert_eq!(ids(&told), [own.as_str()], "{form}: {told}");
        let undated = matches!(form, Created::Null | Created::Empty);
        assert_eq!(told["candidates"][0]["dated"] == false, undated, "{form}: {told}");
    }
}

#[test]
fn a_list_that_is_cut_off_is_told_as_not_complete() {
    let ack = start();
    let ids_of =
        |count: usize| (0..count).map(|_| ack.add_earlier_task("cut", 1, HOUR)).collect::<Vec<_>>();
    let tasks = ids_of(120);
    ack.fault_for_reads(Fault::ConnectionClose);
    (0..3).for_each(|_| ack.fault_for_reads(fault("status:status=503")));
    let (status, told) = look(&ack, &earlier("cut", 3600), json!({}));
    assert_eq!((status, &told["complete"]), (Status::Ok, &json!(false)), "{told}");
    assert_eq!(ids(&told).len(), 100);
    assert!(ids(&told).iter().all(|id| tasks.iter().any(|task| task == id)));
    assert!(
        told["hint"].as_str().is_some_and(|hint| hint.contains("not read to its end")),
        "{told}"
    );
    ack.clear_faults();
    ack.fault_for_every_read(Fault::EndlessList);
    let (status, told) = look(&ack, &earlier("cut", 3600), json!({}));
    assert_eq!((status, &told["complete"]), (Status::Ok, &json!(false)), "{told}");
}

#[test]
fn a_list_of_which_nothing_could_be_read_is_a_failure_that_names_the_purchase() {
    let ack = start();
    for (text, wanted) in [
        ("status:status=503", Status::Unknown),
        ("status:status=403,shape=cs,code=Forbidden.RAM", Status::Refused),
    ] {
        ack.fault_for_every_read(fault(text));
        let (status, told) = look(&ack, &earlier("unread", 60), json!({}));
        assert_eq!((status, &told["purchase_id"]), (wanted, &json!("f1")), "{told}");
        assert_eq!(told["cluster_id"], "unread");
    }
}

#[test]
fn a_candidate_whose_task_may_not_be_read_is_told_without_nodes() {
    let ack = start();
    let own = ack.add_earlier_task("may-not", 1, HOUR);
    ack.fault_for_reads(Fault::ConnectionClose);
    ack.fault_for_reads(fault("status:status=403,shape=cs,code=Forbidden.RAM"));
    let (status, told) = look(&ack, &earlier("may-not", 3600), json!({}));
    assert_eq!((status, ids(&told)), (Status::Ok, vec![own.as_str()]));
    assert!(told["candidates"][0].get("succeeded").is_none(), "{told}");
    assert!(
        told["hint"].as_str().is_some_and(|hint| hint.contains("cs:DescribeTaskInfo")),
        "{told}"
    );
}

#[test]
fn a_look_claims_nothing_and_does_not_take_its_own_doubt_for_anothers() {
    let ack = start();
    let cluster = "claims";
    ack.fault(Fault::CloseAfterRead { executed: true });
    let (status, document) = buy_for(&ack, cluster, json!({}));
    assert_eq!((status, ids(&document).len()), (Status::Unknown, 1));
    for _ in 0..2 {
        let (_, told) = look(&ack, &document, json!({}));
        assert_eq!(ids(&told), ids(&document), "{told}");
        assert!(told["candidates"][0].get("claimed").is_none(), "{told}");
    }
    // To another call of this process it is the first one's.
    let mut other = document.clone();
    other["purchase_id"] = json!("another");
    let (_, told) = look(&ack, &other, json!({}));
    assert_eq!(told["candidates"][0]["claimed"], true, "{told}");
}

#[test]
fn an_empty_list_proves_nothing_and_says_when_to_look_again() {
    let ack = start();
    let (status, told) = look(&ack, &earlier("empty", 60), json!({}));
    assert_eq!((status, ids(&told).len(), looks(&ack).len()), (Status::Ok, 0, 1));
    let hint = told["hint"].as_str().expect("a hint");
    assert!(hint.contains("proves nothing") && hint.contains("look again"), "{hint}");
    let (_, told) = look(&ack, &earlier("empty", 7200), json!({}));
    let hint = told["hint"].as_str().expect("a hint");
    assert!(!hint.contains("look again") && hint.contains("ActionTrail"), "{hint}");
}
