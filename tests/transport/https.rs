//! The promise: https by default, roots from where the caller says, tunnels through proxies; what
//! fails before the first request byte is "unsent".

use std::path::PathBuf;

use crate::common::{call, merge, request, start};
use cs_scale_out::Status;
use local_ack::{ConnectProxy, Fault, LocalAck, Options, ProxyOptions};
use serde_json::{Value, json};

fn secure() -> LocalAck {
    LocalAck::with(Options { tls: true, ..Options::default() }).expect("local-ack starts")
}

/// The server's root certificate as a file; written once, since a renewed file is new trust.
fn ca_file(ack: &LocalAck, name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pem"));
    let pem = ack.ca_pem().expect("a certificate");
    if std::fs::read_to_string(&path).ok().as_deref() != Some(pem) {
        std::fs::write(&path, pem).expect("a file");
    }
    path.to_str().expect("UTF-8").to_owned()
}

fn trusting(ack: &LocalAck, name: &str, extra: Value) -> Value {
    let mut document = request(ack, json!({"ca_file": ca_file(ack, name), "reconcile": false}));
    merge(&mut document["client"], extra);
    document
}

#[test]
fn both_schemes_and_representations_work_over_tls_on_one_connection() {
    let ack = secure();
    for method in ["HMAC-SHA1", "ACS3-HMAC-SHA256"] {
        for format in ["json", "xml"] {
            let client = json!({"signature_method": method, "format": format, "keep_alive": true});
            let (status, document) = call(&trusting(&ack, "both", client));
            assert_eq!(status, Status::Ok, "{document}");
        }
    }
    assert_eq!((ack.ledger().len(), ack.connections()), (4, 1));
}

#[test]
fn a_server_nobody_vouches_for_is_sent_nothing() {
    let ack = secure();
    let (status, document) = call(&request(&ack, json!({"max_attempts": 1})));
    assert_eq!(status, Status::Unsent, "{document}");
    let (_, other) = (secure(), secure());
    let wrong = json!({"ca_file": ca_file(&other, "wrong"), "max_attempts": 1});
    let (status, document) = call(&request(&ack, wrong));
    assert_eq!(status, Status::Unsent, "{document}");
    assert!(document["hint"].as_str().is_some_and(|hint| hint.contains("ca_file")), "{document}");
    // The certificate is for localhost and 127.0.0.1.
    let name = json!({"endpoint": format!("https://127.0.0.2:{}", ack.addr().port())});
    assert_eq!(call(&trusting(&ack, "name", name)).0, Status::Unsent);
    assert!(ack.requests().is_empty());
}

#[test]
fn a_call_never_rides_on_another_ones_trust() {
    let ack = secure();
    assert_eq!(call(&trusting(&ack, "trust", json!({}))).0, Status::Ok);
    // The pooled connection above must not serve a caller who trusts other roots.
    assert_eq!(call(&request(&ack, json!({"max_attempts": 1}))).0, Status::Unsent);
    assert_eq!(ack.ledger().len(), 1);
}

#[test]
fn ends_over_tls_are_told_apart_like_others() {
    for executed in [false, true] {
        let faults = [
            Fault::CloseAfterRead { executed },
            Fault::Reset { executed },
            Fault::HalfBody { executed },
            Fault::ShortBody { executed },
            Fault::NoLastChunk { executed },
            Fault::Garbage { executed },
            Fault::Hang { executed },
        ];
        for fault in faults {
            let ack = secure();
            ack.fault(fault.clone());
            let client = json!({"timeout_ms": 800});
            let (status, document) = call(&trusting(&ack, "ends", client));
            assert_eq!(status, Status::Unknown, "{fault}: {document}");
            assert_eq!(ack.requests().len(), 1, "{fault}");
        }
    }
}

#[test]
fn a_large_body_passes() {
    let ack = secure();
    let mut document = trusting(&ack, "large", json!({}));
    document["image_id"] = json!("x".repeat(900_000));
    let (status, answer) = call(&document);
    assert_eq!(status, Status::Ok, "{answer}");
    assert_eq!(ack.requests()[0].body.len(), ack.ledger()[0].body.len());
}

#[test]
fn a_proxys_tunnel_carries_http_and_https() {
    let proxy = ConnectProxy::start(ProxyOptions::default()).expect("a proxy");
    for (ack, name) in [(start(), "plain"), (secure(), "tunnel")] {
        let mut document = match ack.ca_pem() {
            Some(_) => trusting(&ack, name, json!({})),
            None => request(&ack, json!({})),
        };
        merge(&mut document["client"], json!({"proxy": proxy.url(), "keep_alive": true}));
        for _ in 0..2 {
            let (status, answer) = call(&document);
            assert_eq!(status, Status::Ok, "{answer}");
        }
        assert_eq!((ack.ledger().len(), ack.connections()), (2, 1));
    }
    assert_eq!(proxy.tunnels(), 2);
}

#[test]
fn a_proxy_that_opens_no_tunnel_leaves_it_unsent() {
    let ack = start();
    let login = Some(("user".to_owned(), "pass word".to_owned()));
    let cases = [
        (ProxyOptions { answer: Some(403), ..ProxyOptions::default() }, "", Status::Unsent),
        (ProxyOptions { answer: Some(502), ..ProxyOptions::default() }, "", Status::Unsent),
        (
            ProxyOptions { credentials: login.clone(), ..ProxyOptions::default() },
            "",
            Status::Unsent,
        ),
        (
            ProxyOptions { credentials: login, ..ProxyOptions::default() },
            "user:pass%20word@",
            Status::Ok,
        ),
    ];
    for (options, login, expected) in cases {
        let proxy = ConnectProxy::start(options).expect("a proxy");
        let url = format!("http://{login}{}", proxy.addr());
        let client = json!({"proxy": url, "max_attempts": 1});
        let (status, document) = call(&request(&ack, client));
        assert_eq!(status, expected, "{document}");
        if status == Status::Unsent {
            assert!(document["hint"].as_str().is_some_and(|h| h.contains("proxy")), "{document}");
        }
    }
    assert_eq!(ack.ledger().len(), 1);
}
