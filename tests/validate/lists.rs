//! The promise: each structured parameter is checked item by item, and goes out as the service
//! documents it.

use crate::support::Find::{Nothing, Problem, Warning};
use crate::support::{body, borders, finds_in, small, with};
use serde_json::{Value, json};

fn with_disk(disk: Value) -> Value {
    with("worker_data_disks", json!([disk]))
}

#[test]
fn a_data_disk_may_say_nothing_or_everything() {
    finds_in(&with_disk(json!({})), &[], &[]);
    let every = json!({
        "category": "cloud_ssd",
        "encrypted": "true",
        "size": "40",
        "auto_snapshot_policy_id": "sp-1",
    });
    finds_in(&with_disk(every), &[], &[]);
    finds_in(&with("worker_data_disks", json!([])), &[], &[]);
}

#[test]
fn encrypted_is_true_or_false_as_boolean_or_string() {
    borders(
        &with_disk(json!({})),
        "/worker_data_disks/0/encrypted",
        &[
            (json!(true), Nothing),
            (json!(false), Nothing),
            (json!("true"), Nothing),
            (json!("false"), Nothing),
            (json!(""), Problem("not_allowed")),
            (json!("True"), Problem("not_allowed")),
            (json!("yes"), Problem("not_allowed")),
            (json!("null"), Problem("not_allowed")),
            (json!(1), Problem("wrong_type")),
            (json!([]), Problem("wrong_type")),
            (json!({}), Problem("wrong_type")),
        ],
    );
}

#[test]
fn a_disk_size_is_a_positive_whole_number_or_such_a_string() {
    for (number, find) in [
        (-1, Problem("out_of_range")),
        (0, Problem("out_of_range")),
        (1, Warning("unadvised")),
        (39, Warning("unadvised")),
        (40, Nothing),
        (32768, Nothing),
        (32769, Warning("unadvised")),
    ] {
        let rows = [(json!(number), find), (json!(number.to_string()), find)];
        borders(&with_disk(json!({})), "/worker_data_disks/0/size", &rows);
    }
    for text in ["", " 40", "40 ", "+40", "4e1", "40.0", "0x28", "forty", "００", "４０", "000"]
    {
        let row = [(json!(text), Problem("out_of_range"))];
        borders(&with_disk(json!({})), "/worker_data_disks/0/size", &row);
    }
    for value in [json!(true), json!([]), json!({})] {
        let row = [(value, Problem("wrong_type"))];
        borders(&with_disk(json!({})), "/worker_data_disks/0/size", &row);
    }
}

#[test]
fn a_disk_size_with_a_fraction_or_exponent_is_not_whole() {
    for number in ["40.0", "40.5", "4e1", "0.5", "1E+2"] {
        let text = with_disk(json!({"size": "?"})).to_string().replace("\"?\"", number);
        let got = crate::support::verdict(&text);
        assert_eq!(got.problems.len(), 1, "{number}: {:?}", got.problems);
        assert!(got.problems[0].starts_with("/worker_data_disks/0/size "), "{:?}", got.problems);
    }
}

#[test]
fn encrypted_and_size_go_out_as_strings() {
    for (given, sent) in [
        (r#"{"encrypted":true,"size":120}"#, r#"{"encrypted":"true","size":"120"}"#),
        (r#"{"size":"120","encrypted":"false"}"#, r#"{"size":"120","encrypted":"false"}"#),
        (r#"{"encrypted": false, "category":"x"}"#, r#"{"encrypted":"false","category":"x"}"#),
        (r#"{"size":39}"#, r#"{"size":"39"}"#),
        (r#"{"size":null,"encrypted":null}"#, "{}"),
    ] {
        let disks = format!(r#""worker_data_disks":[{given}, {given}]"#);
        assert_eq!(body(&disks), format!(r#"{{"worker_data_disks":[{sent},{sent}]}}"#));
    }
}

#[test]
fn worker_data_disk_agrees_with_worker_data_disks() {
    let mismatch: &[&str] = &["/worker_data_disk disk_mismatch"];
    let one = json!([{"size": 40}]);
    for (flag, disks, warnings) in [
        (json!(true), json!(null), mismatch),
        (json!(true), one.clone(), &[]),
        (json!(false), json!(null), &[]),
        (json!(false), one.clone(), mismatch),
        (json!(null), one, &[]),
        (json!(null), json!(null), &[]),
    ] {
        let mut document = with("worker_data_disk", flag);
        document["worker_data_disks"] = disks;
        finds_in(&document, &[], warnings);
    }
    finds_in(&with("worker_data_disk", json!(true)), &[], mismatch);
}

#[test]
fn broken_worker_data_disks_are_given_all_the_same() {
    let mut document = with("worker_data_disk", json!(true));
    document["worker_data_disks"] = json!("cloud_ssd");
    finds_in(&document, &["/worker_data_disks wrong_type"], &[]);
}

#[test]
fn every_disk_is_checked_at_its_own_path() {
    let disks = json!([{"size": 40}, {"size": 0}, 7, {"encrypted": "no", "size": 39}, null]);
    finds_in(
        &with("worker_data_disks", disks),
        &[
            "/worker_data_disks/1/size out_of_range",
            "/worker_data_disks/2 wrong_type",
            "/worker_data_disks/3/encrypted not_allowed",
            "/worker_data_disks/4 wrong_type",
        ],
        &["/worker_data_disks/3/size unadvised"],
    );
}

#[test]
fn a_runtime_is_two_strings() {
    let runtimes = [
        json!({}),
        json!({"name": "docker"}),
        json!({"version": "19.03.5"}),
        json!({"name": "containerd", "version": "1.6"}),
        json!({"name": "Sandboxed-Container.runv", "version": null}),
    ];
    borders(&small(), "/runtime", &runtimes.map(|runtime| (runtime, Nothing)));
    finds_in(
        &with("runtime", json!({"name": 1, "version": 19.03})),
        &["/runtime/name wrong_type", "/runtime/version wrong_type"],
        &[],
    );
}

#[test]
fn lists_of_ids_hold_no_empty_string_and_warn_of_duplicates() {
    for name in ["vswitch_ids", "worker_instance_types", "rds_instances"] {
        let path = |index: usize, code: &str| format!("/{name}/{index} {code}");
        finds_in(&with(name, json!([])), &[], &[]);
        finds_in(&with(name, json!(["a", "A", "a "])), &[], &[]);
        finds_in(&with(name, json!([""])), &[&path(0, "empty")], &[]);
        finds_in(&with(name, json!(["a", ""])), &[&path(1, "empty")], &[]);
        finds_in(&with(name, json!(["a", "a"])), &[], &[&path(1, "duplicate_item")]);
        let every = ["a", "b", "a"];
        finds_in(&with(name, json!(every)), &[], &[&path(2, "duplicate_item")]);
        finds_in(&with(name, json!(["a", null])), &[&path(1, "wrong_type")], &[]);
        let mixed = [path(0, "wrong_type"), path(1, "empty"), path(2, "wrong_type")];
        finds_in(&with(name, json!([1, "", {}])), &mixed.each_ref().map(String::as_str), &[]);
    }
}

#[test]
fn more_than_three_vswitches_are_warned_of() {
    let of_length = |n: usize| json!((0..n).map(|i| format!("id-{i}")).collect::<Vec<_>>());
    let rows = [(of_length(3), Nothing), (of_length(4), Warning("too_many"))];
    borders(&small(), "/vswitch_ids", &rows);
    for other in ["/worker_instance_types", "/rds_instances"] {
        borders(&small(), other, &[(of_length(4), Nothing), (of_length(100), Nothing)]);
    }
}

#[test]
fn tags_have_keys_each_once() {
    finds_in(&with("tags", json!([])), &[], &[]);
    finds_in(&with("tags", json!([{"key": "tier"}])), &[], &[]);
    finds_in(&with("tags", json!([{"key": "tier", "value": ""}])), &[], &[]);
    finds_in(&with("tags", json!([{"key": "", "value": "v"}])), &["/tags/0/key empty"], &[]);
    finds_in(&with("tags", json!([{"value": "v"}])), &["/tags/0/key missing"], &[]);
    finds_in(&with("tags", json!([{"key": null}])), &["/tags/0/key missing"], &[]);
    let distinct = json!([{"key": "a"}, {"key": "A"}, {"key": "a "}, {"key": "b", "value": "a"}]);
    finds_in(&with("tags", distinct), &[], &[]);
    let twice = json!([{"key": "a", "value": "1"}, {"key": "b"}, {"key": "a", "value": "2"}]);
    finds_in(&with("tags", twice), &["/tags/2/key duplicate_key"], &[]);
    finds_in(&with("tags", json!([1, "tier"])), &["/tags/0 wrong_type", "/tags/1 wrong_type"], &[]);
}

#[test]
fn more_than_20_tags_are_warned_of() {
    let of_length =
        |n: usize| json!((0..n).map(|i| json!({"key": format!("k{i}")})).collect::<Vec<_>>());
    let rows = [(of_length(20), Nothing), (of_length(21), Warning("too_many"))];
    borders(&small(), "/tags", &rows);
}

#[test]
fn reserved_tag_keys_are_warned_of() {
    let rows = [
        ("aliyun", Warning("reserved_key")),
        ("aliyun-tier", Warning("reserved_key")),
        ("acs:", Warning("reserved_key")),
        ("acs:tier", Warning("reserved_key")),
        ("http://tier", Warning("reserved_key")),
        ("https://tier", Warning("reserved_key")),
        ("aliyu", Nothing),
        ("acs", Nothing),
        ("acs.tier", Nothing),
        ("http:/tier", Nothing),
        ("my-aliyun", Nothing),
        ("x acs:", Nothing),
    ];
    let tag = with("tags", json!([{"key": "?", "value": "acs:"}]));
    borders(&tag, "/tags/0/key", &rows.map(|(key, find)| (json!(key), find)));
}

#[test]
fn a_taint_without_an_effect_is_warned_of() {
    let warning = ["/taints/1/effect taint_without_effect"];
    for taint in [json!({"key": "a", "value": "b"}), json!({"key": "a", "effect": null})] {
        let whole = json!({"key": "a", "effect": "NoSchedule"});
        finds_in(&with("taints", json!([whole, taint])), &[], &warning);
    }
    finds_in(&with("taints", json!([7])), &["/taints/0 wrong_type"], &[]);
    let mut document = with("taints", json!([{"key": "a"}]));
    for lifted in ["/taints", "/taints/0", "/taints/0/effect"] {
        document["client"] = json!({"unchecked": [lifted]});
        finds_in(&document, &[], &[]);
    }
}

#[test]
fn taints_have_keys_and_known_effects() {
    let taint = with("taints", json!([{"key": "node_type", "effect": "NoExecute"}]));
    finds_in(&taint, &[], &[]);
    let good = ["NoSchedule", "NoExecute", "PreferNoSchedule"].map(|e| (json!(e), Nothing));
    borders(&taint, "/taints/0/effect", &good);
    let bad = ["", "noschedule", "NoSchedule ", "NoSchedul", "Evict"];
    borders(&taint, "/taints/0/effect", &bad.map(|e| (json!(e), Problem("not_allowed"))));
    borders(&taint, "/taints/0/key", &[(json!(""), Problem("empty")), (json!("aliyun"), Nothing)]);
    finds_in(&with("taints", json!([])), &[], &[]);
    let without_effect = ["/taints/0/effect taint_without_effect"];
    finds_in(&with("taints", json!([{}])), &["/taints/0/key missing"], &without_effect);
    // The same key with another effect is an ordinary pair of taints.
    let pair = json!([{"key": "a", "effect": "NoSchedule"}, {"key": "a", "effect": "NoExecute"}]);
    finds_in(&with("taints", pair), &[], &[]);
    finds_in(
        &with("taints", json!([{"key": "", "effect": "x"}, []])),
        &["/taints/0/key empty", "/taints/0/effect not_allowed", "/taints/1 wrong_type"],
        &[],
    );
}
