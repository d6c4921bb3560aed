//! The promise: a wait ends with its task's true end, whatever happens on the way, and loses no instance.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::common::faults::fault;
use crate::common::{looks, read, start, start_with, wait_for};
use crate::tasks::{HOUR, document};
use cs_scale_out::{Control, Error, Outcome, Status};
use local_ack::{Fault, LocalAck, Options, TaskEnd};
use serde_json::{Value, json};

/// Waits for a task, with intervals of a test.
fn wait(ack: &LocalAck, task_id: &str, members: Value) -> (Status, Value) {
    let mut wait = json!({"task_id": task_id, "poll_interval_ms": 5, "wait_ms": 30_000});
    crate::common::merge(&mut wait, members);
    let document = document(ack, wait, json!({"timeout_ms": 2000}));
    read(cs_scale_out::wait_task(document.to_string().as_bytes()))
}

fn goes_on() -> LocalAck {
    start_with(Options { task_length: HOUR, ..Options::default() })
}

fn planned(ack: &LocalAck, state: &str, failed: usize) -> String {
    let id = ack.add_earlier_task("planned", 3, Duration::ZERO);
    ack.plan_task(&id, TaskEnd { failed: Some(failed), ..TaskEnd::new(state) });
    id
}

#[test]
fn a_wait_ends_as_its_task_does() {
    let ack = start_with(Options { task_length: Duration::from_millis(60), ..Options::default() });
    for (state, failed, wanted, told) in [
        ("success", 0, Status::Ok, "success"),
        ("success", 1, Status::Failed, "success"),
        ("fail", 1, Status::Failed, "fail"),
        ("failed", 3, Status::Failed, "fail"),
        ("canceled", 0, Status::Failed, "canceled"),
    ] {
        let id = planned(&ack, state, failed);
        let (status, task) = wait(&ack, &id, json!({}));
        assert_eq!((status, &task["state"]), (wanted, &json!(told)), "{state}: {task}");
        assert_eq!(task["task_id"], id);
        assert!(task["attempts"].as_u64() > Some(1), "it was running first: {task}");
        if state != "canceled" {
            assert_eq!(task["failed"].as_array().map(Vec::len), Some(failed), "{task}");
            assert_eq!(task["succeeded"].as_array().map(Vec::len), Some(3 - failed), "{task}");
        }
        assert_eq!(task["message"].is_string(), wanted == Status::Failed, "{task}");
    }
}

#[test]
fn a_failed_task_says_why_and_what_to_do() {
    let ack = start();
    let id = planned(&ack, "fail", 2);
    let (code, message) = ("OperationDenied.NoStock".to_owned(), "sold out".to_owned());
    ack.plan_task(&id, TaskEnd { state: "fail".to_owned(), failed: Some(2), code, message });
    let (status, task) = wait(&ack, &id, json!({}));
    assert_eq!(status, Status::Failed);
    let message = task["message"].as_str().expect("a message");
    assert!(message.contains("1 came up, 2 failed") && message.contains("NoStock"), "{message}");
    assert!(task["hint"].as_str().is_some_and(|hint| hint.contains("another type")), "{task}");
    assert_eq!(task["error"]["code"], "OperationDenied.NoStock");
}

#[test]
fn what_goes_on_when_the_time_is_over_is_ok_and_timed_out() {
    let ack = goes_on();
    for (said, told) in [("running", "running"), ("paused", "paused"), ("dreaming", "dreaming")] {
        let id = ack.add_task("goes-on");
        assert!(ack.set_task(&id, said, json!({})));
        let begun = Instant::now();
        let (status, task) = wait(&ack, &id, json!({"wait_ms": 60}));
        assert!(begun.elapsed() >= Duration::from_millis(60));
        assert_eq!((status, &task["state"]), (Status::Ok, &json!(told)), "{task}");
        assert_eq!(task["timed_out"], true);
    }
}

#[test]
fn looks_are_an_interval_apart_and_the_last_one_is_at_the_end() {
    let ack = goes_on();
    let id = ack.add_task("interval");
    let count = |poll: u64, wait_ms: u64| {
        let before = looks(&ack).len();
        let (status, task) = wait(&ack, &id, json!({"poll_interval_ms": poll, "wait_ms": wait_ms}));
        assert_eq!((status, &task["timed_out"]), (Status::Ok, &json!(true)), "{task}");
        (looks(&ack).len() - before, task)
    };
    // At once; at least 200 ms later; at the end, which is at least 200 ms later again.
    assert!(count(200, 500).0 <= 3);
    assert_eq!(count(200, 390).0, 2, "no third one fits");
    assert_eq!(count(60_000, 50).0, 1);
    let (looked, task) = count(5_000, 0);
    assert_eq!((looked, &task["warnings"]), (1, &json!([])), "one look was asked for");
}

#[test]
fn throttling_holds_the_next_look_up() {
    let ack = goes_on();
    let id = ack.add_task("throttled");
    ack.fault_for_reads(fault("status:status=429,header.x-acs-retry-after=300"));
    let (_, task) = wait(&ack, &id, json!({"wait_ms": 400}));
    assert_eq!((looks(&ack).len(), &task["timed_out"]), (2, &json!(true)), "{task}");
}

#[test]
fn a_task_that_is_not_found_yet_is_waited_for() {
    let options = Options { found_delay: Duration::from_millis(150), ..Options::default() };
    let ack = start_with(options);
    let id = ack.add_task("lag");
    let (status, task) = wait(&ack, &id, json!({}));
    assert_eq!((status, &task["state"]), (Status::Ok, &json!("success")), "{task}");
    for (text, code) in [
        ("status:status=400,shape=cs,code=400,message=not found", "400"),
        ("status:status=404,shape=cs,code=TaskNotFound", "TaskNotFound"),
    ] {
        let ack = start();
        ack.fault_for_every_read(fault(text));
        let (status, told) = wait(&ack, "T-1", json!({"wait_ms": 100}));
        assert_eq!((status, &told["code"]), (Status::Refused, &json!(code)), "{told}");
        assert!(looks(&ack).len() > 1);
    }
}

#[test]
fn a_definite_no_ends_the_wait_and_loses_no_instance() {
    let ack = goes_on();
    let id = ack.add_earlier_task("no", 4, HOUR / 2);
    let document = document(&ack, json!({"task_id": id, "poll_interval_ms": 5}), json!({}));
    let mut seen = 0;
    let answer = cs_scale_out::wait_task_with(
        document.to_string().as_bytes(),
        &Control::new(),
        &mut |task| {
            seen = task.nodes.succeeded.len();
            ack.fault_for_every_read(fault("status:status=403,shape=cs,code=Forbidden.RAM"));
        },
    );
    assert_eq!(seen, 2);
    let Outcome::Failed(Error::Refused(detail)) = &answer.outcome else { panic!("{answer:?}") };
    assert_eq!(detail.task.as_ref().map(|task| task.nodes.succeeded.len()), Some(2));
    let (status, told) = read(answer);
    assert_eq!((status, &told["http_status"]), (Status::Refused, &json!(403)));
    assert_eq!((&told["task_id"], &told["state"]), (&json!(id), &json!("running")), "{told}");
    assert_eq!(told["succeeded"].as_array().map(Vec::len), Some(2), "{told}");
}

#[test]
fn an_instance_that_the_service_forgets_is_kept() {
    let ack = goes_on();
    let id = ack.add_earlier_task("forgets", 2, HOUR / 2);
    let document = document(&ack, json!({"task_id": id, "poll_interval_ms": 5}), json!({}));
    let answer =
        cs_scale_out::wait_task_with(document.to_string().as_bytes(), &Control::new(), &mut |_| {
            assert!(ack.set_task(&id, "fail", json!({"task_result": []})))
        });
    let (status, told) = read(answer);
    assert_eq!(status, Status::Failed);
    assert_eq!(told["succeeded"].as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(told["pending"].as_array().map(Vec::len), Some(1), "{told}");
}

#[test]
fn what_was_seen_outlives_a_service_that_is_gone() {
    let ack = goes_on();
    let id = ack.add_earlier_task("gone", 4, HOUR / 2);
    ack.fault_for_reads(fault("status:status=200,shape=html"));
    ack.fault_for_reads(Fault::ConnectionClose);
    ack.fault_for_every_read(fault("status:status=503"));
    let (status, task) = wait(&ack, &id, json!({"wait_ms": 100}));
    assert_eq!((status, &task["timed_out"]), (Status::Ok, &json!(true)), "{task}");
    assert_eq!(task["succeeded"].as_array().map(Vec::len), Some(2));
    let (status, told) = wait(&ack, &id, json!({"wait_ms": 50}));
    assert_eq!(
        (status, &told["http_status"]),
        (Status::Unknown, &json!(503)),
        "never seen: {told}"
    );
}

#[test]
fn a_wait_is_given_up_at_once_and_tells_what_it_saw() {
    let ack = goes_on();
    let id = ack.add_earlier_task("given-up", 2, HOUR / 2);
    let document = document(&ack, json!({"task_id": id, "poll_interval_ms": 3_600_000}), json!({}));
    let begun = Instant::now();
    let control = Control::new();
    let (status, told) = std::thread::scope(|scope| {
        let call = scope.spawn(|| {
            let text = document.to_string();
            cs_scale_out::wait_task_with(text.as_bytes(), &control, &mut |_| {})
        });
        wait_for("a look", || looks(&ack).first().is_some_and(|seen| seen.status == 200));
        assert!(control.cancel());
        read(call.join().expect("no panic"))
    });
    assert_eq!(status, Status::Unsent, "{told}");
    assert!(begun.elapsed() < HOUR / 60);
    assert!(told["message"].as_str().is_some_and(|m| m.contains("given up")), "{told}");
}

#[test]
fn after_a_purchase_the_first_look_waits_an_interval() {
    let ack = start();
    let id = ack.add_task("after");
    let document = document(&ack, json!({"task_id": id, "poll_interval_ms": 120}), json!({}));
    let begun = Instant::now();
    let answer = cs_scale_out::binding::wait_task_after_purchase(
        document.to_string().as_bytes(),
        &Control::new(),
        &mut |_| {},
    );
    assert_eq!(answer.status, Status::Ok);
    assert!(begun.elapsed() >= Duration::from_millis(120));
}

/// A row of numbers that is the same each time.
struct Numbers(AtomicU64);

impl Numbers {
    fn below(&self, most: usize) -> usize {
        let next = |n: u64| {
            n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
        };
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| Some(next(n)));
        (next(before.unwrap_or_default()) >> 33) as usize % most
    }
}

/// What a wait goes through without an end of its own.
const ON_THE_WAY: [&str; 14] = [
    "status:status=429,header.x-acs-retry-after=2",
    "status:status=400,code=Throttling.User,header.x-acs-retry-after=1",
    "status:status=500",
    "status:status=503,shape=html",
    "status:status=408",
    "status:status=400,shape=cs,code=400,message=not found",
    "status:status=404,shape=cs,code=TaskNotFound",
    "status:status=400,code=InvalidTimeStamp.Expired",
    "close_after_read",
    "reset",
    "half_body",
    "garbage",
    "task_id:value=T-of-somebody-else",
    "body:value={\"state\":\"success\"}",
];

#[test]
fn two_hundred_waits_under_random_faults_and_lags_end_with_the_tasks_true_end() {
    const ENDS: [(&str, usize); 6] =
        [("success", 0), ("success", 2), ("fail", 1), ("failed", 3), ("canceled", 0), ("fail", 3)];
    let numbers = Numbers(AtomicU64::new(7));
    for round in 0..20 {
        let lag = |most| Duration::from_millis(numbers.below(most) as u64);
        let ack = start_with(Options {
            found_delay: lag(40),
            task_length: lag(80),
            clock_offset: [0, 0, -7200, 90_000][numbers.below(4)],
            ..Options::default()
        });
        for _ in 0..numbers.below(120) {
            ack.fault_for_reads(fault(ON_THE_WAY[numbers.below(ON_THE_WAY.len())]));
        }
        std::thread::scope(|scope| {
            for _ in 0..10 {
                let (ack, (state, failed)) = (&ack, ENDS[numbers.below(ENDS.len())]);
                scope.spawn(move || {
                    let id = planned(ack, state, failed);
                    let (status, task) = wait(ack, &id, json!({"poll_interval_ms": 2}));
                    let is_good = state == "success" && failed == 0;
                    let wanted = if is_good { Status::Ok } else { Status::Failed };
                    assert_eq!(status, wanted, "{round}: {state} {failed}: {task}");
                    assert_eq!(
                        task["state"],
                        state.trim_end_matches("ed").replace("cancel", "canceled")
                    );
                    if state != "canceled" {
                        assert_eq!(task["succeeded"].as_array().map(Vec::len), Some(3 - failed));
                    }
                });
            }
        });
    }
}
