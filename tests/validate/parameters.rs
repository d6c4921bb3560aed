//! The promise: each plain parameter is taken up to its border and not beyond (contract §4).

use crate::support::Find::{Nothing, Problem, Warning};
use crate::support::{FULL_WARNINGS, body, borders, finds, finds_in, full, small, take, with};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

#[test]
fn the_smallest_and_the_fullest_documents_have_no_problem() {
    finds_in(&small(), &[], &[]);
    finds_in(&full(), &[], &FULL_WARNINGS);
}

#[test]
fn cluster_id_is_required() {
    let mut document = small();
    take(&mut document, "/ClusterId");
    finds_in(&document, &["/ClusterId missing"], &[]);
    finds_in(&with("ClusterId", json!(null)), &["/ClusterId missing"], &[]);
    finds("{}", &["/ClusterId missing"], &["/count no_count", "/key_pair no_login"]);
}

#[test]
fn cluster_id_has_1_to_64_characters() {
    let of_length = |n: usize| json!("c".repeat(n));
    borders(
        &small(),
        "/ClusterId",
        &[
            (of_length(0), Problem("empty")),
            (of_length(1), Nothing),
            (of_length(64), Nothing),
            (of_length(65), Problem("too_long")),
        ],
    );
}

#[test]
fn cluster_id_holds_nothing_that_could_change_the_path_or_a_header() {
    let forbidden = [
        "/", "?", "#", "%", "\\", " ", "\t", "\n", "\r", "\u{b}", "\0", "\u{1}", "\u{1f}",
        "\u{7f}", "\u{80}", "\u{a0}", "é", "集", "🚀", "\u{2028}", "\u{3000}",
    ];
    for text in forbidden {
        for id in [text.to_owned(), format!("c{text}"), format!("{text}c"), format!("c{text}c")] {
            borders(&small(), "/ClusterId", &[(json!(id), Problem("bad_character"))]);
        }
    }
    for id in [".", ".."] {
        borders(&small(), "/ClusterId", &[(json!(id), Problem("bad_character"))]);
    }
    for id in ["...", ".c", "c..c", "a-B_9.~", "a@b;c=d&e+f!$'()"] {
        borders(&small(), "/ClusterId", &[(json!(id), Nothing)]);
    }
}

#[test]
fn cluster_id_is_nothing_pasted_around_one() {
    for id in
        ["[ClusterId]", "\"c1\"", "<cluster_id>", "{\"ClusterId\":\"c1\"}", "c1,c2", "c1,", "[c1"]
    {
        borders(&small(), "/ClusterId", &[(json!(id), Problem("bad_character"))]);
    }
    for character in ["{", "}", "\"", "<", ">", "[", "]", ","] {
        let row = [(json!(format!("c{character}1")), Problem("bad_character"))];
        borders(&small(), "/ClusterId", &row);
    }
}

#[test]
fn an_id_of_terraform_is_warned_of() {
    for id in ["c1:np2", ":", "c1:"] {
        borders(&small(), "/ClusterId", &[(json!(id), Warning("foreign_id"))]);
    }
    let both = ["/ClusterId foreign_id", "/ClusterId masked_id"];
    finds_in(&with("ClusterId", json!("c82e****:np")), &[], &both);
}

#[test]
fn a_masked_cluster_id_is_warned_of() {
    for id in ["c82e6987e2961451182edacd74faf****", "*", "c*c"] {
        borders(&small(), "/ClusterId", &[(json!(id), Warning("masked_id"))]);
    }
}

#[test]
fn count_is_at_least_1_and_warned_of_over_500() {
    borders(
        &small(),
        "/count",
        &[
            (json!(-1), Problem("out_of_range")),
            (json!(0), Problem("out_of_range")),
            (json!(1), Nothing),
            (json!(500), Nothing),
            (json!(501), Warning("large_count")),
            (json!(i64::MAX - 1), Warning("large_count")),
            (json!(i64::MIN), Problem("out_of_range")),
        ],
    );
    let negative_zero = r#"{"ClusterId":"c","key_pair":"k","count":-0}"#;
    finds(negative_zero, &["/count out_of_range"], &[]);
}

#[test]
fn an_absent_count_is_warned_of() {
    finds_in(&with("count", json!(null)), &[], &["/count no_count"]);
    let mut document = small();
    take(&mut document, "/count");
    finds_in(&document, &[], &["/count no_count"]);
    // A broken one is there, and an unchecked one that is not may stay away.
    finds_in(&with("count", json!("3")), &["/count wrong_type"], &[]);
    document["client"] = json!({"unchecked": ["/count"]});
    finds_in(&document, &[], &[]);
}

#[test]
fn the_system_disk_is_at_least_1_and_warned_of_outside_40_to_500() {
    borders(
        &small(),
        "/worker_system_disk_size",
        &[
            (json!(-40), Problem("out_of_range")),
            (json!(0), Problem("out_of_range")),
            (json!(1), Warning("unadvised")),
            (json!(39), Warning("unadvised")),
            (json!(40), Nothing),
            (json!(500), Nothing),
            (json!(501), Warning("unadvised")),
        ],
    );
    borders(
        &small(),
        "/worker_system_disk_category",
        &[(json!(""), Problem("empty")), (json!("cloud_ssd"), Nothing), (json!("new"), Nothing)],
    );
}

#[test]
fn cpu_policy_is_none_or_static() {
    let bad = ["", "None", "STATIC", "static ", "dynamic"];
    let bad = bad.map(|word| (json!(word), Problem("not_allowed")));
    borders(&small(), "/cpu_policy", &bad);
    borders(&small(), "/cpu_policy", &[(json!("none"), Nothing), (json!("static"), Nothing)]);
}

#[test]
fn flags_and_the_image_take_any_value_of_their_type() {
    for member in ["/cloud_monitor_flags", "/disable_rollback"] {
        borders(&small(), member, &[(json!(true), Nothing), (json!(false), Nothing)]);
    }
    // The reference's own example value is the empty string.
    let texts = ["", "m-2ze", "自定义镜像 🚀", "\0"].map(|text| (json!(text), Nothing));
    borders(&small(), "/image_id", &texts);
}

#[test]
fn user_data_is_base64() {
    borders(
        &small(),
        "/user_data",
        &[
            (json!(""), Nothing),
            (json!("IyEvYmluL3NoCg=="), Nothing),
            (json!("#!/bin/sh"), Problem("not_base64")),
            (json!("IyEvYmluL3NoCg="), Problem("not_base64")),
            (json!("IyEvYmlu\nL3NoCg=="), Problem("not_base64")),
            (json!("IyEvYmluL3NoCg== "), Problem("not_base64")),
            (json!("I"), Problem("not_base64")),
            (json!("=="), Problem("not_base64")),
            (json!("IyE_-_8="), Problem("not_base64")),
            (json!("中文"), Problem("not_base64")),
        ],
    );
}

#[test]
fn user_data_over_1_kib_decoded_is_warned_of() {
    let of_size = |n: usize| json!(BASE64_STANDARD.encode(format!("#!{}", "x".repeat(n - 2))));
    borders(
        &small(),
        "/user_data",
        &[
            (of_size(1023), Nothing),
            (of_size(1024), Nothing),
            (of_size(1025), Warning("large_user_data")),
            (of_size(20000), Warning("large_user_data")),
        ],
    );
    let both = json!(BASE64_STANDARD.encode("x".repeat(1025)));
    let warnings = ["/user_data large_user_data", "/user_data unknown_user_data"];
    finds_in(&with("user_data", both), &[], &warnings);
}

#[test]
fn user_data_that_no_node_would_run_is_warned_of() {
    let known: [&[u8]; 10] = [
        b"[bat]",
        b"[powershell]",
        b"#!",
        b"#cloud-config",
        b"#include",
        b"#cloud-boothook",
        b"#part-handler",
        b"## template:",
        b"Content-Type: multipart",
        b"\x1f\x8b",
    ];
    let row = |bytes: &[u8], find| (json!(BASE64_STANDARD.encode(bytes)), find);
    for beginning in known {
        let longer = [beginning, b"\nmore \xff\x00"].concat();
        let cut = &beginning[..beginning.len() - 1];
        let shifted = [b"x", beginning].concat();
        borders(
            &small(),
            "/user_data",
            &[
                row(beginning, Nothing),
                row(&longer, Nothing),
                row(cut, Warning("unknown_user_data")),
                row(&shifted, Warning("unknown_user_data")),
            ],
        );
    }
    for text in ["echo hello", "# comment", "\0", "\n#!/bin/sh"] {
        borders(&small(), "/user_data", &[row(text.as_bytes(), Warning("unknown_user_data"))]);
    }
}

#[test]
fn a_script_line_that_ends_in_cr_lf_is_warned_of() {
    let row = |text: &str, find| (json!(BASE64_STANDARD.encode(text)), find);
    borders(
        &small(),
        "/user_data",
        &[
            row("#!/bin/sh\r\necho", Warning("crlf_script")),
            row("#!/bin/bash\r\n", Warning("crlf_script")),
            row("#!\r\n", Warning("crlf_script")),
            row("#!/bin/sh\necho\r\n", Nothing),
            row("#!/bin/sh\r", Nothing),
            row("#cloud-config\r\n", Nothing),
            row("[bat]\r\necho", Nothing),
        ],
    );
}

#[test]
fn values_go_out_as_they_were_given() {
    let members = r#""count":3,"worker_system_disk_size":120,"cpu_policy":"static","image_id":"",
        "user_data":"IyEvYmluL3NoCg==","cloud_monitor_flags":true,"disable_rollback":false"#;
    let sent = body(members);
    assert_eq!(sent, format!("{{{}}}", members.replace("\n        ", "")));
}
