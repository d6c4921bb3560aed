//! The two signature schemes. Pure: a signer signs the headers that it is given, invents none and reads no
//! clock; each stage is a function of its own that the golden vectors are held against.

pub(crate) mod acs3;
pub(crate) mod roa_sha1;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::config::client::{Credentials, SignatureMethod};
use crate::secret::Secret;

/// One request as it will stand on the wire, but for its signature.
pub(crate) struct SignableRequest<'a> {
    pub method: &'a str,
    /// Percent-encoded.
    pub path: &'a str,
    /// Names and values before encoding.
    pub query: &'a [(&'a str, &'a str)],
    /// Names in lower case. What covers the body is among them.
    pub headers: &'a [(&'static str, Cow<'a, str>)],
}

/// A signature. Not Debug: the string holds the security token.
pub(crate) struct SigningOutput {
    /// The value of the `authorization` header.
    pub authorization: String,
    /// For the hint on a mismatch.
    pub string_to_sign: String,
    pub signature: Secret,
}

/// Signs `request` by `method`.
pub(crate) fn sign(
    method: SignatureMethod,
    credentials: &Credentials,
    request: &SignableRequest<'_>,
) -> SigningOutput {
    match method {
        SignatureMethod::HmacSha1 => roa_sha1::sign(credentials, request),
        SignatureMethod::Acs3HmacSha256 => acs3::sign(credentials, request),
    }
}
