//! The headers of a request, complete but for the signature, which covers them.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::Sha256;

use super::{ApiRequest, VERSION};
use crate::config::client::{Credentials, Format, SignatureMethod};
use crate::secret::Secret;
use crate::{date, encode};

const USER_AGENT: &str = concat!("cs-scale-out/", env!("CARGO_PKG_VERSION"));
const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// Headers in the order in which they go out, names in lower case.
pub(crate) type Headers<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// What makes one request of an operation differ from the next.
#[derive(Clone, Debug)]
pub(crate) struct SigningParams {
    /// Seconds since 1970-01-01 UTC, by the server's clock as far as it is known.
    pub unix: i64,
    /// At least 128 random bits.
    pub nonce: String,
}

/// Where a request goes, and how it is to be read and signed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addressing<'a> {
    /// `host[:port]`.
    pub host: &'a str,
    pub format: Format,
    pub method: SignatureMethod,
}

/// Writes the headers of `request`; without credentials they stay as nobody has signed them. Both schemes
/// have what covers the body among them.
pub(crate) fn headers<'a>(
    request: &ApiRequest<'_>,
    to: Addressing<'a>,
    credentials: Option<&'a Credentials>,
    params: SigningParams,
) -> Headers<'a> {
    let mut headers: Headers<'a> = Vec::with_capacity(16);
    headers.push(("host", to.host.into()));
    headers.push(("user-agent", user_agent(request.purchase_id)));
    headers.push(("accept", accept(to.format).into()));
    if request.body.is_some() {
        headers.push(("content-type", CONTENT_TYPE.into()));
    }
    headers.push(("x-acs-action", request.operation.action.into()));
    headers.push(("x-acs-signature-nonce", params.nonce.into()));
    headers.push(("x-acs-version", VERSION.into()));
    if let Some(credentials) = credentials
        && let Some(token) = &credentials.token
    {
        headers.push(("x-acs-accesskey-id", credentials.id.as_str().into()));
        headers.push(("x-acs-security-token", token.expose().into()));
    }
    match to.method {
        SignatureMethod::HmacSha1 => {
            if let Some(body) = request.body {
                headers.push(("content-md5", BASE64_STANDARD.encode(Md5::digest(body)).into()));
            }
            headers.push(("date", date::http_date(params.unix).into()));
            headers.push(("x-acs-signature-method", "HMAC-SHA1".into()));
            headers.push(("x-acs-signature-version", "1.0".into()));
        }
        SignatureMethod::Acs3HmacSha256 => {
            let digest = Sha256::digest(request.body.unwrap_or_default());
            headers.push(("x-acs-content-sha256", encode::hex(&digest).into()));
            headers.push(("x-acs-date", date::iso_8601(params.unix).into()));
        }
    }
    headers
}

/// Digests of a body in every notation that somebody may quote them in.
pub(crate) fn digests(body: &str) -> Vec<Secret> {
    let digests =
        [Md5::digest(body).to_vec(), Sha1::digest(body).to_vec(), Sha256::digest(body).to_vec()];
    let forms = digests.iter().flat_map(|digest| {
        let hex = encode::hex(digest);
        [BASE64_STANDARD.encode(digest), hex.to_ascii_uppercase(), hex]
    });
    forms.map(Secret::new).collect()
}

/// No signature covers it, and the service's audit trail records it.
fn user_agent(purchase_id: Option<&str>) -> Cow<'static, str> {
    match purchase_id {
        Some(id) => [USER_AGENT, " (purchase/", id, ")"].concat().into(),
        None => USER_AGENT.into(),
    }
}

fn accept(format: Format) -> &'static str {
    match format {
        Format::Json => "application/json",
        Format::Xml => "application/xml",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(method: SignatureMethod, token: bool, body: Option<&str>) -> String {
        let credentials = Credentials {
            id: "testid".to_owned(),
            secret: Secret::new("testsecret"),
            token: token.then(|| Secret::new("token")),
        };
        let params = SigningParams { unix: 1_767_323_045, nonce: "0".repeat(32) };
        let to = Addressing { host: "cs.example:8080", format: Format::Json, method };
        let request = match body {
            Some(body) => ApiRequest::scale_out_cluster("c1", body, "-"),
            None => ApiRequest::describe_cluster_tasks("c1", 1, 50),
        };
        let headers = headers(&request, to, Some(&credentials), params);
        let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
        names.join(" ")
    }

    #[test]
    fn a_request_carries_the_headers_of_its_scheme() {
        let common =
            "host user-agent accept content-type x-acs-action x-acs-signature-nonce x-acs-version";
        let roa = "content-md5 date x-acs-signature-method x-acs-signature-version";
        let acs3 = "x-acs-content-sha256 x-acs-date";
        let token = "x-acs-accesskey-id x-acs-security-token";
        use SignatureMethod::{Acs3HmacSha256, HmacSha1};
        assert_eq!(names(HmacSha1, false, Some("{}")), format!("{common} {roa}"));
        assert_eq!(names(HmacSha1, true, Some("{}")), format!("{common} {token} {roa}"));
        assert_eq!(names(Acs3HmacSha256, true, Some("{}")), format!("{common} {token} {acs3}"));
        let read = common.replace(" content-type", "");
        assert_eq!(names(Acs3HmacSha256, false, None), format!("{read} {acs3}"));
        let without_digest = roa.replace("content-md5 ", "");
        assert_eq!(names(HmacSha1, false, None), format!("{read} {without_digest}"));
    }

    #[test]
    fn what_is_signed_is_what_is_sent() {
        let request = ApiRequest::describe_cluster_tasks("c*1", 2, 50);
        assert_eq!(request.target(), "/clusters/c%2A1/tasks?page_number=2&page_size=50");
        assert_eq!(request.pairs(), [("page_number", "2"), ("page_size", "50")]);
        assert_eq!(ApiRequest::scale_out_cluster("c1", "{}", "-").target(), "/api/v2/clusters/c1");
    }
}
