//! The promise: the documents of the task functions are held to the same rules as a request, and nothing in them
//! goes unchecked.

use std::collections::BTreeSet;

use crate::common::read;
use crate::support::put;
use cs_scale_out::binding::{Row, Values, task_rows};
use cs_scale_out::{Answer, Status};
use serde_json::{Value, json};

type Function = fn(&[u8]) -> Answer;

/// Each function with a sound document.
fn functions() -> [(&'static str, Function, Value); 4] {
    let unknown = json!({"status": "unknown", "cluster_id": "c1", "purchase_id": "f1", "clock_offset": 0,
        "sent_at": "2026-01-02T03:04:05.678Z"});
    [
        ("describe_task", cs_scale_out::describe_task, json!({"task_id": "T-1"})),
        (
            "wait_task",
            cs_scale_out::wait_task,
            json!({"task_id": "T-1", "poll_interval_ms": 1, "wait_ms": 1}),
        ),
        (
            "list_tasks",
            cs_scale_out::list_tasks,
            json!({"ClusterId": "c1", "since": "2026-01-02T03:04:05Z"}),
        ),
        ("look", cs_scale_out::look, json!({"unknown": unknown})),
    ]
}

/// `/path code` of each problem and of each warning; no call gets past its keys.
fn found(function: Function, document: &Value) -> (Vec<String>, Vec<String>) {
    let mut document = document.clone();
    if document.get("client").is_none() {
        // Half a key pair, so that no call is made.
        document["client"] = json!({"access_key_id": "half"});
    }
    let (status, told) = read(function(document.to_string().as_bytes()));
    assert_eq!(status, Status::Invalid, "{told}");
    let list = |name: &str| {
        let items = told[name].as_array().cloned().unwrap_or_default().into_iter();
        let line = |item: Value| {
            let text = |name: &str| item[name].as_str().expect("a text").to_owned();
            format!("{} {}", text("path"), text("code"))
        };
        items.map(line).filter(|line| !line.starts_with("/client/access_key_secret ")).collect()
    };
    (list("problems"), list("warnings"))
}

fn problems(function: Function, document: &Value) -> Vec<String> {
    found(function, document).0
}

fn of(name: &str) -> (Function, Value) {
    let found = functions().into_iter().find(|(known, ..)| *known == name).expect("a function");
    (found.1, found.2)
}

#[test]
fn sound_documents_have_no_problem() {
    for (name, function, document) in functions() {
        assert_eq!(found(function, &document), (vec![], vec![]), "{name}");
        let mut marked = document.clone();
        marked["$schema"] = json!([7]);
        assert_eq!(problems(function, &marked), [""; 0], "{name}");
    }
}

#[test]
fn what_is_required_is_missed_at_its_own_place() {
    for (name, paths) in [
        ("describe_task", vec!["/task_id missing"]),
        ("wait_task", vec!["/task_id missing"]),
        ("list_tasks", vec!["/ClusterId missing"]),
        ("look", vec!["/unknown missing"]),
    ] {
        assert_eq!(problems(of(name).0, &json!({})), paths, "{name}");
    }
    let wanted = ["status", "cluster_id", "purchase_id", "sent_at"];
    let wanted: Vec<_> = wanted.iter().map(|name| format!("/unknown/{name} missing")).collect();
    assert_eq!(problems(of("look").0, &json!({"unknown": {}})), wanted);
}

#[test]
fn the_values_of_a_row_are_the_validators() {
    let at = |row: &Row, value: Value| {
        let holds = |(.., document): &(_, _, Value)| document.pointer(row.pointer).is_some();
        let (_, function, mut document) =
            functions().into_iter().find(holds).expect("its document");
        put(&mut document, row.pointer, value);
        !problems(function, &document).is_empty()
    };
    for row in task_rows() {
        let example = serde_json::from_str::<Value>(row.example).expect("JSON");
        assert!(!at(row, example), "{}", row.pointer);
        assert!(at(row, json!([])), "{}: another type", row.pointer);
        match row.values {
            Values::Any => {}
            Values::Words(_) => assert!(at(row, json!("?")), "{}", row.pointer),
            Values::Integers(_) => panic!("{}: no such row is known here", row.pointer),
            Values::Within(range) => {
                for (value, is_wrong) in
                    [(range.least - 1, true), (range.least, false), (range.most + 1, true)]
                {
                    assert_eq!(at(row, json!(value)), is_wrong, "{} {value}", row.pointer);
                }
            }
            Values::Characters(range) => {
                assert!(at(row, json!("")), "{}", row.pointer);
                let beyond = range.most.checked_add(1);
                let long = |most: i64| json!("a".repeat(most as usize));
                assert!(beyond.is_none_or(|most| at(row, long(most))), "{}", row.pointer);
            }
        }
    }
}

#[test]
fn every_row_is_in_a_document_here() {
    let rows: BTreeSet<_> = task_rows().map(|row| row.pointer).collect();
    assert_eq!(rows.len(), task_rows().count());
    assert_eq!(rows.len(), 10);
    for pointer in rows {
        let is_there = functions().iter().any(|(.., document)| document.pointer(pointer).is_some());
        assert!(is_there, "{pointer}");
    }
}

#[test]
fn a_task_id_is_whatever_an_answer_may_have_called_it() {
    let (function, _) = of("describe_task");
    for (id, wanted) in [
        (json!("T-5a54309c80282e39ea00002f"), None),
        (json!("a b/c?d#e%f"), None),
        (json!("a".repeat(128)), None),
        (json!("a".repeat(129)), Some("too_long")),
        (json!(""), Some("empty")),
        (json!(" "), Some("bad_character")),
        (json!("T-\u{fc}"), Some("bad_character")),
        (json!("T-\n"), Some("bad_character")),
        (json!("."), Some("bad_character")),
        (json!(".."), Some("bad_character")),
        (json!(7), Some("wrong_type")),
    ] {
        let wanted: Vec<_> = wanted.map(|code| format!("/task_id {code}")).into_iter().collect();
        assert_eq!(problems(function, &json!({"task_id": id})), wanted, "{id}");
    }
}

#[test]
fn moments_are_those_of_rfc_3339() {
    for (name, path) in [("list_tasks", "/since"), ("look", "/unknown/sent_at")] {
        let (function, document) = of(name);
        for (text, is_sound) in [
            ("2026-01-02T11:04:05.678+08:00", true),
            ("2026-01-02T03:04:05Z", true),
            ("2026-01-02T03:04:05", false),
            ("2026-01-02", false),
            ("1767323045", false),
            ("yesterday", false),
        ] {
            let mut document = document.clone();
            put(&mut document, path, json!(text));
            let wanted = if is_sound { vec![] } else { vec![format!("{path} not_allowed")] };
            assert_eq!(problems(function, &document), wanted, "{text}");
        }
    }
}

#[test]
fn only_the_document_of_an_unknown_call_is_looked_after() {
    let (function, sound) = of("look");
    let with = |name: &str, value: Value| {
        let mut document = sound.clone();
        document["unknown"][name] = value;
        problems(function, &document)
    };
    for status in ["ok", "refused", "unsent", "invalid"] {
        assert_eq!(with("status", json!(status)), ["/unknown/status not_allowed"]);
    }
    assert_eq!(with("cluster_id", json!("a/b")), ["/unknown/cluster_id bad_character"]);
    assert_eq!(with("purchase_id", json!("\u{1}")), ["/unknown/purchase_id bad_character"]);
    assert_eq!(with("clock_offset", json!("1")), ["/unknown/clock_offset wrong_type"]);
    assert_eq!(with("clock_offset", Value::Null), [""; 0]);
    for (name, value) in [("hint", json!("x")), ("candidates", json!([{}])), ("later", json!(null))]
    {
        assert_eq!(with(name, value), [""; 0], "{name} is ignored");
    }
    for unknown in [json!("text"), json!([]), json!(7)] {
        assert_eq!(problems(function, &json!({"unknown": unknown})), ["/unknown wrong_type"]);
    }
}

#[test]
fn unknown_members_are_problems_and_nothing_is_left_unchecked() {
    let (function, _) = of("wait_task");
    let document = json!({"task_id": "", "wait": 1, "client": {
        "unchecked": ["/task_id", "/wait"], "access_key_id": "half"}});
    let found = problems(function, &document);
    assert_eq!(found, ["/task_id empty", "/wait unknown_member"]);
    let (_, told) = read(cs_scale_out::list_tasks(br#"{"cluster_id": "c1", "clientt": {}}"#));
    let text = told.to_string();
    assert!(text.contains(r#"did you mean \"ClusterId\"?"#), "{text}");
    let twice = br#"{"task_id": "T-1", "task_id": "T-2"}"#;
    let (_, told) = read(cs_scale_out::describe_task(twice));
    assert_eq!(told["problems"][0]["code"], "duplicate_member");
    for function in functions() {
        assert_eq!(read((function.1)(b"[]")).1["problems"][0]["code"], "wrong_type");
        assert_eq!(read((function.1)(b"{")).0, Status::Argument);
    }
}

#[test]
fn a_token_does_not_travel_in_the_plain() {
    let client = json!({"endpoint": "http://cs.example.com", "access_key_id": "a",
        "access_key_secret": "b", "security_token": "c", "proxy": ""});
    for (name, function, mut document) in functions() {
        document["client"] = client.clone();
        let found = problems(function, &document);
        assert_eq!(found, ["/client/security_token plaintext_secret"], "{name}");
    }
}

#[test]
fn what_has_no_effect_is_warned_of() {
    let client = json!({"access_key_id": "half", "dry_run": true});
    for (name, function, mut document) in functions() {
        document["client"] = client.clone();
        assert_eq!(found(function, &document).1, ["/client/dry_run no_effect"], "{name}");
    }
    let (function, _) = of("wait_task");
    for (members, wanted) in [
        (json!({"wait_ms": 100}), vec!["/wait_ms no_effect"]),
        (json!({"wait_ms": 5000}), vec![]),
        (json!({"wait_ms": 0}), vec![]),
        (json!({"poll_interval_ms": 3_600_001}), vec!["/poll_interval_ms no_effect"]),
    ] {
        let mut document = json!({"task_id": "T-1"});
        crate::common::merge(&mut document, members);
        assert_eq!(found(function, &document).1, wanted, "{document}");
    }
}

#[test]
fn json_set_builds_them() {
    let set = |document: &str, pointer: &str, value: &str| {
        cs_scale_out::json_set(document.as_bytes(), pointer.as_bytes(), value.as_bytes()).document
    };
    let wait = set(&set("", "/task_id", "12"), "/wait_ms", "12");
    assert_eq!(wait, r#"{"task_id":"12","wait_ms":12}"#);
    assert_eq!(set("", "/unknown", r#"{"a":1}"#), r#"{"unknown":{"a":1}}"#);
}
