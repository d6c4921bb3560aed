//! The promise: every end has the status the contract's table gives it, and where the table says
//! "never", exactly one POST was put on the wire.

use std::collections::BTreeSet;

use crate::common::faults::{Case, Copies, cases, fault, names, status_fault};
use crate::common::{CLUSTER, call, closed_port, merge, posts, request, start};
use cs_scale_out::Status;
use local_ack::{Fault, LocalAck, Shape};
use serde_json::{Value, json};

/// Quick, and without a look at the task list: that has tests of its own.
fn plain() -> Value {
    json!({"reconcile": false, "timeout_ms": 1500, "max_attempts": 4})
}

/// One call whose every copy meets `fault`; the document and the server.
fn meet(fault: &Fault, extra: Value) -> (Status, Value, LocalAck) {
    let ack = start();
    (0..4).for_each(|_| ack.fault(fault.clone()));
    let mut client = plain();
    merge(&mut client, extra);
    let (status, document) = call(&request(&ack, client));
    (status, document, ack)
}

#[test]
fn a_connection_closed_before_the_request_is_made_anew_unless_a_byte_was_written() {
    for _ in 0..20 {
        let ack = start();
        ack.fault(Fault::CloseBeforeRead);
        let (status, document) = call(&request(&ack, plain()));
        let expected = if document["attempts"] == 1 { Status::Unknown } else { Status::Ok };
        assert_eq!(status, expected, "{document}");
        assert_eq!(ack.ledger().len(), usize::from(status == Status::Ok), "{document}");
    }
}

#[test]
fn each_fault_ends_as_the_contract_wants() {
    for case in cases() {
        ends_as_wanted(&case).unwrap_or_else(|why| panic!("{}: {why}", case.fault));
    }
}

fn ends_as_wanted(case: &Case) -> Result<(), String> {
    for format in ["json", "xml"] {
        let (status, document, ack) = meet(&case.fault, json!({"format": format}));
        let told = match status {
            Status::Ok => is_about_what_was_bought(&document, &ack),
            Status::Unknown => document["hint"].as_str().is_some_and(|hint| hint.contains("look")),
            _ => document["message"].is_string(),
        };
        let bought = ack.ledger().len() == usize::from(case.executed)
            && case.fault.executed() == case.executed;
        let good = case.statuses.contains(&status) && told && bought;
        if !(good && is_sent_as_often_as_allowed(case, &document, &ack)) {
            return Err(format!("{} executed, {document}", ack.ledger().len()));
        }
    }
    Ok(())
}

fn is_sent_as_often_as_allowed(case: &Case, document: &Value, ack: &LocalAck) -> bool {
    let (attempts, sent) = (document["attempts"].as_u64(), posts(ack).len());
    match case.copies {
        // Of what struck early nothing was recorded; a second copy would be another connection.
        Copies::One => attempts == Some(1) && sent <= 1 && ack.connections() == 1,
        Copies::Two => attempts == Some(2) && sent == 2,
        Copies::All => attempts == Some(4) && sent == 4,
        Copies::Unsent if document["status"] == "unsent" => attempts == Some(4) && sent == 0,
        Copies::Unsent => sent == 0,
    }
}

fn is_about_what_was_bought(document: &Value, ack: &LocalAck) -> bool {
    ack.ledger().first().is_some_and(|bought| {
        document["task_id"] == bought.task_id
            && document["request_id"] == bought.request_id
            && document["cluster_id"] == CLUSTER
    })
}

/// `CloseAfterRead` is `close_after_read`.
fn in_text(variant: &syn::Variant) -> String {
    let name = variant.ident.to_string();
    let words = name.split_inclusive(|_| true).enumerate().map(|(at, letter)| {
        let first = at > 0 && letter.starts_with(char::is_uppercase);
        format!("{}{}", if first { "_" } else { "" }, letter.to_lowercase())
    });
    words.collect()
}

#[test]
fn every_fault_has_a_row_and_every_row_a_fault() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("local-ack");
    let read = |file: &str| std::fs::read_to_string(root.join(file)).expect("a file");
    let source = syn::parse_file(&read("src/fault.rs")).expect("Rust");
    let enums = source.items.iter().filter_map(|item| match item {
        syn::Item::Enum(it) if it.ident == "Fault" => Some(it.variants.iter().map(in_text)),
        _ => None,
    });
    let coded: BTreeSet<_> = enums.flatten().collect();
    let listed: BTreeSet<_> = names().into_iter().map(str::to_owned).collect();
    assert!(coded.len() > 20);
    assert_eq!(coded, listed, "tests/common/faults.rs says what the contract wants of each");
}

/// How an HTTP status is to be read, by the contract's table.
fn expected(status: u16) -> Status {
    match status {
        408 | 500.. => Status::Unknown,
        300..=499 => Status::Refused,
        _ => Status::Unknown,
    }
}

#[test]
fn every_http_status_with_every_error_shape() {
    let statuses = [
        201, 202, 204, 299, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 407, 408, 409, 413,
        415, 422, 451, 499, 500, 501, 502, 503, 504, 599,
    ];
    for status in statuses {
        for shape in [Shape::Gateway, Shape::Cs, Shape::Xml, Shape::Text, Shape::Html] {
            let fault = status_fault(status, shape, "SomeCode", "some message");
            let (ended, document, ack) = meet(&fault, json!({}));
            assert_eq!(ended, expected(status), "{fault}: {document}");
            assert_eq!(posts(&ack).len(), 1, "{fault}");
            assert_eq!(document["http_status"], status, "{fault}");
            assert!(document["request_id"].is_string(), "{fault}: {document}");
            if matches!(status, 204 | 304) {
                continue; // they have no body
            }
            if shape == Shape::Html {
                assert_eq!(document["code"], Value::Null, "{fault}");
                let raw = document["raw"].as_str().expect("the page is kept");
                assert!(raw.contains("<html"), "{fault}: {raw}");
            } else {
                assert_eq!(document["code"], "SomeCode", "{fault}");
                assert_eq!(document["raw"], Value::Null, "{fault}");
            }
        }
    }
}

#[test]
fn a_redirect_is_refused_and_never_followed() {
    let elsewhere = start();
    let location = format!("{}/api/v2/clusters/x", elsewhere.url());
    let fault = fault(&format!("status:status=307,shape=html,header.Location={location}"));
    let (status, document, ack) = meet(&fault, json!({}));
    assert_eq!(status, Status::Refused, "{document}");
    assert_eq!((posts(&ack).len(), elsewhere.connections()), (1, 0));
}

#[test]
fn before_the_first_byte_it_is_unsent() {
    let ack = start();
    let base = request(&ack, plain());
    let port = closed_port();
    let closed = port.addr().to_string();
    let secure = format!("https://{}", ack.addr());
    let at = ack.addr().to_string();
    // How, and what the answer says: where it went wrong, and what to look at.
    let cases = [
        (json!({"endpoint": format!("http://{closed}")}), closed.as_str(), "check the endpoint"),
        (json!({"endpoint": "no-such-host.invalid"}), "no-such-host.invalid", "resolve names"),
        (json!({"endpoint": secure}), at.as_str(), "does not speak TLS"),
        (json!({"proxy": format!("http://{closed}")}), closed.as_str(), "the proxy"),
        (json!({"endpoint": "https://[::1]:1", "ca_file": "/no/such.pem"}), "/no/such.pem", ""),
    ];
    for (extra, place, advice) in cases {
        let mut document = base.clone();
        merge(&mut document["client"], extra);
        let (status, answer) = call(&document);
        assert_eq!(status, Status::Unsent, "{answer}");
        assert!(answer["cause"].as_str().is_some_and(|cause| cause.contains(place)), "{answer}");
        assert!(answer["hint"].as_str().unwrap_or_default().contains(advice), "{answer}");
    }
    assert!(ack.ledger().is_empty());
}

#[test]
fn a_name_with_several_addresses_is_tried_in_turn() {
    // The stand-in listens on 127.0.0.1 only; a system with IPv6 tries ::1 first.
    let ack = start();
    let mut document = request(&ack, plain());
    document["client"]["endpoint"] = json!(format!("http://localhost:{}", ack.addr().port()));
    let (status, answer) = call(&document);
    assert_eq!(status, Status::Ok, "{answer}");
    assert_eq!(answer["attempts"], 1);
}
