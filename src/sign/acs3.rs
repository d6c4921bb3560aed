//! ACS3-HMAC-SHA256 ("signature method V3").

use std::borrow::Cow;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{SignableRequest, SigningOutput};
use crate::config::client::Credentials;
use crate::encode;
use crate::secret::Secret;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Signs `request`, whose `x-acs-content-sha256` is the body's digest.
pub(crate) fn sign(credentials: &Credentials, request: &SignableRequest<'_>) -> SigningOutput {
    let covered: Vec<_> = request.headers.iter().filter(|(name, _)| is_covered(name)).collect();
    let digest = covered.iter().find(|(name, _)| *name == "x-acs-content-sha256");
    let digest = digest.map_or("", |(_, value)| value.as_ref());
    let (canonical, names) =
        canonical_request(request.method, request.path, request.query, &covered, digest);
    let string_to_sign = string_to_sign(&canonical);
    let signature = signature(credentials.secret.expose(), &string_to_sign);
    SigningOutput {
        authorization: authorization(&credentials.id, &names, &signature),
        string_to_sign,
        signature: Secret::new(signature),
    }
}

/// Which headers are signed. `user-agent` and `accept` are not: proxies rewrite them.
pub(crate) fn is_covered(name: &str) -> bool {
    matches!(name, "host" | "content-type") || name.starts_with("x-acs-")
}

/// The canonical request, and the names of the signed headers joined by `;`. Header names are
/// lower-case, `path` is encoded already, `query` is not.
pub(crate) fn canonical_request(
    method: &str,
    path: &str,
    query: &[(&str, &str)],
    headers: &[&(&str, Cow<'_, str>)],
    body_digest: &str,
) -> (String, String) {
    let mut headers = headers.to_vec();
    headers.sort();
    let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let mut out = format!("{method}\n{path}\n{}\n", encode::query(query));
    for (name, value) in headers {
        out.push_str(name);
        out.push(':');
        out.push_str(value.trim());
        out.push('\n');
    }
    out.push('\n');
    out.push_str(&names);
    out.push('\n');
    out.push_str(body_digest);
    (out, names)
}

pub(crate) fn string_to_sign(canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{}", encode::hex(&Sha256::digest(canonical_request)))
}

/// Lower-case hexadecimal of HMAC-SHA256.
pub(crate) fn signature(secret: &str, string_to_sign: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    encode::hex(&mac.finalize().into_bytes())
}

pub(crate) fn authorization(id: &str, signed_headers: &str, signature: &str) -> String {
    format!("{ALGORITHM} Credential={id},SignedHeaders={signed_headers},Signature={signature}")
}
