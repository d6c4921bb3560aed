//! The promise: a list is read to its end, from all pages, and comes newest first.

use crate::common::{looks, moment, posts, start};
use crate::tasks::{HOUR, list};
use cs_scale_out::Status;
use local_ack::{Created, Fault};
use serde_json::{Value, json};

#[test]
fn a_list_has_all_pages_newest_first() {
    let ack = start();
    let ids: Vec<_> = (0..230).map(|_| ack.add_task("long")).collect();
    let (status, listed) = list(&ack, json!({"ClusterId": "long"}));
    assert_eq!((status, &listed["cluster_id"]), (Status::Ok, &json!("long")), "{listed}");
    let tasks = listed["tasks"].as_array().expect("tasks");
    let told: Vec<_> =
        tasks.iter().map(|task| task["task_id"].as_str().unwrap_or_default()).collect();
    assert!(told.iter().eq(ids.iter().rev()), "each once, in order");
    assert_eq!(tasks[0]["task_type"], "cluster_scaleout");
    assert_eq!((&tasks[0]["dated"], &tasks[0]["error"]), (&json!(true), &Value::Null));
    assert_eq!(looks(&ack).len(), 3);
    assert!(posts(&ack).is_empty());
}

#[test]
fn a_list_is_in_order_whatever_the_services_is() {
    let ack = start();
    let dates = ["2026-01-02T03:04:05Z", "2026-01-02T03:04Z", "2026-01-03 00:00:00", "", "x"];
    let ids = dates.map(|created| {
        let id = ack.add_task("order");
        assert!(ack.set_task(&id, "running", json!({"created": created})));
        id
    });
    let listed = list(&ack, json!({"ClusterId": "order"})).1;
    let tasks = listed["tasks"].as_array().expect("tasks");
    let position = |id: &String| tasks.iter().position(|task| task["task_id"] == **id);
    assert!(
        position(&ids[2]) < position(&ids[0]) && position(&ids[0]) < position(&ids[1]),
        "{listed}"
    );
    // By their ids, which begin with the seconds, these are of today.
    assert!(
        position(&ids[3]) < position(&ids[2]) && position(&ids[4]) < position(&ids[2]),
        "{listed}"
    );
    let dated: Vec<_> = ids.iter().map(|id| &tasks[position(id).expect("it")]["dated"]).collect();
    assert_eq!(dated, [true, true, true, false, false].map(|dated| json!(dated)).each_ref());
}

#[test]
fn what_only_its_id_dates_stands_in_its_place_and_what_nothing_dates_first() {
    let ack = start();
    let nothing = ack.add_earlier_task("undated", 1, HOUR * 2);
    assert!(ack.set_task(&nothing, "running", json!({"task_id": "odd", "created": null})));
    let by_id = ack.add_earlier_task("undated", 1, HOUR);
    assert!(ack.set_task(&by_id, "running", json!({"created": ""})));
    let dated = ack.add_earlier_task("undated", 1, HOUR / 2);
    let listed = list(&ack, json!({"ClusterId": "undated"})).1;
    let tasks = listed["tasks"].as_array().expect("tasks");
    let told: Vec<_> = tasks.iter().map(|task| task["task_id"].clone()).collect();
    assert_eq!(told, [json!("odd"), json!(dated), json!(by_id)]);
}

#[test]
fn since_leaves_out_what_is_older_and_keeps_what_nothing_dates() {
    for form in Created::ALL {
        let ack = start();
        let old = ack.add_earlier_task("since", 1, HOUR);
        let new = ack.add_task("since");
        ack.fault_for_every_read(Fault::Created(form));
        let since = moment(-1800);
        let (status, listed) = list(&ack, json!({"ClusterId": "since", "since": since}));
        assert_eq!(status, Status::Ok, "{listed}");
        let is_listed = |id: &str| {
            listed["tasks"].as_array().expect("tasks").iter().any(|task| task["task_id"] == id)
        };
        let undated = matches!(form, Created::Null | Created::Empty);
        assert_eq!((is_listed(&new), is_listed(&old)), (true, undated), "{form}: {listed}");
    }
}

#[test]
fn a_list_that_has_no_end_is_a_failure() {
    let ack = start();
    ack.add_task("endless");
    ack.fault_for_every_read(Fault::EndlessList);
    let (status, told) = list(&ack, json!({"ClusterId": "endless"}));
    assert_eq!(status, Status::Unknown);
    assert!(told["message"].as_str().is_some_and(|m| m.contains("does not end")), "{told}");
}
