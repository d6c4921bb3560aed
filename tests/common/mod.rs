//! What the tests share: a document for a local-ack, and a readable answer.

#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

use cs_scale_out::{Answer, Status};
use local_ack::LocalAck;
use serde_json::{Value, json};

pub mod faults;
mod servers;

pub use servers::*;

pub const CLUSTER: &str = "c82e6987e2961451182edacd74faf";

/// The `client` member for `ack`.
pub fn client(ack: &LocalAck) -> Value {
    json!({
        "endpoint": ack.url(),
        "access_key_id": "testid",
        "access_key_secret": "testsecret",
    })
}

/// A small valid request to `ack`, with `extra` merged into its `client`.
pub fn request(ack: &LocalAck, extra: Value) -> Value {
    let mut client = client(ack);
    merge(&mut client, extra);
    json!({"ClusterId": CLUSTER, "count": 1, "key_pair": "common", "client": client})
}

pub fn merge(target: &mut Value, extra: Value) {
    let (Some(target), Value::Object(extra)) = (target.as_object_mut(), extra) else {
        panic!("two objects");
    };
    target.extend(extra);
}

/// Calls the library; the document comes parsed.
pub fn call(document: &Value) -> (Status, Value) {
    read(cs_scale_out::scale_out(document.to_string().as_bytes()))
}

/// A purchase for `cluster`. A test has clusters of its own, since calls for one cluster respect each other.
pub fn buy_for(ack: &LocalAck, cluster: &str, client: Value) -> (Status, Value) {
    let mut document = request(ack, client);
    document["ClusterId"] = json!(cluster);
    call(&document)
}

pub fn validate(document: &Value) -> (Status, Value) {
    read(cs_scale_out::validate(document.to_string().as_bytes()))
}

/// Every document is one line of JSON whose status is the one returned.
pub fn read(answer: Answer) -> (Status, Value) {
    assert!(!answer.document.contains(['\n', '\0']), "{}", answer.document);
    let document: Value = serde_json::from_str(&answer.document).expect("a JSON document");
    assert_eq!(document["status"], answer.status.name(), "{document}");
    (answer.status, document)
}

/// So many seconds from now, in RFC 3339.
pub fn moment(seconds: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let unix = now.expect("a clock").as_secs().saturating_add_signed(seconds);
    let (days, second) = (unix / 86_400, unix % 86_400);
    // Days since 0000-03-01 (Howard Hinnant).
    let z = days + 719_468;
    let (era, doe) = (z / 146_097, z % 146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + u64::from(month <= 2);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!(
        "{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{:02}Z",
        doy - (153 * mp + 2) / 5 + 1,
        second % 60
    )
}
