//! The promise: a wrong JSON type is always a problem, and null is as good as absent.

use std::collections::BTreeSet;

use crate::common::read;
use crate::support::{finds, full, put, take, verdict};
use serde_json::{Value, json};

#[derive(Clone, Copy, PartialEq)]
enum Type {
    Text,
    Integer,
    Boolean,
    Array,
    Object,
}
use Type::{Array, Boolean, Integer, Object, Text};

/// Contract §3 and §4, one row a member, its nested members after it.
const MEMBERS: [(&str, Type); 60] = [
    ("/ClusterId", Text),
    ("/count", Integer),
    ("/worker_instance_charge_type", Text),
    ("/worker_period", Integer),
    ("/worker_period_unit", Text),
    ("/worker_auto_renew", Boolean),
    ("/worker_auto_renew_period", Integer),
    ("/worker_system_disk_category", Text),
    ("/worker_system_disk_size", Integer),
    ("/worker_data_disk", Boolean),
    ("/worker_data_disks", Array),
    ("/worker_data_disks/0", Object),
    ("/worker_data_disks/0/category", Text),
    ("/worker_data_disks/0/auto_snapshot_policy_id", Text),
    ("/key_pair", Text),
    ("/cloud_monitor_flags", Boolean),
    ("/cpu_policy", Text),
    ("/disable_rollback", Boolean),
    ("/image_id", Text),
    ("/user_data", Text),
    ("/runtime", Object),
    ("/runtime/name", Text),
    ("/runtime/version", Text),
    ("/vswitch_ids", Array),
    ("/vswitch_ids/0", Text),
    ("/worker_instance_types", Array),
    ("/worker_instance_types/0", Text),
    ("/rds_instances", Array),
    ("/rds_instances/0", Text),
    ("/tags", Array),
    ("/tags/0", Object),
    ("/tags/0/key", Text),
    ("/tags/0/value", Text),
    ("/taints", Array),
    ("/taints/0", Object),
    ("/taints/0/key", Text),
    ("/taints/0/value", Text),
    ("/taints/0/effect", Text),
    ("/client", Object),
    ("/client/region_id", Text),
    ("/client/endpoint", Text),
    ("/client/scheme", Text),
    ("/client/format", Text),
    ("/client/signature_method", Text),
    ("/client/access_key_id", Text),
    ("/client/access_key_secret", Text),
    ("/client/security_token", Text),
    ("/client/profile", Text),
    ("/client/connect_timeout_ms", Integer),
    ("/client/timeout_ms", Integer),
    ("/client/max_attempts", Integer),
    ("/client/keep_alive", Boolean),
    ("/client/reconcile", Boolean),
    ("/client/reconcile_timeout_ms", Integer),
    ("/client/adopt_candidate", Boolean),
    ("/client/proxy", Text),
    ("/client/ca_file", Text),
    ("/client/dry_run", Boolean),
    ("/client/unchecked", Array),
    ("/client/unchecked/0", Text),
];

/// Members whose string or native value are both taken (see lists.rs), and one that is ignored.
const EITHER: [&str; 3] =
    ["/worker_data_disks/0/encrypted", "/worker_data_disks/0/size", "/$schema"];

/// Values as JSON text, since `3.0` must stay `3.0`; all of them are wrong for the other types.
const VALUES: [(&str, Type); 9] = [
    ("\"3\"", Text),
    ("\"true\"", Text),
    ("\"\"", Text),
    ("3", Integer),
    ("true", Boolean),
    ("false", Boolean),
    ("[]", Array),
    ("[\"a\"]", Array),
    ("{}", Object),
];
/// Numbers that are not integers are wrong everywhere.
const NOWHERE: [&str; 5] = ["3.0", "3.5", "3e0", "30e-1", "-0.0"];

fn with_text(pointer: &str, value: &str) -> String {
    let mut document = full();
    put(&mut document, pointer, json!("\u{1}place"));
    document.to_string().replace("\"\\u0001place\"", value)
}

#[test]
fn a_wrong_type_is_exactly_one_problem_at_its_place() {
    for (pointer, wanted) in MEMBERS {
        let wrong = VALUES.iter().filter(|(_, kind)| *kind != wanted).map(|(text, _)| *text);
        for value in wrong.chain(NOWHERE) {
            let got = verdict(&with_text(pointer, value));
            assert_eq!(got.problems, [format!("{pointer} wrong_type")], "{value}");
        }
    }
}

#[test]
fn a_login_password_is_a_string() {
    let mut document = full();
    take(&mut document, "/key_pair");
    put(&mut document, "/login_password", json!("\u{1}place"));
    for value in ["12345678", "true", "[\"Hello@1234\"]", "{\"a\":\"Hello@1234\"}", "3.0"] {
        let text = document.to_string().replace("\"\\u0001place\"", value);
        assert_eq!(verdict(&text).problems, ["/login_password wrong_type"], "{value}");
    }
}

#[test]
fn the_document_is_an_object() {
    for text in ["[]", "\"a\"", "3", "true", "null", "[{\"ClusterId\":\"c\"}]", " null "] {
        finds(text, &[" wrong_type"], &[]);
    }
}

/// Every member (not item) of a value, as pointers.
fn members(base: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                found.insert(format!("{base}/{name}"));
                members(&format!("{base}/{name}"), value, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                found.insert(format!("{base}/{index}"));
                members(&format!("{base}/{index}"), item, found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_table_of_types_has_a_row_for_every_member() {
    let mut in_document = BTreeSet::new();
    members("", &full(), &mut in_document);
    let in_table = MEMBERS.iter().map(|row| row.0).chain(EITHER).map(str::to_owned).collect();
    assert_eq!(in_document, in_table);
}

#[test]
fn a_null_member_is_as_good_as_none() {
    let mut pointers = BTreeSet::new();
    members("", &full(), &mut pointers);
    // Items have no name to be absent under: see the next test.
    pointers.retain(|pointer| !pointer.ends_with("/0"));
    assert_eq!(pointers.len(), 56, "{pointers:?}");
    for pointer in pointers {
        let (mut null, mut absent) = (full(), full());
        put(&mut null, &pointer, Value::Null);
        take(&mut absent, &pointer);
        let (null, absent) = (null.to_string(), absent.to_string());
        assert_eq!(verdict(&null).document, verdict(&absent).document, "{pointer}");
        if pointer.starts_with("/client") || pointer == "/ClusterId" {
            continue;
        }
        let (null, absent) = (dry_run(&null), dry_run(&absent));
        assert_eq!(null["request"]["body"], absent["request"]["body"], "{pointer}");
        assert_eq!(null["problems"], absent["problems"], "{pointer}");
    }
}

fn dry_run(text: &str) -> Value {
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    document["client"] = json!({
        "access_key_id": "testid",
        "access_key_secret": "testsecret",
        "dry_run": true,
        "proxy": "",
    });
    read(cs_scale_out::scale_out(document.to_string().as_bytes())).1
}

#[test]
fn a_null_item_is_a_wrong_type() {
    let mut items = BTreeSet::new();
    members("", &full(), &mut items);
    items.retain(|pointer| pointer.ends_with("/0"));
    assert_eq!(items.len(), 7, "{items:?}");
    for pointer in items {
        let got = verdict(&with_text(&pointer, "null"));
        assert_eq!(got.problems, [format!("{pointer} wrong_type")]);
    }
}
