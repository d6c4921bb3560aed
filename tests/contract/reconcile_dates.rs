//! The promise: which tasks may be this call's is told by the server's clock, in whatever form it writes
//! its dates, from a list that was read to its end.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::common::faults::fault;
use crate::common::{buy_for, looks, posts, start, start_with, wait_for};
use cs_scale_out::Status;
use local_ack::{Created, Fault, Options};
use serde_json::{Value, json};

fn lost() -> Fault {
    Fault::CloseAfterRead { executed: true }
}

fn count(document: &Value) -> Option<usize> {
    document["candidates"].as_array().map(Vec::len)
}

/// Seconds since 1970.
fn ago(seconds: u64) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
    now.as_secs() - seconds
}

#[test]
fn a_task_is_a_candidate_in_whatever_form_it_is_dated() {
    for form in Created::ALL {
        let ack = start();
        ack.fault(lost());
        ack.fault_for_every_read(Fault::Created(form));
        let client = json!({"reconcile_timeout_ms": 500});
        let (status, document) = buy_for(&ack, &format!("form-{form}"), client);
        assert_eq!((status, count(&document)), (Status::Unknown, Some(1)), "{form}: {document}");
        let candidate = &document["candidates"][0];
        assert_eq!(candidate["task_id"], ack.ledger()[0].task_id, "{form}");
        let undated = matches!(form, Created::Null | Created::Empty);
        assert_eq!(candidate["dated"] == false, undated, "{form}: {candidate}");
    }
}

#[test]
fn an_old_task_is_none_in_whatever_form_it_is_dated() {
    let hour = ago(3600);
    for (number, created) in [
        json!(hour),
        json!(hour * 1000),
        json!("2020-01-01T00:00+08:00"),
        json!("2020-01-01T00:00:00+0800"),
        json!("2020-01-01T00:00:00"),
        json!("2020-01-01T00:00:00.000+08:00"),
        json!("2020-01-01 00:00:00+08:00"),
        json!("2020-01-01T00:00:00Z"),
    ]
    .into_iter()
    .enumerate()
    {
        let (ack, cluster) = (start(), format!("old-{number}"));
        let old = ack.add_task(&cluster);
        assert!(ack.set_task(&old, "success", json!({"created": created})));
        ack.fault(Fault::CloseAfterRead { executed: false });
        let (_, document) = buy_for(&ack, &cluster, json!({"reconcile_timeout_ms": 100}));
        assert_eq!(count(&document), Some(0), "{created}: {document}");
    }
}

#[test]
fn a_task_that_nothing_dates_is_told_and_not_adopted() {
    let ack = start();
    ack.fault(lost());
    ack.fault_for_every_read(Fault::Created(Created::Null));
    let client = json!({"adopt_candidate": true, "reconcile_timeout_ms": 500});
    let (status, document) = buy_for(&ack, "undated", client);
    assert_eq!((status, count(&document)), (Status::Unknown, Some(1)), "{document}");
    assert_eq!(document["candidates"][0]["dated"], false);
}

#[test]
fn beside_a_task_without_a_date_none_is_adopted() {
    let ack = start();
    let undated = ack.add_task("beside");
    assert!(ack.set_task(&undated, "running", json!({"created": null})));
    ack.fault(lost());
    let client = json!({"adopt_candidate": true, "reconcile_timeout_ms": 500});
    let (status, document) = buy_for(&ack, "beside", client);
    assert_eq!((status, count(&document)), (Status::Unknown, Some(2)), "{document}");
}

#[test]
fn the_lists_own_date_counts_and_not_an_error_pages() {
    let ack = start();
    let old = ack.add_task("error-page");
    assert!(ack.set_task(&old, "success", json!({"created": ago(3600)})));
    ack.fault(fault("front_end:status=502,date_offset=-7200"));
    let client = json!({"adopt_candidate": true, "reconcile_timeout_ms": 300});
    let (status, document) = buy_for(&ack, "error-page", client);
    assert_eq!((status, count(&document)), (Status::Unknown, Some(0)), "{document}");
}

#[test]
fn a_look_that_is_refused_as_expired_is_repeated_by_the_servers_clock() {
    for clock_offset in [-3600, 3600] {
        let ack = start_with(Options { clock_offset, ..Options::default() });
        ack.fault(fault("front_end:status=503"));
        let cluster = format!("expired-{clock_offset}");
        let (status, document) = std::thread::scope(|scope| {
            let caller = scope.spawn(|| buy_for(&ack, &cluster, json!({})));
            wait_for("the purchase", || !posts(&ack).is_empty());
            ack.add_task(&cluster);
            caller.join().expect("no panic")
        });
        assert_eq!((status, count(&document)), (Status::Unknown, Some(1)), "{document}");
        assert!(looks(&ack).iter().filter(|seen| seen.status == 400).count() <= 1);
    }
}

#[test]
fn a_list_that_was_not_read_to_its_end_gives_no_candidates_but_a_hint() {
    let ack = start();
    ack.fault(lost());
    ack.fault_for_every_read(Fault::EndlessList);
    let client = json!({"adopt_candidate": true, "reconcile_timeout_ms": 1000});
    let (status, document) = buy_for(&ack, "endless", client);
    assert_eq!((status, count(&document)), (Status::Unknown, None), "{document}");
    assert!(document["hint"].as_str().is_some_and(|hint| hint.contains("list")), "{document}");
}

#[test]
fn a_definite_no_ends_the_look_at_once() {
    for text in ["status:status=403,code=Forbidden.RAM", "status:status=404,shape=cs,code=Gone"] {
        let ack = start();
        ack.fault(lost());
        ack.fault_for_every_read(fault(text));
        let begun = Instant::now();
        let (status, document) =
            buy_for(&ack, &text[14..17], json!({"reconcile_timeout_ms": 60_000}));
        assert_eq!((status, count(&document)), (Status::Unknown, None), "{document}");
        assert_eq!(looks(&ack).len(), 1, "{text}");
        assert!(begun.elapsed() < Duration::from_secs(30));
        let hint = document["hint"].as_str().unwrap_or_default();
        assert_eq!(hint.contains("cs:DescribeClusterTasks"), text.contains("403"), "{hint}");
    }
}

#[test]
fn what_is_no_definite_no_is_looked_at_again() {
    for text in [
        "status:status=408",
        "status:status=429,code=Throttling.User",
        "status:status=400,code=Throttling.Api",
        "status:status=503",
        "reset",
        "garbage_body",
    ] {
        let ack = start();
        ack.fault(lost());
        ack.fault_for_reads(fault(text));
        let (_, document) =
            buy_for(&ack, &format!("again-{}", text.replace([':', '=', ','], "-")), json!({}));
        assert_eq!(count(&document), Some(1), "{text}: {document}");
    }
}

#[test]
fn scale_outs_of_node_pools_are_candidates_too() {
    let ack = start_with(Options { task_delay: Duration::from_millis(500), ..Options::default() });
    ack.fault(lost());
    let document = std::thread::scope(|scope| {
        let caller = scope.spawn(|| buy_for(&ack, "pools", json!({})).1);
        wait_for("the purchase", || !ack.ledger().is_empty());
        let patch = json!({"task_type": "nodepool_scaleout"});
        assert!(ack.set_task(&ack.ledger()[0].task_id, "running", patch));
        caller.join().expect("no panic")
    });
    assert_eq!(count(&document), Some(1), "{document}");
}

#[test]
fn a_task_of_an_earlier_call_in_doubt_is_claimed_and_not_adopted() {
    for looked in [true, false] {
        let (ack, cluster) = (start(), format!("earlier-{looked}"));
        ack.fault(lost());
        ack.fault(fault("status:status=503"));
        let (first, _) = buy_for(&ack, &cluster, json!({"reconcile": looked}));
        let client = json!({"adopt_candidate": true, "reconcile_timeout_ms": 300});
        let (second, document) = buy_for(&ack, &cluster, client);
        assert_eq!((first, second), (Status::Unknown, Status::Unknown), "{document}");
        let candidates = document["candidates"].as_array().expect("candidates");
        assert!(!looked || candidates.iter().all(|task| task["claimed"] == true), "{document}");
    }
}
#[test]
fn a_page_over_a_mebibyte_is_read() {
    let ack = start();
    ack.fault(lost());
    ack.fault_for_every_read(Fault::Huge { executed: false });
    let (_, document) = buy_for(&ack, "large-page", json!({}));
    assert_eq!(document["candidates"][0]["task_id"], ack.ledger()[0].task_id, "{document}");
}
