//! The promise: https by default, roots from where the caller says, tunnels through proxies; what
//! fails before the first request byte is "unsent".

use crate::common::{Secure, call, merge, request, start, start_tls};
use cs_scale_out::Status;
use local_ack::{ConnectProxy, Fault, ProxyOptions};
use serde_json::{Value, json};

/// A request that trusts `ack`, whose end is told as it is.
fn trusting(ack: &Secure, extra: Value) -> Value {
    let mut client = json!({"reconcile": false});
    merge(&mut client, extra);
    ack.request(client)
}

#[test]
fn both_schemes_and_representations_work_over_tls_on_one_connection() {
    let ack = start_tls();
    for method in ["HMAC-SHA1", "ACS3-HMAC-SHA256"] {
        for format in ["json", "xml"] {
            let client = json!({"signature_method": method, "format": format, "keep_alive": true});
            let (status, document) = call(&trusting(&ack, client));
            assert_eq!(status, Status::Ok, "{document}");
        }
    }
    assert_eq!((ack.ledger().len(), ack.connections()), (4, 1));
}

#[test]
fn a_server_nobody_vouches_for_is_sent_nothing() {
    let ack = start_tls();
    let (status, document) = call(&request(&ack, json!({"max_attempts": 1})));
    assert_eq!(status, Status::Unsent, "{document}");
    let other = start_tls();
    let wrong = json!({"ca_file": other.ca_file(), "max_attempts": 1});
    let (status, document) = call(&request(&ack, wrong));
    assert_eq!(status, Status::Unsent, "{document}");
    assert!(document["hint"].as_str().is_some_and(|hint| hint.contains("ca_file")), "{document}");
    // The certificate is for localhost and 127.0.0.1.
    let name = json!({"endpoint": format!("https://127.0.0.2:{}", ack.addr().port())});
    assert_eq!(call(&trusting(&ack, name)).0, Status::Unsent);
    assert!(ack.requests().is_empty());
}

#[test]
fn a_call_never_rides_on_another_ones_trust() {
    let ack = start_tls();
    let many = json!({"keep_alive": true, "max_attempts": 1});
    for _ in 0..2 {
        assert_eq!(call(&trusting(&ack, many.clone())).0, Status::Ok);
    }
    assert_eq!((ack.ledger().len(), ack.connections()), (2, 1), "it is kept");
    // The connection above must not serve a caller who trusts other roots.
    assert_eq!(call(&request(&ack, many)).0, Status::Unsent);
    assert_eq!(ack.ledger().len(), 2);
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
            let ack = start_tls();
            ack.fault(fault.clone());
            let client = json!({"timeout_ms": 800});
            let (status, document) = call(&trusting(&ack, client));
            assert_eq!(status, Status::Unknown, "{fault}: {document}");
            assert_eq!(ack.requests().len(), 1, "{fault}");
        }
    }
}

#[test]
fn a_large_body_passes() {
    let ack = start_tls();
    let mut document = trusting(&ack, json!({}));
    document["image_id"] = json!("x".repeat(900_000));
    let (status, answer) = call(&document);
    assert_eq!(status, Status::Ok, "{answer}");
    assert_eq!(ack.requests()[0].body.len(), ack.ledger()[0].body.len());
}

#[test]
fn a_proxys_tunnel_carries_http_and_https() {
    let proxy = ConnectProxy::start(ProxyOptions::default()).expect("a proxy");
    let (plain, secure) = (start(), start_tls());
    let client = json!({"proxy": proxy.url(), "keep_alive": true});
    let documents = [request(&plain, client.clone()), secure.request(client)];
    for (ack, document) in [&plain, &*secure].into_iter().zip(documents) {
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
