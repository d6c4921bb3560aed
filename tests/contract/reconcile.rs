//! The promise: after an ambiguous end the library looks, tells what it saw, and claims nothing
//! unasked; one task is never given to two calls.

use std::time::{Duration, Instant};

use crate::common::faults::fault;
use crate::common::{buy_for, looks, start, start_with, wait_for};
use cs_scale_out::Status;
use local_ack::{Fault, Options};
use serde_json::{Value, json};

fn lost() -> Fault {
    Fault::CloseAfterRead { executed: true }
}

#[test]
fn a_lost_reply_is_unknown_with_its_candidate() {
    for method in ["HMAC-SHA1", "ACS3-HMAC-SHA256"] {
        let ack = start();
        ack.fault(lost());
        let cluster = format!("lost-{method}");
        let (status, document) = buy_for(&ack, &cluster, json!({"signature_method": method}));
        assert_eq!(status, Status::Unknown, "{document}");
        let purchase = &ack.ledger()[0];
        assert_eq!(document["candidates"].as_array().map(Vec::len), Some(1), "{document}");
        let candidate = &document["candidates"][0];
        assert_eq!(candidate["task_id"], purchase.task_id);
        assert!(candidate["state"].is_string() && candidate["created"].is_string());
        assert_eq!(looks(&ack).len(), 1, "it stops once one is there");
        assert_eq!(document["attempts"], 1);
    }
}

#[test]
fn a_late_task_is_waited_for() {
    let ack = start_with(Options { task_delay: Duration::from_millis(900), ..Options::default() });
    ack.fault(lost());
    let (status, document) = buy_for(&ack, "late", json!({}));
    assert_eq!(status, Status::Unknown);
    assert_eq!(document["candidates"][0]["task_id"], ack.ledger()[0].task_id, "{document}");
    assert!(looks(&ack).len() >= 2);
}

#[test]
fn an_empty_list_proves_nothing() {
    let ack = start();
    ack.fault(Fault::Reset { executed: false });
    let begun = Instant::now();
    let (status, document) = buy_for(&ack, "empty", json!({"reconcile_timeout_ms": 700}));
    assert_eq!(status, Status::Unknown);
    assert_eq!(document["candidates"], json!([]), "{document}");
    assert!(looks(&ack).len() >= 2, "it looks several times");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn no_look_without_reconcile_and_none_after_a_certain_end() {
    let ack = start();
    ack.fault(lost());
    let (status, document) = buy_for(&ack, "off", json!({"reconcile": false}));
    assert_eq!((status, &document["candidates"]), (Status::Unknown, &Value::Null));
    assert_eq!(buy_for(&ack, "off", json!({})).0, Status::Ok);
    ack.fault(fault("status:status=403,shape=cs,code=Forbidden.RAM"));
    assert_eq!(buy_for(&ack, "off", json!({})).0, Status::Refused);
    assert_eq!(looks(&ack).len(), 0);
}

#[test]
fn only_new_scale_outs_of_this_cluster_are_candidates() {
    let ack = start();
    let old = ack.add_task("only-new");
    assert!(ack.set_task(&old, "success", json!({"created": "2020-01-01T00:00:00+08:00"})));
    let other_kind = ack.add_task("only-new");
    assert!(ack.set_task(&other_kind, "running", json!({"task_type": "cluster_upgrade"})));
    ack.add_task("another-cluster");
    ack.fault(lost());
    let (_, document) = buy_for(&ack, "only-new", json!({}));
    assert_eq!(document["candidates"].as_array().map(Vec::len), Some(1), "{document}");
    assert_eq!(document["candidates"][0]["task_id"], ack.ledger()[0].task_id);
}

#[test]
fn the_servers_clock_dates_the_tasks() {
    for clock_offset in [-300, 300] {
        let ack = start_with(Options { clock_offset, ..Options::default() });
        ack.fault(lost());
        let (_, document) = buy_for(&ack, "clock", json!({}));
        assert_eq!(document["candidates"][0]["task_id"], ack.ledger()[0].task_id, "{document}");
    }
}

#[test]
fn all_pages_are_read() {
    let ack = start();
    ack.fault(lost());
    // The list is newest first: ours is on the last of several pages.
    ack.fault_for_reads(Fault::Delay(Duration::from_millis(300)));
    let rivals = std::thread::scope(|scope| {
        let caller = scope.spawn(|| buy_for(&ack, "pages", json!({})));
        wait_for("the purchase", || !ack.ledger().is_empty());
        let rivals: Vec<_> = (0..120).map(|_| ack.add_task("pages")).collect();
        let (_, document) = caller.join().expect("no panic");
        let candidates = document["candidates"].as_array().expect("candidates").clone();
        let ids: Vec<_> = candidates.iter().filter_map(|c| c["task_id"].as_str()).collect();
        assert!(ids.contains(&ack.ledger()[0].task_id.as_str()), "{} candidates", ids.len());
        rivals
    });
    assert_eq!(rivals.len(), 120);
}

#[test]
fn tasks_given_to_other_calls_are_listed_as_claimed() {
    let ack = start();
    let given = buy_for(&ack, "given", json!({})).1["task_id"].clone();
    ack.fault(lost());
    let (status, document) = buy_for(&ack, "given", json!({}));
    assert_eq!(status, Status::Unknown);
    let candidates = document["candidates"].as_array().expect("candidates");
    let claimed: Vec<_> = candidates.iter().filter(|task| task["claimed"] == true).collect();
    assert_eq!((candidates.len(), claimed.len()), (2, 1), "{document}");
    assert_eq!(claimed[0]["task_id"], given);
}

#[test]
fn a_sole_candidate_is_adopted_only_when_asked() {
    let ack = start();
    ack.fault(lost());
    let (status, document) = buy_for(&ack, "adopt", json!({"adopt_candidate": true}));
    assert_eq!(status, Status::Ok, "{document}");
    assert_eq!(document["confirmed_by"], "task_list");
    assert_eq!(document["task_id"], ack.ledger()[0].task_id);
    assert_eq!(document["cluster_id"], "adopt");
    assert_eq!(document["attempts"], 1);
}

#[test]
fn two_candidates_are_not_adopted() {
    let ack = start();
    ack.add_task("two");
    ack.fault(lost());
    let (status, document) = buy_for(&ack, "two", json!({"adopt_candidate": true}));
    assert_eq!(status, Status::Unknown, "{document}");
    assert_eq!(document["candidates"].as_array().map(Vec::len), Some(2));
}

#[test]
fn nothing_is_adopted_while_a_rival_of_this_process_is_under_way() {
    let ack = start();
    ack.fault(Fault::Hang { executed: true });
    ack.fault(Fault::CloseAfterRead { executed: false });
    let client = json!({"adopt_candidate": true, "timeout_ms": 1200, "reconcile_timeout_ms": 600});
    let (hung, closed) = std::thread::scope(|scope| {
        let hung = scope.spawn(|| buy_for(&ack, "rivals", client.clone()));
        wait_for("the purchase", || !ack.ledger().is_empty());
        // Not executed itself, it sees its rival's task.
        let closed = buy_for(&ack, "rivals", client.clone());
        (hung.join().expect("no panic"), closed)
    });
    for (status, document) in [hung, closed] {
        assert_eq!(status, Status::Unknown, "{document}");
        assert_eq!(document["candidates"].as_array().map(Vec::len), Some(1));
    }
}

#[test]
fn a_task_list_that_cannot_be_read_is_told() {
    let ack = start();
    ack.fault(lost());
    for _ in 0..20 {
        ack.fault_for_reads(fault("status:status=403,shape=cs,code=Forbidden.RAM"));
    }
    let (status, document) = buy_for(&ack, "blind", json!({"reconcile_timeout_ms": 500}));
    assert_eq!((status, &document["candidates"]), (Status::Unknown, &Value::Null));
    assert!(
        document["hint"].as_str().is_some_and(|hint| hint.contains("cs:DescribeClusterTasks")),
        "{document}"
    );
}
