//! What the gateway demands of ACS3 in particular.

mod common;

use common::{CLUSTER, Client, Request};
use local_ack::LocalAck;

/// Status and code of the refusal; nothing was bought.
fn refused(request: &Request) -> (u16, String) {
    let server = LocalAck::start().expect("a server");
    let reply = Client::new(server.addr()).call(request);
    assert!(server.ledger().is_empty());
    (reply.status, reply.code())
}

fn mismatch() -> (u16, String) {
    (400, "SignatureDoesNotMatch".into())
}

fn incomplete() -> (u16, String) {
    (400, "IncompleteSignature".into())
}

#[test]
fn the_hash_binds_the_body() {
    let mut request = Request::scale_out(CLUSTER).acs3();
    request.body = request.body.replace('2', "9");
    assert_eq!(refused(&request), mismatch());
    // The hash header is honest to the signature, but not to the body.
    let request = Request::scale_out(CLUSTER).acs3().with("x-acs-content-sha256", "00");
    let names = "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;\
                 x-acs-signature-nonce;x-acs-version";
    let request = request.acs3_over(&names.split(';').collect::<Vec<_>>());
    assert_eq!(refused(&request), mismatch());
    let mut request = request;
    let claim = "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=";
    request.set("Authorization", &format!("{claim}{names},Signature="));
    assert_eq!(refused(&request), mismatch());
}

#[test]
fn every_header_that_counts_is_covered() {
    // ACS3 must cover every x-acs-* header, in order, and write no space after a comma.
    let request = Request::scale_out(CLUSTER).acs3();
    let thin = request.clone().acs3_over(&["host", "x-acs-content-sha256", "x-acs-date"]);
    assert_eq!(refused(&thin), incomplete());
    let spaced = request.headers.iter().find(|(name, _)| name == "Authorization");
    let spaced = spaced.map(|(_, value)| value.replace(',', ", ")).expect("signed");
    let spaced = request.with("Authorization", &spaced);
    assert_eq!(refused(&spaced), incomplete());
}
