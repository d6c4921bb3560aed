//! Signatures as the server computes them, one function a stage.
//!
//! This is deliberately no code of the product: a mistake in its signer must not be repeated here.

mod acs3;
mod roa;

pub use acs3::{acs3_canonical_request, acs3_signature, acs3_string_to_sign};
pub use roa::{roa_signature, roa_string_to_sign};

/// Headers in wire order.
pub type Headers = [(String, String)];

/// Every `x-acs-*` header with its name in lower case, sorted.
fn acs_headers(headers: &Headers) -> Vec<(String, &str)> {
    let lower = headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.as_str()));
    let mut own: Vec<_> = lower.filter(|(name, _)| name.starts_with("x-acs-")).collect();
    own.sort();
    own
}

fn value<'a>(headers: &'a Headers, name: &str) -> &'a str {
    let mut all = headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
    all.next().map_or("", |(_, value)| value.as_str())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
