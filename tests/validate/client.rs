//! The promise: `client` is validated like the rest, and never sent.

use crate::support::Find::{self, Nothing, Problem, Warning};
use crate::support::{FULL_WARNINGS, body, borders, finds, finds_in, full, small, take};
use serde_json::{Value, json};

fn with_client(client: Value) -> Value {
    let mut document = small();
    document["client"] = client;
    document
}

fn client_borders(member: &str, rows: &[(Value, Find)]) {
    borders(&with_client(json!({})), &format!("/client/{member}"), rows);
}

fn words(member: &str, good: &[&str], code: &'static str, bad: &[&str]) {
    let good = good.iter().map(|word| (json!(word), Nothing));
    let bad = bad.iter().map(|word| (json!(word), Problem(code)));
    client_borders(member, &good.chain(bad).collect::<Vec<_>>());
}

#[test]
fn client_may_be_absent_or_empty() {
    finds_in(&with_client(json!(null)), &[], &[]);
    finds_in(&with_client(json!({})), &[], &[]);
}

#[test]
fn words_are_the_documented_ones() {
    words("scheme", &["http", "https"], "not_allowed", &["", "HTTP", "ftp", "https://"]);
    words("format", &["json", "xml"], "not_allowed", &["", "JSON", "yaml"]);
    let methods = ["HMAC-SHA1", "ACS3-HMAC-SHA256"];
    let others = ["", "hmac-sha1", "HMAC-SHA256", "ACS3"];
    words("signature_method", &methods, "not_allowed", &others);
}

#[test]
fn flags_take_both_values() {
    for member in ["reconcile", "adopt_candidate", "dry_run"] {
        client_borders(member, &[(json!(true), Nothing), (json!(false), Nothing)]);
    }
}

#[test]
fn times_are_1_ms_to_a_day_and_less_than_a_second_is_warned_of() {
    // Seconds taken for milliseconds; how long to look is nobody's mistake.
    let slip = Warning("unadvised");
    for member in ["connect_timeout_ms", "timeout_ms", "reconcile_timeout_ms"] {
        client_borders(
            member,
            &[
                (json!(-1), Problem("out_of_range")),
                (json!(0), Problem("out_of_range")),
                (json!(1), if member.starts_with("reconcile") { Nothing } else { slip }),
                (json!(999), if member.starts_with("reconcile") { Nothing } else { slip }),
                (json!(1000), Nothing),
                (json!(86_400_000), Nothing),
                (json!(86_400_001), Problem("out_of_range")),
                (json!(u64::MAX), Problem("out_of_range")),
            ],
        );
    }
}

#[test]
fn attempts_are_1_to_100() {
    client_borders(
        "max_attempts",
        &[
            (json!(0), Problem("out_of_range")),
            (json!(1), Nothing),
            (json!(100), Nothing),
            (json!(101), Problem("out_of_range")),
        ],
    );
}

#[test]
fn a_region_is_part_of_a_host_name() {
    let bad =
        ["cn_hangzhou", "CN-hangzhou", "cn.hangzhou", "cn hangzhou", "evil.com/", "a@b", "中"];
    words("region_id", &["cn-hangzhou", "eu-central-1"], "bad_character", &bad);
    words("region_id", &[], "empty", &[""]);
}

#[test]
fn an_endpoint_is_a_host_or_a_url() {
    let good = [
        "cs.example.com",
        "cs.example.com:8443",
        "127.0.0.1:1",
        "[::1]:65535",
        "https://cs.example.com",
        "http://cs.example.com:80/",
    ];
    let bad = [
        "ftp://cs.example.com",
        "https://",
        "cs.example.com/path",
        "https://cs.example.com?query",
        "https://cs.example.com#fragment",
        "cs.example.com:0",
        "cs.example.com:65536",
        "cs.example.com:port",
        "two words",
        "a\r\nx-injected: 1",
        "https://user:password@cs.example.com",
        "[::1",
    ];
    words("endpoint", &good, "bad_url", &bad);
    words("endpoint", &[], "empty", &[""]);
}

#[test]
fn a_proxy_is_a_host_or_a_url_and_may_hold_a_login() {
    let good = ["", "proxy:3128", "http://proxy:3128", "http://user:password@proxy:3128"];
    let bad = ["socks5://proxy:1080", "http://", "http://proxy/path", "proxy:0", "a b"];
    words("proxy", &good, "bad_url", &bad);
}

#[test]
fn files_and_profiles_have_names() {
    words("ca_file", &["/etc/ssl/ca.pem", "ca 中.pem", "no such file"], "empty", &[""]);
    words("profile", &[], "empty", &[""]);
    for name in ["default", "中文"] {
        // Until credential files are read.
        client_borders("profile", &[(json!(name), Warning("no_effect"))]);
    }
}

fn with_keys(id: Value, secret: Value, token: Value) -> Value {
    let keys = json!({"access_key_id": id, "access_key_secret": secret, "security_token": token});
    with_client(keys)
}

#[test]
fn a_key_pair_is_explicit_as_a_whole_or_not() {
    let no = || Value::Null;
    let id = || json!("testid");
    let secret = || json!("testsecret");
    let token = || json!("testtoken");
    let without_id = "/client/access_key_id incomplete";
    let without_secret = "/client/access_key_secret incomplete";
    finds_in(&with_keys(no(), no(), no()), &[], &[]);
    finds_in(&with_keys(id(), secret(), no()), &[], &[]);
    finds_in(&with_keys(id(), secret(), token()), &[], &[]);
    finds_in(&with_keys(id(), no(), no()), &[without_secret], &[]);
    finds_in(&with_keys(id(), no(), token()), &[without_secret], &[]);
    finds_in(&with_keys(no(), secret(), no()), &[without_id], &[]);
    finds_in(&with_keys(no(), secret(), token()), &[without_id], &[]);
    // A token belongs to a pair; which half of it is named first is not promised.
    let got = crate::support::verdict(&with_keys(no(), no(), token()).to_string());
    assert!(got.problems.contains(&without_id.to_owned()), "{:?}", got.problems);
}

#[test]
fn half_a_key_pair_is_told_beside_other_problems_of_client() {
    let client = json!({"access_key_id": "testid", "timeout_ms": 0, "stranger": 1});
    finds_in(
        &with_client(client),
        &[
            "/client/access_key_secret incomplete",
            "/client/timeout_ms out_of_range",
            "/client/stranger unknown_member",
        ],
        &[],
    );
}

#[test]
fn a_broken_half_of_a_key_pair_is_told_once() {
    let no = || Value::Null;
    let broken = with_keys(json!("test id"), json!("testsecret"), no());
    finds_in(&broken, &["/client/access_key_id bad_character"], &[]);
    finds_in(
        &with_keys(json!("testid"), json!(7), no()),
        &["/client/access_key_secret wrong_type"],
        &[],
    );
}

#[test]
fn half_a_key_pair_does_not_hide_a_token_in_the_plain() {
    let client =
        json!({"endpoint": "http://cs.example.com", "security_token": "t", "access_key_id": "i"});
    let problems =
        ["/client/access_key_secret incomplete", "/client/security_token plaintext_secret"];
    finds_in(&with_client(client), &problems, &[]);
}

#[test]
fn keys_that_become_headers_hold_nothing_that_could_change_one() {
    for bad in ["a b", "a\r\nx: y", "a\0", "a\u{7f}", "ключ", "密"] {
        for member in ["access_key_id", "security_token"] {
            let mut document = with_keys(json!("testid"), json!("testsecret"), json!("testtoken"));
            document["client"][member] = json!(bad);
            finds_in(&document, &[&format!("/client/{member} bad_character")], &[]);
        }
    }
    for member in ["access_key_id", "access_key_secret", "security_token"] {
        let mut document = with_keys(json!("testid"), json!("testsecret"), json!("testtoken"));
        document["client"][member] = json!("");
        finds_in(&document, &[&format!("/client/{member} empty")], &[]);
    }
    finds_in(&with_keys(json!("LTAI.5t"), json!("a/+="), json!("CAIS/+a==")), &[], &[]);
}

#[test]
fn what_nobody_sees_in_a_key_is_named() {
    for (bad, said) in [
        ("key\n", "ends with a line break"),
        ("key\r\n", "ends with a line break"),
        ("key ", "ends with white space"),
        (" key", "begins with white space"),
        ("k ey", "holds white space"),
        ("k\tey", "holds white space"),
        ("key\u{200b}", "zero-width"),
        ("\u{feff}key", "zero-width"),
        ("key\u{0}", "control character"),
    ] {
        for member in ["access_key_id", "access_key_secret", "security_token"] {
            let mut document = with_keys(json!("testid"), json!("testsecret"), json!("testtoken"));
            document["client"][member] = json!(bad);
            finds_in(&document, &[&format!("/client/{member} bad_character")], &[]);
            let got = crate::support::verdict(&document.to_string());
            let message = got.document["problems"][0]["message"].as_str().expect("a message");
            assert!(message.contains(said), "{bad:?}: {message}");
        }
    }
    // A secret goes into no header.
    finds_in(&with_keys(json!("testid"), json!("geheimnißvoll"), Value::Null), &[], &[]);
}

#[test]
fn a_temporary_id_needs_its_token() {
    let id = || json!("STS.NTestId");
    let without = "/client/security_token incomplete";
    finds_in(&with_keys(id(), json!("testsecret"), json!("testtoken")), &[], &[]);
    finds_in(&with_keys(id(), json!("testsecret"), Value::Null), &[without], &[]);
    let half = ["/client/access_key_secret incomplete", without];
    finds_in(&with_keys(id(), Value::Null, Value::Null), &half, &[]);
    // A broken token is there; other ids need none.
    let broken = ["/client/security_token wrong_type"];
    finds_in(&with_keys(id(), json!("testsecret"), json!(1)), &broken, &[]);
    for other in ["STS", "sts.NTestId", "LTAI.STS.1"] {
        finds_in(&with_keys(json!(other), json!("testsecret"), Value::Null), &[], &[]);
    }
}

#[test]
fn what_loses_against_something_else_is_warned_of() {
    let region = "/client/region_id no_effect";
    let scheme = "/client/scheme no_effect";
    let adopt = "/client/adopt_candidate no_effect";
    let profile = "/client/profile no_effect";
    for (client, warnings) in [
        (json!({"region_id": "cn-hangzhou"}), vec![]),
        (json!({"region_id": "cn-hangzhou", "endpoint": "cs.example.com"}), vec![region]),
        (json!({"scheme": "http", "endpoint": "cs.example.com"}), vec![]),
        (json!({"scheme": "http", "endpoint": "http://cs.example.com"}), vec![]),
        (json!({"scheme": "http", "endpoint": "https://cs.example.com"}), vec![scheme]),
        (json!({"scheme": "https", "endpoint": "http://127.0.0.1"}), vec![scheme]),
        (json!({"adopt_candidate": true}), vec![]),
        (json!({"adopt_candidate": true, "reconcile": true}), vec![]),
        (json!({"adopt_candidate": true, "reconcile": false}), vec![adopt]),
        (json!({"adopt_candidate": false, "reconcile": false}), vec![]),
        (json!({"profile": "p"}), vec![profile]),
        (json!({"profile": "p", "access_key_id": "i", "access_key_secret": "s"}), vec![profile]),
    ] {
        finds_in(&with_client(client), &[], &warnings);
    }
}

#[test]
fn strangers_and_duplicates_in_client_are_problems() {
    finds_in(&with_client(json!({"count": 1})), &["/client/count unknown_member"], &[]);
    finds(
        r#"{"ClusterId":"c","count":1,"key_pair":"k","client":{"dry_run":true,"dry_run":true}}"#,
        &["/client/dry_run duplicate_member"],
        &[],
    );
    for name in full()["client"].as_object().expect("an object").keys() {
        let mut document = small();
        document[name] = full()["client"][name].clone();
        finds_in(&document, &[&format!("/{name} unknown_member")], &[]);
        let got = crate::support::verdict(&document.to_string());
        let message = got.document["problems"][0]["message"].as_str().expect("a message");
        assert!(message.contains(&format!("did you mean \"client.{name}\"?")), "{message}");
    }
}

#[test]
fn every_member_of_client_may_be_left_out_but_half_a_key_pair() {
    for name in full()["client"].as_object().expect("an object").keys() {
        let mut document = full();
        take(&mut document, &format!("/client/{name}"));
        let problem = format!("/client/{name} incomplete");
        // Without an endpoint the region has its effect.
        let warnings = FULL_WARNINGS.into_iter().filter(|warning| {
            let region = name == "endpoint" && warning.contains("region_id");
            !region && !warning.starts_with(&format!("/client/{name} "))
        });
        let warnings: Vec<_> = warnings.collect();
        match name.starts_with("access_key") {
            true => finds_in(&document, &[&problem], &warnings),
            false => finds_in(&document, &[], &warnings),
        }
    }
}

#[test]
fn client_is_never_sent() {
    assert_eq!(body(r#""count":1"#), r#"{"count":1}"#);
}
