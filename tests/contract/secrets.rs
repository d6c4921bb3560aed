//! The promise: no secret in any document, whatever the other side echoes.

use crate::common::faults::status_fault;
use crate::common::{call, closed_port, merge, request, start, start_with};
use cs_scale_out::Status;
use local_ack::{Fault, LocalAck, Options, Shape};
use serde_json::{Value, json};

const PASSWORD: &str = "Pa\"ss\\w<ö>&1/";
const TOKEN: &str = "CAISsecurity/token+with=specials==";

fn server() -> LocalAck {
    start_with(Options { security_token: Some(TOKEN.to_owned()), ..Options::default() })
}

fn secretive(ack: &LocalAck, extra: Value) -> Value {
    let mut document = request(ack, json!({"security_token": TOKEN, "reconcile": false}));
    merge(&mut document["client"], extra);
    document.as_object_mut().expect("an object").remove("key_pair");
    document["login_password"] = json!(PASSWORD);
    document
}

/// No secret, in any of the forms that text gets; nor the signature that went out.
fn assert_clean(document: &Value, ack: &LocalAck) {
    let text = document.to_string();
    let json_form = serde_json::to_string(PASSWORD).expect("JSON");
    let json_form = json_form.trim_matches('"');
    let twice = serde_json::to_string(json_form).expect("JSON");
    let mut secrets = vec![
        PASSWORD.to_owned(),
        json_form.to_owned(),
        twice.trim_matches('"').to_owned(),
        TOKEN.to_owned(),
        TOKEN.replace('/', "\\\\/"),
        "testsecret".to_owned(),
    ];
    for seen in ack.requests() {
        let value = seen.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case("authorization"));
        let value = &value.expect("authorization").1;
        let signature = value.strip_prefix("acs testid:").unwrap_or(value);
        secrets.push(signature.rsplit("Signature=").next().unwrap_or(signature).to_owned());
    }
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} in {text}");
    }
}

#[test]
fn an_echoing_service_is_scrubbed() {
    let json_password = serde_json::to_string(PASSWORD).expect("JSON");
    let escaped = PASSWORD.replace('ö', "\\u00f6").replace('<', "\\u003c");
    let echo = format!("{PASSWORD} {json_password} {escaped} {TOKEN} testsecret");
    for status in [200, 400, 500] {
        for shape in [Shape::Gateway, Shape::Cs, Shape::Xml, Shape::Text, Shape::Html] {
            for method in ["HMAC-SHA1", "ACS3-HMAC-SHA256"] {
                let ack = server();
                ack.fault(Fault::Status {
                    status,
                    shape,
                    code: format!("Code.{TOKEN}"),
                    message: echo.clone(),
                    headers: vec![("x-acs-request-id".to_owned(), TOKEN.to_owned())],
                    executed: false,
                });
                let client = json!({"signature_method": method});
                let (_, document) = call(&secretive(&ack, client));
                assert_clean(&document, &ack);
                assert!(document.to_string().contains("***"), "{document}");
            }
        }
    }
}

#[test]
fn a_signature_mismatch_is_explained_without_the_token_it_echoes() {
    for method in ["HMAC-SHA1", "ACS3-HMAC-SHA256"] {
        let ack = server();
        let client = json!({"signature_method": method, "access_key_secret": "another-secret"});
        let (status, document) = call(&secretive(&ack, client));
        assert_eq!((status, &document["code"]), (Status::Refused, &json!("SignatureDoesNotMatch")));
        assert_clean(&document, &ack);
        let hint = document["hint"].as_str().expect("a hint");
        assert!(hint.contains("secret is wrong"), "{hint}");
    }
}

#[test]
fn a_header_changed_on_the_way_is_told_from_a_wrong_secret() {
    let ack = server();
    let message = "Specified signature is not matched with our calculation. server string to sign \
                   is:POST\napplication/xml\n\napplication/json\n/api/v2/clusters/x";
    ack.fault(status_fault(400, Shape::Gateway, "SignatureDoesNotMatch", message));
    let (_, document) = call(&secretive(&ack, json!({})));
    let hint = document["hint"].as_str().expect("a hint");
    assert!(hint.contains("changed a header"), "{hint}");
}

#[test]
fn a_dry_run_shows_the_request_masked() {
    for (method, digest) in
        [("HMAC-SHA1", "content-md5"), ("ACS3-HMAC-SHA256", "x-acs-content-sha256")]
    {
        let ack = server();
        let client = json!({"signature_method": method, "dry_run": true});
        let (status, document) = call(&secretive(&ack, client.clone()));
        assert_eq!((status, &document["dry_run"]), (Status::Ok, &json!(true)), "{document}");
        assert_clean(&document, &ack);
        let headers = &document["request"]["headers"];
        for name in ["authorization", "x-acs-security-token", digest] {
            assert_eq!(headers[name], "***", "{name}");
        }
        assert_eq!(document["request"]["body"], r#"{"count":1,"login_password":"***"}"#);
        assert_eq!(document["request"]["method"], "POST");
        let url = format!("{}/api/v2/clusters/{}", ack.url(), crate::common::CLUSTER);
        assert_eq!(document["request"]["url"], url);
        assert_eq!(ack.connections(), 0);
        // Without a password the digest covers nothing secret.
        let (_, document) = call(&request(&start(), client));
        assert_ne!(document["request"]["headers"][digest], "***");
        assert_eq!(document["request"]["headers"]["authorization"], "***");
    }
}

#[test]
fn what_a_proxy_is_told_stays_between_the_two() {
    let ack = start();
    let closed = closed_port();
    let proxy = format!("http://user:proxy-password@{}", closed.addr());
    let client = json!({"proxy": proxy, "max_attempts": 1});
    let (status, document) = call(&request(&ack, client));
    assert_eq!(status, Status::Unsent);
    assert!(!document.to_string().contains("proxy-password"), "{document}");
}

#[test]
fn raw_replies_are_cut_at_two_kibibytes() {
    let ack = server();
    let message = format!("{}{TOKEN}", "é".repeat(5000));
    ack.fault(status_fault(400, Shape::Html, "", &message));
    let (_, document) = call(&secretive(&ack, json!({})));
    let raw = document["raw"].as_str().expect("raw");
    assert!((2000..=2048).contains(&raw.len()), "{}", raw.len());
}
