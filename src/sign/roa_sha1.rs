//! ROA with HMAC-SHA1 ("signature method V2", although its header says version 1.0).

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::{SignableRequest, SigningOutput};
use crate::config::client::Credentials;
use crate::secret::Secret;

/// Signs `request`.
pub(crate) fn sign(credentials: &Credentials, request: &SignableRequest<'_>) -> SigningOutput {
    let string_to_sign =
        string_to_sign(request.method, request.headers, request.path, request.query);
    let signature = signature(credentials.secret.expose(), &string_to_sign);
    SigningOutput {
        authorization: authorization(&credentials.id, &signature),
        string_to_sign,
        signature: Secret::new(signature),
    }
}

/// Method, four plain headers, the `x-acs-` headers sorted, the path, the query sorted.
/// Header names are lower-case.
pub(crate) fn string_to_sign(
    method: &str,
    headers: &[(&str, Cow<'_, str>)],
    path: &str,
    query: &[(&str, &str)],
) -> String {
    let value_of = |wanted: &str| {
        headers.iter().find(|(name, _)| *name == wanted).map_or("", |(_, value)| value.as_ref())
    };
    let mut out = String::with_capacity(512);
    for part in [
        method,
        value_of("accept"),
        value_of("content-md5"),
        value_of("content-type"),
        value_of("date"),
    ] {
        out.push_str(part);
        out.push('\n');
    }
    let mut covered = Vec::with_capacity(headers.len());
    covered.extend(headers.iter().filter(|(name, _)| name.starts_with("x-acs-")));
    covered.sort();
    for (name, value) in covered {
        out.push_str(name);
        out.push(':');
        out.push_str(&folded(value));
        out.push('\n');
    }
    out.push_str(path);
    let mut query = query.to_vec();
    query.sort_unstable();
    for (index, (name, value)) in query.iter().enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        out.push_str(value);
    }
    out
}

/// On one line, ends trimmed.
fn folded(value: &str) -> Cow<'_, str> {
    let breaks = |b: u8| matches!(b, b'\t' | b'\n' | b'\r' | b'\x0c');
    if !value.bytes().any(breaks) {
        return Cow::Borrowed(value.trim_matches(' '));
    }
    let folded = value.replace(|c| u8::try_from(c).is_ok_and(breaks), " ");
    Cow::Owned(folded.trim().to_owned())
}

/// Base64 of HMAC-SHA1; the key is the secret itself.
pub(crate) fn signature(secret: &str, string_to_sign: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(string_to_sign.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

pub(crate) fn authorization(id: &str, signature: &str) -> String {
    ["acs ", id, ":", signature].concat()
}
