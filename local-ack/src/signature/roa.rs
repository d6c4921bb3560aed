//! ROA-SHA1: `Authorization: acs <AccessKeyId>:<Signature>`.

use super::{Headers, acs_headers, value};
use crate::percent::pairs;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// The text the server signs for a request. `target` is what stands in the request line: its path
/// is taken as it was sent, its query is decoded and sorted.
pub fn roa_string_to_sign(method: &str, target: &str, headers: &Headers) -> String {
    let mut text = format!("{method}\n");
    for name in ["accept", "content-md5", "content-type", "date"] {
        text.push_str(value(headers, name));
        text.push('\n');
    }
    for (name, value) in acs_headers(headers) {
        let value = value.replace(['\t', '\n', '\r', '\u{c}'], " ");
        text.push_str(&format!("{name}:{}\n", value.trim()));
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    text.push_str(path);
    let mut pairs = pairs(query);
    pairs.sort();
    for (index, (name, value)) in pairs.into_iter().enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        text.push_str(&name);
        if let Some(value) = value {
            text.push('=');
            text.push_str(&value);
        }
    }
    text
}

/// `base64(HMAC-SHA1(secret, text))`
pub fn roa_signature(secret: &str, text: &str) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes());
    // HMAC takes a key of any length, so there is always one.
    mac.map_or_else(
        |_| String::new(),
        |mac| STANDARD.encode(mac.chain_update(text.as_bytes()).finalize().into_bytes()),
    )
}
