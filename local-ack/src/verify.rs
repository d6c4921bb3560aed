//! The gateway's checks, in the gateway's order.

use crate::clock;
use crate::http::Head;
use crate::options::Options;
use crate::refusal::Refusal;
use crate::signature::*;
use crate::sync::lock;
use std::collections::HashSet;
use std::sync::Mutex;

const VERSION: &str = "2015-12-15";
const WINDOW_SECONDS: i64 = 15 * 60;

/// Every nonce that ever came with a right signature.
#[derive(Default)]
pub(crate) struct Nonces(Mutex<HashSet<String>>);

/// What a request proved.
#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) scheme: &'static str,
    pub(crate) nonce: String,
}

struct Claim<'a> {
    scheme: &'static str,
    access_key_id: &'a str,
    signed: Vec<&'a str>,
    signature: &'a str,
}

/// Checks everything the gateway checks; `action` is what the route is called.
pub(crate) fn verify(
    options: &Options,
    nonces: &Nonces,
    action: &str,
    head: &Head,
    body: &[u8],
) -> Result<Verified, Refusal> {
    single_headers(head)?;
    addressed(head, action)?;
    let claim = claim(head)?;
    if claim.access_key_id != options.access_key_id {
        let (code, message) = ("InvalidAccessKeyId.NotFound", "Specified access key is not found.");
        return Err(Refusal::gateway(404, code, message));
    }
    let now = clock::now_ms(options.clock_offset) / 1000;
    time(head, claim.scheme, now)?;
    token(head, options)?;
    required(head, &claim)?;
    signature(head, body, &claim, &options.access_key_secret)?;
    let nonce = head.get("x-acs-signature-nonce").unwrap_or_default();
    if !lock(&nonces.0).insert(nonce.into()) {
        let message = "Specified signature nonce was used already.";
        return Err(bad("SignatureNonceUsed", message));
    }
    let (scheme, nonce) = (claim.scheme, nonce.to_string());
    Ok(Verified { scheme, nonce })
}

/// The operation that is asked for must be the one this path stands for.
fn addressed(head: &Head, action: &str) -> Result<(), Refusal> {
    if head.get("x-acs-version") != Some(VERSION) {
        let message = format!("x-acs-version must be {VERSION}.");
        return Err(bad("InvalidVersion", message));
    }
    if head.get("x-acs-action") != Some(action) {
        let message = format!("x-acs-action must be {action} on this path.");
        return Err(Refusal::gateway(404, "InvalidAction.NotFound", message));
    }
    Ok(())
}

fn bad(code: &str, message: impl Into<String>) -> Refusal {
    Refusal::gateway(400, code, message)
}

fn incomplete(message: impl Into<String>) -> Refusal {
    bad("IncompleteSignature", message)
}

/// A header that counts must not come twice: which one would be signed?
fn single_headers(head: &Head) -> Result<(), Refusal> {
    let mut names = HashSet::new();
    for (name, _) in &head.headers {
        let name = name.to_ascii_lowercase();
        let counts = name.starts_with("x-acs-")
            || ["authorization", "accept", "content-md5", "content-type", "date", "host"]
                .contains(&name.as_str());
        if counts && !names.insert(name.clone()) {
            return Err(incomplete(format!("The header {name} came twice.")));
        }
    }
    Ok(())
}

fn claim(head: &Head) -> Result<Claim<'_>, Refusal> {
    let Some(authorization) = head.get("authorization") else {
        return Err(incomplete("The request has no Authorization header."));
    };
    if let Some(rest) = authorization.strip_prefix("acs ") {
        let parts = rest.split_once(':').filter(|(id, mac)| !id.is_empty() && !mac.is_empty());
        let (access_key_id, signature) =
            parts.ok_or_else(|| incomplete("Authorization is not \"acs id:signature\"."))?;
        return Ok(Claim { scheme: "ROA-SHA1", access_key_id, signed: Vec::new(), signature });
    }
    let parts: Option<Vec<&str>> = authorization.strip_prefix("ACS3-HMAC-SHA256 ").and_then(|it| {
        let names = ["Credential=", "SignedHeaders=", "Signature="];
        let parts: Vec<&str> = it.split(',').collect();
        let same = parts.len() == names.len();
        let values = parts.into_iter().zip(names).map(|(part, name)| part.strip_prefix(name));
        values.collect::<Option<Vec<&str>>>().filter(|_| same)
    });
    match parts.as_deref() {
        Some([access_key_id, signed, signature]) => Ok(Claim {
            scheme: "ACS3-HMAC-SHA256",
            access_key_id,
            signed: signed.split(';').collect(),
            signature,
        }),
        _ => Err(incomplete("Authorization is of no known form.")),
    }
}

fn time(head: &Head, scheme: &str, now: i64) -> Result<(), Refusal> {
    let (name, parse): (_, fn(&str) -> Option<i64>) = match scheme {
        "ROA-SHA1" => ("date", clock::parse_http_date),
        _ => ("x-acs-date", clock::parse_utc),
    };
    let sent = head.get(name).and_then(parse).ok_or_else(|| {
        bad("InvalidTimeStamp.Format", format!("The header {name} is missing or malformed."))
    })?;
    if (now - sent).abs() > WINDOW_SECONDS {
        let message = format!("The header {name} is too far from {}.", clock::http_date(now));
        return Err(bad("InvalidTimeStamp.Expired", message));
    }
    Ok(())
}

fn token(head: &Head, options: &Options) -> Result<(), Refusal> {
    match (head.get("x-acs-security-token"), options.security_token.as_deref()) {
        (None, None) => Ok(()),
        (None, Some(_)) => {
            Err(bad("MissingSecurityToken", "SecurityToken is mandatory for this action."))
        }
        (sent, known) if sent == known => Ok(()),
        _ => Err(bad("InvalidSecurityToken.Malformed", "The security token is malformed.")),
    }
}

fn required(head: &Head, claim: &Claim) -> Result<(), Refusal> {
    let nonce = head.get("x-acs-signature-nonce").unwrap_or_default();
    if nonce.is_empty() {
        return Err(incomplete("The header x-acs-signature-nonce is missing."));
    }
    if claim.scheme == "ROA-SHA1" {
        for (name, value) in
            [("x-acs-signature-method", "HMAC-SHA1"), ("x-acs-signature-version", "1.0")]
        {
            if head.get(name) != Some(value) {
                return Err(incomplete(format!("The header {name} must be {value}.")));
            }
        }
        return Ok(());
    }
    let mut sorted = claim.signed.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted != claim.signed {
        return Err(incomplete("SignedHeaders are not sorted."));
    }
    if let Some(name) = claim.signed.iter().find(|name| head.get(name).is_none()) {
        return Err(incomplete(format!("The signed header {name} is missing.")));
    }
    let names = head.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
    let own = names.filter(|name| name.starts_with("x-acs-") || name == "content-type");
    let fixed = ["host", "x-acs-content-sha256"].map(String::from);
    match own.chain(fixed).find(|name| !claim.signed.contains(&name.as_str())) {
        Some(name) => Err(incomplete(format!("The header {name} is not signed."))),
        None => Ok(()),
    }
}

fn signature(head: &Head, body: &[u8], claim: &Claim, secret: &str) -> Result<(), Refusal> {
    let (right, message) = if claim.scheme == "ROA-SHA1" {
        digest(head, body)?;
        let text = roa_string_to_sign(&head.method, &head.target, &head.headers);
        (Some(roa_signature(secret, &text)), format!("server string to sign is:{text}"))
    } else {
        let signed = &claim.signed;
        let canonical =
            acs3_canonical_request(&head.method, &head.target, &head.headers, signed, body);
        let text = acs3_string_to_sign(&canonical);
        // The header may lie about the body; the canonical request is built from the body itself.
        let hash = canonical.rsplit('\n').next().unwrap_or_default();
        let honest = head.get("x-acs-content-sha256") == Some(hash);
        let right = honest.then(|| acs3_signature(secret, &text));
        (right, format!("server canonical request is:{canonical} server string to sign is:{text}"))
    };
    if right.as_deref() == Some(claim.signature) {
        return Ok(());
    }
    let message = format!("Specified signature is not matched with our calculation. {message}");
    Err(bad("SignatureDoesNotMatch", message))
}

/// The server can do without content-md5, but not with a wrong one.
fn digest(head: &Head, body: &[u8]) -> Result<(), Refusal> {
    use base64::Engine;
    use md5::Digest;
    let right = base64::engine::general_purpose::STANDARD.encode(md5::Md5::digest(body));
    match head.get("content-md5") {
        Some(sent) if sent != right => {
            Err(bad("ContentMD5NotMatched", "Content-MD5 is not that of the body."))
        }
        _ => Ok(()),
    }
}
