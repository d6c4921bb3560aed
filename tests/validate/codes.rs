//! The promise: the list of problem codes is closed, and each of them is really given.

use std::collections::BTreeSet;

use crate::support::verdict;

/// Whether a code is told as a problem, which stops the call, or as a warning.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    Problem,
    Warning,
}
use Told::{Problem, Warning};

/// One document for each code. There is none that the validator cannot give: `json_get` and
/// `json_set`, which tell problems too, share theirs with it.
const CODES: [(&str, Told, &str); 33] = [
    ("missing", Problem, r#"{}"#),
    ("unknown_member", Problem, r#"{"cont":1}"#),
    ("duplicate_member", Problem, r#"{"count":1,"count":1}"#),
    ("wrong_type", Problem, r#"{"count":"3"}"#),
    ("not_unicode", Problem, r#"{"image_id":"\ud800"}"#),
    ("empty", Problem, r#"{"ClusterId":""}"#),
    (
        "too_long",
        Problem,
        r#"{"ClusterId":"ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"}"#,
    ),
    ("bad_character", Problem, r#"{"ClusterId":"a/b"}"#),
    ("out_of_range", Problem, r#"{"count":0}"#),
    ("not_allowed", Problem, r#"{"cpu_policy":"dynamic"}"#),
    ("conflict", Problem, r#"{"key_pair":"k","login_password":"Hello@1234"}"#),
    ("incomplete", Problem, r#"{"client":{"access_key_id":"testid"}}"#),
    ("weak_password", Problem, r#"{"login_password":"hello"}"#),
    ("not_base64", Problem, r##"{"user_data":"#!/bin/sh"}"##),
    ("duplicate_key", Problem, r#"{"tags":[{"key":"a"},{"key":"a"}]}"#),
    ("bad_pointer", Problem, r#"{"client":{"unchecked":["count"]}}"#),
    ("bad_url", Problem, r#"{"client":{"endpoint":"ftp://cs.example.com"}}"#),
    (
        "plaintext_secret",
        Problem,
        r#"{"login_password":"Hello@1234","client":{"endpoint":"http://cs.example.com"}}"#,
    ),
    ("masked_id", Warning, r#"{"ClusterId":"c82e****"}"#),
    ("foreign_id", Warning, r#"{"ClusterId":"c1:np1"}"#),
    ("no_count", Warning, r#"{}"#),
    ("large_count", Warning, r#"{"count":501}"#),
    ("no_effect", Warning, r#"{"worker_period":1}"#),
    ("unadvised", Warning, r#"{"worker_system_disk_size":39}"#),
    ("disk_mismatch", Warning, r#"{"worker_data_disk":true}"#),
    ("no_login", Warning, r#"{}"#),
    ("large_user_data", Warning, ""),
    ("unknown_user_data", Warning, r#"{"user_data":"ZWNobyBoZWxsbwo="}"#),
    ("crlf_script", Warning, r#"{"user_data":"IyEvYmluL3NoDQo="}"#),
    ("duplicate_item", Warning, r#"{"vswitch_ids":["a","a"]}"#),
    ("too_many", Warning, r#"{"vswitch_ids":["a","b","c","d"]}"#),
    ("reserved_key", Warning, r#"{"tags":[{"key":"acs:tier"}]}"#),
    ("taint_without_effect", Warning, r#"{"taints":[{"key":"a"}]}"#),
];

/// The documents of the table; the large one is written here.
fn document(word: &str, text: &str) -> String {
    match word {
        "large_user_data" => format!(r#"{{"user_data":"{}"}}"#, "IyEv".repeat(342)),
        _ => text.to_owned(),
    }
}

/// The words of `Code::TABLE`, read from the source: the type itself is not public.
fn words() -> Vec<&'static str> {
    let source = include_str!("../../src/error/code.rs");
    let rows = source.lines().filter_map(|line| line.trim().strip_prefix("(Code::"));
    rows.filter_map(|row| row.split('"').nth(1)).collect()
}

/// What a call finds out, and no validator: tests/contract has a document for each.
const OF_A_CALL: [&str; 2] = ["clock_skew", "not_signed"];

#[test]
fn every_code_has_a_document_here() {
    let mut listed: BTreeSet<_> = words().into_iter().collect();
    assert!(OF_A_CALL.iter().all(|code| listed.remove(code)));
    let here: BTreeSet<_> = CODES.iter().map(|row| row.0).collect();
    assert_eq!(listed, here);
    assert_eq!(listed.len() + OF_A_CALL.len(), words().len(), "a word is listed twice");
}

#[test]
fn every_code_is_given() {
    for (word, told, text) in CODES {
        let got = verdict(&document(word, text));
        let (list, other) = match told {
            Problem => (got.problems, got.warnings),
            Warning => (got.warnings, got.problems),
        };
        let gives =
            |list: &[String]| list.iter().any(|finding| finding.ends_with(&format!(" {word}")));
        assert!(gives(&list), "{word} is not in {list:?}");
        assert!(!gives(&other), "{word} is in {other:?}");
    }
}
