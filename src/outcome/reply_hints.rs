//! What to do about what the service said.

use super::{LOOK_FIRST, Redaction};
use crate::api::SCALE_OUT_CLUSTER;
use crate::api::reply::Reply;

/// The hint for what a reply says.
pub fn hint(status: u16, reply: &Reply, redaction: &Redaction<'_>) -> Option<String> {
    let code = reply.code.as_deref().unwrap_or_default();
    let hint = match code {
        "SignatureDoesNotMatch" => mismatch(reply.message.as_deref()?, redaction.string_to_sign)?,
        "InvalidAccessKeyId.NotFound" | "InvalidAccessKeyId.Inactive" => {
            "the access key id is unknown or disabled: check it, and that the endpoint's site is its own"
        }
        "InvalidTimeStamp.Expired" | "InvalidTimeStamp.Format" => {
            "this machine's clock is more than 15 minutes off: set it"
        }
        "SignatureNonceUsed" => {
            "the service has seen this very request before: something on the way repeats requests"
        }
        _ if code.starts_with("Forbidden") => {
            let permission = SCALE_OUT_CLUSTER.permission;
            return Some(format!(
                "the account may not do this: grant it {permission} for this cluster"
            ));
        }
        _ if status == 429 || (code.starts_with("Throttling") && (400..500).contains(&status)) => {
            "too many requests; nothing was started: wait and send it again"
        }
        _ if (300..400).contains(&status) => "redirects are not followed: correct the endpoint",
        _ if (300..500).contains(&status) && status != 408 => return None,
        _ => LOOK_FIRST,
    };
    Some(hint.to_owned())
}

/// The server says what it would have signed: the same as we did, or not.
fn mismatch(message: &str, ours: &str) -> Option<&'static str> {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let (message, ours) = (squeezed(message), squeezed(ours));
    if message.contains(&ours) {
        return Some("the server signs the same text, so the access key secret is wrong");
    }
    let told = message.to_ascii_lowercase().contains("stringtosign");
    told.then_some(
        "the server signs another text: something on the way changed a header or the path",
    )
}
