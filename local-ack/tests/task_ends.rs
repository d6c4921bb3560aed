//! What becomes of tasks, and when they can be found.

mod common;

use common::{CLUSTER, Client, Request};
use local_ack::{Created, Fault, LocalAck, Options, TaskEnd};
use serde_json::{Value, json};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

fn start(options: Options) -> (LocalAck, Client) {
    let server = LocalAck::with(options).expect("a server");
    let client = Client::new(server.addr());
    (server, client)
}

fn describe(client: &mut Client, id: &str) -> Value {
    client.call(&Request::task(id).roa()).json()
}

/// How many nodes succeeded, failed, and are not known.
fn counts(task: &Value) -> (usize, usize, usize) {
    let results = task["task_result"].as_array().expect("results");
    let count = |status: &str| results.iter().filter(|node| node["status"] == status).count();
    (count("success"), count("failed"), count("initial"))
}

#[test]
fn nodes_come_up_one_after_the_other() {
    let (server, mut client) = start(Options { task_length: HOUR, ..Options::default() });
    for (age, wanted) in [(0, (0, 0, 4)), (1900, (2, 0, 2)), (3700, (4, 0, 0))] {
        let id = server.add_earlier_task(CLUSTER, 4, Duration::from_secs(age));
        let task = describe(&mut client, &id);
        assert_eq!(counts(&task), wanted, "{age}");
        assert_eq!(task["state"], if age > 3600 { "success" } else { "running" });
        assert_eq!(task["events"].as_array().map(Vec::len), Some(wanted.0));
        assert_eq!(task["stages"][1]["state"], task["state"]);
    }
    let id = server.add_earlier_task(CLUSTER, 4, HOUR);
    let task = describe(&mut client, &id);
    let stamp = task["events"][0]["timestamp"].as_str().expect("a text");
    assert!(stamp.len() == 13 && stamp.parse::<i64>().is_ok(), "{stamp}");
    let began = task["stages"][0]["start_time"].as_str().expect("a time");
    assert_eq!(began.replace(' ', "T") + "+08:00", task["created"].as_str().unwrap_or_default());
}

#[test]
fn a_task_ends_as_it_is_told() {
    let (server, mut client) = start(Options::default());
    for (text, state, wanted) in [
        ("task_ends", "fail", (0, 2, 0)),
        ("task_ends:state=success,failed=1", "success", (1, 1, 0)),
        ("task_ends:state=failed,failed=1,code=QuotaExceed.X", "failed", (1, 1, 0)),
        ("task_ends:state=canceled", "canceled", (1, 0, 1)),
        ("task_ends:state=paused", "paused", (1, 0, 1)),
    ] {
        server.fault(text.parse().expect("a fault"));
        let reply = client.call(&Request::scale_out(CLUSTER).roa()).json();
        let task = describe(&mut client, reply["task_id"].as_str().expect("an id"));
        assert_eq!((&task["state"], counts(&task)), (&json!(state), wanted), "{text}");
        assert_eq!(task["error"].get("code").is_some(), text.contains("code="), "{text}");
    }
    assert_eq!(server.ledger().len(), 5);
    let id = server.add_task(CLUSTER);
    server.plan_task(&id, TaskEnd::new("fail"));
    assert_eq!(describe(&mut client, &id)["state"], "fail");
}

#[test]
fn a_new_task_is_not_found_by_its_id() {
    let (server, mut client) = start(Options { found_delay: HOUR, ..Options::default() });
    let id = server.add_task(CLUSTER);
    let reply = client.call(&Request::task(&id).roa());
    assert_eq!((reply.status, &reply.json()["code"]), (400, &json!("400")));
    let earlier = server.add_earlier_task(CLUSTER, 1, 2 * HOUR);
    assert_eq!(client.call(&Request::task(&earlier).roa()).status, 200);
    assert_eq!(client.call(&Request::task("T-none").roa()).status, 404);
}

#[test]
fn what_was_there_before_is_listed_behind_what_came_later() {
    let (server, mut client) = start(Options::default());
    let new = server.add_task(CLUSTER);
    let old = server.add_earlier_task(CLUSTER, 1, HOUR);
    let list = client.call(&Request::tasks(CLUSTER, "").roa()).json();
    assert_eq!(
        (&list["tasks"][0]["task_id"], &list["tasks"][1]["task_id"]),
        (&json!(new), &json!(old))
    );
    server.fault_for_reads(Fault::Created(Created::Epoch));
    assert!(describe(&mut client, &old)["created"].is_i64());
}
