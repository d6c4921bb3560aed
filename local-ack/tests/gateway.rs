//! What the gateway lets through, and how it says no.

mod common;

use common::{CLUSTER, Client, Request, nonce};
use local_ack::{LocalAck, Options};

/// Sends one request to a fresh server: status and code of the refusal, and nothing was bought.
fn refused(options: Options, request: &Request) -> (u16, String) {
    let server = LocalAck::with(options).expect("a server");
    let reply = Client::new(server.addr()).call(request);
    assert!(server.ledger().is_empty());
    assert_eq!(server.requests()[0].status, reply.status);
    assert!(reply.headers.contains_key("x-acs-request-id"));
    (reply.status, reply.code())
}

fn refused_by_default(request: &Request) -> (u16, String) {
    refused(Options::default(), request)
}

fn code(status: u16, code: &str) -> (u16, String) {
    (status, code.to_string())
}

#[test]
fn both_schemes_are_accepted_over_the_path_as_sent() {
    let server = LocalAck::start().expect("a server");
    let mut client = Client::new(server.addr());
    for cluster in [CLUSTER, "c82e****", "c82e%2A%2A%2A%2A"] {
        let reply = client.call(&Request::scale_out(cluster).roa());
        assert_eq!(reply.status, 200, "{cluster}: {}", reply.text());
    }
    for cluster in [CLUSTER, "c82e%2A%2A%2A%2A"] {
        let reply = client.call(&Request::scale_out(cluster).acs3());
        assert_eq!(reply.status, 200, "{cluster}: {}", reply.text());
    }
    let clusters: Vec<String> = server.ledger().into_iter().map(|it| it.cluster_id).collect();
    assert_eq!(clusters, [CLUSTER, "c82e****", "c82e****", CLUSTER, "c82e****"]);
}

#[test]
fn a_path_signed_in_another_spelling_is_refused() {
    let mut request = Request::scale_out("c82e****").roa();
    request.target = request.target.replace('*', "%2A");
    assert_eq!(refused_by_default(&request), code(400, "SignatureDoesNotMatch"));
}

#[test]
fn a_wrong_secret_is_told_the_string_to_sign() {
    let options = Options { access_key_secret: "another".into(), ..Options::default() };
    let server = LocalAck::with(options).expect("a server");
    let mut client = Client::new(server.addr());
    let request = Request::scale_out(CLUSTER).roa();
    let text = client.call(&request).json()["Message"].to_string();
    assert!(text.contains("server string to sign is:POST\\napplication/json\\n"), "{text}");
    let text = client.call(&Request::scale_out(CLUSTER).acs3()).json()["Message"].to_string();
    assert!(text.contains("server canonical request is:POST\\n/api/v2/clusters/"), "{text}");
    assert!(text.contains("server string to sign is:ACS3-HMAC-SHA256\\n"), "{text}");
}

#[test]
fn nothing_signed_can_be_changed() {
    for (name, value) in
        [("Accept", "application/json;q=1"), ("x-acs-extra", "1"), ("Content-Type", "text/json")]
    {
        let request = Request::scale_out(CLUSTER).roa().with(name, value);
        assert_eq!(refused_by_default(&request), code(400, "SignatureDoesNotMatch"), "{name}");
    }
    let request = Request::scale_out(CLUSTER).with("Content-MD5", "AAAA").roa();
    assert_eq!(refused_by_default(&request), code(400, "ContentMD5NotMatched"));
}

#[test]
fn the_key_the_version_and_the_action_must_be_right() {
    let mut request = Request::scale_out(CLUSTER).roa();
    request.set("Authorization", "acs nobody:AAAA");
    assert_eq!(refused_by_default(&request), code(404, "InvalidAccessKeyId.NotFound"));
    let request = Request::scale_out(CLUSTER).with("x-acs-version", "2014-05-26").roa();
    assert_eq!(refused_by_default(&request), code(400, "InvalidVersion"));
    let request = Request::scale_out(CLUSTER).with("x-acs-action", "DeleteCluster").roa();
    assert_eq!(refused_by_default(&request), code(404, "InvalidAction.NotFound"));
    for target in ["/", "/api/v2/clusters/", "/api/v2/clusters/a/b", "/api/v1/clusters/a"] {
        let request = Request::new("POST", target, "ScaleOutCluster", "{}").roa();
        assert_eq!(refused_by_default(&request), code(404, "InvalidAction.NotFound"), "{target}");
    }
}

#[test]
fn what_proves_nothing_is_incomplete() {
    for name in ["x-acs-signature-nonce", "x-acs-signature-method", "x-acs-signature-version"] {
        let request = Request::scale_out(CLUSTER).roa().without(name).resign();
        assert_eq!(refused_by_default(&request), code(400, "IncompleteSignature"), "{name}");
    }
    let request = Request::scale_out(CLUSTER).roa();
    for value in ["acs testid", "acs :x", "Bearer x", "", "ACS3-HMAC-SHA256 Credential=testid"] {
        let request = request.clone().with("Authorization", value);
        assert_eq!(refused_by_default(&request), code(400, "IncompleteSignature"), "{value}");
    }
    let request = request.without("Authorization");
    assert_eq!(refused_by_default(&request), code(400, "IncompleteSignature"));
    let mut request = Request::scale_out(CLUSTER).roa();
    request.headers.push(("X-ACS-Version".into(), "2015-12-15".into()));
    assert_eq!(refused_by_default(&request.resign()), code(400, "IncompleteSignature"));
}

#[test]
fn the_window_is_fifteen_minutes_around_the_servers_clock() {
    for offset in [-16 * 60, 16 * 60] {
        let request = Request::scale_out(CLUSTER).roa_at(offset);
        assert_eq!(refused_by_default(&request), code(400, "InvalidTimeStamp.Expired"));
    }
    for date in ["2026-03-12T08:09:10Z", "yesterday"] {
        let request = Request::scale_out(CLUSTER).roa().with("Date", date).resign();
        assert_eq!(refused_by_default(&request), code(400, "InvalidTimeStamp.Format"));
    }
    let request = Request::scale_out(CLUSTER).roa().without("Date").resign();
    assert_eq!(refused_by_default(&request), code(400, "InvalidTimeStamp.Format"));
    let options = Options { clock_offset: 3600, ..Options::default() };
    let server = LocalAck::with(options).expect("a server");
    let mut client = Client::new(server.addr());
    let late = client.call(&Request::scale_out(CLUSTER).roa());
    assert_eq!(late.code(), "InvalidTimeStamp.Expired");
    assert_eq!(client.call(&Request::scale_out(CLUSTER).roa_at(3600)).status, 200);
    // The reply's Date is what a client corrects itself by.
    let mut corrected = Request::scale_out(CLUSTER).roa();
    corrected.set("Date", &late.headers["date"]);
    assert_eq!(client.call(&corrected.resign()).status, 200);
}

#[test]
fn a_nonce_is_good_once() {
    let server = LocalAck::start().expect("a server");
    let mut client = Client::new(server.addr());
    let request = Request::scale_out(CLUSTER).with("x-acs-signature-nonce", &nonce()).roa();
    assert_eq!(client.call(&request).status, 200);
    assert_eq!(client.call(&request).code(), "SignatureNonceUsed");
    // Not even on another connection, and not for another scheme.
    let mut other = Client::new(server.addr());
    let again = request.without("Date").without("x-acs-signature-method").acs3();
    assert_eq!(other.call(&again).code(), "SignatureNonceUsed");
    assert_eq!(server.ledger().len(), 1);
}

#[test]
fn a_token_is_carried_exactly_when_it_is_expected() {
    let options = || Options { security_token: Some("tok+en==".into()), ..Options::default() };
    let plain = Request::scale_out(CLUSTER).roa();
    assert_eq!(refused(options(), &plain), code(400, "MissingSecurityToken"));
    let malformed = code(400, "InvalidSecurityToken.Malformed");
    let wrong = Request::scale_out(CLUSTER).with("x-acs-security-token", "other").roa();
    assert_eq!(refused(options(), &wrong), malformed);
    assert_eq!(refused_by_default(&wrong), malformed);
    let right = Request::scale_out(CLUSTER).with("x-acs-security-token", "tok+en==").roa();
    let server = LocalAck::with(options()).expect("a server");
    assert_eq!(Client::new(server.addr()).call(&right).status, 200);
}

#[test]
fn the_service_wants_a_json_object() {
    let server = LocalAck::start().expect("a server");
    let mut client = Client::new(server.addr());
    for body in ["", "no", "[1]", "null", "{\"count\":1"] {
        let target = format!("/api/v2/clusters/{CLUSTER}");
        let request = Request::new("POST", &target, "ScaleOutCluster", body);
        let reply = client.call(&request.clone().roa());
        assert_eq!((reply.status, reply.json()["code"].as_str()), (400, Some("InvalidParameter")));
    }
    let request = Request::scale_out(CLUSTER).with("Content-Type", "text/plain").roa();
    let reply = client.call(&request);
    assert_eq!(reply.status, 415);
    assert_eq!(reply.text(), "code=415, message=Unsupported Media Type");
    assert!(server.ledger().is_empty());
}
