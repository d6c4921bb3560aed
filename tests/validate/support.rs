//! What the validator's tests share: documents to start from, and findings as short text.

#![allow(dead_code, reason = "each test file uses its part")]

use crate::common::{CLUSTER, read};
use cs_scale_out::Status;
use serde_json::{Value, json};

/// What one document comes to. A finding reads `/path code`.
pub struct Verdict {
    pub status: Status,
    pub problems: Vec<String>,
    pub warnings: Vec<String>,
    pub document: Value,
}

/// What one value of one member comes to, at that member's own path.
#[derive(Clone, Copy)]
pub enum Find {
    Nothing,
    Problem(&'static str),
    Warning(&'static str),
}

pub fn verdict(text: &str) -> Verdict {
    let (status, document) = read(cs_scale_out::validate(text.as_bytes()));
    let list = |name: &str| {
        let items = document[name].as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().map(finding).collect::<Vec<_>>()
    };
    Verdict { status, problems: list("problems"), warnings: list("warnings"), document }
}

/// Every finding has a pointer, a lower_snake word and one line of text.
fn finding(item: &Value) -> String {
    let part = |name: &str| item[name].as_str().expect("a string").to_owned();
    let (path, code, message) = (part("path"), part("code"), part("message"));
    assert!(path.is_empty() || path.starts_with('/'), "{item}");
    assert!(
        code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
        "{item}"
    );
    assert!(!message.is_empty() && !message.contains(['\n', '\r']), "{item}");
    format!("{path} {code}")
}

/// Exactly these problems and exactly these warnings, in any order.
pub fn finds(text: &str, problems: &[&str], warnings: &[&str]) {
    let got = verdict(text);
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list
    };
    let wanted = |list: &[&str]| sorted(list.iter().map(ToString::to_string).collect());
    let shown: String = text.chars().take(400).collect();
    assert_eq!(sorted(got.problems), wanted(problems), "problems of {shown}");
    assert_eq!(sorted(got.warnings), wanted(warnings), "warnings of {shown}");
    let status = if problems.is_empty() { Status::Ok } else { Status::Invalid };
    assert_eq!(got.status, status, "{shown}");
}

/// The same for a document that is a value.
pub fn finds_in(document: &Value, problems: &[&str], warnings: &[&str]) {
    finds(&document.to_string(), problems, warnings);
}

/// One finding and no other, for each value of the member at `pointer` in a copy of `document`.
pub fn borders(document: &Value, pointer: &str, rows: &[(Value, Find)]) {
    for (value, find) in rows {
        let mut document = document.clone();
        put(&mut document, pointer, value.clone());
        let at = |code: &str| format!("{pointer} {code}");
        match find {
            Find::Nothing => finds_in(&document, &[], &[]),
            Find::Problem(code) => finds_in(&document, &[&at(code)], &[]),
            Find::Warning(code) => finds_in(&document, &[], &[&at(code)]),
        }
    }
}

/// The smallest document without any finding.
pub fn small() -> Value {
    json!({"ClusterId": CLUSTER, "count": 1, "key_pair": "common"})
}

/// The smallest document with `member`.
pub fn with(member: &str, value: Value) -> Value {
    let mut document = small();
    document[member] = value;
    document
}

/// The findings of [`full`], which says more than it needs.
pub const FULL_WARNINGS: [&str; 2] = ["/client/profile no_effect", "/client/region_id no_effect"];

/// Every parameter but `login_password`, and every member of `client`; without any problem.
pub fn full() -> Value {
    json!({
        "ClusterId": CLUSTER,
        "count": 3,
        "worker_instance_charge_type": "PrePaid",
        "worker_period": 1,
        "worker_period_unit": "Month",
        "worker_auto_renew": true,
        "worker_auto_renew_period": 6,
        "worker_system_disk_category": "cloud_efficiency",
        "worker_system_disk_size": 120,
        "worker_data_disk": true,
        "worker_data_disks": [{
            "category": "cloud_ssd",
            "encrypted": "false",
            "size": "120",
            "auto_snapshot_policy_id": "sp-1",
        }],
        "key_pair": "secrity-key",
        "cloud_monitor_flags": true,
        "cpu_policy": "none",
        "disable_rollback": true,
        "image_id": "m-1",
        "user_data": "IyEvYmluL3NoCg==",
        "runtime": {"name": "docker", "version": "19.03.5"},
        "vswitch_ids": ["vsw-1"],
        "worker_instance_types": ["ecs.c5.xlarge"],
        "rds_instances": ["rm-1"],
        "tags": [{"key": "tier", "value": "frontend"}],
        "taints": [{"key": "node_type", "value": "prod", "effect": "NoSchedule"}],
        "client": full_client(),
        "$schema": "request.schema.json",
    })
}

fn full_client() -> Value {
    json!({
        "region_id": "cn-hangzhou",
        "endpoint": "https://cs.example.com",
        "scheme": "https",
        "format": "json",
        "signature_method": "HMAC-SHA1",
        "access_key_id": "testid",
        "access_key_secret": "testsecret",
        "security_token": "testtoken",
        "profile": "default",
        "connect_timeout_ms": 5000,
        "timeout_ms": 30000,
        "max_attempts": 3,
        "keep_alive": false,
        "reconcile": true,
        "reconcile_timeout_ms": 10000,
        "adopt_candidate": false,
        "proxy": "http://127.0.0.1:3128",
        "ca_file": "/etc/ssl/ca.pem",
        "dry_run": true,
        "unchecked": ["/new_parameter"],
    })
}

/// Sets the member or item at `pointer`, whose parent is there.
pub fn put(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    match document.pointer_mut(parent).expect("a parent") {
        Value::Array(items) => items[name.parse::<usize>().expect("an index")] = value,
        parent => parent[name] = value,
    }
}

/// Takes the member at `pointer` out.
pub fn take(document: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    assert!(parent.remove(name).is_some(), "{pointer}");
}

/// The body that `members` (JSON text, without the braces) go out as; nothing is sent.
pub fn body(members: &str) -> String {
    body_unchecked(members, &[])
}

/// The same with some pointers unchecked. The passwords in it come masked.
pub fn body_unchecked(members: &str, unchecked: &[&str]) -> String {
    let client = json!({
        "access_key_id": "testid",
        "access_key_secret": "testsecret",
        "endpoint": "https://cs.example.com",
        "proxy": "",
        "dry_run": true,
        "unchecked": unchecked,
    });
    let text = format!(r#"{{"ClusterId":"{CLUSTER}",{members},"client":{client}}}"#);
    let (status, document) = read(cs_scale_out::scale_out(text.as_bytes()));
    assert_eq!(status, Status::Ok, "{document}");
    document["request"]["body"].as_str().expect("a body").to_owned()
}
