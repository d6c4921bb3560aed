//! The two signature schemes. Pure: the keys, the moment and the nonce are arguments, and each
//! stage is a function of its own that the golden vectors are held against.

pub mod acs3;
pub mod percent;
pub mod roa_sha1;
#[cfg(test)]
mod tests;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use md5::{Digest, Md5};
use sha2::Sha256;

use crate::config::client::{Credentials, Format, SignatureMethod};
use crate::date;
use crate::secret::Secret;

/// The API version that every request names.
pub const VERSION: &str = "2015-12-15";
const USER_AGENT: &str = concat!("cs-scale-out/", env!("CARGO_PKG_VERSION"));
const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// One request before it is signed.
#[derive(Debug)]
pub struct SignableRequest<'a> {
    pub method: &'static str,
    /// The API's name for it, such as `ScaleOutCluster`.
    pub action: &'static str,
    /// As it will stand on the wire, percent-encoded.
    pub path: &'a str,
    /// Names and values before encoding.
    pub query: &'a [(&'static str, String)],
    pub host: &'a str,
    pub format: Format,
    pub body: Option<&'a str>,
}

/// The moment and the number used once.
#[derive(Clone, Debug)]
pub struct SigningParams {
    /// Seconds since 1970-01-01 UTC, by the server's clock as far as it is known.
    pub unix: i64,
    /// At least 128 random bits.
    pub nonce: String,
}

/// Headers in the order they go out, names lower-case.
pub type Headers = Vec<(&'static str, String)>;

/// A signed request. Not Debug: headers and string hold the security token.
pub struct SigningOutput {
    pub headers: Headers,
    /// For the hint on a mismatch.
    pub string_to_sign: String,
    pub signature: Secret,
}

/// Signs `request` by `method`; the headers come complete, `authorization` last.
pub fn sign(
    method: SignatureMethod,
    keys: &Credentials,
    request: &SignableRequest<'_>,
    stamp: &SigningParams,
) -> SigningOutput {
    match method {
        SignatureMethod::HmacSha1 => sign_roa(keys, request, stamp),
        SignatureMethod::Acs3HmacSha256 => sign_acs3(keys, request, stamp),
    }
}

fn sign_roa(
    keys: &Credentials,
    request: &SignableRequest<'_>,
    stamp: &SigningParams,
) -> SigningOutput {
    let mut headers = common(keys, request, stamp);
    if let Some(body) = request.body {
        headers.push(("content-md5", BASE64_STANDARD.encode(Md5::digest(body))));
    }
    headers.push(("date", date::http_date(stamp.unix)));
    headers.push(("x-acs-signature-method", "HMAC-SHA1".to_owned()));
    headers.push(("x-acs-signature-version", "1.0".to_owned()));
    let query: Vec<_> = request.query.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let string_to_sign = roa_sha1::string_to_sign(request.method, &headers, request.path, &query);
    let signature = roa_sha1::signature(keys.secret.expose(), &string_to_sign);
    headers.push(("authorization", roa_sha1::authorization(&keys.id, &signature)));
    SigningOutput { headers, string_to_sign, signature: Secret::new(signature) }
}

fn sign_acs3(
    keys: &Credentials,
    request: &SignableRequest<'_>,
    stamp: &SigningParams,
) -> SigningOutput {
    let mut headers = common(keys, request, stamp);
    let digest = percent::hex(&Sha256::digest(request.body.unwrap_or_default()));
    headers.push(("x-acs-content-sha256", digest.clone()));
    headers.push(("x-acs-date", date::iso_8601(stamp.unix)));
    let query: Vec<_> = request.query.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let covered: Vec<_> = headers.iter().filter(|(name, _)| acs3::is_covered(name)).collect();
    let (canonical, names) =
        acs3::canonical_request(request.method, request.path, &query, &covered, &digest);
    let string_to_sign = acs3::string_to_sign(&canonical);
    let signature = acs3::signature(keys.secret.expose(), &string_to_sign);
    headers.push(("authorization", acs3::authorization(&keys.id, &names, &signature)));
    SigningOutput { headers, string_to_sign, signature: Secret::new(signature) }
}

/// What both schemes send.
fn common(keys: &Credentials, request: &SignableRequest<'_>, stamp: &SigningParams) -> Headers {
    let accept = match request.format {
        Format::Json => "application/json",
        Format::Xml => "application/xml",
    };
    let mut headers = Vec::with_capacity(16);
    headers.push(("host", request.host.to_owned()));
    headers.push(("user-agent", USER_AGENT.to_owned()));
    headers.push(("accept", accept.to_owned()));
    if request.body.is_some() {
        headers.push(("content-type", CONTENT_TYPE.to_owned()));
    }
    headers.push(("x-acs-action", request.action.to_owned()));
    headers.push(("x-acs-signature-nonce", stamp.nonce.clone()));
    headers.push(("x-acs-version", VERSION.to_owned()));
    if let Some(token) = &keys.token {
        headers.push(("x-acs-accesskey-id", keys.id.clone()));
        headers.push(("x-acs-security-token", token.expose().to_owned()));
    }
    headers
}
