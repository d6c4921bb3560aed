//! ACS3-HMAC-SHA256: `Authorization: ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`.

use super::{Headers, hex, value};
use crate::percent::{decode, encode, pairs};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The canonical request over the headers that `signed` (lower case, in that order) names.
pub fn acs3_canonical_request(
    method: &str,
    target: &str,
    headers: &Headers,
    signed: &[&str],
    body: &[u8],
) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path: Vec<String> = path.split('/').map(|segment| encode(&decode(segment))).collect();
    let mut pairs: Vec<(String, String)> = pairs(query)
        .into_iter()
        .map(|(name, value)| (encode(&name), encode(&value.unwrap_or_default())))
        .collect();
    pairs.sort();
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let lines: String =
        signed.iter().map(|name| format!("{name}:{}\n", value(headers, name).trim())).collect();
    let hash = hex(&Sha256::digest(body));
    format!(
        "{method}\n{}\n{}\n{lines}\n{}\n{hash}",
        path.join("/"),
        query.join("&"),
        signed.join(";")
    )
}

/// `ACS3-HMAC-SHA256`, a line feed, and the hash of the canonical request.
pub fn acs3_string_to_sign(canonical_request: &str) -> String {
    format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical_request.as_bytes())))
}

/// `hex(HMAC-SHA256(secret, text))`
pub fn acs3_signature(secret: &str, text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    // HMAC takes a key of any length, so there is always one.
    mac.map_or_else(
        |_| String::new(),
        |mac| hex(&mac.chain_update(text.as_bytes()).finalize().into_bytes()),
    )
}
