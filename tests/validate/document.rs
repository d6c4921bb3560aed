//! The promise: any bytes get an answer, every problem is in it, and the body is what was given.

use crate::common::read;
use crate::support::{FULL_WARNINGS, body, finds, finds_in, full, put, small, verdict, with};
use cs_scale_out::Status;
use serde_json::{Value, json};

/// The API reference's own request (ScaleOutCluster, section 示例/请求示例), as it is printed there.
const REFERENCE_EXAMPLE: &str = r#"{
    "ClusterId":"c82e6987e2961451182edacd7****",
    "count":1,
    "key_pair":"common",
    "vswitch_ids":[
        "vsw-uf684tfrpwup8gcsw****"
    ],
    "worker_instance_types":[
        "ecs.c5.xlarge"
    ],
    "worker_system_disk_category":"cloud_efficiency",
    "worker_system_disk_size":120,
    "worker_data_disk":false,
    "worker_data_disks":[
        {
            "category":"cloud_ssd",
            "size":500
        }
    ],
    "tags":[
        {
            "key":"tier",
            "value":"frontend"
        }
    ]
}"#;

#[test]
fn the_references_own_example_passes_with_two_warnings() {
    let warnings = ["/ClusterId masked_id", "/worker_data_disk disk_mismatch"];
    finds(REFERENCE_EXAMPLE, &[], &warnings);
    let (_, members) = REFERENCE_EXAMPLE.split_once(',').expect("a comma");
    let members = members.trim_end_matches('}');
    let compact: String = format!("{{{members}}}").split_whitespace().collect();
    assert_eq!(body(members), compact.replace("\"size\":500", "\"size\":\"500\""));
}

#[test]
fn the_body_is_compact_json_in_the_order_given() {
    for (given, sent) in [
        (
            r#" "tags" : [ { "value" : "v" , "key" : "k" } ] , "count" : 1 "#,
            r#"{"tags":[{"value":"v","key":"k"}],"count":1}"#,
        ),
        (r#""tags":[],"taints":[],"runtime":{}"#, r#"{"tags":[],"taints":[],"runtime":{}}"#),
        (
            "\"image_id\":\" a  b\\t\",\n\r\t \"cpu_policy\":\"none\"",
            r#"{"image_id":" a  b\t","cpu_policy":"none"}"#,
        ),
        (
            r#""runtime":{"version":"1","name":"docker"},"key_pair":"k""#,
            r#"{"runtime":{"version":"1","name":"docker"},"key_pair":"k"}"#,
        ),
        (
            r#""count":null,"tags":[{"value":null,"key":"k"}],"image_id":null"#,
            r#"{"tags":[{"key":"k"}]}"#,
        ),
        (r#""image_id":null"#, "{}"),
    ] {
        assert_eq!(body(given), sent);
    }
}

#[test]
fn text_of_any_language_goes_out_as_it_is() {
    let text = "中文 🚀 é 한국어 \u{202e}";
    finds_in(&with("image_id", json!(text)), &[], &[]);
    finds_in(&with("tags", json!([{"key": text, "value": text}])), &[], &[]);
    let sent = body(&format!(r#""image_id":"{text}","key_pair":"\ud83d\ude80\u4e2d\"\\\/\n""#));
    let sent: Value = serde_json::from_str(&sent).expect("JSON");
    assert_eq!(sent, json!({"image_id": text, "key_pair": "🚀中\"\\/\n"}));
}

#[test]
fn a_stranger_is_a_problem_with_the_nearest_name_suggested() {
    for (document, path, suggestion) in [
        (with("cont", json!(3)), "/cont", Some("count")),
        (with("Count", json!(3)), "/Count", Some("count")),
        (with("cont", json!(null)), "/cont", Some("count")),
        (
            with("worker_instance_type", json!([])),
            "/worker_instance_type",
            Some("worker_instance_types"),
        ),
        (with("workerPeriod", json!(1)), "/workerPeriod", Some("worker_period")),
        (with("vswitch_id", json!([])), "/vswitch_id", Some("vswitch_ids")),
        (with("clusterid", json!("c")), "/clusterid", Some("ClusterId")),
        (with("tags", json!([{"key": "k", "vaule": "v"}])), "/tags/0/vaule", Some("value")),
        (
            with("taints", json!([{"key": "k", "effect": "NoExecute", "vlaue": "v"}])),
            "/taints/0/vlaue",
            Some("value"),
        ),
        (
            with("worker_data_disks", json!([{"Size": 40}])),
            "/worker_data_disks/0/Size",
            Some("size"),
        ),
        (with("runtime", json!({"nmae": "docker"})), "/runtime/nmae", Some("name")),
        (with("client", json!({"time_out_ms": 1})), "/client/time_out_ms", Some("timeout_ms")),
        // What Terraform, ECS and older APIs call it.
        (with("num_of_nodes", json!(1)), "/num_of_nodes", Some("count")),
        (with("worker_number", json!(1)), "/worker_number", Some("count")),
        (with("password", json!("p")), "/password", Some("login_password")),
        (with("key_name", json!("k")), "/key_name", Some("key_pair")),
        (with("instance_types", json!([])), "/instance_types", Some("worker_instance_types")),
        (with("worker_disk_size", json!(1)), "/worker_disk_size", Some("worker_system_disk_size")),
        (with("system_disk_size", json!(1)), "/system_disk_size", Some("worker_system_disk_size")),
        (
            with("worker_disk_category", json!("a")),
            "/worker_disk_category",
            Some("worker_system_disk_category"),
        ),
        (
            with("system_disk_category", json!("a")),
            "/system_disk_category",
            Some("worker_system_disk_category"),
        ),
        (with("worker_vswitch_ids", json!([])), "/worker_vswitch_ids", Some("vswitch_ids")),
        (with("labels", json!([])), "/labels", Some("tags")),
        (with("cluster_id", json!("c")), "/cluster_id", Some("ClusterId")),
        (with("NumOfNodes", json!(1)), "/NumOfNodes", Some("count")),
        // What belongs into client.
        (with("region_id", json!("cn-hangzhou")), "/region_id", Some("client.region_id")),
        (with("endpoint", json!("a")), "/endpoint", Some("client.endpoint")),
        (with("RegionId", json!("cn-hangzhou")), "/RegionId", Some("client.region_id")),
        (with("entirely_else", json!(1)), "/entirely_else", None),
        (with("a/b~c", json!(1)), "/a~1b~0c", None),
        (with("", json!(1)), "/", None),
        (with("新参数", json!(1)), "/新参数", None),
    ] {
        finds_in(&document, &[&format!("{path} unknown_member")], &[]);
        let got = verdict(&document.to_string());
        let message =
            got.document["problems"][0]["message"].as_str().expect("a message").to_owned();
        match suggestion {
            Some(name) => {
                assert!(message.contains(&format!("did you mean {name:?}?")), "{message}")
            }
            None => assert!(!message.contains("did you mean"), "{message}"),
        }
    }
}

#[test]
fn the_schema_member_is_ignored_and_never_sent() {
    for value in [json!("https://example.com/s.json"), json!(1), json!({"a": [null]})] {
        finds_in(&with("$schema", value), &[], &[]);
    }
    assert_eq!(body(r#""$schema":"s.json","count":1"#), r#"{"count":1}"#);
    let twice = r#"{"ClusterId":"c","count":1,"key_pair":"k","$schema":1,"$schema":2}"#;
    finds(twice, &["/$schema duplicate_member"], &[]);
}

#[test]
fn duplicate_members_are_problems_at_every_depth() {
    for (members, path) in [
        (r#""count":1,"count":1"#, "/count"),
        (r#""count":1,"count":null"#, "/count"),
        (r#""image_id":null,"image_id":null"#, "/image_id"),
        (r#""count":1,"\u0063ount":1"#, "/count"),
        (r#""ClusterId":"c""#, "/ClusterId"),
        (r#""client":{},"client":{}"#, "/client"),
        (r#""client":{},"client":null"#, "/client"),
        (r#""client":{"timeout_ms":1000,"timeout_ms":1}"#, "/client/timeout_ms"),
        (r#""runtime":{"name":"a","name":"b"}"#, "/runtime/name"),
        (r#""tags":[{"key":"a","key":"b"}]"#, "/tags/0/key"),
        (r#""taints":[{"key":"a","effect":"NoExecute","effect":""}]"#, "/taints/0/effect"),
        (r#""worker_data_disks":[{"size":40,"size":40}]"#, "/worker_data_disks/0/size"),
    ] {
        let count = if path == "/count" { "" } else { r#""count":1,"# };
        let text = format!(r#"{{"ClusterId":"c",{count}"key_pair":"k",{members}}}"#);
        finds(&text, &[&format!("{path} duplicate_member")], &[]);
    }
    finds(
        r#"{"ClusterId":"c","count":1,"key_pair":"k","new":1,"new":1}"#,
        &["/new unknown_member", "/new duplicate_member"],
        &[],
    );
}

#[test]
fn all_problems_are_told_in_one_pass() {
    let text = r#"{
        "count": 0, "worker_instance_charge_type": "PrePaid", "worker_period": 4,
        "worker_auto_renew": true, "worker_system_disk_category": "", "worker_system_disk_size": "40",
        "worker_data_disk": true, "key_pair": "k", "login_password": "short", "cpu_policy": "all",
        "image_id": 1, "user_data": "?", "runtime": {"name": 1, "nam": "x"}, "cont": 1, "cont": 2,
        "vswitch_ids": ["a", "", "a", "b"], "rds_instances": {}, "tags": [{"key": "acs:"}, {"value": "v"}],
        "taints": [{"key": "", "effect": "E"}], "worker_data_disks": [{"encrypted": "no", "size": 0}, {"size": 1}],
        "client": {"scheme": "http", "timeout_ms": 0, "retries": 1, "unchecked": ["nothing"], "format": true}
    }"#;
    finds(
        text,
        &[
            "/ClusterId missing",
            "/count out_of_range",
            "/worker_period not_allowed",
            "/worker_period_unit missing",
            "/worker_auto_renew_period missing",
            "/worker_system_disk_category empty",
            "/worker_system_disk_size wrong_type",
            "/login_password conflict",
            "/login_password weak_password",
            "/login_password plaintext_secret",
            "/cpu_policy not_allowed",
            "/image_id wrong_type",
            "/user_data not_base64",
            "/runtime/name wrong_type",
            "/runtime/nam unknown_member",
            "/cont unknown_member",
            "/cont duplicate_member",
            "/vswitch_ids/1 empty",
            "/rds_instances wrong_type",
            "/tags/1/key missing",
            "/taints/0/key empty",
            "/taints/0/effect not_allowed",
            "/worker_data_disks/0/encrypted not_allowed",
            "/worker_data_disks/0/size out_of_range",
            "/client/timeout_ms out_of_range",
            "/client/retries unknown_member",
            "/client/unchecked/0 bad_pointer",
            "/client/format wrong_type",
        ],
        &[
            "/vswitch_ids/2 duplicate_item",
            "/vswitch_ids too_many",
            "/tags/0/key reserved_key",
            "/worker_data_disks/1/size unadvised",
        ],
    );
}

#[test]
fn a_name_that_is_not_unicode_hides_no_other_problem() {
    let got = verdict(r#"{"\ud800": 1, "count": 0, "tags": [{"\udc00": 1, "key": ""}]}"#);
    assert_eq!(got.status, Status::Invalid);
    for problem in ["/ClusterId missing", "/count out_of_range", "/tags/0/key empty"] {
        assert!(got.problems.contains(&problem.to_owned()), "{problem}: {:?}", got.problems);
    }
    assert!(got.problems.iter().any(|p| p.ends_with("not_unicode")), "{:?}", got.problems);
}

#[test]
fn numbers_beyond_64_bits_are_answered() {
    let with_number = |pointer: &str, number: &str| {
        let mut document = full();
        put(&mut document, pointer, json!("\u{1}place"));
        document.to_string().replace("\"\\u0001place\"", number)
    };
    let integers = [
        "/count",
        "/worker_period",
        "/worker_system_disk_size",
        "/client/timeout_ms",
        "/client/max_attempts",
    ];
    let digits = "9".repeat(100_000);
    for pointer in integers {
        for number in
            ["18446744073709551616", "-99999999999999999999", &digits, &format!("-{digits}")]
        {
            let got = verdict(&with_number(pointer, number));
            assert_eq!(got.problems.len(), 1, "{pointer}");
            assert!(got.problems[0].starts_with(pointer), "{:?}", got.problems);
        }
        for number in ["1e400", "-1e400", "1.0e-400"] {
            let problems = verdict(&with_number(pointer, number)).problems;
            assert_eq!(problems, [format!("{pointer} wrong_type")], "{number}");
        }
    }
    // A disk's size is text: whole, positive, and far outside what is documented.
    let size = "/worker_data_disks/0/size";
    let warning = format!("{size} unadvised");
    let warnings = [&FULL_WARNINGS[..], &[&warning]].concat();
    finds(&with_number(size, "99999999999999999999"), &[], &warnings);
}

#[test]
fn the_largest_64_bit_integer_is_an_integer() {
    finds_in(&with("count", json!(i64::MAX)), &[], &["/count large_count"]);
    let size = "worker_system_disk_size";
    finds_in(&with(size, json!(i64::MAX)), &[], &["/worker_system_disk_size unadvised"]);
}

#[test]
fn a_result_is_the_same_every_time_and_in_every_thread() {
    let documents = [
        full().to_string(),
        REFERENCE_EXAMPLE.to_owned(),
        r#"{"b":1,"a":2,"count":0,"tags":[{},{"key":""}],"client":{"z":1,"y":2}}"#.to_owned(),
        "not JSON".to_owned(),
    ];
    let answers = || documents.clone().map(|text| cs_scale_out::validate(text.as_bytes()));
    let first = answers();
    let threads: Vec<_> = (0..4).map(|_| (0..50).map(|_| answers()).all(|a| a == first)).collect();
    assert_eq!(threads, [true; 4]);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| (0..50).map(|_| answers()).all(|a| a == first)))
            .collect();
        assert!(running.into_iter().all(|thread| thread.join().expect("no panic")));
    });
    assert_eq!(verdict(&small().to_string()).document, json!({"status": "ok", "warnings": []}));
    let (status, _) = read(first[0].clone());
    assert_eq!(status, Status::Ok);
}
