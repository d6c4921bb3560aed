//! The promise: a task is shown as it stands, and a read's failure says that it is one.

use std::time::Duration;

use crate::common::faults::fault;
use crate::common::{call, client, closed_port, looks, merge, read, request, start, start_with};
use cs_scale_out::{Control, Outcome, Status};
use local_ack::{Fault, LocalAck, Options, TaskEnd};
use serde_json::{Value, json};

pub const HOUR: Duration = Duration::from_secs(3600);

/// A document for `ack` with these members and, in its `client`, those of `extra`.
pub fn document(ack: &LocalAck, mut members: Value, extra: Value) -> Value {
    let mut how = client(ack);
    merge(&mut how, extra);
    members["client"] = how;
    members
}

pub fn describe(ack: &LocalAck, task_id: &str, extra: Value) -> (Status, Value) {
    let document = document(ack, json!({"task_id": task_id}), extra);
    read(cs_scale_out::describe_task(document.to_string().as_bytes()))
}

pub fn list(ack: &LocalAck, members: Value) -> (Status, Value) {
    let document = document(ack, members, json!({}));
    read(cs_scale_out::list_tasks(document.to_string().as_bytes()))
}

fn len(value: &Value) -> usize {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}")).len()
}

#[test]
fn a_task_is_told_in_full() {
    for method in ["HMAC-SHA1", "ACS3-HMAC-SHA256"] {
        let ack = start();
        ack.fault(fault("task_ends:state=failed,failed=1,code=QuotaExceed.X,message=used up"));
        let mut request = request(&ack, json!({"signature_method": method, "format": "xml"}));
        request["count"] = json!(3);
        let bought = call(&request).1;
        let task_id = bought["task_id"].as_str().expect("an id");
        let extra = json!({"signature_method": method, "format": "xml"});
        let (status, task) = describe(&ack, task_id, extra);
        assert_eq!(status, Status::Ok, "a look is ok whatever the state: {task}");
        assert_eq!(task["task_id"], task_id);
        assert_eq!(task["cluster_id"], bought["cluster_id"]);
        assert_eq!(task["state"], "fail");
        assert_eq!((len(&task["succeeded"]), len(&task["failed"])), (2, 1));
        assert_eq!(task["pending"], json!([]));
        assert_eq!(task["error"], json!({"code": "QuotaExceed.X", "message": "used up"}));
        assert_eq!((len(&task["stages"]), len(&task["events"])), (2, 3));
        assert!(task["events"][0]["timestamp"].is_string() && task["created"].is_string());
        assert!(task["updated"].is_string() && task["warnings"] == json!([]));
        assert_eq!(task["attempts"], 1);
        assert!(task.get("timed_out").is_none());
    }
}

#[test]
fn a_state_is_one_of_five_words_or_the_services_own() {
    let ack = start();
    let id = ack.add_task("words");
    for (said, told) in [
        ("running", "running"),
        ("pausing", "running"),
        ("resuming", "running"),
        ("cancelling", "running"),
        ("paused", "paused"),
        ("success", "success"),
        ("fail", "fail"),
        ("failed", "fail"),
        ("canceled", "canceled"),
        ("dreaming", "dreaming"),
    ] {
        assert!(ack.set_task(&id, said, json!({})));
        let (status, task) = describe(&ack, &id, json!({}));
        assert_eq!((status, &task["state"]), (Status::Ok, &json!(told)), "{task}");
        let listed = list(&ack, json!({"ClusterId": "words"})).1;
        assert_eq!(listed["tasks"][0]["state"], told, "{listed}");
    }
}

#[test]
fn partial_failure_is_read_from_the_results_in_either_spelling() {
    let ack = start();
    let id = ack.add_task("partial");
    let result = json!([
        {"data": "i-1", "status": "success"}, {"data": "i-2", "status": "failed"},
        {"data": "i-3", "status": "initial"}, {"data": "i-4", "status": "initail"},
    ]);
    assert!(ack.set_task(&id, "success", json!({"task_result": result, "error": {}})));
    let (_, task) = describe(&ack, &id, json!({}));
    assert_eq!(task["succeeded"], json!(["i-1"]));
    assert_eq!(task["failed"], json!(["i-2"]));
    assert_eq!((&task["pending"], &task["error"]), (&json!(["i-3", "i-4"]), &Value::Null));
}

#[test]
fn a_read_is_repeated_until_there_is_an_answer() {
    for text in [
        "status:status=503",
        "status:status=429,header.x-acs-retry-after=1",
        "status:status=400,code=Rejected.Throttling,header.x-acs-retry-after=1",
        "status:status=400,code=SignatureNonceUsed",
        "status:status=408",
        "close_after_read",
        "reset",
        "half_body",
        "garbage_body",
        "task_id:value=T-2",
        "no_task_id",
        "body:value={}",
    ] {
        let ack = start();
        let id = ack.add_task("repeated");
        (0..2).for_each(|_| ack.fault_for_reads(fault(text)));
        let (status, task) = describe(&ack, &id, json!({}));
        assert_eq!((status, &task["attempts"]), (Status::Ok, &json!(3)), "{text}: {task}");
        ack.fault_for_every_read(fault(text));
        let (status, told) = describe(&ack, &id, json!({"max_attempts": 2}));
        assert!(status == Status::Unknown || text.contains("status=4"), "{text}: {told}");
        let message = told["message"].as_str().expect("a message");
        assert!(message.contains("a read, and buys nothing"), "{text}: {message}");
        assert_eq!(told["attempts"], 2, "{text}");
    }
}

#[test]
fn a_clock_that_is_wrong_is_set_beyond_the_attempts() {
    let ack = start_with(Options { clock_offset: -86_400, ..Options::default() });
    let id = ack.add_task("clock");
    let (status, task) = describe(&ack, &id, json!({"max_attempts": 1, "timeout_ms": 900}));
    assert_eq!((status, &task["attempts"]), (Status::Ok, &json!(2)), "{task}");
}

#[test]
fn a_definite_no_is_refused_at_once_and_says_what_to_grant() {
    let ack = start();
    ack.fault_for_reads(fault("status:status=403,shape=cs,code=Forbidden.RAM,message=no"));
    let (status, told) = describe(&ack, "T-1", json!({}));
    assert_eq!((status, &told["attempts"]), (Status::Refused, &json!(1)), "{told}");
    let hint = told["hint"].as_str().unwrap_or_default();
    assert!(hint.contains("cs:DescribeTaskInfo") && hint.contains('*'), "{told}");
    ack.fault_for_reads(fault("status:status=403,shape=cs,code=Forbidden.RAM,message=no"));
    let (status, told) = list(&ack, json!({"ClusterId": "c1"}));
    let hint = told["hint"].as_str().unwrap_or_default();
    assert_eq!(status, Status::Refused);
    assert!(hint.contains("cs:DescribeClusterTasks"), "{told}");
    let (status, told) = describe(&ack, "T-1", json!({}));
    assert_eq!((status, &told["http_status"]), (Status::Refused, &json!(404)), "{told}");
}

#[test]
fn what_was_not_sent_is_unsent() {
    let (closed, ack) = (closed_port(), start());
    let (status, told) = describe(&ack, "T-1", json!({"endpoint": closed.url()}));
    assert_eq!((status, &told["attempts"]), (Status::Unsent, &json!(3)), "{told}");
    let message = told["message"].as_str().expect("a message");
    assert!(message.contains("a read, and buys nothing"), "{message}");
    let (status, _) =
        describe(&ack, "T-1", json!({"access_key_id": null, "access_key_secret": null}));
    assert_eq!(status, Status::Credentials);
}

#[test]
fn a_read_is_stopped_wherever_it_is() {
    let ack = start();
    let id = ack.add_task("stopped");
    ack.fault_for_reads(Fault::Hang { executed: false });
    let document = document(&ack, json!({"task_id": id}), json!({"timeout_ms": 3_600_000}));
    let control = Control::new();
    std::thread::scope(|scope| {
        let call = scope
            .spawn(|| cs_scale_out::describe_task_with(document.to_string().as_bytes(), &control));
        crate::common::wait_for("the look", || !looks(&ack).is_empty());
        assert!(control.cancel() && !control.was_sent());
        let (status, told) = read(call.join().expect("no panic"));
        assert_eq!((status, &told["attempts"]), (Status::Unknown, &json!(1)), "{told}");
    });
}

#[test]
fn a_task_that_is_told_of_is_no_later_calls_own() {
    let ack = start();
    let cluster = "told-of";
    let id = ack.add_task(cluster);
    ack.plan_task(&id, TaskEnd::new("paused"));
    assert_eq!(describe(&ack, &id, json!({})).0, Status::Ok);
    std::thread::sleep(Duration::from_millis(5));
    ack.fault(Fault::CloseAfterRead { executed: true });
    let extra = json!({"adopt_candidate": true});
    let (status, told) = crate::common::buy_for(&ack, cluster, extra);
    assert_eq!((status, &told["task_id"]), (Status::Ok, &json!(ack.ledger()[0].task_id)), "{told}");
}

#[test]
fn no_secret_is_told_whatever_a_task_echoes() {
    let ack = start();
    let id = ack.add_task("echo");
    let echo = "it said testsecret, loudly";
    let patch = json!({"error": {"code": echo, "message": echo}, "cluster_id": echo, "created": echo,
        "stages": [{"message": echo, "state": echo, "outputs": {"a": echo}}],
        "events": [{"message": echo, "reason": echo, "timestamp": echo}],
        "task_result": [{"data": echo, "status": "success"}]});
    assert!(ack.set_task(&id, echo, patch));
    let told = [
        describe(&ack, &id, json!({})).1.to_string(),
        list(&ack, json!({"ClusterId": "echo"})).1.to_string(),
        {
            ack.fault_for_reads(fault(&format!(
                "status:status=400,code=X,message={}",
                echo.replace(',', "%2C")
            )));
            describe(&ack, &id, json!({})).1.to_string()
        },
    ];
    for text in told {
        assert!(text.contains("it said") && !text.contains("testsecret"), "{text}");
    }
}

#[test]
fn rust_callers_get_the_task_itself() {
    let ack = start();
    let id = ack.add_task("rust");
    let text = document(&ack, json!({"task_id": id}), json!({})).to_string();
    let answer = cs_scale_out::describe_task(text.as_bytes());
    let Outcome::Task(task) = &answer.outcome else { panic!("{}", answer.document) };
    assert_eq!((task.state.name(), task.nodes.succeeded.len()), ("success", 1));
    assert_eq!(cs_scale_out::binding::kind(&answer), "task");
}
