//! The promise: `client.unchecked` lets exactly the named places through, as they are.

use crate::common::CLUSTER;
use crate::support::{body_unchecked, finds, finds_in, small};
use serde_json::{Value, json};

/// `members` and some unchecked pointers, in a document that is otherwise fine.
fn text(members: &str, unchecked: &[&str]) -> String {
    let unchecked = json!(unchecked);
    let count = if members.contains("\"count\"") { "" } else { "\"count\":1," };
    format!(r#"{{"ClusterId":"{CLUSTER}",{count}{members},"client":{{"unchecked":{unchecked}}}}}"#)
}

/// It is a problem as it is, none when unchecked, and then goes out unchanged.
fn lets_through(members: &str, pointers: &[&str], problems: &[&str]) {
    let members = &format!(r#""key_pair":"k",{members}"#);
    finds(&text(members, &[]), problems, &[]);
    finds(&text(members, pointers), &[], &[]);
    assert_eq!(body_unchecked(members, pointers), format!("{{{members}}}"));
}

#[test]
fn new_parameters_go_out_unchanged() {
    for value in [
        "1",
        "-0.10e+2",
        "99999999999999999999",
        "\"中\\u4e2d\"",
        "[1,[],{}]",
        "{\"b\":1,\"a\":null}",
        "true",
    ] {
        lets_through(&format!(r#""new":{value}"#), &["/new"], &["/new unknown_member"]);
    }
    lets_through(r#""a/b~c":1"#, &["/a~1b~0c"], &["/a~1b~0c unknown_member"]);
}

#[test]
fn what_is_let_through_is_compact_all_the_same() {
    let members = "\"new\" : { \"a b\" : [ 1.50 ,\n\t\" x \\\" \" ] } ,\r\n \"count\" : 1";
    let sent = r#"{"new":{"a b":[1.50," x \" "]},"count":1}"#;
    assert_eq!(body_unchecked(members, &["/new"]), sent);
}

#[test]
fn newer_values_go_out_unchanged() {
    for (members, path, code) in [
        (r#""count":0"#, "/count", "out_of_range"),
        (r#""count":"3""#, "/count", "wrong_type"),
        (r#""cpu_policy":"dynamic""#, "/cpu_policy", "not_allowed"),
        (r#""worker_instance_charge_type":"Spot""#, "/worker_instance_charge_type", "not_allowed"),
        (r#""worker_system_disk_category":"""#, "/worker_system_disk_category", "empty"),
        (r#""user_data":"plain""#, "/user_data", "not_base64"),
        (r#""runtime":"docker""#, "/runtime", "wrong_type"),
        (r#""vswitch_ids":"vsw-1""#, "/vswitch_ids", "wrong_type"),
        (r#""vswitch_ids":["a",""]"#, "/vswitch_ids/1", "empty"),
        (r#""tags":{"a":"b"}"#, "/tags", "wrong_type"),
        (r#""image_id":"\ud800""#, "/image_id", "not_unicode"),
    ] {
        lets_through(members, &[path], &[&format!("{path} {code}")]);
    }
    let prepaid = r#""worker_instance_charge_type":"PrePaid","worker_period_unit":"Month","worker_period":24"#;
    lets_through(prepaid, &["/worker_period"], &["/worker_period not_allowed"]);
}

#[test]
fn nested_members_go_out_unchanged() {
    for (members, path, code) in [
        (r#""runtime":{"name":"docker","mode":{"a":1}}"#, "/runtime/mode", "unknown_member"),
        (r#""runtime":{"version":19.03}"#, "/runtime/version", "wrong_type"),
        (r#""tags":[{"key":"k","new":1.0}]"#, "/tags/0/new", "unknown_member"),
        (r#""tags":[{"key":""}]"#, "/tags/0/key", "empty"),
        (r#""tags":["k=v"]"#, "/tags/0", "wrong_type"),
        (
            r#""taints":[{"key":"k","effect":"NoExecute"},{"key":"k","effect":"Evict"}]"#,
            "/taints/1/effect",
            "not_allowed",
        ),
        (r#""worker_data_disks":[{"iops":3000}]"#, "/worker_data_disks/0/iops", "unknown_member"),
        // Unchanged: native values stay native.
        (r#""worker_data_disks":[{"size":0}]"#, "/worker_data_disks/0/size", "out_of_range"),
        (
            r#""worker_data_disks":[{"encrypted":1}]"#,
            "/worker_data_disks/0/encrypted",
            "wrong_type",
        ),
    ] {
        lets_through(members, &[path], &[&format!("{path} {code}")]);
    }
    let disk = r#""worker_data_disks":[{"size":120,"encrypted":true}]"#;
    let pointers = ["/worker_data_disks/0/size", "/worker_data_disks/0/encrypted"];
    assert_eq!(body_unchecked(disk, &pointers), format!("{{{disk}}}"));
}

#[test]
fn a_missing_member_may_stay_missing() {
    let members = r#""key_pair":"k","worker_instance_charge_type":"PrePaid""#;
    let pointers = ["/worker_period", "/worker_period_unit"];
    finds(&text(members, &pointers), &[], &[]);
    finds(&text(members, &pointers[..1]), &["/worker_period_unit missing"], &[]);
}

#[test]
fn a_pointer_is_exact_and_lifts_nothing_elsewhere() {
    let members = r#""key_pair":"k","count":0,"cpu_policy":"x","new":1,"tags":[{"key":"","new":1},{"key":""}]"#;
    finds(
        &text(
            members,
            &["/count", "/tags/0/key", "/tag", "/ne", "/new/", "/tags/1/new", "/runtime"],
        ),
        &[
            "/cpu_policy not_allowed",
            "/new unknown_member",
            "/tags/0/new unknown_member",
            "/tags/1/key empty",
        ],
        &[],
    );
    // A whole object let through is not looked into.
    finds(&text(members, &["/count", "/cpu_policy", "/new", "/tags"]), &[], &[]);
    // An object's own pointer lets its members through with it, not the other way round.
    finds(
        &text(r#""key_pair":"k","runtime":[]"#, &["/runtime/name"]),
        &["/runtime wrong_type"],
        &[],
    );
}

#[test]
fn null_is_absent_even_unchecked() {
    let members = r#""count":1,"new":null"#;
    finds(&text(&format!(r#""key_pair":"k",{members}"#), &["/new"]), &[], &[]);
    assert_eq!(body_unchecked(members, &["/new"]), r#"{"count":1}"#);
}

#[test]
fn cluster_id_and_client_are_always_checked() {
    let unchecked = |pointer: Value| {
        let mut document = small();
        document["client"] = json!({"unchecked": [pointer]});
        document
    };
    for pointer in ["/ClusterId", "/client", "/client/timeout_ms", "/client/unchecked"] {
        finds_in(&unchecked(json!(pointer)), &["/client/unchecked/0 bad_pointer"], &[]);
    }
    let mut document = unchecked(json!("/ClusterId"));
    document["ClusterId"] = json!("a/b");
    let problems = ["/ClusterId bad_character", "/client/unchecked/0 bad_pointer"];
    finds_in(&document, &problems, &[]);
    document["ClusterId"] = json!(3);
    finds_in(&document, &["/ClusterId wrong_type", "/client/unchecked/0 bad_pointer"], &[]);
}

#[test]
fn unchecked_holds_json_pointers() {
    for pointer in ["", "count", "#/count", "/a~", "/a~2", "$.count"] {
        let mut document = small();
        document["client"] = json!({"unchecked": ["/count", pointer]});
        finds_in(&document, &["/client/unchecked/1 bad_pointer"], &[]);
    }
    for pointer in ["/count", "/a~0", "/a~1b", "/tags/0/key", "/新", "/a b"] {
        let mut document = small();
        document["client"] = json!({"unchecked": [pointer, pointer]});
        finds_in(&document, &[], &[]);
    }
}

#[test]
fn duplicates_are_problems_even_unchecked() {
    let members = r#""key_pair":"k","new":1,"new":2"#;
    finds(&text(members, &["/new"]), &["/new duplicate_member"], &[]);
}

#[test]
fn an_unchecked_password_is_still_masked() {
    for value in [r#""hello""#, "12345678", r#"["hello"]"#, r#"{"a":"hello"}"#] {
        let members = format!(r#""login_password":{value},"count":1"#);
        let sent = body_unchecked(&members, &["/login_password"]);
        assert_eq!(sent, r#"{"login_password":"***","count":1}"#);
    }
}
