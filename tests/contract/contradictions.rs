//! The promise: a reply that contradicts itself, or cannot be this call's, is no trustworthy answer. What
//! each ends with is in tests/common/faults.rs; here is what besides is said of it.

use crate::common::faults::fault;
use crate::common::{CLUSTER, call, looks, merge, posts, request, start, start_proxy, start_tls};
use cs_scale_out::Status;
use local_ack::{Fault, LocalAck, ProxyOptions};
use serde_json::{Value, json};

fn meet(text: &str, client: Value) -> (Status, Value, LocalAck) {
    let ack = start();
    (0..3).for_each(|_| ack.fault(fault(text)));
    let mut members = json!({"reconcile": false});
    merge(&mut members, client);
    let (status, document) = call(&request(&ack, members));
    (status, document, ack)
}

#[test]
fn a_contradiction_comes_before_what_would_be_sent_again() {
    for text in [
        "contradiction:status=429,executed=true",
        "contradiction:status=429,code=Throttling.User,executed=true",
        "contradiction:status=400,code=Throttling.User,executed=true",
        "contradiction:status=400,code=InvalidTimeStamp.Expired,executed=true",
    ] {
        let (status, document, ack) = meet(text, json!({}));
        assert_eq!(status, Status::Unknown, "{text}: {document}");
        assert_eq!((posts(&ack).len(), ack.ledger().len()), (1, 1), "{text}");
    }
}

#[test]
fn a_task_id_beside_an_error_is_never_called_refused() {
    for status in [300, 302, 400, 403, 404, 409, 422, 499] {
        let text = format!("contradiction:status={status},code=SomeCode,executed=true");
        let (ended, document, _) = meet(&text, json!({}));
        assert_eq!(ended, Status::Unknown, "{document}");
        assert_eq!(document["http_status"], status, "{document}");
        let message = document["message"].as_str().unwrap_or_default();
        assert!(!message.contains("refused"), "{message}");
    }
}

#[test]
fn after_a_contradiction_the_task_list_is_looked_at() {
    for text in ["other_cluster:executed=true", "two_task_ids:executed=true"] {
        let ack = start();
        ack.fault(fault(text));
        let mut document = request(&ack, json!({}));
        document["ClusterId"] = json!(format!("look-{}", &text[..3]));
        let (status, answer) = call(&document);
        assert_eq!(status, Status::Unknown, "{answer}");
        assert_eq!(answer["candidates"][0]["task_id"], ack.ledger()[0].task_id, "{answer}");
        assert!(!looks(&ack).is_empty());
    }
}

#[test]
fn a_used_nonce_is_unknown_and_never_sent_again_and_looked_after() {
    for method in ["HMAC-SHA1", "ACS3-HMAC-SHA256"] {
        let ack = start();
        ack.fault(Fault::DeliveredTwice { executed: true });
        let mut document = request(&ack, json!({"signature_method": method}));
        document["ClusterId"] = json!(format!("nonce-{method}"));
        let (status, answer) = call(&document);
        assert_eq!((status, &answer["code"]), (Status::Unknown, &json!("SignatureNonceUsed")));
        assert_eq!((posts(&ack).len(), &answer["attempts"]), (1, &json!(1)), "{answer}");
        assert_eq!(answer["candidates"][0]["task_id"], ack.ledger()[0].task_id, "{answer}");
        assert!(!answer.to_string().contains("nothing was started"), "{answer}");
    }
}

#[test]
fn a_task_id_has_up_to_128_printable_characters_and_comes_as_it_is() {
    for (id, wanted) in [
        ("T-5a54309c80282e39ea00002f".to_owned(), Status::Ok),
        ("x".repeat(128), Status::Ok),
        ("x".repeat(129), Status::Unknown),
        ("!~#[]{}".to_owned(), Status::Ok),
        ("\u{7f}".to_owned(), Status::Unknown),
        ("T-\u{2028}".to_owned(), Status::Unknown),
    ] {
        let ack = start();
        ack.fault(Fault::TaskId { value: id.clone(), executed: true });
        let (status, document) = call(&request(&ack, json!({"reconcile": false})));
        assert_eq!(status, wanted, "{id}: {document}");
        if status == Status::Ok {
            assert_eq!(document["task_id"], id);
        }
    }
}

#[test]
fn an_id_is_never_masked_for_a_short_secret() {
    let id = "T-5a54309c80282e39ea00002f";
    let login = Some(("u".to_owned(), "5a54".to_owned()));
    let proxy = start_proxy(ProxyOptions { credentials: login, ..ProxyOptions::default() });
    let client = json!({"proxy": format!("http://u:5a54@{}", proxy.addr())});
    let (status, document, _) = meet(&format!("task_id:value={id},executed=true"), client);
    assert_eq!((status, &document["task_id"]), (Status::Ok, &json!(id)), "{document}");
}

#[test]
fn an_id_that_holds_a_whole_secret_is_left_out() {
    let (status, document, _) = meet("task_id:value=T-testsecret,executed=true", json!({}));
    assert_eq!(status, Status::Unknown, "{document}");
    assert!(!document.to_string().contains("testsecret"), "{document}");
    let text = "status:status=403,shape=text,code=Other,header.x-acs-request-id=R-testsecret";
    let (status, document, _) = meet(text, json!({}));
    assert_eq!((status, &document["request_id"]), (Status::Refused, &Value::Null), "{document}");
    assert!(!document.to_string().contains("testsecret"), "{document}");
}

#[test]
fn a_reply_that_only_the_close_ends_needs_tls_to_say_goodbye() {
    for (text, wanted) in [
        ("close_delimited:executed=true", Status::Ok),
        ("no_close_notify:executed=true", Status::Unknown),
    ] {
        for format in ["json", "xml"] {
            let ack = start_tls();
            ack.fault(fault(text));
            let (status, document) =
                call(&ack.request(json!({"reconcile": false, "format": format})));
            assert_eq!(status, wanted, "{text}: {document}");
            assert_eq!((posts(&ack).len(), ack.ledger().len()), (1, 1));
        }
    }
}

#[test]
fn an_answer_in_the_last_flight_of_the_handshake_is_none() {
    for (status, attempts) in [(200, 1), (200, 3), (429, 3), (503, 3)] {
        let ack = start_tls();
        let text = format!("answer_first:status={status},cluster_id={CLUSTER}");
        (0..3).for_each(|_| ack.fault(fault(&text)));
        let client = json!({"max_attempts": attempts});
        let (ended, document) = call(&ack.request(client));
        assert_eq!(
            (ended, &document["attempts"]),
            (Status::Unsent, &json!(attempts)),
            "{document}"
        );
        assert_eq!(ack.connections(), attempts, "each over another connection");
        assert!(ack.requests().is_empty());
    }
}

#[test]
fn over_another_connection_the_purchase_is_made_once() {
    let ack = start_tls();
    let text = format!("answer_first:cluster_id={CLUSTER}");
    (0..2).for_each(|_| ack.fault(fault(&text)));
    let (status, document) = call(&ack.request(json!({})));
    assert_eq!((status, &document["attempts"]), (Status::Ok, &json!(3)), "{document}");
    assert_eq!(document["task_id"], ack.ledger()[0].task_id);
    assert_eq!(ack.ledger().len(), 1);
}

#[test]
fn an_answer_behind_a_proxys_200_is_none() {
    for status in [200, 429, 503] {
        let ack = start();
        let answer_first = Some(local_ack::Unasked { status, cluster_id: CLUSTER.to_owned() });
        let proxy = start_proxy(ProxyOptions { answer_first, ..ProxyOptions::default() });
        let client = json!({"proxy": proxy.url(), "max_attempts": 2});
        let (ended, document) = call(&request(&ack, client));
        assert_eq!(ended, Status::Unsent, "{document}");
        assert_eq!((proxy.tunnels(), ack.requests().len()), (2, 0));
    }
}
